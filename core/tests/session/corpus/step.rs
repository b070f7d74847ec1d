//! A line of `commands.jsonl`.

use enduring_core::id::{Digest, SessionId};
use enduring_core::session::{Command, Event, Mode};
use serde::{Deserialize, Deserializer};

/// What is tried, and when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Wall time since the step before; ten seconds unless said otherwise.
    #[serde(default)]
    pub after: Span,
    /// Visible time since then: as much as `after` on a visible page.
    pub active: Option<Span>,
    /// Minutes east of UTC from here on.
    pub offset: Option<i16>,
    /// IANA zone from here on.
    pub zone: Option<String>,
    /// What a person reads.
    #[serde(default, rename = "note")]
    _note: String,
    /// The beginning of a session.
    pub start: Option<Start>,
    /// What the learner tries.
    #[serde(rename = "do")]
    pub command: Option<Command>,
    /// An event that no command makes, as a forger would write it.
    pub forge: Option<Event>,
    /// The number of the forged event, where it is not the next.
    pub n: Option<u32>,
    /// A line as it stands.
    pub line: Option<String>,
}

/// The beginning of a session; what is not said is that of the pack.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// RFC 3339, with the offset of the place.
    pub at: Option<String>,
    #[serde(default = "credit")]
    pub mode: Mode,
    #[serde(default = "session")]
    pub session: SessionId,
    pub pack: Option<Digest>,
    pub version: Option<String>,
    pub rules: Option<u16>,
}

fn credit() -> Mode {
    Mode::Credit
}

fn session() -> SessionId {
    SessionId([0x5e; 16])
}

/// Milliseconds, written as `1h30m`, `2s`, `500ms` or `-1h`.
#[derive(Clone, Copy)]
pub struct Span(pub i64);

impl Default for Span {
    fn default() -> Self {
        Self(10_000)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let wrong =
            || serde::de::Error::custom(format!("expected a span such as 1h30m or 500ms, found {text:?}"));
        let mut rest = digits;
        let mut span = 0;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
            let number: i64 = rest.get(..end).and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
            rest = rest.get(end..).ok_or_else(wrong)?;
            let units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
            let (unit, millis) = units.iter().find(|(unit, _)| rest.starts_with(unit)).ok_or_else(wrong)?;
            rest = rest.get(unit.len()..).ok_or_else(wrong)?;
            span += number * millis;
        }
        Ok(Self(sign * span))
    }
}
