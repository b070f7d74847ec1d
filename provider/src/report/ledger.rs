//! Completions as the ledger has them: what was credited, to whom, and which consents were
//! taken back since.

use enduring_core::id::StatementId;
use enduring_core::json;
use enduring_core::record::{
    Compact, ConsentSheet, Decision, EvaluationSheet, LearnerSheet, Payload, RECORD_TYP,
};

use super::{Completion, PersonFacts};
use crate::intake::Taken;
use crate::ledger::{Fact, Ledger, LedgerError};

/// The credited records of a ledger in the order in which they came, and how many others
/// there are.
///
/// # Errors
/// [`LedgerError`].
pub async fn completions(ledger: &Ledger) -> Result<(Vec<Completion>, usize), LedgerError> {
    let mut completions = Vec::new();
    let mut others = 0;
    for row in ledger.of_kind("received").await? {
        let Fact::Received(received) = row.entry.fact else { continue };
        let rows = ledger.of_record(&received.record).await?;
        let withdrawn: Vec<StatementId> = rows
            .iter()
            .filter_map(|row| match &row.entry.fact {
                Fact::ConsentWithdrawn { statement, .. } => Some(statement.clone()),
                _ => None,
            })
            .collect();
        match Taken::fold(&rows) {
            Some(taken) if taken.decision() == Decision::Credit => {
                completions.push(completion(ledger, &taken, withdrawn).await?);
            }
            Some(_) | None => others += 1,
        }
    }
    Ok((completions, others))
}

async fn completion(
    ledger: &Ledger,
    taken: &Taken,
    withdrawn: Vec<StatementId>,
) -> Result<Completion, LedgerError> {
    let record = taken.received.record;
    let unreadable = || LedgerError::Unreadable { what: "proof.jws" };
    let proof = ledger.proof(&record).await?.ok_or_else(unreadable)?;
    let payload = Compact::parse(&proof.jws, RECORD_TYP)
        .ok()
        .and_then(|compact| json::read_bytes::<Payload>(&compact.payload).ok())
        .ok_or_else(unreadable)?;
    let (mut salt, mut consents, mut evaluation) = (None, None, None);
    for (part, text) in ledger.sheets(&record).await? {
        match part.as_str() {
            "learner" => salt = json::read::<LearnerSheet>(&text).ok().map(|sheet| sheet.salt),
            "consent" => consents = json::read::<ConsentSheet>(&text).ok(),
            "evaluation" => evaluation = json::read::<EvaluationSheet>(&text).ok(),
            _ => {}
        }
    }
    let person = ledger.person(&taken.learner()).await?;
    Ok(Completion {
        record,
        learner: taken.learner(),
        person: person.map(|person| PersonFacts {
            first_name: person.first_name,
            last_name: person.last_name,
            birthday: person.birthday,
            identifiers: person.identifiers,
        }),
        salt,
        payload,
        log: proof.log,
        consents,
        consents_withdrawn: withdrawn,
        evaluation,
        credits: taken.credits.clone(),
        decided: taken.decisions.last().map_or(taken.at, |decided| decided.at),
    })
}
