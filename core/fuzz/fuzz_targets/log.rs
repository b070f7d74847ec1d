//! Logs: lines after a true beginning. The accepted ones replay to the same head.

#![no_main]

use std::sync::LazyLock;

use enduring_core::content::Content;
use enduring_core::session::{replay, replay_on};
use libfuzzer_sys::fuzz_target;

const MANIFEST: &[u8] = include_bytes!("../../../tests/corpus/packs/journey/manifest.json");
const ACTIVITY: &[u8] = include_bytes!("../../../tests/corpus/packs/journey/activity.bin");
const LOG: &str = include_str!("../../../tests/corpus/straight-pass/log.jsonl");

static CONTENT: LazyLock<Content> =
    LazyLock::new(|| Content::open(MANIFEST, ACTIVITY).expect("a pack of the corpus"));

fuzz_target!(|input: (u8, &str)| {
    let (kept, more) = input;
    let true_lines = LOG.lines().take(usize::from(kept) % 45);
    let log = true_lines.chain(more.split('\n')).collect::<Vec<_>>().join("\n");
    let whole = replay(&CONTENT, &log);
    let accepted = whole.head.map_or(0, |head| head.n as usize);
    let lines: Vec<&str> = log.split_terminator('\n').take(accepted).collect();
    let (first, rest) = lines.split_at(accepted / 2);
    let joined = replay_on(&CONTENT, replay(&CONTENT, &first.join("\n")), rest.iter().copied());
    assert_eq!((joined.head, joined.state, joined.broken), (whole.head, whole.state, None));
});
