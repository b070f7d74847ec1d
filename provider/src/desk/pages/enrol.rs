//! Tickets: issued once, shown once, as a link and as a picture to scan.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::id::{ActivityId, LearnerRef, TicketId};
use enduring_core::record::{Ticket, is_line};
use fast_qr::convert::Builder;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use super::learner::{in_days, learner};
use super::queue::activities;
use super::record::file;
use crate::desk::fault::NO_PLAYER;
use crate::desk::form::{Field, Need, select};
use crate::desk::guard::{Member, Signed};
use crate::desk::layout::{self, Place};
use crate::desk::{Fault, Site, when};
use crate::intake::NewTicket;
use crate::ledger::{Beside, Entry, Person};

/// Longest name on a ticket, in characters.
const NAME_MAX: usize = 100;
/// Days in which a ticket can be used first.
const DAYS: [(&str, &str); 4] = [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("365", "a year")];

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    activity: String,
    #[serde(default)]
    days: String,
}

fn fields(site: &Site) -> Markup {
    let days: Vec<(String, String)> =
        DAYS.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect();
    html! {
        (select("activity", "For", &activities(site, "Every activity"), ""))
        (select("days", "Can be used first within", &days, "30"))
    }
}

/// A ticket for a learner who is known.
pub fn ticket_form(site: &Site, member: &Member, learner: &LearnerRef, person: Option<&Person>) -> Markup {
    let name =
        person.map_or_else(String::new, |person| format!("{} {}", person.first_name, person.last_name));
    let hint = "Shown on the device; not written into the ledger.";
    html! {
        section {
            h2 { "Issue a ticket" }
            @if site.settings.player.is_none() { p.note { (NO_PLAYER) } }
            @else { form.stack method="post" action={ "/desk/learners/" (learner) "/ticket" } {
                (layout::csrf(member))
                (Field { value: &name, hint, ..Field::text("name", "Name on the ticket") }.show(Need::Required))
                (fields(site))
                button type="submit" { "Issue a ticket" }
            } }
        }
    }
}

/// Issues a ticket.
pub async fn ticket(
    State(site): State<Site>,
    Path(id): Path<String>,
    signed: Signed<Wanted>,
) -> Result<Response, Fault> {
    let learner = learner(&id)?;
    issue(&site, &signed.member, learner, &signed.form.name, &signed.form).await
}

async fn issue(
    site: &Site,
    member: &Member,
    learner: LearnerRef,
    name: &str,
    wanted: &Wanted,
) -> Result<Response, Fault> {
    can_be_followed(site)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(Fault::Bad(format!("A ticket needs a name of at most {NAME_MAX} characters.")));
    }
    let activity = match wanted.activity.as_str() {
        "" => None,
        id => Some(ActivityId::new(id).map_err(|error| Fault::Bad(error.to_string()))?),
    };
    let days = DAYS.iter().find(|(value, _)| *value == wanted.days).and_then(|(value, _)| value.parse().ok());
    let expires = in_days(site.now(), days.unwrap_or(30));
    let new = NewTicket { learner: Some(learner), name: name.to_owned(), activity, expires };
    let (ticket, text) = site.intake.issue(new, &member.name).await?;
    issued(site, member, &ticket, &text)
}

/// The ticket, shown this once: the text is kept nowhere.
fn issued(site: &Site, member: &Member, ticket: &Ticket, text: &str) -> Result<Response, Fault> {
    let link = link(site, text)?;
    let body = html! {
        p.note { "This is shown once. Whoever has the link can enrol as this learner: hand it over in person or by a message to them alone." }
        div.columns {
            section {
                h2 { "To scan" }
                @match picture(&link) {
                    Some(svg) => div.qr role="img" aria-label="QR code of the link below" { (PreEscaped(svg)) },
                    None => p { "The link is too long for a picture." },
                }
                form method="post" action="/desk/qr.svg" {
                    (layout::csrf(member)) input type="hidden" name="ticket" value=(text);
                    button type="submit" { "Save the picture (SVG)" }
                }
            }
            section {
                h2 { "To send" }
                label for="link" { "Link" }
                textarea #link readonly rows="6" { (link) }
                dl.facts {
                    div { dt { "For" } dd {
                        @match &ticket.activity { Some(activity) => (site.title(activity.as_str())), None => "every activity" }
                    } }
                    div { dt { "Name shown" } dd { (ticket.name) } }
                    div { dt { "First use until" } dd { (when::moment(ticket.expires)) } }
                }
                p { a href={ "/desk/learners/" (ticket.learner) } { "To the learner" } }
            }
        }
    };
    Ok(layout::page(site, member, Place::Search, "Ticket issued", &body))
}

/// Refuses to issue tickets whose links lead nowhere.
fn can_be_followed(site: &Site) -> Result<(), Fault> {
    link(site, "").map(drop)
}

/// The link of a ticket, where it is known to lead somewhere.
fn link(site: &Site, ticket: &str) -> Result<String, Fault> {
    let player = site.settings.player.as_deref().ok_or(Fault::NoPlayer)?;
    Ok(format!("{}/#/enrol/{ticket}", player.trim_end_matches('/')))
}

/// A picture of a link; `None` for one that is too long.
fn picture(link: &str) -> Option<String> {
    let code = QRBuilder::new(link).ecl(ECL::L).build().ok()?;
    Some(SvgBuilder::default().margin(4).to_str(&code))
}

#[derive(Deserialize)]
pub struct Drawn {
    ticket: String,
}

/// The picture as a file. By a form, so that no ticket stands in an address or a log.
pub async fn qr(State(site): State<Site>, signed: Signed<Drawn>) -> Result<Response, Fault> {
    let svg = picture(&link(&site, &signed.form.ticket)?);
    let svg = svg.ok_or_else(|| Fault::Bad("The link is too long for a picture.".to_owned()))?;
    Ok(file("ticket.svg", "image/svg+xml", svg.into_bytes()))
}

#[derive(Deserialize)]
pub struct Revoked {
    ticket: String,
}

/// Revokes a ticket.
pub async fn revoke(
    State(site): State<Site>,
    Path(id): Path<String>,
    signed: Signed<Revoked>,
) -> Result<Response, Fault> {
    let learner = learner(&id)?;
    let ticket = TicketId::parse(&signed.form.ticket).ok_or(Fault::NotFound)?;
    if !site.intake.revoke_ticket(ticket, &signed.member.name).await? {
        return Err(Fault::NotFound);
    }
    Ok(Redirect::to(&format!("/desk/learners/{learner}")).into_response())
}

#[derive(Deserialize)]
pub struct NewLearner {
    #[serde(default)]
    first: String,
    #[serde(default)]
    last: String,
    #[serde(flatten)]
    wanted: Wanted,
}

fn page(site: &Site, member: &Member, form: &NewLearner, error: &str) -> Response {
    let field = |name, label, value| Field { value, ..Field::text(name, label) };
    let body = html! {
        p { "Look first whether the learner is known: " a href="/desk/search" { "search by name" } "." }
        form.stack method="post" action="/desk/enrol" {
            (layout::csrf(member))
            (Field { error, ..field("first", "First name", form.first.as_str()) }.show(Need::Required))
            (field("last", "Last name", form.last.as_str()).show(Need::Required))
            (fields(site))
            button.primary type="submit" { "Enter the learner and issue a ticket" }
        }
    };
    layout::page(site, member, Place::Search, "New learner", &body)
}

/// Asks who the new learner is.
pub async fn show(State(site): State<Site>, member: Member) -> Result<Response, Fault> {
    can_be_followed(&site)?;
    let empty = Wanted { name: String::new(), activity: String::new(), days: String::new() };
    let form = NewLearner { first: String::new(), last: String::new(), wanted: empty };
    Ok(page(&site, &member, &form, ""))
}

/// Enters a learner and issues the first ticket.
pub async fn enter(State(site): State<Site>, signed: Signed<NewLearner>) -> Result<Response, Fault> {
    let Signed { member, form } = signed;
    can_be_followed(&site)?;
    let (first, last) = (form.first.trim(), form.last.trim());
    let name = format!("{first} {last}");
    if first.is_empty() || last.is_empty() || !is_line(&name) {
        let page = page(&site, &member, &form, "Both names are needed, of at most 100 characters together.");
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let learner = LearnerRef(crate::intake::random().map_err(|error| Fault::Inner(error.to_string()))?);
    let person = Person {
        learner,
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        birthday: None,
        profession: None,
        identifiers: Vec::new(),
        roster: true,
    };
    let told = Entry::acted(site.now(), &member.name, "learner_entered", &learner.to_string());
    let beside = Beside { person: Some(person), ..Beside::default() };
    site.intake.ledger().add_lot(&[told], &beside).await?;
    issue(&site, &member, learner, &name, &form.wanted).await
}
