//! What all pages have around them, and what they share.

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use enduring_core::record::{ClaimRecord, RecordRef};
use maud::{DOCTYPE, Markup, html};

use super::guard::Member;
use super::{Fault, Site, says, when};
use crate::ledger::{ListState, Listed, Person, Role};

const STYLE: &str = include_str!("style.css");

/// Where a page stands in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The overview.
    Overview,
    /// The queue.
    Queue,
    /// Searching.
    Search,
    /// Activities.
    Activities,
    /// Downloads.
    Downloads,
    /// Accounts.
    Staff,
    /// Who did what.
    Audit,
    /// One's own account.
    Account,
}

const LINKS: [(Place, &str, &str, Role); 7] = [
    (Place::Overview, "/desk", "Overview", Role::Reviewer),
    (Place::Queue, "/desk/queue", "Review", Role::Reviewer),
    (Place::Search, "/desk/search", "Search", Role::Reviewer),
    (Place::Activities, "/desk/activities", "Activities", Role::Reviewer),
    (Place::Downloads, "/desk/downloads", "Downloads", Role::Reviewer),
    (Place::Staff, "/desk/staff", "Staff", Role::Administrator),
    (Place::Audit, "/desk/audit", "Audit", Role::Administrator),
];

/// The stylesheet.
pub async fn style() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, STYLE).into_response()
}

/// A page for who is signed in.
pub fn page(site: &Site, member: &Member, place: Place, title: &str, body: &Markup) -> Response {
    let around = html! {
        a.skip href="#main" { "Skip to the page" }
        header.bar {
            div.bar-inner {
                a.brand href="/desk" { "Desk" span.brand-of { (site.intake.provider()) } }
                (links(member, place))
                (account(member, place))
                // What finds no room in the line; the style shows each of them once.
                details.menu {
                    summary { span.menu-all { "Menu" } span.menu-account { (member.name) } }
                    div.menu-body { (links(member, place)) (account(member, place)) }
                }
            }
        }
        main #main tabindex="-1" {
            h1 { (title) }
            (body)
        }
    };
    Html(document(title, &around).into_string()).into_response()
}

/// The pages that the member may see.
fn links(member: &Member, place: Place) -> Markup {
    html! {
        nav.links aria-label="Desk" {
            @for (at, to, text, _) in LINKS.iter().filter(|(.., role)| member.role >= *role) {
                a href=(to) aria-current=[(place == *at).then_some("page")] { (text) }
            }
        }
    }
}

/// Who is signed in, and the way out.
fn account(member: &Member, place: Place) -> Markup {
    html! {
        div.account {
            a href="/desk/password" aria-current=[(place == Place::Account).then_some("page")] {
                (member.name) span.muted { " (" (member.role.name()) ")" }
            }
            form method="post" action="/desk/sign-out" {
                (csrf(member))
                button.quiet type="submit" { "Sign out" }
            }
        }
    }
}

/// A page for who is not.
pub fn outside(title: &str, body: &Markup) -> Response {
    let around = html! {
        main #main .narrow {
            p.brand { "Desk" }
            h1 { (title) }
            (body)
        }
    };
    Html(document(title, &around).into_string()).into_response()
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Desk" }
                link rel="stylesheet" href="/desk/style.css";
            }
            body { (body) }
        }
    }
}

/// What makes a form one of this session's own.
pub fn csrf(member: &Member) -> Markup {
    html! { input type="hidden" name="csrf" value=(member.csrf); }
}

/// The address of a record's page.
pub fn record_path(record: &RecordRef) -> String {
    format!("/desk/records/{}/{}", record.kid, record.id)
}

/// How a record stands, in a word and a color.
pub fn badge(state: ListState) -> Markup {
    let (class, word) = match state {
        ListState::Review => ("badge caution", "for review"),
        ListState::Appealed => ("badge caution", "appealed"),
        ListState::Credited => ("badge credit", "credited"),
        ListState::Rejected => ("badge fault", "not credited"),
        ListState::Reversed => ("badge fault", "reversed"),
    };
    html! { span class=(class) { (word) } }
}

/// What a list of records is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// What waits for review since it came: with the reasons.
    Waiting,
    /// What waits since the learner appealed: with the reasons.
    Appealed,
    /// What was found: with the states.
    Found,
}

/// Records as rows; on a phone each is a card.
pub async fn records(site: &Site, records: &[Listed], list: List) -> Result<Markup, Fault> {
    let mut rows = Vec::with_capacity(records.len());
    for listed in records {
        let person = site.intake.ledger().person(&listed.learner).await?;
        rows.push((listed, person, site.intake.ledger().claims(&listed.record).await?));
    }
    let (why, since) = match list {
        List::Waiting => ("Why", "Waiting since"),
        List::Appealed => ("Why", "Received"),
        List::Found => ("State", "Received"),
    };
    Ok(html! {
        table.rows {
            thead {
                tr { @for name in ["Learner", "Activity", "Claim", why, since, "Record"] { th scope="col" { (name) } } }
            }
            tbody {
                @for (listed, person, claims) in rows {
                    tr {
                        td data-label="Learner" { (learner(listed, person.as_ref())) }
                        td data-label="Activity" { (site.title(&listed.activity)) }
                        td data-label="Claim" { (claimed(claims.as_deref())) }
                        td data-label=(why) {
                            @match list {
                                List::Waiting | List::Appealed => ul.plain {
                                    @for code in &listed.reasons { li { (says::flag(code).title) } }
                                },
                                List::Found => (badge(listed.state)),
                            }
                        }
                        td data-label=(since) {
                            span {
                                (when::moment(listed.at))
                                @if list == List::Waiting { span.muted { " (" (when::since(listed.at, site.now())) ")" } }
                            }
                        }
                        td data-label="Record" { (record_link(&listed.record)) }
                    }
                }
            }
        }
    })
}

fn claimed(claims: Option<&[ClaimRecord]>) -> Markup {
    html! {
        @match claims {
            None => span { "not readable" },
            Some([]) => span { "participation" },
            Some(claims) => ul.plain { @for claim in claims { li { (claim.amount) " " (claim.name) } } },
        }
    }
}

/// Whose it is, where that is known.
fn learner(listed: &Listed, person: Option<&Person>) -> String {
    match person {
        Some(person) => format!("{} {}", person.first_name, person.last_name),
        None => format!("learner {}", short(&listed.learner.to_string())),
    }
}

/// The link to a record by the beginning of its id; all of it is in the title.
pub fn record_link(record: &RecordRef) -> Markup {
    let id = record.id.to_string();
    html! { a.row-link href=(record_path(record)) title=(id) { code { (short(&id)) } } }
}

/// The beginning of an opaque id, enough to tell two apart by eye.
pub fn short(id: &str) -> String {
    id.chars().take(10).collect()
}

/// The link to the next page of a list, with what it was asked by.
pub fn more(path: &str, query: &[(&str, &str)]) -> Markup {
    let mut to = format!("{path}?");
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        to.push_str(name);
        to.push('=');
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => to.push(char::from(byte)),
                other => to.push_str(&format!("%{other:02X}")),
            }
        }
        to.push('&');
    }
    html! { p.more { a.button href=(to.trim_end_matches(['&', '?'])) { "Next page" } } }
}
