//! Completions out of record files, for a provider without a ledger: verified as
//! `enduring verify` does, and taken where the decision is credit. A device counts as a
//! learner, since nothing else is known of who came twice.

use enduring_core::id::{Digest, LearnerRef};
use enduring_core::json;
use enduring_core::record::{
    Bundle, ConsentSheet, CreditEarned, Decision, EvaluationSheet, LearnerSheet, Payload, RecordRef, open,
};

use super::{Completion, PersonFacts};
use crate::verify::Verifier;
use crate::verify::source::{Source, Text};

/// What came of a record.
pub enum Read {
    /// It is a completion.
    Completion(Box<Completion>),
    /// It is not creditable at once.
    NotCredited,
    /// It could not be read: what the system says.
    Unreadable(String),
}

/// Verifies a record and takes it as a completion, where it is creditable.
#[must_use]
pub fn read(verifier: &Verifier, source: &Source) -> Read {
    let report = match verifier.verify(&source.text) {
        Ok(report) => report,
        Err(error) => return Read::Unreadable(error.to_owned()),
    };
    let (Decision::Credit, Some(payload), Text::Whole(text)) =
        (report.decision, report.payload, &source.text)
    else {
        return Read::NotCredited;
    };
    match open(text) {
        Ok(opened) => {
            let completion = completion(opened.bundle, opened.compact.kid, payload, verifier);
            Read::Completion(Box::new(completion))
        }
        Err(_) => Read::NotCredited,
    }
}

fn completion(bundle: Bundle, kid: Digest, payload: Payload, verifier: &Verifier) -> Completion {
    let credits = payload.claims.iter().map(|claim| CreditEarned {
        credit: claim.credit.clone(),
        name: claim.name.clone(),
        accreditor: claim.accreditor.clone(),
        accreditor_activity: claim.accreditor_activity.clone(),
        amount: claim.amount,
    });
    let sheet: Option<LearnerSheet> = bundle.learner.as_deref().and_then(|text| json::read(text).ok());
    Completion {
        record: RecordRef { kid, id: payload.id },
        learner: device(kid),
        salt: sheet.as_ref().map(|sheet| sheet.salt.clone()),
        person: sheet.map(person),
        log: bundle.log,
        consents: bundle.consent.as_deref().and_then(|text| json::read::<ConsentSheet>(text).ok()),
        consents_withdrawn: Vec::new(),
        evaluation: bundle.evaluation.as_deref().and_then(|text| json::read::<EvaluationSheet>(text).ok()),
        credits: credits.collect(),
        decided: verifier.now,
        payload,
    }
}

fn person(sheet: LearnerSheet) -> PersonFacts {
    PersonFacts {
        first_name: sheet.first_name,
        last_name: sheet.last_name,
        birthday: Some(sheet.birthday),
        identifiers: sheet.identifiers,
    }
}

/// A device as a learner: sixteen bytes of a digest of its key.
fn device(kid: Digest) -> LearnerRef {
    let digest = Digest::of(&[b"enduring device", &kid.0]);
    let mut bytes = [0; 16];
    for (byte, of) in bytes.iter_mut().zip(digest.0) {
        *byte = of;
    }
    LearnerRef(bytes)
}
