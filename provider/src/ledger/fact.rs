//! The rows of the ledger: what happened, over opaque ids. Never a name, a birthday or
//! an identifier: those are kept apart and can be erased.

use enduring_core::id::{ActivityId, CreditId, Digest, LearnerRef, StatementId, TicketId};
use enduring_core::measure::{Credit, Millis, Timestamp};
use enduring_core::record::{Activities, CreditEarned, Decision, RecordRef, Standing};
use serde::{Deserialize, Serialize};

use super::reported::Reported;

/// The format of a row. Stored; never reuse.
pub const ENTRY_FORMAT: &str = "enduring-ledger/1";

/// A row: its exact text is what is chained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// [`ENTRY_FORMAT`].
    pub format: String,
    /// When it was written, by the server's clock.
    pub at: Timestamp,
    /// Who caused it: `rule`, `learner`, or a member of staff by their name at the desk.
    pub by: String,
    /// What happened.
    pub fact: Fact,
}

/// What happened. Names are stored; never reuse one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// A learner was enrolled by a ticket.
    Ticketed {
        /// The ticket.
        ticket: TicketId,
        /// Whom.
        learner: LearnerRef,
        /// In what; `null` for every activity.
        activity: Option<ActivityId>,
        /// Until when it can be used first.
        expires: Timestamp,
    },
    /// A ticket is not to be used any more.
    TicketRevoked {
        /// Which.
        ticket: TicketId,
        /// Whose.
        learner: LearnerRef,
    },
    /// A ticket was used for the first time.
    TicketUsed {
        /// Which.
        ticket: TicketId,
        /// Whose.
        learner: LearnerRef,
        /// By which device.
        kid: Digest,
    },
    /// A ticket came with a record whose learner sheet names somebody else than its learner:
    /// it binds nothing, and a person says whose the record is.
    TicketShown {
        /// Which.
        ticket: TicketId,
        /// Whose.
        learner: LearnerRef,
        /// By which device.
        kid: Digest,
    },
    /// A device is a learner's.
    Bound {
        /// Whose.
        learner: LearnerRef,
        /// Thumbprint of its key.
        kid: Digest,
        /// How that is known.
        how: Binding,
    },
    /// A device was lost: what it signs from then on goes to a person.
    KeyRevoked {
        /// Thumbprint of its key.
        kid: Digest,
        /// From when.
        since: Timestamp,
    },
    /// A device is used by several learners, such as the tablet of a clinic.
    KeyShared {
        /// Thumbprint of its key.
        kid: Digest,
    },
    /// A record came, and is sound, or waits for its pack: its first decision says which.
    Received(Box<Received>),
    /// A record came again with another log or other facts: a copy of the work was
    /// continued in two places. What came first stands.
    Conflicted {
        /// Which.
        record: RecordRef,
        /// SHA-256 of the signed part (header and payload) of the one that came later.
        signed: Digest,
    },
    /// It was decided about a record, by rule or by a person; the last decision holds.
    Decided {
        /// Which.
        record: RecordRef,
        /// Whose.
        learner: LearnerRef,
        /// How many decisions came before it: two people who decide at once are told apart.
        n: u32,
        /// How.
        decision: Decision,
        /// Codes of the reasons.
        reasons: Vec<String>,
        /// The reason in a person's words; empty for a rule's.
        note: String,
    },
    /// Credit was given.
    Credited {
        /// For what.
        record: RecordRef,
        /// To whom.
        learner: LearnerRef,
        /// For which activity.
        activity: ActivityId,
        /// What.
        credit: CreditEarned,
        /// The local date of completion, ISO 8601.
        completed: String,
        /// How often this credit was taken back before.
        after: u32,
    },
    /// Credit was taken back.
    Reversed {
        /// For what it had been given.
        record: RecordRef,
        /// To whom.
        learner: LearnerRef,
        /// Which.
        credit: CreditId,
        /// Its accreditor's name.
        accreditor: String,
        /// The accreditor's number for the activity.
        accreditor_activity: String,
        /// How much.
        amount: Credit,
    },
    /// A receipt was signed.
    Receipted {
        /// For what.
        record: RecordRef,
        /// To whom.
        learner: LearnerRef,
        /// What it says.
        standing: Standing,
        /// The receipt.
        receipt: String,
    },
    /// A learner asked that a person look at a decision again.
    Appealed {
        /// Which record.
        record: RecordRef,
        /// What the learner wrote or said, where a person took it down.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Something was reported to an accreditor or a board.
    Reported(Box<Reported>),
    /// A learner withdrew a consent.
    ConsentWithdrawn {
        /// Whose.
        learner: LearnerRef,
        /// Of which record.
        record: RecordRef,
        /// The statement.
        statement: StatementId,
    },
    /// What is personal of a learner was erased.
    Erased {
        /// Whose.
        learner: LearnerRef,
    },
    /// A notice was signed: a warning, or a withdrawal.
    Noticed {
        /// Of which activity.
        activity: ActivityId,
        /// The notice.
        notice: String,
    },
    /// The head of the chain was signed.
    Checkpointed {
        /// The day, ISO 8601 in UTC.
        day: String,
        /// The checkpoint.
        checkpoint: String,
    },
    /// A member of staff did something that none of the other rows tells, such as
    /// looking into a record or making an account.
    Acted {
        /// What.
        act: String,
        /// About what: an opaque id, how many, or empty.
        about: String,
    },
}

/// A record as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// Which.
    pub record: RecordRef,
    /// Whose.
    pub learner: LearnerRef,
    /// Of which activity.
    pub activity: Activities,
    /// SHA-256 of its signed part (header and payload), which no rewritten signature changes.
    pub signed: Digest,
    /// Head of its log.
    pub head: Digest,
    /// The local date of completion, ISO 8601.
    pub completed: String,
    /// When the last requirement was met.
    pub completed_at: Timestamp,
    /// Active time.
    pub active: Millis,
    /// A digest of the pace of the session: two that agree were not played apart.
    pub pace: Digest,
}

/// How it is known whose a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// By a ticket.
    Ticket,
    /// By its first record: the learner says who they are.
    Record,
    /// By the roster.
    Roster,
    /// By a person.
    Staff,
}

/// The columns by which a row is found, and what there may be once: copies of what
/// its line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The name of the fact.
    pub kind: &'static str,
    /// What may be there once.
    pub once: Option<String>,
    /// The record.
    pub record: Option<String>,
    /// The learner.
    pub learner: Option<String>,
    /// The activity.
    pub activity: Option<String>,
    /// What else it is looked for by.
    pub mark: Option<String>,
}

/// A record in a column.
#[must_use]
pub fn record_key(record: &RecordRef) -> String {
    format!("{}:{}", record.kid, record.id)
}

/// What is unique of credit: the learner, the accreditor with its number for the
/// activity, and the kind; never the version.
#[must_use]
pub fn credit_key(learner: &LearnerRef, accreditor: &str, activity: &str, credit: &CreditId) -> String {
    // Lengths in front, so that no two lists of texts have one key.
    let text = format!("{}:{accreditor}:{}:{activity}:{}", accreditor.len(), activity.len(), credit.as_str());
    format!("{learner}:{}", Digest::of(&[text.as_bytes()]))
}

impl Fact {
    /// The columns of its row.
    #[must_use]
    pub fn columns(&self) -> Columns {
        let of = |kind| Columns { kind, ..Columns::default() };
        match self {
            Self::Ticketed { ticket, learner, activity, .. } => Columns {
                once: Some(format!("ticketed:{ticket}")),
                learner: Some(learner.to_string()),
                activity: activity.as_ref().map(ToString::to_string),
                mark: Some(format!("ticket:{ticket}")),
                ..of("ticketed")
            },
            Self::TicketRevoked { ticket, learner } => Columns {
                once: Some(format!("ticket_revoked:{ticket}")),
                learner: Some(learner.to_string()),
                mark: Some(format!("ticket:{ticket}")),
                ..of("ticket_revoked")
            },
            Self::TicketUsed { ticket, learner, kid } => Columns {
                once: Some(format!("ticket_used:{ticket}")),
                learner: Some(learner.to_string()),
                mark: Some(format!("key:{kid}")),
                ..of("ticket_used")
            },
            Self::TicketShown { learner, kid, .. } => Columns {
                learner: Some(learner.to_string()),
                mark: Some(format!("key:{kid}")),
                ..of("ticket_shown")
            },
            Self::Bound { learner, kid, how } => Columns {
                // A device that tells who uses it by its first record is one learner's.
                once: Some(match how {
                    Binding::Record | Binding::Roster => format!("bound:{kid}"),
                    Binding::Ticket | Binding::Staff => format!("bound:{kid}:{learner}"),
                }),
                learner: Some(learner.to_string()),
                mark: Some(format!("key:{kid}")),
                ..of("bound")
            },
            Self::KeyRevoked { kid, .. } => Columns { mark: Some(format!("key:{kid}")), ..of("key_revoked") },
            Self::KeyShared { kid } => Columns {
                once: Some(format!("key_shared:{kid}")),
                mark: Some(format!("key:{kid}")),
                ..of("key_shared")
            },
            Self::Received(received) => Columns {
                once: Some(format!("received:{}", record_key(&received.record))),
                record: Some(record_key(&received.record)),
                learner: Some(received.learner.to_string()),
                activity: Some(received.activity.id.to_string()),
                mark: Some(format!("pace:{}", received.pace)),
                ..of("received")
            },
            Self::Conflicted { record, signed } => Columns {
                once: Some(format!("conflicted:{}:{signed}", record_key(record))),
                record: Some(record_key(record)),
                ..of("conflicted")
            },
            Self::Decided { record, learner, n, .. } => Columns {
                once: Some(format!("decided:{}:{n}", record_key(record))),
                record: Some(record_key(record)),
                learner: Some(learner.to_string()),
                ..of("decided")
            },
            Self::Credited { record, learner, activity, credit, after, .. } => {
                let key =
                    credit_key(learner, &credit.accreditor, &credit.accreditor_activity, &credit.credit);
                Columns {
                    once: Some(format!("credited:{key}:{after}")),
                    record: Some(record_key(record)),
                    learner: Some(learner.to_string()),
                    activity: Some(activity.to_string()),
                    mark: Some(format!("credit:{key}")),
                    ..of("credited")
                }
            }
            Self::Reversed { record, learner, credit, accreditor, accreditor_activity, .. } => {
                let key = credit_key(learner, accreditor, accreditor_activity, credit);
                Columns {
                    record: Some(record_key(record)),
                    learner: Some(learner.to_string()),
                    mark: Some(format!("credit:{key}")),
                    ..of("reversed")
                }
            }
            Self::Receipted { record, learner, standing, .. } => Columns {
                record: Some(record_key(record)),
                learner: Some(learner.to_string()),
                mark: match standing {
                    Standing::Credited => None,
                    Standing::Reversed => Some("standing:reversed".to_owned()),
                },
                ..of("receipted")
            },
            Self::Appealed { record, .. } => Columns { record: Some(record_key(record)), ..of("appealed") },
            Self::Reported(reported) => Columns {
                once: Some(format!("reported:{}:{}:{}", reported.to, reported.key(), reported.n)),
                record: Some(record_key(&reported.record)),
                learner: Some(reported.learner.to_string()),
                mark: Some(format!("report:{}", reported.to)),
                ..of("reported")
            },
            Self::ConsentWithdrawn { learner, record, statement } => Columns {
                once: Some(format!("consent_withdrawn:{}:{statement}", record_key(record))),
                record: Some(record_key(record)),
                learner: Some(learner.to_string()),
                ..of("consent_withdrawn")
            },
            Self::Erased { learner } => Columns { learner: Some(learner.to_string()), ..of("erased") },
            Self::Noticed { activity, .. } => {
                Columns { activity: Some(activity.to_string()), ..of("noticed") }
            }
            Self::Checkpointed { day, .. } => {
                Columns { once: Some(format!("checkpointed:{day}")), ..of("checkpointed") }
            }
            Self::Acted { .. } => of("acted"),
        }
    }
}

impl Entry {
    /// A row of now.
    #[must_use]
    pub fn new(at: Timestamp, by: &str, fact: Fact) -> Self {
        Self { format: ENTRY_FORMAT.to_owned(), at, by: by.to_owned(), fact }
    }

    /// A row of now about what none of the other facts tells.
    #[must_use]
    pub fn acted(at: Timestamp, by: &str, act: &str, about: &str) -> Self {
        Self::new(at, by, Fact::Acted { act: act.to_owned(), about: about.to_owned() })
    }

    /// Its exact text.
    #[must_use]
    pub fn line(&self) -> String {
        // Strings and numbers only: serializing cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}
