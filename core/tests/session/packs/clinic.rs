//! A case with everything that a case can have: a loop, ways on that depend on what
//! was seen, counters, a rule that tells, a rule that diverts, two decisions, five
//! endings, and a score that must be reached.

use enduring_core::content::{
    Activity, Branch, Case, CaseGate, Condition, Counter, Decision, DecisionOption, Effect, Ending,
    EndingQuality, Entry, ExpertStep, Link, Node, NodeStep, PartBody, Policy, Rule, Section, Worth,
};
use enduring_core::measure::{Percent, Points};

use super::front::{
    activity as around, counter, decision, doc, ending, entry, link, node, objective, option, rule,
};
use super::items::{key_only, part, references};

pub fn activity() -> Activity {
    let parts = vec![part("ward", "On the ward", 10, PartBody::Case(case()))];
    around("clinic", "A case", Policy::default(), parts)
}

fn case() -> Case {
    let minutes = |value| Condition::AtLeast { counter: counter("minutes"), value };
    let met = Condition::All(vec![Condition::Visited(node("talk")), Condition::Opened(entry("history"))]);
    Case {
        patient: "A patient of 40 with a cough. Nobody asked yet.".to_owned(),
        start: node("start"),
        nodes: vec![
            Node {
                effects: vec![Effect::Disclose(entry("history")), add("minutes", 10)],
                ..at(
                    "start",
                    NodeStep::Links(vec![
                        way("ask", Condition::Always, vec![add("trust", 1)], "talk"),
                        way("order", Condition::Always, vec![Effect::Disclose(entry("lab"))], "workup"),
                    ]),
                )
            },
            at("talk", NodeStep::Links(vec![way("back", Condition::Always, Vec::new(), "start")])),
            at("workup", NodeStep::Decision(tests())),
            at(
                "plan",
                NodeStep::Links(vec![
                    way("discharge", Condition::Not(Box::new(minutes(60))), Vec::new(), "home"),
                    way("consult", met, vec![Effect::Set { counter: counter("trust"), to: 5 }], "advice"),
                    way("admit", Condition::Always, Vec::new(), "treat"),
                ]),
            ),
            at("advice", NodeStep::Links(vec![way("go-on", Condition::Always, Vec::new(), "treat")])),
            at("treat", NodeStep::Decision(therapy())),
            at("unit", NodeStep::Links(vec![way("transfer", Condition::Always, Vec::new(), "moved")])),
            ends("cured", EndingQuality::Best, 1_000),
            ends("scarred", EndingQuality::Fair, 500),
            ends("home", EndingQuality::Fair, 200),
            ends("lost", EndingQuality::Poor, 0),
            ends("moved", EndingQuality::Poor, 100),
        ],
        chart: vec![
            filed("history", Section::History),
            filed("lab", Section::Laboratory),
            filed("scan", Section::Imaging),
            filed("note", Section::Notes),
        ],
        counters: vec![count("minutes", "Minutes since arrival", 0, 120), count("trust", "", -5, 5)],
        rules: vec![
            Rule {
                id: rule("shift"),
                when: minutes(60),
                text: doc("The day shift leaves."),
                effects: vec![Effect::Disclose(entry("note"))],
                divert: None,
            },
            Rule {
                id: rule("worsens"),
                when: minutes(100),
                text: doc("The patient worsens."),
                effects: Vec::new(),
                divert: Some(node("unit")),
            },
        ],
        gate: CaseGate::Threshold(Percent(60)),
        expert: vec![
            ExpertStep::Follow(link("order")),
            ExpertStep::Decide(vec![option("scan"), option("culture")]),
            ExpertStep::Follow(link("admit")),
            ExpertStep::Decide(vec![option("narrow")]),
        ],
        debrief: key_only("ward"),
        references: references("ward"),
    }
}

fn tests() -> Decision {
    Decision {
        id: decision("tests"),
        prompt: doc("Which tests?"),
        options: vec![
            can("scan", Worth::Earns(Points(600)), vec![Effect::Disclose(entry("scan")), add("minutes", 30)]),
            can("culture", Worth::Earns(Points(400)), vec![add("minutes", 20)]),
            can("everything", Worth::Costs(Points(300)), vec![add("minutes", 90)]),
            can("nothing", Worth::Neutral, Vec::new()),
        ],
        min_picks: 1,
        max_picks: 2,
        objectives: vec![objective("recognize")],
        rationale: key_only("tests"),
        references: references("tests"),
        branches: Vec::new(),
        otherwise: node("plan"),
    }
}

fn therapy() -> Decision {
    let picked = |id: &str| Condition::Picked { decision: decision("therapy"), option: option(id) };
    let unprepared =
        Condition::Not(Box::new(Condition::Earned { decision: decision("tests"), points: Points(600) }));
    Decision {
        id: decision("therapy"),
        prompt: doc("Which therapy?"),
        options: vec![
            can("narrow", Worth::Earns(Points(1_000)), Vec::new()),
            can("broad", Worth::Earns(Points(500)), Vec::new()),
            can("none", Worth::Harmful, Vec::new()),
        ],
        min_picks: 1,
        max_picks: 1,
        objectives: vec![objective("treat")],
        rationale: key_only("therapy"),
        references: references("therapy"),
        branches: vec![
            Branch { when: picked("none"), to: node("lost") },
            Branch { when: Condition::Any(vec![picked("broad"), unprepared]), to: node("scarred") },
        ],
        otherwise: node("cured"),
    }
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
    let title = format!("The patient is {id}");
    at(id, NodeStep::Ending(Ending { id: ending(id), title, quality, points: Points(points) }))
}

fn way(id: &str, when: Condition, effects: Vec<Effect>, to: &str) -> Link {
    Link { id: link(id), text: format!("Way {id}"), when, effects, to: node(to) }
}

fn can(id: &str, worth: Worth, effects: Vec<Effect>) -> DecisionOption {
    DecisionOption {
        id: option(id),
        text: doc(&format!("Option {id}")),
        worth,
        consequence: doc(&format!("After {id}.")),
        effects,
    }
}

fn add(id: &str, by: i32) -> Effect {
    Effect::Add { counter: counter(id), by }
}

fn count(id: &str, label: &str, min: i32, max: i32) -> Counter {
    Counter { id: counter(id), label: label.to_owned(), initial: 0, min, max }
}

fn filed(id: &str, section: Section) -> Entry {
    Entry {
        id: entry(id),
        section,
        title: format!("Entry {id}"),
        time: "Day 1".to_owned(),
        text: doc(&format!("What {id} says")),
        results: Vec::new(),
    }
}
