//! The replay of a log for whoever asks from JavaScript: the tests of the corpus
//! compare what this very wasm computes with what the provider's build computed.

use enduring_core::content::Content;
use enduring_core::id::Digest;
use enduring_core::score;
use enduring_core::session::{Replay, minutes_of, replay};
use wasm_bindgen::prelude::wasm_bindgen;

/// Replays a log over a pack. Five lines: how many events were accepted and the
/// hash of the last; why the next was not, if so; the SHA-256 of the state in
/// postcard; the score in JSON; a digest of every virtual minute of the simulated
/// patient at hand or finished last, where there is one. Empty when the pack cannot be opened.
#[wasm_bindgen(js_name = replayLog)]
#[must_use]
pub fn replay_log(manifest: &[u8], activity: &[u8], log: &str) -> String {
    let Ok(content) = Content::open(manifest, activity) else { return String::new() };
    let Replay { state, head, broken } = replay(&content, log);
    let mut lines = [String::new(), String::new(), String::new(), String::new(), String::new()];
    let [accepted, refused, digest, scored, patient] = &mut lines;
    if let Some(head) = head {
        *accepted = [head.n.to_string(), head.hash.to_string()].join(" ");
    }
    if let Some((n, broken)) = broken {
        *refused = [n.to_string(), broken.to_string()].join(" ");
    }
    if let Some(state) = state {
        let bytes = postcard::to_allocvec(&state).unwrap_or_default();
        *digest = Digest::of(&[&bytes]).to_string();
        *patient = minutes_of(&content, &state).map_or_else(String::new, |digest| digest.to_string());
        *scored = enduring_core::json::write(&score::report(&content, &state));
    }
    lines.join("\n")
}
