//! What the encounter is judged by, out of `rubric.toml`.

use enduring_core::content::patient::*;
use enduring_core::id::LineId;
use enduring_core::measure::{Percent, Points};

use super::super::diagnostic::Problem;
use super::super::fields::Fields;
use super::super::front::Bibliography;
use super::super::names::Scope;
use super::course::ascending;
use super::formula::Formulas;
use super::places::Places;
use super::quantity::{ANY, Quantities, written};

#[derive(Clone, Copy)]
enum Kind {
    Timely,
    Sequence,
    Harm,
    Economy,
    Outcome,
}

const KINDS: [(&str, Kind); 5] = [
    ("timely", Kind::Timely),
    ("sequence", Kind::Sequence),
    ("harm", Kind::Harm),
    ("economy", Kind::Economy),
    ("outcome", Kind::Outcome),
];

const SPARED: [(&str, Economy); 3] =
    [("orders", Economy::Orders), ("cost", Economy::Cost), ("minutes", Economy::Minutes)];

/// The outcome is at most one of so many parts of what is possible.
const OUTCOME_PARTS: u32 = 5;

/// Reads the rubric.
pub fn rubric(fields: &Fields, places: &Places, bibliography: &Bibliography) -> Rubric {
    let tables = fields.tables("line");
    let lines: Vec<RubricLine> =
        tables.iter().filter_map(|table| line(table, places, bibliography)).collect();
    let sum = |of: fn(&Measure) -> bool| {
        lines.iter().filter(|line| of(&line.measure)).map(|line| line.points).sum::<Points>().0
    };
    let possible = sum(|measure| !matches!(measure, Measure::Harm { .. }));
    let outcome = sum(|measure| matches!(measure, Measure::Outcome));
    if possible == 0 {
        fields.report(
            Problem::error(&fields.place(), "a rubric by which nothing can be earned")
                .expected("at least one [[line]] that is not a harm"),
        );
    }
    if outcome.saturating_mul(OUTCOME_PARTS) > possible {
        let heavy = tables.iter().find(|table| table.raw("kind").is_some_and(|kind| kind.text == "outcome"));
        fields.report(
            Problem::error(
                &heavy.map_or_else(|| fields.place(), |table| table.place_of("points")),
                "the outcome weighs more than what was done",
            )
            .expected(format!(
                "at most {} thousandths of a point, a fifth of what is possible",
                possible / OUTCOME_PARTS
            ))
            .found(outcome.to_string()),
        );
    }
    let cap = fields.number("cap_after_harm", 0..=100);
    Rubric { lines, cap_after_harm: Percent(cap.and_then(|cap| u8::try_from(cap).ok()).unwrap_or(100)) }
}

fn line(fields: &Fields, places: &Places, bibliography: &Bibliography) -> Option<RubricLine> {
    let id: LineId = fields.define("id", &places.scope);
    let Some(kind) = fields.word("kind", &KINDS) else {
        fields.give_up();
        return None;
    };
    let objectives = fields.mentions("objectives", &Scope::activity());
    let measures = matches!(kind, Kind::Timely | Kind::Sequence);
    if measures && objectives.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("objectives"), format!("rubric line `{id}` measures nothing"))
                .expected("objectives = [\"…\"] with at least one name of an [[objective]]"),
        );
    }
    let points = fields.points("points");
    if points.0 == 0 && fields.has("points") {
        fields.report(
            Problem::error(&fields.place_of("points"), format!("rubric line `{id}` is worth nothing"))
                .expected("points above nothing"),
        );
    }
    Some(RubricLine {
        title: fields.text("title"),
        objectives,
        points,
        measure: measure(fields, places, kind),
        rationale: fields.prose("rationale"),
        references: match (kind, fields.has("references")) {
            (Kind::Economy | Kind::Outcome, false) => Vec::new(),
            (Kind::Timely | Kind::Sequence | Kind::Harm | Kind::Economy | Kind::Outcome, _) => {
                bibliography.cited(fields)
            }
        },
        id,
    })
}

fn measure(fields: &Fields, places: &Places, kind: Kind) -> Measure {
    let formulas = Formulas { fields, places };
    let quantities = Quantities { fields, places };
    match kind {
        Kind::Timely => {
            let (within, late) = (quantities.span("within", ANY), quantities.optional_span("late", ANY));
            let times = [("within", within), ("late", late)];
            ascending(fields, "late begins before in time ends", &times, |span| written(span.0));
            let within = within.unwrap_or_default();
            let late = late.unwrap_or(within);
            Measure::Timely { any: formulas.deeds("any"), opens: formulas.condition("opens"), within, late }
        }
        Kind::Sequence => Measure::Sequence { first: formulas.deeds("first"), then: formulas.deeds("then") },
        Kind::Harm => Measure::Harm {
            when: formulas.required_condition("when"),
            weight: match fields.optional_truth("critical") {
                Some(true) => HarmWeight::Critical,
                Some(false) | None => HarmWeight::Costs,
            },
        },
        Kind::Economy => Measure::Economy {
            of: fields.word("of", &SPARED).unwrap_or(Economy::Orders),
            most: fields.number("most", 0..=1_000_000).and_then(|most| u32::try_from(most).ok()).unwrap_or(0),
        },
        Kind::Outcome => Measure::Outcome,
    }
}
