//! Where a record is, in a few words.

use crate::intake::courier::NotTaken;
use crate::intake::signed::kept_receipt;
use crate::intake::{NotSigned, Standing, host};
use crate::platform::watch::{Network, network};
use crate::records::{self, Record};
use crate::strings::{Strings, strings};
use crate::words;

/// Where a record is and since when, for the transcript.
pub fn whereabouts(all: &'static Strings, record: &Record) -> String {
    came_to(all, &record.standing).unwrap_or_else(|| {
        let s = &all.frame.transcript;
        match record.standing.exported {
            Some(at) => (s.exported_on)(&words::date(all, at)),
            None => (s.on_device_since)(&words::date(all, record.facts.signed.at)),
        }
    })
}

/// Where a record is that was sent or answered; `None` for one that is here alone.
pub fn came_to(all: &'static Strings, standing: &records::Standing) -> Option<String> {
    let s = &all.intake;
    let date = |at| words::date(all, at);
    if let Some(answer) = &standing.answer {
        let decided = || answer.receipt.as_deref().and_then(kept_receipt).map(|receipt| receipt.decided);
        return Some(match answer.standing {
            Standing::Credited => (s.at_credited)(&date(decided().unwrap_or(answer.received))),
            Standing::Review => (s.at_review)(&date(answer.received)),
            Standing::Rejected => s.at_rejected.to_owned(),
            Standing::Reversed => s.at_reversed.to_owned(),
        });
    }
    let sending = standing.sending.as_ref()?;
    Some(if sending.is_stopped() {
        s.at_stopped.to_owned()
    } else if network() == Network::Offline {
        (s.at_offline)(host(&sending.to))
    } else {
        (s.at_sending)(host(&sending.to), &date(sending.asked))
    })
}

/// Why a document of a provider is not believed, in words.
pub fn not_signed(why: &NotSigned) -> String {
    let s = &strings().intake;
    match why {
        NotSigned::Shape => s.shape.to_owned(),
        NotSigned::Stranger(print) => (s.stranger)(print),
        NotSigned::Signature => s.signature.to_owned(),
        NotSigned::OtherRecord => s.other_record.to_owned(),
    }
}

/// Why a receipt that came as a file was not taken, in words.
pub fn not_taken(error: &NotTaken) -> String {
    let all = strings();
    let s = &all.intake;
    match error {
        NotTaken::Signed(why) => (s.receipt_bad)(&not_signed(why)),
        NotTaken::NoRecord => (s.receipt_bad)(s.receipt_no_record),
        NotTaken::Store(error) => (all.frame.faults.store)(error),
    }
}
