//! `docs/formats/policy.md` against the code: every setting has a row, with its
//! default, and everything that a row names exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use enduring_core::content::{Activity, Policy, TestPolicy};
use serde_json::Value;

use super::corpus;
use super::packs;

struct Row {
    settings: Vec<String>,
    cells: Vec<String>,
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/formats/policy.md");
    fs::read_to_string(path).expect("docs/formats/policy.md")
}

fn in_code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows below a heading that begins with `heading`.
fn rows(page: &str, heading: &str) -> Vec<Row> {
    let mut found = page.split("\n## ").filter(|section| section.starts_with(heading));
    let section = found.next().unwrap_or_else(|| panic!("expected a section {heading:?}"));
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells: Vec<String> =
            line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
        Row { settings: in_code(&cells[0]), cells }
    })
    .collect()
}

/// The rows of a section are exactly the members of a struct, each with its default.
fn defaults<T: serde::Serialize>(heading: &str, default: &T) {
    let Value::Object(members) = serde_json::to_value(default).expect("JSON") else { panic!("a struct") };
    let rows = rows(&page(), heading);
    let named: Vec<&String> = rows.iter().flat_map(|row| &row.settings).collect();
    let expected: Vec<&String> = members.keys().collect();
    assert_eq!(BTreeSet::from_iter(named), BTreeSet::from_iter(expected), "{heading}");
    for row in rows {
        let found: Value = serde_json::from_str(&in_code(&row.cells[1])[0]).expect("a default as JSON");
        assert_eq!(Some(&found), members.get(&row.settings[0]), "{}", row.settings[0]);
    }
}

#[test]
fn every_setting_has_its_row_and_its_default() {
    defaults("The whole activity", &Policy::default());
    defaults("A test: `policy`", &TestPolicy::default());
}

/// Settings that are not in a struct of their own: named where they are in JSON.
#[test]
fn every_setting_of_parts_and_front_matter_has_its_row() {
    let page = page();
    let all = |heading: &str| -> BTreeSet<String> {
        rows(&page, heading).into_iter().flat_map(|row| row.settings).collect()
    };
    let has = |heading: &str, wanted: &[&str]| {
        let found = all(heading);
        wanted.iter().for_each(|name| assert!(found.contains(*name), "{heading}: expected a row for {name}"));
    };
    let json = serde_json::to_value(&packs::named("journey").activity().parts).expect("JSON");
    let Some(Value::Object(test)) = json.pointer("/0/body/test") else { panic!("a test") };
    let own: BTreeSet<String> = test.keys().filter(|name| *name != "policy").cloned().collect();
    assert_eq!(all("A test: the part"), own);
    has("A case", &["gate", "rules", "counters", "worth", "min_picks", "max_picks"]);
    has("The evaluation", &["need", "linkage"]);
    has("An item", &["scoring", "max_picks", "tolerance", "votes"]);
    has(
        "Front matter",
        &["opens", "closes", "maximum", "step", "professions", "consents", "identifiers", "attestation"],
    );
    let named: BTreeSet<String> = page
        .split("\n## ")
        .skip(3)
        .flat_map(|section| rows(&page, section.lines().next().expect("a heading")))
        .flat_map(|row| row.settings)
        .collect();
    let activities: Vec<Activity> = packs::all().into_iter().map(|pack| pack.activity).collect();
    let json = serde_json::to_string(&activities).expect("JSON");
    for name in named.iter().filter(|name| !name.contains('.')) {
        assert!(json.contains(&format!("\"{name}\":")), "{name} is no setting of an activity");
    }
}

#[test]
fn everything_named_exists() {
    let sessions: BTreeSet<String> = corpus::cases().into_iter().map(|case| case.name).collect();
    let tests = ["full_log.rs", "properties.rs", "reveal.rs"].map(|file| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/session").join(file);
        fs::read_to_string(path).expect("a file of tests")
    });
    let page = page();
    let last_cells = page.lines().filter(|line| line.starts_with("| `")).map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        in_code(cells.last().expect("a cell"))
    });
    let listed = page.lines().filter(|line| line.starts_with("- ")).map(in_code);
    let mut named = 0;
    for name in last_cells.chain(listed).inspect(|names| assert!(!names.is_empty())).flatten() {
        named += 1;
        let is_test = tests.iter().any(|text| text.contains(&format!("fn {name}(")));
        assert!(sessions.contains(&name) || is_test, "policy.md names {name}, which does not exist");
    }
    assert!(named > 60, "only {named} names were found");
    let unnamed: Vec<&String> = sessions.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(unnamed.len() < 12, "sessions that show no setting: {unnamed:?}");
}
