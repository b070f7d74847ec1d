//! A record with its evidence, and what can be decided.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use enduring_core::content::{Content, PartBody, QuestionBody};
use enduring_core::json;
use enduring_core::record::{
    Check, Decision, EvaluationAnswer, EvaluationReply, EvaluationSheet, Integrity, LearnerSheet, Outcome,
    Payload, Report,
};
use maud::{Markup, html};

use super::search::record;
use super::{consent, decide};
use crate::desk::guard::Member;
use crate::desk::layout::{self, Place};
use crate::desk::timeline::{self, Line, Mark, Timeline};
use crate::desk::{Fault, Site, says, when};
use crate::intake::{Evidence, Taken, is_confidential};
use crate::ledger::{ListState, Person, record_key};

/// The page.
pub async fn show(
    State(site): State<Site>,
    member: Member,
    Path((kid, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let record = record(&kid, &id)?;
    let evidence = site.intake.evidence(&record).await?.ok_or(Fault::NotFound)?;
    site.acted(&member.name, "record_opened", &record_key(&record)).await?;
    let content = site.intake.content(evidence.taken.received.activity.digest).await?;
    let told = match content.clone() {
        Some(content) => {
            let log = evidence.bundle.log.clone();
            let told = tokio::task::spawn_blocking(move || timeline::timeline(&content, &log));
            Some(told.await.map_err(|_| Fault::Busy)?)
        }
        None => None,
    };
    let learner = evidence.taken.learner();
    let person = site.intake.ledger().person(&learner).await?;
    let unsure = evidence.taken.decisions.iter().any(|decided| {
        decided.reasons.iter().any(|code| code == crate::intake::LedgerCode::LearnerUnsure.code())
    });
    let candidates = match unsure {
        true => site.intake.candidates(record.kid, evidence.bundle.learner.as_deref()).await?,
        false => Vec::new(),
    };
    let body = html! {
        p.lead {
            (layout::badge(state(&evidence.taken))) " "
            (site.title(evidence.taken.received.activity.id.as_str()))
        }
        div.columns {
            div {
                (flags(&evidence))
                (whose(&evidence, person.as_ref(), &candidates))
                (decide::panel(&member, &evidence, &candidates))
                (decisions(&evidence))
            }
            div {
                (facts(&site, &evidence, content.as_ref()))
                (checks(&evidence.report))
                (evaluation(&evidence, content.as_ref()))
                (consent::section(&evidence, content.as_ref()))
                section {
                    h2 { "Take away" }
                    p.buttons {
                        a.button href={ (layout::record_path(&record)) "/record.json" } { "The record (JSON)" }
                        @if evidence.taken.receipt.is_some() {
                            a.button href={ (layout::record_path(&record)) "/receipt" } { "The receipt" }
                        }
                    }
                }
            }
        }
        (session(told.as_ref()))
    };
    let title = format!("Record {}", layout::short(&record.id.to_string()));
    Ok(layout::page(&site, &member, Place::Queue, &title, &body))
}

/// How a record stands by its rows.
pub fn state(taken: &Taken) -> ListState {
    use enduring_core::record::Standing;
    match (taken.decision(), &taken.receipt) {
        _ if taken.appealed => ListState::Appealed,
        (Decision::Credit, _) => ListState::Credited,
        (Decision::Review, _) => ListState::Review,
        (Decision::Reject, Some((Standing::Reversed, _))) => ListState::Reversed,
        (Decision::Reject, _) => ListState::Rejected,
    }
}

/// Why a person looks at it, with what to look at.
fn flags(evidence: &Evidence) -> Markup {
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    for decided in &evidence.taken.decisions {
        codes.extend(decided.reasons.iter().map(String::as_str).filter(|code| *code != "desk.person"));
    }
    if evidence.taken.conflicted {
        codes.insert(crate::intake::LedgerCode::Conflict.code());
    }
    html! {
        section {
            h2 { "What to look at" }
            @if evidence.taken.appealed {
                p.note { "The learner asks that a person look at the decision again." }
            }
            @if codes.is_empty() { p.muted { "Nothing was flagged." } }
            @else {
                ul.flags {
                    @for code in codes {
                        @let flag = says::flag(code);
                        li { strong { (flag.title) "." } " " (flag.look) small.flag-code { code { (code) } } }
                    }
                }
            }
        }
    }
}

fn sheet(evidence: &Evidence) -> Option<LearnerSheet> {
    evidence.bundle.learner.as_deref().and_then(|sheet| json::read(sheet).ok())
}

/// Whose it is: as the record says, and as the ledger knows.
fn whose(evidence: &Evidence, person: Option<&Person>, candidates: &[Person]) -> Markup {
    let learner = evidence.taken.learner();
    html! {
        section {
            h2 { "Whose it is" }
            dl.facts {
                @match sheet(evidence) {
                    Some(sheet) => {
                        div { dt { "The record says" } dd { (sheet.first_name) " " (sheet.last_name) ", " (sheet.profession) } }
                        div { dt { "Born on" } dd { (when::birthday(sheet.birthday)) } }
                        @for identifier in &sheet.identifiers {
                            div { dt { (identifier.id) } dd { (identifier.value) } }
                        }
                    },
                    None => div { dt { "The record says" } dd { "withheld or erased" } },
                }
                div { dt { "In the ledger" } dd {
                    a href={ "/desk/learners/" (learner) } {
                        @match person {
                            Some(person) => { (person.first_name) " " (person.last_name) },
                            None => { "learner " (layout::short(&learner.to_string())) },
                        }
                    }
                } }
            }
            @if !candidates.is_empty() {
                h3 { "People it may be" }
                (super::search::persons(candidates))
            }
        }
    }
}

/// What was decided so far.
fn decisions(evidence: &Evidence) -> Markup {
    html! {
        section {
            h2 { "Decided so far" }
            ol.steps {
                li { strong { "Received" } " " (when::moment(evidence.taken.at)) }
                @for (n, decided) in (1..).zip(&evidence.taken.decisions) {
                    li {
                        strong {
                            @match decided.decision {
                                Decision::Credit => "Credited",
                                Decision::Review => "For review",
                                Decision::Reject => "Not credited",
                            }
                        }
                        " by " @if decided.by == "rule" { "the rules" } @else { (decided.by) }
                        ", " (when::moment(decided.at))
                        @if !decided.note.is_empty() { br; q { (decided.note) } }
                    }
                    @for appeal in evidence.taken.appeals.iter().filter(|appeal| appeal.after == n) {
                        li {
                            strong { "Appealed" } " by the learner, " (when::moment(appeal.at))
                            @if appeal.by != "learner" { ", taken down by " (appeal.by) }
                            @if !appeal.note.is_empty() { br; q { (appeal.note) } }
                        }
                    }
                }
            }
        }
    }
}

fn facts(site: &Site, evidence: &Evidence, content: Option<&Content>) -> Markup {
    let received = &evidence.taken.received;
    let payload = evidence.report.payload.as_ref();
    let planned = content.map(|content| content.activity().front.minutes.0);
    html! {
        section {
            h2 { "Facts" }
            dl.facts {
                div { dt { "Activity" } dd { (site.title(received.activity.id.as_str())) ", version " (received.activity.version) } }
                div { dt { "Completed" } dd { (when::written(&received.completed)) } }
                @if let Some(payload) = payload {
                    div { dt { "Began" } dd { (when::moment(payload.started.at)) } }
                    div { dt { "Zone" } dd { (payload.completed.zone) } }
                    div { dt { "Active time" } dd {
                        (when::span(payload.active))
                        @if let Some(planned) = planned { ", planned " (planned) " min" }
                    } }
                    div { dt { "Claims" } dd { (claims(payload)) } }
                    div { dt { "Scores" } dd { (scores(payload)) } }
                    div { dt { "Player" } dd { (payload.signing.player) } }
                }
                div { dt { "Received" } dd { (when::moment(evidence.taken.at)) } }
                div { dt { "Credit" } dd {
                    @if evidence.taken.credits.is_empty() { "Not credited" }
                    @for credit in &evidence.taken.credits { (credit.amount) " " (credit.name) " (" (credit.accreditor) ") " }
                } }
                div { dt { "Record" } dd { code { (received.record.id) } } }
                div { dt { "Device" } dd { code { (received.record.kid) } } }
            }
        }
    }
}

fn claims(payload: &Payload) -> Markup {
    html! {
        @if payload.claims.is_empty() { "participation only" }
        @for claim in &payload.claims {
            (claim.amount) " of " (claim.maximum) " " (claim.name) " (" (claim.accreditor) ")" br;
        }
    }
}

fn scores(payload: &Payload) -> Markup {
    html! {
        @if payload.score.tests.is_empty() { "no test" }
        @for test in &payload.score.tests {
            @for (number, attempt) in test.attempts.iter().enumerate() {
                (test.part) ", attempt " (number + 1) ": " (attempt.right) " of " (attempt.items) " right, "
                @if attempt.passed { "passed" } @else { "not passed" } br;
            }
        }
    }
}

fn checks(report: &Report) -> Markup {
    let integrity = match report.integrity {
        Integrity::Invalid => "This is not what was signed.",
        Integrity::Valid => "This is what was signed, by the key that came along.",
        Integrity::Trusted => "This is what was signed, by a device that was known before.",
    };
    let open = |check: &&Check| matches!(check.outcome, Outcome::Failed | Outcome::Flagged);
    html! {
        section {
            h2 { "Verified again now" }
            p { (integrity) }
            @let odd: Vec<&Check> = report.checks.iter().filter(open).collect();
            @if odd.is_empty() { p.muted { "Every check passed or did not apply." } }
            @else { ul.checks { @for check in odd { (told(check)) } } }
            details {
                summary { "All " (report.checks.len()) " checks" }
                ul.checks { @for check in &report.checks { (told(check)) } }
            }
        }
    }
}

fn told(check: &Check) -> Markup {
    let (class, word) = match check.outcome {
        Outcome::Passed => ("mark credit", "passed"),
        Outcome::Failed => ("mark fault", "failed"),
        Outcome::Flagged => ("mark caution", "look"),
        Outcome::Skipped => ("mark", "not needed"),
    };
    html! {
        li {
            span class=(class) { (word) } " " (check.code.words())
            @if !check.detail.is_empty() { span.muted { ": " (check.detail) } }
        }
    }
}

/// The evaluation, where the activity said that it is linked to the name.
fn evaluation(evidence: &Evidence, content: Option<&Content>) -> Markup {
    let Some(sheet) = &evidence.bundle.evaluation else { return html! {} };
    let answers = match content {
        Some(content) if !is_confidential(content) => {
            let sheet = json::read::<EvaluationSheet>(sheet).ok();
            let answers = sheet.into_iter().flat_map(|sheet| sheet.answers);
            let answers = answers.filter_map(|answer| json::read::<EvaluationAnswer>(&answer).ok());
            Some(answers.map(|answer| replied(content, &answer)).collect::<Vec<_>>())
        }
        _ => None,
    };
    html! {
        section {
            h2 { "Evaluation" }
            @match answers {
                Some(answers) => details {
                    summary { (answers.len()) " answers" }
                    dl.facts { @for (question, reply) in answers { div { dt { (question) } dd { (reply) } } } }
                },
                None => p.muted { "Answered in confidence: it is kept apart from the name and told in summaries only." },
            }
        }
    }
}

fn replied(content: &Content, answer: &EvaluationAnswer) -> (String, String) {
    let questions = content.activity().parts.iter().filter_map(|part| match &part.body {
        PartBody::Evaluation(evaluation) => Some(&evaluation.questions),
        _ => None,
    });
    let question = questions.flatten().find(|question| question.id == answer.question);
    let label = |id: &enduring_core::id::OptionId| {
        let labels = question.map(|question| match &question.body {
            QuestionBody::Likert { labels } => labels.as_slice(),
            QuestionBody::Commitment { statements, .. } => statements.as_slice(),
            QuestionBody::Scale { .. } | QuestionBody::FreeText { .. } => &[],
        });
        let label = labels.unwrap_or_default().iter().find(|label| label.id == *id);
        label.map_or_else(|| id.to_string(), |label| label.text.clone())
    };
    let reply = match &answer.reply {
        EvaluationReply::Label(id) => label(id),
        EvaluationReply::Number(number) => number.to_string(),
        EvaluationReply::Text(text) => text.clone(),
        EvaluationReply::Commitment { statements, text } => {
            let mut said: Vec<String> = statements.iter().map(label).collect();
            said.push(text.clone());
            said.retain(|text| !text.is_empty());
            said.join("; ")
        }
    };
    let question =
        question.map_or_else(|| answer.question.to_string(), |question| timeline::text(&question.text));
    (question, reply)
}

/// The session as it went.
fn session(told: Option<&Timeline>) -> Markup {
    html! {
        section {
            h2 { "The session" }
            @match told {
                None => p.note { "The pack of this version is not at hand: nothing can be replayed." },
                Some(told) => {
                    @if let Some(broken) = &told.broken { p.error { "The replay ends at " (broken) } }
                    @for stretch in &told.stretches {
                        details.stretch open {
                            summary {
                                strong { (stretch.title) }
                                span.muted {
                                    " " (when::span(stretch.active)) " active"
                                    @if let Some(planned) = stretch.planned { ", planned " (planned) " min" }
                                    (tally(&stretch.lines))
                                }
                            }
                            ol.timeline { @for line in &stretch.lines { (happened(line)) } }
                        }
                    }
                },
            }
        }
    }
}

fn tally(lines: &[Line]) -> String {
    let count = |mark| lines.iter().filter(|line| line.mark == mark).count();
    let (right, wrong) = (count(Mark::Correct), count(Mark::Wrong) + count(Mark::Partly));
    if right + wrong == 0 { String::new() } else { format!(", answers: {right} correct, {wrong} not") }
}

fn happened(line: &Line) -> Markup {
    let (class, word) = match line.mark {
        Mark::Plain => ("line", ""),
        Mark::Correct => ("line is-correct", "correct"),
        Mark::Partly => ("line is-partly", "partly"),
        Mark::Wrong => ("line is-wrong", "not correct"),
        Mark::Away => ("line is-away", "away"),
        Mark::Odd => ("line is-odd", "odd"),
    };
    html! {
        li class=(class) id={ "event-" (line.n) } {
            span.line-at { (line.at) }
            span.line-took { @if line.took.0 > 0 { (when::span(line.took)) } }
            span.line-what {
                @if !word.is_empty() { span.mark { (word) } " " }
                (line.what)
                @if !line.detail.is_empty() { span.line-detail { (line.detail) } }
            }
        }
    }
}

/// The record as a file, without an evaluation that was given in confidence.
pub async fn bundle(
    State(site): State<Site>,
    member: Member,
    Path((kid, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let record = record(&kid, &id)?;
    let mut evidence = site.intake.evidence(&record).await?.ok_or(Fault::NotFound)?;
    if site.intake.is_confidential(evidence.taken.received.activity.digest).await? {
        evidence.bundle.evaluation = None;
    }
    site.acted(&member.name, "bundle_downloaded", &record_key(&record)).await?;
    let name = format!("{}.enduring-record.json", record.id);
    Ok(file(&name, "application/json", evidence.bundle.encode().into_bytes()))
}

/// The last receipt, as it was signed.
pub async fn receipt(
    State(site): State<Site>,
    member: Member,
    Path((kid, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let record = record(&kid, &id)?;
    let taken = site.intake.taken(&record).await?.ok_or(Fault::NotFound)?;
    let (_, receipt) = taken.receipt.ok_or(Fault::NotFound)?;
    site.acted(&member.name, "receipt_downloaded", &record_key(&record)).await?;
    Ok(file(&format!("{}.receipt.jwt", record.id), "application/jwt", receipt.into_bytes()))
}

/// A file to keep.
pub fn file(name: &str, kind: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
