//! A whole activity, small: parallel forms before and after, pages, a case with
//! three endings, an evaluation, two kinds of credit, a consent and an identifier.

use enduring_core::content::{
    Activity, Back, Branch, Case, CaseGate, Certainty, Condition, Counter, Decision, DecisionOption, Effect,
    Ending, EndingQuality, Entry, Evaluation, ExpertStep, FormTurn, Forms, LabResult, LabValue, Label, Link,
    Linkage, Need, Node, NodeStep, Order, Part, PartBody, Policy, Question, QuestionBody, Redraw, Reveal,
    Rule, Section, Selection, TestPolicy, TestRole, Unanswered, Worth,
};
use enduring_core::id::ItemId;
use enduring_core::measure::{Decimal, Millis, Percent, Points};

use super::front::{
    activity as around, consent, counter, credit, decision, doc, ending, entry, forms, identifier, item_id,
    link, node, objective, option, rule,
};
use super::items::{key_only, part, reading, references, single, test};

pub fn activity() -> Activity {
    let pre = TestPolicy {
        threshold: None,
        attempts: Some(1),
        cool_down: Millis(0),
        redraw: Redraw::New,
        shuffle_items: Order::Fixed,
        shuffle_options: Order::Shuffled,
        reveal: Reveal::Never,
        back: Back::Free,
        certainty: Certainty::Optional,
        item_limit: None,
        attempt_limit: None,
        unanswered: Unanswered::Refuse,
    };
    let post = TestPolicy {
        threshold: Some(Percent(70)),
        attempts: Some(3),
        cool_down: Millis(3_600_000),
        shuffle_items: Order::Shuffled,
        reveal: Reveal::AfterAttempt,
        certainty: Certainty::Off,
        ..pre.clone()
    };
    let turn = |turn| Selection::Form { forms: forms("paired"), turn };
    let parts = vec![
        test("pre", TestRole::Pre, turn(FormTurn::First), pre),
        reading("reading", 2),
        case(),
        test("post", TestRole::Post, turn(FormTurn::Second), post),
        evaluation(),
    ];
    let mut activity = around("journey", "A whole activity", Policy::default(), parts);
    let measured = [(1, "recognize"), (2, "recognize"), (3, "treat"), (4, "treat")];
    activity.items = ["a", "b"]
        .iter()
        .flat_map(|form| measured.map(|(number, goal)| single(&format!("{form}{number}"), goal)))
        .collect();
    let form = |name: &str| -> Vec<ItemId> { (1..=4).map(|n| item_id(&format!("{name}{n}"))).collect() };
    activity.forms = vec![Forms { id: forms("paired"), a: form("a"), b: form("b") }];
    activity.front.credits.push(credit("hours", "contact hours", 50, 50, &["nurse"]));
    activity.front.consents = vec![consent("reporting")];
    activity.front.identifiers = vec![identifier("board-number")];
    activity
}

fn case() -> Part {
    let case = Case {
        patient: "A patient of 60 with a fever. It began two days ago.".to_owned(),
        start: node("arrival"),
        nodes: vec![
            at("arrival", NodeStep::Links(vec![examine()])),
            at("treat", NodeStep::Decision(treatment())),
            ends("better", EndingQuality::Best, 1_000),
            ends("slower", EndingQuality::Fair, 500),
            ends("worse", EndingQuality::Poor, 0),
        ],
        chart: vec![
            shown("vitals", Section::Examination, "lactate", "1.8"),
            shown("lab", Section::Laboratory, "lactate", "4.1"),
        ],
        counters: vec![Counter {
            id: counter("minutes"),
            label: "Minutes since arrival".to_owned(),
            initial: 0,
            min: 0,
            max: 240,
        }],
        rules: vec![Rule {
            id: rule("late"),
            when: Condition::AtLeast { counter: counter("minutes"), value: 60 },
            text: doc("An hour has passed."),
            effects: Vec::new(),
            divert: None,
        }],
        gate: CaseGate::Ending,
        expert: vec![ExpertStep::Follow(link("examine")), ExpertStep::Decide(vec![option("give")])],
        debrief: key_only("fever"),
        references: references("fever"),
    };
    part("fever", "The case", 8, PartBody::Case(case))
}

fn at(id: &str, step: NodeStep) -> Node {
    Node {
        id: node(id),
        title: format!("Node {id}"),
        text: doc(&format!("Text of {id}")),
        effects: Vec::new(),
        step,
    }
}

fn ends(id: &str, quality: EndingQuality, points: u32) -> Node {
    let title = format!("It went {id}");
    at(id, NodeStep::Ending(Ending { id: ending(id), title, quality, points: Points(points) }))
}

fn examine() -> Link {
    Link {
        id: link("examine"),
        text: "Examine".to_owned(),
        when: Condition::Always,
        effects: vec![Effect::Disclose(entry("vitals"))],
        to: node("treat"),
    }
}

fn treatment() -> Decision {
    let can = |id: &str, worth, effects| DecisionOption {
        id: option(id),
        text: doc(&format!("Option {id}")),
        worth,
        consequence: doc(&format!("After {id}.")),
        effects,
    };
    let id = || decision("treatment");
    Decision {
        id: id(),
        prompt: doc("What now?"),
        options: vec![
            can("give", Worth::Earns(Points(1_000)), vec![Effect::Disclose(entry("lab"))]),
            can("wait", Worth::Costs(Points(500)), vec![Effect::Add { counter: counter("minutes"), by: 60 }]),
            can("call", Worth::Neutral, Vec::new()),
            can("stop", Worth::Harmful, Vec::new()),
        ],
        min_picks: 1,
        max_picks: 2,
        objectives: vec![objective("treat")],
        rationale: key_only("treatment"),
        references: references("treatment"),
        branches: vec![
            Branch { when: Condition::Picked { decision: id(), option: option("stop") }, to: node("worse") },
            Branch { when: Condition::Earned { decision: id(), points: Points(1_000) }, to: node("better") },
        ],
        otherwise: node("slower"),
    }
}

fn shown(id: &str, section: Section, analyte: &str, value: &str) -> Entry {
    let number = |text| Decimal::parse(text).expect("a number");
    Entry {
        id: entry(id),
        section,
        title: format!("Entry {id}"),
        time: "Day 1".to_owned(),
        text: doc(""),
        results: vec![LabResult {
            analyte: analyte.to_owned(),
            value: LabValue::Number(number(value)),
            unit: "mmol/L".to_owned(),
            low: None,
            high: Some(number("2")),
        }],
    }
}

fn evaluation() -> Part {
    let label = |(id, text): (&str, &str)| Label { id: option(id), text: text.to_owned() };
    let question =
        |id: &str, need, body| Question { id: item_id(id), text: doc(&format!("About {id}?")), need, body };
    let likert = QuestionBody::Likert { labels: [("no", "Disagree"), ("yes", "Agree")].map(label).into() };
    let scale = QuestionBody::Scale { from: 0, to: 10, low: "Never".to_owned(), high: "Surely".to_owned() };
    let commitment = QuestionBody::Commitment {
        statements: [("sooner", "I will treat sooner")].map(label).into(),
        max_chars: 500,
    };
    let questions = vec![
        question("useful", Need::Required, likert),
        question("recommend", Need::Optional, scale),
        question("words", Need::Optional, QuestionBody::FreeText { max_chars: 500 }),
        question("change", Need::Required, commitment),
    ];
    part(
        "evaluation",
        "Evaluation",
        2,
        PartBody::Evaluation(Evaluation { linkage: Linkage::Named, questions }),
    )
}
