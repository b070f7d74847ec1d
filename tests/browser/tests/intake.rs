//! Journeys to a provider and back: records checked by oneself, records on their way,
//! receipts, enrolments, notices.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use enduring_browser_tests::axe::look;
use enduring_browser_tests::provider::{Signer, archive, deploy, drop_files, lay, pick};
use enduring_browser_tests::walk::{Stop, Walker};
use enduring_browser_tests::{Page, Visit, journeys};
use enduring_core::id::{ActivityId, Digest, LearnerRef, NoticeId, TicketId};
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Bundle, Compact, CreditEarned, NOTICE_FORMAT, NOTICE_TYP, Notice, NoticeKind, Payload, RECEIPT_FORMAT,
    RECEIPT_TYP, RECORD_TYP, Receipt, RecordRef, Standing, TICKET_FORMAT, TICKET_TYP, Ticket,
};
use serde_json::{Value, json};
use xtask::serve::Fault;

journeys! {
    records_are_checked_without_a_server,
    a_record_waits_for_its_provider,
    a_receipt_comes_as_a_file,
    a_late_answer_takes_no_receipt_away,
    an_enrolment_is_used_by_its_link,
    a_notice_stands_over_the_step,
}

const KINDS: &str = "item-kinds";
const PROVIDER: &str = "Lakeshore Society of Hospital Medicine (fictional)";

fn now() -> Result<Timestamp> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(Timestamp(i64::try_from(since.as_millis())?))
}

/// The page gives the verdict of `enduring verify --json`, check by check, before and
/// after it is given the pack. Nothing is stored, and nothing leaves.
async fn records_are_checked_without_a_server(visit: &mut Visit) -> Result<()> {
    let vectors = xtask::workspace::root().join("tests/vectors");
    let issuers: Value = serde_json::from_str(&std::fs::read_to_string(vectors.join("issuers.json"))?)?;
    deploy(&visit.site, |deployment| deployment["issuers"] = issuers)?;
    let cases = [
        "valid/self-identified",
        "valid/two-credits",
        "policy/short",
        "invalid/signature-flipped",
        "invalid/log-edited",
        "invalid/score-right",
        "invalid/bundle-cut",
    ];
    let mut names = Vec::new();
    for case in cases {
        let name = format!("{}.enduring-record.json", case.replace('/', "-"));
        let bytes = std::fs::read(vectors.join(case).join("record.enduring-record.json"))?;
        lay(&visit.site, &name, &bytes)?;
        std::fs::write(visit.folder.join(&name), &bytes)?;
        names.push(name);
    }
    for pack in ["vectors", "plain"] {
        let bytes = archive(&vectors.join("packs").join(pack).join("1.0.0"))?;
        lay(&visit.site, &format!("{pack}.enduring"), &bytes)?;
    }
    let page = visit.page()?;
    page.go("#/verify").await?;
    page.at("verify").await?;
    let given: Vec<&str> = names.iter().map(String::as_str).collect();
    visit.site.server.forget_requests();
    pick(&page, "Choose files", &given).await?;
    let without = verdicts(&page, names.len()).await?;
    ensure!(without == expected(visit, &names, None)?, "without the packs: {without:#?}");
    drop_files(&page, &["vectors.enduring", "plain.enduring"]).await?;
    page.reads("2 packs were read").await?;
    let with = verdicts(&page, names.len()).await?;
    ensure!(with == expected(visit, &names, Some(&vectors.join("packs")))?, "with the packs: {with:#?}");
    look(visit, &page, "verify").await?;
    ensure!(with != without, "the packs changed nothing");
    let asked = visit.site.server.requests();
    let sent: Vec<_> = asked.iter().filter(|request| request.method != "GET").collect();
    ensure!(sent.is_empty(), "expected that nothing is sent, found {sent:?}");
    page.go("#/transcript").await?;
    page.reads("None is signed yet").await
}

/// What the page says of each record: integrity, decision, and code and outcome of every check.
async fn verdicts(page: &Page, count: usize) -> Result<Value> {
    let script = r#"
        const all = [...document.querySelectorAll(".verdict__record")];
        if (all.length !== arguments[0] || document.querySelector("main [aria-disabled=true]")) return null;
        const said = (one, of, words) => words[one.querySelector(of).innerText.trim().split(/[ .]/)[0]];
        return all.map((one) => {
          const outcomes = { "Passed": "passed", "Failed": "failed", "For a person": "flagged", "Not needed": "skipped" };
          return {
            integrity: said(one, ".notice__title", { "Not": "invalid", "Signed,": "invalid", "This": "invalid", "Intact": "valid" }),
            decision: said(one, ".notice__text p",
              { "Nothing": "credit", "A": "review", "Whether": "review", "It": "reject", "Records": "reject" }),
            checks: [...one.querySelectorAll(".verdict__checks li")].map((check) =>
              [check.querySelector("code").textContent, outcomes[check.querySelector("strong").textContent]]),
          };
        });
    "#;
    page.until(&format!("{count} verdicts"), script, json!([count])).await
}

/// The same of the command.
fn expected(visit: &Visit, names: &[String], packs: Option<&std::path::Path>) -> Result<Value> {
    let none = visit.folder.join("no-packs");
    std::fs::create_dir_all(&none)?;
    let output = Command::new(xtask::workspace::target().join("debug/enduring"))
        .arg("verify")
        .args(names.iter().map(|name| visit.folder.join(name)))
        .arg("--packs")
        .arg(packs.unwrap_or(&none))
        .arg("--issuers")
        .arg(xtask::workspace::root().join("tests/vectors/issuers.json"))
        .arg("--json")
        .output()
        .context("running enduring verify")?;
    let text = String::from_utf8(output.stdout)?;
    let mut verdicts = Vec::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line)?;
        let checks = line["checks"].as_array().cloned().unwrap_or_default();
        let checks: Vec<Value> =
            checks.iter().map(|check| json!([check["code"], check["outcome"]])).collect();
        verdicts
            .push(json!({"integrity": line["integrity"], "decision": line["decision"], "checks": checks}));
    }
    ensure!(verdicts.len() == names.len(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    Ok(json!(verdicts))
}

/// A signed record, its page being shown.
async fn signed(visit: &Visit) -> Result<Page> {
    let page = visit.page()?;
    let walker = Walker::of(&visit.site.root, KINDS)?;
    walker.begin(&page).await?;
    walker.walk(&page, &Stop::Signed).await?;
    page.at("record").await?;
    Ok(page)
}

/// Nothing leaves before *Send*; after it, whatever stands in the provider's place, the
/// record is sent again until there is an outcome, and says where it is.
async fn a_record_waits_for_its_provider(visit: &mut Visit) -> Result<()> {
    deploy(&visit.site, |deployment| deployment["intakes"] = json!(["api/"]))?;
    let page = signed(visit).await?;
    let posted = |visit: &Visit| {
        let asked = visit.site.server.requests();
        asked.iter().filter(|request| request.method == "POST" && request.path == "/api/records").count()
    };
    page.reads("What goes there is this record").await?;
    ensure!(!page.has("Load a receipt").await?, "receipts as files are offered beside a server");
    ensure!(!page.has("/api").await?, "a raw address is shown");
    look(visit, &page, "send").await?;
    page.go("#/").await?;
    page.reads("last day for credit").await?;
    ensure!(posted(visit) == 0, "a record was sent before the learner said so");
    page.web().back().await?;
    page.at("record").await?;
    visit.site.server.inject(|request| {
        let body = b"<!DOCTYPE html><title>Sign in to this network</title>".to_vec();
        (request.path == "/api/records").then_some(Fault::Instead { media_type: "text/html", body })
    });
    page.press("Send to").await?;
    page.reads("What came was not a whole answer of").await?;
    ensure!(posted(visit) == 1, "expected one try, found {}", posted(visit));
    page.reads("It will be sent again automatically").await?;
    look(visit, &page, "on-its-way").await?;
    visit.site.server.inject(|request| (request.path == "/api/records").then_some(Fault::Status(500)));
    // From here on more than one: the page tries by itself too, 30 seconds after a try.
    let before = posted(visit);
    page.press("Try now").await?;
    until(|| posted(visit) > before).await?;
    page.reads("Not received yet").await?;
    visit.site.server.inject(|request| (request.path == "/api/records").then_some(Fault::CutAfter(3)));
    let before = posted(visit);
    page.press("Try now").await?;
    // Half an answer is no connection to Chromium, and a short answer to Firefox and WebKit.
    until(|| posted(visit) > before).await?;
    page.reads("Not received yet").await?;
    visit.site.server.stop();
    page.press("Try now").await?;
    page.reads("There is no connection to").await?;
    visit.site.server.restart()?;
    visit.site.server.inject(|request| (request.path == "/api/records").then_some(Fault::Status(503)));
    // A page that opens tries again what found no connection, without being asked.
    let before = posted(visit);
    page.reload().await?;
    until(|| posted(visit) > before).await?;
    page.reads("has too much to do").await?;
    page.go("#/").await?;
    page.reads("On its way to 127.0.0.1").await?;
    page.go("#/data").await?;
    page.reads("These records went to the places").await?;
    Ok(())
}

/// Waits for something outside of the page.
async fn until(there: impl Fn() -> bool) -> Result<()> {
    for _ in 0..3_000 {
        if there() {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    anyhow::bail!("expected it within 75 seconds")
}

/// The bundle of the one record on the device.
async fn bundle(page: &Page) -> Result<Bundle> {
    let script = r#"
        const done = arguments[arguments.length - 1];
        const open = indexedDB.open("enduring-journal");
        open.onsuccess = () => {
          const all = open.result.transaction("records").objectStore("records").getAll();
          all.onsuccess = () => { open.result.close(); done(all.result[0]); };
        };
    "#;
    let text: String = page.js_async(script, json!([])).await?;
    Ok(serde_json::from_str(&text)?)
}

fn receipt(bundle: &Bundle, standing: Standing) -> Result<Receipt> {
    let compact = Compact::parse(&bundle.record, RECORD_TYP)?;
    let payload: Payload = serde_json::from_slice(&compact.payload)?;
    let earned = payload.claims.iter().map(|claim| CreditEarned {
        credit: claim.credit.clone(),
        name: claim.name.clone(),
        accreditor: claim.accreditor.clone(),
        accreditor_activity: claim.accreditor_activity.clone(),
        amount: claim.amount,
    });
    Ok(Receipt {
        format: RECEIPT_FORMAT.to_owned(),
        record: RecordRef { kid: compact.kid, id: payload.id },
        activity: payload.activity.clone(),
        standing,
        credits: earned.collect(),
        completed: "2026-11-22".to_owned(),
        received: now()?,
        decided: now()?,
    })
}

/// A provider without a server gives receipts as files. Only the provider's own counts,
/// and only for the record that it names.
async fn a_receipt_comes_as_a_file(visit: &mut Visit) -> Result<()> {
    let page = signed(visit).await?;
    let bundle = bundle(&page).await?;
    let provider = Signer::sample()?;
    let good = receipt(&bundle, Standing::Credited)?;
    let of_another_key =
        Receipt { record: RecordRef { kid: Digest([9; 32]), ..good.record }, ..good.clone() };
    let changed = provider.sign(RECEIPT_TYP, &good.encode())?;
    let changed = {
        let (input, signature) = changed.rsplit_once('.').context("a signature")?;
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        format!("{input}.{first}{}", &signature[1..])
    };
    let files = [
        ("stranger.jws", Signer::stranger()?.sign(RECEIPT_TYP, &good.encode())?),
        ("changed.jws", changed),
        ("other.jws", provider.sign(RECEIPT_TYP, &of_another_key.encode())?),
        ("notice.jws", provider.sign(NOTICE_TYP, &good.encode())?),
        ("good.enduring-receipt.jws", provider.sign(RECEIPT_TYP, &good.encode())?),
        (
            "reversed.enduring-receipt.jws",
            provider.sign(RECEIPT_TYP, &receipt(&bundle, Standing::Reversed)?.encode())?,
        ),
    ];
    for (name, text) in &files {
        lay(&visit.site, name, text.as_bytes())?;
    }
    for (name, words) in [
        ("stranger.jws", "the key that signed it is not known here"),
        ("changed.jws", "the signature does not match"),
        ("other.jws", "it is of another record"),
        ("notice.jws", "it is not a document of that kind"),
    ] {
        pick(&page, "Load a receipt", &[name]).await?;
        page.reads(words).await?;
        ensure!(page.heading().await? == "Signed, not yet credited", "{name} was believed");
    }
    drop_files(&page, &["good.enduring-receipt.jws"]).await?;
    page.reads("Its signed receipt is on this device").await?;
    look(visit, &page, "credited").await?;
    page.reads("reports it where you consented").await?;
    page.reads("not told here").await?;
    let (name, kept) = page.saves("Save the receipt").await?;
    ensure!(name.ends_with(".enduring-receipt.jws") && kept == files[4].1, "{name}: {kept}");
    // It shows as credited wherever the record shows, also after the pack went.
    page.go("#/transcript").await?;
    page.reads("Credited").await?;
    page.go("#/").await?;
    ensure!(!page.has("not yet credited").await?, "home still counts it");
    page.go("#/transcript").await?;
    pick(&page, "Load a receipt", &["reversed.enduring-receipt.jws"]).await?;
    page.at("record").await?;
    page.reads("Credit taken back").await?;
    page.reads("Do not count it any more").await
}

/// The record is in review. While the provider is asked about it and is silent, its receipt comes as a file; what
/// becomes of the question takes nothing of that away.
async fn a_late_answer_takes_no_receipt_away(visit: &mut Visit) -> Result<()> {
    deploy(&visit.site, |deployment| deployment["intakes"] = json!(["api/"]))?;
    let page = signed(visit).await?;
    let bundle = bundle(&page).await?;
    let credited = receipt(&bundle, Standing::Credited)?;
    let signed = Signer::sample()?.sign(RECEIPT_TYP, &credited.encode())?;
    lay(&visit.site, "good.enduring-receipt.jws", signed.as_bytes())?;
    let review = json!({
        "format": "enduring-outcome/1", "record": credited.record, "standing": "review", "reasons": [],
        "receipt": null, "certificate": false,
    })
    .to_string();
    visit.site.server.inject(move |request| {
        let body = review.clone().into_bytes();
        match request.path.strip_prefix("/api/records")? {
            "" => Some(Fault::Instead { media_type: "application/json", body }),
            // And then there is nothing of the kind.
            _ => Some(Fault::Delay(Duration::from_secs(10))),
        }
    });
    page.press("Send to").await?;
    page.reads("A person will look at it").await?;
    page.reload().await?;
    let asked = |visit: &Visit| {
        visit.site.server.requests().iter().any(|request| request.path.starts_with("/api/records/"))
    };
    until(|| asked(visit)).await?;
    drop_files(&page, &["good.enduring-receipt.jws"]).await?;
    page.reads("Its signed receipt is on this device").await?;
    let tried = r#"
        const done = arguments[arguments.length - 1];
        const open = indexedDB.open("enduring-journal");
        open.onsuccess = () => {
          const all = open.result.transaction("activities").objectStore("activities").getAll();
          all.onsuccess = () => { open.result.close(); done(JSON.parse(all.result[0]).sending.tries); };
        };
    "#;
    let mut tries: u32 = 0;
    for _ in 0..400 {
        tries = page.js_async(tried, json!([])).await?;
        if tries > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    ensure!(tries == 1, "expected the question to have come to nothing once, found {tries} times");
    page.reload().await?;
    page.reads("Its signed receipt is on this device").await
}

/// An enrolment is checked without a network, used by a named act, told on the data
/// page, and can be removed.
async fn an_enrolment_is_used_by_its_link(visit: &mut Visit) -> Result<()> {
    let page = visit.page()?;
    page.go("#/library").await?;
    let provider = Signer::sample()?;
    let ticket = Ticket {
        format: TICKET_FORMAT.to_owned(),
        id: TicketId([3; 16]),
        learner: LearnerRef([4; 16]),
        name: "Robin Clinician".to_owned(),
        provider: PROVIDER.to_owned(),
        activity: None,
        issued: now()?,
        expires: Timestamp(now()?.0 + 30 * 86_400_000),
    };
    let link = |text: &str| format!("#/enrol/{text}");
    let good = provider.sign(TICKET_TYP, &ticket.encode())?;
    let late = Ticket { expires: Timestamp(now()?.0 - 1_000), ..ticket.clone() };
    for (text, words) in [
        (Signer::stranger()?.sign(TICKET_TYP, &ticket.encode())?, "the key that signed it is not known here"),
        (provider.sign(TICKET_TYP, &late.encode())?, "It had to be used for the first time by"),
        (provider.sign(RECEIPT_TYP, &ticket.encode())?, "This link is damaged or incomplete"),
        ("nothing".to_owned(), "This link is damaged or incomplete"),
    ] {
        page.go(&link(&text)).await?;
        page.reads("This enrolment cannot be used").await?;
        page.reads(words).await?;
    }
    page.go(&link(&good)).await?;
    page.reads("Robin Clinician").await?;
    look(visit, &page, "enrol").await?;
    page.press("Not now").await?;
    page.at("library").await?;
    page.go("#/data").await?;
    page.reads("None. A provider that enrols learners").await?;
    page.go(&link(&good)).await?;
    page.press("Link this device to your name").await?;
    page.reads("go with this enrolment").await?;
    page.go("#/data").await?;
    page.reads("As Robin Clinician").await?;
    page.press(&format!("Remove: {PROVIDER}")).await?;
    page.reads("None. A provider that enrols learners").await?;
    Ok(())
}

/// A notice of the provider stands over the step in progress until it was understood,
/// changes nothing of the session, and ends beginnings where it withdraws.
async fn a_notice_stands_over_the_step(visit: &mut Visit) -> Result<()> {
    deploy(&visit.site, |deployment| deployment["intakes"] = json!(["api/"]))?;
    let page = visit.page()?;
    let walker = Walker::of(&visit.site.root, KINDS)?;
    walker.begin(&page).await?;
    page.reads("This was shown to me").await?;
    let before = page.saved().await?;
    let notice = |id: u8, kind: NoticeKind, activity: &str, text: &str| -> Result<Notice> {
        Ok(Notice {
            format: NOTICE_FORMAT.to_owned(),
            id: NoticeId([id; 16]),
            kind,
            activity: ActivityId::new(activity).context("a name")?,
            packs: Vec::new(),
            text: text.to_owned(),
            issued: now()?,
        })
    };
    let safety = notice(1, NoticeKind::Safety, KINDS, "The dose in question 3 is ten times too high.")?;
    let withdrawn = notice(2, NoticeKind::Withdrawn, "anaphylaxis", "A new version follows.")?;
    let forged = notice(3, NoticeKind::Safety, KINDS, "Give twice as much.")?;
    let provider = Signer::sample()?;
    let list = json!({"notices": [
        Signer::stranger()?.sign(NOTICE_TYP, &forged.encode())?,
        provider.sign(NOTICE_TYP, &safety.encode())?,
        provider.sign(NOTICE_TYP, &withdrawn.encode())?,
    ]});
    std::fs::create_dir_all(visit.site.root.join("api"))?;
    std::fs::write(visit.site.root.join("api/notices"), list.to_string())?;
    visit.site.server.deploy(visit.site.root.clone());
    page.reload().await?;
    page.reads("Safety notice").await?;
    page.reads(&safety.text).await?;
    look(visit, &page, "notice").await?;
    // Coming back is an event of its own, in Firefox leaving is one too; the notice is none.
    let back =
        "const n = Number(document.documentElement.dataset.savedN); return n > arguments[0] ? n : null";
    let shown: u32 = page.until("the event of coming back", back, json!([before])).await?;
    page.press("Understood").await?;
    let closed = "return document.querySelector('dialog[open]') ? null : true";
    page.until::<bool>("the dialog to close", closed, json!([])).await?;
    let after = page.saved().await?;
    ensure!(after == shown, "expected {shown} events as before, found {after}");
    page.reload().await?;
    page.reads(&safety.text).await?;
    let open = "return document.querySelector('dialog[open]') !== null";
    ensure!(!page.js::<bool>(open, json!([])).await?, "a notice that was understood asks again");
    ensure!(!page.has(&forged.text).await?, "a notice of a stranger is shown");
    walker.walk(&page, &Stop::CanPress("Check")).await?;
    page.go("#/library").await?;
    let other = Walker::of(&visit.site.root, "anaphylaxis")?;
    page.press(&other.activity().title).await?;
    page.at("activity").await?;
    page.reads("can no longer be started").await?;
    look(visit, &page, "withdrawn").await?;
    let begins =
        "return [...document.querySelectorAll('button')].some((b) => b.innerText.trim().startsWith('Begin'))";
    ensure!(!page.js::<bool>(begins, json!([])).await?, "a withdrawn activity can be begun");
    Ok(())
}
