//! What Chromium traced: how often it drew, and what its threads worked between two frames.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::WebDriver;

/// Tasks of every thread, the frames that were drawn, and what the page marked.
const CATEGORIES: &str = "toplevel,disabled-by-default-devtools.timeline.frame,blink.user_timing";
/// A task of a thread, and of one that draws for the compositor.
const TASKS: [&str; 2] = ["ThreadControllerImpl::RunTask", "ThreadPool_RunTask"];

/// What a session asks of chromedriver so that [`Trace::take`] has something to take.
pub fn capabilities(mut ordinary: Value) -> Value {
    ordinary["goog:loggingPrefs"] = json!({"performance": "ALL"});
    ordinary["goog:chromeOptions"]["perfLoggingPrefs"] =
        json!({"enableNetwork": false, "enablePage": false, "traceCategories": CATEGORIES});
    ordinary
}

/// An event as Chromium writes it.
#[derive(Clone, Debug, Deserialize)]
struct Event {
    name: String,
    ph: String,
    pid: u64,
    tid: u64,
    /// Microseconds.
    #[serde(default)]
    ts: f64,
    #[serde(default)]
    dur: f64,
    /// Processor time of the thread, which other programs do not add to.
    #[serde(default)]
    tdur: f64,
    #[serde(default)]
    args: Value,
}

/// What was traced since the browser was opened.
pub struct Trace {
    events: Vec<Event>,
}

/// The frames of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Frames {
    /// Drawn in a second.
    pub a_second: f64,
    /// Milliseconds between one and the next, from the shortest to the longest.
    pub apart: Vec<f64>,
    /// Work for each, in order.
    pub cost: Vec<Cost>,
    /// The longest task of the main thread by the clock on the wall, in milliseconds.
    pub longest: f64,
}

/// What a frame took in milliseconds of processor time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// On the main thread: script, style, layout, paint.
    pub main: f64,
    /// On the threads that put the layers together and draw into them.
    pub compositor: f64,
}

impl Trace {
    /// Takes what was traced. Chromedriver hands it out once: a second one is empty.
    pub async fn take(web: &WebDriver) -> Result<Self> {
        let mut events = Vec::new();
        for entry in web.get_log("performance").await? {
            let said: Value = serde_json::from_str(&entry.message)?;
            if said["message"]["method"] == "Tracing.dataCollected" {
                events.push(serde_json::from_value(said["message"]["params"].clone())?);
            }
        }
        Ok(Self { events })
    }

    /// The names of the threads of a process.
    fn threads(&self, pid: u64) -> HashMap<u64, &str> {
        let named = self.events.iter().filter(|event| event.name == "thread_name" && event.pid == pid);
        named.filter_map(|event| Some((event.tid, event.args["name"].as_str()?))).collect()
    }

    /// When the page in that process marked something.
    fn mark(&self, pid: u64, name: &str) -> Result<f64> {
        let mark = self.events.iter().find(|event| event.pid == pid && event.name == name);
        Ok(mark.with_context(|| format!("expected the mark {name} of process {pid}, found none"))?.ts)
    }

    /// The frames of the page in that process from one of its marks to another.
    pub fn frames(&self, pid: u64, from: &str, to: &str) -> Result<Frames> {
        let threads = self.threads(pid);
        let of = |event: &Event| threads.get(&event.tid).copied().unwrap_or_default();
        let between = self.mark(pid, from)?..self.mark(pid, to)?;
        let mine = || self.events.iter().filter(|event| event.pid == pid && between.contains(&event.ts));
        let mut drawn: Vec<f64> =
            mine().filter(|event| event.name == "DrawFrame").map(|event| event.ts).collect();
        drawn.sort_by(f64::total_cmp);
        ensure!(drawn.len() > 1, "expected frames of process {pid}, found {} events", mine().count());
        let tasks: Vec<&Event> =
            mine().filter(|event| event.ph == "X" && TASKS.contains(&event.name.as_str())).collect();
        ensure!(!tasks.is_empty(), "expected tasks of process {pid}, found none");
        let mut cost = vec![Cost::default(); drawn.len() - 1];
        let mut longest: f64 = 0.0;
        for task in tasks {
            let main = of(task) == "CrRendererMain";
            let took = task.tdur / 1_000.0;
            if main {
                longest = longest.max(task.dur / 1_000.0);
            }
            // Work belongs to the frame that comes after it.
            let frame = drawn.partition_point(|at| *at <= task.ts);
            let Some(cost) = frame.checked_sub(1).and_then(|frame| cost.get_mut(frame)) else { continue };
            if main {
                cost.main += took;
            } else if of(task).starts_with("Compositor") {
                cost.compositor += took;
            }
        }
        let mut apart: Vec<f64> = drawn.windows(2).map(|two| (two[1] - two[0]) / 1_000.0).collect();
        let whole: f64 = apart.iter().sum();
        apart.sort_by(f64::total_cmp);
        Ok(Frames { a_second: 1_000.0 * (drawn.len() - 1) as f64 / whole, apart, cost, longest })
    }
}
