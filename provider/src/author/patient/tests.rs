//! The small language as it is shipped: what binds tighter, and what units come to.

use std::path::Path;
use std::rc::Rc;

use enduring_core::content::patient::*;
use enduring_core::measure::{Amount, Seconds};

use super::super::fields::Fields;
use super::super::names::Scope;
use super::super::source::{Folder, SourceText};
use super::change::Standing;
use super::formula::Formulas;
use super::places::Tables;

const SOURCE: &str = r#"
[[variable]]
id = "sbp"
unit = "mmHg"
vital = "systolic"
[[variable]]
id = "dbp"
unit = "mmHg"
vital = "diastolic"
[[variable]]
id = "score"
vital = "hidden"
[[stage]]
id = "shock"
[[rule]]
id = "worse"
[[action]]
id = "fluid"
[action.dose]
unit = "mL"
form = "bolus"
[[action.route]]
id = "iv"
[[action.route]]
id = "io"
[[action]]
id = "look"
"#;

/// Reads a text under the key `it` by `read`, which must find nothing wrong.
fn parse<T>(text: &str, read: impl Fn(&Formulas) -> T) -> T {
    let (value, wrong) = try_parse(text, read);
    assert_eq!(wrong, "", "{text}");
    value
}

fn try_parse<T>(text: &str, read: impl Fn(&Formulas) -> T) -> (T, String) {
    let folder = Folder::new(Path::new("."));
    let text = format!("it = \"{text}\"\nlist = [\"{text}\"]\n{SOURCE}");
    let file = Rc::new(SourceText::new("patient.toml", text));
    let value = folder.toml_part(&file, 0..file.text.len(), |fields: &Fields| {
        let tables = Tables::of(fields, fields);
        for table in tables.variables.iter().chain(&tables.stages).chain(&tables.rules).chain(&tables.actions)
        {
            table.give_up();
        }
        fields.give_up();
        let places = tables.places(Scope::inside("the test"));
        read(&Formulas { fields, places: &places })
    });
    folder.names.resolve(&folder);
    let wrong = folder.diagnostics().iter().map(ToString::to_string).collect();
    (value.expect("TOML"), wrong)
}

fn guard(text: &str) -> Guard {
    parse(text, |formulas| formulas.required_condition("it"))
}

fn change(text: &str) -> Change {
    parse(text, |formulas| formulas.changes("list", Standing::Elsewhere)).remove(0)
}

fn number(text: &str) -> Formula {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction:0<6}");
    one(Op::Number(Amount(digits.parse().expect("a number"))))
}

fn one(op: Op) -> Formula {
    Formula::of(vec![op])
}

fn sbp() -> Formula {
    one(SBP)
}

const SBP: Op = Op::Variable(VariableAt(0));
const DBP: Op = Op::Variable(VariableAt(1));

#[test]
fn times_binds_tighter_than_plus_and_both_go_from_the_left() {
    let ops = |text: &str| match guard(text) {
        Guard::Less(left, _) => left.ops().to_vec(),
        other => panic!("a comparison, not {other:?}"),
    };
    let [two, three, five] = [2, 3, 5].map(|whole| Op::Number(Amount::whole(whole)));
    assert_eq!(
        ops("(sbp + 2 * dbp) / 3 < 65 mmHg"),
        [SBP, two, DBP, Op::Product, Op::Sum, three, Op::Quotient]
    );
    assert_eq!(ops("sbp - dbp -5 mmHg < 0 mmHg"), [SBP, DBP, Op::Difference, five, Op::Difference]);
    let less = [five, SBP, DBP, Op::Difference, Op::Difference];
    assert_eq!(ops("5 mmHg - (sbp - dbp) < 0 mmHg"), less);
}

#[test]
fn and_binds_tighter_than_or_and_not_tightest() {
    let (a, b, c) = (Guard::Done(ActionAt(0)), Guard::InStage(StageAt(0)), Guard::Fired(RuleAt(0)));
    assert_eq!(
        guard("done(fluid) or not in_stage(shock) and fired(worse)"),
        Guard::Any(vec![a.clone(), Guard::All(vec![Guard::Not(Box::new(b.clone())), c.clone()])])
    );
    assert_eq!(
        guard("(done(fluid) or in_stage(shock)) and fired(worse)"),
        Guard::All(vec![Guard::Any(vec![a, b]), c])
    );
}

#[test]
fn comparisons_have_two_shapes_in_core() {
    assert_eq!(guard("sbp > 90 mmHg"), Guard::Less(number("90"), sbp()));
    assert_eq!(guard("sbp >= 90 mmHg"), Guard::AtMost(number("90"), sbp()));
    let both = Guard::All(vec![Guard::AtMost(sbp(), number("90")), Guard::AtMost(number("90"), sbp())]);
    assert_eq!(guard("sbp == 90 mmHg"), both);
}

#[test]
fn spans_count_seconds() {
    assert_eq!(guard("time >= 1 h 30 min"), Guard::AtMost(number("5400"), one(Op::Time)));
    assert_eq!(guard("time < 1.5 min"), Guard::Less(one(Op::Time), number("90")));
    let minutes = one(Op::Since(ActionAt(0))).join(number("60"), Op::Quotient);
    assert_eq!(guard("minutes_since(fluid) > 5"), Guard::Less(number("5"), minutes));
    assert_eq!(guard("total(fluid) < 500 mL"), Guard::Less(one(Op::Total(ActionAt(0))), number("500")));
}

#[test]
fn changes_have_a_pace() {
    let course = |to, pace| Change::Course { variable: VariableAt(0), to, pace };
    assert_eq!(change("sbp -> 60 mmHg half 4 min"), course(number("60"), Pace::FirstOrder(48_385)));
    let linear = Pace::Linear(Amount(33_333));
    assert_eq!(change("sbp -> 60 mmHg by 2 mmHg per min"), course(number("60"), linear));
    assert_eq!(change("sbp -> 60 mmHg by 1 mmHg per 30 s"), course(number("60"), linear));
    let least = sbp().join(number("70"), Op::Least);
    assert_eq!(change("sbp -> min(sbp, 70 mmHg) half 1 s"), course(least, Pace::FirstOrder(1 << 23)));
    assert_eq!(change("sbp = dbp + 5.5 mmHg"), course(one(DBP).join(number("5.5"), Op::Sum), Pace::Step));
    assert_eq!(
        change("score -= 2"),
        Change::Add { variable: VariableAt(2), by: one(Op::Number(Amount(-2_000_000))) }
    );
    assert_eq!(change("stage shock"), Change::Stage(StageAt(0)));
}

#[test]
fn deeds_and_steps_name_doses() {
    let deed = |text| parse(text, |formulas| formulas.deeds("list")).remove(0);
    let bounds = |text| {
        let deed: Deed = deed(text);
        (deed.least.map(|dose| dose.0), deed.most.map(|dose| dose.0), deed.route)
    };
    assert_eq!(bounds("fluid"), (None, None, None));
    assert_eq!(bounds("fluid 500.."), (Some(500_000_000), None, None));
    assert_eq!(bounds("fluid ..0.5 io"), (None, Some(500_000), Some(RouteAt(1))));
    assert_eq!(bounds("fluid 0.25..0.5 iv"), (Some(250_000), Some(500_000), Some(RouteAt(0))));
    assert_eq!(bounds("fluid 3"), (Some(3_000_000), Some(3_000_000), None));
    let step = |text| {
        parse(text, |formulas| formulas.fields.texts("list").iter().map(|text| formulas.step(text)).next())
    };
    assert_eq!(step("wait 2 min"), Some(ScriptStep::Wait(Seconds(120))));
    let dose = Some(Given { amount: Amount::whole(500), route: RouteAt(1) });
    assert_eq!(step("fluid 500 mL io"), Some(ScriptStep::Act { action: ActionAt(0), dose }));
    assert_eq!(step("look"), Some(ScriptStep::Act { action: ActionAt(1), dose: None }));
}

#[test]
fn a_caret_stands_under_the_very_word() {
    let (_, wrong) =
        try_parse("sbp < 90 mmHg and dbp > 60 mmhg", |formulas| formulas.required_condition("it"));
    let shown = "1 | it = \"sbp < 90 mmHg and dbp > 60 mmhg\"\n  |                                  ^^^^\n";
    assert!(wrong.contains(shown), "{wrong}");
    let (_, wrong) = try_parse("fluid 500 mL", |formulas| formulas.step(&formulas.fields.texts("list")[0]));
    assert!(wrong.contains("the name of a route") && wrong.contains("found: the end"), "{wrong}");
}
