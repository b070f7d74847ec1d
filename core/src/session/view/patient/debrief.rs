//! An encounter looked back on: the rubric line by line, and the course as curves.

use super::titled;
use crate::content::patient::*;
use crate::content::{CaseGate, Content, Document, EndingQuality, Part, Reference};
use crate::id::PartId;
use crate::measure::{Amount, Points, Seconds};
use crate::session::event::OwnView;
use crate::session::patient::{Bedside, Happening, How, PLAYS_MAX, PatientState, Played};
use crate::session::state::{PartOutcome, PartState, Phase, State};

/// An encounter looked back on.
#[derive(Clone, Debug, PartialEq)]
pub struct PatientDebrief {
    /// How it ended.
    pub ending: String,
    /// What was told then.
    pub ending_text: Document,
    /// Compared with the expert's.
    pub quality: EndingQuality,
    /// What the learner thought.
    pub own: OwnView,
    /// Earned in this play.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// What is needed, where there is a threshold.
    pub gate: CaseGate,
    /// Whether it is reached by any play.
    pub gate_met: bool,
    /// All plays.
    pub plays: Vec<Played>,
    /// Whether it can be played again.
    pub replayable: bool,
    /// The course and what decides it.
    pub text: Document,
    /// The one thing to take home.
    pub take_home: String,
    /// Where that can be read.
    pub references: Vec<Reference>,
    /// The lines of the rubric, in order.
    pub lines: Vec<LineView>,
    /// The places of the two lines that decided most.
    pub decisive: Vec<usize>,
    /// What the learner asked for, from which one can practice.
    pub steps: Vec<StepTaken>,
}

/// Something that the learner asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTaken {
    /// Its place among all steps, waits and all.
    pub place: usize,
    /// When.
    pub at: Seconds,
    /// What, with its dose.
    pub title: String,
}

/// A line of the rubric looked back on.
#[derive(Clone, Debug, PartialEq)]
pub struct LineView {
    /// What was expected, or what harms.
    pub title: String,
    /// How it is judged.
    pub kind: LineKind,
    /// How it was met.
    pub how: How,
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
    /// What a harm cost.
    pub cost: Points,
    /// When it was done, or happened.
    pub at: Option<Seconds>,
    /// When what had to wait for it was done.
    pub then: Option<Seconds>,
    /// By when it was expected.
    pub by: Option<Seconds>,
    /// When the expert did it.
    pub expert: Option<Seconds>,
    /// When the expert did what had to wait for it.
    pub expert_then: Option<Seconds>,
    /// Why.
    pub rationale: Document,
    /// Where that can be read.
    pub references: Vec<Reference>,
}

/// How a line is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Something in time.
    Timely,
    /// Something before something else.
    Sequence,
    /// A harm.
    Harm(HarmWeight),
    /// Not more than needed.
    Economy(Economy),
    /// How it ended.
    Outcome,
}

/// An encounter and the expert's, second by second.
#[derive(Clone, Debug, PartialEq)]
pub struct Debriefed {
    /// Virtual time between two points of a curve.
    pub every: Seconds,
    /// The vital signs.
    pub curves: Vec<Curve>,
    /// What the learner did, and when.
    pub own: Vec<Marked>,
    /// What the expert did, and when.
    pub expert: Vec<Marked>,
}

/// The course of a vital sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// As the author labels it.
    pub label: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// Digits after the point.
    pub decimals: u8,
    /// With the learner.
    pub own: Vec<Amount>,
    /// With the expert.
    pub expert: Vec<Amount>,
}

/// Something done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// When.
    pub at: Seconds,
    /// What, with its dose.
    pub title: String,
}

/// Most points of a curve.
const POINTS_MAX: u32 = 180;

pub(super) fn debrief(
    patient: &Patient,
    state: &PatientState,
    ending: &PatientEnding,
    own: OwnView,
) -> PatientDebrief {
    let bedside = &state.bedside;
    let mut expert = Bedside::begin(patient);
    expert.play(patient, &patient.expert, &mut |_| {});
    let (points, possible) = bedside.score(patient);
    let lines: Vec<LineView> = patient
        .rubric
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| line_view(patient, bedside, &expert, at, line))
        .collect();
    PatientDebrief {
        ending: ending.title.clone(),
        ending_text: ending.text.clone(),
        quality: ending.quality,
        own,
        points,
        possible,
        gate: patient.gate,
        gate_met: state.gate_met(patient),
        plays: state.plays.clone(),
        replayable: state.plays.len() < PLAYS_MAX,
        text: patient.debrief.clone(),
        take_home: patient.take_home.clone(),
        references: patient.references.clone(),
        decisive: decisive(&lines),
        steps: steps(patient, bedside),
        lines,
    }
}

fn line_view(
    patient: &Patient,
    bedside: &Bedside,
    expert: &Bedside,
    at: usize,
    line: &RubricLine,
) -> LineView {
    let judged = bedside.judge(patient, at, line);
    let mark = |of: &Bedside| of.marks.get(at).copied().unwrap_or_default();
    let (kind, within) = match &line.measure {
        Measure::Timely { within, .. } => (LineKind::Timely, Some(*within)),
        Measure::Sequence { .. } => (LineKind::Sequence, None),
        Measure::Harm { weight, .. } => (LineKind::Harm(*weight), None),
        Measure::Economy { of, .. } => (LineKind::Economy(*of), None),
        Measure::Outcome => (LineKind::Outcome, None),
    };
    let opened = mark(bedside).opened;
    LineView {
        title: line.title.clone(),
        kind,
        how: judged.how,
        points: judged.earned,
        possible: judged.possible,
        cost: judged.cost,
        at: mark(bedside).first,
        then: mark(bedside).then,
        by: opened.zip(within).map(|(opened, within)| Seconds(opened.0.saturating_add(within.0))),
        expert: mark(expert).first,
        expert_then: mark(expert).then,
        rationale: line.rationale.clone(),
        references: line.references.clone(),
    }
}

/// Every act in order has its line in the story.
fn steps(patient: &Patient, bedside: &Bedside) -> Vec<StepTaken> {
    let begun = bedside.story.iter().filter_map(|told| match told.what {
        Happening::Begun { action, dose } => Some((told.at, titled(patient, action, dose))),
        Happening::Done { .. }
        | Happening::Reported { .. }
        | Happening::Rule(_)
        | Happening::Stage(_)
        | Happening::Ended(_) => None,
    });
    let acts = bedside.steps.iter().enumerate();
    let acts = acts.filter(|(_, step)| matches!(step, ScriptStep::Act { .. })).map(|(place, _)| place);
    acts.zip(begun).map(|(place, (at, title))| StepTaken { place, at, title }).collect()
}

/// The two lines that decided most: what was lost first, then what was won.
fn decisive(lines: &[LineView]) -> Vec<usize> {
    let moment = |line: &LineView| match line.kind {
        LineKind::Timely | LineKind::Sequence | LineKind::Harm(_) => true,
        LineKind::Economy(_) | LineKind::Outcome => false,
    };
    let lost = |line: &LineView| line.possible.0.saturating_sub(line.points.0).max(line.cost.0);
    let mut places: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| moment(line) && (line.how != How::Not || lost(line) > 0))
        .map(|(at, _)| at)
        .collect();
    crate::order::sort_by(&mut places, |one, other| {
        let rank = |at: &usize| lines.get(*at).map(|line| (lost(line), line.points.0));
        rank(other).cmp(&rank(one))
    });
    places.truncate(2);
    places
}

/// The encounter of a part, at hand or finished: what its curves and a practice are
/// made of. `None` when the part is not a patient, or its turn has not come.
#[must_use]
pub fn encounter<'a>(
    content: &'a Content,
    state: &'a State,
    part: &PartId,
) -> Option<(&'a Part, &'a PatientState)> {
    let (place, part) = content.part(part)?;
    let finished = state.finished.get(place).map(|finished| &finished.outcome);
    match (finished, &state.phase) {
        (Some(PartOutcome::Patient(patient)), _) => Some((part, &**patient)),
        (None, Phase::Part(PartState::Patient(patient))) if place == state.finished.len() => {
            Some((part, &**patient))
        }
        _ => None,
    }
}

/// The encounter and the expert's as curves, made by playing both again. `None`
/// until the learner said how it went.
#[must_use]
pub fn patient_course(patient: &Patient, state: &PatientState) -> Option<Debriefed> {
    state.own?;
    let every = Seconds(state.bedside.time.0.div_ceil(POINTS_MAX).max(1));
    let (own, own_values) = played(patient, &state.bedside.steps, every);
    let (expert, expert_values) = played(patient, &patient.expert, every);
    let vital = |variable: &&(usize, &Variable)| variable.1.vital != Vital::Hidden;
    let variables: Vec<(usize, &Variable)> = patient.variables.iter().enumerate().collect();
    let of = |values: &[Vec<Amount>], at: usize| {
        values.iter().map(|second| second.get(at).copied().unwrap_or_default()).collect()
    };
    let curves = variables.iter().filter(vital).map(|(at, variable)| Curve {
        label: variable.label.clone(),
        unit: variable.unit.clone(),
        decimals: variable.decimals,
        own: of(&own_values, *at),
        expert: of(&expert_values, *at),
    });
    Some(Debriefed {
        every,
        curves: curves.collect(),
        own: marked(patient, &own),
        expert: marked(patient, &expert),
    })
}

/// A script played, with all variables at every so many seconds.
fn played(patient: &Patient, script: &[ScriptStep], every: Seconds) -> (Bedside, Vec<Vec<Amount>>) {
    let all = |bedside: &Bedside| bedside.levels.iter().map(|level| level.value).collect::<Vec<_>>();
    let mut bedside = Bedside::begin(patient);
    let mut values = vec![all(&bedside)];
    bedside.play(patient, script, &mut |now| {
        if now.time.0.is_multiple_of(every.0) {
            values.push(all(now));
        }
    });
    (bedside, values)
}

fn marked(patient: &Patient, bedside: &Bedside) -> Vec<Marked> {
    let done = |told: &crate::session::Told| match told.what {
        Happening::Done { action, dose, .. } => {
            Some(Marked { at: told.at, title: titled(patient, action, dose) })
        }
        Happening::Begun { .. }
        | Happening::Reported { .. }
        | Happening::Rule(_)
        | Happening::Stage(_)
        | Happening::Ended(_) => None,
    };
    bedside.story.iter().filter_map(done).collect()
}
