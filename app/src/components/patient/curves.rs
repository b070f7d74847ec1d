//! The vital signs as curves: the learner's as a line, the expert's dashed, with what
//! each did marked below. The same as a table for whoever does not see it.

use enduring_core::measure::{Amount, Seconds};
use enduring_core::session::view::{Curve, Debriefed, Marked};
use yew::prelude::*;

use super::words::{clock, span};
use crate::components::part::Part;
use crate::components::scroll_box::ScrollBox;
use crate::markup::html;
use crate::strings::strings;

const WIDTH: i64 = 320;
const HEIGHT: i64 = 72;
const EDGE: i64 = 6;
/// Rows of the table, so that it can be read.
const ROWS: usize = 12;

/// The curves of an encounter.
#[derive(PartialEq)]
pub struct Curves {
    /// The encounter and the expert's.
    pub course: Debriefed,
}

impl Curves {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().patient;
        let course = &self.course;
        let longest = course.curves.iter().map(|curve| curve.own.len().max(curve.expert.len())).max();
        let last = i64::try_from(longest.unwrap_or(1)).unwrap_or(1).saturating_sub(1).max(1);
        let end = Seconds(course.every.0.saturating_mul(u32::try_from(last).unwrap_or(1)));
        html! {
            <section class="section section--ruled">
                <h2>{ words.course_of_signs }</h2>
                <p class="curves__key">
                    <span class="curves__own">{ words.yours }</span>
                    <span class="curves__expert">{ words.experts }</span>
                    <span>{ words.marks }</span>
                </p>
                { for course.curves.iter().map(|curve| html! {
                    <figure class="curves__figure">
                        <figcaption class="curves__label">
                            <span>
                                { &curve.label }{ " " }{ &curve.unit }
                                if curve.own == curve.expert { { ", " }{ words.same } }
                            </span>
                            <span class="figures">{ range(curve) }</span>
                        </figcaption>
                        if changed(curve) {
                            { picture(curve, course, last) }
                            <p class="curves__axis figures"><span>{ "0" }</span><span>{ span(end, words) }</span></p>
                        }
                    </figure>
                }) }
                { done(words.you_did, &course.own) }
                { done(words.expert_did, &course.expert) }
                <details class="fold">
                    <summary class="fold__head"><span class="fold__title">{ words.as_table }</span></summary>
                    { table(course) }
                </details>
            </section>
        }
    }
}

fn bounds(curve: &Curve) -> (i64, i64) {
    let all = || curve.own.iter().chain(&curve.expert).map(|value| value.0);
    (all().min().unwrap_or(0), all().max().unwrap_or(0))
}

/// What is told as one value is not drawn.
fn changed(curve: &Curve) -> bool {
    let (least, most) = bounds(curve);
    Amount(least).decimal(curve.decimals) != Amount(most).decimal(curve.decimals)
}

fn range(curve: &Curve) -> String {
    let (least, most) = bounds(curve);
    let shown = |value: i64| Amount(value).decimal(curve.decimals).to_string();
    if changed(curve) { [shown(least), shown(most)].join("\u{2013}") } else { shown(least) }
}

fn picture(curve: &Curve, course: &Debriefed, last: i64) -> Html {
    let (least, most) = bounds(curve);
    // Steps of the picture, so that no product leaves its range.
    let span = ((most - least) / 1_000).max(1);
    let y = |value: Amount| HEIGHT - EDGE - (value.0 - least) / 1_000 * (HEIGHT - 2 * EDGE) / span;
    let line = |values: &[Amount]| {
        let points: Vec<String> = (0i64..)
            .zip(values)
            .map(|(place, value)| [(place * WIDTH / last).to_string(), y(*value).to_string()].join(","))
            .collect();
        points.join(" ")
    };
    let every = i64::from(course.every.0.max(1));
    let mark = |class: &'static str, bottom: i64, marked: &Marked| {
        let x = (i64::from(marked.at.0) * WIDTH / (every * last)).min(WIDTH).to_string();
        html! { <line {class} x1={x.clone()} x2={x} y1={(bottom - EDGE).to_string()} y2={bottom.to_string()} /> }
    };
    html! {
        <svg class="curves__picture" viewBox={["0 0", &WIDTH.to_string(), &HEIGHT.to_string()].join(" ")} aria-hidden="true">
            { for course.expert.iter().map(|marked| mark("curves__mark curves__mark--expert", EDGE, marked)) }
            { for course.own.iter().map(|marked| mark("curves__mark", HEIGHT, marked)) }
            <polyline class="curves__line curves__line--expert" points={line(&curve.expert)} />
            <polyline class="curves__line" points={line(&curve.own)} />
        </svg>
    }
}

fn done(title: &'static str, marks: &[Marked]) -> Html {
    html! {
        <details class="fold">
            <summary class="fold__head">
                <span class="fold__title">{ title }</span>
                <span class="fold__state figures">{ marks.len() }</span>
            </summary>
            <ol class="expert figures">
                { for marks.iter().map(|marked| html! { <li>{ clock(marked.at) }{ " " }{ &marked.title }</li> }) }
            </ol>
        </details>
    }
}

/// A dozen moments of every curve.
fn table(course: &Debriefed) -> Html {
    let words = &strings().patient;
    let longest =
        course.curves.iter().map(|curve| curve.own.len().max(curve.expert.len())).max().unwrap_or(0);
    let step = longest.div_ceil(ROWS).max(1);
    let cell = |curve: &Curve, values: &[Amount], at: usize| {
        let value = values.get(at).map(|value| value.decimal(curve.decimals).to_string());
        html! { <td class="table__cell figures">{ value.unwrap_or_default() }</td> }
    };
    let row = |at: usize| {
        let time = Seconds(course.every.0.saturating_mul(u32::try_from(at).unwrap_or(0)));
        html! {
            <tr>
                <th scope="row" class="table__cell figures">{ clock(time) }</th>
                { for course.curves.iter().map(|curve| html! {
                    <>{ cell(curve, &curve.own, at) }{ cell(curve, &curve.expert, at) }</>
                }) }
            </tr>
        }
    };
    ScrollBox {
        label: AttrValue::Static(words.course_of_signs),
        children: html! {
            <table class="table">
                <caption class="visually-hidden">{ words.course_of_signs }</caption>
                <thead>
                    <tr>
                        <th scope="col" class="table__cell">{ words.time }</th>
                        { for course.curves.iter().map(|curve| html! {
                            <>
                                <th scope="col" class="table__cell">{ &curve.label }{ ", " }{ words.yours }</th>
                                <th scope="col" class="table__cell">{ &curve.label }{ ", " }{ words.experts }</th>
                            </>
                        }) }
                    </tr>
                </thead>
                <tbody>{ for (0..longest).step_by(step).map(row) }</tbody>
            </table>
        },
    }
    .view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_that_never_changed_is_one_value_and_not_drawn() {
        let curve = |own: [i64; 2]| Curve {
            label: String::new(),
            unit: String::new(),
            decimals: 1,
            own: own.map(Amount).to_vec(),
            expert: Vec::new(),
        };
        let steady = curve([36_800_000, 36_810_000]);
        assert_eq!((changed(&steady), range(&steady).as_str()), (false, "36.8"));
        let risen = curve([36_800_000, 37_200_000]);
        assert_eq!((changed(&risen), range(&risen).as_str()), (true, "36.8\u{2013}37.2"));
    }
}
