//! Activities: how they are used, and what is told to their learners.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::id::{ActivityId, Digest};
use enduring_core::record::{Compact, NOTICE_TYP, Notice, NoticeKind};
use maud::{Markup, html};
use serde::Deserialize;

use crate::desk::form::{Need, area, select};
use crate::desk::guard::{Member, Signed};
use crate::desk::layout::{self, Place};
use crate::desk::{Fault, Site, when};
use crate::intake::NOTICE_CHARS;
use crate::ledger::Fact;

/// What is counted.
const COUNTED: &str = "Enrolled and completed count learners, each once. Enrolled is who has a ticket for the activity, or for \
     every activity, that was not revoked; completed is who has a record that is credited or in review. \
     The others count records.";

fn share(part: u64, whole: u64) -> String {
    match (part * 100).checked_div(whole) {
        Some(percent) => format!("{percent} %"),
        None => "–".to_owned(),
    }
}

/// All activities.
pub async fn list(State(site): State<Site>, member: Member) -> Result<Response, Fault> {
    let counts = site.intake.counts().await?;
    let body = html! {
        @if counts.is_empty() { p.empty { "No pack is at hand, and no record came. Put signed packs into the folder that the server was given." } }
        @else {
            table.rows {
                thead { tr {
                    th scope="col" { "Activity" }
                    th.number scope="col" { "Enrolled" } th.number scope="col" { "Completed" }
                    th.number scope="col" { "Completed of enrolled" } th.number scope="col" { "Records" }
                    th.number scope="col" { "Credited" } th.number scope="col" { "In review" }
                    th.number scope="col" { "Not credited" }
                } }
                tbody {
                    @for (activity, counts) in &counts {
                        tr {
                            td data-label="Activity" { a.row-link href={ "/desk/activities/" (activity) } { (site.title(activity)) } }
                            td.number data-label="Enrolled" { (counts.enrolled) }
                            td.number data-label="Completed" { (counts.completed) }
                            td.number data-label="Completed of enrolled" { (share(counts.completed_enrolled, counts.enrolled)) }
                            td.number data-label="Records" { (counts.received) }
                            td.number data-label="Credited" { (counts.credited) }
                            td.number data-label="In review" { (counts.review) }
                            td.number data-label="Not credited" { (counts.rejected) }
                        }
                    }
                }
            }
            p.muted { (COUNTED) }
        }
    };
    Ok(layout::page(&site, &member, Place::Activities, "Activities", &body))
}

/// One activity.
pub async fn show(
    State(site): State<Site>,
    member: Member,
    Path(activity): Path<String>,
) -> Result<Response, Fault> {
    let id = ActivityId::new(activity.clone()).map_err(|_| Fault::NotFound)?;
    let ledger = site.intake.ledger();
    let counts = site.intake.counts_of(&activity).await?;
    let known = site.intake.packs().about().any(|about| about.activity == id);
    if counts.received == 0 && !known && ledger.of_activity("ticketed", &activity).await?.is_empty() {
        return Err(Fault::NotFound);
    }
    let passes = site.intake.first_attempts(&activity).await?;
    let body = html! {
        ul.tiles {
            @for (title, figure) in [
                ("Enrolled", counts.enrolled.to_string()), ("Completed", counts.completed.to_string()),
                ("Completed of enrolled", share(counts.completed_enrolled, counts.enrolled)),
                ("Records", counts.received.to_string()), ("Credited", counts.credited.to_string()),
                ("In review", counts.review.to_string()), ("Not credited", counts.rejected.to_string()),
            ] { li.tile { span.figure { (figure) } span { (title) } } }
        }
        p.muted { (COUNTED) }
        div.columns {
            section {
                h2 { "Passed at the first attempt" }
                @if passes.is_empty() { p.empty { "No test was taken yet." } }
                @else {
                    table.rows {
                        thead { tr { th scope="col" { "Test" } th.number scope="col" { "Learners" } th.number scope="col" { "Passed" } th.number scope="col" { "Rate" } } }
                        tbody { @for pass in &passes { tr {
                            td data-label="Test" { (pass.part) }
                            td.number data-label="Learners" { (pass.attempts) }
                            td.number data-label="Passed" { (pass.passed) }
                            td.number data-label="Rate" { (share(pass.passed, pass.attempts)) }
                        } } }
                    }
                    p.muted { "By the first completion of each learner; who fails every attempt sends no record. A test without a threshold is always passed." }
                }
                (versions(&site, &id))
            }
            section {
                (published(&site, &activity).await?)
                @if member.administrator().is_ok() { (notice_form(&site, &member, &id)) }
            }
        }
    };
    Ok(layout::page(&site, &member, Place::Activities, &site.title(&activity), &body))
}

fn versions(site: &Site, id: &ActivityId) -> Markup {
    html! {
        h2 { "Versions at hand" }
        ul.plain {
            @for about in site.intake.packs().about().filter(|about| about.activity == *id) {
                li { (about.version) " " code.muted { (layout::short(&about.digest.to_string())) } }
            }
        }
    }
}

fn word(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Safety => "Safety notice",
        NoticeKind::Withdrawn => "Withdrawn",
    }
}

async fn published(site: &Site, activity: &str) -> Result<Markup, Fault> {
    let rows = site.intake.ledger().of_activity("noticed", activity).await?;
    let notices: Vec<Notice> = rows
        .iter()
        .filter_map(|row| match &row.entry.fact {
            Fact::Noticed { notice, .. } => Notice::read(&Compact::parse(notice, NOTICE_TYP).ok()?.payload),
            _ => None,
        })
        .collect();
    Ok(html! {
        h2 { "Notices to learners" }
        @if notices.is_empty() { p.empty { "None. A notice is signed and shown by every player that goes on line." } }
        @for notice in notices { (as_shown(&notice.kind, &notice.text, Some(notice.issued))) }
    })
}

/// A notice as learners see it.
fn as_shown(kind: &NoticeKind, text: &str, at: Option<enduring_core::measure::Timestamp>) -> Markup {
    html! {
        blockquote.note {
            strong { (word(*kind)) }
            @if let Some(at) = at { ", " (when::day(at)) }
            p { (text) }
        }
    }
}

fn notice_form(site: &Site, member: &Member, id: &ActivityId) -> Markup {
    let kinds = [
        ("safety", "Safety: something in it is wrong or dangerous"),
        ("withdrawn", "Withdrawn: can no longer be started"),
    ];
    let kinds: Vec<_> = kinds.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect();
    let mut packs = vec![(String::new(), "Every version".to_owned())];
    let at_hand = site.intake.packs();
    let about = at_hand.about().filter(|about| about.activity == *id);
    packs.extend(about.map(|about| (about.digest.to_string(), format!("Version {}", about.version))));
    html! {
        h2 { "Publish a notice" }
        form.stack method="post" action={ "/desk/activities/" (id) "/notice" } {
            (layout::csrf(member))
            (select("kind", "Kind", &kinds, ""))
            (select("pack", "Of", &packs, ""))
            (area("text", "text", "Words", "In plain words: what is wrong, what is right, what to do.", Need::Required))
            button type="submit" { "Preview" }
        }
    }
}

#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    pack: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    step: String,
}

/// Shows a notice before it is published, and publishes it.
pub async fn notice(
    State(site): State<Site>,
    Path(activity): Path<String>,
    signed: Signed<Said>,
) -> Result<Response, Fault> {
    let Signed { member, form } = signed;
    member.administrator()?;
    let id = ActivityId::new(activity).map_err(|_| Fault::NotFound)?;
    let kind = match form.kind.as_str() {
        "safety" => NoticeKind::Safety,
        "withdrawn" => NoticeKind::Withdrawn,
        _ => return Err(Fault::Bad("Choose the kind of the notice.".to_owned())),
    };
    let text = form.text.trim();
    if text.is_empty() || text.chars().count() > NOTICE_CHARS {
        return Err(Fault::Bad(format!("A notice has 1 to {NOTICE_CHARS} characters.")));
    }
    let known = |digest: &Digest| {
        site.intake.packs().about().any(|about| about.digest == *digest && about.activity == id)
    };
    let packs: Vec<Digest> = match form.pack.as_str() {
        "" => Vec::new(),
        pack => vec![Digest::parse(pack).filter(known).ok_or(Fault::NotFound)?],
    };
    if form.step == "publish" {
        site.intake.notify(kind, id.clone(), packs, text.to_owned(), &member.name).await?;
        return Ok(Redirect::to(&format!("/desk/activities/{id}")).into_response());
    }
    let body = html! {
        p { "Learners of " strong { (site.title(id.as_str())) } ", "
            @if packs.is_empty() { "every version" } @else { "one version" } ", will see:" }
        (as_shown(&kind, text, None))
        ul {
            li { "It is signed, and cannot be taken back: a second notice can correct it." }
            @if kind == NoticeKind::Withdrawn {
                li { "The activity can no longer be started. What is completed from now on goes to a person." }
            }
        }
        form method="post" action={ "/desk/activities/" (id) "/notice" } {
            (layout::csrf(&member))
            @for (name, value) in [("kind", form.kind.as_str()), ("pack", form.pack.as_str()), ("text", text), ("step", "publish")] {
                input type="hidden" name=(name) value=(value);
            }
            p.buttons {
                button.danger type="submit" { "Sign and publish" }
                a.button href={ "/desk/activities/" (id) } { "Do not publish" }
            }
        }
    };
    let page = layout::page(&site, &member, Place::Activities, "Publish this notice?", &body);
    Ok((StatusCode::OK, page).into_response())
}
