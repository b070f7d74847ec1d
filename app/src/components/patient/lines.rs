//! A line of the rubric looked back on: what was done, when, what was expected, and why.

use enduring_core::content::patient::{Economy, HarmWeight};
use enduring_core::measure::Seconds;
use enduring_core::session::How;
use enduring_core::session::view::{LineKind, LineView};
use yew::prelude::*;

use super::words::clock;
use crate::components::document::prose;
use crate::components::icon::{Icon, glyph};
use crate::components::item::points;
use crate::components::references::References;
use crate::markup::html;
use crate::strings::{PatientStrings, strings};

/// Whether a line is unfolded at first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    Open,
    Closed,
}

/// When it was done; nothing where it was not. An order has two times: its title may speak of either.
pub fn when(line: &LineView, words: &PatientStrings) -> String {
    line.at
        .map_or_else(String::new, |at| [" (", &(words.at_time)(&times(at, line.then, words)), ")"].concat())
}

fn times(first: Seconds, then: Option<Seconds>, words: &PatientStrings) -> String {
    let first = clock(first);
    then.map_or(first.clone(), |then| (words.then)(&first, &clock(then)))
}

/// A line with its reasons.
pub fn line(line: &LineView, fold: Fold, words: &PatientStrings) -> Html {
    let (icon, word) = match (line.how, line.kind) {
        (How::Met, _) => (Icon::Check, words.met),
        (How::Late, _) => (Icon::Half, words.late),
        (How::Not, LineKind::Harm(_)) => (Icon::Check, words.avoided),
        (How::Not, LineKind::Economy(_)) => (Icon::Half, words.more_than_needed),
        (How::Not, LineKind::Outcome) => (Icon::Half, words.below_best),
        (How::Not, LineKind::Timely | LineKind::Sequence) => (Icon::Cross, words.missed),
        (How::Idle, _) => (Icon::Half, words.nothing_done),
        (How::Harmed, LineKind::Harm(HarmWeight::Critical)) => (Icon::Warning, words.critical_harm),
        (How::Harmed, _) => (Icon::Warning, words.harm),
    };
    let earned = match line.kind {
        LineKind::Harm(_) if line.cost.0 > 0 => (words.costs)(&points(line.cost)),
        LineKind::Harm(_) => String::new(),
        LineKind::Timely | LineKind::Sequence | LineKind::Economy(_) | LineKind::Outcome => {
            (strings().play.points_of)(&points(line.points), &points(line.possible))
        }
    };
    let state = if earned.is_empty() { word.to_owned() } else { [word, &earned].join(" \u{b7} ") };
    let done = if line.kind == LineKind::Sequence { words.had_to_lead } else { words.you };
    html! {
        <details class="fold" open={fold == Fold::Open}>
            <summary class="fold__head">
                <span class="fold__title">{ &line.title }</span>
                <span class="fold__state figures">{ glyph(icon) }{ state }</span>
            </summary>
            <div class="fold__body">
                <dl class="moments figures">
                    { moment(done, line.at.map_or_else(|| not_done(line, words).to_owned(), clock)) }
                    if line.kind == LineKind::Sequence {
                        { moment(words.had_to_wait, line.then.map_or_else(|| words.not_done.to_owned(), clock)) }
                    }
                    if let Some(by) = line.by { { moment(words.expected_by, clock(by)) } }
                    if let Some(expert) = line.expert {
                        { moment(words.expert, times(expert, line.expert_then, words)) }
                    }
                </dl>
                { prose(&line.rationale, 4) }
                { References { references: line.references.clone(), heading: "h3" }.view() }
            </div>
        </details>
    }
}

fn not_done(line: &LineView, words: &PatientStrings) -> &'static str {
    match line.kind {
        LineKind::Timely | LineKind::Sequence => words.not_done,
        LineKind::Harm(_) => words.not_happened,
        LineKind::Economy(Economy::Orders) => words.of_orders,
        LineKind::Economy(Economy::Cost) => words.of_cost,
        LineKind::Economy(Economy::Minutes) => words.of_minutes,
        LineKind::Outcome => words.of_outcome,
    }
}

fn moment(label: &'static str, value: String) -> Html {
    html! { <div class="moments__entry"><dt>{ label }</dt><dd>{ value }</dd></div> }
}
