//! What is counted for those who run the server, as Prometheus reads it. No label
//! names a person, a record or an address.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::wire::StandingName;

/// The media type of the text.
pub const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Seconds, from a file in memory to a body over a slow line.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Routed {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Stood {
    standing: &'static str,
}

/// The counters.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Routed, Histogram>,
    records: Family<Stood, Counter>,
    seated: Gauge<i64, AtomicI64>,
    unlinked: Gauge<i64, AtomicI64>,
    packs: Gauge<i64, AtomicI64>,
    broken: Gauge<i64, AtomicI64>,
    bytes: Counter<u64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("enduring");
        let requests = Family::default();
        registry.register("requests", "Requests answered", requests.clone());
        let seconds = Family::<Routed, Histogram>::new_with_constructor(|| Histogram::new(SECONDS));
        registry.register("request_seconds", "Seconds until the head of the answer", seconds.clone());
        let records = Family::default();
        registry.register("records", "Submissions by what they came to, repeats included", records.clone());
        let seated = Gauge::default();
        registry.register(
            "submissions_open",
            "Submissions that are read, wait or are judged",
            seated.clone(),
        );
        let unlinked = Gauge::default();
        registry.register("ledger_unlinked", "Rows of the ledger that wait to be linked", unlinked.clone());
        let packs = Gauge::default();
        registry.register("packs", "Packs in the folder whose manifests can be read", packs.clone());
        let broken = Gauge::default();
        registry.register("packs_broken", "Packs in the folder that are not used", broken.clone());
        let bytes = Counter::default();
        registry.register("answer_bytes", "Bytes of answers, as announced", bytes.clone());
        Self { registry, requests, seconds, records, seated, unlinked, packs, broken, bytes }
    }
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration, bytes: u64) {
        self.requests.get_or_create(&Answered { method, route: route.to_owned(), status }).inc();
        self.seconds.get_or_create(&Routed { route: route.to_owned() }).observe(took.as_secs_f64());
        self.bytes.inc_by(bytes);
    }

    /// Says how many packs there are, and how many of them cannot be used.
    pub fn at_hand(&self, packs: usize, broken: usize) {
        self.packs.set(i64::try_from(packs).unwrap_or(i64::MAX));
        self.broken.set(i64::try_from(broken).unwrap_or(i64::MAX));
    }

    /// Counts a submission.
    pub fn came_to(&self, standing: StandingName) {
        self.records.get_or_create(&Stood { standing: standing.name() }).inc();
    }

    /// The text as of now.
    ///
    /// # Errors
    /// None that can happen: writing to memory.
    pub fn text(&self, seated: usize, unlinked: Option<u64>) -> Result<String, fmt::Error> {
        self.seated.set(i64::try_from(seated).unwrap_or(i64::MAX));
        if let Some(unlinked) = unlinked {
            self.unlinked.set(i64::try_from(unlinked).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_is_counted_by_route() {
        let metrics = Metrics::default();
        metrics.answered("GET", "/ready", 200, Duration::from_millis(3), 10);
        metrics.answered("GET", "/ready", 200, Duration::from_millis(3), 10);
        metrics.came_to(StandingName::Review);
        let text = metrics.text(3, Some(7)).expect("a text");
        for line in [
            "enduring_requests_total{method=\"GET\",route=\"/ready\",status=\"200\"} 2",
            "enduring_request_seconds_bucket{le=\"0.005\",route=\"/ready\"} 2",
            "enduring_records_total{standing=\"review\"} 1",
            "enduring_submissions_open 3",
            "enduring_ledger_unlinked 7",
            "enduring_answer_bytes_total 20",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }
}
