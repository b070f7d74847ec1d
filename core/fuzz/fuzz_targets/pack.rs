//! Packs: a manifest as it stands, and an `activity.bin` whose digest the manifest has.

#![no_main]

use enduring_core::content::{ACTIVITY_FILE, Content, Manifest, front_text, read};
use enduring_core::id::{Digest, SessionId};
use enduring_core::measure::{Millis, Timestamp, UtcOffset};
use enduring_core::session::view::view;
use enduring_core::session::{Entry, Event, Mode, Started, begin};
use libfuzzer_sys::fuzz_target;

const MANIFEST: &[u8] = include_bytes!("../../../tests/corpus/packs/clinic/manifest.json");

fuzz_target!(|bytes: &[u8]| {
    let _ = Content::open(bytes, bytes);
    let Ok(activity) = read(bytes) else { return };
    let _ = front_text(&activity);
    let mut manifest: Manifest = serde_json::from_slice(MANIFEST).expect("a manifest of the corpus");
    manifest.id = activity.id.clone();
    manifest.version = activity.version.clone();
    (manifest.opens, manifest.closes) = (activity.front.dates.opens, activity.front.dates.closes);
    for file in manifest.files.iter_mut().filter(|file| file.path == ACTIVITY_FILE) {
        file.sha256 = Digest::of(&[bytes]);
    }
    let manifest = serde_json::to_vec(&manifest).expect("JSON writes");
    let content = Content::open(&manifest, bytes).expect("what is read opens");
    let started = Started {
        session: SessionId([1; 16]),
        pack: content.digest(),
        activity: activity.id,
        version: activity.version,
        rules: content.rules(),
        player: "1.0.0".to_owned(),
        mode: Mode::NotForCredit,
    };
    let first = Entry {
        n: 1,
        at: Timestamp(0),
        offset: UtcOffset(0),
        zone: "UTC".to_owned(),
        active: Millis(0),
        event: Event::Started(started),
    };
    let state = begin(&content, &first).expect("any session may begin that is not for credit");
    let _ = view(&content, &state);
});
