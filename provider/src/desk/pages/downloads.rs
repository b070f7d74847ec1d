//! Tables to take away.

use axum::extract::{Query, State};
use axum::response::Response;
use enduring_core::id::CreditId;
use enduring_core::measure::Timestamp;
use maud::html;
use serde::Deserialize;

use super::queue::activities;
use super::record::file;
use crate::desk::form::{Field, Need, select};
use crate::desk::guard::Member;
use crate::desk::layout::{self, Place};
use crate::desk::{Fault, Site, when};
use crate::ledger::{Fact, Found, record_key};
use crate::report::cells::{Cell, Sheet};
use crate::time;

/// Most rows of one file.
const ROWS_MAX: usize = 50_000;
/// Rows that are read at once.
const AT_ONCE: i64 = 1_000;

const HEAD: [&str; 16] = [
    "given",
    "state",
    "completed",
    "first_name",
    "last_name",
    "birth_month",
    "birth_day",
    "profession",
    "learner",
    "activity",
    "accreditor",
    "accreditor_activity",
    "credit_id",
    "credit_name",
    "amount",
    "record",
];

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    activity: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

/// The page.
pub async fn show(State(site): State<Site>, member: Member) -> Response {
    let today = time::utc_day(site.now());
    let year = format!("{}-01-01", today.split('-').next().unwrap_or_default());
    let date = |name, label, value| Field { kind: "date", value, ..Field::text(name, label) };
    let body = html! {
        section {
            h2 { "Credits" }
            p { "Every credit that was given or taken back in these days (UTC), with the name where it was not erased, as comma-separated values. At most " (ROWS_MAX) " rows; choose fewer days for more. The download is written down." }
            form.filters method="get" action="/desk/downloads/credits.csv" {
                (select("activity", "Activity", &activities(&site, "Every activity"), ""))
                (date("from", "Given from", year.as_str()).show(Need::Required))
                (date("until", "to", today.as_str()).show(Need::Required))
                button.primary type="submit" { "Download" }
            }
        }
    };
    layout::page(&site, &member, Place::Downloads, "Downloads", &body)
}

/// Credits as comma-separated values.
pub async fn credits(
    State(site): State<Site>,
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let days = || Fault::Bad("Choose the days from and to.".to_owned());
    let from = when::begins(&asked.from).ok_or_else(days)?;
    let until = when::ends(&asked.until).ok_or_else(days)?;
    let mut rows = Vec::new();
    for kind in ["credited", "reversed"] {
        collect(&site, kind, (from, until), &asked.activity, &mut rows).await?;
    }
    rows.sort();
    site.acted(&member.name, "credits_downloaded", &format!("{} {}", asked.from, asked.until)).await?;
    let mut sheet = Sheet::new(&HEAD);
    for row in rows {
        sheet.row(row.into_iter().map(Cell::text));
    }
    let name = format!("credits-{}-{}.csv", time::utc_day(from), time::utc_day(Timestamp(until.0 - 1)));
    Ok(file(&name, "text/csv; charset=utf-8", sheet.finish().into_bytes()))
}

async fn collect(
    site: &Site,
    kind: &str,
    days: (Timestamp, Timestamp),
    activity: &str,
    rows: &mut Vec<Vec<String>>,
) -> Result<(), Fault> {
    let ledger = site.intake.ledger();
    let mut after = (i64::MIN, 0);
    loop {
        let found = ledger.of_kind_between(kind, days, after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = (last.entry.at.0, last.seq);
        for row in &found {
            let (record, learner, of, credit, completed) = match &row.entry.fact {
                Fact::Credited { record, learner, activity, credit, completed, .. } => {
                    let named = (&credit.credit, credit.name.clone());
                    let credit = (&credit.accreditor, &credit.accreditor_activity, named, credit.amount);
                    (record, learner, activity.to_string(), credit, completed.clone())
                }
                Fact::Reversed { record, learner, credit, accreditor, accreditor_activity, amount } => {
                    let taken = site.intake.taken(record).await?;
                    let received = taken.map(|taken| taken.received);
                    let of = received.as_ref().map(|received| received.activity.id.to_string());
                    let completed = received.map(|received| received.completed);
                    let named = (credit, name_of(&ledger.of_record(record).await?, credit));
                    let credit = (accreditor, accreditor_activity, named, *amount);
                    (record, learner, of.unwrap_or_default(), credit, completed.unwrap_or_default())
                }
                _ => continue,
            };
            if !activity.is_empty() && of != activity {
                continue;
            }
            if rows.len() >= ROWS_MAX {
                return Err(Fault::Bad(format!("More than {ROWS_MAX} rows. Choose fewer days.")));
            }
            let person = ledger.person(learner).await?;
            let birthday = person.as_ref().and_then(|person| person.birthday);
            let (accreditor, accreditor_activity, (id, name), amount) = credit;
            rows.push(vec![
                time::text(row.entry.at),
                if kind == "credited" { "given".to_owned() } else { "taken back".to_owned() },
                completed,
                person.as_ref().map_or_else(String::new, |person| person.first_name.clone()),
                person.as_ref().map_or_else(String::new, |person| person.last_name.clone()),
                birthday.map_or_else(String::new, |day| day.month.to_string()),
                birthday.map_or_else(String::new, |day| day.day.to_string()),
                person
                    .and_then(|person| person.profession)
                    .map_or_else(String::new, |profession| profession.to_string()),
                learner.to_string(),
                of,
                accreditor.clone(),
                accreditor_activity.clone(),
                id.to_string(),
                name,
                amount.to_string(),
                record_key(record),
            ]);
        }
    }
}

/// What a credit was called when it was given.
fn name_of(rows: &[Found], id: &CreditId) -> String {
    let mut names = rows.iter().filter_map(|row| match &row.entry.fact {
        Fact::Credited { credit, .. } if credit.credit == *id => Some(credit.name.clone()),
        _ => None,
    });
    names.next_back().unwrap_or_default()
}
