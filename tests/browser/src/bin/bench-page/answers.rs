//! From an answer to its feedback, painted, with the strict commit in between; and what a
//! large bank adds to that and to the beginning.

use anyhow::Result;
use enduring_browser_tests::walk::{Stop, Walker};
use enduring_browser_tests::{Page, Visit};
use serde_json::json;
use thirtyfour::By;

use super::{REST, anew, centile, median, tell, throttle};

/// The small bank and the large one, as `cargo xtask bench --page` builds them.
pub const SMALL: &str = "bench-20";
const LARGE: &str = "bench-5000";
/// So often is everything measured.
const RUNS: usize = 3;
/// Items of a session.
const ITEMS: usize = 20;

/// Takes the time from the next click to feedback that is in the page, can be seen, and is
/// painted: about the end of the frame that shows it.
const ARM: &str = r#"
    const seen = () => [...document.querySelectorAll(".outcome")].some((e) => e.checkVisibility());
    let from = null, done = false;
    addEventListener("click", (event) => { from ??= event.timeStamp; }, { capture: true, once: true });
    window.feedback = new Promise((tell) => {
      const look = () => {
        if (done || from === null || !seen()) return;
        done = true;
        observer.disconnect();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => tell(performance.now() - from);
          channel.port2.postMessage(0);
        });
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, attributes: true });
    });
    return true;
"#;
const FEEDBACK: &str = "window.feedback.then(arguments[arguments.length - 1])";
/// Remembers what kept the main thread for longer than 50 ms.
const WATCH: &str = r#"
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
    }).observe({ type: "longtask" });
    return true;
"#;
/// From the press of a button until the player says that the session is there.
const BEGIN: &str = r#"
    const done = arguments[arguments.length - 1];
    const button = [...document.querySelectorAll("main button, main a")].find((e) => e.innerText.trim() === "Begin");
    const from = performance.now();
    const observer = new MutationObserver(() => {
      if (document.documentElement.dataset.ready !== "play") return;
      observer.disconnect();
      done(performance.now() - from);
    });
    observer.observe(document.documentElement, { attributes: true });
    button.click();
"#;

/// What was measured with a bank at a speed.
#[derive(Default)]
struct Found {
    began: Vec<f64>,
    feedback: Vec<f64>,
    longest: f64,
}

pub async fn measure(visit: &mut Visit) -> Result<()> {
    for (slower, budget) in [(1, 25), (4, 60)] {
        let small = bank(visit, SMALL, slower).await?;
        let large = bank(visit, LARGE, slower).await?;
        let (middle, late) = (median(&small.feedback), centile(&small.feedback, 95, 100));
        let at = format!("{slower}x CPU");
        let answers = small.feedback.len();
        tell(
            &format!("answer to feedback, {at}"),
            middle,
            &format!("ms, budget {budget}; {answers} answers"),
        );
        tell("", late / middle, "times that, 95th of 100, budget 2");
        tell("", small.longest, "ms, the longest task of the main thread over 50");
        let ratio = median(&large.feedback) / middle;
        tell(&format!("with a bank of 5,000 items, {at}"), ratio, "times that of 20, budget 1.5");
        let (began, ratio) = (median(&large.began), median(&large.began) / median(&small.began));
        tell(
            &format!("beginning with 5,000 items, {at}"),
            ratio,
            &format!("times that of 20 ({began:.0} ms), budget 1.5"),
        );
    }
    Ok(())
}

async fn bank(visit: &mut Visit, id: &str, slower: u32) -> Result<Found> {
    let walker = Walker::of(&visit.site.root, id)?;
    let mut found = Found::default();
    for _ in 0..RUNS {
        let page = anew(visit).await?;
        page.go("#/library").await?;
        page.press(&walker.activity().title).await?;
        page.at("activity").await?;
        tokio::time::sleep(REST).await;
        throttle(visit, slower).await?;
        found.began.push(page.js_async(BEGIN, json!([])).await?);
        throttle(visit, 1).await?;
        to_items(&page, &walker).await?;
        page.js::<bool>(WATCH, json!([])).await?;
        throttle(visit, slower).await?;
        for item in 0..ITEMS {
            found.feedback.push(answer(&page).await?);
            if item + 1 < ITEMS {
                page.press("Next").await?;
            }
        }
        found.longest = found.longest.max(page.js("return window.longest", json!([])).await?);
    }
    Ok(found)
}

/// To the first item.
pub async fn to_items(page: &Page, walker: &Walker) -> Result<()> {
    walker.walk(page, &Stop::CanPress("Check")).await
}

/// Answers the item that is on; how long its feedback took in milliseconds.
pub async fn answer(page: &Page) -> Result<f64> {
    page.until::<bool>(
        "an open item",
        "return !document.querySelector('.outcome') && document.querySelector('main .choice') ? true : null",
        json!([]),
    )
    .await?;
    page.take(&page.web().find(By::Css("main .choice")).await?).await?;
    page.js::<bool>(ARM, json!([])).await?;
    page.press("Check").await?;
    page.js_async(FEEDBACK, json!([])).await
}
