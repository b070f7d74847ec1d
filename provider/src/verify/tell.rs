//! Verdicts in words and as JSON.

use std::fmt::Write;

use enduring_core::encode::base64url;
use enduring_core::id::SessionId;
use enduring_core::record::{Decision, Integrity, Outcome, Payload, Report};
use enduring_core::score::{AttemptScore, PlayScore, Score};
use serde::Serialize;

/// How many records came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records.
    pub records: u64,
    /// Creditable.
    pub credit: u64,
    /// For a person to decide.
    pub review: u64,
    /// Not creditable.
    pub reject: u64,
    /// Whose integrity is broken, or could not be shown.
    pub invalid: u64,
    /// Which could not be read at all.
    pub unreadable: u64,
}

impl Tally {
    /// Counts a verdict.
    pub fn count(&mut self, verdict: Result<&Report, &str>) {
        let Ok(report) = verdict else {
            self.unreadable += 1;
            return;
        };
        self.records += 1;
        self.invalid += u64::from(report.integrity == Integrity::Invalid);
        *match report.decision {
            Decision::Credit => &mut self.credit,
            Decision::Review => &mut self.review,
            Decision::Reject => &mut self.reject,
        } += 1;
    }

    /// The line at the end.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { records, credit, review, reject, invalid, unreadable } = self;
        format!(
            "records {records}: credit {credit}, review {review}, reject {reject}; integrity invalid {invalid}; unreadable {unreadable}"
        )
    }
}

/// One line of `--json`. Documented in `docs/formats/record.md`; never rename a member.
#[derive(Serialize)]
struct Line<'a> {
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict<'a>>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    id: Option<SessionId>,
    kid: Option<String>,
    integrity: Integrity,
    decision: Decision,
    checks: Vec<CheckLine<'a>>,
    payload: Option<&'a Payload>,
    recomputed: Option<&'a Score>,
}

#[derive(Serialize)]
struct CheckLine<'a> {
    code: &'static str,
    outcome: Outcome,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
}

/// A verdict as one line of JSON, with its LF.
#[must_use]
pub fn json(source: &str, verdict: Result<&Report, &str>) -> String {
    let line = Line {
        source,
        error: verdict.err(),
        verdict: verdict.ok().map(|report| Verdict {
            id: report.id,
            kid: report.kid.map(|kid| base64url(&kid.0)),
            integrity: report.integrity,
            decision: report.decision,
            checks: report
                .checks
                .iter()
                .map(|check| CheckLine {
                    code: check.code.code(),
                    outcome: check.outcome,
                    detail: &check.detail,
                })
                .collect(),
            payload: report.payload.as_ref(),
            recomputed: report.recomputed.as_ref(),
        }),
    };
    // Strings and numbers only: serializing cannot fail.
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}

/// A verdict in words, with an empty line after it.
#[must_use]
pub fn words(source: &str, verdict: Result<&Report, &str>) -> String {
    let mut text = Text(String::new());
    text.line(0, source);
    match verdict {
        Ok(report) => text.report(report),
        Err(error) => text.line(1, &format!("unreadable: {error}")),
    }
    text.0.push('\n');
    text.0
}

struct Text(String);

impl Text {
    /// A line in which nothing from a record can move a terminal's cursor.
    fn line(&mut self, depth: usize, line: &str) {
        self.0.push_str(&"  ".repeat(depth));
        if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            self.0.push_str(line);
            self.0.push('\n');
            return;
        }
        for letter in line.chars() {
            if letter.is_control() {
                // Writing to a string cannot fail.
                let _infallible = write!(self.0, "{}", letter.escape_unicode());
            } else {
                self.0.push(letter);
            }
        }
        self.0.push('\n');
    }

    fn report(&mut self, report: &Report) {
        let integrity = match report.integrity {
            Integrity::Invalid => "invalid",
            Integrity::Valid => "valid",
            Integrity::Trusted => "trusted",
        };
        let decision = match report.decision {
            Decision::Credit => "credit",
            Decision::Review => "review",
            Decision::Reject => "reject",
        };
        self.line(1, &format!("integrity {integrity}, decision {decision}"));
        if let (Some(id), Some(kid)) = (report.id, report.kid) {
            self.line(1, &format!("record    {id} by key {}", base64url(&kid.0)));
        }
        if let Some(payload) = &report.payload {
            self.payload(payload);
            self.score(&payload.score, report.recomputed.as_ref());
        }
        for check in &report.checks {
            let mark = match check.outcome {
                Outcome::Passed => "passed ",
                Outcome::Failed => "FAILED ",
                Outcome::Flagged => "review ",
                Outcome::Skipped => "skipped",
            };
            let detail = if check.detail.is_empty() { String::new() } else { format!(": {}", check.detail) };
            self.line(1, &format!("{mark} {:<18} {}{detail}", check.code.code(), check.code.words()));
        }
    }

    fn payload(&mut self, payload: &Payload) {
        let activity = &payload.activity;
        self.line(1, &format!("activity  {} {} by {}", activity.id, activity.version, activity.provider));
        let completed = &payload.completed;
        let date = completed.at.date(completed.offset).map_or_else(String::new, |date| date.to_string());
        let minutes = payload.active.whole_minutes().0;
        self.line(
            1,
            &format!(
                "completed {date} ({}), active {minutes} min, as {}",
                completed.zone, payload.profession
            ),
        );
        for claim in &payload.claims {
            self.line(
                1,
                &format!(
                    "claim     {} of {} {} ({})",
                    claim.amount, claim.maximum, claim.name, claim.accreditor
                ),
            );
        }
        if payload.claims.is_empty() {
            self.line(1, "claim     none: participation only");
        }
    }

    fn score(&mut self, claimed: &Score, recomputed: Option<&Score>) {
        let both = |claimed: String, recomputed: Option<String>| match recomputed {
            Some(same) if same == claimed => format!("{claimed}, recomputed the same"),
            Some(other) => format!("claimed {claimed}, RECOMPUTED {other}"),
            None => format!("claimed {claimed}, not recomputed"),
        };
        for (place, test) in claimed.tests.iter().enumerate() {
            let again = recomputed.map(|score| score.tests.get(place));
            for (number, attempt) in test.attempts.iter().enumerate() {
                let again = again.map(|test| {
                    test.and_then(|test| test.attempts.get(number))
                        .map_or_else(|| "nothing".to_owned(), attempt_words)
                });
                let told = both(attempt_words(attempt), again);
                self.line(1, &format!("score     {} attempt {}: {told}", test.part, number + 1));
            }
        }
        for (place, case) in claimed.cases.iter().enumerate() {
            let case_words = |case: &enduring_core::score::CaseScore| {
                format!("{} of {} thousandths, ending {}", case.points.0, case.possible.0, case.ending)
            };
            let again = recomputed
                .map(|score| score.cases.get(place).map_or_else(|| "nothing".to_owned(), case_words));
            self.line(1, &format!("score     {}: {}", case.part, both(case_words(case), again)));
        }
        for (place, patient) in claimed.patients.iter().enumerate() {
            let again = recomputed.map(|score| score.patients.get(place));
            for (number, play) in patient.plays.iter().enumerate() {
                let again = again.map(|patient| {
                    patient
                        .and_then(|patient| patient.plays.get(number))
                        .map_or_else(|| "nothing".to_owned(), play_words)
                });
                let told = both(play_words(play), again);
                self.line(1, &format!("score     {} play {}: {told}", patient.part, number + 1));
            }
        }
    }
}

fn play_words(play: &PlayScore) -> String {
    format!("{} of {} thousandths, ending {}", play.points.0, play.possible.0, play.ending)
}

fn attempt_words(attempt: &AttemptScore) -> String {
    let passed = if attempt.passed { "passed" } else { "not passed" };
    let AttemptScore { points, possible, right, items, .. } = attempt;
    format!("{} of {} thousandths, {right} of {items} items right, {passed}", points.0, possible.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_moved_by_a_record() {
        let told = words("a\u{1b}[2Jb", Err("gone"));
        assert_eq!(told, "a\\u{1b}[2Jb\n  unreadable: gone\n\n");
    }
}
