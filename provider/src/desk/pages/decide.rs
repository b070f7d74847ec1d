//! Approving, rejecting, reversing: each says what it does before it is done.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::id::LearnerRef;
use enduring_core::record::{Decision, RecordRef};
use maud::{Markup, html};
use serde::Deserialize;

use super::search::record;
use crate::desk::form::{Need, area};
use crate::desk::guard::{Member, Signed};
use crate::desk::layout::{self, Place};
use crate::desk::{Fault, Site};
use crate::intake::{Act, Evidence, LedgerCode, Taken};
use crate::ledger::Person;

#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    note: String,
    #[serde(default)]
    learner: String,
    /// How many decisions there were when the page was shown.
    #[serde(default)]
    after: String,
}

/// What can be decided now.
pub fn panel(member: &Member, evidence: &Evidence, candidates: &[Person]) -> Markup {
    let taken = &evidence.taken;
    html! {
        section.decide {
            h2 { "Decide" }
            @match taken.decision() {
                Decision::Credit => (offer_reverse(taken)),
                Decision::Review => { (approve_form(member, evidence, candidates)) (reject_form(member, taken, "Reject")) },
                Decision::Reject => {
                    (approve_form(member, evidence, candidates))
                    @if taken.appealed { (reject_form(member, taken, "Keep it rejected")) }
                    @else { (appeal_form(member, taken)) }
                },
            }
        }
    }
}

fn after(taken: &Taken) -> Markup {
    html! { input type="hidden" name="after" value=(taken.decisions.len()); }
}

fn approve_form(member: &Member, evidence: &Evidence, candidates: &[Person]) -> Markup {
    let taken = &evidence.taken;
    let path = layout::record_path(&taken.received.record);
    let claims =
        evidence.report.payload.as_ref().map(|payload| payload.claims.as_slice()).unwrap_or_default();
    html! {
        @if !evidence.may_be_approved() {
            p { "It came before its pack, and can be approved once it verifies with the pack. With the pack at hand it is decided by itself." }
        } @else { form.stack method="post" action={ (path) "/approve" } {
            h3 { "Approve" }
            p {
                @if claims.is_empty() { "Certifies the participation" }
                @else { "Credits " @for (n, claim) in claims.iter().enumerate() {
                    @if n > 0 { ", " } (claim.amount) " " (claim.name)
                } }
                ", signs a receipt for the learner, and can be reversed. What the learner has already is not given twice."
            }
            (layout::csrf(member)) (after(taken))
            @if !candidates.is_empty() { (who(taken, candidates)) }
            (area("approve-note", "note", "Note", "Optional; the learner sees it.", Need::Optional))
            button.primary type="submit" { "Approve" }
        } }
    }
}

/// Whose it is, to be chosen before approving: nothing is chosen beforehand.
fn who(taken: &Taken, candidates: &[Person]) -> Markup {
    let new = taken.received.learner;
    html! {
        fieldset {
            legend { "Whose record is it?" }
            @for person in candidates.iter().filter(|person| person.learner != new) {
                label.choice {
                    input type="radio" name="learner" value=(person.learner) required;
                    span {
                        (person.first_name) " " (person.last_name) ", born " (super::search::birthday(person))
                        @if person.roster { ", on the roster" }
                    }
                }
            }
            label.choice {
                input type="radio" name="learner" value=(new) required;
                span { "Somebody else: a new learner, as the record says" }
            }
        }
    }
}

fn reject_form(member: &Member, taken: &Taken, title: &str) -> Markup {
    let path = layout::record_path(&taken.received.record);
    html! {
        form.stack method="post" action={ (path) "/reject" } {
            h3 { (title) }
            p { "Gives no credit. The learner is told the reason and can appeal." }
            (layout::csrf(member)) (after(taken))
            (area("reject-note", "note", "Reason for rejecting", "In plain words; the learner sees it.", Need::Required))
            button.danger type="submit" { (title) }
        }
    }
}

/// For learners who write or call; others ask in the player.
fn appeal_form(member: &Member, taken: &Taken) -> Markup {
    let path = layout::record_path(&taken.received.record);
    html! {
        form.stack method="post" action={ (path) "/appeal" } {
            h3 { "The learner appealed" }
            p { "By letter or telephone. The record is listed among the appeals until somebody decides again, and the learner sees it in review." }
            (layout::csrf(member)) (after(taken))
            (area("appeal-note", "note", "What the learner said", "In short, for whoever decides.", Need::Required))
            button type="submit" { "Take down the appeal" }
        }
    }
}

fn offer_reverse(taken: &Taken) -> Markup {
    html! {
        p { "This record is credited." }
        p { a.button.danger href={ (layout::record_path(&taken.received.record)) "/reverse" } { "Reverse…" } }
    }
}

/// Refuses a form that was filled in over an older state.
async fn unchanged(site: &Site, record: &RecordRef, said: &Said) -> Result<Taken, Fault> {
    let taken = site.intake.taken(record).await?.ok_or(Fault::NotFound)?;
    if said.after != taken.decisions.len().to_string() {
        return Err(Fault::Conflict(
            "Somebody else decided about this record in between. Open it again and look.".to_owned(),
        ));
    }
    Ok(taken)
}

async fn done(site: &Site, by: &str, record: &RecordRef, act: &Act) -> Result<Response, Fault> {
    site.intake.decide(record, by, act).await?;
    Ok(Redirect::to(&layout::record_path(record)).into_response())
}

/// Approves.
pub async fn approve(
    State(site): State<Site>,
    Path((kid, id)): Path<(String, String)>,
    signed: Signed<Said>,
) -> Result<Response, Fault> {
    let record = record(&kid, &id)?;
    let said = signed.form;
    let taken = unchanged(&site, &record, &said).await?;
    let unsure = taken
        .decisions
        .iter()
        .any(|decided| decided.reasons.iter().any(|code| code == LedgerCode::LearnerUnsure.code()));
    let learner = LearnerRef::parse(&said.learner);
    if learner.is_none() && !said.learner.is_empty() {
        return Err(Fault::Bad("That is no learner.".to_owned()));
    }
    if unsure {
        let evidence = site.intake.evidence(&record).await?.ok_or(Fault::NotFound)?;
        let candidates = site.intake.candidates(record.kid, evidence.bundle.learner.as_deref()).await?;
        let known = |learner: &LearnerRef| {
            *learner == taken.received.learner || candidates.iter().any(|person| person.learner == *learner)
        };
        if !candidates.is_empty() && !learner.as_ref().is_some_and(known) {
            return Err(Fault::Bad("Choose whose record it is before approving.".to_owned()));
        }
    } else if learner.is_some_and(|learner| learner != taken.learner()) {
        return Err(Fault::Bad("It is known whose record this is.".to_owned()));
    }
    done(&site, &signed.member.name, &record, &Act::Approve { learner, note: said.note }).await
}

/// Rejects.
pub async fn reject(
    State(site): State<Site>,
    Path((kid, id)): Path<(String, String)>,
    signed: Signed<Said>,
) -> Result<Response, Fault> {
    let record = record(&kid, &id)?;
    unchanged(&site, &record, &signed.form).await?;
    done(&site, &signed.member.name, &record, &Act::Reject { note: signed.form.note }).await
}

/// Takes down an appeal.
pub async fn appeal(
    State(site): State<Site>,
    Path((kid, id)): Path<(String, String)>,
    signed: Signed<Said>,
) -> Result<Response, Fault> {
    let record = record(&kid, &id)?;
    if unchanged(&site, &record, &signed.form).await?.appealed {
        return Err(Fault::Conflict("The learner's appeal is taken down already.".to_owned()));
    }
    if signed.form.note.trim().is_empty() {
        return Err(Fault::Bad("Say what the learner wrote or said.".to_owned()));
    }
    site.intake.take_down_appeal(&record, &signed.member.name, &signed.form.note).await?;
    Ok(Redirect::to(&layout::record_path(&record)).into_response())
}

/// Asks before it reverses, and shows what is taken back.
pub async fn ask_reverse(
    State(site): State<Site>,
    member: Member,
    Path((kid, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let record = record(&kid, &id)?;
    let taken = site.intake.taken(&record).await?.ok_or(Fault::NotFound)?;
    if taken.decision() != Decision::Credit {
        return Err(Fault::Conflict("Only a record that is credited can be reversed.".to_owned()));
    }
    let path = layout::record_path(&record);
    let body = html! {
        section {
            h2 { "What is taken back" }
            @if taken.credits.is_empty() { p { "The certified participation; no credit was given." } }
            @else {
                ul {
                    @for credit in &taken.credits {
                        li { strong { (credit.amount) " " (credit.name) } ", " (credit.accreditor) " (" (credit.accreditor_activity) ")" }
                    }
                }
            }
            p { "A receipt that says so replaces the learner's; the certificate is revoked. What was reported to an accreditor is to be corrected there. The record stays, and can be approved again." }
        }
        form.stack method="post" action={ (path) "/reverse" } {
            (layout::csrf(&member)) (after(&taken))
            (area("reverse-note", "note", "Reason for reversing", "In plain words; the learner sees it.", Need::Required))
            p.buttons {
                button.danger type="submit" { "Reverse" }
                a.button href=(path) { "Keep it credited" }
            }
        }
    };
    Ok(layout::page(&site, &member, Place::Queue, "Reverse this record?", &body))
}

/// Reverses.
pub async fn reverse(
    State(site): State<Site>,
    Path((kid, id)): Path<(String, String)>,
    signed: Signed<Said>,
) -> Result<Response, Fault> {
    let record = record(&kid, &id)?;
    unchanged(&site, &record, &signed.form).await?;
    done(&site, &signed.member.name, &record, &Act::Reverse { note: signed.form.note }).await
}
