//! What can be done, out of `actions.toml`.

use enduring_core::content::patient::*;
use enduring_core::measure::{Amount, Seconds};

use super::super::diagnostic::Problem;
use super::super::fields::Fields;
use super::change::Standing;
use super::course::{ascending, decimals, number, remark};
use super::formula::Formulas;
use super::places::{ActionPlace, FORMS, Places, VariableKind};
use super::quantity::{ANY, Quantities, SOME, Unit, unit_of, written};

const GROUPS: [(&str, ActionGroup); 11] = [
    ("history", ActionGroup::History),
    ("examination", ActionGroup::Examination),
    ("monitoring", ActionGroup::Monitoring),
    ("airway", ActionGroup::Airway),
    ("fluids", ActionGroup::Fluids),
    ("drugs", ActionGroup::Drugs),
    ("procedures", ActionGroup::Procedures),
    ("laboratory", ActionGroup::Laboratory),
    ("imaging", ActionGroup::Imaging),
    ("consults", ActionGroup::Consults),
    ("disposition", ActionGroup::Disposition),
];

const ACTORS: [(&str, Actor); 3] = [("you", Actor::You), ("nurse", Actor::Nurse), ("team", Actor::Team)];

/// How long it takes to ask for something, where the author does not say.
const ASKS: Seconds = Seconds(5);

/// Reads an action.
pub fn action(fields: &Fields, places: &Places, known: &ActionPlace) -> Action {
    let formulas = Formulas { fields, places };
    let quantities = Quantities { fields, places };
    let by = fields.word("by", &ACTORS).unwrap_or(Actor::You);
    let asks = quantities.optional_span("asks", ANY);
    if by == Actor::You && asks.is_some() {
        fields.report(
            Problem::error(&fields.place_of("asks"), "nobody has to be asked for what you do")
                .expected("no `asks` where by = \"you\""),
        );
    }
    let tables = fields.tables("route");
    let dose = fields.table("dose").map(|table| dose(&table, places));
    match (&dose, tables.len()) {
        (Some(_), 0) => fields.report(
            Problem::error(&fields.place_of("dose"), "a dose without a way to give it")
                .expected("at least one table [[action.route]]"),
        ),
        (None, 2..) => fields.report(
            Problem::error(&fields.place_of("route"), "routes to choose from without a dose")
                .expected("an [action.dose], or at most one table [[action.route]]"),
        ),
        (Some(_), 1..) | (None, 0..=1) => {}
    }
    Action {
        id: known.id.clone(),
        title: fields.text("title"),
        group: fields.word("group", &GROUPS).unwrap_or(ActionGroup::History),
        by,
        takes: quantities.span("takes", ANY).unwrap_or_default(),
        asks: asks.unwrap_or(if by == Actor::You { Seconds(0) } else { ASKS }),
        offered: formulas.condition("when"),
        otherwise: fields.text_or_empty("otherwise"),
        repeats: if fields.optional_truth("once") == Some(true) { Repeats::Once } else { Repeats::Again },
        weight: match fields.optional_truth("irreversible") {
            Some(true) => Weight::Irreversible,
            Some(false) | None => Weight::Light,
        },
        cost: fields
            .optional_number("cost", 0..=1_000_000)
            .and_then(|cost| u32::try_from(cost).ok())
            .unwrap_or(0),
        dose,
        routes: tables
            .iter()
            .zip(&known.routes)
            .map(|(table, id)| Route {
                id: id.clone(),
                title: route_title(table),
                effects: table.tables("effect").iter().map(|table| effect(table, places)).collect(),
            })
            .collect(),
        answers: fields.tables("answer").iter().map(|table| remark(table, places)).collect(),
        changes: formulas.changes("changes", Standing::Elsewhere),
        report: fields.table("report").map(|table| report(&table, places)),
    }
}

/// The title of a route; its name was read when names were defined.
fn route_title(fields: &Fields) -> String {
    let _id = fields.raw("id");
    fields.text("title")
}

fn dose(fields: &Fields, places: &Places) -> Dose {
    let quantities = Quantities { fields, places };
    let usual = quantities.plain_numbers("usual");
    let (low, high) = match usual.as_slice() {
        [low, high] if low.0 >= 0 && low <= high && high.0 > 0 => (*low, *high),
        other => {
            fields.report(
                Problem::error(&fields.place_of("usual"), "not a range of doses")
                    .expected(
                        "usual = [\"0.1\", \"1\"]: the least and the most in use, in the unit of the dose",
                    )
                    .found(format!("{} numbers, or not in order", other.len())),
            );
            (Amount(0), Amount::ONE)
        }
    };
    Dose {
        unit: fields.text("unit"),
        form: fields.word("form", &FORMS).unwrap_or(DoseForm::Bolus),
        usual_low: low,
        usual_high: high,
        most_at_once: quantities.optional_amount("most_at_once", &Unit::Plain),
        most_in_all: quantities.optional_amount("most_in_all", &Unit::Plain),
        apart: quantities.optional_span("apart", SOME),
    }
}

fn effect(fields: &Fields, places: &Places) -> DoseEffect {
    let quantities = Quantities { fields, places };
    let formulas = Formulas { fields, places };
    let (variable, unit) = formulas.movable_variable("variable");
    let span = |key| quantities.span(key, ANY);
    let (onset, peak, wanes, gone) = (span("onset"), span("peak"), span("wanes"), span("gone"));
    let half = quantities.amount("half", &Unit::Plain);
    if half.is_some_and(|half| half.0 < 0) {
        fields.report(
            Problem::error(&fields.place_of("half"), "a dose below nothing")
                .expected("0 for all or nothing, or the dose that has half of the effect"),
        );
    }
    let moments = [("onset", onset), ("peak", peak), ("wanes", wanes), ("gone", gone)];
    let show = |span: Seconds| written(span.0);
    ascending(fields, "the times of an effect are not in order", &moments, show);
    DoseEffect {
        variable,
        most: quantities.amount("most", &unit).unwrap_or_default(),
        half: half.unwrap_or_default(),
        onset: onset.unwrap_or_default(),
        peak: peak.unwrap_or_default(),
        wanes: wanes.unwrap_or_default(),
        gone: gone.unwrap_or_default(),
        factor: formulas.optional("factor", &Unit::Plain),
    }
}

fn report(fields: &Fields, places: &Places) -> Report {
    Report {
        turnaround: Quantities { fields, places }.optional_span("turnaround", ANY).unwrap_or(Seconds(0)),
        results: fields.tables("result").iter().map(|table| result(table, places)).collect(),
        findings: fields.tables("finding").iter().map(|table| remark(table, places)).collect(),
    }
}

fn result(fields: &Fields, places: &Places) -> ReportLine {
    let quantities = Quantities { fields, places };
    let unit = unit_of(fields);
    let line = ReportLine {
        analyte: fields.text("analyte"),
        unit: fields.text_or_empty("unit"),
        value: Formulas { fields, places }.required("value", &unit),
        decimals: decimals(fields),
        low: quantities.optional_amount("low", &unit),
        high: quantities.optional_amount("high", &unit),
    };
    let range = [("low", line.low), ("high", line.high)];
    ascending(fields, "a reference range that ends before it begins", &range, number);
    line
}

impl Formulas<'_> {
    /// The variable under a key, which must have a course of its own, and its unit.
    fn movable_variable(&self, key: &'static str) -> (VariableAt, Unit) {
        use super::super::language::Words;
        let stand = (VariableAt(0), Unit::Unknown);
        let Some(text) = self.fields.required_raw(key, "the name of a variable") else { return stand };
        let mut words = Words::new(self.fields.folder, &text);
        let found = self.places.variable(&mut words).and_then(|found| words.end("the end").map(|()| found));
        let (at, known) = words.told(found, (VariableAt(0), None));
        if known.is_some_and(|known| known.kind == VariableKind::Derived) {
            self.fields.report(
                Problem::error(&text.span, "an effect on a variable that follows from a formula")
                    .expected("a variable without `formula`; those that follow from it move with it")
                    .found(format!("`{}`", text.text)),
            );
        }
        (at, known.map_or(Unit::Unknown, |known| known.unit.clone()))
    }
}
