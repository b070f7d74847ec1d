//! What a rehearsal says of a patient.

use std::collections::BTreeSet;

use enduring_core::content::CaseGate;
use enduring_core::content::patient::{Measure, Patient, Variable};
use enduring_core::measure::{Amount, Seconds};
use enduring_core::session::{Bedside, How};

use super::super::super::diagnostic::Problem;
use super::super::super::names::Named;
use super::super::super::source::Folder;
use super::super::Draft;
use super::expert::{Expert, ending, of};
use super::run::{Learner, Run};
use super::{clock, written};

/// Reports what is wrong or doubtful.
pub fn tell(folder: &Folder, draft: &Draft, expert: &Expert, runs: &[Run]) {
    let verdict = Verdict { folder, draft, patient: &draft.patient, expert, runs };
    verdict.endings();
    verdict.ranges();
    verdict.winners();
    verdict.unseen();
    verdict.missed();
}

struct Verdict<'a> {
    folder: &'a Folder,
    draft: &'a Draft,
    patient: &'a Patient,
    expert: &'a Expert,
    runs: &'a [Run],
}

impl Verdict<'_> {
    fn at<T: Named>(&self, name: &T, problem: impl FnOnce(&super::super::super::source::Span) -> Problem) {
        if let Some(span) = self.folder.names.place(&self.draft.scope, name) {
            self.folder.report(problem(&span));
        }
    }

    /// Every ending is reached.
    fn endings(&self) {
        for (at, known) in self.patient.endings.iter().enumerate() {
            let reached = self.runs.iter().any(|run| run.ending.is_some_and(|ending| ending.at() == at));
            if !reached {
                self.at(&known.id, |span| {
                    Problem::error(span, format!("no rehearsal came to ending `{}`", known.id))
                        .expected("a course that leads there, for some learner")
                        .found(format!("{} runs that all ended otherwise", self.runs.len()))
                });
            }
        }
    }

    /// No variable leaves its range.
    fn ranges(&self) {
        for (at, variable) in self.patient.variables.iter().enumerate() {
            let first = self
                .runs
                .iter()
                .find_map(|run| run.strayed.get(at).copied().flatten().map(|time| (run, time)));
            let Some((run, time)) = first else { continue };
            let strayed = stray(self.patient, at, variable, run, time);
            self.at(&variable.id, |span| {
                Problem::error(span, format!("variable `{}` leaves its range", variable.id))
                    .expected("a course and effects that together stay within `min` and `max`")
                    .found(format!("{strayed} at {}, with {}", clock(time), who(run.learner)))
                    .help(Some(self.script(run, time)))
            });
        }
    }

    /// What was done until then, for the author to follow.
    fn script(&self, run: &Run, until: Seconds) -> String {
        let mut steps = Vec::new();
        let mut bedside = Bedside::begin(self.patient);
        for step in &run.steps {
            if bedside.time >= until {
                break;
            }
            bedside.play(self.patient, std::slice::from_ref(step), &mut |_| {});
            steps.push(step.clone());
        }
        match steps.as_slice() {
            [] => "nothing was done until then".to_owned(),
            steps => format!("what was done until then: {}", written(self.patient, steps)),
        }
    }

    /// Neither doing nothing nor doing everything wins, and chance does not beat the expert.
    fn winners(&self) {
        let Some(last) = self.draft.expert.last() else { return };
        let best = |who: fn(&Learner) -> bool| {
            self.runs.iter().filter(move |run| who(&run.learner)).max_by_key(|run| run.points)
        };
        let extremes = [
            ("doing nothing", best(|learner| matches!(learner, Learner::Nothing))),
            ("doing everything", best(|learner| matches!(learner, Learner::Everything(_)))),
        ];
        for (name, run) in extremes {
            let Some(run) = run else { continue };
            let ending = ending(self.patient, run.ending).map_or("", |ending| ending.id.as_str());
            let found = format!("{}, with the ending `{ending}`", of(run.points, self.expert.possible));
            if run.points >= self.expert.points {
                self.folder.report(
                    Problem::error(last, format!("{name} earns as much as the expert"))
                        .expected(format!(
                            "less than the expert's {}",
                            of(self.expert.points, self.expert.possible)
                        ))
                        .found(found),
                );
            } else if matches!(self.patient.gate, CaseGate::Threshold(_))
                && self.patient.gate.met(run.points, self.expert.possible)
            {
                self.folder.report(
                    Problem::error(&self.draft.gate, format!("{name} passes the gate"))
                        .expected("a rubric and a threshold that ask for more")
                        .found(found),
                );
            }
        }
        let better = self.runs.iter().filter(|run| run.points > self.expert.points);
        if let Some(best) = better.max_by_key(|run| run.points) {
            self.folder.report(
                Problem::warning(last, "a rehearsal earned more than the expert")
                    .expected(of(self.expert.points, self.expert.possible))
                    .found(format!("{}, with {}", of(best.points, self.expert.possible), who(best.learner)))
                    .help(Some(format!("what was done: {}", written(self.patient, &best.steps)))),
            );
        }
    }

    /// What is written and was never seen. Sampling cannot prove it, so it is a warning.
    fn unseen(&self) {
        for (at, rule) in self.patient.rules.iter().enumerate() {
            if !self.runs.iter().any(|run| run.fired.get(at).copied().unwrap_or_default()) {
                self.at(&rule.id, |span| {
                    Problem::warning(span, format!("rule `{}` fired in no rehearsal", rule.id))
                        .expected("a condition that holds at some time, for some learner")
                });
            }
        }
        let offered: BTreeSet<u16> = self.runs.iter().flat_map(|run| run.offered.iter().copied()).collect();
        for (at, action) in self.patient.actions.iter().enumerate() {
            if !u16::try_from(at).is_ok_and(|at| offered.contains(&at)) {
                self.at(&action.id, |span| {
                    Problem::warning(span, format!("action `{}` was possible in no rehearsal", action.id))
                        .expected("a `when` that holds at some time, for some learner")
                });
            }
        }
    }

    /// Lines of the rubric that the expert does not earn, and harms that the expert does.
    fn missed(&self) {
        for (at, line) in self.patient.rubric.lines.iter().enumerate() {
            let judged = self.expert.bedside.judge(self.patient, at, line);
            let harm = matches!(line.measure, Measure::Harm { .. });
            let earned = if harm { judged.how != How::Harmed } else { judged.earned == judged.possible };
            if !earned {
                self.at(&line.id, |span| {
                    Problem::warning(span, format!("the expert does not meet rubric line `{}`", line.id))
                        .expected("an expert's script that meets every line and does no harm")
                        .found(if harm { "the harm".to_owned() } else { of(judged.earned, judged.possible) })
                });
            }
        }
    }
}

/// A learner in words.
fn who(learner: Learner) -> String {
    match learner {
        Learner::Expert => "the expert".to_owned(),
        Learner::Nothing => "nothing done".to_owned(),
        Learner::Everything(how) => format!("everything done, {how}"),
        Learner::Without(place) => format!("the expert without step {}", place + 1),
        Learner::Until(place) => format!("the expert up to step {place}"),
        Learner::Slips(number) => format!("the expert with slips, run {number}"),
        Learner::Anything(number) => format!("a learner of chance, run {number}"),
    }
}

/// By which end a variable left its range: its value, or the course that a change gave it.
fn stray(patient: &Patient, at: usize, variable: &Variable, run: &Run, time: Seconds) -> String {
    let mut bedside = Bedside::begin(patient);
    let mut level = bedside.levels.get(at).copied();
    bedside.play(patient, &run.steps, &mut |bedside| {
        if bedside.time == time {
            level = bedside.levels.get(at).copied();
        }
    });
    let end = |end: Amount| format!("{} {}", end.decimal(6), variable.unit);
    match level {
        Some(level) if level.value <= variable.min => format!("below {}", end(variable.min)),
        Some(level) if level.value >= variable.max => format!("above {}", end(variable.max)),
        Some(level) if level.target <= variable.min => format!("a change to less than {}", end(variable.min)),
        Some(level) if level.target >= variable.max => format!("a change to more than {}", end(variable.max)),
        Some(_) | None => "a change beyond it".to_owned(),
    }
}
