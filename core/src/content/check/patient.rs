//! What must hold of a simulated patient, so that every second of it is total and
//! takes a bounded time: every place exists, ranges are in order, lists are short.

use super::{Checker, FaultKind, holds, some};
use crate::content::patient::*;
use crate::content::{CaseGate, Part};
use crate::measure::{Amount, Seconds};

const ACTIONS_MAX: usize = 256;
const ROUTES_MAX: usize = 8;
const EFFECTS_MAX: usize = 16;
const RULES_MAX: usize = 256;
const STAGES_MAX: usize = 64;
const ENDINGS_MAX: usize = 32;
const LINES_MAX: usize = 128;
const REMARKS_MAX: usize = 64;
const CHANGES_MAX: usize = 64;
const RESULTS_MAX: usize = 64;
/// Most steps of formulas and guards of a patient, counted to their leaves.
const NODES_MAX: usize = 20_000;

/// Whether all that is named exists, and how much there is of it.
struct Places<'a> {
    patient: &'a Patient,
    nodes: usize,
}

impl<'a> Checker<'a> {
    pub(super) fn patient(&mut self, part: &'a Part, patient: &'a Patient) {
        let name = part.id.as_str();
        let before = self.faults.len();
        self.few("variables", name, patient.variables.len(), VARIABLES_MAX);
        self.few("actions", name, patient.actions.len(), ACTIONS_MAX);
        self.few("rules", name, patient.rules.len(), RULES_MAX);
        self.few("stages", name, patient.stages.len(), STAGES_MAX);
        self.few("endings", name, patient.endings.len(), ENDINGS_MAX);
        self.few("rubric", name, patient.rubric.lines.len(), LINES_MAX);
        for list in [&patient.appearance, &patient.words] {
            self.few("remarks", name, list.len(), REMARKS_MAX);
        }
        self.few("rhythms", name, patient.rhythms.len(), REMARKS_MAX);
        if self.faults.len() > before {
            return;
        }
        self.unique("variable", &mut patient.variables.iter().map(|variable| variable.id.as_str()));
        self.unique("action", &mut patient.actions.iter().map(|action| action.id.as_str()));
        self.unique("rule", &mut patient.rules.iter().map(|rule| rule.id.as_str()));
        self.unique("stage", &mut patient.stages.iter().map(|stage| stage.id.as_str()));
        self.unique("ending", &mut patient.endings.iter().map(|ending| ending.id.as_str()));
        self.unique("rubric line", &mut patient.rubric.lines.iter().map(|line| line.id.as_str()));
        self.expect(some(&patient.variables), "variables", name, FaultKind::NotEmpty);
        self.expect(some(&patient.actions), "actions", name, FaultKind::NotEmpty);
        self.expect(some(&patient.stages), "stages", name, FaultKind::NotEmpty);
        let over = patient.endings.iter().filter(|ending| ending.kind == EndingKind::TimeOut).count();
        self.expect(holds(over == 1), "endings", name, FaultKind::TimeOut);
        let gate = match patient.gate {
            CaseGate::Ending => true,
            CaseGate::Threshold(threshold) => threshold.0 <= 100,
        };
        let limit = (1..=LIMIT_MAX).contains(&patient.limit.0) && patient.rubric.cap_after_harm.0 <= 100;
        self.expect(holds(gate && limit), "patient", name, FaultKind::Bounds);
        for variable in &patient.variables {
            self.expect(holds(in_order(variable)), "variable", variable.id.as_str(), FaultKind::Bounds);
        }
        for action in &patient.actions {
            self.action(action);
        }
        for rule in &patient.rules {
            let sound = short(&rule.changes, CHANGES_MAX) && rule.again.is_none_or(|again| again.0 > 0);
            self.expect(holds(sound), "rule", rule.id.as_str(), FaultKind::Bounds);
        }
        for ending in &patient.endings {
            self.expect(holds(ending.share <= 1_000), "ending", ending.id.as_str(), FaultKind::Bounds);
        }
        for stage in &patient.stages {
            let leaf = !stage.changes.iter().any(|change| matches!(change, Change::Stage(_)));
            let sound = leaf && short(&stage.changes, CHANGES_MAX);
            self.expect(holds(sound), "stage", stage.id.as_str(), FaultKind::Bounds);
        }
        let mut places = Places { patient, nodes: 0 };
        self.expect(holds(places.all()), "patient", name, FaultKind::Known);
        self.few("conditions", name, places.nodes, NODES_MAX);
        for line in &patient.rubric.lines {
            let known = line.objectives.iter().all(|objective| self.objectives.contains(objective.as_str()));
            self.expect(holds(known), "rubric line", line.id.as_str(), FaultKind::Known);
        }
    }

    fn action(&mut self, action: &'a Action) {
        let name = action.id.as_str();
        self.unique("route", &mut action.routes.iter().map(|route| route.id.as_str()));
        let routes = match &action.dose {
            Some(_) => !action.routes.is_empty(),
            None => action.routes.len() <= 1,
        };
        let dose = action.dose.as_ref().is_none_or(|dose| {
            dose.usual_low.0 >= 0 && dose.usual_low <= dose.usual_high && dose.usual_high.0 > 0
        });
        let effects = action.routes.iter().all(|route| {
            short(&route.effects, EFFECTS_MAX)
                && route.effects.iter().all(|effect| {
                    effect.half.0 >= 0
                        && effect.onset <= effect.peak
                        && effect.peak <= effect.wanes
                        && effect.wanes <= effect.gone
                        && effect.gone.0 <= LIMIT_MAX
                })
        });
        let report = action.report.as_ref().is_none_or(|report| {
            short(&report.results, RESULTS_MAX)
                && short(&report.findings, REMARKS_MAX)
                && (report.results.iter()).all(|line| line.decimals <= 6 && ordered(line.low, line.high))
        });
        let time = |seconds: Seconds| seconds.0 <= LIMIT_MAX;
        let sound = routes
            && dose
            && effects
            && report
            && short(&action.routes, ROUTES_MAX)
            && short(&action.answers, REMARKS_MAX)
            && short(&action.changes, CHANGES_MAX)
            && time(action.takes)
            && time(action.asks);
        self.expect(holds(sound), "action", name, FaultKind::Bounds);
    }
}

fn short<T>(list: &[T], most: usize) -> bool {
    list.len() <= most
}

fn ordered(low: Option<Amount>, high: Option<Amount>) -> bool {
    low.zip(high).is_none_or(|(low, high)| low <= high)
}

fn in_order(variable: &Variable) -> bool {
    variable.min <= variable.initial
        && variable.initial <= variable.max
        && variable.min >= Amount(-Amount::MAX.0)
        && variable.max <= Amount::MAX
        && variable.decimals <= 6
        && ordered(variable.alarm_low, variable.alarm_high)
}

impl Places<'_> {
    fn all(&mut self) -> bool {
        let patient = self.patient;
        patient.variables.iter().all(|variable| variable.formula.as_ref().is_none_or(|it| self.formula(it)))
            && self.remarks(&patient.appearance)
            && self.remarks(&patient.words)
            && patient.rhythms.iter().all(|(when, _)| self.guard(when))
            && self.changes(&patient.beginning)
            && patient.stages.iter().all(|stage| self.changes(&stage.changes))
            && patient.actions.iter().all(|action| self.one_action(action))
            && patient.rules.iter().all(|rule| self.guard(&rule.when) && self.changes(&rule.changes))
            && patient.endings.iter().all(|ending| self.guard(&ending.when))
            && patient.rubric.lines.iter().all(|line| self.measure(&line.measure))
            && patient.expert.iter().all(|step| match step {
                ScriptStep::Act { action, dose } => self.given(*action, dose.as_ref()),
                ScriptStep::Wait(_) => true,
            })
    }

    fn given(&self, action: ActionAt, dose: Option<&Given>) -> bool {
        self.patient.actions.get(action.at()).is_some_and(|action| match (dose, &action.dose) {
            (None, None) => true,
            (Some(dose), Some(_)) => dose.route.at() < action.routes.len() && dose.amount.0 >= 0,
            (Some(_), None) | (None, Some(_)) => false,
        })
    }

    fn one_action(&mut self, action: &Action) -> bool {
        let effects = action.routes.iter().flat_map(|route| &route.effects);
        self.guard(&action.offered)
            && self.remarks(&action.answers)
            && self.changes(&action.changes)
            && effects.into_iter().all(|effect| {
                self.variable(effect.variable) && effect.factor.as_ref().is_none_or(|it| self.formula(it))
            })
            && action.report.as_ref().is_none_or(|report| {
                report.results.iter().all(|line| self.formula(&line.value)) && self.remarks(&report.findings)
            })
    }

    fn measure(&mut self, measure: &Measure) -> bool {
        match measure {
            Measure::Timely { any, opens, within, late } => {
                self.deeds(any) && self.guard(opens) && within <= late
            }
            Measure::Sequence { first, then } => self.deeds(first) && self.deeds(then),
            Measure::Harm { when, .. } => self.guard(when),
            Measure::Economy { .. } | Measure::Outcome => true,
        }
    }

    fn deeds(&self, deeds: &[Deed]) -> bool {
        short(deeds, REMARKS_MAX)
            && deeds.iter().all(|deed| {
                self.patient.actions.get(deed.action.at()).is_some_and(|action| {
                    deed.route.is_none_or(|route| route.at() < action.routes.len())
                        && ordered(deed.least, deed.most)
                })
            })
    }

    fn remarks(&mut self, remarks: &[Remark]) -> bool {
        remarks.iter().all(|remark| self.guard(&remark.when))
    }

    fn changes(&mut self, changes: &[Change]) -> bool {
        changes.iter().all(|change| match change {
            Change::Course { variable, to, .. } => self.variable(*variable) && self.formula(to),
            Change::Add { variable, by } => self.variable(*variable) && self.formula(by),
            Change::Stage(stage) => stage.at() < self.patient.stages.len(),
            Change::Show(variable) | Change::Hide(variable) => self.variable(*variable),
            Change::Stop(action) => self.has(*action),
            Change::End(ending) => ending.at() < self.patient.endings.len(),
        })
    }

    fn variable(&self, variable: VariableAt) -> bool {
        variable.at() < self.patient.variables.len()
    }

    fn has(&self, action: ActionAt) -> bool {
        action.at() < self.patient.actions.len()
    }

    fn formula(&mut self, formula: &Formula) -> bool {
        self.nodes += formula.ops().len();
        let known = formula.ops().iter().all(|op| match op {
            Op::Number(amount) => (-Amount::MAX.0..=Amount::MAX.0).contains(&amount.0),
            Op::Variable(variable) => self.variable(*variable),
            Op::Since(action) | Op::Count(action) | Op::Total(action) => self.has(*action),
            Op::Time | Op::Sum | Op::Difference | Op::Product | Op::Quotient | Op::Least | Op::Greatest => {
                true
            }
        });
        known && formula.height().is_some_and(|height| height <= STACK_MAX)
    }

    fn guard(&mut self, guard: &Guard) -> bool {
        self.nodes += 1;
        match guard {
            Guard::Always => true,
            Guard::Not(inner) => self.guard(inner),
            Guard::All(list) | Guard::Any(list) => list.iter().all(|inner| self.guard(inner)),
            Guard::Less(left, right) | Guard::AtMost(left, right) => {
                self.formula(left) && self.formula(right)
            }
            Guard::Done(action)
            | Guard::Underway(action)
            | Guard::Running(action)
            | Guard::Reported(action)
            | Guard::OverLimit(action) => self.has(*action),
            Guard::InStage(stage) => stage.at() < self.patient.stages.len(),
            Guard::Fired(rule) => rule.at() < self.patient.rules.len(),
        }
    }
}
