//! What all pages have around them, and what they share.

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::Site;
use super::guard::Member;
use super::says;
use crate::ledger::{ListState, Listed, Role};

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
    let links = LINKS.iter().filter(|(.., role)| member.role >= *role);
    let around = html! {
        a.skip href="#main" { "Skip to the page" }
        header.bar {
            div.bar-inner {
                a.brand href="/desk" { "Desk" span.brand-of { (site.intake.provider()) } }
                nav.links aria-label="Desk" {
                    @for (at, to, text, _) in links {
                        a href=(to) aria-current=[(place == *at).then_some("page")] { (text) }
                    }
                }
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
        main #main tabindex="-1" {
            h1 { (title) }
            (body)
        }
    };
    Html(document(title, &around).into_string()).into_response()
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
pub fn record_path(record: &enduring_core::record::RecordRef) -> String {
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

/// Records as rows; on a phone each is a card.
pub fn records(site: &Site, records: &[Listed], reasons: Reasons) -> Markup {
    html! {
        table.rows {
            thead {
                tr {
                    th scope="col" { "Record" }
                    th scope="col" { "Activity" }
                    th scope="col" { "Completed" }
                    th scope="col" { "Received" }
                    @match reasons {
                        Reasons::Shown => th scope="col" { "Why" },
                        Reasons::Hidden => th scope="col" { "State" },
                    }
                }
            }
            tbody {
                @for listed in records {
                    tr {
                        td data-label="Record" {
                            a.row-link href=(record_path(&listed.record)) {
                                code { (short(&listed.record.id.to_string())) }
                            }
                        }
                        td data-label="Activity" { (site.title(&listed.activity)) }
                        td data-label="Completed" { (super::when::written(&listed.completed)) }
                        td data-label="Received" {
                            (super::when::moment(listed.at))
                            @if reasons == Reasons::Shown {
                                " " span.muted { "(" (super::when::since(listed.at, site.now())) " ago)" }
                            }
                        }
                        @match reasons {
                            Reasons::Shown => td data-label="Why" { ul.plain {
                                @for code in &listed.reasons { li { (says::flag(code).title) } }
                            } },
                            Reasons::Hidden => td data-label="State" { (badge(listed.state)) },
                        }
                    }
                }
            }
        }
    }
}

/// Whether a list tells reasons, or states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reasons {
    /// Reasons: all stand alike.
    Shown,
    /// States.
    Hidden,
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
