//! A simulated patient with everything that one can have: every pace, effects that
//! rise, wane, add up and saturate, a rate, an interaction, a formula, work in
//! parallel, reports, rules once and again, stages, every kind of ending, and every
//! kind of line in the rubric.

use enduring_core::content::patient::*;
use enduring_core::content::{Activity, CaseGate, EndingQuality, PartBody, Policy};
use enduring_core::id::{ActionId, EndingId, LineId, RouteId, RuleId, StageId, VariableId};
use enduring_core::measure::{Amount, Percent, Points, Seconds};

use super::front::{activity as around, doc, objective};
use super::items::{key_only, part};

pub const HR: VariableAt = VariableAt(0);
pub const SBP: VariableAt = VariableAt(1);
pub const MAP: VariableAt = VariableAt(3);
pub const LACTATE: VariableAt = VariableAt(4);

pub const LOOK: ActionAt = ActionAt(0);
pub const MONITOR: ActionAt = ActionAt(1);
pub const PRESSOR: ActionAt = ActionAt(2);
pub const OXYGEN: ActionAt = ActionAt(3);
pub const FLUID: ActionAt = ActionAt(4);
pub const BLOOD: ActionAt = ActionAt(5);
pub const BLOCKER: ActionAt = ActionAt(6);
pub const HAND_OVER: ActionAt = ActionAt(7);
pub const GO_HOME: ActionAt = ActionAt(8);

pub fn activity() -> Activity {
    let parts = vec![part("bedside", "At the bedside", 10, PartBody::Patient(Box::new(patient())))];
    let mut activity = around("bedside", "A simulated patient", Policy::default(), parts);
    activity.content_version = 2;
    activity
}

pub fn n(number: i64) -> Formula {
    Formula::of(vec![Op::Number(Amount(number * 1_000_000))])
}

pub fn amount(number: i64) -> Amount {
    Amount(number * 1_000_000)
}

pub fn v(variable: VariableAt) -> Formula {
    Formula::of(vec![Op::Variable(variable)])
}

fn variable(id: &str, vital: Vital, initial: i64, range: (i64, i64), formula: Option<Formula>) -> Variable {
    Variable {
        id: VariableId::new(id).expect("a name"),
        label: id.to_owned(),
        unit: if vital == Vital::HeartRate { "/min" } else { "mmHg" }.to_owned(),
        vital,
        initial: amount(initial),
        min: amount(range.0),
        max: amount(range.1),
        decimals: 0,
        formula,
        alarm_low: (vital == Vital::Systolic).then(|| amount(90)),
        alarm_high: (vital == Vital::HeartRate).then(|| amount(120)),
    }
}

fn action(id: &str, group: ActionGroup, by: Actor, takes: u32) -> Action {
    Action {
        id: ActionId::new(id).expect("a name"),
        title: id.to_owned(),
        group,
        by,
        takes: Seconds(takes),
        asks: Seconds(5),
        offered: Guard::Always,
        otherwise: String::new(),
        repeats: Repeats::Again,
        weight: Weight::Light,
        cost: 1,
        dose: None,
        routes: Vec::new(),
        answers: Vec::new(),
        changes: Vec::new(),
        report: None,
    }
}

fn dose(unit: &str, form: DoseForm, usual: (i64, i64)) -> Dose {
    Dose {
        unit: unit.to_owned(),
        form,
        usual_low: amount(usual.0),
        usual_high: amount(usual.1),
        most_at_once: None,
        most_in_all: None,
        apart: None,
    }
}

fn route(id: &str, effects: Vec<DoseEffect>) -> Route {
    Route { id: RouteId::new(id).expect("a name"), title: id.to_owned(), effects }
}

fn effect(variable: VariableAt, most: i64, half: i64, course: [u32; 4]) -> DoseEffect {
    let [onset, peak, wanes, gone] = course.map(Seconds);
    DoseEffect { variable, most: amount(most), half: amount(half), onset, peak, wanes, gone, factor: None }
}

fn actions() -> Vec<Action> {
    let blocked = n(1).join(v(VariableAt(5)).join(n(2), Op::Quotient), Op::Difference);
    let pressor = DoseEffect { factor: Some(blocked), ..effect(SBP, 60, 1, [60, 120, 300, 600]) };
    vec![
        Action {
            answers: vec![
                Remark { when: Guard::Less(v(SBP), n(70)), text: doc("Gray.") },
                Remark { when: Guard::Always, text: doc("Pale.") },
            ],
            ..action("look", ActionGroup::Examination, Actor::You, 20)
        },
        Action {
            changes: vec![Change::Show(HR), Change::Show(SBP), Change::Show(MAP)],
            repeats: Repeats::Once,
            ..action("monitor", ActionGroup::Monitoring, Actor::Nurse, 30)
        },
        Action {
            dose: Some(Dose {
                most_at_once: Some(amount(2)),
                most_in_all: Some(amount(4)),
                apart: Some(Seconds(60)),
                ..dose("mg", DoseForm::Bolus, (1, 2))
            }),
            routes: vec![
                route("im", vec![pressor]),
                route("iv", vec![effect(SBP, 120, 1, [5, 10, 60, 120]), effect(HR, 60, 1, [5, 10, 60, 120])]),
            ],
            ..action("pressor", ActionGroup::Drugs, Actor::Nurse, 40)
        },
        Action {
            dose: Some(dose("L/min", DoseForm::Rate, (1, 15))),
            routes: vec![route("mask", vec![effect(HR, -10, 0, [0, 30, 30, 60])])],
            ..action("oxygen", ActionGroup::Airway, Actor::Nurse, 10)
        },
        Action {
            offered: Guard::Done(LOOK),
            otherwise: "Look first.".to_owned(),
            cost: 5,
            changes: vec![Change::Add { variable: LACTATE, by: n(-1) }],
            ..action("fluid", ActionGroup::Fluids, Actor::Team, 120)
        },
        Action {
            report: Some(Report {
                turnaround: Seconds(180),
                results: vec![ReportLine {
                    analyte: "Lactate".to_owned(),
                    unit: "mmol/L".to_owned(),
                    value: v(LACTATE),
                    decimals: 1,
                    low: Some(Amount(500_000)),
                    high: Some(amount(2)),
                }],
                findings: vec![Remark { when: Guard::Less(n(2), v(LACTATE)), text: doc("Raised.") }],
            }),
            ..action("blood", ActionGroup::Laboratory, Actor::Nurse, 20)
        },
        Action {
            weight: Weight::Irreversible,
            repeats: Repeats::Once,
            changes: vec![Change::Course { variable: VariableAt(5), to: n(1), pace: Pace::Step }],
            ..action("blocker", ActionGroup::Drugs, Actor::You, 0)
        },
        Action {
            offered: Guard::InStage(StageAt(1)),
            changes: vec![Change::Stop(OXYGEN), Change::End(EndingAt(1))],
            ..action("hand-over", ActionGroup::Disposition, Actor::You, 60)
        },
        Action {
            changes: vec![Change::End(EndingAt(3))],
            ..action("go-home", ActionGroup::Disposition, Actor::You, 0)
        },
    ]
}

fn rule(id: &str, when: Guard, held: u32, again: Option<u32>, changes: Vec<Change>) -> PatientRule {
    PatientRule {
        id: RuleId::new(id).expect("a name"),
        when,
        held: Seconds(held),
        again: again.map(Seconds),
        speaker: Speaker::Nurse,
        text: doc(id),
        notice: Notice::Interrupts,
        changes,
    }
}

fn ending(id: &str, kind: EndingKind, quality: EndingQuality, share: u16, when: Guard) -> PatientEnding {
    PatientEnding {
        id: EndingId::new(id).expect("a name"),
        title: id.to_owned(),
        kind,
        quality,
        text: doc(id),
        when,
        held: Seconds(10),
        share,
    }
}

fn line(id: &str, points: u32, measure: Measure) -> RubricLine {
    RubricLine {
        id: LineId::new(id).expect("a name"),
        title: id.to_owned(),
        objectives: vec![objective("treat")],
        points: Points(points),
        measure,
        rationale: key_only(id),
        references: Vec::new(),
    }
}

pub fn deed(action: ActionAt) -> Deed {
    Deed { action, route: None, least: None, most: None }
}

pub fn never() -> Guard {
    Guard::Not(Box::new(Guard::Always))
}

fn rubric() -> Rubric {
    let pressor =
        Deed { route: Some(RouteAt(0)), least: Some(amount(1)), most: Some(amount(2)), ..deed(PRESSOR) };
    Rubric {
        lines: vec![
            line(
                "pressor",
                4_000,
                Measure::Timely {
                    any: vec![pressor],
                    opens: Guard::Done(LOOK),
                    within: Seconds(120),
                    late: Seconds(240),
                },
            ),
            line(
                "look-first",
                2_000,
                Measure::Sequence { first: vec![deed(LOOK)], then: vec![deed(PRESSOR)] },
            ),
            line("over", 1_000, Measure::Harm { when: Guard::OverLimit(PRESSOR), weight: HarmWeight::Costs }),
            line(
                "blocked",
                2_000,
                Measure::Harm { when: Guard::Done(BLOCKER), weight: HarmWeight::Critical },
            ),
            line("orders", 1_000, Measure::Economy { of: Economy::Orders, most: 1 }),
            line("cost", 500, Measure::Economy { of: Economy::Cost, most: 8 }),
            line("minutes", 500, Measure::Economy { of: Economy::Minutes, most: 10 }),
            line("outcome", 2_000, Measure::Outcome),
        ],
        cap_after_harm: Percent(40),
    }
}

pub fn patient() -> Patient {
    let dbp = v(SBP).join(n(2), Op::Quotient);
    let twice = n(2).join(v(VariableAt(2)), Op::Product);
    let mean = v(SBP).join(twice, Op::Sum).join(n(3), Op::Quotient);
    Patient {
        patient: "A patient of 40 who was stung. You are called.".to_owned(),
        opening: doc("On the floor."),
        limit: Seconds(1_200),
        variables: vec![
            variable("hr", Vital::HeartRate, 110, (0, 250), None),
            variable("sbp", Vital::Systolic, 100, (0, 260), None),
            variable("dbp", Vital::Diastolic, 50, (0, 160), Some(dbp)),
            variable("map", Vital::Other, 66, (0, 200), Some(mean)),
            variable("lactate", Vital::Hidden, 3, (0, 30), None),
            variable("blocked", Vital::Hidden, 0, (0, 1), None),
        ],
        appearance: vec![
            Remark { when: Guard::Less(v(SBP), n(70)), text: doc("Gray and still.") },
            Remark { when: Guard::Always, text: doc("Pale.") },
        ],
        words: vec![Remark { when: Guard::AtMost(n(70), v(SBP)), text: doc("“I feel faint.”") }],
        rhythms: vec![
            (Guard::Less(v(SBP), n(30)), Rhythm::PulselessElectricalActivity),
            (Guard::Less(n(150), v(HR)), Rhythm::SupraventricularTachycardia),
        ],
        beginning: vec![
            Change::Course { variable: SBP, to: n(40), pace: Pace::FirstOrder(HALF_IN_240) },
            Change::Course { variable: HR, to: n(140), pace: Pace::Linear(Amount(50_000)) },
        ],
        stages: vec![
            Stage {
                id: StageId::new("shock").expect("a name"),
                title: "Shock".to_owned(),
                changes: Vec::new(),
            },
            Stage {
                id: StageId::new("recovering").expect("a name"),
                title: "Recovering".to_owned(),
                changes: vec![Change::Course {
                    variable: SBP,
                    to: n(110),
                    pace: Pace::FirstOrder(HALF_IN_240),
                }],
            },
        ],
        actions: actions(),
        rules: vec![
            rule("falling", Guard::Less(v(SBP), n(80)), 5, Some(120), Vec::new()),
            rule(
                "better",
                Guard::All(vec![Guard::Done(PRESSOR), Guard::AtMost(n(85), v(SBP))]),
                30,
                None,
                vec![
                    Change::Stage(StageAt(1)),
                    Change::Course { variable: LACTATE, to: n(1), pace: Pace::FirstOrder(HALF_IN_240) },
                ],
            ),
            rule(
                "rising",
                Guard::All(vec![
                    Guard::InStage(StageAt(0)),
                    Guard::Less(n(600), Formula::of(vec![Op::Time])),
                ]),
                0,
                Some(60),
                vec![Change::Add { variable: LACTATE, by: n(1) }],
            ),
        ],
        endings: vec![
            ending(
                "stable",
                EndingKind::Stable,
                EndingQuality::Best,
                1_000,
                Guard::All(vec![
                    Guard::InStage(StageAt(1)),
                    Guard::AtMost(n(100), v(SBP)),
                    Guard::Reported(BLOOD),
                ]),
            ),
            ending("handed-over", EndingKind::Transferred, EndingQuality::Fair, 500, never()),
            ending("arrest", EndingKind::Arrest, EndingQuality::Poor, 0, Guard::Less(v(SBP), n(45))),
            ending("home", EndingKind::LearnerEnds, EndingQuality::Poor, 0, never()),
            ending("over", EndingKind::TimeOut, EndingQuality::Poor, 100, never()),
        ],
        rubric: rubric(),
        gate: CaseGate::Threshold(Percent(60)),
        expert: vec![
            act(LOOK),
            act(MONITOR),
            ScriptStep::Act { action: PRESSOR, dose: Some(Given { amount: amount(1), route: RouteAt(0) }) },
            act(BLOOD),
            ScriptStep::Wait(Seconds(600)),
            ScriptStep::Wait(Seconds(600)),
            ScriptStep::Wait(Seconds(600)),
            ScriptStep::Wait(Seconds(600)),
            ScriptStep::Wait(Seconds(600)),
            ScriptStep::Wait(Seconds(600)),
            ScriptStep::Wait(Seconds(600)),
        ],
        debrief: key_only("bedside"),
        take_home: "Look, then give it.".to_owned(),
        references: Vec::new(),
    }
}

/// First order with a half-life of 240 seconds: 2^24 * (1 - 2^(-1/240)).
pub const HALF_IN_240: u32 = 48_384;

pub fn act(action: ActionAt) -> ScriptStep {
    ScriptStep::Act { action, dose: None }
}
