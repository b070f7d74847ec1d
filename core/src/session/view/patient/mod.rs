//! A simulated patient as it may be shown: the monitor and what is known, never a
//! hidden variable; the rubric comes once the learner said how it went.

mod debrief;

pub use debrief::{
    Curve, Debriefed, LineKind, LineView, Marked, PatientDebrief, StepTaken, encounter, patient_course,
};

use super::case::ResultView;
use super::item::OptionView;
use crate::content::patient::*;
use crate::content::{Block, Document, Flag, Inline, LabResult, LabValue, Part, PartBody};
use crate::id::{ActionId, OptionId, PartId};
use crate::measure::{Amount, Decimal, Seconds};
use crate::session::patient::{Bedside, Happening, PatientState, Sample, Spent};

/// A simulated patient.
#[derive(Clone, Debug, PartialEq)]
pub struct PatientView {
    /// Which part.
    pub part: PartId,
    /// Its title.
    pub title: String,
    /// The patient in two lines.
    pub patient: String,
    /// What was known on arrival.
    pub opening: Document,
    /// 1 for the first play.
    pub play: usize,
    /// Virtual time since arrival.
    pub time: Seconds,
    /// When the encounter is over.
    pub limit: Seconds,
    /// What the monitor shows, in the order of the patient.
    pub vitals: Vec<VitalView>,
    /// The rhythm, while the heart rate is shown.
    pub rhythm: Option<Rhythm>,
    /// How the patient looks.
    pub appearance: Document,
    /// What the patient says; may be empty.
    pub words: Document,
    /// What happened, the latest last.
    pub story: Vec<StoryLine>,
    /// What is under way and what is awaited, the soonest first.
    pub pending: Vec<Pending>,
    /// Reports, the latest last.
    pub reports: Vec<ReportView>,
    /// What can be done, in the order of the patient.
    pub actions: Vec<ActionView>,
    /// The places of the latest actions among them, the latest first.
    pub recent: Vec<usize>,
    /// How many lines of the story came with the learner's latest step.
    pub news: usize,
    /// How often something was asked for; a wait does not count.
    pub acts: usize,
    /// What is asked.
    pub ask: PatientAsk,
}

/// A value on the monitor.
#[derive(Clone, Debug, PartialEq)]
pub struct VitalView {
    /// What it is.
    pub vital: Vital,
    /// As the author labels it.
    pub label: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// Its value, as many digits as are shown.
    pub value: Decimal,
    /// Whether it is out of the limits of the alarm.
    pub alarm: Option<Flag>,
}

/// A line of what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryLine {
    /// When.
    pub at: Seconds,
    /// Who tells it.
    pub teller: Teller,
    /// What it is about: an action with its dose, a report, a stage.
    pub title: String,
    /// What is told; may be empty.
    pub text: Document,
}

/// Who tells a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Teller {
    /// The learner began something.
    Begun,
    /// Something was done.
    Done,
    /// A report arrived.
    Report,
    /// Somebody says something.
    Says(Speaker),
}

/// Something under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The action, with its dose.
    pub title: String,
    /// In what state.
    pub kind: PendingKind,
    /// When it is done or there.
    pub due: Seconds,
}

/// In what state something under way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingKind {
    /// It waits until its actor is free.
    Queued,
    /// It is being done.
    Doing,
    /// Its report is awaited.
    Awaited,
}

/// A report.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportView {
    /// Of what.
    pub title: String,
    /// When the sample was taken.
    pub taken: Seconds,
    /// When it arrived.
    pub arrived: Seconds,
    /// The results.
    pub results: Vec<ResultView>,
    /// What is read in it; may be empty.
    pub finding: Document,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionView {
    /// Which.
    pub action: ActionId,
    /// As the list names it.
    pub title: String,
    /// Under which head.
    pub group: ActionGroup,
    /// Who does it.
    pub by: Actor,
    /// Virtual time that passes for the learner.
    pub passes: Seconds,
    /// Virtual time until it is done, if it were asked for now.
    pub done_in: Seconds,
    /// How long its report takes after that.
    pub turnaround: Option<Seconds>,
    /// Whether it is possible now.
    pub possible: bool,
    /// Why not, unless it is spent; may be empty.
    pub otherwise: String,
    /// How it was used, where it is for once.
    pub spent: Option<Spent>,
    /// Whether it is asked for twice.
    pub weight: Weight,
    /// How often it was done.
    pub done: u16,
    /// What is set now, where it is a rate that runs.
    pub running: Option<Decimal>,
    /// Where it takes a dose.
    pub dose: Option<DoseView>,
}

/// A dose sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct DoseView {
    /// The unit.
    pub unit: String,
    /// At once, or from now on.
    pub form: DoseForm,
    /// Below this an amount is taken for a slip and asked for again.
    pub slip_below: Decimal,
    /// Above this an amount is taken for a slip and asked for again.
    pub slip_above: Decimal,
    /// The ways to give it.
    pub routes: Vec<OptionView>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum PatientAsk {
    /// What next.
    Next,
    /// How it went, before the debrief.
    Reflect {
        /// How it ended.
        ending: String,
        /// What is told.
        text: Document,
    },
    /// Looking back.
    Debrief(Box<PatientDebrief>),
}

fn nothing() -> Document {
    Document::from([])
}

fn plain(text: String) -> Document {
    Document::from([Block::Paragraph(vec![Inline::Text(text)])])
}

/// The patient in two lines, before one goes in.
pub(super) fn lines_of(patient: &Patient) -> Document {
    plain(patient.patient.clone())
}

fn said(bedside: &Bedside, remarks: &[Remark]) -> Document {
    remarks
        .iter()
        .find(|remark| bedside.holds(&remark.when))
        .map_or_else(nothing, |remark| remark.text.clone())
}

fn flag(value: Amount, low: Option<Amount>, high: Option<Amount>) -> Option<Flag> {
    match (low, high) {
        (None, None) => None,
        (Some(low), _) if value < low => Some(Flag::Low),
        (_, Some(high)) if value > high => Some(Flag::High),
        (Some(_) | None, Some(_) | None) => Some(Flag::InRange),
    }
}

/// An action with its dose, in words: `Epinephrine 0.5 mg, intramuscular`.
fn titled(patient: &Patient, at: ActionAt, dose: Option<Given>) -> String {
    let Some(action) = patient.actions.get(at.at()) else { return String::new() };
    match (dose, &action.dose) {
        (Some(given), Some(sheet)) => {
            let mut text = action.title.clone();
            text.push(' ');
            text.push_str(&given.amount.decimal(6).to_string());
            text.push(' ');
            text.push_str(&sheet.unit);
            if let Some(route) = action.routes.get(given.route.at()).filter(|_| action.routes.len() > 1) {
                text.push_str(", ");
                text.push_str(&route.title);
            }
            text
        }
        (Some(_) | None, Some(_) | None) => action.title.clone(),
    }
}

pub(super) fn view(part: &Part, patient: &Patient, state: &PatientState) -> PatientView {
    let bedside = &state.bedside;
    let vitals = vitals(patient, bedside);
    let rhythm = vitals.iter().any(|vital| vital.vital == Vital::HeartRate);
    let story = lines(patient, bedside, &bedside.story);
    let old = lines(patient, bedside, bedside.story.get(..bedside.step_began).unwrap_or_default()).len();
    PatientView {
        part: part.id.clone(),
        title: part.title.clone(),
        patient: patient.patient.clone(),
        opening: patient.opening.clone(),
        play: state.plays.len() + usize::from(bedside.ending.is_none()),
        time: bedside.time,
        limit: patient.limit,
        vitals,
        rhythm: rhythm.then(|| bedside.rhythm(patient)),
        appearance: said(bedside, &patient.appearance),
        words: said(bedside, &patient.words),
        pending: pending(patient, bedside),
        reports: reports(patient, bedside),
        actions: actions(patient, bedside),
        recent: recent(bedside),
        news: story.len() - old,
        acts: bedside.steps.iter().filter(|step| matches!(step, ScriptStep::Act { .. })).count(),
        story,
        ask: ask(patient, state),
    }
}

/// An encounter beside the one at hand as it may be shown: a practice, or a finished one.
#[must_use]
pub fn patient_view(part: &Part, state: &PatientState) -> Option<PatientView> {
    match &part.body {
        PartBody::Patient(patient) => Some(view(part, patient, state)),
        PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Evaluation(_) => None,
    }
}

fn vitals(patient: &Patient, bedside: &Bedside) -> Vec<VitalView> {
    let shown = patient.variables.iter().zip(&bedside.levels).filter(|(_, level)| level.shown);
    let vital = |(variable, level): (&Variable, &crate::session::Level)| VitalView {
        vital: variable.vital,
        label: variable.label.clone(),
        unit: variable.unit.clone(),
        value: level.value.decimal(variable.decimals),
        alarm: flag(level.value, variable.alarm_low, variable.alarm_high)
            .filter(|flag| *flag != Flag::InRange),
    };
    shown.map(vital).collect()
}

/// Most actions that are offered again before all others.
const RECENT_MAX: usize = 5;

fn recent(bedside: &Bedside) -> Vec<usize> {
    let mut places = Vec::new();
    for step in bedside.steps.iter().rev() {
        let ScriptStep::Act { action, .. } = step else { continue };
        if places.len() < RECENT_MAX && !places.contains(&action.at()) {
            places.push(action.at());
        }
    }
    places
}

fn lines(patient: &Patient, bedside: &Bedside, story: &[crate::session::Told]) -> Vec<StoryLine> {
    let line = |at, teller, title, text| Some(StoryLine { at, teller, title, text });
    let told = |told: &crate::session::Told| match told.what {
        Happening::Begun { action, dose } => {
            line(told.at, Teller::Begun, titled(patient, action, dose), nothing())
        }
        Happening::Done { action, dose, answer } => {
            let answers = patient.actions.get(action.at()).map(|action| &action.answers);
            let text = answer.and_then(|at| answers?.get(usize::from(at))).map(|remark| remark.text.clone());
            line(told.at, Teller::Done, titled(patient, action, dose), text.unwrap_or_else(nothing))
        }
        Happening::Reported { sample } => {
            let sample = bedside.samples.get(usize::from(sample))?;
            line(told.at, Teller::Report, titled(patient, sample.action, None), finding(patient, sample))
        }
        Happening::Rule(at) => {
            let rule = patient.rules.get(at.at()).filter(|rule| !rule.text.is_empty())?;
            line(told.at, Teller::Says(rule.speaker), String::new(), rule.text.clone())
        }
        Happening::Stage(_) => None,
        Happening::Ended(at) => {
            let ending = patient.endings.get(at.at())?;
            line(told.at, Teller::Says(Speaker::Narrator), ending.title.clone(), ending.text.clone())
        }
    };
    story.iter().filter_map(told).collect()
}

fn pending(patient: &Patient, bedside: &Bedside) -> Vec<Pending> {
    let mut pending: Vec<Pending> = bedside
        .jobs
        .iter()
        .map(|job| Pending {
            title: titled(patient, job.action, job.dose),
            kind: if job.starts > bedside.time { PendingKind::Queued } else { PendingKind::Doing },
            due: job.ends,
        })
        .collect();
    pending.extend(bedside.samples.iter().filter(|sample| sample.due > bedside.time).map(|sample| Pending {
        title: titled(patient, sample.action, None),
        kind: PendingKind::Awaited,
        due: sample.due,
    }));
    crate::order::sort_by(&mut pending, |one, other| one.due.cmp(&other.due));
    pending
}

fn finding(patient: &Patient, sample: &Sample) -> Document {
    let report = patient.actions.get(sample.action.at()).and_then(|action| action.report.as_ref());
    let finding = sample.finding.and_then(|at| report?.findings.get(usize::from(at)));
    finding.map_or_else(nothing, |remark| remark.text.clone())
}

fn reports(patient: &Patient, bedside: &Bedside) -> Vec<ReportView> {
    let mut views: Vec<ReportView> = Vec::new();
    for told in &bedside.story {
        let Happening::Reported { sample } = told.what else { continue };
        let Some(sample) = bedside.samples.get(usize::from(sample)) else { continue };
        let Some(action) = patient.actions.get(sample.action.at()) else { continue };
        let lines = action.report.iter().flat_map(|report| &report.results).zip(&sample.values);
        let results = lines.map(|(line, value)| {
            let shown = value.decimal(line.decimals);
            let result = LabResult {
                analyte: line.analyte.clone(),
                value: LabValue::Number(shown),
                unit: line.unit.clone(),
                low: line.low.map(|low| low.decimal(6)),
                high: line.high.map(|high| high.decimal(6)),
            };
            let same = |earlier: &&ResultView| {
                (&earlier.result.analyte, &earlier.result.unit) == (&result.analyte, &result.unit)
            };
            let last = views.iter().rev().find_map(|view: &ReportView| view.results.iter().find(same));
            let trend = last.map_or_else(Vec::new, |last| last.trend.clone());
            let trend = trend.into_iter().chain([shown]).collect();
            ResultView { flag: result.flag(), result, trend }
        });
        let results = results.collect();
        views.push(ReportView {
            title: action.title.clone(),
            taken: sample.taken,
            arrived: told.at,
            results,
            finding: finding(patient, sample),
        });
    }
    views
}

fn actions(patient: &Patient, bedside: &Bedside) -> Vec<ActionView> {
    let since = |time: Seconds| Seconds(time.0.saturating_sub(bedside.time.0));
    let one = |(at, action): (usize, &Action)| {
        let at = ActionAt(u16::try_from(at).unwrap_or(u16::MAX));
        let tally = bedside.tally(at);
        let (passes, begins) = match action.by {
            Actor::You => (action.takes, bedside.time),
            Actor::Nurse | Actor::Team => {
                (action.asks, Seconds(bedside.time.0.saturating_add(action.asks.0)))
            }
        };
        let starts = bedside.free(patient, action.by).max(begins);
        let runs = bedside.holds(&Guard::Running(at));
        ActionView {
            action: action.id.clone(),
            title: action.title.clone(),
            group: action.group,
            by: action.by,
            passes,
            done_in: Seconds(since(starts).0.saturating_add(action.takes.0)),
            turnaround: action.report.as_ref().map(|report| report.turnaround).filter(|time| time.0 > 0),
            possible: bedside.ending.is_none() && bedside.offers(at, action),
            otherwise: action.otherwise.clone(),
            spent: bedside.spent(at, action),
            weight: action.weight,
            done: tally.count,
            running: runs.then(|| tally.total.decimal(6)),
            dose: action.dose.as_ref().map(|dose| dose_view(action, dose)),
        }
    };
    patient.actions.iter().enumerate().map(one).collect()
}

fn dose_view(action: &Action, dose: &Dose) -> DoseView {
    let route = |route: &Route| {
        let id = OptionId::new(route.id.as_str()).ok()?;
        Some(OptionView { id, text: plain(route.title.clone()) })
    };
    DoseView {
        unit: dose.unit.clone(),
        form: dose.form,
        slip_below: dose.usual_low.part(1, 10).decimal(6),
        slip_above: dose.usual_high.times(Amount::whole(10)).decimal(6),
        routes: action.routes.iter().filter_map(route).collect(),
    }
}

fn ask(patient: &Patient, state: &PatientState) -> PatientAsk {
    let ending = state.bedside.ending.and_then(|at| patient.endings.get(at.at()));
    match (ending, state.own) {
        (None, _) => PatientAsk::Next,
        (Some(ending), None) => {
            PatientAsk::Reflect { ending: ending.title.clone(), text: ending.text.clone() }
        }
        (Some(ending), Some(own)) => {
            PatientAsk::Debrief(Box::new(debrief::debrief(patient, state, ending, own)))
        }
    }
}
