//! The browser is killed at random moments, as a pulled battery would: whatever was
//! acknowledged is there afterwards. WebKitGTK keeps no profile, so it is not here.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use enduring_browser_tests::walk::{Stop, Walker};
use enduring_browser_tests::{Engine, Visit, run};

const ROUNDS: u32 = 10;

#[test]
fn chromium_keeps_what_was_acknowledged() {
    run(Engine::Chromium, "kill", nothing_acknowledged_is_lost);
}

#[test]
fn firefox_keeps_what_was_acknowledged() {
    run(Engine::Firefox, "kill", nothing_acknowledged_is_lost);
}

async fn nothing_acknowledged_is_lost(visit: &mut Visit) -> Result<()> {
    let walker = Walker::of(&visit.site.root, "community-acquired-pneumonia")?;
    let page = visit.page()?;
    page.go("#/").await?;
    walker.begin(&page).await?;
    walker.walk(&page, &Stop::CanPress("Save and go on")).await?;
    // A seed that a failure prints, so that the moments can be had again.
    let mut seed = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos() | 1;
    println!("seed {seed}");
    for round in 0..ROUNDS {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let page = visit.page()?;
        let moment = Duration::from_millis(u64::from(seed >> 22));
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
    }
    Ok(())
}
