//! What waits for a person, the oldest first.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use crate::desk::form::select;
use crate::desk::guard::Member;
use crate::desk::layout::{List, Place};
use crate::desk::{Fault, Site, layout, says};
use crate::ledger::{ListState, PAGE, Scope};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    activity: String,
    #[serde(default)]
    after: String,
}

/// A place in a list from an address: `at:record`.
pub fn place(text: &str) -> Option<(i64, String)> {
    let (at, record) = text.split_once('~')?;
    Some((at.parse().ok()?, record.to_owned()))
}

/// The page.
pub async fn show(
    State(site): State<Site>,
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let ledger = site.intake.ledger();
    let (state, list, title) = match asked.state.as_str() {
        "appealed" => (ListState::Appealed, List::Appealed, "Appeals"),
        _ => (ListState::Review, List::Waiting, "Waiting for review"),
    };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let scope = Scope {
        activity: some(&asked.activity),
        reason: some(&asked.reason),
        after: place(&asked.after),
        ..Scope::default()
    };
    let mut records = ledger.waiting(state, &scope).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = records.len() > page;
    records.truncate(page);
    let next = records.last().filter(|_| more).map(|last| {
        let (at, record) = last.place();
        format!("{at}~{record}")
    });
    let body = html! {
        nav.tabs aria-label="What waits" {
            a href="/desk/queue" aria-current=[(state == ListState::Review).then_some("page")] { "For review" }
            a href="/desk/queue?state=appealed" aria-current=[(state == ListState::Appealed).then_some("page")] {
                "Appeals"
            }
        }
        (filters(&site, &asked).await?)
        @if records.is_empty() {
            p.empty { "Nothing waits here. A record comes here when a check of the policy or the ledger wants a person to look at it, or when a learner appeals." }
        } @else {
            (layout::records(&site, &records, list).await?)
        }
        @if let Some(next) = next {
            (layout::more("/desk/queue", &[
                ("state", &asked.state),
                ("reason", &asked.reason),
                ("activity", &asked.activity),
                ("after", &next),
            ]))
        }
    };
    Ok(layout::page(&site, &member, Place::Queue, title, &body))
}

async fn filters(site: &Site, asked: &Asked) -> Result<Markup, Fault> {
    let mut reasons = vec![(String::new(), "Every reason".to_owned())];
    for code in site.intake.ledger().waiting_reasons().await? {
        let title = says::flag(&code).title;
        reasons.push((code, title));
    }
    let activities = activities(site, "Every activity");
    Ok(html! {
        form.filters method="get" action="/desk/queue" {
            @if !asked.state.is_empty() { input type="hidden" name="state" value=(asked.state); }
            (select("reason", "Reason", &reasons, &asked.reason))
            (select("activity", "Activity", &activities, &asked.activity))
            button type="submit" { "Show" }
        }
    })
}

/// The activities whose packs are at hand, as options of a choice.
pub fn activities(site: &Site, none: &str) -> Vec<(String, String)> {
    let mut activities: Vec<(String, String)> = Vec::new();
    for about in site.intake.packs().about() {
        let id = about.activity.to_string();
        if !activities.iter().any(|(known, _)| *known == id) {
            activities.push((id, about.title.clone()));
        }
    }
    activities.sort_by(|one, other| one.1.cmp(&other.1));
    activities.insert(0, (String::new(), none.to_owned()));
    activities
}
