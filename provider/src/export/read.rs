//! From the ledger's rows to those of the tables.

use enduring_core::content::{Content, TestRole};
use enduring_core::json;
use enduring_core::record::{Compact, Decision, Payload, RECORD_TYP};
use enduring_core::session::{AttemptOutcome, Certain, Mode, Response, Slot};
use enduring_core::{id::PartId, measure::Points};
use jiff::tz::TimeZone;

use super::ExportError;
use super::rows::{AnswerRow, DecisionRow, RecordRow};
use super::table::{Day, Instant};
use crate::intake::{AnswerStanding, Taken};
use crate::ledger::{Fact, Found, LedgerError};
use crate::report::facts::{completed, tests};

/// The row of a record, and those of its answers.
pub(super) fn record(
    taken: &Taken,
    jws: &str,
    log: &str,
    content: &Content,
) -> Result<(RecordRow, Vec<AnswerRow>), ExportError> {
    let received = &taken.received;
    let payload = Compact::parse(jws, RECORD_TYP)
        .ok()
        .and_then(|compact| json::read_bytes::<Payload>(&compact.payload).ok())
        .ok_or(LedgerError::Unreadable { what: "proof.jws" })?;
    let state = completed(content, received.record.id, log)?;
    let (kid, id) = (received.record.kid.to_string(), received.record.id.to_string());
    let mut answers = Vec::new();
    let mut attempts = 0;
    for (part, test, outcome) in tests(content, &state) {
        for attempt in &outcome.attempts {
            attempts += 1;
            let of = Of { kid: &kid, id: &id, part: &part.id, role: test.role, attempt };
            answers.extend(attempt.slots.iter().enumerate().map(|(place, slot)| of.answer(place, slot)));
        }
    }
    let last = taken.decisions.last();
    let row = RecordRow {
        kid,
        id,
        learner: taken.learner().to_string(),
        activity: received.activity.id.to_string(),
        version: received.activity.version.clone(),
        pack: received.activity.digest.to_string(),
        profession: payload.profession.to_string(),
        mode: match payload.mode {
            Mode::Credit => "credit",
            Mode::NotForCredit => "not_for_credit",
            Mode::Rehearsal => "rehearsal",
        }
        .to_owned(),
        received_at: Instant(taken.at.0),
        started_at: Instant(payload.started.at.0),
        completed_at: Instant(received.completed_at.0),
        completed: day(&received.completed)?,
        active_ms: i64::try_from(received.active.0).unwrap_or(i64::MAX),
        events: i32::try_from(payload.log.length).unwrap_or(i32::MAX),
        attempts,
        standing: match taken.answer().standing {
            AnswerStanding::Credited => "credited",
            AnswerStanding::Review => "review",
            AnswerStanding::Rejected => "rejected",
            AnswerStanding::Reversed => "reversed",
        }
        .to_owned(),
        reasons: last.map(|last| last.reasons.clone()).unwrap_or_default(),
        decided_at: last.map(|last| Instant(last.at.0)),
        appealed: taken.appealed,
        conflicted: taken.conflicted,
    };
    Ok((row, answers))
}

/// Whose answer it is.
struct Of<'a> {
    kid: &'a str,
    id: &'a str,
    part: &'a PartId,
    role: TestRole,
    attempt: &'a AttemptOutcome,
}

impl Of<'_> {
    fn answer(&self, place: usize, slot: &Slot) -> AnswerRow {
        let answer = slot.answer.as_ref();
        let points = |points: Points| i32::try_from(points.0).unwrap_or(i32::MAX);
        AnswerRow {
            kid: self.kid.to_owned(),
            id: self.id.to_owned(),
            part: self.part.to_string(),
            role: match self.role {
                TestRole::Pre => "pre",
                TestRole::Post => "post",
                TestRole::Practice => "practice",
            }
            .to_owned(),
            attempt: i32::from(self.attempt.number),
            first: self.attempt.number == 1,
            passed: self.attempt.passed,
            place: i32::try_from(place).unwrap_or(i32::MAX).saturating_add(1),
            item: slot.item.to_string(),
            answer: answer.map(|answer| words(&answer.response)),
            points: answer.map_or(0, |answer| points(answer.points)),
            possible: points(Points::FULL),
            certainty: answer.and_then(|answer| answer.certainty).map(|certain| {
                match certain {
                    Certain::C1 => "c1",
                    Certain::C2 => "c2",
                    Certain::C3 => "c3",
                }
                .to_owned()
            }),
            active_ms: answer.map(|answer| i64::try_from(answer.after.0).unwrap_or(i64::MAX)),
            expired: slot.expired,
        }
    }
}

/// An answer as one text. Names have neither spaces nor `=`, so it can be taken apart.
fn words(response: &Response) -> String {
    let joined = |words: Vec<String>| words.join(" ");
    match response {
        Response::Choice(option) => option.to_string(),
        Response::Choices(options) | Response::Order(options) => {
            joined(options.iter().map(ToString::to_string).collect())
        }
        Response::Truths(truths) => joined(
            truths
                .iter()
                .map(|found| {
                    let truth = match found.truth {
                        enduring_core::content::Truth::True => "true",
                        enduring_core::content::Truth::False => "false",
                    };
                    format!("{}={truth}", found.statement)
                })
                .collect(),
        ),
        Response::Matches(matches) => {
            joined(matches.iter().map(|found| format!("{}={}", found.stem, found.option)).collect())
        }
        Response::Number(number) => number.to_string(),
    }
}

/// The row of a decision; none for what is another fact.
pub(super) fn decision(found: Found) -> Result<Option<DecisionRow>, ExportError> {
    let Found { seq, entry } = found;
    let kind = entry.fact.columns().kind.to_owned();
    let (record, learner) = match &entry.fact {
        Fact::Decided { record, learner, .. }
        | Fact::Credited { record, learner, .. }
        | Fact::Reversed { record, learner, .. } => (*record, *learner),
        _ => return Ok(None),
    };
    let mut row = DecisionRow {
        seq,
        kid: record.kid.to_string(),
        id: record.id.to_string(),
        learner: learner.to_string(),
        kind,
        at: Instant(entry.at.0),
        by: entry.by,
        decision: None,
        reasons: Vec::new(),
        credit: None,
        accreditor: None,
        number: None,
        amount: None,
        completed: None,
        after: None,
    };
    let whole = |number: u32| Some(i32::try_from(number).unwrap_or(i32::MAX));
    match entry.fact {
        Fact::Decided { n, decision, reasons, .. } => {
            row.decision = Some(
                match decision {
                    Decision::Credit => "credit",
                    Decision::Review => "review",
                    Decision::Reject => "reject",
                }
                .to_owned(),
            );
            row.reasons = reasons;
            row.after = whole(n);
        }
        Fact::Credited { credit, completed, after, .. } => {
            row.credit = Some(credit.credit.to_string());
            row.accreditor = Some(credit.accreditor);
            row.number = Some(credit.accreditor_activity);
            row.amount = whole(credit.amount.0);
            row.completed = Some(day(&completed)?);
            row.after = whole(after);
        }
        Fact::Reversed { credit, accreditor, accreditor_activity, amount, .. } => {
            row.credit = Some(credit.to_string());
            row.accreditor = Some(accreditor);
            row.number = Some(accreditor_activity);
            row.amount = whole(amount.0);
        }
        _ => {}
    }
    Ok(Some(row))
}

/// A date such as 2026-11-22.
fn day(text: &str) -> Result<Day, LedgerError> {
    let unreadable = LedgerError::Unreadable { what: "completed" };
    let Ok(date) = text.parse::<jiff::civil::Date>() else { return Err(unreadable) };
    let Ok(midnight) = date.to_zoned(TimeZone::UTC) else { return Err(unreadable) };
    i32::try_from(midnight.timestamp().as_second().div_euclid(86_400)).map(Day).map_err(|_| unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use enduring_core::content::Truth;
    use enduring_core::id::OptionId;
    use enduring_core::measure::Decimal;
    use enduring_core::session::{Match, TruthAnswer};

    #[test]
    fn days_are_counted_from_1970_in_both_directions() {
        for (text, days) in [("1970-01-01", 0), ("1969-12-31", -1), ("2026-11-22", 20_779)] {
            assert_eq!(day(text).expect("a date"), Day(days), "{text}");
        }
        for bad in ["", "2026-02-30", "22.11.2026"] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn answers_are_texts_of_names() {
        let name = |text: &str| OptionId::new(text).expect("a name");
        let number: Decimal = json::read("\"-0.25\"").expect("a number");
        for (response, text) in [
            (Response::Choice(name("a")), "a"),
            (Response::Choices(vec![name("a"), name("c")]), "a c"),
            (Response::Order(vec![name("c"), name("a")]), "c a"),
            (Response::Truths(vec![TruthAnswer { statement: name("s"), truth: Truth::False }]), "s=false"),
            (Response::Matches(vec![Match { stem: name("s"), option: name("o") }]), "s=o"),
            (Response::Number(number), "-0.25"),
        ] {
            assert_eq!(words(&response), text);
        }
    }
}
