//! A learner: records, credits, devices, tickets.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::id::{Digest, LearnerRef};
use enduring_core::measure::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use super::enrol;
use super::search::birthday;
use crate::desk::form::{Field, Need};
use crate::desk::guard::{Member, Signed};
use crate::desk::layout::{self, Place};
use crate::desk::{Fault, Site, when};
use crate::intake::Taken;
use crate::ledger::{Binding, Fact, Found, Person};

/// A learner by what an address says.
pub fn learner(text: &str) -> Result<LearnerRef, Fault> {
    LearnerRef::parse(text).ok_or(Fault::NotFound)
}

/// The page.
pub async fn show(
    State(site): State<Site>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let learner = learner(&id)?;
    let ledger = site.intake.ledger();
    let person = ledger.person(&learner).await?;
    let rows = ledger.of_learner(&learner.to_string()).await?;
    if person.is_none() && rows.is_empty() {
        return Err(Fault::NotFound);
    }
    let mut own = Vec::new();
    for record in ledger.records_of(&learner).await? {
        own.extend(site.intake.taken(&record).await?);
    }
    site.acted(&member.name, "learner_opened", &learner.to_string()).await?;
    let title = match &person {
        Some(person) => format!("{} {}", person.first_name, person.last_name),
        None => format!("Learner {}", layout::short(&learner.to_string())),
    };
    let body = html! {
        div.columns {
            div {
                (who(&learner, person.as_ref(), &rows))
                (records(&site, &own))
                (credits(&rows))
            }
            div {
                (devices(&site, &member, &learner, &rows).await?)
                (tickets(&site, &member, &learner, &rows))
                (enrol::ticket_form(&site, &member, &learner, person.as_ref()))
                @if member.administrator().is_ok() {
                    section {
                        h2 { "Erase" }
                        p { "Takes away name, birthday, identifiers and the separate parts of the records. What was credited stays, without a name." }
                        p { a.button.danger href={ "/desk/learners/" (learner) "/erase" } { "Erase personal data…" } }
                    }
                }
            }
        }
    };
    Ok(layout::page(&site, &member, Place::Search, &title, &body))
}

fn who(learner: &LearnerRef, person: Option<&Person>, rows: &[Found]) -> Markup {
    let erased = rows.iter().rev().find(|row| matches!(row.entry.fact, Fact::Erased { .. }));
    html! {
        section {
            h2 { "Who" }
            dl.facts {
                @match person {
                    Some(person) => {
                        div { dt { "Name" } dd { (person.first_name) " " (person.last_name) } }
                        div { dt { "Birthday" } dd { (birthday(person)) } }
                        @if let Some(profession) = &person.profession { div { dt { "Profession" } dd { (profession) } } }
                        @for identifier in &person.identifiers { div { dt { (identifier.id) } dd { (identifier.value) } } }
                        div { dt { "Known by" } dd { @if person.roster { "the roster" } @else { "the learner's word" } } }
                    },
                    None => div { dt { "Name" } dd {
                        @match erased {
                            Some(row) => { "erased on " (when::day(row.entry.at)) },
                            None => "not known",
                        }
                    } },
                }
                div { dt { "In the ledger" } dd { code { (learner) } } }
            }
        }
    }
}

/// Those that are the learner's by the last decision, whoever they were taken for at first.
fn records(site: &Site, own: &[Taken]) -> Markup {
    html! {
        section {
            h2 { "Records" }
            @if own.is_empty() { p.empty { "No record came yet." } }
            @else {
                table.rows {
                    thead { tr { @for name in ["Activity", "Completed", "Received", "Record"] { th scope="col" { (name) } } } }
                    tbody {
                        @for Taken { at, received, .. } in own {
                            tr {
                                td data-label="Activity" { (site.title(received.activity.id.as_str())) }
                                td data-label="Completed" { (when::written(&received.completed)) }
                                td data-label="Received" { (when::moment(*at)) }
                                td data-label="Record" { (layout::record_link(&received.record)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn credits(rows: &[Found]) -> Markup {
    let any = rows.iter().any(|row| matches!(row.entry.fact, Fact::Credited { .. }));
    html! {
        section {
            h2 { "Credits" }
            @if !any { p.empty { "None was given yet." } }
            ul.plain {
                @for row in rows {
                    @match &row.entry.fact {
                        Fact::Credited { credit, completed, .. } => li {
                            strong { (credit.amount) " " (credit.name) } ", " (credit.accreditor)
                            ", completed " (when::written(completed))
                        },
                        Fact::Reversed { credit, amount, .. } => li {
                            span.badge.fault { "reversed" } " " (amount) " " (credit) ", " (when::day(row.entry.at))
                        },
                        _ => {},
                    }
                }
            }
        }
    }
}

async fn devices(
    site: &Site,
    member: &Member,
    learner: &LearnerRef,
    rows: &[Found],
) -> Result<Markup, Fault> {
    let mut shown = Vec::new();
    for kid in site.intake.devices(learner).await? {
        let of_key = site.intake.ledger().of_mark(&format!("key:{kid}")).await?;
        let lost = of_key.iter().find_map(|row| match &row.entry.fact {
            Fact::KeyRevoked { since, .. } => Some(*since),
            _ => None,
        });
        let shared = of_key.iter().any(|row| matches!(row.entry.fact, Fact::KeyShared { .. }));
        let bound = rows.iter().find_map(|row| match &row.entry.fact {
            Fact::Bound { kid: bound, how, .. } if *bound == kid => Some((row.entry.at, *how)),
            _ => None,
        });
        shown.push((kid, bound, lost, shared));
    }
    Ok(html! {
        section {
            h2 { "Devices" }
            @if shown.is_empty() { p.empty { "No device is this learner's yet: a ticket or a first record binds one." } }
            @for (kid, bound, lost, shared) in shown {
                div.card {
                    p {
                        code { (layout::short(&kid.to_string())) "…" }
                        @if let Some((at, how)) = bound { " since " (when::day(at)) ", " (how_known(how)) }
                        @if let Some(since) = lost { " " span.badge.fault { "lost" } " on " (when::day(since)) }
                        @if shared { " " span.badge.caution { "shared" } }
                    }
                    div.buttons {
                        @if lost.is_none() {
                            form method="post" action={ "/desk/learners/" (learner) "/lost" } {
                                (layout::csrf(member)) input type="hidden" name="kid" value=(kid);
                                button.danger type="submit" aria-label={ "Lost: from now on to a person, device " (layout::short(&kid.to_string())) } { "Lost: from now on to a person" }
                            }
                        }
                        @if !shared {
                            form method="post" action={ "/desk/learners/" (learner) "/shared" } {
                                (layout::csrf(member)) input type="hidden" name="kid" value=(kid);
                                button type="submit" aria-label={ "Shared by several, device " (layout::short(&kid.to_string())) } { "Shared by several" }
                            }
                        }
                    }
                }
            }
        }
    })
}

fn how_known(how: Binding) -> &'static str {
    match how {
        Binding::Ticket => "by a ticket",
        Binding::Record => "by its first record",
        Binding::Roster => "by the roster",
        Binding::Staff => "by a person",
    }
}

fn tickets(site: &Site, member: &Member, learner: &LearnerRef, rows: &[Found]) -> Markup {
    let now = site.now();
    let is = |id: &enduring_core::id::TicketId, revoked: bool| {
        rows.iter().any(|row| match &row.entry.fact {
            Fact::TicketRevoked { ticket, .. } => revoked && ticket == id,
            Fact::TicketUsed { ticket, .. } => !revoked && ticket == id,
            _ => false,
        })
    };
    html! {
        section {
            h2 { "Tickets" }
            ul.plain {
                @for row in rows {
                    @if let Fact::Ticketed { ticket, activity, expires, .. } = &row.entry.fact {
                        li.card {
                            p {
                                @match activity { Some(activity) => (site.title(activity.as_str())), None => "every activity" }
                                ", issued " (when::day(row.entry.at)) ". "
                                @if is(ticket, true) { span.badge.fault { "revoked" } }
                                @else if is(ticket, false) { span.badge.credit { "used" } }
                                @else if now > *expires { span.badge { "expired" } }
                                @else { "Can be used until " (when::day(*expires)) "." }
                            }
                            @if !is(ticket, true) {
                                form method="post" action={ "/desk/learners/" (learner) "/revoke" } {
                                    (layout::csrf(member)) input type="hidden" name="ticket" value=(ticket);
                                    button.danger type="submit" aria-label={ "Revoke the ticket of " (when::day(row.entry.at)) } { "Revoke" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[derive(Deserialize)]
pub struct Device {
    kid: String,
}

async fn own_device(site: &Site, id: &str, device: &Device) -> Result<(LearnerRef, Digest), Fault> {
    let learner = learner(id)?;
    let kid = Digest::parse(&device.kid).ok_or(Fault::NotFound)?;
    if !site.intake.devices(&learner).await?.contains(&kid) {
        return Err(Fault::NotFound);
    }
    Ok((learner, kid))
}

/// A device was lost.
pub async fn lost(
    State(site): State<Site>,
    Path(id): Path<String>,
    signed: Signed<Device>,
) -> Result<Response, Fault> {
    let (learner, kid) = own_device(&site, &id, &signed.form).await?;
    site.intake.revoke_key(kid, site.now(), &signed.member.name).await?;
    Ok(Redirect::to(&format!("/desk/learners/{learner}")).into_response())
}

/// A device is shared.
pub async fn shared(
    State(site): State<Site>,
    Path(id): Path<String>,
    signed: Signed<Device>,
) -> Result<Response, Fault> {
    let (learner, kid) = own_device(&site, &id, &signed.form).await?;
    site.intake.share_key(kid, &signed.member.name).await?;
    Ok(Redirect::to(&format!("/desk/learners/{learner}")).into_response())
}

/// What has to be typed before anything is erased.
const ERASE: &str = "erase";

fn erase_page(site: &Site, member: &Member, learner: &LearnerRef, error: &str) -> Response {
    let hint = "This cannot be undone. Type the word erase.";
    let body = html! {
        ul {
            li { "Name, birthday, profession and identifiers are deleted." }
            li { "So are the learner, consent and evaluation parts of every record of theirs." }
            li { "Records, decisions and credits stay under an opaque number; the chain and every proof hold." }
            li { "What was reported to others is not taken back by this. Backups forget with their own age." }
        }
        form.stack method="post" action={ "/desk/learners/" (learner) "/erase" } {
            (layout::csrf(member))
            (Field { hint, error, ..Field::text("confirm", "Confirm") }.show(Need::Required))
            p.buttons {
                button.danger type="submit" { "Erase for good" }
                a.button href={ "/desk/learners/" (learner) } { "Keep" }
            }
        }
    };
    layout::page(site, member, Place::Search, "Erase personal data?", &body)
}

/// Asks before anything is erased.
pub async fn ask_erase(
    State(site): State<Site>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    member.administrator()?;
    Ok(erase_page(&site, &member, &learner(&id)?, ""))
}

#[derive(Deserialize)]
pub struct Confirm {
    #[serde(default)]
    confirm: String,
}

/// Erases.
pub async fn erase(
    State(site): State<Site>,
    Path(id): Path<String>,
    signed: Signed<Confirm>,
) -> Result<Response, Fault> {
    signed.member.administrator()?;
    let learner = learner(&id)?;
    if signed.form.confirm.trim() != ERASE {
        let page =
            erase_page(&site, &signed.member, &learner, "Expected the word erase. Nothing was erased.");
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    site.intake.ledger().erase(&learner, &signed.member.name).await?;
    Ok(Redirect::to(&format!("/desk/learners/{learner}")).into_response())
}

/// So many days from now.
pub fn in_days(now: Timestamp, days: i64) -> Timestamp {
    Timestamp(now.0.saturating_add(days.saturating_mul(86_400_000)))
}
