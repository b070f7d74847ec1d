//! The outcomes as one page: what was found first, then level by level, each chart
//! beside its table.

use enduring_core::measure::Timestamp;
use enduring_core::session::Certain;
use maud::{Markup, html};

use super::asked::Replies;
use super::pairs::About;
use super::tables;
use super::{Figures, Outcomes, TestRow, percent};
use crate::report::drawing::{Bar, bars, before_and_after, effects};
use crate::report::page::{Table, page};
use crate::time;

/// The page of all activities.
#[must_use]
pub fn html(all: &[Outcomes<'_>], now: Timestamp) -> String {
    let body = html! {
        h1 { "Outcomes" }
        p class="muted" { "Made " (time::text(now)) " from completions that were credited. Figures are of first attempts and first plays; each learner counts once per activity. Groups of fewer than five learners are not shown, nor figures from which they could be computed. What each figure is: docs/reports.md." }
        @if all.is_empty() { p { "There are no completions." } }
        @for outcomes in all { (activity(outcomes)) }
    };
    page("Outcomes", &body)
}

fn activity(outcomes: &Outcomes<'_>) -> Markup {
    let activity = outcomes.content.activity();
    html! {
        section {
            h2 { (activity.title) }
            p class="muted" { (activity.id.as_str()) " " (activity.version) " · " (activity.front.provider.name) }
            @if let Some(sample) = &activity.front.sample { p class="note" { (sample) } }
            @match outcomes.figures.figure() {
                None => p { "Fewer than 5 learners: no figures are shown." },
                Some(figures) => (levels(outcomes, figures)),
            }
        }
    }
}

fn levels(outcomes: &Outcomes<'_>, figures: &Figures) -> Markup {
    let commitments = tables::commitments(&figures.asked);
    let words = tables::words(&figures.asked);
    let needs = tables::needs(outcomes, figures);
    html! {
        h3 { "Level 1: participation" }
        (tables::participation(outcomes, figures).html())
        h3 { "Level 2: satisfaction" }
        (beside(satisfaction(figures), &tables::evaluation(&figures.asked)))
        @if !words.rows.is_empty() {
            details {
                summary { "In their own words, without names" }
                (words.html())
            }
        }
        h3 { "Level 3: knowledge, before and after" }
        @if figures.pairs.is_empty() {
            p { "The activity has no pre-test and post-test to compare." }
        } @else {
            p { "Cohen's d" sub { "av" } " is the difference of the means over the root of the mean of both variances, with Bonett's 95 % interval. The normalised gain is the part of what could be gained that was." }
            (beside(compared(outcomes, figures), &tables::pairs(outcomes, &figures.pairs)))
        }
        @if !figures.tests.is_empty() { (tests(figures)) }
        h3 { "Level 4: competence" }
        @if figures.plays.is_empty() {
            p { "The activity has no case and no simulated patient." }
        } @else {
            (beside(competence(figures), &tables::plays(figures)))
        }
        h3 { "Level 5: performance, self-reported" }
        p { "Commitments to change are intentions. They become self-reported performance with a follow-up after a month or two, which these records do not hold." }
        @if commitments.rows.is_empty() { p { "Fewer than 5 learners answered, or none was asked." } }
        @else { (beside(intended(figures), &commitments)) }
        h3 { "For the next needs assessment" }
        @if needs.rows.is_empty() { p { "No objective stayed below what the post-test asks for, and no item was often answered wrong and sure." } }
        @else { (needs.html()) }
    }
}

/// Charts, and the table with the same figures.
fn beside(chart: Option<Markup>, table: &Table) -> Markup {
    html! {
        @match chart {
            Some(chart) => { div class="charts" { (chart) } (table.html()) },
            None => (table.html()),
        }
    }
}

fn tests(figures: &Figures) -> Markup {
    let calibration = tables::calibration(&figures.tests);
    html! {
        h3 { "Tests and items" }
        (tables::tests(&figures.tests).html())
        @for test in &figures.tests {
            @let table = tables::items(std::slice::from_ref(test));
            @if !table.rows.is_empty() { (beside(difficulty(test), &table)) }
        }
        details {
            summary { "What was picked, item by item" }
            (tables::options(&figures.tests).html())
        }
        @if !calibration.rows.is_empty() {
            h3 { "Certainty" }
            p { "How often answers were right that learners were unsure, fairly sure and sure of. The shaded range is where being right and being certain agree." }
            (beside(calibrated(figures), &calibration))
        }
    }
}

fn compared(outcomes: &Outcomes<'_>, figures: &Figures) -> Option<Markup> {
    let rows = || {
        figures.pairs.iter().filter_map(|row| {
            let shown = matches!(row.about, About::All | About::Objective(_));
            row.figures().filter(|_| shown).map(|paired| (tables::about(outcomes, row.about), *paired))
        })
    };
    let pairs: Vec<_> = rows().collect();
    let sizes: Vec<_> = rows().filter_map(|(text, paired)| Some((text, paired.effect?))).collect();
    (!pairs.is_empty()).then(|| {
        html! {
            (before_and_after("Means before (open) and after (filled)", &pairs))
            @if !sizes.is_empty() { (effects("Cohen's d with its 95 % interval", &sizes)) }
        }
    })
}

fn difficulty(test: &TestRow) -> Option<Markup> {
    let rows: Vec<Bar> = test
        .items
        .iter()
        .filter_map(|item| {
            let figures = item.shown.figure()?;
            Some(Bar {
                text: item.id.to_string(),
                share: figures.right,
                figure: format!("{:.0} % right", figures.right),
                expected: None,
            })
        })
        .collect();
    (!rows.is_empty()).then(|| bars(&format!("{}: items right at the first attempt", test.title), &rows))
}

fn calibrated(figures: &Figures) -> Option<Markup> {
    let mut rows = Vec::new();
    for test in &figures.tests {
        for (level, shown) in &test.calibration {
            let (Some(level), Some(found)) = (level, shown.figure()) else { continue };
            let expected = match level {
                Certain::C1 => (0.0, 67.0),
                Certain::C2 => (67.0, 80.0),
                Certain::C3 => (80.0, 100.0),
            };
            let (words, _) = tables::certainty(Some(*level));
            rows.push(Bar {
                text: format!("{}: {words}", test.title),
                share: found.right,
                figure: format!("{:.0} % right", found.right),
                expected: Some(expected),
            });
        }
    }
    (!rows.is_empty()).then(|| bars("Right answers by certainty", &rows))
}

fn competence(figures: &Figures) -> Option<Markup> {
    let rows: Vec<Bar> = figures
        .plays
        .iter()
        .filter_map(|play| {
            let mean = play.figures.figure()?.mean?;
            Some(Bar {
                text: play.title.clone(),
                share: mean,
                figure: format!("{mean:.0} % of the points"),
                expected: None,
            })
        })
        .collect();
    (!rows.is_empty()).then(|| bars("Points of first plays", &rows))
}

/// The two highest labels of each question of agreement, or of a scale the mean on its range.
fn satisfaction(figures: &Figures) -> Option<Markup> {
    let rows: Vec<Bar> = figures
        .asked
        .iter()
        .filter_map(|asked| {
            let found = asked.shown.figure()?;
            let Replies::Labels(counts) = &found.replies else { return None };
            if counts.len() < 4 {
                return None;
            }
            let top: usize = counts.iter().rev().take(2).map(|(_, count)| count).sum();
            let share = percent(top, found.learners)?;
            let figure = format!("{share:.0} %");
            Some(Bar { text: asked.text.clone(), share, figure, expected: None })
        })
        .collect();
    (!rows.is_empty()).then(|| bars("Answers at the two highest points of the scale", &rows))
}

fn intended(figures: &Figures) -> Option<Markup> {
    let mut rows = Vec::new();
    for asked in &figures.asked {
        let Some(found) = asked.shown.figure() else { continue };
        let Replies::Commitments(counts, _) = &found.replies else { continue };
        for (text, count) in counts {
            let Some(share) = percent(*count, found.learners) else { continue };
            let figure = format!("{count} of {}", found.learners);
            rows.push(Bar { text: text.clone(), share, figure, expected: None });
        }
    }
    (!rows.is_empty()).then(|| bars("Commitments made", &rows))
}
