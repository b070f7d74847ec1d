//! Records whose pack is not at hand: kept as they came, and decided once it is.

use std::collections::BTreeMap;

use enduring_core::id::{Digest, LearnerRef};
use enduring_core::json;
use enduring_core::record::{
    Check, Code, Decision, Integrity, LearnerSheet, Opened, Outcome, Payload, RecordRef, Report,
};

use super::code::{LedgerCode, Reason, reasons};
use super::odd::Odd;
use super::standing::{Answer, Taken};
use super::submit::person;
use super::who::{Who, learners, random};
use super::{Evidence, Intake, IntakeError};
use crate::ledger::{Added, Beside, Counts, Entry, Fact, Found, LedgerError, ListState, Pass, Scope};
use crate::time;

/// How often a decision is begun again because something else came between.
const TRIES: usize = 8;
/// Decisions with one of these are about records that were not shown to be what they say.
const UNSHOWN: [Code; 6] =
    [Code::PackKnown, Code::Replay, Code::Complete, Code::Facts, Code::ScoreMatch, Code::ClaimsMatch];

impl Taken {
    /// Whether it waits for its pack, and nobody has decided about it.
    #[must_use]
    pub fn waits_for_pack(&self) -> bool {
        let last = self.decisions.last();
        self.decision() == Decision::Review && last.is_some_and(|last| names(&last.reasons, Code::PackKnown))
    }

    /// Whether it waited for its pack once: what came like that was verified later, or never.
    #[must_use]
    pub fn has_waited(&self) -> bool {
        self.decisions.iter().any(|decided| names(&decided.reasons, Code::PackKnown))
    }

    /// Whether its log was replayed to what it says, as far as the rows tell.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        // Nothing is credited that was not verified, by rule or by a person.
        if self.decisions.iter().any(|decided| decided.decision == Decision::Credit) {
            return true;
        }
        let by_rule = self.decisions.iter().rev().find(|decided| decided.by == "rule");
        by_rule.is_none_or(|last| !UNSHOWN.iter().any(|code| names(&last.reasons, *code)))
    }
}

fn names(reasons: &[String], code: Code) -> bool {
    reasons.iter().any(|reason| reason == code.code())
}

impl Evidence {
    /// Whether a person may approve it: what waited for its pack has to verify first.
    #[must_use]
    pub fn may_be_approved(&self) -> bool {
        !self.taken.has_waited() || self.report.integrity != Integrity::Invalid
    }
}

impl Intake {
    /// How many, by activity, those without rows but with a pack at hand among them.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn counts(&self) -> Result<BTreeMap<String, Counts>, LedgerError> {
        let named: Vec<String> = self.packs().about().map(|about| about.activity.to_string()).collect();
        self.ledger.counts(named, &UNSHOWN.map(Code::code)).await
    }

    /// The same of one activity.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn counts_of(&self, activity: &str) -> Result<Counts, LedgerError> {
        self.ledger.counts_of(activity, &UNSHOWN.map(Code::code)).await
    }

    /// How first attempts at the tests of an activity went, by what the records say that
    /// were shown to be what they say: of each learner the first.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn first_attempts(&self, activity: &str) -> Result<Vec<Pass>, LedgerError> {
        self.ledger.first_attempts(activity, &UNSHOWN.map(Code::code)).await
    }

    /// Refuses what would wait for its pack where too many wait already.
    ///
    /// # Errors
    /// [`IntakeError::Waiting`], [`IntakeError::Ledger`].
    pub(super) async fn may_wait(&self) -> Result<(), IntakeError> {
        let most = self.policy.ledger.waiting_for_pack;
        if self.ledger.how_many_wait_for(Code::PackKnown.code()).await? >= u64::from(most) {
            return Err(IntakeError::Waiting { most });
        }
        Ok(())
    }

    /// Whose a record is until it is verified: by a device that is bound already, else nobody
    /// who is known. Nothing is bound on the word of what nobody could replay.
    pub(super) async fn who_later(
        &self,
        kid: Digest,
        of_key: &[Found],
        sheet: Option<&LearnerSheet>,
    ) -> Result<Who, IntakeError> {
        if learners(of_key).is_empty() {
            let learner = LearnerRef(random()?);
            return Ok(Who::of(learner));
        }
        self.who(kid, of_key, None, sheet, time::now()).await
    }

    /// A record as the ledger has it, decided first where its pack is at hand by now.
    pub(super) async fn settled(&self, record: &RecordRef) -> Result<Option<Taken>, IntakeError> {
        match self.taken(record).await? {
            Some(taken) => Ok(Some(self.settle(taken).await?)),
            None => Ok(None),
        }
    }

    /// As [`Intake::settled`], of a record that was looked up.
    pub(super) async fn settle(&self, taken: Taken) -> Result<Taken, IntakeError> {
        if !taken.waits_for_pack() || !self.has_pack(taken.received.activity.digest).await? {
            return Ok(taken);
        }
        let record = taken.received.record;
        self.decide_now(&record).await?;
        Ok(self.taken(&record).await?.unwrap_or(taken))
    }

    /// Whether a pack is at hand, after a look at the folder where it was not.
    async fn has_pack(&self, digest: Digest) -> Result<bool, IntakeError> {
        let at_hand = self.at_hand.clone();
        let looked = tokio::task::spawn_blocking(move || {
            let now = at_hand.now();
            now.packs.place(digest).is_some()
                || at_hand.after(&now).is_some_and(|now| now.packs.place(digest).is_some())
        });
        looked.await.map_err(|_| IntakeError::Busy)
    }

    /// Decides about all records that waited for a pack which is at hand now.
    ///
    /// # Errors
    /// [`IntakeError`]; what was decided before that stays decided.
    pub async fn decide_waiting(&self) -> Result<Vec<Answer>, IntakeError> {
        let mut decided = Vec::new();
        let reason = Some(Code::PackKnown.code().to_owned());
        let mut scope = Scope { reason, ..Scope::default() };
        loop {
            let page = self.ledger.waiting(ListState::Review, &scope).await?;
            let Some(last) = page.last() else { return Ok(decided) };
            scope.after = Some(last.place());
            for listed in &page {
                let Some(taken) = self.taken(&listed.record).await? else { continue };
                if self.packs().place(taken.received.activity.digest).is_some()
                    && let Some(answer) = self.decide_now(&listed.record).await?
                {
                    decided.push(answer);
                }
            }
        }
    }

    /// Decides about a record by rule, if it still waits and its pack can be used.
    async fn decide_now(&self, record: &RecordRef) -> Result<Option<Answer>, IntakeError> {
        for _ in 0..TRIES {
            let Some(evidence) = self.evidence(record).await? else { return Ok(None) };
            let report = &evidence.report;
            if !evidence.taken.waits_for_pack() || report.waits_for_pack() {
                return Ok(None);
            }
            let Some(payload) = report.payload.clone() else { return Ok(None) };
            let (facts, beside) = self.decided_anew(&evidence, &payload).await?;
            let now = time::now();
            let entries = facts.into_iter().map(|fact| Entry::new(now, "rule", fact)).collect();
            // All rows or none: a server that is killed before has decided nothing.
            if self.writer.add(entries, beside).await? == Added::All {
                return Ok(self.taken(record).await?.map(|taken| taken.answer()));
            }
        }
        Err(IntakeError::Busy)
    }

    async fn decided_anew(
        &self,
        evidence: &Evidence,
        payload: &Payload,
    ) -> Result<(Vec<Fact>, Beside), IntakeError> {
        let Evidence { taken, bundle, report, .. } = evidence;
        let (received, record) = (&taken.received, taken.received.record);
        let sheet = bundle.learner.as_deref().and_then(|text| json::read::<LearnerSheet>(text).ok());
        let known = self.known(record.kid, received.pace, payload).await?;
        let who = self.who_by_now(taken, &known.of_key, sheet.as_ref(), report.integrity).await?;
        let content = self.content(received.activity.digest).await?;
        let received = crate::ledger::Received { learner: who.learner, ..received.clone() };
        let Odd { flags, grounds } =
            self.oddities(&received, payload, content.as_ref(), &known, &who).await?;
        let mut codes: Vec<Reason> = reasons(report);
        codes.extend(flags.iter().map(|flag| Reason::of(*flag)));
        // What was odd when it came is odd still.
        for code in taken.decisions.iter().flat_map(|decided| &decided.reasons) {
            if code != Code::PackKnown.code() && codes.iter().all(|known| known.code != *code) {
                codes.push(Reason::named(code));
            }
        }
        let is_odd = codes.iter().any(|reason| LedgerCode::ALL.iter().any(|code| code.code() == reason.code));
        let decision = if is_odd { report.decision.max(Decision::Review) } else { report.decision };
        let mut credits = Vec::new();
        if decision == Decision::Credit {
            let (earned, before) = self.earned(payload, &who.learner).await?;
            credits = earned;
            if before {
                codes.push(Reason::of(LedgerCode::CreditedBefore));
            }
        }
        let news = sheet.as_ref().filter(|_| who.news);
        let gaps = match !is_odd && !who.news && report.integrity != Integrity::Invalid {
            true => self.gaps(&who.learner, sheet.as_ref()).await?,
            false => None,
        };
        let news = news.map(|sheet| person(who.learner, sheet));
        let beside = Beside { person: news, gaps, grounds, ..Beside::default() };
        let mut facts = who.facts;
        facts.push(Fact::Decided {
            record,
            learner: who.learner,
            n: u32::try_from(taken.decisions.len()).unwrap_or(u32::MAX),
            decision,
            reasons: codes.into_iter().map(|reason| reason.code).collect(),
            note: String::new(),
        });
        if decision == Decision::Credit {
            facts.extend(self.credited(&received, taken.at, who.learner, credits)?);
        }
        Ok((facts, beside))
    }

    /// Whose a record is once it was verified: as a record that comes now, unless that was
    /// known when it came, or nobody can say.
    async fn who_by_now(
        &self,
        taken: &Taken,
        of_key: &[Found],
        sheet: Option<&LearnerSheet>,
        integrity: Integrity,
    ) -> Result<Who, IntakeError> {
        let learner = taken.learner();
        let known = Who::of(learner);
        let said = |code: LedgerCode| {
            taken.decisions.iter().any(|decided| decided.reasons.iter().any(|said| said == code.code()))
        };
        let settled = learners(of_key).contains(&learner)
            || said(LedgerCode::SecondKey)
            || said(LedgerCode::LearnerUnsure);
        if settled || integrity == Integrity::Invalid {
            return Ok(known);
        }
        let mut who = self.who(taken.received.record.kid, of_key, None, sheet, time::now()).await?;
        if who.news {
            // Nobody who was known: the name that the row of receipt has for them stays.
            for fact in &mut who.facts {
                if let Fact::Bound { learner: bound, .. } = fact {
                    *bound = learner;
                }
            }
            who.learner = learner;
        }
        Ok(who)
    }
}

/// Whether a record is to be kept until its pack is at hand. A part that is not the one
/// that was signed is added to the report: a copy that arrives whole can still be taken.
pub(super) fn is_for_later(opened: &Opened, report: &mut Report) -> bool {
    let Some(payload) = report.payload.as_ref().filter(|_| report.waits_for_pack()) else {
        return false;
    };
    let no_text = opened.bundle.log.contains('\0').then_some((Code::LogShape, "expected JSON"));
    let other = other_part(opened, payload).map(|code| (code, "another one than was signed, or no sheet"));
    if let Some((code, detail)) = no_text.or(other) {
        let detail = detail.to_owned();
        report.checks.push(Check { code, outcome: Outcome::Failed, detail });
        return false;
    }
    true
}

/// A separate part that came, and is not the one that was signed, or none that can be kept.
fn other_part(opened: &Opened, payload: &Payload) -> Option<Code> {
    let (bundle, signed) = (&opened.bundle, &payload.sheets);
    let parts = [
        (Code::LearnerPart, &bundle.learner, Some(signed.learner)),
        (Code::ConsentPart, &bundle.consent, signed.consent),
        (Code::EvaluationPart, &bundle.evaluation, signed.evaluation),
    ];
    let differs = |text: &Option<String>, signed: Option<Digest>| {
        text.as_ref()
            .is_some_and(|text| Some(Digest::of(&[text.as_bytes()])) != signed || text.contains('\0'))
    };
    let told = bundle.learner.as_deref().and_then(|text| json::read::<LearnerSheet>(text).ok());
    if told.is_some_and(|sheet| !sheet.is_plain()) {
        return Some(Code::LearnerPart);
    }
    parts.into_iter().find(|(_, text, signed)| differs(text, *signed)).map(|(code, ..)| code)
}
