//! Journeys to the real `enduring serve`: enrolled, played, sent, credited, and what can go wrong on the way.

use anyhow::{Context, Result, ensure};
use enduring_browser_tests::axe::look;
use enduring_browser_tests::lossy::Lossy;
use enduring_browser_tests::served::Provider;
use enduring_browser_tests::walk::{Stop, Walker};
use enduring_browser_tests::{Page, Visit, axe, journeys};
use serde_json::json;

journeys! {
    enrolled_played_sent_credited,
    a_reply_lost_after_the_commit_is_credited_once,
    a_person_rejects_it_and_approves_it_on_appeal,
    a_damaged_record_is_not_credited,
}

const KINDS: &str = "item-kinds";
const SOCIETY: &str = "Lakeshore Society of Hospital Medicine (fictional)";

/// Without the service worker there is no player where there is no network.
async fn installed(page: &Page) -> Result<()> {
    let script =
        "const done = arguments[arguments.length - 1]; navigator.serviceWorker.ready.then(() => done(true));";
    page.js_async::<bool>(script, json!([])).await.map(drop)
}

/// A signed record, its page being shown, played while `provider` is gone.
async fn played(page: &Page, walker: &Walker, provider: &mut Provider) -> Result<()> {
    walker.begin(page).await?;
    installed(page).await?;
    provider.kill();
    walker.walk(page, &Stop::Signed).await?;
    page.at("record").await
}

/// Waits for the receipt's words. A record that found no connection just before goes
/// again after a pause that may be as long as one wait here.
async fn credited(page: &Page, walker: &Walker) -> Result<()> {
    let words = "Its signed receipt is on this device";
    if page.reads(words).await.is_err() {
        page.reads(words).await?;
    }
    let found = page.heading().await?;
    ensure!(found == "Credited", "expected the heading \"Credited\", found {found:?}");
    let earned = earned(walker)?;
    let shown = listed(page).await?;
    ensure!(shown == earned, "expected the credits {earned:?}, found {shown:?}");
    Ok(())
}

/// What the page lists in its notice: credits, or why there are none.
async fn listed(page: &Page) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('main .notice li')].map((e) => e.innerText.replace(/\\s+/g, ' ').trim())";
    page.js(script, json!([])).await
}

/// The credits that the scripted learner claims: the least step of each that the profession can have.
fn earned(walker: &Walker) -> Result<Vec<String>> {
    let front = &walker.activity().front;
    let profession = front.professions.first().context("a profession")?;
    let credits = front.credits.iter().filter(|credit| credit.professions.contains(&profession.id));
    let earned: Vec<String> =
        credits.map(|credit| format!("{} {} ({})", credit.step, credit.name, credit.accreditor)).collect();
    ensure!(!earned.is_empty(), "expected an activity with credit");
    Ok(earned)
}

/// The ledger is sound, and has the record once and each of its credits once.
fn booked_once(provider: &Provider, walker: &Walker) -> Result<()> {
    provider.audit()?;
    for (kind, expected) in [("received", 1), ("credited", earned(walker)?.len())] {
        let found = provider.rows(kind)?;
        ensure!(found == expected, "expected {expected} rows {kind:?} in the ledger, found {found}");
    }
    Ok(())
}

/// Home counts the record that waits, and says where it is and by which day it has to be there.
async fn outbox(page: &Page, walker: &Walker, place: &str) -> Result<()> {
    page.reads("1 record is not yet credited").await?;
    page.reads(place).await?;
    let termination = &walker.activity().front.dates.termination;
    let (year, _) = termination.split_once('-').context("a date")?;
    let said = "return new RegExp('last day for credit [^;]*' + arguments[0]).test(document.querySelector('main .notice').innerText) || null";
    page.until::<bool>("the last day for credit", said, json!([year])).await.map(drop)
}

/// Enrolled by a link, played without a network, sent while the provider is gone for a
/// while, credited without a further press; receipt and certificates are there without
/// a network again.
async fn enrolled_played_sent_credited(visit: &mut Visit) -> Result<()> {
    let mut provider = Provider::open(visit, SOCIETY, "")?;
    let page = visit.page_at(&provider.url())?;
    let walker = Walker::of(&visit.site.root, KINDS)?;
    let link = provider.ticket("Robin Clinician")?;
    let route = link.strip_prefix(&format!("{}/", provider.url()));
    page.go(route.with_context(|| format!("expected a link to the player, found {link}"))?).await?;
    page.reads("Robin Clinician").await?;
    page.press("Link this device to your name").await?;
    page.reads("go with this enrolment").await?;
    played(&page, &walker, &mut provider).await?;
    page.reads("Your enrolment as Robin Clinician goes with it").await?;
    page.go("#/").await?;
    outbox(&page, &walker, "not sent").await?;
    page.web().back().await?;
    page.at("record").await?;
    page.press("Send to").await?;
    page.reads("There is no connection to 127.0.0.1").await?;
    page.go("#/").await?;
    outbox(&page, &walker, "On its way to 127.0.0.1").await?;
    ensure!(provider.rows("received")? == 0, "a record went through a server that is gone");
    page.web().back().await?;
    page.at("record").await?;
    provider.start()?;
    // As the browser says when a network is there again; without it, the next try is
    // half a minute away.
    page.js::<bool>("return window.dispatchEvent(new Event('online'))", json!([])).await?;
    credited(&page, &walker).await?;
    booked_once(&provider, &walker)?;
    ensure!(provider.rows("ticket_used")? == 1, "expected the ticket to be used");
    provider.kill();
    page.reload().await?;
    credited(&page, &walker).await?;
    let (_, pdf) = page.saves("Certificate (PDF)").await?;
    ensure!(pdf.starts_with("%PDF-"), "expected a PDF, found {:?}", pdf.get(..20));
    let (_, badge) = page.saves("Certificate for programs").await?;
    ensure!(badge.starts_with("eyJ"), "expected a JWT, found {badge:?}");
    page.go("#/").await?;
    ensure!(!page.has("not yet credited").await?, "home still counts it");
    page.go("#/transcript").await?;
    page.reads("Credited").await
}

/// Answers are lost after the ledger has the record. It goes again, gets the receipt of
/// the first time, and is in the ledger once.
async fn a_reply_lost_after_the_commit_is_credited_once(visit: &mut Visit) -> Result<()> {
    let provider = Provider::open(visit, SOCIETY, "")?;
    let lossy = Lossy::before(provider.address(), "POST /api/records ").await?;
    let page = visit.page_at(&lossy.url())?;
    let walker = Walker::of(&visit.site.root, KINDS)?;
    walker.begin(&page).await?;
    walker.walk(&page, &Stop::Signed).await?;
    page.at("record").await?;
    page.press("Send to").await?;
    page.reads("There is no connection to 127.0.0.1").await?;
    ensure!(lossy.lost() > 0, "expected an answer to be lost");
    booked_once(&provider, &walker)?;
    let heading = page.heading().await?;
    ensure!(heading == "Signed, not yet credited", "expected no credit without a receipt, found {heading:?}");
    let decided = provider.rows("decided")?;
    lossy.heal();
    page.press("Try now").await?;
    credited(&page, &walker).await?;
    booked_once(&provider, &walker)?;
    let again = provider.rows("decided")?;
    ensure!(again == decided, "expected {decided} decisions as before, found {again}");
    Ok(())
}

/// Where the policy sends learners without an enrolment to a person, the page says so
/// and why, and nothing looks like credit until that person, who rejects it at first, has
/// approved it at the desk because the learner asked for another look.
async fn a_person_rejects_it_and_approves_it_on_appeal(visit: &mut Visit) -> Result<()> {
    let provider = Provider::open(visit, SOCIETY, "self_identified = \"review\"\n")?;
    let page = visit.page_at(&provider.url())?;
    let walker = Walker::of(&visit.site.root, KINDS)?;
    walker.begin(&page).await?;
    walker.walk(&page, &Stop::Signed).await?;
    page.at("record").await?;
    page.press("Send to").await?;
    page.reads("has your record. A person will look at it.").await?;
    let heading = page.heading().await?;
    ensure!(heading == "Received, not yet credited", "expected no credit yet, found {heading:?}");
    let reasons = listed(&page).await?;
    ensure!(reasons.len() == 1, "expected one reason, found {reasons:?}");
    ensure!(!page.has("Certificate").await?, "a certificate is offered");
    provider.audit()?;
    ensure!(provider.rows("received")? == 1 && provider.rows("credited")? == 0, "expected no credit");
    page.go("#/").await?;
    page.reads("1 record is not yet credited").await?;
    page.reads("a person will look at it").await?;
    page.go("#/transcript").await?;
    page.reads("a person will look at it").await?;
    let record = rejected(visit, &page, &provider).await?;
    page.go("#/transcript").await?;
    page.reads("Not credited; see why").await?;
    page.press(&walker.activity().title).await?;
    page.at("record").await?;
    page.reads("Please call us.").await?;
    page.press("Ask for another look").await?;
    page.reads("has your record. A person will look at it.").await?;
    page.web().goto(format!("{}{record}", provider.url())).await?;
    page.reads("The learner asks that a person look at the decision again").await?;
    page.reads("Not credited").await?;
    page.press("Approve").await?;
    page.reads("Reverse").await?;
    page.go("#/transcript").await?;
    page.reads("Credited").await?;
    page.press(&walker.activity().title).await?;
    page.at("record").await?;
    credited(&page, &walker).await?;
    booked_once(&provider, &walker)
}

/// Rejects the one record that waits, with a look at every page of the desk on the way, and gives its address.
async fn rejected(visit: &Visit, page: &Page, provider: &Provider) -> Result<String> {
    const PASSWORD: &str = "a long pass phrase of the tests";
    provider.staff("rex", PASSWORD)?;
    let desk = |path: &str| format!("{}/desk{path}", provider.url());
    page.web().goto(desk("")).await?;
    page.reads("For staff of").await?;
    look(visit, page, "desk-sign-in").await?;
    page.fill("Name", "rex").await?;
    page.fill("Password", PASSWORD).await?;
    page.press("Sign in").await?;
    page.reads("Waiting for review").await?;
    let link =
        "return document.querySelector('main a[href^=\"/desk/records/\"]')?.getAttribute('href') ?? null";
    page.web().goto(desk("/queue")).await?;
    let record: String = page.until("a record that waits", link, json!([])).await?;
    look(visit, page, "desk-queue").await?;
    page.web().goto(format!("{}{record}", provider.url())).await?;
    page.reads("What to look at").await?;
    look(visit, page, "desk-record").await?;
    let activity = format!("/activities/{KINDS}");
    let paths =
        ["", "/search", &activity, "/enrol", "/downloads", "/staff", "/audit", "/password", "/activities"];
    for path in paths {
        page.web().goto(desk(path)).await?;
        let found = axe::violations(page).await?;
        ensure!(found.is_empty(), "/desk{path}: {}", found.join("\n"));
    }
    page.web().goto(format!("{}{record}", provider.url())).await?;
    page.fill("Reason for rejecting", "Please call us.").await?;
    page.press("Reject").await?;
    page.reads("by rex").await?;
    Ok(record)
}

/// Changes one character of the record's signature where the device keeps it.
async fn damage(page: &Page) -> Result<()> {
    let script = r#"
        const done = arguments[arguments.length - 1];
        const open = indexedDB.open("enduring-journal");
        open.onsuccess = () => {
          const change = open.result.transaction("records", "readwrite");
          change.objectStore("records").openCursor().onsuccess = ({ target: { result: cursor } }) => {
            const bundle = JSON.parse(cursor.value);
            const at = bundle.record.lastIndexOf(".") + 1;
            const other = bundle.record[at] === "A" ? "B" : "A";
            bundle.record = bundle.record.slice(0, at) + other + bundle.record.slice(at + 1);
            cursor.update(JSON.stringify(bundle));
          };
          change.oncomplete = () => { open.result.close(); done(true); };
          change.onabort = () => { open.result.close(); done(false); };
        };
    "#;
    ensure!(page.js_async::<bool>(script, json!([])).await?, "expected the record to be changed");
    Ok(())
}

/// A record that is not what was signed any more is refused; the page says so and why,
/// and the ledger has nothing of it.
async fn a_damaged_record_is_not_credited(visit: &mut Visit) -> Result<()> {
    let provider = Provider::open(visit, SOCIETY, "")?;
    let page = visit.page_at(&provider.url())?;
    let walker = Walker::of(&visit.site.root, KINDS)?;
    walker.begin(&page).await?;
    walker.walk(&page, &Stop::Signed).await?;
    page.at("record").await?;
    damage(&page).await?;
    page.press("Send to").await?;
    page.reads("has your record and gives no credit for it").await?;
    let heading = page.heading().await?;
    ensure!(heading == "Not credited", "expected the heading \"Not credited\", found {heading:?}");
    let reasons = listed(&page).await?;
    ensure!(reasons.iter().any(|why| why.contains("signature")), "expected the signature, found {reasons:?}");
    ensure!(provider.rows("received")? == 0 && provider.rows("credited")? == 0, "expected nothing of it");
    page.go("#/").await?;
    page.reads("1 record is not yet credited").await?;
    page.reads("Not credited; see why").await
}
