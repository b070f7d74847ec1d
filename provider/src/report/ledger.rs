//! Completions as the ledger has them: what was credited, to whom, and which consents were
//! taken back since.

use enduring_core::id::StatementId;
use enduring_core::json;
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Compact, ConsentSheet, Decision, EvaluationSheet, LearnerSheet, Payload, RECORD_TYP,
};

use super::{Completion, PersonFacts};
use crate::intake::Taken;
use crate::ledger::{Fact, Ledger, LedgerError, PagedRecord};

/// Records that are read at a time.
const PAGE: u32 = 200;

/// Whether a report reads the sessions themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logs {
    /// It does.
    Kept,
    /// It does not: the logs, most of what a completion is, are left out.
    Left,
}

/// The credited records of a ledger in the order in which they came, and how many others
/// there are, as of one moment: by the rows that there were at a time, where one is given.
///
/// # Errors
/// [`LedgerError`].
pub async fn completions(
    ledger: &Ledger,
    logs: Logs,
    at: Option<Timestamp>,
) -> Result<(Vec<Completion>, usize), LedgerError> {
    let until = ledger.latest().await?;
    let mut completions = Vec::new();
    let (mut after, mut read, mut others) = (0, 0, 0);
    loop {
        let page = ledger.page_of_records(after, until, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for mut found in page {
            read += 1;
            found.rows.retain(|row| at.is_none_or(|at| row.entry.at <= at));
            match Taken::fold(&found.rows) {
                Some(taken) if taken.decision() == Decision::Credit => {
                    completions.push(completion(ledger, &taken, found, logs).await?);
                }
                Some(_) => others += 1,
                // Nothing of it was there yet.
                None => {}
            }
        }
    }
    // A record without its proof is in no page.
    if read == ledger.count("received", until).await? {
        Ok((completions, others))
    } else {
        Err(LedgerError::Unreadable { what: "proof" })
    }
}

async fn completion(
    ledger: &Ledger,
    taken: &Taken,
    found: PagedRecord,
    logs: Logs,
) -> Result<Completion, LedgerError> {
    let record = taken.received.record;
    let withdrawn: Vec<StatementId> = found
        .rows
        .iter()
        .filter_map(|row| match &row.entry.fact {
            Fact::ConsentWithdrawn { statement, .. } => Some(statement.clone()),
            _ => None,
        })
        .collect();
    let payload = Compact::parse(&found.jws, RECORD_TYP)
        .ok()
        .and_then(|compact| json::read_bytes::<Payload>(&compact.payload).ok())
        .ok_or(LedgerError::Unreadable { what: "proof.jws" })?;
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
        log: match logs {
            Logs::Kept => found.log,
            Logs::Left => String::new(),
        },
        consents,
        consents_withdrawn: withdrawn,
        evaluation,
        credits: taken.credits.clone(),
        decided: taken.decisions.last().map_or(taken.at, |decided| decided.at),
    })
}
