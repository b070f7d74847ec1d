//! Finding records and learners.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::id::{LearnerRef, SessionId};
use enduring_core::record::RecordRef;
use maud::{Markup, html};
use serde::Deserialize;

use super::queue::{activities, place};
use crate::desk::form::{Field, Need, select};
use crate::desk::guard::Member;
use crate::desk::layout::{List, Place};
use crate::desk::{Fault, Site, layout, when};
use crate::ledger::{PAGE, Person, Scope};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    activity: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    conflict: String,
    #[serde(default)]
    after: String,
}

/// The page.
pub async fn show(
    State(site): State<Site>,
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let q = asked.q.trim();
    if let Some(to) = directly(&site, q).await? {
        return Ok(Redirect::to(&to).into_response());
    }
    let body = html! {
        (filters(&site, &asked))
        @if q.is_empty() { (records(&site, &asked).await?) } @else { (learners(&site, &member, q).await?) }
    };
    Ok(layout::page(&site, &member, Place::Search, "Search", &body))
}

fn filters(site: &Site, asked: &Asked) -> Markup {
    let date = |name, label, value| Field { kind: "date", value, ..Field::text(name, label) };
    html! {
        form.filters method="get" action="/desk/search" role="search" {
            (Field {
                kind: "search",
                value: &asked.q,
                hint: "The beginnings of a learner's names, or the whole id of a record or learner.",
                ..Field::text("q", "Learner or id")
            }.show(Need::Optional))
            button type="submit" { "Find" }
        }
        form.filters method="get" action="/desk/search" {
            (select("activity", "Activity", &activities(site, "Every activity"), &asked.activity))
            (date("from", "Received from", asked.from.as_str()).show(Need::Optional))
            (date("until", "to", asked.until.as_str()).show(Need::Optional))
            (select("conflict", "Sessions", &sessions(), &asked.conflict))
            button type="submit" { "Show records" }
        }
    }
}

fn sessions() -> Vec<(String, String)> {
    let sessions = [("", "Every session"), ("yes", "Continued in two places")];
    sessions.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect()
}

/// Where an id leads, if it is one.
async fn directly(site: &Site, q: &str) -> Result<Option<String>, Fault> {
    let ledger = site.intake.ledger();
    let key = q.replace('/', ":");
    if let Some(record) = crate::ledger::record_of(&key) {
        return Ok(Some(layout::record_path(&record)));
    }
    if let (Some(id), Some(learner)) = (SessionId::parse(q), LearnerRef::parse(q)) {
        if let Some(record) = ledger.record_of_session(&id).await? {
            return Ok(Some(layout::record_path(&record)));
        }
        if !ledger.of_learner(&learner.to_string()).await?.is_empty() {
            return Ok(Some(format!("/desk/learners/{learner}")));
        }
    }
    Ok(None)
}

async fn learners(site: &Site, member: &Member, q: &str) -> Result<Markup, Fault> {
    let people = site.intake.ledger().people_like(q).await?;
    site.acted(&member.name, "learners_searched", "").await?;
    Ok(html! {
        section aria-live="polite" {
            h2 { "Learners" }
            @if people.is_empty() {
                p.empty { "Nobody of that name. Names are found by the beginning of each word; what was erased is found no more." }
                p { a.button href="/desk/enrol" { "Enter a new learner" } }
            } @else {
                (persons(&people))
                @if people.len() >= 50 { p.muted { "The first fifty. Add another name to find fewer." } }
            }
        }
    })
}

/// People as rows.
pub fn persons(people: &[Person]) -> Markup {
    html! {
        table.rows {
            thead { tr {
                th scope="col" { "Name" } th scope="col" { "Birthday" }
                th scope="col" { "Profession" } th scope="col" { "Known by" }
            } }
            tbody {
                @for person in people {
                    tr {
                        td data-label="Name" {
                            a.row-link href={ "/desk/learners/" (person.learner) } {
                                (person.last_name) ", " (person.first_name)
                            }
                        }
                        td data-label="Birthday" { (birthday(person)) }
                        td data-label="Profession" {
                            @if let Some(profession) = &person.profession { (profession) } @else { "not known" }
                        }
                        td data-label="Known by" { @if person.roster { "the roster" } @else { "the learner's word" } }
                    }
                }
            }
        }
    }
}

/// A birthday, month and day.
pub fn birthday(person: &Person) -> String {
    person.birthday.map_or_else(|| "not known".to_owned(), when::birthday)
}

async fn records(site: &Site, asked: &Asked) -> Result<Markup, Fault> {
    let scope = Scope {
        activity: (!asked.activity.is_empty()).then(|| asked.activity.clone()),
        from: when::begins(&asked.from),
        until: when::ends(&asked.until),
        after: place(&asked.after),
        conflicted: !asked.conflict.is_empty(),
        reason: None,
    };
    let mut records = site.intake.ledger().received(&scope).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = records.len() > page;
    records.truncate(page);
    let next = records.last().filter(|_| more).map(|last: &crate::ledger::Listed| {
        let (at, record) = last.place();
        format!("{at}~{record}")
    });
    Ok(html! {
        section {
            h2 { "Records, the newest first" }
            @if scope.conflicted {
                p { "A copy of each of these sessions was continued elsewhere and sent too. What came first stands; the learner was told. Ask which copy is meant where it matters, and reverse or approve on the record's page." }
            }
            @if records.is_empty() { p.empty { "No such record came in these days for this activity." } }
            @else { (layout::records(site, &records, List::Found).await?) }
            @if let Some(next) = next {
                (layout::more("/desk/search", &[
                    ("activity", &asked.activity),
                    ("from", &asked.from),
                    ("until", &asked.until),
                    ("conflict", &asked.conflict),
                    ("after", &next),
                ]))
            }
        }
    })
}

/// A record by what its address says.
pub fn record(kid: &str, id: &str) -> Result<RecordRef, Fault> {
    let kid = enduring_core::id::Digest::parse(kid).ok_or(Fault::NotFound)?;
    Ok(RecordRef { kid, id: SessionId::parse(id).ok_or(Fault::NotFound)? })
}
