//! A simulated patient: variables that move with time, actions that change them,
//! rules, endings, and the rubric that the encounter is judged by.
//!
//! Everything a formula or a guard names stands as its place in a list of the
//! patient (0 for the first), since they are evaluated every virtual second; the
//! builder resolves names, and `check` asks again that every place exists.
//! Quantities are [`Amount`]s: whole millionths of the unit that is named with them.

mod action;
mod formula;
mod rubric;

pub use action::*;
pub use formula::*;
pub use rubric::*;
use serde::{Deserialize, Serialize};

use super::{CaseGate, Document, EndingQuality, Reference};
use crate::id::{EndingId, RuleId, StageId, VariableId};
use crate::measure::{Amount, Seconds};

/// A simulated patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// The patient in two lines, for the resume card.
    pub patient: String,
    /// What is known and seen on arrival.
    pub opening: Document,
    /// The encounter is over after so long; at most [`LIMIT_MAX`].
    pub limit: Seconds,
    /// What changes, measured or hidden. Counters are variables that nothing moves by itself.
    pub variables: Vec<Variable>,
    /// How the patient looks: the first remark that holds.
    pub appearance: Vec<Remark>,
    /// What the patient says: the first remark that holds.
    pub words: Vec<Remark>,
    /// The rhythm on the monitor: the first that holds, else sinus rhythm.
    pub rhythms: Vec<(Guard, Rhythm)>,
    /// Done at second zero.
    pub beginning: Vec<Change>,
    /// Stages of the course; the first is where it begins.
    pub stages: Vec<Stage>,
    /// What can be done.
    pub actions: Vec<Action>,
    /// Tried in order every second.
    pub rules: Vec<PatientRule>,
    /// Tried in order every second, after the rules.
    pub endings: Vec<PatientEnding>,
    /// What the encounter is judged by.
    pub rubric: Rubric,
    /// Whether a score is needed to go on.
    pub gate: CaseGate,
    /// What the expert does, from second zero to an ending.
    pub expert: Vec<ScriptStep>,
    /// The course of the illness and what decides it, told after the encounter.
    pub debrief: Document,
    /// The one thing to take home.
    pub take_home: String,
    /// Where that can be read.
    pub references: Vec<Reference>,
}

/// Longest encounter in virtual seconds: a day.
pub const LIMIT_MAX: u32 = 86_400;

/// Most variables of a patient.
pub const VARIABLES_MAX: usize = 64;

/// A quantity of the patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name.
    pub id: VariableId,
    /// As the monitor labels it.
    pub label: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// What the monitor takes it for.
    pub vital: Vital,
    /// At second zero.
    pub initial: Amount,
    /// Least that it can be.
    pub min: Amount,
    /// Most that it can be.
    pub max: Amount,
    /// Digits after the point where it is shown.
    pub decimals: u8,
    /// Where it is not a state of its own but follows from those before it.
    pub formula: Option<Formula>,
    /// Below this the monitor alarms.
    pub alarm_low: Option<Amount>,
    /// Above this the monitor alarms.
    pub alarm_high: Option<Amount>,
}

/// What the monitor takes a variable for. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vital {
    /// Not shown: known only by what it does and what is measured of it.
    Hidden,
    /// Heart rate, which also paces the rhythm strip.
    HeartRate,
    /// Systolic blood pressure.
    Systolic,
    /// Diastolic blood pressure.
    Diastolic,
    /// Oxygen saturation.
    Saturation,
    /// Respiratory rate.
    Respiration,
    /// Temperature.
    Temperature,
    /// Anything else that a monitor shows.
    Other,
}

/// A rhythm on the monitor. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// Sinus rhythm, at whatever rate.
    Sinus,
    /// Atrial fibrillation.
    AtrialFibrillation,
    /// Supraventricular tachycardia.
    SupraventricularTachycardia,
    /// Ventricular tachycardia.
    VentricularTachycardia,
    /// Ventricular fibrillation.
    VentricularFibrillation,
    /// Complexes without a pulse.
    PulselessElectricalActivity,
    /// Nothing.
    Asystole,
}

/// A text for when something holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// When.
    pub when: Guard,
    /// The text.
    pub text: Document,
}

/// A stage of the course.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Its name.
    pub id: StageId,
    /// In words, for the debrief.
    pub title: String,
    /// Done on entering it.
    pub changes: Vec<Change>,
}

/// Something that happens by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientRule {
    /// Its name.
    pub id: RuleId,
    /// When.
    pub when: Guard,
    /// For so long without a break before it fires.
    pub held: Seconds,
    /// Fires again, so long after it fired, while it still holds; `None` fires once.
    pub again: Option<Seconds>,
    /// Who tells it.
    pub speaker: Speaker,
    /// What is told; may be empty.
    pub text: Document,
    /// Whether it ends a wait.
    pub notice: Notice,
    /// What it does.
    pub changes: Vec<Change>,
}

/// Who tells something. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// Nobody: it is seen.
    Narrator,
    /// The patient.
    Patient,
    /// The nurse.
    Nurse,
    /// Family.
    Family,
    /// Somebody else of the team, or on the telephone.
    Colleague,
}

/// Whether something ends a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// It is told when the wait is over.
    Quiet,
    /// The wait ends with it.
    Interrupts,
}

/// A change of the course.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A variable moves somewhere from now on.
    Course {
        /// Which.
        variable: VariableAt,
        /// Where to, as it evaluates now.
        to: Formula,
        /// How fast.
        pace: Pace,
    },
    /// Adds to a variable at once.
    Add {
        /// Which.
        variable: VariableAt,
        /// How much, as it evaluates now.
        by: Formula,
    },
    /// Another stage.
    Stage(StageAt),
    /// The monitor shows a variable from now on.
    Show(VariableAt),
    /// The monitor shows it no more.
    Hide(VariableAt),
    /// What runs of an action is stopped.
    Stop(ActionAt),
    /// The encounter ends.
    End(EndingAt),
}

/// How fast a variable moves. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// At once.
    Step,
    /// So much a second.
    Linear(Amount),
    /// First order: so many 2^-24 of the way every second. The builder computes it
    /// from a half-life, so that no logarithm is needed here.
    FirstOrder(u32),
}

/// An ending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientEnding {
    /// Its name.
    pub id: EndingId,
    /// How it went, in words.
    pub title: String,
    /// What kind of ending.
    pub kind: EndingKind,
    /// Compared with the expert's.
    pub quality: EndingQuality,
    /// What is told.
    pub text: Document,
    /// When it comes by itself; an ending that only a change brings never holds.
    pub when: Guard,
    /// For so long without a break.
    pub held: Seconds,
    /// The share of the outcome line that it earns, in thousandths.
    pub share: u16,
}

/// Kinds of ending. Stored; never reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndingKind {
    /// The patient is stable.
    Stable,
    /// The patient went on to somebody else's care.
    Transferred,
    /// The heart stopped.
    Arrest,
    /// The time was over.
    TimeOut,
    /// The learner ended it.
    LearnerEnds,
}

/// A step of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScriptStep {
    /// Does something.
    Act {
        /// What.
        action: ActionAt,
        /// How much and how, where it takes a dose.
        dose: Option<Given>,
    },
    /// Waits, until something happens but no longer than this.
    Wait(Seconds),
}

/// A dose as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// How much, in the unit of the action.
    pub amount: Amount,
    /// How.
    pub route: RouteAt,
}
