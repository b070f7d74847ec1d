//! Who did what; for administrators.

use axum::extract::{Query, State};
use axum::response::Response;
use enduring_core::record::Decision;
use maud::{Markup, html};
use serde::Deserialize;

use crate::desk::form::select;
use crate::desk::guard::Member;
use crate::desk::layout::{self, Place};
use crate::desk::{Fault, Site, says, when};
use crate::ledger::{Fact, PAGE, ReportAct, record_of};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    staff: String,
    #[serde(default)]
    before: String,
}

/// The page.
pub async fn show(
    State(site): State<Site>,
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    member.administrator()?;
    let ledger = site.intake.ledger();
    let staff = (!asked.staff.is_empty()).then_some(asked.staff.as_str());
    let mut rows = ledger.deeds(staff, asked.before.parse().ok()).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|row| row.seq.to_string());
    let mut people =
        vec![(String::new(), "Everybody".to_owned()), ("command".to_owned(), "the command line".to_owned())];
    people.extend(ledger.all_staff().await?.into_iter().map(|staff| (staff.name.clone(), staff.name)));
    let body = html! {
        form.filters method="get" action="/desk/audit" {
            (select("staff", "Person", &people, &asked.staff))
            button type="submit" { "Show" }
        }
        @if rows.is_empty() { p.empty { "Nothing was done yet." } }
        @else {
            table.rows {
                thead { tr { th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "Did" } th scope="col" { "About" } } }
                tbody {
                    @for row in &rows {
                        @let (did, about) = deed(&row.entry.fact);
                        tr {
                            td data-label="When" { (when::moment(row.entry.at)) }
                            td data-label="Who" { (row.entry.by) }
                            td data-label="Did" { (did) }
                            td data-label="About" { (about) }
                        }
                    }
                }
            }
        }
        @if let Some(next) = next {
            (layout::more("/desk/audit", &[("staff", &asked.staff), ("before", &next)]))
        }
    };
    Ok(layout::page(&site, &member, Place::Audit, "Audit", &body))
}

fn record(record: &enduring_core::record::RecordRef) -> Markup {
    html! { a href=(layout::record_path(record)) { "record " (layout::short(&record.id.to_string())) } }
}

fn learner(learner: &enduring_core::id::LearnerRef) -> Markup {
    html! { a href={ "/desk/learners/" (learner) } { "learner " (layout::short(&learner.to_string())) } }
}

/// What a row says was done, and about what.
fn deed(fact: &Fact) -> (String, Markup) {
    let words = |text: &str| text.to_owned();
    match fact {
        Fact::Acted { act, about } => (
            words(says::act(act)),
            match record_of(about) {
                Some(about) => record(&about),
                None => match enduring_core::id::LearnerRef::parse(about) {
                    Some(about) => learner(&about),
                    None => html! { (about) },
                },
            },
        ),
        Fact::Decided { record: about, decision, .. } => {
            let did = match decision {
                Decision::Credit => "approved",
                Decision::Review => "put up for review",
                Decision::Reject => "did not credit",
            };
            (words(did), record(about))
        }
        Fact::Credited { record: about, credit, .. } => {
            (format!("credited {} {}", credit.amount, credit.name), record(about))
        }
        Fact::Reversed { record: about, credit, amount, .. } => {
            (format!("took back {amount} {credit}"), record(about))
        }
        Fact::Receipted { record: about, .. } => (words("signed a receipt"), record(about)),
        Fact::Ticketed { learner: about, .. } => (words("issued a ticket"), learner(about)),
        Fact::TicketRevoked { learner: about, .. } => (words("revoked a ticket"), learner(about)),
        Fact::KeyRevoked { kid, .. } => {
            (words("reported a device lost"), html! { code { (layout::short(&kid.to_string())) } })
        }
        Fact::KeyShared { kid } => {
            (words("marked a device as shared"), html! { code { (layout::short(&kid.to_string())) } })
        }
        Fact::Erased { learner: about } => (words("erased personal data"), learner(about)),
        Fact::Noticed { activity, .. } => {
            (words("published a notice"), html! { a href={ "/desk/activities/" (activity) } { (activity) } })
        }
        Fact::Reported(row) => {
            let did = match row.act {
                ReportAct::New => "reported to",
                ReportAct::Corrected => "reported a correction to",
                ReportAct::Again => "reported again to",
                ReportAct::TakenBack => "asked to take out a row:",
            };
            (format!("{did} {}", row.to), record(&row.record))
        }
        Fact::ConsentWithdrawn { learner: about, .. } => {
            (words("withdrew a consent for a learner"), learner(about))
        }
        Fact::TicketUsed { learner: about, .. } | Fact::Bound { learner: about, .. } => {
            (words("bound a device"), learner(about))
        }
        Fact::TicketShown { learner: about, .. } => (words("showed a ticket"), learner(about)),
        Fact::Received(received) => (words("entered a record"), record(&received.record)),
        Fact::Conflicted { record: about, .. } => (words("entered another copy"), record(about)),
        Fact::Appealed { record: about, .. } => (words("took down an appeal"), record(about)),
        Fact::Checkpointed { .. } => (words("signed a checkpoint"), html! {}),
    }
}
