//! What can be done: by whom, how long it takes, what it does.

use serde::{Deserialize, Serialize};

use super::{Change, Formula, Guard, Remark, VariableAt};
use crate::id::{ActionId, RouteId};
use crate::measure::{Amount, Seconds};

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its name.
    pub id: ActionId,
    /// As the list names it.
    pub title: String,
    /// Under which head of the list.
    pub group: ActionGroup,
    /// Who does it.
    pub by: Actor,
    /// How long that takes them.
    pub takes: Seconds,
    /// How long it takes the learner to ask for it; what the learner does takes [`Action::takes`].
    pub asks: Seconds,
    /// Possible only while this holds.
    pub offered: Guard,
    /// Said where it is not possible; may be empty.
    pub otherwise: String,
    /// How often.
    pub repeats: Repeats,
    /// Whether it can be undone.
    pub weight: Weight,
    /// What it costs, in the currency of the rubric.
    pub cost: u32,
    /// Where it takes a dose.
    pub dose: Option<Dose>,
    /// How it is given and what that does. One at most where there is no dose.
    pub routes: Vec<Route>,
    /// Told when it is done: the first that holds.
    pub answers: Vec<Remark>,
    /// Done when it is done.
    pub changes: Vec<Change>,
    /// What comes back, and when.
    pub report: Option<Report>,
}

/// The heads of the list of actions. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionGroup {
    /// Questions.
    History,
    /// Examinations.
    Examination,
    /// Monitoring.
    Monitoring,
    /// Airway and oxygen.
    Airway,
    /// Lines and fluids.
    Fluids,
    /// Drugs.
    Drugs,
    /// Procedures and positioning.
    Procedures,
    /// Laboratory.
    Laboratory,
    /// Imaging and tracings.
    Imaging,
    /// Consults.
    Consults,
    /// Where the patient goes next.
    Disposition,
}

/// Who does something. Each does one thing at a time, all of them in parallel. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The learner.
    You,
    /// The nurse.
    Nurse,
    /// Everybody else: laboratory, radiology, transport.
    Team,
}

/// How often something can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// Once.
    Once,
    /// As often as one likes.
    Again,
}

/// Whether something can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Yes, or it does not matter.
    Light,
    /// No: it is asked for twice.
    Irreversible,
}

/// What a dose is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// Its unit, such as `mg` or `mL/kg`.
    pub unit: String,
    /// At once, or from now on.
    pub form: DoseForm,
    /// Least that is in use anywhere; a tenth of it is taken for a slip.
    pub usual_low: Amount,
    /// Most that is in use anywhere; ten times that is taken for a slip.
    pub usual_high: Amount,
    /// More at once is over the limit.
    pub most_at_once: Option<Amount>,
    /// More in all is over the limit.
    pub most_in_all: Option<Amount>,
    /// Sooner after the last is over the limit.
    pub apart: Option<Seconds>,
}

/// At once, or from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoseForm {
    /// So much at once.
    Bolus,
    /// At this rate or setting until it is changed; nothing stops it.
    Rate,
}

/// A way to give something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Its name.
    pub id: RouteId,
    /// In words.
    pub title: String,
    /// What it does to variables.
    pub effects: Vec<DoseEffect>,
}

/// What a dose does to a variable, on top of its own course.
///
/// Doses of the same effect add up before they saturate: with `c` what acts of them
/// all, the variable is shifted by `most · c / (c + half)`. A dose begins to act
/// after `onset`, wholly acts from `peak` on, begins to wane at `wanes`, and is gone
/// at `gone`: all counted from when it is given, and straight in between. A rate
/// does not wane while it runs; stopped, it is gone after `gone - wanes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseEffect {
    /// Which.
    pub variable: VariableAt,
    /// The shift of an endless dose.
    pub most: Amount,
    /// The dose that shifts by half of it; zero for all or nothing.
    pub half: Amount,
    /// Begins to act.
    pub onset: Seconds,
    /// Acts wholly.
    pub peak: Seconds,
    /// Begins to wane.
    pub wanes: Seconds,
    /// Is gone.
    pub gone: Seconds,
    /// The shift is multiplied by this: interactions, and what the illness does to it.
    pub factor: Option<Formula>,
}

/// What comes back of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How long after the sample was taken, or the picture.
    pub turnaround: Seconds,
    /// What was measured, in the state at sampling.
    pub results: Vec<ReportLine>,
    /// What is read in it: the first that holds at sampling.
    pub findings: Vec<Remark>,
}

/// A result of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportLine {
    /// What is measured; the same words make a trend over reports.
    pub analyte: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// Its value.
    pub value: Formula,
    /// Digits after the point.
    pub decimals: u8,
    /// The lower end of the reference range.
    pub low: Option<Amount>,
    /// The upper end of the reference range.
    pub high: Option<Amount>,
}
