//! The curriculum at a glance, for the monthly review: objectives, the gaps they close,
//! what came of them, and when the next review is due.

use enduring_core::content::Content;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::html;

use super::ReportFile;
use super::cells::{Cell, Sheet};
use super::outcomes::{About, Outcomes};
use super::page::{Table, page};

/// An enduring material is reviewed at least so often. Source: ACCME's policy on
/// enduring materials.
const REVIEW_YEARS: i32 = 3;

const HEAD: [&str; 15] = [
    "activity",
    "version",
    "objective",
    "items",
    "practice gap",
    "found by",
    "date",
    "learners",
    "mean before %",
    "mean after %",
    "normalised gain",
    "reviewed",
    "review due",
    "ends",
    "standing",
];

/// `curriculum.html` and `curriculum.csv`: every objective of every pack, with the
/// outcomes of those that have completions.
#[must_use]
pub fn curriculum(packs: &[&Content], outcomes: &[Outcomes<'_>], today: Date) -> Vec<ReportFile> {
    let mut sheet = Sheet::new(&HEAD);
    let mut sections = Vec::new();
    let mut ordered: Vec<&&Content> = packs.iter().collect();
    ordered.sort_by_key(|content| (content.activity().id.clone(), content.activity().version.clone()));
    for content in ordered {
        let found = outcomes.iter().find(|outcomes| outcomes.content.digest() == content.digest());
        let head = HEAD.get(2..11).unwrap_or_default();
        let mut table = Table::new("curriculum", content.activity().title.clone(), head);
        let due = due(content, today);
        for row in objectives(content, found) {
            let activity = content.activity();
            let about = [Cell::text(activity.id.to_string()), Cell::text(&activity.version)];
            let dates = [
                Cell::text(&activity.front.dates.review),
                Cell::text(&due.on),
                Cell::text(&activity.front.dates.termination),
                Cell::text(&due.standing),
            ];
            sheet.row(about.into_iter().chain(row.clone()).chain(dates));
            table.rows.push(row);
        }
        sections.push((*content, due, table));
    }
    let body = html! {
        h1 { "Curriculum" }
        p class="muted" { "As of " (today.to_string()) ". Results are of first attempts; groups of fewer than five learners are not shown. A review is due three years after the latest, and before the activity ends." }
        @if sections.is_empty() { p { "There are no packs." } }
        @for (content, due, table) in &sections {
            h2 { (content.activity().title) }
            p class="muted" { (content.activity().id.as_str()) " " (content.activity().version) " · reviewed " (content.activity().front.dates.review) " · ends " (content.activity().front.dates.termination) }
            p class=[due.pressing.then_some("note")] { "Review due " (due.on) ": " (due.standing) "." }
            (table.html())
        }
    };
    vec![
        ReportFile::new("curriculum.html", page("Curriculum", &body)),
        ReportFile::new("curriculum.csv", sheet.finish()),
    ]
}

/// A row per objective: words, items, gap, results.
fn objectives(content: &Content, outcomes: Option<&Outcomes<'_>>) -> Vec<Vec<Cell>> {
    let activity = content.activity();
    let row = |(place, objective): (usize, &enduring_core::content::Objective)| {
        let items = activity.items.iter().filter(|item| item.objectives.contains(&objective.id)).count();
        let gap = activity.gaps.iter().find(|gap| gap.id == objective.gap);
        let mut row = vec![Cell::text(&objective.text), Cell::count(items)];
        row.extend(match gap {
            Some(gap) => [Cell::text(&gap.text), Cell::text(&gap.method), Cell::text(&gap.date)],
            None => [Cell::Empty, Cell::Empty, Cell::Empty],
        });
        row.extend(results(outcomes, place));
        row
    };
    activity.objectives.iter().enumerate().map(row).collect()
}

fn results(outcomes: Option<&Outcomes<'_>>, place: usize) -> Vec<Cell> {
    let hidden = |why: &str| vec![Cell::text(why), Cell::Empty, Cell::Empty, Cell::Empty];
    let Some(outcomes) = outcomes else { return hidden("none yet") };
    let Some(figures) = outcomes.figures.figure() else { return hidden(outcomes.figures.instead()) };
    let Some(row) = figures.pairs.iter().find(|row| row.about == About::Objective(place)) else {
        return hidden("not tested before and after");
    };
    match row.shown.figure() {
        None => hidden(row.shown.instead()),
        Some(None) => hidden("not tested before and after"),
        Some(Some(paired)) => vec![
            Cell::count(paired.n),
            Cell::figure(Some(paired.before), 1),
            Cell::figure(Some(paired.after), 1),
            Cell::figure(paired.gain, 2),
        ],
    }
}

struct Due {
    on: String,
    standing: String,
    pressing: bool,
}

/// When the next review is due: three years after the latest, or when the activity ends.
fn due(content: &Content, today: Date) -> Due {
    let dates = &content.activity().front.dates;
    let review =
        dates.review.parse::<Date>().ok().and_then(|date| date.checked_add(REVIEW_YEARS.years()).ok());
    let end = dates.termination.parse::<Date>().ok();
    let Some(on) = review.into_iter().chain(end).min() else {
        return Due {
            on: "unknown".to_owned(),
            standing: "no date that can be read".to_owned(),
            pressing: true,
        };
    };
    let days = today.until(on).map_or(0, |span| span.get_days());
    let standing = match days {
        ..0 => format!("overdue by {} days", -days),
        0 => "today".to_owned(),
        1 => "in 1 day".to_owned(),
        _ => format!("in {days} days"),
    };
    Due { on: on.to_string(), standing, pressing: days < 90 }
}
