//! The browser is killed at random moments, as a pulled battery would: whatever was
//! acknowledged is there afterwards. WebKitGTK keeps no profile, so it is not here.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use enduring_browser_tests::walk::{Aim, Stop, Walker};
use enduring_browser_tests::{Engine, Visit, run};
use serde_json::json;

const ROUNDS: u32 = 10;
/// The part that all rounds are in.
const POST_TEST: &str = "Post-test";

#[test]
fn chromium_keeps_what_was_acknowledged() {
    run(Engine::Chromium, "kill", nothing_acknowledged_is_lost);
}

#[test]
fn firefox_keeps_what_was_acknowledged() {
    run(Engine::Firefox, "kill", nothing_acknowledged_is_lost);
}

#[test]
fn chromium_resumes_at_the_bedside() {
    run(Engine::Chromium, "kill-bedside", the_patient_waits);
}

#[test]
fn firefox_resumes_at_the_bedside() {
    run(Engine::Firefox, "kill-bedside", the_patient_waits);
}

/// What stands on the monitor, what is under way, and how the patient looks.
const BEDSIDE: &str = r#"
    const text = (selector) => [...document.querySelectorAll(selector)].map((e) => e.innerText).join(" | ");
    const shown = [".monitor__time", ".monitor__values", ".presence", ".pending"].map(text);
    return shown[1] && !document.querySelector("[aria-busy=true],[data-saving]") ? shown : null;
"#;

/// Abandoned while the patient gets worse: after the kill the very same second.
async fn the_patient_waits(visit: &mut Visit) -> Result<()> {
    let walker = Walker::of(&visit.site.root, "anaphylaxis")?;
    let page = visit.page()?;
    page.go("#/").await?;
    walker.begin(&page).await?;
    walker.walk(&page, &Stop::CanPress("Wait")).await?;
    page.fill("Search actions", "Full monitor").await?;
    page.act("Full monitor: ECG, BP cuff every minute, oximeter (SpO2)").await?;
    page.fill("Wait for", "60").await?;
    loop {
        page.press("Wait").await?;
        page.until::<Vec<String>>(
            "rest",
            "return document.querySelector('[aria-busy=true],[data-saving]') ? null : []",
            json!([]),
        )
        .await?;
        if page.has("Blood pressure").await? && page.has("Low").await? {
            break;
        }
    }
    let before: Vec<String> = page.until("the bedside", BEDSIDE, json!([])).await?;
    visit.kill_and_reopen().await?;
    let page = visit.page()?;
    page.go("#/").await?;
    page.press("Continue").await?;
    page.at("play").await?;
    let after: Vec<String> = page.until("the bedside", BEDSIDE, json!([])).await?;
    ensure!(before == after, "expected the bedside as it was: {before:?}, found {after:?}");
    Ok(())
}

async fn nothing_acknowledged_is_lost(visit: &mut Visit) -> Result<()> {
    let mut walker = Walker::of(&visit.site.root, "community-acquired-pneumonia")?;
    let page = visit.page()?;
    page.go("#/").await?;
    walker.begin(&page).await?;
    walker.walk(&page, &Stop::Reads("The expert's way".to_owned())).await?;
    walker.step_once(&page).await?;
    // Past the practice after the case, whose items are checked one by one, to the post-test.
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    // Wrong answers keep to it: an attempt follows the other.
    walker.aim = Aim::Wrong;
    // A seed that a failure prints, so that the moments can be had again.
    let mut seed = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos() | 1;
    println!("seed {seed}");
    for round in 0..ROUNDS {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let page = visit.page()?;
        let moment = Duration::from_millis(u64::from(seed >> 23));
        // Answers go on until the moment of the kill: the kill falls into the middle of one.
        let _ = tokio::time::timeout(moment, async {
            loop {
                walker.step_once(&page).await?;
            }
            #[expect(unreachable_code, reason = "gives the block its type")]
            anyhow::Ok(())
        })
        .await;
        let acknowledged = page.saved().await?;
        visit.kill_and_reopen().await?;
        let page = visit.page()?;
        page.go("#/").await?;
        page.press("Continue").await?;
        page.at("play").await?;
        let kept = page.saved().await?;
        ensure!(kept >= acknowledged, "round {round}: expected at least {acknowledged} events, found {kept}");
        ensure!(!page.has("lost").await?, "round {round}: a loss was reported");
        ensure!(page.has(POST_TEST).await?, "round {round}: expected the post-test, found another step");
    }
    Ok(())
}
