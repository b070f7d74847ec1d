//! The files that a case is expected to have.

use enduring_core::content::PartBody;
use enduring_core::id::Digest;
use enduring_core::record::{Assurance, Place, Signing, payload};
use enduring_core::score::report;
use enduring_core::session::minutes_of;
use serde::Serialize;

use super::case::Case;
use super::play::Played;

/// `expected.json`: what every engine must come to.
#[derive(Serialize)]
struct Expected<'a> {
    /// The pack's name in `packs`.
    pack: &'a str,
    /// Events in the log.
    events: u32,
    /// Hash of the last line.
    head: Digest,
    /// SHA-256 of the state as postcard.
    state_sha256: Digest,
    /// A digest of every virtual minute of its simulated patient, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<Digest>,
}

const ALWAYS: [&str; 2] = ["expected.jsonl", "log.jsonl"];
const BEGUN: [&str; 3] = ["state.json", "score.json", "expected.json"];
const COMPLETED: &str = "record.json";

/// Name and bytes of each.
pub fn files(case: &Case, played: &Played) -> Vec<(&'static str, Vec<u8>)> {
    let lines: Vec<String> =
        played.lines.iter().map(|line| serde_json::to_string(line).expect("JSON writes") + "\n").collect();
    let [expected, log] = ALWAYS;
    let mut files = vec![(expected, lines.concat().into_bytes()), (log, played.log.clone().into_bytes())];
    let (Some(state), Some(head)) = (&played.replay.state, played.replay.head) else { return files };
    let score = report(&case.content, state);
    let whole = Expected {
        pack: &case.pack,
        events: head.n,
        head: head.hash,
        state_sha256: Digest::of(&[&postcard::to_allocvec(state).expect("postcard writes")]),
        minutes: minutes_of(&case.content, state),
    };
    let [state_file, score_file, expected_file] = BEGUN;
    files.push((state_file, pretty(state)));
    files.push((score_file, (serde_json::to_string(&score).expect("JSON writes") + "\n").into_bytes()));
    files.push((expected_file, pretty(&whole)));
    let has_evaluation =
        case.content.activity().parts.iter().any(|part| matches!(part.body, PartBody::Evaluation(_)));
    let evaluation = has_evaluation.then(|| Digest::of(&[b"the evaluation sheet"]));
    let signing = Signing { player: "1.0.0".to_owned(), assurance: Assurance::Stored, place: Place::OwnPage };
    if let Ok(payload) = payload(&case.content, state, head, evaluation, signing) {
        files.push((COMPLETED, (payload.encode() + "\n").into_bytes()));
    }
    files
}

/// Files that the case should not have.
pub fn superfluous(case: &Case, played: &Played) -> Vec<String> {
    let wanted: Vec<&str> = files(case, played).into_iter().map(|(name, _)| name).collect();
    BEGUN
        .into_iter()
        .chain([COMPLETED])
        .filter(|name| !wanted.contains(name) && case.folder.join(name).exists())
        .map(|name| format!("{}/{name}: expected no such file", case.name))
        .collect()
}

fn pretty<T: Serialize>(it: &T) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(it).expect("JSON writes");
    text.push('\n');
    text.into_bytes()
}
