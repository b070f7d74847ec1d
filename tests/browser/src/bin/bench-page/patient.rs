//! What a simulated patient costs: the frames of its monitor by trace, and the memory of
//! the page's process.

use std::time::Duration;

use anyhow::Result;
use enduring_browser_tests::memory::Private;
use enduring_browser_tests::trace::{Frames, Trace};
use enduring_browser_tests::walk::{Stop, Walker};
use enduring_browser_tests::{Page, Visit, memory};
use serde_json::json;

use super::{REST, anew, median, throttle};

const ACTIVITY: &str = "anaphylaxis";
/// So often is everything measured.
const RUNS: usize = 5;
/// How long the monitor is watched.
const WATCHED: Duration = Duration::from_secs(6);
pub async fn measure(visit: &mut Visit) -> Result<()> {
    let walker = Walker::of(&visit.site.root, ACTIVITY)?;
    let page = anew(visit).await?;
    walker.begin(&page).await?;
    // The monitor is on, and something is under way.
    walker.walk(&page, &Stop::CanPress("Wait")).await?;
    walker.walk(&page, &Stop::Reads("Blood pressure".to_owned())).await?;
    private_memory(visit).await?;
    visit.traced = true;
    visit.close().await;
    for slower in [1, 4] {
        frames(visit, slower, "").await?;
        frames(visit, slower, "4").await?;
    }
    Ok(())
}

/// The memory of the page's process at rest on home, and in a patient.
async fn private_memory(visit: &mut Visit) -> Result<()> {
    let (mut home, mut bedside) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        visit.close().await;
        visit.open().await?;
        visit.resize(360, 740).await?;
        let page = visit.page()?;
        page.go("#/").await?;
        home.push(at_rest(visit, &page).await?);
        at_bedside(&page).await?;
        bedside.push(at_rest(visit, &page).await?);
    }
    for (what, budget, runs) in [("at rest on home", 30, home), ("in a patient", 45, bedside)] {
        let of = |figure: &dyn Fn(&Private) -> f64| median(&runs.iter().map(figure).collect::<Vec<_>>());
        let what = format!("private memory {what}, MB");
        println!("{what:<47} {:>9.1}  budget {budget}", of(&|private| private.whole));
        println!(
            "{:<47} {:>9.1}  of it written, the rest read from files",
            "",
            of(&|private| private.written)
        );
    }
    Ok(())
}

async fn at_rest(visit: &Visit, page: &Page) -> Result<Private> {
    tokio::time::sleep(REST).await;
    memory::private(memory::process(page, visit.driver()?).await?)
}

/// Back to the patient from home.
async fn at_bedside(page: &Page) -> Result<()> {
    page.press("Continue").await?;
    page.at("play").await?;
    page.reads("Blood pressure").await
}

/// The frames of a monitor: its time stands between turns, or runs at a speed.
async fn frames(visit: &mut Visit, slower: u32, speed: &str) -> Result<()> {
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        // A browser of its own, since its memory for traces fills up.
        visit.open().await?;
        visit.resize(360, 740).await?;
        let page = visit.page()?;
        page.go("#/").await?;
        at_bedside(&page).await?;
        throttle(visit, slower).await?;
        let process = memory::process(&page, visit.driver()?).await?;
        page.fill("Time", speed).await?;
        tokio::time::sleep(REST).await;
        mark(&page, "watched").await?;
        tokio::time::sleep(WATCHED).await;
        mark(&page, "seen").await?;
        page.fill("Time", "").await?;
        runs.push(Trace::take(visit.web()?).await?.frames(u64::from(process), "watched", "seen")?);
        visit.close().await;
    }
    told(&runs, slower, speed);
    Ok(())
}

async fn mark(page: &Page, name: &str) -> Result<()> {
    page.js::<bool>("performance.mark(arguments[0]); return true", json!([name])).await.map(drop)
}

/// The middle of all runs. A throttled processor slows the main thread alone, so what
/// the others took is counted as often.
fn told(runs: &[Frames], slower: u32, speed: &str) {
    let budget = if slower == 1 { 4 } else { 14 };
    let time = if speed.is_empty() { "in turns".to_owned() } else { format!("time at {speed}x") };
    let what = format!("monitor, {slower}x CPU, {time}");
    let of = |figure: &dyn Fn(&Frames) -> f64| median(&runs.iter().map(figure).collect::<Vec<_>>());
    let cost = |at: usize, of: usize, frames: &Frames| {
        let whole = frames.cost.iter().map(|cost| cost.main + cost.compositor * f64::from(slower));
        let mut whole: Vec<f64> = whole.collect();
        whole.sort_by(f64::total_cmp);
        whole.get(whole.len() * at / of).copied().unwrap_or(f64::NAN)
    };
    let late = |frames: &Frames| {
        let late = frames.apart.iter().filter(|apart| **apart > 25.0).count();
        100.0 * late as f64 / frames.apart.len() as f64
    };
    println!("{what:<47} {:>9.1}  frames a second, budget 60", of(&|frames| frames.a_second));
    println!("{:<47} {:>9.1}  ms a frame, budget {budget}", "", of(&|frames| cost(1, 2, frames)));
    println!("{:<47} {:>9.1}  ms a frame, 95th of 100", "", of(&|frames| cost(95, 100, frames)));
    println!("{:<47} {:>9.1}  % of frames late", "", of(&late));
    println!("{:<47} {:>9.1}  ms, the longest task of the main thread", "", of(&|frames| frames.longest));
}
