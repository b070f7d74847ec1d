//! Reading what an intake answers. Only what the contract describes is an outcome: a
//! captive portal's page, a proxy's error or half an answer never is.

use enduring_core::json;
use enduring_core::record::RecordRef;
use serde::{Deserialize, Serialize};

/// The format of an outcome. Stored; never reuse.
const OUTCOME_FORMAT: &str = "enduring-outcome/1";

/// What became of a record. Stored; never reuse a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is credited; without credits, the participation is certified.
    Credited,
    /// A person will look at it.
    Review,
    /// It is not credited.
    Rejected,
    /// It was credited, and is no longer.
    Reversed,
}

/// Why a record is not credited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Its stable code.
    pub code: String,
    /// In words.
    pub words: String,
}

/// What an intake says became of a record. Members that a later server adds are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Outcome {
    format: String,
    record: Option<RecordRef>,
    /// What became of it.
    pub standing: Standing,
    /// Why it is not credited.
    pub reasons: Vec<Reason>,
    /// The signed receipt.
    pub receipt: Option<String>,
    /// Whether a certificate can be fetched.
    pub certificate: bool,
}

#[derive(Deserialize)]
struct Fault {
    error: Reason,
}

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// What became of the record.
    Outcome(Outcome),
    /// It was not taken, and sending the same again would not help.
    Refused {
        /// Whether it is the ticket that was refused.
        ticket: bool,
        /// What the provider says.
        words: String,
    },
    /// The provider does not know the record.
    Unknown,
    /// Later, after so many seconds if it says so.
    Busy(Option<u32>),
    /// Not an answer of an intake.
    NoOutcome,
}

/// Reads the answer to a record that was sent or asked about.
#[must_use]
pub fn read(record: RecordRef, status: u16, retry_after: Option<u32>, body: &[u8]) -> Reading {
    if status == 200 {
        return outcome(record, body).map_or(Reading::NoOutcome, Reading::Outcome);
    }
    let text = std::str::from_utf8(body).unwrap_or_default();
    let fault = json::read_part::<Fault>(text).ok().map(|fault| fault.error.words);
    match (status, fault) {
        (429 | 503, _) => Reading::Busy(retry_after),
        (404, Some(_)) => Reading::Unknown,
        (400 | 401 | 403 | 413 | 415, Some(words)) => Reading::Refused { ticket: status == 401, words },
        _ => Reading::NoOutcome,
    }
}

/// The outcome, if it is one and speaks of this record.
fn outcome(record: RecordRef, body: &[u8]) -> Option<Outcome> {
    let outcome: Outcome = json::read_part(std::str::from_utf8(body).ok()?).ok()?;
    let speaks_of = match outcome.record {
        Some(of) => of == record,
        // A body in which no record can be read was rejected as such.
        None => outcome.standing == Standing::Rejected,
    };
    let signed = match outcome.standing {
        Standing::Credited | Standing::Reversed => outcome.receipt.is_some(),
        Standing::Review | Standing::Rejected => true,
    };
    (outcome.format == OUTCOME_FORMAT && speaks_of && signed).then_some(outcome)
}
