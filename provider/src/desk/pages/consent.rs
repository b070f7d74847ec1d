//! What a learner allowed, and taking down that it was withdrawn.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::content::{Consent, Content};
use enduring_core::id::StatementId;
use enduring_core::json;
use enduring_core::measure::Timestamp;
use enduring_core::record::{ConsentSheet, Given};
use maud::{Markup, html};
use serde::Deserialize;

use super::search::record;
use crate::desk::guard::{Member, Nothing, Signed};
use crate::desk::layout::{self, Place};
use crate::desk::{Fault, Site, timeline, when};
use crate::intake::Evidence;
use crate::ledger::{Fact, ReportAct, Reported};

/// How a consent stands.
enum Standing {
    Given,
    Refused,
    Withdrawn(Timestamp),
}

/// A consent that was asked for, as the record has it.
struct Asked<'a> {
    statement: StatementId,
    /// As the pack has it, where that is at hand.
    consent: Option<&'a Consent>,
    standing: Standing,
}

impl Asked<'_> {
    fn title(&self) -> &str {
        self.consent.map_or(self.statement.as_str(), |consent| &consent.recipient)
    }
}

/// Every consent of the record; `None` where the answers were withheld or erased.
fn asked<'a>(evidence: &Evidence, content: Option<&'a Content>) -> Option<Vec<Asked<'a>>> {
    let sheet = json::read::<ConsentSheet>(evidence.bundle.consent.as_deref()?).ok()?;
    let withdrawn = |statement: &StatementId| {
        evidence.rows.iter().find_map(|row| match &row.entry.fact {
            Fact::ConsentWithdrawn { statement: of, .. } if of == statement => Some(row.entry.at),
            _ => None,
        })
    };
    let consents = content.map(|content| content.activity().front.consents.as_slice()).unwrap_or_default();
    let asked = sheet.answers.into_iter().map(|answer| Asked {
        consent: consents.iter().find(|consent| consent.statement.id == answer.statement),
        standing: match (answer.given, withdrawn(&answer.statement)) {
            (Given::No, _) => Standing::Refused,
            (Given::Yes, None) => Standing::Given,
            (Given::Yes, Some(at)) => Standing::Withdrawn(at),
        },
        statement: answer.statement,
    });
    Some(asked.collect())
}

/// The consents on the page of a record.
pub fn section(evidence: &Evidence, content: Option<&Content>) -> Markup {
    let path = layout::record_path(&evidence.taken.received.record);
    let asked = asked(evidence, content);
    html! {
        section {
            h2 { "Consents" }
            @match asked.as_deref() {
                None => p.muted { "None was asked for, or the answers were withheld or erased: nothing is reported on them." },
                Some(asked) => ul.plain { @for one in asked { li.card {
                    p {
                        strong { (one.title()) } " "
                        @match one.standing {
                            Standing::Given => span.badge.credit { "given" },
                            Standing::Refused => span.badge { "refused" },
                            Standing::Withdrawn(at) => { span.badge.caution { "withdrawn" } " " (when::moment(at)) },
                        }
                    }
                    @if let Some(consent) = one.consent { p.muted { (timeline::text(&consent.statement.text)) } }
                    @if matches!(one.standing, Standing::Given) {
                        a.button href={ (path) "/consents/" (one.statement) } aria-label={ "Withdraw the consent for " (one.title()) } { "Withdraw" }
                    }
                } } },
            }
        }
    }
}

#[derive(Deserialize)]
pub struct Of {
    kid: String,
    id: String,
    statement: String,
}

impl Of {
    fn statement(&self) -> Result<StatementId, Fault> {
        StatementId::new(&self.statement).map_err(|_| Fault::NotFound)
    }
}

/// What others have of the record.
fn reported(evidence: &Evidence) -> Vec<(&Reported, Timestamp)> {
    let mut last: Vec<(&Reported, Timestamp)> = Vec::new();
    for row in &evidence.rows {
        if let Fact::Reported(reported) = &row.entry.fact {
            last.retain(|(before, _)| (&before.to, before.key()) != (&reported.to, reported.key()));
            last.push((reported, row.entry.at));
        }
    }
    last.retain(|(reported, _)| reported.act != ReportAct::TakenBack);
    last
}

/// Asks before a consent is withdrawn, and says what follows.
pub async fn ask(State(site): State<Site>, member: Member, Path(of): Path<Of>) -> Result<Response, Fault> {
    let (record, statement) = (record(&of.kid, &of.id)?, of.statement()?);
    let evidence = site.intake.evidence(&record).await?.ok_or(Fault::NotFound)?;
    let content = site.intake.content(evidence.taken.received.activity.digest).await?;
    let asked = asked(&evidence, content.as_ref()).unwrap_or_default();
    let one = asked.iter().find(|one| one.statement == statement).ok_or(Fault::NotFound)?;
    if !matches!(one.standing, Standing::Given) {
        return Err(Fault::Conflict("Only a consent that was given can be withdrawn.".to_owned()));
    }
    let path = layout::record_path(&record);
    let body = html! {
        section {
            h2 { "What the learner allowed" }
            p { strong { (one.title()) } }
            @if let Some(consent) = one.consent { blockquote { (timeline::text(&consent.statement.text)) } }
        }
        section {
            h2 { "What follows" }
            p { "Nothing is reported or counted on this consent any more. The credit stays, and so does the record with the answer that was signed. It cannot be given again for this record." }
            @for (reported, at) in reported(&evidence) {
                p.note {
                    (reported.credit.name) " was reported to " strong { (reported.to) } " on " (when::day(at))
                    ". If it was on this consent, the next report lists it to be taken out there."
                }
            }
        }
        form.stack method="post" action={ (path) "/consents/" (statement) } {
            (layout::csrf(&member))
            p.buttons {
                button.danger type="submit" { "Withdraw for the learner" }
                a.button href=(path) { "Keep" }
            }
        }
    };
    Ok(layout::page(&site, &member, Place::Queue, "Withdraw this consent?", &body))
}

/// Withdraws it.
pub async fn withdraw(
    State(site): State<Site>,
    Path(of): Path<Of>,
    signed: Signed<Nothing>,
) -> Result<Response, Fault> {
    let record = record(&of.kid, &of.id)?;
    site.intake.withdraw_consent(&record, &of.statement()?, &signed.member.name).await?;
    Ok(Redirect::to(&layout::record_path(&record)).into_response())
}
