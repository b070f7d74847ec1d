//! The places of everything that a formula, a change or a deed can name. The model
//! holds places, so they are known before the first text is parsed.

use enduring_core::content::patient::{
    ActionAt, DoseForm, EndingAt, RouteAt, RuleAt, StageAt, VariableAt, Vital,
};
use enduring_core::id::{ActionId, EndingId, RouteId, RuleId, StageId, VariableId};

use super::super::diagnostic::Problem;
use super::super::fields::Fields;
use super::super::language::{Flaw, Words};
use super::super::names::{Named, Scope, closest, one_of};
use super::quantity::{self, Unit};

/// Words of the language, which can name no variable and no action.
const RESERVED: [&str; 14] = [
    "always", "and", "by", "end", "half", "hide", "not", "or", "per", "show", "stage", "stop", "time", "wait",
];

/// Everything that has a place.
pub struct Places {
    /// The names of the patient.
    pub scope: Scope,
    /// The variables, in order.
    pub variables: Vec<VariablePlace>,
    /// The actions, in order.
    pub actions: Vec<ActionPlace>,
    /// The stages, in order.
    pub stages: Vec<StageId>,
    /// The rules, in order.
    pub rules: Vec<RuleId>,
    /// The endings, in order.
    pub endings: Vec<EndingId>,
    /// Units that are written somewhere.
    pub units: Vec<String>,
}

/// A variable, as far as others need to know it.
pub struct VariablePlace {
    /// Its name.
    pub id: VariableId,
    /// Its unit.
    pub unit: Unit,
    /// Whether it moves by itself or follows from others.
    pub kind: VariableKind,
    /// What the monitor takes it for.
    pub vital: Vital,
}

/// Whether a variable moves by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum VariableKind {
    /// It has a course of its own.
    Own,
    /// It follows from a formula.
    Derived,
}

/// An action, as far as others need to know it.
pub struct ActionPlace {
    /// Its name.
    pub id: ActionId,
    /// The unit and form of its dose, where it takes one.
    pub dose: Option<(Unit, DoseForm)>,
    /// Its routes, in order.
    pub routes: Vec<RouteId>,
    /// Whether a report comes of it.
    pub reports: Reports,
}

/// Whether a report comes of an action.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reports {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// The tables that define names, while they are read.
pub struct Tables<'a> {
    /// `[[variable]]`.
    pub variables: Vec<Fields<'a>>,
    /// `[[stage]]`.
    pub stages: Vec<Fields<'a>>,
    /// `[[rule]]`.
    pub rules: Vec<Fields<'a>>,
    /// `[[ending]]`.
    pub endings: Vec<Fields<'a>>,
    /// `[[action]]`.
    pub actions: Vec<Fields<'a>>,
}

/// What the monitor can take a variable for.
pub const VITALS: [(&str, Vital); 8] = [
    ("heart-rate", Vital::HeartRate),
    ("systolic", Vital::Systolic),
    ("diastolic", Vital::Diastolic),
    ("saturation", Vital::Saturation),
    ("respiration", Vital::Respiration),
    ("temperature", Vital::Temperature),
    ("other", Vital::Other),
    ("hidden", Vital::Hidden),
];

/// The forms that a dose can have.
pub const FORMS: [(&str, DoseForm); 2] = [("bolus", DoseForm::Bolus), ("rate", DoseForm::Rate)];

impl<'a> Tables<'a> {
    /// Those of `patient.toml` and `actions.toml`.
    pub fn of(patient: &Fields<'a>, actions: &Fields<'a>) -> Self {
        Self {
            variables: patient.tables("variable"),
            stages: patient.tables("stage"),
            rules: patient.tables("rule"),
            endings: patient.tables("ending"),
            actions: actions.tables("action"),
        }
    }

    /// Defines the names.
    pub fn places(&self, scope: Scope) -> Places {
        let mut units: Vec<String> = Vec::new();
        let variables = self.variables.iter().map(|table| {
            let kind = if table.has("formula") { VariableKind::Derived } else { VariableKind::Own };
            let vital = table.optional_word("vital", &VITALS).unwrap_or(Vital::Other);
            VariablePlace { id: usable(table, &scope), unit: unit(table, &mut units), kind, vital }
        });
        let variables = variables.collect();
        let actions = self.actions.iter().map(|table| action(table, &scope, &mut units)).collect();
        let places = Places {
            variables,
            actions,
            stages: self.stages.iter().map(|table| table.define("id", &scope)).collect(),
            rules: self.rules.iter().map(|table| table.define("id", &scope)).collect(),
            endings: self.endings.iter().map(|table| table.define("id", &scope)).collect(),
            units: Vec::new(),
            scope,
        };
        units.sort();
        units.dedup();
        Places { units, ..places }
    }
}

/// Defines a name that the language can tell from its own words.
fn usable<T: Named>(fields: &Fields, scope: &Scope) -> T {
    let name: T = fields.define("id", scope);
    if RESERVED.contains(&name.as_text()) {
        let message = format!("`{}` is a word of the conditions", name.as_text());
        fields.report(
            Problem::error(&fields.place_of("id"), message)
                .expected("a name that no condition, change or script uses for something else"),
        );
    }
    name
}

/// The unit of a table, noted among those that are written somewhere.
fn unit(fields: &Fields, units: &mut Vec<String>) -> Unit {
    let unit = quantity::unit_of(fields);
    if let Unit::Of(name) = &unit {
        units.push(name.clone());
    }
    unit
}

fn action(fields: &Fields, scope: &Scope, units: &mut Vec<String>) -> ActionPlace {
    let id: ActionId = usable(fields, scope);
    let routes = routes_of(scope, &id);
    let dose = fields.table("dose").map(|table| {
        // It is read again, and then whatever is unknown in it is told.
        table.give_up();
        let form = table.optional_word("form", &FORMS).unwrap_or(DoseForm::Bolus);
        (unit(&table, units), form)
    });
    if let Some(report) = fields.table("report") {
        report.give_up();
        for table in report.tables("result") {
            table.give_up();
            unit(&table, units);
        }
    }
    let ways = fields.tables("route").into_iter().map(|table| {
        table.give_up();
        table.define("id", &routes)
    });
    let reports = if fields.has("report") { Reports::Yes } else { Reports::No };
    ActionPlace { dose, routes: ways.collect(), reports, id }
}

/// The scope of an action's routes.
pub fn routes_of(patient: &Scope, action: &ActionId) -> Scope {
    patient.within(&format!("action `{action}`"))
}

fn place<T: PartialEq>(mut known: impl Iterator<Item = T>, name: T) -> u16 {
    // A name that is not there is told when mentions are looked up; 0 stands in for it.
    known.position(|one| one == name).and_then(|at| u16::try_from(at).ok()).unwrap_or(0)
}

impl Places {
    /// The variable that is named next, its unit and its kind; `None` when there is none
    /// of that name, which is told when mentions are looked up.
    pub fn variable(&self, words: &mut Words) -> Result<(VariableAt, Option<&VariablePlace>), Flaw> {
        let (id, _) = words.name::<VariableId>(&self.scope)?;
        let at = VariableAt(place(self.variables.iter().map(|known| &known.id), &id));
        Ok((at, self.variables.get(at.at()).filter(|known| known.id == id)))
    }

    /// The action that is named next; `None` as for [`Places::variable`].
    pub fn action(&self, words: &mut Words) -> Result<(ActionAt, Option<&ActionPlace>), Flaw> {
        let (id, _) = words.name::<ActionId>(&self.scope)?;
        let at = ActionAt(place(self.actions.iter().map(|known| &known.id), &id));
        Ok((at, self.actions.get(at.at()).filter(|known| known.id == id)))
    }

    /// The route of an action that is named next.
    pub fn route(&self, words: &mut Words, action: &ActionPlace) -> Result<RouteAt, Flaw> {
        let (id, _) = words.name::<RouteId>(&routes_of(&self.scope, &action.id))?;
        Ok(RouteAt(place(action.routes.iter(), &id)))
    }

    /// The stage that is named next.
    pub fn stage(&self, words: &mut Words) -> Result<StageAt, Flaw> {
        let (id, _) = words.name::<StageId>(&self.scope)?;
        Ok(StageAt(place(self.stages.iter(), &id)))
    }

    /// The rule that is named next.
    pub fn rule(&self, words: &mut Words) -> Result<RuleAt, Flaw> {
        let (id, _) = words.name::<RuleId>(&self.scope)?;
        Ok(RuleAt(place(self.rules.iter(), &id)))
    }

    /// The ending that is named next.
    pub fn ending(&self, words: &mut Words) -> Result<EndingAt, Flaw> {
        let (id, _) = words.name::<EndingId>(&self.scope)?;
        Ok(EndingAt(place(self.endings.iter(), &id)))
    }

    /// What to say of a unit that is written nowhere else.
    pub fn unknown_unit(&self, found: &str) -> (String, Option<String>) {
        let known = || self.units.iter().map(String::as_str).chain(["s", "min", "h"]);
        (one_of("known unit", known()), closest(found, known()))
    }
}
