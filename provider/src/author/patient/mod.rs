//! A simulated patient out of its folder: `patient.toml`, `actions.toml` and
//! `rubric.toml`. The format for authors: `docs/authoring/patient.md`.

mod action;
mod change;
mod course;
mod deed;
mod formula;
mod guard;
mod half_life;
mod places;
mod quantity;
mod rehearsal;
mod rubric;
#[cfg(test)]
mod tests;

use enduring_core::content::CaseGate;
use enduring_core::content::patient::Patient;
use enduring_core::id::PartId;
use enduring_core::session::Bedside;

pub use rehearsal::{Progress, RUNS, Rehearsal, rehearse};

use self::action::action;
use self::change::Standing;
use self::course::Course;
use self::formula::Formulas;
use self::places::Tables;
use self::quantity::{Quantities, SOME};
use super::diagnostic::Problem;
use super::fields::Fields;
use super::front::Bibliography;
use super::names::Scope;
use super::source::Span;

/// A patient as read, with the places that its rehearsal points to.
pub struct Draft {
    /// The part that it is.
    pub part: PartId,
    /// The patient.
    pub patient: Patient,
    /// The names of the patient.
    pub scope: Scope,
    /// Where each step of the expert's script stands.
    pub expert: Vec<Span>,
    /// Where the part's gate stands.
    pub gate: Span,
}

/// Reads the patient of a part; `None` with diagnostics when one of its files cannot
/// be read.
pub fn read(
    fields: &Fields,
    part: &PartId,
    path: &str,
    gate: CaseGate,
    bibliography: &Bibliography,
) -> Option<Draft> {
    let folder = fields.folder;
    let scope = Scope::inside(format!("the patient `{part}`"));
    let mention = if fields.has("folder") { fields.place_of("folder") } else { fields.place_of("id") };
    let file = |name: &str| format!("{path}/{name}.toml");
    // A file that cannot be read is told alone: the others cannot be held against it.
    let (patient, expert) = folder.toml(&file("patient"), Some(&mention), |patient| {
        let read = folder.toml(&file("actions"), Some(&mention), |actions| {
            let read = folder.toml(&file("rubric"), Some(&mention), |rubric| {
                Sources { patient, actions, rubric }.read(&scope, gate, bibliography)
            });
            if read.is_none() {
                actions.give_up();
            }
            read
        });
        if read.is_none() {
            patient.give_up();
        }
        read.flatten()
    })??;
    let gate = fields.place_of("gate");
    Some(Draft { part: part.clone(), patient, scope, expert, gate })
}

/// The three files of a patient.
struct Sources<'a, 'b> {
    patient: &'b Fields<'a>,
    actions: &'b Fields<'a>,
    rubric: &'b Fields<'a>,
}

impl Sources<'_, '_> {
    fn read(&self, scope: &Scope, gate: CaseGate, bibliography: &Bibliography) -> (Patient, Vec<Span>) {
        let fields = self.patient;
        let tables = Tables::of(fields, self.actions);
        let places = tables.places(scope.clone());
        let formulas = Formulas { fields, places: &places };
        let course = Course { tables: &tables, places: &places };
        let steps = fields.texts("expert");
        for (list, of, key) in [
            (tables.variables.len(), fields, "variable"),
            (tables.stages.len(), fields, "stage"),
            (tables.actions.len(), self.actions, "action"),
            (steps.len(), fields, "expert"),
        ] {
            if list == 0 {
                let expected = if key == "expert" { "expert = [\"…\"]" } else { "at least one table" };
                of.report(
                    Problem::error(&of.place(), format!("a patient without `{key}`"))
                        .expected(format!("{expected} under `{key}`")),
                );
            }
        }
        let mut patient = Patient {
            patient: fields.text("patient"),
            opening: fields.prose("opening"),
            limit: Quantities { fields, places: &places }.span("limit", SOME).unwrap_or_default(),
            variables: course.variables(),
            appearance: course.appearance(fields),
            words: course.remarks(fields, "words"),
            rhythms: course.rhythms(fields),
            beginning: formulas.changes("beginning", Standing::Elsewhere),
            stages: course.stages(),
            actions: tables
                .actions
                .iter()
                .zip(&places.actions)
                .map(|(table, known)| action(table, &places, known))
                .collect(),
            rules: course.rules(),
            endings: course.endings(fields),
            rubric: rubric::rubric(self.rubric, &places, bibliography),
            gate,
            expert: steps.iter().map(|text| formulas.step(text)).collect(),
            debrief: fields.prose("debrief"),
            take_home: fields.text("take_home"),
            references: bibliography.cited(fields),
        };
        begin_derived(&mut patient);
        (patient, steps.into_iter().map(|text| text.span).collect())
    }
}

/// A variable with a formula begins at what it comes to before anything moves.
fn begin_derived(patient: &mut Patient) {
    let still = Patient {
        beginning: Vec::new(),
        stages: Vec::new(),
        rules: Vec::new(),
        endings: Vec::new(),
        ..patient.clone()
    };
    let begun = Bedside::begin(&still);
    for (variable, level) in patient.variables.iter_mut().zip(&begun.levels) {
        if variable.formula.is_some() {
            variable.initial = level.value;
        }
    }
}
