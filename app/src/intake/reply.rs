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

#[cfg(test)]
mod tests {
    use enduring_core::id::{Digest, SessionId};

    use super::*;

    const RECORD: RecordRef = RecordRef { kid: Digest([1; 32]), id: SessionId([2; 16]) };

    fn outcome(standing: &str, receipt: &str) -> String {
        let (kid, id) = (RECORD.kid, RECORD.id);
        format!(
            r#"{{"format":"enduring-outcome/1","record":{{"kid":"{kid}","id":"{id}"}},"standing":"{standing}",
               "reasons":[{{"code":"policy.short","words":"short"}}],"receipt":{receipt},"certificate":true,"later":1}}"#
        )
    }

    fn reading(status: u16, body: &str) -> Reading {
        read(RECORD, status, None, body.as_bytes())
    }

    #[test]
    fn an_outcome_of_this_record_is_one() {
        for (standing, receipt) in
            [("credited", "\"e.e.e\""), ("review", "null"), ("rejected", "null"), ("reversed", "\"e.e.e\"")]
        {
            let found = reading(200, &outcome(standing, receipt));
            assert!(matches!(found, Reading::Outcome(_)), "{standing}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_outcome_is_not_believed() {
        let good = outcome("credited", "\"e.e.e\"");
        for bad in [
            "<!DOCTYPE html><title>Sign in</title>",
            "",
            &good[..good.len() - 1],
            &good.replace("outcome/1", "outcome/2"),
            &good.replace("\"credited\"", "\"promised\""),
            // Credit without a receipt is a promise.
            &outcome("credited", "null"),
            &outcome("reversed", "null"),
            // Another's.
            &good.replace(&RECORD.id.to_string(), &SessionId([3; 16]).to_string()),
            &good.replace(&RECORD.kid.to_string(), &Digest([3; 32]).to_string()),
        ] {
            assert_eq!(reading(200, bad), Reading::NoOutcome, "{bad}");
        }
        for status in [201, 204, 302, 500, 502, 504] {
            assert_eq!(reading(status, &good), Reading::NoOutcome, "{status}");
        }
    }

    #[test]
    fn only_an_unreadable_record_is_rejected_without_its_name() {
        let named = format!(r#"{{"kid":"{}","id":"{}"}}"#, RECORD.kid, RECORD.id);
        let nameless = |standing, receipt| outcome(standing, receipt).replace(&named, "null");
        assert!(matches!(reading(200, &nameless("rejected", "null")), Reading::Outcome(_)));
        assert_eq!(reading(200, &nameless("credited", "\"e\"")), Reading::NoOutcome);
        assert_eq!(reading(200, &nameless("review", "null")), Reading::NoOutcome);
    }

    #[test]
    fn refusals_count_only_in_the_words_of_an_intake() {
        let fault = r#"{"error":{"code":"ticket.expired","words":"it expired"}}"#;
        for status in [400, 401, 403, 413, 415] {
            let expected = Reading::Refused { ticket: status == 401, words: "it expired".to_owned() };
            assert_eq!(reading(status, fault), expected);
            // A proxy's page, of which nothing is known.
            assert_eq!(reading(status, "<h1>Forbidden</h1>"), Reading::NoOutcome);
        }
        assert_eq!(reading(404, fault), Reading::Unknown);
        assert_eq!(reading(404, "not found"), Reading::NoOutcome);
        assert_eq!(read(RECORD, 429, Some(7), b""), Reading::Busy(Some(7)));
        assert_eq!(read(RECORD, 503, None, b"<html>"), Reading::Busy(None));
    }
}
