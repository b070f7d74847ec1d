//! What a provider signs for learners: tickets, receipts and notices.
//!
//! Each has its own header type, so that none can stand for another.
//! `docs/formats/intake.md` has the field tables.

use serde::{Deserialize, Serialize};

use super::payload::Activities;
use crate::id::{ActivityId, CreditId, Digest, LearnerRef, NoticeId, SessionId, TicketId};
use crate::measure::{Credit, Timestamp};

/// The format of a ticket. Stored; never reuse.
pub const TICKET_FORMAT: &str = "enduring-ticket/1";
/// The header type of a ticket. Stored; never reuse.
pub const TICKET_TYP: &str = "enduring-ticket+jwt";
/// The format of a receipt. Stored; never reuse.
pub const RECEIPT_FORMAT: &str = "enduring-receipt/1";
/// The header type of a receipt. Stored; never reuse.
pub const RECEIPT_TYP: &str = "enduring-receipt+jwt";
/// The format of a notice. Stored; never reuse.
pub const NOTICE_FORMAT: &str = "enduring-notice/1";
/// The header type of a notice. Stored; never reuse.
pub const NOTICE_TYP: &str = "enduring-notice+jwt";

/// A bearer document that enrols a learner: the first record that comes with it binds
/// the learner to the record's device key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// [`TICKET_FORMAT`].
    pub format: String,
    /// Its number, by which it is revoked.
    pub id: TicketId,
    /// The learner, as the provider's ledger knows them.
    pub learner: LearnerRef,
    /// The name to show on the device.
    pub name: String,
    /// The provider by name.
    pub provider: String,
    /// The activity that it enrols in; every activity of the provider without one.
    pub activity: Option<ActivityId>,
    /// From when.
    pub issued: Timestamp,
    /// Until when it can be used for the first time.
    pub expires: Timestamp,
}

/// A record as a ledger knows it: never by a hash of its text, since ECDSA signatures
/// can be made again and rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRef {
    /// Thumbprint of the device key.
    pub kid: Digest,
    /// The session.
    pub id: SessionId,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is credited; without credits, the participation is certified.
    Credited,
    /// It was, and is no longer.
    Reversed,
}

/// A provider's word that a record is in its ledger, and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`RECEIPT_FORMAT`].
    pub format: String,
    /// The record.
    pub record: RecordRef,
    /// Its activity.
    pub activity: Activities,
    /// What became of it.
    pub standing: Standing,
    /// A row per kind of credit; none for participation only.
    pub credits: Vec<CreditEarned>,
    /// The local date of completion, ISO 8601.
    pub completed: String,
    /// When the provider received it.
    pub received: Timestamp,
    /// When it was decided.
    pub decided: Timestamp,
}

/// Credit that was earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditEarned {
    /// Which.
    pub credit: CreditId,
    /// What it is called.
    pub name: String,
    /// Who grants it.
    pub accreditor: String,
    /// The accreditor's number for the activity.
    pub accreditor_activity: String,
    /// How much.
    pub amount: Credit,
}

/// Something that a provider has to tell the learners of an activity. It is shown, and
/// changes no session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// [`NOTICE_FORMAT`].
    pub format: String,
    /// Its number.
    pub id: NoticeId,
    /// What kind it is.
    pub kind: NoticeKind,
    /// The activity.
    pub activity: ActivityId,
    /// Its versions, by pack digest; every version without one.
    pub packs: Vec<Digest>,
    /// What to tell, in plain words.
    pub text: String,
    /// When it was made.
    pub issued: Timestamp,
}

/// What kind a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Something in it is wrong or dangerous, such as a dose.
    Safety,
    /// It is withdrawn: it is not to be begun any more.
    Withdrawn,
}

macro_rules! documents {
    ($($name:ident, $format:ident;)+) => {$(
        impl $name {
            /// The exact bytes to sign.
            #[must_use]
            pub fn encode(&self) -> String {
                crate::json::write(self)
            }

            /// Reads a document whose signature was checked. `None` for another shape
            /// or format.
            #[must_use]
            pub fn read(payload: &[u8]) -> Option<Self> {
                let document: Self = crate::json::read_bytes(payload).ok()?;
                (document.format == $format).then_some(document)
            }
        }
    )+};
}

documents! {
    Ticket, TICKET_FORMAT;
    Receipt, RECEIPT_FORMAT;
    Notice, NOTICE_FORMAT;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        Receipt {
            format: RECEIPT_FORMAT.to_owned(),
            record: RecordRef { kid: Digest([1; 32]), id: SessionId([2; 16]) },
            activity: Activities {
                id: ActivityId::new("fever").expect("a name"),
                version: "1.0.0".to_owned(),
                digest: Digest([3; 32]),
                provider: "Society".to_owned(),
            },
            standing: Standing::Credited,
            credits: vec![CreditEarned {
                credit: CreditId::new("points").expect("a name"),
                name: "practice points".to_owned(),
                accreditor: "Board".to_owned(),
                accreditor_activity: "B-1".to_owned(),
                amount: Credit(75),
            }],
            completed: "2026-11-22".to_owned(),
            received: Timestamp(1),
            decided: Timestamp(2),
        }
    }

    #[test]
    fn a_receipt_is_read_as_it_was_written() {
        let text = receipt().encode();
        assert_eq!(Receipt::read(text.as_bytes()), Some(receipt()));
    }

    #[test]
    fn other_shapes_and_formats_are_none() {
        let text = receipt().encode();
        for bad in [
            text.replace("enduring-receipt/1", "enduring-receipt/2"),
            text.replace("\"standing\":\"credited\",", ""),
            text.replace("\"decided\":2", "\"decided\":2,\"more\":1"),
            text.replace("\"decided\":2", "\"decided\":2,\"decided\":3"),
            text.replace("credited", "promised"),
        ] {
            assert_ne!(bad, text);
            assert_eq!(Receipt::read(bad.as_bytes()), None, "{bad}");
        }
    }
}
