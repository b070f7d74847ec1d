//! Charts as SVG: narrow enough that their words can be read on a phone, with a title
//! and a description, and never the only place of a figure.

use maud::{Markup, html};

use super::outcomes::short;
use super::stats::{Effect, Paired};

const WIDTH: f64 = 340.0;
const LEFT: f64 = 14.0;
const SPAN: f64 = 312.0;
const ROW: f64 = 44.0;
const TOP: f64 = 34.0;
/// Characters of a label that fit into the width.
const LABEL: usize = 50;

fn at(percent: f64) -> f64 {
    LEFT + SPAN * percent.clamp(0.0, 100.0) / 100.0
}

fn place(value: f64) -> String {
    format!("{value:.1}")
}

/// A chart: rows below each other under an axis from `low` to `high`.
fn chart(title: &str, description: &str, ticks: &[(f64, String)], rows: usize, body: &Markup) -> Markup {
    let height = TOP + ROW * rows as f64 + 8.0;
    let view = format!("0 0 {WIDTH} {height:.0}");
    html! {
        figure {
            figcaption { (title) }
            svg viewBox=(view) width=(WIDTH) height=(place(height)) role="img" {
                title { (title) }
                desc { (description) }
                @for (x, tick) in ticks {
                    line class="grid" x1=(place(*x)) x2=(place(*x)) y1=(place(TOP - 10.0)) y2=(place(height - 6.0)) {}
                    text class="small" x=(place(*x)) y=(place(TOP - 16.0)) text-anchor=(anchor(*x)) { (tick) }
                }
                (body)
            }
        }
    }
}

fn anchor(x: f64) -> &'static str {
    if x < LEFT + 12.0 {
        "start"
    } else if x > LEFT + SPAN - 12.0 {
        "end"
    } else {
        "middle"
    }
}

fn percent_ticks() -> Vec<(f64, String)> {
    [0.0, 25.0, 50.0, 75.0, 100.0].iter().map(|tick| (at(*tick), format!("{tick:.0} %"))).collect()
}

fn label(row: usize, text: &str, figure: &str) -> Markup {
    let y = TOP + ROW * row as f64 + 12.0;
    let room = LABEL.saturating_sub(figure.chars().count() + 2);
    html! {
        text x=(place(LEFT)) y=(place(y)) { (short(text, room)) }
        text x=(place(LEFT + SPAN)) y=(place(y)) text-anchor="end" { (figure) }
    }
}

fn middle(row: usize) -> f64 {
    TOP + ROW * row as f64 + 26.0
}

/// Means before (open) and after (filled), in percent.
pub fn before_and_after(title: &str, rows: &[(String, Paired)]) -> Markup {
    let said: Vec<String> = rows
        .iter()
        .map(|(text, paired)| format!("{text}: {:.0} % before, {:.0} % after", paired.before, paired.after))
        .collect();
    let body = html! {
        @for (row, (text, paired)) in rows.iter().enumerate() {
            (label(row, text, &format!("{:.0} → {:.0} %", paired.before, paired.after)))
            line class="join" x1=(place(at(paired.before))) x2=(place(at(paired.after))) y1=(place(middle(row))) y2=(place(middle(row))) {}
            circle class="before" cx=(place(at(paired.before))) cy=(place(middle(row))) r="5" {}
            circle class="after" cx=(place(at(paired.after))) cy=(place(middle(row))) r="5" {}
        }
    };
    let description = format!("Open circles before, filled circles after. {}.", said.join("; "));
    chart(title, &description, &percent_ticks(), rows.len(), &body)
}

/// Effect sizes with their intervals.
pub fn effects(title: &str, rows: &[(String, Effect)]) -> Markup {
    let low = rows.iter().map(|(_, effect)| effect.low).fold(0.0, f64::min).floor();
    let high = rows.iter().map(|(_, effect)| effect.high).fold(1.0, f64::max).ceil();
    let x = |value: f64| at(100.0 * (value - low) / (high - low));
    let step = ((high - low) / 6.0).ceil().max(1.0);
    let ticks: Vec<(f64, String)> = (0..=6)
        .map(|number| low + step * f64::from(number))
        .filter(|tick| *tick <= high)
        .map(|tick| (x(tick), format!("{tick:.0}")))
        .collect();
    let said: Vec<String> = rows
        .iter()
        .map(|(text, effect)| {
            format!("{text}: {:.2}, from {:.2} to {:.2}", effect.d, effect.low, effect.high)
        })
        .collect();
    let body = html! {
        @for (row, (text, effect)) in rows.iter().enumerate() {
            (label(row, text, &format!("{:.2} [{:.2}, {:.2}]", effect.d, effect.low, effect.high)))
            line class="join" x1=(place(x(effect.low))) x2=(place(x(effect.high))) y1=(place(middle(row))) y2=(place(middle(row))) {}
            circle class="after" cx=(place(x(effect.d))) cy=(place(middle(row))) r="5" {}
        }
        line class="zero" x1=(place(x(0.0))) x2=(place(x(0.0))) y1=(place(TOP - 10.0)) y2=(place(TOP + ROW * rows.len() as f64)) {}
    };
    chart(title, &said.join("; "), &ticks, rows.len(), &body)
}

/// A bar of a chart: what it is, its share in percent, what is written beside, and the
/// range in which it is expected.
pub struct Bar {
    /// What it is.
    pub text: String,
    /// In percent.
    pub share: f64,
    /// What is written beside.
    pub figure: String,
    /// From and to, in percent.
    pub expected: Option<(f64, f64)>,
}

/// Shares in percent.
pub fn bars(title: &str, rows: &[Bar]) -> Markup {
    let said: Vec<String> = rows.iter().map(|bar| format!("{}: {}", bar.text, bar.figure)).collect();
    let body = html! {
        @for (row, bar) in rows.iter().enumerate() {
            (label(row, &bar.text, &bar.figure))
            rect class="track" x=(place(LEFT)) y=(place(middle(row) - 5.0)) width=(place(SPAN)) height="10" rx="2" {}
            @if let Some((from, to)) = bar.expected {
                rect class="band" x=(place(at(from))) y=(place(middle(row) - 9.0)) width=(place(at(to) - at(from))) height="18" rx="2" {}
            }
            rect class="bar" x=(place(LEFT)) y=(place(middle(row) - 5.0)) width=(place(at(bar.share) - LEFT)) height="10" rx="2" {}
        }
    };
    chart(title, &said.join("; "), &percent_ticks(), rows.len(), &body)
}
