//! A session that was interrupted thousands of times: going on with it, and an answer in it.

use anyhow::Result;
use enduring_browser_tests::walk::Walker;
use enduring_browser_tests::{Page, Visit, mishap};
use serde_json::json;

use super::answers::{SMALL, answer, to_items};
use super::{REST, anew, median, tell};

/// Events of the short session and of the long one, which is nearly as long as a log may be.
const SHORT: u32 = 40;
const LONG: u32 = 3_950;
/// So often is each measured.
const RUNS: usize = 5;

/// From the press on home until the item can be answered.
const RESUME: &str = r#"
    const done = arguments[arguments.length - 1];
    const button = [...document.querySelectorAll("main a, main button")].find((e) => e.innerText.includes("Continue"));
    const from = performance.now();
    const observer = new MutationObserver(() => {
      if (document.documentElement.dataset.ready !== "play" || !document.querySelector("main .choice")) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now() - from);
        channel.port2.postMessage(0);
      });
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    button.click();
"#;

pub async fn measure(visit: &mut Visit) -> Result<()> {
    let walker = Walker::of(&visit.site.root, SMALL)?;
    let page = anew(visit).await?;
    walker.begin(&page).await?;
    to_items(&page, &walker).await?;
    let (short, long) = (at(&page, SHORT).await?, at(&page, LONG).await?);
    for (what, short, long, budget) in
        [("going on", &short.0, &long.0, ", budget 2"), ("answer to feedback", &short.1, &long.1, "")]
    {
        let (short, long) = (median(short), median(long));
        let unit = format!("times that of {SHORT} ({short:.0} ms){budget}");
        tell(&format!("{what}, {LONG} events"), long / short, &unit);
    }
    Ok(())
}

/// How long going on took with so many events, and the feedback of answers.
async fn at(page: &Page, events: u32) -> Result<(Vec<f64>, Vec<f64>)> {
    mishap::interrupted(page, events).await?;
    let mut resumed = Vec::new();
    for _ in 0..RUNS {
        page.go("#/").await?;
        tokio::time::sleep(REST).await;
        resumed.push(page.js_async(RESUME, json!([])).await?);
    }
    let mut answered = Vec::new();
    for _ in 0..RUNS {
        answered.push(answer(page).await?);
        page.press("Next").await?;
    }
    Ok((resumed, answered))
}
