//! Tests before and after, a reading.

use enduring_core::content::{Align, Block, Document, Inline, Reveal, Table, TestPolicy, TestRole};
use enduring_core::id::{ObjectiveId, PartId};
use enduring_core::measure::{Millis, Minutes, Percent, Points, Timestamp};
use enduring_core::score::AttemptScore;
use enduring_core::session::view::{
    Comparison, ComparisonRow, NextAttempt, Opening, ReadingView, StepKind, TestResult, TestStart,
};

use super::{items, p};

fn part() -> PartId {
    PartId::new("part").expect("a name")
}

pub fn opening() -> Opening {
    Opening {
        part: part(),
        title: "A cough that took the breath".into(),
        kind: StepKind::Case,
        minutes: Minutes(12),
        introduction: p("You are on call in a district hospital. It is 19:40 on a Tuesday in February."),
        test: None,
    }
}

pub fn start() -> TestStart {
    TestStart {
        part: part(),
        title: "Post-test".into(),
        role: TestRole::Post,
        introduction: p("Eight questions on what you have just worked through."),
        policy: TestPolicy {
            attempts: Some(3),
            cool_down: Millis(86_400_000),
            reveal: Reveal::AfterPassing,
            attempt_limit: Some(Millis(1_200_000)),
            ..TestPolicy::default()
        },
    }
}

pub fn reading() -> ReadingView {
    let text = |text: &str| vec![Inline::Text(text.into())];
    let link = Inline::Link { to: "mailto:desk@example.org".into(), text: text("the 2019 guideline") };
    let document = Document::from([
        Block::Paragraph(vec![
            Inline::Text("Severity decides where a patient is treated, and it is decided more than once. The scores help; ".into()),
            Inline::Emphasis(text("they do not replace judgement")),
            Inline::Text(". See ".into()),
            link,
            Inline::Text(".".into()),
        ]),
        Block::Heading { level: 2, text: text("Scores") },
        Block::Bullets(vec![
            vec![Block::Paragraph(text("PSI, preferred where it can be computed"))],
            vec![Block::Paragraph(text("CURB-65, quick at the bedside"))],
        ]),
        Block::Table(Table {
            caption: "CURB-65 and 30-day mortality".into(),
            head: vec![text("Points"), text("Risk"), text("Mortality"), text("Suggested place of care")],
            align: vec![Align::Start, Align::Start, Align::End, Align::Start],
            rows: vec![
                vec![text("0–1"), text("low"), text("1.5 %"), text("at home")],
                vec![text("2"), text("intermediate"), text("9.2 %"), text("short stay or supervised outpatient treatment")],
                vec![text("3–5"), text("high"), text("22 %"), text("hospital; consider intensive care at 4 or 5")],
            ],
        }),
        Block::Quote(vec![Block::Paragraph(text("Treat the patient, then the radiograph."))]),
        Block::Paragraph(text("A patient who lives alone, cannot take tablets or has an oxygen saturation below 92 % is admitted whatever the score says.")),
    ]);
    ReadingView {
        part: part(),
        page: 1,
        of: 4,
        title: "How severe is it?".into(),
        text: document,
        all_seen: false,
    }
}

fn score(right: u16, passed: bool) -> AttemptScore {
    AttemptScore {
        points: Points(u32::from(right) * 1_000 + 500),
        possible: Points(8_000),
        right,
        items: 8,
        passed,
        objectives: Vec::new(),
    }
}

pub fn result(name: &str) -> TestResult {
    let passed = name == "passed";
    let reviewed = |name: &str, number: u16| {
        let mut item = items::named(name).map(items::answered).expect("a known name").item;
        item.number = number;
        item.item = enduring_core::id::ItemId::new(name).expect("a name");
        item
    };
    TestResult {
        part: part(),
        title: "Post-test".into(),
        role: TestRole::Post,
        threshold: Some(Percent(75)),
        attempts: if passed { vec![score(4, false), score(6, true)] } else { vec![score(4, false)] },
        passed,
        next: match name {
            "passed" => NextAttempt::NotNeeded,
            "wait" => NextAttempt::From { at: Timestamp(1_795_300_000_000 + 82_800_000), left: Some(2) },
            _ => NextAttempt::NoneLeft,
        },
        items: if passed {
            vec![reviewed("single", 1), reviewed("statements", 2), reviewed("steps", 3)]
        } else {
            Vec::new()
        },
    }
}

pub fn comparison() -> Comparison {
    let row = |name: &str, text: &str, pre: u16, post: u16| ComparisonRow {
        objective: ObjectiveId::new(name).expect("a name"),
        text: text.into(),
        pre_right: pre,
        pre_items: 2,
        post_right: post,
        post_items: 2,
    };
    Comparison {
        rows: vec![
            row("o1", "Judge the severity of pneumonia at the bedside and choose the place of care", 1, 2),
            row("o2", "Choose the first antibiotic by risk factors that were validated locally", 0, 2),
            row("o3", "Name the tests that change treatment", 1, 1),
            row("o4", "Decide when to change to tablets and when to stop", 2, 1),
        ],
        total: (4, 8, 6, 8),
        passed: Some((2, 6, 8)),
    }
}
