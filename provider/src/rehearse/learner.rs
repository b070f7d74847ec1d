//! A scripted learner: looks at the screen, as a person would, and acts.

use enduring_core::content::{
    Case, Certainty, Content, Decision, ExpertStep, Need, OverActive, PartBody, Worth,
};
use enduring_core::id::{Digest, ItemId, LinkId, OptionId, ProfessionId};
use enduring_core::measure::{Credit, Millis};
use enduring_core::record::{EvaluationSheet, SheetText};
use enduring_core::session::view::{
    CaseAsk, CaseView, ClaimView, EvaluationView, LinkView, NextAttempt, ReadingView, Scene, TestResult,
    TestRun,
};
use enduring_core::session::{CaseState, Certain, Claim, Command, PartState, Phase, Refusal, covered};
use thiserror::Error;

use super::bedside::BEDSIDE_STEPS_MAX;
use super::desk::{Beginning, Desk};
use super::dice::Dice;
use super::played::Played;
use super::profile::{Claims, Habits, Profile};
use super::{answer, sheet, words};

/// After so many steps in one case a learner is lost in it.
const STEPS_MAX: usize = 400;
/// A minute away, at least; up to twenty more.
const AWAY: Millis = Millis(60_000);

/// Who plays, and how.
#[derive(Clone, Debug)]
pub struct Script {
    /// Where chance comes from.
    pub seed: Digest,
    /// The number of the learner.
    pub number: u64,
    /// How the learner goes about it.
    pub profile: Profile,
    /// The profession; by chance where none is named.
    pub profession: Option<ProfessionId>,
    /// Where and when it begins.
    pub beginning: Beginning,
}

/// Why a session has no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Stuck {
    /// The learner failed for good.
    #[error("no attempt is left")]
    NoAttemptLeft,
    /// The case went on and on.
    #[error("the case did not end within {STEPS_MAX} steps")]
    LostInCase,
    /// The encounter went on and on.
    #[error("the encounter did not end within {BEDSIDE_STEPS_MAX} steps")]
    LostAtBedside,
    /// The encounter's gate was not met in any play.
    #[error("no play of the patient is left")]
    NoPlayLeft,
    /// The core refuses what the script tries.
    #[error("event {n}: {refusal}")]
    Refused {
        /// The number it would have had.
        n: u32,
        /// The rule.
        refusal: Refusal,
    },
}

pub(super) struct Learner<'a> {
    pub(super) desk: Desk<'a>,
    pub(super) dice: Dice<'a>,
    pub(super) habits: Habits,
    script: &'a Script,
    /// How much of the expert's path was followed in this play; `None` once left.
    pub(super) expert: Option<usize>,
    /// Steps of this play.
    pub(super) steps: usize,
    answers: Vec<(ItemId, SheetText)>,
    learner: Option<SheetText>,
    consent: Option<SheetText>,
}

/// Plays a pack from its front matter to the signed-off claim.
///
/// # Errors
/// [`Stuck`] says why there is no record.
pub fn play(content: &Content, script: &Script) -> Result<Played, Stuck> {
    let desk = Desk::begin(content, &script.beginning).map_err(|refusal| Stuck::Refused { n: 1, refusal })?;
    let mut learner = Learner {
        desk,
        dice: Dice::new(&script.seed),
        habits: script.profile.habits(),
        script,
        expert: Some(0),
        steps: 0,
        answers: Vec::new(),
        learner: None,
        consent: None,
    };
    loop {
        match learner.step() {
            Ok(Going::On) => {}
            Ok(Going::Done) => return Ok(learner.record()),
            Err(Halt::Stuck(stuck)) => return Err(stuck),
            Err(Halt::Refused(refusal)) => {
                return Err(Stuck::Refused { n: learner.desk.state.n + 1, refusal });
            }
        }
    }
}

enum Going {
    On,
    Done,
}

pub(super) enum Halt {
    Stuck(Stuck),
    Refused(Refusal),
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Learner<'_> {
    fn step(&mut self) -> Result<Going, Halt> {
        if matches!(self.desk.state.phase, Phase::Completed(_)) {
            return Ok(Going::Done);
        }
        if self.dice.happens(self.habits.interrupted) {
            let away = Millis(AWAY.0 + self.dice.below(20) as u64 * 60_000);
            if self.dice.happens(50) { self.desk.leave(away)? } else { self.desk.reload(away)? }
        }
        match self.desk.view().scene {
            Scene::FrontMatter => self.front_matter()?,
            Scene::Opening(opening) => {
                self.read(words::document(&opening.introduction))?;
                (self.expert, self.steps) = (Some(0), 0);
                self.desk.tries(Command::EnterPart)?;
            }
            Scene::Reading(reading) => self.reading(&reading)?,
            Scene::TestStart(start) => {
                self.read(words::document(&start.introduction))?;
                self.desk.tries(Command::StartAttempt)?;
            }
            Scene::TestRun(run) => self.item(&run)?,
            Scene::TestResult(result) => self.result(&result)?,
            Scene::Case(case) => self.case(&case)?,
            Scene::Patient(patient) => self.patient(&patient)?,
            Scene::Evaluation(evaluation) => self.evaluation(&evaluation)?,
            Scene::Claim(claim) => self.claim(&claim)?,
            Scene::Completed(_) => return Ok(Going::Done),
        }
        Ok(Going::On)
    }

    /// Reads so many words.
    pub(super) fn read(&mut self, words: u64) -> Result<(), Refusal> {
        let even = words * 60_000 / self.habits.words_a_minute;
        // Give or take a fifth.
        let time = even * (80 + self.dice.below(41) as u64) / 100;
        self.desk.spend(Millis(time + 500))
    }

    /// Reads a question and thinks about it: how long that takes.
    pub(super) fn thought(&mut self, words: u64) -> Millis {
        let reading = words * 60_000 / self.habits.words_a_minute;
        let thinking = self.habits.thinks.0 * (80 + self.dice.below(80) as u64) / 100;
        Millis(reading + thinking)
    }

    fn front_matter(&mut self) -> Result<(), Refusal> {
        self.desk.tries(Command::ShowFrontMatter)?;
        let text = enduring_core::content::front_text(self.desk.content.activity());
        self.read(words::plain(&text))?;
        self.desk.tries(Command::AcknowledgeFrontMatter)
    }

    fn reading(&mut self, reading: &ReadingView) -> Result<(), Refusal> {
        self.read(words::document(&reading.text))?;
        if reading.page + 1 < reading.of {
            self.desk.tries(Command::TurnTo { page: reading.page + 1 })
        } else {
            self.desk.tries(Command::FinishPart)
        }
    }

    fn item(&mut self, run: &TestRun) -> Result<(), Refusal> {
        if run.item.response.is_some() || run.item.expired {
            return match &run.next {
                Some(next) => self.desk.tries(Command::GoTo { item: next.clone() }),
                None => self.desk.tries(Command::Submit),
            };
        }
        let need = self.thought(words::item(&run.item));
        let over = |left: Option<Millis>| left.filter(|left| need > *left);
        if let Some(left) = over(run.attempt_left) {
            self.desk.spend(Millis(left.0 + 1))?;
            return self.desk.tries(Command::ExpireAttempt);
        }
        if let Some(left) = over(run.item_left) {
            self.desk.spend(Millis(left.0 + 1))?;
            return self.desk.tries(Command::ExpireItem);
        }
        self.desk.spend(need)?;
        let Some(item) = self.desk.content.item(&run.item.item) else { return Err(Refusal::NoSuchItem) };
        let earlier = usize::from(run.attempt.saturating_sub(1));
        let knows = (self.habits.knows + self.habits.learns * earlier).min(98);
        let response = answer::answer(&item.body, knows, &mut self.dice);
        let certainty = match run.item.certainty {
            Certainty::Off => None,
            Certainty::Optional | Certainty::Required => {
                self.dice.pick(&[Certain::C1, Certain::C2, Certain::C3]).copied()
            }
        };
        self.desk.tries(Command::Answer { item: run.item.item.clone(), response, certainty })
    }

    fn result(&mut self, result: &TestResult) -> Result<(), Halt> {
        let told = result.items.iter().filter_map(|item| item.feedback.as_ref());
        self.read(told.map(|feedback| words::document(&feedback.rationale)).sum())?;
        match result.next {
            NextAttempt::NotNeeded => self.desk.tries(Command::FinishPart)?,
            NextAttempt::From { at, .. } => {
                if let Some(wait) = at.since(self.desk.at()).filter(|wait| wait.0 > 0) {
                    self.desk.reload(Millis(wait.0 + AWAY.0))?;
                }
                self.desk.tries(Command::StartAttempt)?;
            }
            NextAttempt::NoneLeft => return Err(Halt::Stuck(Stuck::NoAttemptLeft)),
        }
        Ok(())
    }

    fn case(&mut self, case: &CaseView) -> Result<(), Halt> {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return Err(Halt::Stuck(Stuck::LostInCase));
        }
        self.read(words::case(case))?;
        for entry in case.chart.iter().filter(|entry| entry.is_new) {
            if self.dice.happens(self.habits.curious) {
                self.read(words::document(&entry.entry.text) + 4 * entry.results.len() as u64)?;
                self.desk.tries(Command::OpenChart { entry: entry.entry.id.clone() })?;
            }
        }
        let thought = self.thought(0);
        match &case.ask {
            CaseAsk::Links(links) => {
                let link = self.link(links).ok_or(Refusal::NoSuchLink)?;
                self.desk.tries(Command::Follow { link })?;
            }
            CaseAsk::Decision { decision, .. } => {
                self.desk.spend(thought)?;
                let picks = self.picks();
                self.desk.tries(Command::Decide { decision: decision.clone(), picks })?;
            }
            CaseAsk::Ended { gate_met: true, .. } => self.desk.tries(Command::FinishPart)?,
            CaseAsk::Ended { gate_met: false, .. } => {
                self.expert = Some(0);
                self.desk.tries(Command::RestartCase)?;
            }
        }
        Ok(())
    }

    /// The case at hand and how it stands.
    fn at_case(&self) -> Option<(&Case, &CaseState)> {
        let part = self.desk.content.activity().parts.get(self.desk.state.finished.len())?;
        match (&part.body, &self.desk.state.phase) {
            (PartBody::Case(case), Phase::Part(PartState::Case(state))) => Some((case, state)),
            _ => None,
        }
    }

    /// What the expert does here, while this learner still walks in those steps and means to.
    fn expert_step(&mut self) -> Option<ExpertStep> {
        let place = self.expert?;
        let step = self.at_case().and_then(|(case, _)| case.expert.get(place).cloned());
        let earlier = self.at_case().map_or(0, |(_, state)| usize::from(state.play) - 1);
        let follows = self.dice.happens(self.habits.expert + self.habits.learns * earlier);
        self.expert = step.as_ref().filter(|_| follows).map(|_| place + 1);
        step.filter(|_| follows)
    }

    /// The expert's link, or one that leads to a node seen least often.
    fn link(&mut self, links: &[LinkView]) -> Option<LinkId> {
        if let Some(ExpertStep::Follow(link)) = self.expert_step()
            && links.iter().any(|known| known.link == link)
        {
            return Some(link);
        }
        let visits = |id: &LinkId| {
            self.at_case().map_or(0, |(case, state)| {
                let to = state.links(case).find(|link| link.id == *id).map(|link| &link.to);
                state.path.iter().filter(|node| Some(*node) == to).count()
            })
        };
        let counted: Vec<(usize, LinkId)> =
            links.iter().map(|view| (visits(&view.link), view.link.clone())).collect();
        let least = counted.iter().map(|(count, _)| *count).min();
        let fresh: Vec<LinkId> =
            counted.into_iter().filter(|(count, _)| Some(*count) == least).map(|(_, link)| link).collect();
        self.dice.pick(&fresh).cloned()
    }

    /// The expert's picks, good ones, or any.
    fn picks(&mut self) -> Vec<OptionId> {
        let expert = self.expert_step();
        let Some(decision) = self.decision() else { return Vec::new() };
        if let Some(ExpertStep::Decide(picks)) = expert
            && picks.iter().all(|pick| decision.options.iter().any(|option| option.id == *pick))
        {
            return picks;
        }
        let good: Vec<OptionId> = decision
            .options
            .iter()
            .filter(|option| matches!(option.worth, Worth::Earns(_)))
            .map(|option| option.id.clone())
            .collect();
        let all: Vec<OptionId> = decision.options.iter().map(|option| option.id.clone()).collect();
        let least = usize::from(decision.min_picks);
        let most = usize::from(decision.max_picks).min(all.len());
        if good.len() >= least && !good.is_empty() && self.dice.happens(self.habits.knows) {
            let count = good.len().min(most);
            return self.dice.some(&good, count);
        }
        let count = (least + self.dice.below(most - least + 1)).max(1).min(most);
        self.dice.some(&all, count)
    }

    fn decision(&self) -> Option<Decision> {
        let (case, state) = self.at_case()?;
        state.decision(case).cloned()
    }

    fn evaluation(&mut self, view: &EvaluationView) -> Result<(), Refusal> {
        for question in &view.evaluation.questions {
            self.read(words::document(&question.text))?;
            if question.need == Need::Optional && !self.dice.happens(self.habits.obliging) {
                continue;
            }
            let text = sheet::reply(question, &mut self.dice);
            let command = Command::AnswerQuestion { question: question.id.clone(), answer: text.digest };
            self.desk.tries(command)?;
            self.answers.push((question.id.clone(), text));
        }
        self.desk.tries(Command::FinishPart)
    }

    fn claim(&mut self, view: &ClaimView) -> Result<(), Refusal> {
        let front = &self.desk.content.activity().front;
        let profession = match &self.script.profession {
            Some(profession) => profession.clone(),
            None => match self.dice.pick(&front.professions) {
                Some(profession) => profession.id.clone(),
                None => return Err(Refusal::NoSuchProfession),
            },
        };
        let text = sheet::learner(self.desk.content, self.script.number, &profession, &mut self.dice);
        self.desk.spend(Millis(20_000))?;
        self.desk.tries(Command::Describe { sheet: text.digest, profession: profession.clone() })?;
        self.learner = Some(text);
        if !front.consents.is_empty() {
            let text = sheet::consent(self.desk.content, &mut self.dice);
            self.desk.tries(Command::AnswerConsents { sheet: text.digest })?;
            self.consent = Some(text);
        }
        let claims = if view.closed.is_some() { Vec::new() } else { self.claims(&profession) };
        self.desk.tries(Command::Claim { claims })?;
        self.desk.tries(Command::Attest)?;
        self.desk.tries(Command::Complete)
    }

    fn claims(&self, profession: &ProfessionId) -> Vec<Claim> {
        let active = self.desk.state.clock.active;
        let activity = self.desk.content.activity();
        let covered_only =
            self.habits.claims == Claims::Covered || activity.policy.over_active == OverActive::Refuse;
        let offers = activity.front.credits.iter();
        offers
            .filter(|offer| offer.is_for(profession))
            .map(|offer| {
                let covered = covered(active, offer.step).min(offer.maximum);
                let amount = if covered_only { covered } else { offer.maximum };
                Claim { credit: offer.id.clone(), amount }
            })
            .filter(|claim| claim.amount > Credit(0))
            .collect()
    }

    fn record(self) -> Played {
        let texts = self.answers.into_iter().map(|(_, text)| text.text).collect();
        let asks = |body: &PartBody| matches!(body, PartBody::Evaluation(_));
        let has = self.desk.content.activity().parts.iter().any(|part| asks(&part.body));
        Played {
            evaluation: has.then(|| SheetText::of(&EvaluationSheet { answers: texts })),
            state: self.desk.state,
            log: self.desk.log,
            head: self.desk.head,
            learner: self.learner,
            consent: self.consent,
        }
    }
}
