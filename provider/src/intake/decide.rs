//! What people at the provider decide about records.

use enduring_core::id::LearnerRef;
use enduring_core::json;
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Compact, CreditEarned, Decision, LearnerSheet, Payload, RECORD_TYP, RecordRef, Standing,
};
use thiserror::Error;

use super::code::LedgerCode;
use super::standing::Taken;
use super::who::is_given_to;
use super::{Intake, IntakeError};
use crate::ledger::{Added, Beside, Binding, Entry, Fact, Received};
use crate::time;

/// How often a decision is begun again because something else came between.
const TRIES: usize = 8;

/// What a person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Credit it, to the learner whose it is by what is known, or to another.
    Approve {
        /// Whose it is, where that was not sure.
        learner: Option<LearnerRef>,
        /// Why; may be empty.
        note: String,
    },
    /// Do not credit it.
    Reject {
        /// Why, for the learner.
        note: String,
    },
    /// Take credit back that was given.
    Reverse {
        /// Why, for the learner.
        note: String,
    },
}

/// Why a decision cannot be taken.
#[derive(Debug, Error)]
pub enum DecideError {
    /// There is no such record.
    #[error("there is no such record")]
    Unknown,
    /// The decision does not fit what was decided before.
    #[error("expected {expected}")]
    Standing {
        /// What a record must be for it.
        expected: &'static str,
    },
    /// A learner is told why.
    #[error("expected a reason, which the learner is told")]
    NoReason,
    /// Everything else.
    #[error(transparent)]
    Intake(#[from] IntakeError),
}

impl Intake {
    /// Decides about a record in the name of a person.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn decide(&self, record: &RecordRef, by: &str, act: &Act) -> Result<Taken, DecideError> {
        for _ in 0..TRIES {
            let taken = self.taken(record).await?.ok_or(DecideError::Unknown)?;
            let mut beside = Beside::default();
            let facts = match act {
                Act::Approve { learner, note } => {
                    if taken.decision() == Decision::Credit {
                        return Err(DecideError::Standing { expected: "a record that is not credited" });
                    }
                    let evidence = if taken.has_waited() { self.evidence(record).await? } else { None };
                    if evidence.is_some_and(|evidence| !evidence.may_be_approved()) {
                        return Err(DecideError::Standing {
                            expected: "a record that verifies, with its pack",
                        });
                    }
                    let learner = learner.unwrap_or(taken.learner());
                    let (facts, known) = self.approved(&taken, learner, note).await?;
                    beside = known;
                    facts
                }
                Act::Reject { note } => {
                    reasoned(note)?;
                    // An appeal is answered too, with a decision of its own.
                    if taken.decision() != Decision::Review && !taken.appealed {
                        return Err(DecideError::Standing { expected: "a record that waits for a person" });
                    }
                    vec![decided(&taken, taken.learner(), Decision::Reject, note)]
                }
                Act::Reverse { note } => {
                    reasoned(note)?;
                    if taken.decision() != Decision::Credit {
                        return Err(DecideError::Standing { expected: "a record that is credited" });
                    }
                    self.reversed(&taken, note)?
                }
            };
            let now = time::now();
            let entries: Vec<Entry> = facts.into_iter().map(|fact| Entry::new(now, by, fact)).collect();
            // Two people at the same record: the second decides on what the first left.
            if self.writer.add(entries, beside).await? == Added::All {
                return self.taken(record).await?.ok_or(DecideError::Unknown);
            }
        }
        Err(IntakeError::Busy.into())
    }

    async fn approved(
        &self,
        taken: &Taken,
        learner: LearnerRef,
        note: &str,
    ) -> Result<(Vec<Fact>, Beside), DecideError> {
        let (received, record) = (&taken.received, taken.received.record);
        let proof =
            self.ledger.proof(&record).await.map_err(IntakeError::from)?.ok_or(DecideError::Unknown)?;
        let payload = Compact::parse(&proof.jws, RECORD_TYP)
            .ok()
            .and_then(|compact| json::read_bytes::<Payload>(&compact.payload).ok())
            .ok_or(DecideError::Unknown)?;
        let (credits, before) = self.earned(&payload, &learner).await?;
        let mut decision = decided(taken, learner, Decision::Credit, note);
        if let (true, Fact::Decided { reasons, .. }) = (before, &mut decision) {
            reasons.push(LedgerCode::CreditedBefore.code().to_owned());
        }
        let mut facts = vec![decision];
        // Who said once whose a device is need not say it again at the next record; that only
        // the learner said so before is another thing.
        if !is_given_to(&self.of_key(record.kid).await?, &learner) {
            facts.push(Fact::Bound { learner, kid: record.kid, how: Binding::Staff });
        }
        facts.extend(self.credited(received, taken.at, learner, credits)?);
        let sheets = self.ledger.sheets(&record).await.map_err(IntakeError::from)?;
        let sheet = sheets.iter().find(|(part, _)| part == "learner");
        let sheet = sheet.and_then(|(_, text)| json::read::<LearnerSheet>(text).ok());
        // Who was nobody but the name on this record is not to be found as somebody else.
        let gone = self.ledger.nobody_else(&record, &learner).await.map_err(IntakeError::from)?;
        let gaps = self.gaps(&learner, sheet.as_ref()).await?;
        Ok((facts, Beside { gone, gaps, ..Beside::default() }))
    }

    /// The rows of credit that is given now, with the receipt; each credit with how often it
    /// was taken back before.
    pub(super) fn credited(
        &self,
        received: &Received,
        at: Timestamp,
        learner: LearnerRef,
        credits: Vec<(CreditEarned, u32)>,
    ) -> Result<Vec<Fact>, IntakeError> {
        let record = received.record;
        let mut facts: Vec<Fact> = Vec::new();
        for (credit, after) in &credits {
            facts.push(Fact::Credited {
                record,
                learner,
                activity: received.activity.id.clone(),
                credit: credit.clone(),
                completed: received.completed.clone(),
                after: *after,
            });
        }
        let credits = credits.into_iter().map(|(credit, _)| credit).collect();
        let receipt = self.receipt(received, Standing::Credited, credits, (at, time::now()))?;
        facts.push(Fact::Receipted { record, learner, standing: Standing::Credited, receipt });
        Ok(facts)
    }

    fn reversed(&self, taken: &Taken, note: &str) -> Result<Vec<Fact>, DecideError> {
        let (record, learner) = (taken.received.record, taken.learner());
        let mut facts = vec![decided(taken, learner, Decision::Reject, note)];
        facts.extend(taken.credits.iter().map(|credit| Fact::Reversed {
            record,
            learner,
            credit: credit.credit.clone(),
            accreditor: credit.accreditor.clone(),
            accreditor_activity: credit.accreditor_activity.clone(),
            amount: credit.amount,
        }));
        let receipt =
            self.receipt(&taken.received, Standing::Reversed, Vec::new(), (taken.at, time::now()))?;
        facts.push(Fact::Receipted { record, learner, standing: Standing::Reversed, receipt });
        Ok(facts)
    }

    /// A learner asks that a person look at a decision again. Once more changes nothing.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn appeal(&self, record: &RecordRef) -> Result<Taken, DecideError> {
        self.appealed(record, "learner", "").await
    }

    /// The same for a learner who wrote or called: what they said, and who took it down.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn take_down_appeal(
        &self,
        record: &RecordRef,
        by: &str,
        note: &str,
    ) -> Result<Taken, DecideError> {
        reasoned(note)?;
        self.appealed(record, by, note.trim()).await
    }

    async fn appealed(&self, record: &RecordRef, by: &str, note: &str) -> Result<Taken, DecideError> {
        // A record that waited for its pack may be decided, and credited, by now.
        let taken = self.settled(record).await?.ok_or(DecideError::Unknown)?;
        if taken.decision() != Decision::Reject {
            return Err(DecideError::Standing { expected: "a record that was rejected or reversed" });
        }
        if !taken.appealed {
            let appeal = Fact::Appealed { record: *record, note: note.to_owned() };
            self.writer.add(vec![Entry::new(time::now(), by, appeal)], Default::default()).await?;
        }
        self.taken(record).await?.ok_or(DecideError::Unknown)
    }
}

fn reasoned(note: &str) -> Result<(), DecideError> {
    if note.trim().is_empty() { Err(DecideError::NoReason) } else { Ok(()) }
}

fn decided(taken: &Taken, learner: LearnerRef, decision: Decision, note: &str) -> Fact {
    Fact::Decided {
        record: taken.received.record,
        learner,
        n: u32::try_from(taken.decisions.len()).unwrap_or(u32::MAX),
        decision,
        reasons: vec![LedgerCode::Person.code().to_owned()],
        note: note.trim().to_owned(),
    }
}
