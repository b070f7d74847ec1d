//! What the ledger says of a record: a fold over its rows.

use enduring_core::id::LearnerRef;
use enduring_core::record::{CreditEarned, Decision, RecordRef, Standing};
use serde::Serialize;

use super::code::{LedgerCode, Reason};
use crate::ledger::{Fact, Found, Received};

/// The format of an answer. Stored by players; never reuse.
pub const OUTCOME_FORMAT: &str = "enduring-outcome/1";

/// What became of a record, for the learner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// [`OUTCOME_FORMAT`].
    pub format: &'static str,
    /// Which record; `None` where none could be read.
    pub record: Option<RecordRef>,
    /// What became of it.
    pub standing: AnswerStanding,
    /// Why it is not credited, or what else there is to tell.
    pub reasons: Vec<Reason>,
    /// The signed receipt.
    pub receipt: Option<String>,
    /// Whether a certificate can be fetched.
    pub certificate: bool,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerStanding {
    /// Credited.
    Credited,
    /// For a person to look at.
    Review,
    /// Not creditable.
    Rejected,
    /// Credited once, and no longer.
    Reversed,
}

/// A record in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// As it came.
    pub received: Received,
    /// When.
    pub at: enduring_core::measure::Timestamp,
    /// Every decision, the first first.
    pub decisions: Vec<Decided>,
    /// Credit that holds.
    pub credits: Vec<CreditEarned>,
    /// The last receipt.
    pub receipt: Option<(Standing, String)>,
    /// The number of its certificate on the status list: that of its first receipt.
    pub certificate: Option<i64>,
    /// Whether the learner appealed since the last decision.
    pub appealed: bool,
    /// Every appeal, the first first.
    pub appeals: Vec<Appeal>,
    /// Whether another copy of the session came.
    pub conflicted: bool,
}

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// When.
    pub at: enduring_core::measure::Timestamp,
    /// By the learner, or by whom it was taken down.
    pub by: String,
    /// How many decisions came before it.
    pub after: usize,
    /// What the learner wrote or said; empty where they asked by themselves.
    pub note: String,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: enduring_core::measure::Timestamp,
    /// By rule, or by whom.
    pub by: String,
    /// Whose record it is, as of this decision.
    pub learner: LearnerRef,
    /// How.
    pub decision: Decision,
    /// Codes.
    pub reasons: Vec<String>,
    /// A person's words.
    pub note: String,
}

impl Taken {
    /// Folds the rows about a record; `None` where it never came.
    #[must_use]
    pub fn fold(rows: &[Found]) -> Option<Self> {
        let mut taken: Option<Self> = None;
        for row in rows {
            match (&row.entry.fact, &mut taken) {
                (Fact::Received(received), None) => {
                    taken = Some(Self {
                        received: (**received).clone(),
                        at: row.entry.at,
                        decisions: Vec::new(),
                        credits: Vec::new(),
                        receipt: None,
                        certificate: None,
                        appealed: false,
                        appeals: Vec::new(),
                        conflicted: false,
                    });
                }
                (fact, Some(taken)) => taken.take(row, fact),
                (_, None) => {}
            }
        }
        taken
    }

    fn take(&mut self, row: &Found, fact: &Fact) {
        match fact {
            Fact::Decided { learner, decision, reasons, note, .. } => {
                self.appealed = false;
                self.decisions.push(Decided {
                    at: row.entry.at,
                    by: row.entry.by.clone(),
                    learner: *learner,
                    decision: *decision,
                    reasons: reasons.clone(),
                    note: note.clone(),
                });
            }
            Fact::Credited { credit, .. } => self.credits.push(credit.clone()),
            Fact::Reversed { credit, accreditor, accreditor_activity, .. } => self.credits.retain(|held| {
                (&held.credit, &held.accreditor, &held.accreditor_activity)
                    != (credit, accreditor, accreditor_activity)
            }),
            Fact::Receipted { standing, receipt, .. } => {
                self.receipt = Some((*standing, receipt.clone()));
                self.certificate = self.certificate.or(Some(row.seq));
            }
            // What was credited in the same moment needs no other look.
            Fact::Appealed { note, .. } if self.decision() == Decision::Reject => {
                self.appealed = true;
                self.appeals.push(Appeal {
                    at: row.entry.at,
                    by: row.entry.by.clone(),
                    after: self.decisions.len(),
                    note: note.clone(),
                });
            }
            Fact::Conflicted { .. } => self.conflicted = true,
            _ => {}
        }
    }

    /// The decision that holds; review before there is one.
    #[must_use]
    pub fn decision(&self) -> Decision {
        self.decisions.last().map_or(Decision::Review, |decided| decided.decision)
    }

    /// Whose record it is.
    #[must_use]
    pub fn learner(&self) -> LearnerRef {
        self.decisions.last().map_or(self.received.learner, |decided| decided.learner)
    }

    /// The answer for the learner.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let standing = match (self.decision(), &self.receipt) {
            _ if self.appealed => AnswerStanding::Review,
            (_, Some((Standing::Reversed, _))) => AnswerStanding::Reversed,
            (Decision::Credit, _) => AnswerStanding::Credited,
            (Decision::Review, _) => AnswerStanding::Review,
            (Decision::Reject, _) => AnswerStanding::Rejected,
        };
        let reasons = self.decisions.last().map(|decided| decided.reasons.as_slice()).unwrap_or_default();
        let mut reasons: Vec<Reason> = reasons.iter().map(|code| Reason::named(code)).collect();
        if let Some(note) = self.decisions.last().map(|decided| &decided.note).filter(|note| !note.is_empty())
        {
            reasons.push(Reason { code: "desk.note".to_owned(), words: note.clone() });
        }
        if self.appealed {
            reasons.push(Reason::of(LedgerCode::Appealed));
        }
        // Players believe a receipt more than what stands beside it.
        let receipt = self.receipt.as_ref().filter(|_| standing != AnswerStanding::Review);
        Answer {
            format: OUTCOME_FORMAT,
            record: Some(self.received.record),
            standing,
            reasons,
            receipt: receipt.map(|(_, receipt)| receipt.clone()),
            certificate: standing == AnswerStanding::Credited,
        }
    }
}
