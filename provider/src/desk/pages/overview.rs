//! What waits, and how the ledger stands.

use axum::extract::State;
use axum::response::Response;
use enduring_core::record::Compact;
use maud::{Markup, html};

use crate::desk::guard::Member;
use crate::desk::layout::Place;
use crate::desk::{Fault, Site, layout, when};
use crate::ledger::Fact;
use crate::ledger::chain::{CHECKPOINT_TYP, Checkpoint};
use crate::time;

/// The page.
pub async fn show(State(site): State<Site>, member: Member) -> Result<Response, Fault> {
    let ledger = site.intake.ledger();
    let now = site.now();
    let today = when::begins(&time::utc_day(now)).unwrap_or(now);
    let (waiting, appeals) = ledger.how_many_wait().await?;
    let credited = ledger.count_since("credited", today).await?;
    let received = ledger.count_since("received", today).await?;
    let conflicts = ledger.how_many_conflict().await?;
    let body = html! {
        ul.tiles {
            (tile("Waiting for review", waiting, Some("/desk/queue")))
            (tile("Appeals", appeals, Some("/desk/queue?state=appealed")))
            (tile("Received today", received, None))
            (tile("Credits given today", credited, Some("/desk/downloads")))
            (tile("Continued in two places", conflicts, Some("/desk/search?conflict=yes")))
        }
        section {
            h2 { "Ledger" }
            (chain(&site).await?)
            p.muted { "Days here begin at midnight UTC; it is " (when::moment(now)) "." }
        }
        section {
            h2 { "Enrol" }
            p { a.button href="/desk/enrol" { "Issue a ticket to a new learner" } }
        }
    };
    Ok(layout::page(&site, &member, Place::Overview, "Overview", &body))
}

fn tile(title: &str, count: u64, to: Option<&str>) -> Markup {
    html! {
        li.tile {
            span.figure { (count) }
            @match to {
                Some(to) => a href=(to) { (title) },
                None => span { (title) },
            }
        }
    }
}

/// How far the chain goes, and how far it is signed.
async fn chain(site: &Site) -> Result<Markup, Fault> {
    let ledger = site.intake.ledger();
    let head = ledger.head().await?;
    let last = ledger.last_of_kind("checkpointed").await?;
    let signed = last.as_ref().and_then(|row| match &row.entry.fact {
        Fact::Checkpointed { checkpoint, .. } => {
            let compact = Compact::parse(checkpoint, CHECKPOINT_TYP).ok()?;
            serde_json::from_slice::<Checkpoint>(&compact.payload).ok()
        }
        _ => None,
    });
    Ok(html! {
        dl.facts {
            div { dt { "Rows in the chain" } dd { (head.n) } }
            @match (signed, &last) {
                (Some(signed), _) => div {
                    dt { "Last checkpoint" }
                    dd { (when::moment(signed.at)) ", over " (signed.n) " rows" }
                },
                (None, Some(row)) => div {
                    dt { "Last checkpoint" }
                    dd { (when::moment(row.entry.at)) ", not readable" }
                },
                (None, None) => div {
                    dt { "Last checkpoint" }
                    dd { "none yet; the server signs one a day" }
                },
            }
        }
    })
}
