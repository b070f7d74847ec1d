//! The log: JSON Lines, chained by SHA-256 over the very bytes that are stored.
//!
//! h0 = SHA-256(pack digest ‖ session id); h(n) = SHA-256(h(n−1) ‖ line n without
//! its LF). Nothing is ever written anew from what was read.

use super::apply::{apply, begin};
use super::event::{Entry, LINE_MAX};
use super::line::as_written;
use super::refusal::Refusal;
use super::state::State;
use crate::content::Content;
use crate::id::{Digest, SessionId};
use crate::json;

/// h0, which is also the session's seed.
#[must_use]
pub fn origin(pack: Digest, session: SessionId) -> Digest {
    Digest::of(&[&pack.0, &session.0])
}

/// The next head of a chain.
#[must_use]
pub fn chain(previous: Digest, line: &str) -> Digest {
    Digest::of(&[&previous.0, line.as_bytes()])
}

/// The line of an entry, without LF.
#[must_use]
pub fn encode(entry: &Entry) -> String {
    json::write(entry)
}

/// Bytes that a line takes in a bundle, with its LF: the log is a string of JSON there.
#[must_use]
pub fn bundled(line: &str) -> usize {
    let escaped = line.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count();
    line.len() + escaped + r"\n".len()
}

/// The end of a log: how many lines, and their hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last line; 0 for none.
    pub n: u32,
    /// Its hash; h0 for none.
    pub hash: Digest,
}

/// What a replay found.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The state after the accepted lines; `None` when not even the first was.
    pub state: Option<State>,
    /// The end of the accepted lines.
    pub head: Option<Head>,
    /// The first line that was not accepted, by number, and why.
    pub broken: Option<(u32, Broken)>,
}

/// Why a line was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Not an event of this format.
    #[error("the line is not an event: {found}")]
    Malformed {
        /// What the parser says, with its column.
        found: String,
    },
    /// Too long.
    #[error("expected at most {LINE_MAX} bytes, found {found}")]
    TooLong {
        /// Bytes.
        found: usize,
    },
    /// A well-formed event that is not possible there.
    #[error("{code}: {0}", code = .0.code())]
    Refused(#[from] Refusal),
}

/// Folds a log from its beginning. Lines end with LF; the last may lack it.
#[must_use]
pub fn replay(content: &Content, log: &str) -> Replay {
    replay_on(content, Replay { state: None, head: None, broken: None }, log.split_terminator('\n'))
}

/// Folds further lines onto an earlier replay.
#[must_use]
pub fn replay_on<'a>(content: &Content, earlier: Replay, lines: impl IntoIterator<Item = &'a str>) -> Replay {
    let (mut replay, mut zone) = (earlier, String::new());
    for line in lines {
        if replay.broken.is_some() {
            break;
        }
        if let Err(broken) = step(content, &mut replay, line, &mut zone) {
            replay.broken = Some((replay.head.map_or(1, |head| head.n.saturating_add(1)), broken));
        }
    }
    replay
}

/// One line further; `zone` is room for the zone of its entry.
fn step(content: &Content, replay: &mut Replay, line: &str, zone: &mut String) -> Result<(), Broken> {
    if line.len() > LINE_MAX {
        return Err(Broken::TooLong { found: line.len() });
    }
    // A phone reads one log and has to load this; a provider reads many.
    let as_written = if cfg!(target_family = "wasm") { None } else { as_written(line, zone) };
    let entry = match as_written {
        Some(entry) => entry,
        None => json::read(line).map_err(|error| Broken::Malformed { found: error.to_string() })?,
    };
    let previous = match &mut replay.state {
        Some(state) => {
            apply(content, state, &entry)?;
            replay.head.map_or(state.seed, |head| head.hash)
        }
        None => replay.state.insert(begin(content, &entry)?).seed,
    };
    replay.head = Some(Head { n: entry.n, hash: chain(previous, line) });
    *zone = entry.zone;
    Ok(())
}
