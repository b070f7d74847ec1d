//! `docs/formats/record.md` against the code: codes, members, defaults, caps, worked bytes.

use std::fs;
use std::path::{Path, PathBuf};

use enduring_core::id::Digest;
use enduring_core::record::{
    BUNDLE_MAX, Bundle, Code, Compact, ConsentSheet, EvaluationAnswer, EvaluationSheet, LearnerSheet,
    Payload, RECORD_TYP, VerifyPolicy,
};
use enduring_core::session::{
    Chance, EVENTS_MAX, EVENTS_RESERVED, Entry, Event, LINE_MAX, LOG_MAX, Refusal, Response, chain, origin,
};
use serde::de::DeserializeOwned;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn page() -> String {
    fs::read_to_string(root().join("docs/formats/record.md")).expect("the page")
}

/// All of these must stand on the page.
fn on_page(wanted: impl IntoIterator<Item = String>) {
    let page = page();
    let missing: Vec<String> = wanted.into_iter().filter(|text| !page.contains(text.as_str())).collect();
    assert!(missing.is_empty(), "not in docs/formats/record.md:\n{}", missing.join("\n"));
}

/// The members or names that a type reads, as its own error lists them.
fn names<T: DeserializeOwned>(unknown: &str) -> Vec<String> {
    let Err(error) = serde_json::from_str::<T>(unknown) else { panic!("{unknown} was read") };
    let error = error.to_string();
    let (_, list) = error.split_once("expected ").expect("a list of names");
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_code_has_its_row() {
    on_page(Code::ALL.iter().map(|code| format!("| `{}` | {} |", code.code(), code.words())));
    on_page(Refusal::ALL.iter().map(|refusal| format!("| `{}` | {refusal} |", refusal.code())));
}

#[test]
fn every_member_is_named() {
    let object = "{\"?\":0}";
    let members = [
        names::<Bundle>(object),
        names::<Payload>(object),
        names::<Entry>(object),
        names::<LearnerSheet>(object),
        names::<ConsentSheet>(object),
        names::<EvaluationSheet>(object),
        names::<EvaluationAnswer>(object),
    ]
    .concat();
    assert!(members.len() > 40, "{members:?}");
    on_page(members.iter().map(|name| format!("`{name}`")));
    let events = names::<Event>("\"?\"");
    assert_eq!(events.len(), 30);
    on_page(events.iter().map(|name| format!("| `{name}` |")));
    on_page(names::<Response>(object).iter().map(|name| format!("`{{\"{name}\": ")));
}

#[test]
fn defaults_and_caps_are_those_of_the_code() {
    let table = toml::Table::try_from(VerifyPolicy::default()).expect("a table");
    on_page(table.iter().map(|(key, value)| format!("| `{key}` | `{value}` |")));
    let thousands = |number: usize| {
        let digits = number.to_string();
        let places = digits.char_indices().map(|(place, digit)| {
            let comma = if place > 0 && (digits.len() - place).is_multiple_of(3) { "," } else { "" };
            format!("{comma}{digit}")
        });
        places.collect::<String>()
    };
    on_page([
        format!("at most {} bytes", thousands(BUNDLE_MAX)),
        format!(
            "at most {} lines, each of at most {} bytes",
            thousands(EVENTS_MAX as usize),
            thousands(LINE_MAX)
        ),
        format!("The last {EVENTS_RESERVED} places"),
        format!("more than {} bytes", thousands(LOG_MAX)),
    ]);
}

#[test]
fn the_worked_bytes_are_computed_again() {
    let vector = root().join("tests/vectors/valid/nothing-asked/record.enduring-record.json");
    let bundle: Bundle =
        serde_json::from_str(&fs::read_to_string(vector).expect("a bundle")).expect("a bundle");
    let compact = Compact::parse(&bundle.record, RECORD_TYP).expect("a record");
    let payload: Payload = serde_json::from_slice(&compact.payload).expect("a payload");
    let mut lines = bundle.log.lines();
    let (one, two) = (lines.next().expect("a line"), lines.next().expect("a line"));
    let seed = origin(payload.activity.digest, payload.id);
    let first = chain(seed, one);
    let second = chain(first, two);
    let learner = bundle.learner.expect("a learner sheet");
    let word = |purpose: &str, attempt: u32, place: u32| {
        let (attempt, place) = (attempt.to_be_bytes(), place.to_be_bytes());
        let digest = Digest::of(&[&seed.0, purpose.as_bytes(), &[0], &attempt, &place]);
        digest.to_string()[..16].to_owned()
    };
    assert_eq!(Chance::new(&seed, "paired/form", 0).below(2), 1);
    let mut options = ["adrenaline", "salbutamol", "wait"];
    Chance::new(&seed, "pre-test/options/first-b", 1).shuffle(&mut options);
    let key = &bundle.key;
    on_page([
        format!("{}\n{}\n", payload.activity.digest, payload.id),
        format!("\n{seed}\n"),
        format!("{one}\n{first}\n{two}\n{second}\n"),
        format!("Word 0 of `paired/form`, attempt 0, is `{}`", word("paired/form", 0, 0)),
        format!(
            "`{}` and `{}`",
            word("pre-test/options/first-b", 1, 0),
            word("pre-test/options/first-b", 1, 1)
        ),
        format!("become `{}`, `{}`, `{}`", options[0], options[1], options[2]),
        format!("{learner}\n{}\n", Digest::of(&[learner.as_bytes()])),
        format!(
            "{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{}\",\"y\":\"{}\"}}\n{}\n",
            key.x,
            key.y,
            key.key().expect("a key").kid()
        ),
    ]);
}
