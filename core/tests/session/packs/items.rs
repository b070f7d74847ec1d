//! Items, parts and tests, so short that a session over them can be read.

use enduring_core::content::{
    Choice, Document, Item, ItemBody, MatchStem, Page, PanelOption, Part, PartBody, PartScoring, Reading,
    Reference, Selection, Test, TestPolicy, TestRole, Truth, TruthStatement,
};
use enduring_core::measure::{Decimal, Minutes};

use super::KEY_ONLY;
use super::front::{doc, item_id, objective, option, part_id};

pub fn key_only(about: &str) -> Document {
    doc(&format!("{KEY_ONLY} {about}."))
}

pub fn references(about: &str) -> Vec<Reference> {
    vec![Reference { text: format!("{KEY_ONLY} {about}, source."), url: None }]
}

fn choice(item: &str, id: &str) -> Choice {
    Choice { id: option(id), text: doc(&format!("Option {id}")), feedback: key_only(&format!("{item}/{id}")) }
}

fn choices(item: &str, ids: &[&str]) -> Vec<Choice> {
    ids.iter().map(|id| choice(item, id)).collect()
}

pub fn item(id: &str, measures: &str, body: ItemBody) -> Item {
    Item {
        id: item_id(id),
        objectives: vec![objective(measures)],
        stem: doc(&format!("Stem of {id}")),
        image: None,
        body,
        rationale: key_only(id),
        references: references(id),
        difficulty: String::new(),
    }
}

/// A, B or C; B is right.
pub fn single(id: &str, measures: &str) -> Item {
    let body = ItemBody::SingleBest { options: choices(id, &["a", "b", "c"]), key: option("b") };
    item(id, measures, body)
}

/// Of a, b, c and d, a and c are right; at most three picks.
pub fn multiple(id: &str, scoring: PartScoring) -> Item {
    let body = ItemBody::MultipleResponse {
        options: choices(id, &["a", "b", "c", "d"]),
        key: vec![option("a"), option("c")],
        scoring,
        max_picks: Some(3),
    };
    item(id, "recognize", body)
}

/// The first and third of three statements are true.
pub fn true_false(id: &str, scoring: PartScoring) -> Item {
    let statement = |(name, truth): (&str, Truth)| TruthStatement {
        id: option(name),
        text: doc(&format!("Statement {name}")),
        truth,
        feedback: key_only(&format!("{id}/{name}")),
    };
    let statements = [("s1", Truth::True), ("s2", Truth::False), ("s3", Truth::True)].map(statement).into();
    item(id, "recognize", ItemBody::TrueFalse { statements, scoring })
}

/// m1 goes with x, m2 with y and m3 with x again.
pub fn matching(id: &str, scoring: PartScoring) -> Item {
    let stem = |(name, key): (&str, &str)| MatchStem {
        id: option(name),
        text: doc(&format!("Vignette {name}")),
        key: option(key),
        feedback: key_only(&format!("{id}/{name}")),
    };
    let stems = [("m1", "x"), ("m2", "y"), ("m3", "x")].map(stem).into();
    item(id, "treat", ItemBody::ExtendedMatching { options: choices(id, &["x", "y", "z"]), stems, scoring })
}

/// first, second, third, fourth.
pub fn ordering(id: &str, scoring: PartScoring) -> Item {
    let steps = choices(id, &["first", "second", "third", "fourth"]);
    item(id, "treat", ItemBody::Ordering { steps, scoring })
}

/// 7.4, give or take 0.05.
pub fn numeric(id: &str) -> Item {
    let number = |text| Decimal::parse(text).expect("a number");
    let body = ItemBody::Numeric { unit: "mmol/L".to_owned(), key: number("7.4"), tolerance: number("0.05") };
    item(id, "recognize", body)
}

/// Votes of the panel: 1 for less, 3 for same, 6 for more.
pub fn concordance(id: &str) -> Item {
    let point = |(name, votes): (&str, u16)| PanelOption { id: option(name), text: doc(name), votes };
    let body = ItemBody::ScriptConcordance {
        hypothesis: doc("If you were thinking of it"),
        finding: doc("and then found this"),
        scale: [("less", 1), ("same", 3), ("more", 6)].map(point).into(),
    };
    item(id, "recognize", body)
}

/// Of a to e, a and d are decisive; more than three picks spoil it.
pub fn key_feature(id: &str) -> Item {
    let body = ItemBody::KeyFeature {
        options: choices(id, &["a", "b", "c", "d", "e"]),
        key: vec![option("a"), option("d")],
        max_picks: 3,
    };
    item(id, "treat", body)
}

pub fn part(id: &str, title: &str, minutes: u32, body: PartBody) -> Part {
    Part { id: part_id(id), title: title.to_owned(), minutes: Minutes(minutes), body }
}

pub fn test(id: &str, role: TestRole, selection: Selection, policy: TestPolicy) -> Part {
    let body = PartBody::Test(Test { role, introduction: doc("How this test works."), selection, policy });
    part(id, &format!("The {id} test"), 5, body)
}

pub fn named(ids: &[&str]) -> Selection {
    Selection::Items(ids.iter().map(|id| item_id(id)).collect())
}

pub fn reading(id: &str, pages: usize) -> Part {
    let page = |number| Page { title: format!("Page {number}"), text: doc(&format!("Text {number}")) };
    part(id, "Reading", 5, PartBody::Reading(Reading { pages: (1..=pages).map(page).collect() }))
}
