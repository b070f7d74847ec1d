//! Whole-user journeys, each in three engines.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use enduring_browser_tests::axe::look;
use enduring_browser_tests::walk::{Stop, Walker};
use enduring_browser_tests::{Page, Visit, journeys, mishap};
use serde_json::json;
use thirtyfour::Key;
use xtask::serve::{Fault, Request};

const PNEUMONIA: &str = "community-acquired-pneumonia";
const KINDS: &str = "item-kinds";
const ANAPHYLAXIS: &str = "anaphylaxis";

journeys! {
    first_visit,
    what_plays_is_waited_for,
    what_could_not_be_fetched_is_fetched_again,
    second_visit_makes_no_request,
    offline_to_a_credited_record,
    expert_at_the_bedside,
    every_kind_of_question,
    resumes_at_the_question,
    a_long_session_is_read_whole,
    left_in_the_middle_of_an_answer,
    two_tabs_write_one_log,
    update_waits_for_the_end_of_the_session,
    changed_file_is_refused,
    changed_signature_is_refused,
    keyboard_alone,
    keyboard_alone_at_the_bedside,
    time_runs_only_while_it_is_seen,
    panic_leaves_the_work,
    a_loss_is_told_before_anything_goes_on,
    what_is_written_is_kept_when_the_page_is_left,
    what_is_not_saved_is_told_while_another_session_is_open,
    a_page_in_between_takes_nothing_away,
    nothing_leaves_the_site,
}

/// What brings the second part of the player, which its first page does without.
fn of_the_rest(request: &Request, fault: Fault) -> Option<Fault> {
    request.path.contains("-late-").then_some(fault)
}

/// On a slow line an activity is there before what plays it. The press is kept, and however often it is
/// pressed, one session begins.
async fn what_plays_is_waited_for(visit: &mut Visit) -> Result<()> {
    let page = visit.page()?;
    visit.site.server.inject(|request| of_the_rest(request, Fault::Delay(Duration::from_secs(3))));
    page.go("#/activity/item-kinds/1.0.0").await?;
    page.press("Begin").await?;
    let presses = r#"
        const button = [...document.querySelectorAll("main button")].find((e) => e.innerText.trim() === "Begin");
        button.click();
        button.click();
        return button.getAttribute("aria-disabled") ?? String(button.disabled);
    "#;
    let busy: String = page.js(presses, json!([])).await?;
    ensure!(busy == "true", "expected a button that takes no press while it begins, found {busy}");
    page.at("play").await?;
    page.go("#/").await?;
    let sessions: u32 = page
        .js("return document.querySelectorAll('.home__card, .home__others > li').length", json!([]))
        .await?;
    ensure!(sessions == 1, "expected one session, found {sessions}");
    let asked = |file: &str| visit.site.server.requests().iter().any(|request| request.path.ends_with(file));
    ensure!(
        asked("/activity.bin") && !asked("/activity.json"),
        "expected the model to be fetched once, in the form that is played"
    );
    Ok(())
}

/// A page whose part of the player does not come says so, and comes when the server is back.
async fn what_could_not_be_fetched_is_fetched_again(visit: &mut Visit) -> Result<()> {
    let page = visit.page()?;
    visit.site.server.inject(|request| of_the_rest(request, Fault::Status(503)));
    page.go("#/transcript").await?;
    page.reads("A part of Enduring could not be fetched").await?;
    look(visit, &page, "part-away").await?;
    visit.site.server.inject(|_| None);
    page.press("Try again").await?;
    page.reads("Providers without a server give receipts").await?;
    page.at("transcript").await
}

async fn begun(visit: &Visit, activity: &str) -> Result<(Page, Walker)> {
    let page = visit.page()?;
    let walker = Walker::of(&visit.site.root, activity)?;
    page.go("#/").await?;
    walker.begin(&page).await?;
    Ok((page, walker))
}

/// The player can only be gone without a network once its worker has everything.
async fn installed(page: &Page) -> Result<()> {
    let script =
        "const done = arguments[arguments.length - 1]; navigator.serviceWorker.ready.then(() => done(true));";
    page.js_async::<bool>(script, json!([])).await.map(drop)
}

/// The empty home says how to get an activity, and the library has some. What is not there is called so.
async fn first_visit(visit: &mut Visit) -> Result<()> {
    let page = visit.page()?;
    page.go("#/").await?;
    page.at("home").await?;
    let requests = visit.site.server.requests();
    let asked = requests.iter().filter(|request| request.path.ends_with("_bg.wasm")).count();
    ensure!(asked == 1, "expected the wasm to be asked for once, found {asked} times");
    page.go("#/library").await?;
    page.reads("Community-acquired pneumonia").await?;
    page.press("Community-acquired pneumonia").await?;
    page.at("activity").await?;
    page.reads("Sample, not accredited").await?;
    for (address, heading) in [
        ("#/nowhere", "No such page"),
        ("#/activity/nothing/1.0.0", "Activity not available"),
        ("#/play/00000000000000000000000000000000", "Session not on this device"),
        ("#/record/00000000000000000000000000000000", "Record cannot be shown"),
    ] {
        page.go(address).await?;
        let found = page.heading().await?;
        ensure!(found == heading, "{address}: expected the heading {heading:?}, found {found:?}");
    }
    Ok(())
}

/// Nothing is asked of the network a second time but the worker's own script.
async fn second_visit_makes_no_request(visit: &mut Visit) -> Result<()> {
    let page = visit.page()?;
    page.go("#/").await?;
    installed(&page).await?;
    page.reload().await?;
    page.reload().await?;
    visit.site.server.forget_requests();
    page.web().goto("about:blank").await?;
    page.go("#/").await?;
    let asked: Vec<String> =
        visit.site.server.requests().iter().map(|request| request.path.clone()).collect();
    let own: Vec<&String> = asked.iter().filter(|path| *path != "/sw.js").collect();
    ensure!(own.is_empty(), "expected no request but /sw.js, found {own:?}");
    Ok(())
}

/// The whole pneumonia activity with the server's process ended, to a record that
/// `enduring verify` credits. The debrief of its case is read again from the part after
/// it, and from the record; while the case is at hand, nothing of it can be.
async fn offline_to_a_credited_record(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    installed(&page).await?;
    visit.site.server.stop();
    walker.walk(&page, &Stop::CanPress("Decide")).await?;
    let at_work = page.js::<String>("return location.hash", json!([])).await?;
    page.go(&format!("{}/case", at_work.replace("play", "record"))).await?;
    page.reads("not stored in this browser").await?;
    page.go(&at_work).await?;
    walker.walk(&page, &Stop::Reads("The expert's way".to_owned())).await?;
    let debrief: String = page.js(WHOLE, json!([])).await?;
    walker.step_once(&page).await?;
    page.press("Step 4 of").await?;
    page.press("Case").await?;
    case_once_more(&page, &debrief, "Back to the activity", "play").await?;
    walker.walk(&page, &Stop::Signed).await?;
    page.press("Case: the debrief").await?;
    case_once_more(&page, &debrief, "Back to the record", "record").await?;
    page.reads("Signed, not yet credited").await?;
    page.reads("8 of 8 right").await?;
    let verified = saved_and_verified(visit, &page).await?;
    ensure!(verified.contains("\"decision\":\"credit\""), "{verified}");
    page.go("#/transcript").await?;
    page.reads("Community-acquired pneumonia").await
}

/// All words of a scene, those that are folded too.
const WHOLE: &str = "return document.querySelector('.scene__body').textContent";

/// A case's debrief, finished and read again: word for word as it was, nothing that goes
/// on from there, and the way back.
async fn case_once_more(page: &Page, debrief: &str, back: &str, to: &str) -> Result<()> {
    page.at("look-back").await?;
    let shown: String = page.js(WHOLE, json!([])).await?;
    ensure!(shown == debrief, "expected the debrief as it was, {debrief:?}, found {shown:?}");
    let title = "return document.activeElement === document.querySelector('h1')";
    ensure!(page.js::<bool>(title, json!([])).await?, "expected the focus on the title");
    nothing_goes_on(page).await?;
    page.press(back).await?;
    page.at(to).await
}

async fn nothing_goes_on(page: &Page) -> Result<()> {
    let changing = "return document.querySelector('.bottom-bar') === null";
    ensure!(page.js::<bool>(changing, json!([])).await?, "expected nothing that goes on or begins again");
    Ok(())
}

/// A simulated patient with the server's process ended, as the expert does it, to a
/// record that `enduring verify` replays to the same rubric and credits. The debrief is
/// read again from the part after it, and from the record.
async fn expert_at_the_bedside(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, ANAPHYLAXIS).await?;
    installed(&page).await?;
    visit.site.server.stop();
    walker.walk(&page, &Stop::Reads("Looking back".to_owned())).await?;
    page.reads("32 of 32 points").await?;
    walker.step_once(&page).await?;
    page.press("Step 4 of").await?;
    let focus = "[...document.querySelectorAll('.rail a')].find((a) => a.innerText === 'The patient').focus(); return true";
    page.js::<bool>(focus, json!([])).await?;
    page.key(Key::Enter).await?;
    debrief_once_more(&page, "Back to the activity", "play").await?;
    walker.walk(&page, &Stop::Signed).await?;
    page.press("The patient: the debrief").await?;
    debrief_once_more(&page, "Back to the record", "record").await?;
    let verified = saved_and_verified(visit, &page).await?;
    ensure!(verified.contains("\"decision\":\"credit\""), "{verified}");
    Ok(())
}

/// The expert's debrief, finished and read again: the same words, no way to change what
/// was, a step taken another way beside it, and the way back.
async fn debrief_once_more(page: &Page, back: &str, to: &str) -> Result<()> {
    page.at("look-back").await?;
    page.reads("32 of 32 points").await?;
    page.reads("What decided most").await?;
    page.reads("The course of vital signs").await?;
    let focused: String = page.js("return document.activeElement?.innerText ?? ''", json!([])).await?;
    ensure!(focused == "Looking back", "expected the focus on the title, found it on {focused:?}");
    nothing_goes_on(page).await?;
    page.press("Try another way from a step").await?;
    page.press("0:").await?;
    page.reads("Nothing is saved or counted").await?;
    page.press("Back to the debrief").await?;
    page.reads("32 of 32 points").await?;
    page.press(back).await?;
    page.at(to).await
}

/// What `enduring verify` says of a folder with the file that *Save* gives.
async fn saved_and_verified(visit: &Visit, page: &Page) -> Result<String> {
    let (name, text) = page.saves("Save the record").await?;
    let folder = visit.folder.join("saved");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(&name), text).with_context(|| format!("writing {name:?}"))?;
    verify(visit, &folder)
}

fn verify(visit: &Visit, file: &std::path::Path) -> Result<String> {
    let deployment = std::fs::read_to_string(visit.site.root.join("deployment.json"))?;
    let deployment: serde_json::Value = serde_json::from_str(&deployment)?;
    let issuers = visit.folder.join("issuers.json");
    std::fs::write(&issuers, deployment["issuers"].to_string())?;
    // A walk takes seconds where a learner takes half an hour: effort is for people to judge.
    let policy = visit.folder.join("policy.toml");
    std::fs::write(&policy, "short = \"accept\"\nfast = \"accept\"\nover_active = \"accept\"\n")?;
    let output = Command::new(xtask::workspace::target().join("debug/enduring"))
        .arg("verify")
        .arg(file)
        .arg("--packs")
        .arg(visit.site.root.join("packs"))
        .arg("--issuers")
        .arg(&issuers)
        .arg("--policy")
        .arg(&policy)
        .arg("--json")
        .output()
        .context("running enduring verify")?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "expected exit code 0, found {}: {said}", output.status);
    Ok(said)
}

/// Every kind of item and of question can be answered, and is told why.
async fn every_kind_of_question(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, KINDS).await?;
    walker.walk(&page, &Stop::Signed).await
}

/// A reload comes back to the very question, from the home screen in one press.
async fn resumes_at_the_question(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    walker.answer(&page).await?;
    let first = walker.item(&page).await?.id.clone();
    page.press("Save and go on").await?;
    page.reads("Question 2 of 8").await?;
    let second = walker.item(&page).await?.id.clone();
    ensure!(first != second, "expected another item after {first}");
    page.reload().await?;
    page.reads("Question 2 of 8").await?;
    ensure!(walker.item(&page).await?.id == second, "expected {second} after a reload");
    page.go("#/").await?;
    page.press("Continue").await?;
    page.at("play").await?;
    page.reads("Question 2 of 8").await?;
    ensure!(walker.item(&page).await?.id == second, "expected {second} from the home screen");
    Ok(())
}

/// A session of more events than are read at once goes on where it was; one that is missing between them is told.
async fn a_long_session_is_read_whole(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    mishap::interrupted(&page, 600).await?;
    let before = page.saved().await?;
    page.go("#/").await?;
    page.press("Continue").await?;
    page.reads("Question 1 of 8").await?;
    // Coming back is an event of its own.
    let more = "return Number(document.documentElement.dataset.savedN) > arguments[0] || null";
    page.until::<bool>(&format!("more than {before} events"), more, json!([before])).await?;
    page.go("#/library").await?;
    mishap::lose_one_between(&page, 300).await?;
    page.go("#/").await?;
    page.press("Continue").await?;
    page.reads("damaged at event 300").await
}

/// A page that is left for another one, even while it writes, keeps nothing from the next:
/// neither from one that is opened by its address nor from the one behind the Back button.
async fn left_in_the_middle_of_an_answer(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    for back in [false, true, false, true] {
        walker.answer(&page).await?;
        let here = page.web().current_url().await?;
        let before = page.saved().await?;
        let leave = "[...document.querySelectorAll('button')].find((b) => b.innerText.trim() === 'Save and go on').click(); location.href = 'manifest.webmanifest'; return true";
        page.js::<bool>(leave, json!([])).await?;
        page.until::<bool>("another page", "return location.hash === '' || null", json!([])).await?;
        if back {
            page.web().back().await?;
        } else {
            page.web().goto(here.as_str()).await?;
        }
        page.at("play").await?;
        // Coming back is an event of its own, so this page reads and writes.
        let more = "return Number(document.documentElement.dataset.savedN) > arguments[0] || null";
        page.until::<bool>(&format!("more than {before} events"), more, json!([before])).await?;
        walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    }
    Ok(())
}

/// Two tabs on one session: one writes, the other reads along and can take over.
async fn two_tabs_write_one_log(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    let web = page.web().clone();
    let first = web.window().await?;
    let here = web.current_url().await?;
    let second = web.new_tab().await?;
    web.switch_to_window(second.clone()).await?;
    web.goto(here.as_str()).await?;
    page.ready().await?;
    page.reads("another tab").await?;
    web.switch_to_window(first.clone()).await?;
    walker.answer(&page).await?;
    page.press("Save and go on").await?;
    page.reads("Question 2 of 8").await?;
    web.switch_to_window(second).await?;
    page.reads("Question 2 of 8").await?;
    page.press("Take over here").await?;
    // Until this tab has taken over, nothing can be picked here.
    let taken = "return document.querySelector('.play__along') ? null : true";
    page.until::<bool>("this tab to take over", taken, json!([])).await?;
    walker.answer(&page).await?;
    page.press("Save and go on").await?;
    page.reads("Question 3 of 8").await?;
    web.switch_to_window(first).await?;
    page.reads("Question 3 of 8").await
}

/// A new version waits while a session is open, and is offered between sessions.
async fn update_waits_for_the_end_of_the_session(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    installed(&page).await?;
    page.reload().await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    mishap::new_version(&visit.site, &page).await?;
    walker.answer(&page).await?;
    page.press("Save and go on").await?;
    page.reads("Question 2 of 8").await?;
    ensure!(!page.has("Update ready").await?, "an update was offered during a session");
    page.go("#/").await?;
    page.reads("Update ready").await?;
    page.press("Update").await?;
    page.ready().await?;
    page.at("home").await?;
    page.press("Continue").await?;
    page.reads("Question 2 of 8").await
}

/// A file that is not the one that was signed is named; nothing is stored.
async fn changed_file_is_refused(visit: &mut Visit) -> Result<()> {
    mishap::changed(&visit.site, PNEUMONIA, "media/chest.svg")?;
    refused(visit, "media/chest.svg").await
}

/// A manifest whose signature is another's is refused.
async fn changed_signature_is_refused(visit: &mut Visit) -> Result<()> {
    mishap::changed(&visit.site, PNEUMONIA, "manifest.jws")?;
    refused(visit, "signature").await
}

async fn refused(visit: &mut Visit, words: &str) -> Result<()> {
    let page = visit.page()?;
    page.go("#/library").await?;
    page.press("Community-acquired pneumonia").await?;
    page.at("activity").await?;
    page.press("Get this activity").await?;
    page.reads(words).await?;
    page.reads("Nothing was stored").await
}

/// From home to the first step of an activity by Tab, the arrows, Enter and the space bar.
async fn begun_by_keyboard(visit: &Visit, activity: &str) -> Result<(Page, Walker)> {
    let page = visit.page()?.by_keyboard();
    let walker = Walker::of(&visit.site.root, activity)?;
    page.go("#/").await?;
    page.press("Library").await?;
    page.at("library").await?;
    page.press(&walker.activity().title).await?;
    page.at("activity").await?;
    page.press("Begin").await?;
    page.at("play").await?;
    Ok((page, walker))
}

async fn focus_is_on(page: &Page, heading: &str) -> Result<()> {
    let script = "return document.activeElement?.innerText === arguments[0] || null";
    page.until::<bool>(&format!("the focus on {heading:?}"), script, json!([heading])).await.map(drop)
}

/// From home to a signed record with the keyboard alone; a letter picks an option.
async fn keyboard_alone(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun_by_keyboard(visit, KINDS).await?;
    walker.walk(&page, &Stop::CanPress("Check")).await?;
    let question: String = page.heading().await?;
    focus_is_on(&page, &question).await?;
    page.web().action_chain().send_keys("b").perform().await?;
    let second = "return document.querySelectorAll('.choice__control')[1]?.checked || null";
    page.until::<bool>("the second option picked", second, json!([])).await?;
    walker.walk(&page, &Stop::Signed).await?;
    page.at("record").await
}

/// From home through the expert's encounter to its debrief without a pointer: searching,
/// acting, doses, waiting.
async fn keyboard_alone_at_the_bedside(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun_by_keyboard(visit, ANAPHYLAXIS).await?;
    walker.walk(&page, &Stop::Reads("Under way".to_owned())).await?;
    focus_is_on(&page, "What happened").await?;
    walker.walk(&page, &Stop::Reads("Looking back".to_owned())).await?;
    page.reads("32 of 32 points").await
}

/// Time that runs goes on by itself, in strides that are saved, and stands still again
/// once it is set so.
async fn time_runs_only_while_it_is_seen(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, ANAPHYLAXIS).await?;
    walker.walk(&page, &Stop::CanPress("Wait")).await?;
    let saved = page.saved().await?;
    page.fill("Time", "4").await?;
    let passed = "const [m, s] = document.querySelector('.monitor__time span').innerText.split(':').map(Number); return m * 60 + s > 10 || null";
    page.until::<bool>("two strides of time", passed, json!([])).await?;
    page.fill("Time", "").await?;
    let strides = "return Number(document.documentElement.dataset.savedN) >= arguments[0] || null";
    page.until::<bool>("every stride to be saved", strides, json!([saved + 2])).await?;
    // The page that is away: no stride comes from it.
    page.fill("Time", "4").await?;
    let away = "Object.defineProperty(document, 'hidden', { value: true, configurable: true }); return true";
    page.js::<bool>(away, json!([])).await?;
    let hidden = page.saved().await?;
    // As long as three strides would take, by the page's own clock.
    let wait = "const done = arguments[arguments.length - 1]; setTimeout(() => done(true), 7500);";
    page.js_async::<bool>(wait, json!([])).await?;
    let after = page.saved().await?;
    ensure!(
        after <= hidden + 1,
        "expected time to stand still while the page is hidden, {hidden} events became {after}"
    );
    Ok(())
}

/// A fault of the player's own shows the overlay; reloading comes back.
async fn panic_leaves_the_work(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    walker.answer(&page).await?;
    page.press("Save and go on").await?;
    page.reads("Question 2 of 8").await?;
    page.js::<bool>("location.hash = '#/debug/panic'; return true", json!([])).await?;
    page.until::<bool>("the overlay", "return document.querySelector('#crash')?.open || null", json!([]))
        .await?;
    page.reads("Something went wrong in Enduring").await?;
    page.web().goto("about:blank").await?;
    page.go("#/").await?;
    page.press("Continue").await?;
    page.reads("Question 2 of 8").await
}

/// The browser lost the last event: a page that opens at the session says so, and nothing is
/// added to what is left before that was read.
async fn a_loss_is_told_before_anything_goes_on(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    let before = page.saved().await?;
    let here: String = page.js("return location.hash", json!([])).await?;
    let kept = mishap::lose_event(&page, before).await?;
    page.web().goto("about:blank").await?;
    page.go(&here).await?;
    page.reads("lost by this browser").await?;
    let found = mishap::events(&page).await?;
    ensure!(found == kept, "expected {kept} events as they were left, found {found}");
    page.press("Understood").await?;
    page.reads("Step 2 of").await?;
    page.web().goto("about:blank").await?;
    page.go(&here).await?;
    page.reads("Step 2 of").await
}

/// Words that were typed a moment before are there again, whatever the learner does next.
async fn what_is_written_is_kept_when_the_page_is_left(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, KINDS).await?;
    walker.walk(&page, &Stop::CanPress("Finish the evaluation")).await?;
    let write = "const t = document.querySelector('textarea'); t.scrollIntoView(); t.focus(); return true";
    page.js::<bool>(write, json!([])).await?;
    page.web().active_element().await?.send_keys("Half a thought").await?;
    // At once, before any pause.
    page.js::<bool>("location.hash = '#/'; return true", json!([])).await?;
    page.at("home").await?;
    page.press("Continue").await?;
    page.at("play").await?;
    page.until::<bool>(
        "the words",
        "return document.querySelector('textarea')?.value === 'Half a thought' || null",
        json!([]),
    )
    .await
    .map(drop)
}

/// Goes to a hash route in the page that is there, which keeps what it has in its memory.
async fn turn(page: &Page, hash: &str, route: &str) -> Result<()> {
    page.js::<bool>("location.hash = arguments[0]; return true", json!([hash])).await?;
    page.at(route).await
}

/// An answer that found no room waits, and home says so, also after another session was open; once there is room, it
/// is saved where the learner goes back to it.
async fn what_is_not_saved_is_told_while_another_session_is_open(visit: &mut Visit) -> Result<()> {
    let (page, _) = begun(visit, KINDS).await?;
    let other: String = page.js("return location.hash", json!([])).await?;
    let walker = Walker::of(&visit.site.root, PNEUMONIA)?;
    walker.begin(&page).await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    walker.answer(&page).await?;
    mishap::no_room(&page).await?;
    page.press("Save and go on").await?;
    page.reads("Not saved: storage is full").await?;
    mishap::room(&page).await?;
    turn(&page, &other, "play").await?;
    page.reads("This was shown to me").await?;
    turn(&page, "#/", "home").await?;
    page.reads("Your latest answer in “Community-acquired pneumonia").await?;
    page.press("Go to that answer").await?;
    page.reads("Answer saved.").await?;
    let saved = "return document.documentElement.dataset.saving === undefined || null";
    page.until::<bool>("all to be saved", saved, json!([])).await?;
    turn(&page, "#/", "home").await?;
    ensure!(!page.has("is not saved yet").await?, "what was saved is still said to be unsaved");
    Ok(())
}

/// What a host answers in the place of the list of providers, or of activities, does not take the place of what is
/// known: without a network the library is as it was.
async fn a_page_in_between_takes_nothing_away(visit: &mut Visit) -> Result<()> {
    let page = visit.page()?;
    page.go("#/library").await?;
    page.reads("Community-acquired pneumonia").await?;
    installed(&page).await?;
    for file in ["/deployment.json", "/catalogue.jws"] {
        visit.site.server.inject(move |request| {
            let body = b"<!DOCTYPE html><title>Back at noon</title>".to_vec();
            (request.path == file).then_some(Fault::Instead { media_type: "text/html", body })
        });
        page.reload().await?;
        page.reads("The list could not be refreshed").await?;
    }
    visit.site.server.stop();
    page.reload().await?;
    page.reads("The list could not be refreshed").await?;
    page.reads("Community-acquired pneumonia").await
}

/// Everything that the pages load comes from the site itself.
async fn nothing_leaves_the_site(visit: &mut Visit) -> Result<()> {
    let (page, walker) = begun(visit, PNEUMONIA).await?;
    walker.walk(&page, &Stop::CanPress("Decide")).await?;
    let foreign: Vec<String> = page
        .js("return performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.startsWith(location.origin) && !n.startsWith('blob:'))", json!([]))
        .await?;
    ensure!(foreign.is_empty(), "expected requests of the site only, found {foreign:?}");
    Ok(())
}
