//! What the player costs the device. `cargo xtask bench --page` makes the site and runs it;
//! figures, not verdicts, since machines differ.

mod answers;
mod long;
mod patient;

use std::time::Duration;

use anyhow::{Context, Result};
use enduring_browser_tests::{Engine, Page, Visit, run};
use serde_json::json;

/// After what was asked for is there, the page comes to rest.
const REST: Duration = Duration::from_secs(2);

fn main() {
    run(Engine::Chromium, "bench-page", measure);
}

async fn measure(visit: &mut Visit) -> Result<()> {
    load("before");
    answers::measure(visit).await?;
    long::measure(visit).await?;
    patient::measure(visit).await?;
    load("after");
    Ok(())
}

/// A browser that has nothing yet, at the size of a phone.
async fn anew(visit: &mut Visit) -> Result<Page> {
    visit.close().await;
    let profile = visit.folder.join("profile");
    if profile.exists() {
        std::fs::remove_dir_all(&profile).with_context(|| format!("removing {}", profile.display()))?;
    }
    visit.open().await?;
    visit.resize(360, 740).await?;
    visit.page()
}

/// Makes the page's processor slower from now on.
async fn throttle(visit: &Visit, slower: u32) -> Result<()> {
    visit.web()?.cdp().send_raw("Emulation.setCPUThrottlingRate", json!({"rate": slower})).await?;
    Ok(())
}

/// The one at that place from the least to the greatest, of so many.
fn centile(figures: &[f64], at: usize, of: usize) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() * at / of).copied().unwrap_or(f64::NAN)
}

fn median(figures: &[f64]) -> f64 {
    centile(figures, 1, 2)
}

/// A line of the report.
fn tell(what: &str, figure: f64, unit: &str) {
    println!("{what:<47} {figure:>9.1}  {unit}");
}

fn load(when: &str) {
    if let Ok(load) = std::fs::read_to_string("/proc/loadavg") {
        println!("{:<47} {}", format!("load {when}"), load.trim());
    }
}
