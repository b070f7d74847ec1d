//! The bedside: everything about a simulated patient in one second of its time,
//! and the one way in which the next second follows.
//!
//! In each second, in this order: work that is done takes effect; reports that are
//! due arrive; variables move; rules are tried; the rubric takes note; endings are
//! tried, and last the time limit.

use super::doses::Acting;
use super::known::Known;
use super::state::{Bedside, Firing, Happening, Job, Level, Mark, Sample, Spent, Tally, Told};
use crate::content::patient::{
    Action, ActionAt, Actor, Change, DoseForm, EndingAt, EndingKind, Given, Notice, Pace, Patient, Repeats,
    Rhythm, RouteAt, RuleAt, ScriptStep, StageAt, VariableAt,
};
use crate::measure::{Amount, Seconds};

/// Most that can be under way, act or wait for its report at the same time, so that
/// a second stays cheap whatever a log says.
pub(super) const AT_ONCE_MAX: usize = 48;

/// Whether waiting goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pause {
    /// Nothing asks for attention.
    None,
    /// Something does.
    Asked,
}

/// Called after every second.
pub type Observer<'a> = &'a mut dyn FnMut(&Bedside);

fn place<T>(at: usize, make: impl Fn(u16) -> T) -> T {
    make(u16::try_from(at).unwrap_or(u16::MAX))
}

fn past(time: Seconds, span: Seconds) -> Seconds {
    Seconds(time.0.saturating_add(span.0))
}

impl Bedside {
    /// Second zero.
    #[must_use]
    pub fn begin(patient: &Patient) -> Self {
        let mut bedside = Self {
            time: Seconds(0),
            levels: patient
                .variables
                .iter()
                .map(|variable| Level {
                    base: variable.initial,
                    target: variable.initial,
                    pace: Pace::Step,
                    value: variable.initial,
                    shown: false,
                    strayed: None,
                })
                .collect(),
            stage: StageAt(0),
            tallies: vec![Tally::default(); patient.actions.len()],
            jobs: Vec::new(),
            acting: Vec::new(),
            samples: Vec::new(),
            rules: vec![Firing::default(); patient.rules.len()],
            endings: vec![None; patient.endings.len()],
            marks: vec![Mark::default(); patient.rubric.lines.len()],
            story: Vec::new(),
            steps: Vec::new(),
            step_began: 0,
            cost: 0,
            ending: None,
        };
        bedside.change(patient, &patient.beginning);
        bedside.enter(patient, StageAt(0));
        let mut known = Known::nothing(patient, &bedside);
        bedside.settle(patient, &mut known);
        bedside
    }

    /// The rhythm on the monitor.
    #[must_use]
    pub fn rhythm(&self, patient: &Patient) -> Rhythm {
        let found = patient.rhythms.iter().find(|(when, _)| self.holds(when));
        found.map_or(Rhythm::Sinus, |(_, rhythm)| *rhythm)
    }

    /// When the actor has done everything that is asked of them by now.
    #[must_use]
    pub fn free(&self, patient: &Patient, actor: Actor) -> Seconds {
        let of = |job: &&Job| patient.actions.get(job.action.at()).is_some_and(|action| action.by == actor);
        self.jobs.iter().filter(of).map(|job| job.ends).max().unwrap_or(self.time).max(self.time)
    }

    /// Whether the action can be asked for now.
    #[must_use]
    pub fn offers(&self, at: ActionAt, action: &Action) -> bool {
        self.spent(at, action).is_none() && self.holds(&action.offered)
    }

    /// Whether the action is one for once, and that was used.
    #[must_use]
    pub fn spent(&self, at: ActionAt, action: &Action) -> Option<Spent> {
        if action.repeats != Repeats::Once {
            None
        } else if self.tally(at).count > 0 {
            Some(Spent::Done)
        } else {
            self.jobs.iter().any(|job| job.action == at).then_some(Spent::UnderWay)
        }
    }

    /// What can be asked for now, in the order of the patient.
    pub fn offered<'a>(&'a self, patient: &'a Patient) -> impl Iterator<Item = (ActionAt, &'a Action)> {
        let actions = patient.actions.iter().enumerate().map(|(at, action)| (place(at, ActionAt), action));
        actions.filter(|(at, action)| self.offers(*at, action))
    }

    /// Whether there is room for one thing more.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let waiting = self.samples.iter().filter(|sample| sample.due > self.time).count();
        self.jobs.len().max(self.acting.len()).max(waiting) < AT_ONCE_MAX
    }

    /// Asks for an action; time passes until it is asked, or done where the learner does it.
    pub fn act(&mut self, patient: &Patient, at: ActionAt, dose: Option<Given>, observer: Observer<'_>) {
        let Some(action) = patient.actions.get(at.at()) else { return };
        self.begin_step(ScriptStep::Act { action: at, dose });
        self.tell(Happening::Begun { action: at, dose });
        let (begins, passes) = match action.by {
            Actor::You => (self.time, action.takes),
            Actor::Nurse | Actor::Team => (past(self.time, action.asks), action.asks),
        };
        let starts = self.free(patient, action.by).max(begins);
        let ends = past(starts, action.takes);
        self.jobs.push(Job { action: at, dose, starts, ends });
        let until = past(self.time, passes);
        let mut known = Known::nothing(patient, self);
        // What takes no time at all is done in this very second.
        if ends == self.time {
            self.finish_jobs(patient, &mut known);
            self.settle(patient, &mut known);
            self.note(patient, &mut known);
            self.end_if_due(patient, &mut known);
        }
        while self.ending.is_none() && self.time < until {
            self.tick(patient, &mut known);
            observer(self);
        }
    }

    /// Waits, until something asks for attention but no longer than this.
    pub fn wait(&mut self, patient: &Patient, seconds: Seconds, observer: Observer<'_>) {
        self.begin_step(ScriptStep::Wait(seconds));
        let until = past(self.time, seconds);
        let mut known = Known::nothing(patient, self);
        while self.ending.is_none() && self.time < until {
            let pause = self.tick(patient, &mut known);
            observer(self);
            if pause == Pause::Asked {
                break;
            }
        }
    }

    /// Plays a script to its end, or the encounter's.
    pub fn play(&mut self, patient: &Patient, script: &[ScriptStep], observer: Observer<'_>) {
        for step in script {
            if self.ending.is_some() {
                break;
            }
            match step {
                ScriptStep::Act { action, dose } => self.act(patient, *action, *dose, &mut *observer),
                ScriptStep::Wait(seconds) => self.wait(patient, *seconds, &mut *observer),
            }
        }
    }

    fn tick(&mut self, patient: &Patient, known: &mut Known) -> Pause {
        self.time = past(self.time, Seconds(1));
        let mut pause = self.finish_jobs(patient, known);
        if self.deliver(known) == Pause::Asked {
            pause = Pause::Asked;
        }
        self.advance(known);
        self.settle(patient, known);
        if self.fire(patient, known) == Pause::Asked {
            pause = Pause::Asked;
        }
        self.note(patient, known);
        self.end_if_due(patient, known);
        pause
    }

    fn begin_step(&mut self, step: ScriptStep) {
        self.steps.push(step);
        self.step_began = self.story.len();
    }

    fn tell(&mut self, what: Happening) {
        self.story.push(Told { at: self.time, what });
    }

    /// Work that is done by now takes effect.
    fn finish_jobs(&mut self, patient: &Patient, known: &mut Known) -> Pause {
        let mut pause = Pause::None;
        while let Some(place) = self.jobs.iter().position(|job| job.ends <= self.time) {
            let job = self.jobs.remove(place);
            known.forget();
            let Some(action) = patient.actions.get(job.action.at()) else { continue };
            if action.by != Actor::You {
                pause = Pause::Asked;
            }
            self.finish(patient, action, job);
        }
        pause
    }

    fn finish(&mut self, patient: &Patient, action: &Action, job: Job) {
        self.give(patient, action, &job);
        self.cost = self.cost.saturating_add(action.cost);
        self.mark_deed(patient, &job);
        let first = |list: &[crate::content::patient::Remark]| {
            let held = list.iter().position(|remark| self.holds(&remark.when));
            held.map(|at| place(at, |at| at))
        };
        let answer = first(&action.answers);
        let sample = action.report.as_ref().map(|report| Sample {
            action: job.action,
            taken: self.time,
            due: past(self.time, report.turnaround),
            values: report.results.iter().map(|line| self.value_of(&line.value)).collect(),
            finding: first(&report.findings),
        });
        self.tell(Happening::Done { action: job.action, dose: job.dose, answer });
        if let Some(sample) = sample {
            let due_now = sample.due <= self.time;
            self.samples.push(sample);
            if due_now {
                self.arrive(self.samples.len() - 1);
            }
        }
        self.change(patient, &action.changes);
    }

    /// The dose begins to act, and is counted.
    fn give(&mut self, patient: &Patient, action: &Action, job: &Job) {
        let amount = job.dose.map_or(Amount::ONE, |dose| dose.amount);
        let route = job.dose.map_or(RouteAt(0), |dose| dose.route);
        let time = self.time;
        let form = action.dose.as_ref().map_or(DoseForm::Bolus, |dose| dose.form);
        if form == DoseForm::Rate {
            self.stop(patient, job.action);
        }
        let way = action.routes.get(route.at()).filter(|route| !route.effects.is_empty());
        if let Some(way) = way.filter(|_| amount.0 > 0) {
            let gone = match form {
                DoseForm::Bolus => Some(past(time, Seconds(way.longest(|effect| effect.gone.0)))),
                DoseForm::Rate => None,
            };
            self.acting.push(Acting {
                action: job.action,
                route,
                amount,
                from: time,
                form,
                stopped: None,
                gone,
            });
        }
        let Some(tally) = self.tallies.get_mut(job.action.at()) else { return };
        if let Some(dose) = &action.dose {
            let total = match form {
                DoseForm::Bolus => tally.total.plus(amount),
                DoseForm::Rate => amount,
            };
            let too_soon = dose.apart.zip(tally.last).is_some_and(|(apart, last)| time < past(last, apart));
            let too_much = dose.most_at_once.is_some_and(|most| amount > most)
                || dose.most_in_all.is_some_and(|most| total > most);
            tally.over_limit |= too_soon || too_much;
            tally.total = total;
        }
        tally.count = tally.count.saturating_add(1);
        tally.last = Some(time);
    }

    /// Reports that are due arrive.
    fn deliver(&mut self, known: &mut Known) -> Pause {
        let mut pause = Pause::None;
        for place in 0..self.samples.len() {
            if self.samples.get(place).is_some_and(|sample| sample.due == self.time) {
                self.arrive(place);
                known.forget();
                pause = Pause::Asked;
            }
        }
        pause
    }

    fn arrive(&mut self, sample: usize) {
        let action = self.samples.get(sample).map(|sample| sample.action);
        if let Some(tally) = action.and_then(|action| self.tallies.get_mut(action.at())) {
            tally.reported = true;
        }
        self.tell(place(sample, |sample| Happening::Reported { sample }));
    }

    /// Rules are tried in order.
    fn fire(&mut self, patient: &Patient, known: &mut Known) -> Pause {
        let mut pause = Pause::None;
        for (at, rule) in patient.rules.iter().enumerate() {
            let Some(before) = self.rules.get(at).copied() else { continue };
            if before.count > 0 && rule.again.is_none() {
                continue;
            }
            let holds = known.rule(at, self, &rule.when);
            if !holds && before.since.is_none() {
                continue;
            }
            let since = holds.then(|| before.since.unwrap_or(self.time));
            let ripe = since.is_some_and(|since| self.time >= past(since, rule.held));
            let rested =
                before.last.is_none_or(|last| rule.again.is_some_and(|again| self.time >= past(last, again)));
            let fires = ripe && rested;
            if let Some(firing) = self.rules.get_mut(at) {
                firing.since = since;
                if fires {
                    firing.count = firing.count.saturating_add(1);
                    firing.last = Some(self.time);
                }
            }
            if fires {
                // A rule that only drives the course has nothing to tell.
                if !rule.text.is_empty() {
                    self.tell(place(at, |at| Happening::Rule(RuleAt(at))));
                }
                self.change(patient, &rule.changes);
                known.forget();
                if rule.notice == Notice::Interrupts {
                    pause = Pause::Asked;
                }
            }
        }
        pause
    }

    fn end_if_due(&mut self, patient: &Patient, known: &mut Known) {
        if self.ending.is_some() {
            return;
        }
        for (at, ending) in patient.endings.iter().enumerate() {
            let since = known.ending(at, self, &ending.when).then(|| {
                let before = self.endings.get(at).copied().flatten();
                before.unwrap_or(self.time)
            });
            if let Some(held) = self.endings.get_mut(at) {
                *held = since;
            }
            if since.is_some_and(|since| self.time >= past(since, ending.held)) {
                return self.end(place(at, EndingAt));
            }
        }
        if self.time >= patient.limit {
            let over = patient.endings.iter().position(|ending| ending.kind == EndingKind::TimeOut);
            self.end(place(over.unwrap_or(0), EndingAt));
        }
    }

    fn end(&mut self, ending: EndingAt) {
        if self.ending.is_none() {
            self.ending = Some(ending);
            self.tell(Happening::Ended(ending));
        }
    }

    fn enter(&mut self, patient: &Patient, stage: StageAt) {
        self.stage = stage;
        if let Some(stage) = patient.stages.get(stage.at()) {
            self.change(patient, &stage.changes);
        }
    }

    /// Makes changes, in order. A stage's own changes name no stage (`check` sees to
    /// it), so this ends.
    fn change(&mut self, patient: &Patient, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Course { variable, to, pace } => {
                    let target = self.value_of(to);
                    self.with_level(patient, *variable, |level, keep| {
                        level.target = keep(target);
                        level.pace = *pace;
                    });
                }
                Change::Add { variable, by } => {
                    let by = self.value_of(by);
                    self.with_level(patient, *variable, |level, keep| {
                        level.base = keep(level.base.plus(by));
                        if level.pace == Pace::Step {
                            level.target = level.base;
                        }
                    });
                }
                Change::Stage(stage) => {
                    if self.stage != *stage {
                        self.tell(Happening::Stage(*stage));
                        self.enter(patient, *stage);
                    }
                }
                Change::Show(variable) => self.with_level(patient, *variable, |level, _| level.shown = true),
                Change::Hide(variable) => self.with_level(patient, *variable, |level, _| level.shown = false),
                Change::Stop(action) => {
                    self.stop(patient, *action);
                    if let Some(tally) = self.tallies.get_mut(action.at()) {
                        tally.total = Amount(0);
                    }
                }
                Change::End(ending) => self.end(*ending),
            }
        }
    }

    /// Changes a level; what it is given beside it keeps an amount within the range
    /// and is told where it strayed.
    fn with_level(
        &mut self,
        patient: &Patient,
        at: VariableAt,
        change: impl FnOnce(&mut Level, &mut dyn FnMut(Amount) -> Amount),
    ) {
        let time = self.time;
        let (Some(level), Some(variable)) = (self.levels.get_mut(at.at()), patient.variables.get(at.at()))
        else {
            return;
        };
        let mut strayed = level.strayed;
        change(level, &mut |amount| {
            let kept = Amount(amount.0.max(variable.min.0).min(variable.max.0));
            if kept != amount {
                strayed.get_or_insert(time);
            }
            kept
        });
        level.strayed = strayed;
    }

    /// What was done of an action.
    #[must_use]
    pub fn tally(&self, action: ActionAt) -> Tally {
        self.tallies.get(action.at()).copied().unwrap_or_default()
    }
}
