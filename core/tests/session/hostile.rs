//! Bytes from strangers: refused by name, or harmless; never a panic, never memory
//! without bound. `core/fuzz` has the same targets for a fuzzer.

use enduring_core::content::{ACTIVITY_FILE, Activity, Content, MANIFEST_MAX, Manifest, OpenError, read};
use enduring_core::encode::{base64url, unbase64url};
use enduring_core::id::Digest;
use enduring_core::record::{Bundle, Compact, RECORD_TYP};
use enduring_core::session::{LINE_MAX, begin, replay};
use proptest::prelude::*;

use super::learner::{Device, Wait, moves, rightly};
use super::packs::{self, Built};
use super::properties::walk;

/// A pack around other bytes of `activity.bin`, signed as they are.
fn with_activity(activity: &Activity, built: &Built, bytes: &[u8]) -> Result<Content, OpenError> {
    let manifest = packs::manifest(activity, bytes, &built.json, &built.front);
    Content::open(&serde_json::to_vec(&manifest).expect("JSON writes"), bytes)
}

/// Plays what opened: a sound pack has a session that goes on, or is refused by rule.
fn play(content: &Content) {
    let mut device = Device::default();
    let Ok(mut state) = begin(content, &device.start(content, 1)) else { return };
    for _ in 0..40 {
        let Some(command) = rightly(content, &state) else { return };
        device.pass(Wait::Visible(1_000));
        let decided = enduring_core::session::decide(content, &state, command, device.stamp());
        let Ok(entry) = decided else { return };
        enduring_core::session::apply(content, &mut state, &entry).expect("decided, then refused");
    }
}

#[test]
fn every_byte_of_a_pack_can_be_flipped() {
    let mut opened = 0;
    for pack in packs::all().iter().filter(|pack| ["small", "clinic"].contains(&pack.name)) {
        let built = packs::build(&pack.activity);
        for place in 0..built.activity.len() {
            let mut bytes = built.activity.clone();
            bytes[place] ^= [0x01, 0x10, 0x80, 0xff][place % 4];
            assert!(
                matches!(Content::open(&built.manifest, &bytes), Err(OpenError::Digest { .. })),
                "{}: byte {place} under the same manifest",
                pack.name
            );
            if let Ok(content) = with_activity(&pack.activity, &built, &bytes) {
                opened += 1;
                play(&content);
            }
        }
    }
    assert!(opened > 300, "only {opened} changed packs could be opened at all: nothing was shown");
}

#[test]
fn every_byte_of_a_manifest_can_be_flipped() {
    let pack = packs::all().remove(0);
    let built = packs::build(&pack.activity);
    let digest = Digest::of(&[&built.manifest]);
    for place in 0..built.manifest.len() {
        for mask in [0x01, 0x20, 0x80] {
            let mut bytes = built.manifest.clone();
            bytes[place] ^= mask;
            if let Ok(content) = Content::open(&bytes, &built.activity) {
                assert_ne!(content.digest(), digest, "byte {place}: another manifest is another pack");
            }
        }
    }
}

#[test]
fn a_pack_cut_off_anywhere_is_refused() {
    let pack = packs::all().remove(0);
    let built = packs::build(&pack.activity);
    for length in 0..built.activity.len() {
        assert!(with_activity(&pack.activity, &built, &built.activity[..length]).is_err(), "{length} bytes");
    }
    let longer = [&built.activity[..], &[0]].concat();
    assert!(matches!(with_activity(&pack.activity, &built, &longer), Err(OpenError::Malformed)));
}

/// A list that says it has four billion entries, at every place of a pack: memory is
/// taken as entries are read, so this ends at once instead of asking for gigabytes.
#[test]
fn a_length_that_lies_takes_no_memory() {
    let pack = packs::all().remove(0);
    let built = packs::build(&pack.activity);
    let lie = [0xff, 0xff, 0xff, 0xff, 0x0f];
    let places = 1..built.activity.len();
    let lied = |place: &usize| [&built.activity[..*place], &lie, &built.activity[*place..]].concat();
    let refused = places.clone().filter(|place| read(&lied(place)).is_err()).count();
    // A few places hold numbers, of which four billion is one.
    assert!(refused * 100 > places.len() * 95, "{refused} of {}", places.len());
}

#[test]
fn what_is_too_large_is_not_read() {
    let small = packs::build(&packs::all().remove(0).activity);
    let spaces = vec![b' '; MANIFEST_MAX + 1];
    assert!(matches!(Content::open(&spaces, &small.activity), Err(OpenError::Size { path: "manifest", .. })));
    let zeros = vec![0; 16 * 1024 * 1024 + 1];
    let opened = Content::open(&small.manifest, &zeros);
    assert!(matches!(opened, Err(OpenError::Size { path: ACTIVITY_FILE, .. })));
}

#[test]
fn files_that_no_pack_has_are_refused() {
    let pack = packs::all().remove(0);
    let built = packs::build(&pack.activity);
    let sound: Manifest = serde_json::from_slice(&built.manifest).expect("a manifest");
    let refused = |change: &dyn Fn(&mut Manifest)| {
        let mut manifest = sound.clone();
        change(&mut manifest);
        let bytes = serde_json::to_vec(&manifest).expect("JSON writes");
        Content::open(&bytes, &built.activity).expect_err("refused")
    };
    let named = |path: &'static str| move |manifest: &mut Manifest| manifest.files[1].path = path.to_owned();
    for path in ["../activity.json", "/activity.json", "media//x", "A", ACTIVITY_FILE] {
        assert!(matches!(refused(&named(path)), OpenError::Files { .. }), "{path}");
    }
    let many = refused(&|manifest| manifest.files = vec![manifest.files[0].clone(); 513]);
    assert!(matches!(many, OpenError::Files { .. }), "{many}");
    let large = refused(&|manifest| manifest.files[1].length = u64::MAX);
    assert!(matches!(large, OpenError::Files { .. }), "{large}");
    let none = refused(&|manifest| manifest.files.clear());
    assert!(matches!(none, OpenError::Missing { .. }), "{none}");
    let other = refused(&|manifest| manifest.content_version = 2);
    assert_eq!(other, OpenError::Disagree);
}

proptest! {
    #[test]
    fn any_bytes_are_an_activity_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes);
        let _ = read(&[&[1], &bytes[..]].concat());
    }

    #[test]
    fn any_text_is_a_log(log in ".{0,300}") {
        let content = packs::named("small");
        let replay = replay(&content, &log);
        prop_assert!(replay.state.is_none() && (log.is_empty() || replay.broken.is_some()));
    }

    /// A replay stops at the line that was changed, or before.
    #[test]
    fn a_log_with_a_byte_changed_is_replayed_up_to_there(
        moves in moves(30), place in any::<prop::sample::Index>(), letter in 0x20u8..0x7f
    ) {
        let content = packs::named("journey");
        let lines = walk(&content, 1, &moves, |_, _| {}).lines;
        let log = lines.join("\n");
        let mut bytes = log.clone().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = letter;
        let changed = String::from_utf8(bytes).expect("ASCII");
        let (old, new) = (replay(&content, &log), replay(&content, &changed));
        prop_assert!(changed == log || new.head != old.head, "another log has another head");
        let before = log[..place].matches('\n').count() as u32;
        let accepted = new.head.map_or(0, |head| head.n);
        prop_assert!(accepted >= before, "{accepted} lines accepted, line {} changed", before + 1);
    }

    #[test]
    fn any_text_is_a_document_or_an_error(text in "[A-Za-z0-9_.=-]{0,200}|.{0,200}") {
        let _ = Compact::parse(&text, RECORD_TYP);
        let _ = serde_json::from_str::<Bundle>(&text);
    }

    #[test]
    fn base64url_has_one_spelling_for_all_bytes(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assert_eq!(unbase64url(&base64url(&bytes)), Some(bytes));
    }

    #[test]
    fn what_base64url_reads_it_would_write(text in "[A-Za-z0-9_=+/ -]{0,40}") {
        if let Some(bytes) = unbase64url(&text) {
            prop_assert_eq!(base64url(&bytes), text);
        }
    }

    #[test]
    fn a_line_of_any_length_is_judged(length in 0usize..3 * LINE_MAX) {
        let content = packs::named("small");
        let log = "x".repeat(length);
        prop_assert_eq!(replay(&content, &log).broken.is_some(), length > 0);
    }
}
