//! Pre-test and post-test side by side.

use enduring_core::session::view::{Comparison, ComparisonRow};
use yew::prelude::*;

use crate::components::data_table::DataTable;
use crate::markup::html;
use crate::strings::{PlayStrings, strings};

/// More items than this are drawn as a bar, not as dots.
const DOTS_MOST: u16 = 10;

/// What passed, what first attempts can and cannot say, each objective before and after
/// with a dot for each question, and the same folded as a table.
pub struct ComparisonPicture {
    /// What is compared.
    pub comparison: Comparison,
}

impl ComparisonPicture {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let Comparison { rows, total, passed } = &self.comparison;
        let picture = |row: &ComparisonRow| {
            html! {
                <li class="compare__objective" key={row.objective.as_str()}>
                    <p class="compare__text">{ &row.text }</p>
                    { line(words.first_pre, row.pre_right, row.pre_items, words) }
                    { line(words.first_post, row.post_right, row.post_items, words) }
                </li>
            }
        };
        let cells = |name: Html, (pre, pre_of, post, post_of): (u16, u16, u16, u16)| {
            vec![name, html! { { (words.of)(pre, pre_of) } }, html! { { (words.of)(post, post_of) } }]
        };
        let mut table: Vec<_> = rows
            .iter()
            .map(|row| {
                let counts = (row.pre_right, row.pre_items, row.post_right, row.post_items);
                cells(html! { { &row.text } }, counts)
            })
            .collect();
        table.push(cells(html! { <strong>{ words.all_objectives }</strong> }, *total));
        html! {
            <section class="section section--ruled">
                <h2>{ words.before_and_after }</h2>
                if let Some((attempt, right, of)) = *passed {
                    <p class="figures"><strong>{ (words.passed_at)(attempt, &(words.of)(right, of)) }</strong></p>
                }
                <p class="compare__note">{ words.small_numbers }</p>
                <ol class="compare__objectives">{ for rows.iter().map(picture) }</ol>
                <details class="fold">
                    <summary class="fold__head">
                        <span class="fold__title">{ strings().patient.as_table }</span>
                    </summary>
                    {
                        DataTable {
                            caption: AttrValue::Static(words.right_by_objective),
                            rows: table,
                            head: vec![
                                AttrValue::Static(words.objective),
                                AttrValue::Static(words.first_pre),
                                AttrValue::Static(words.first_post),
                            ],
                        }
                        .view()
                    }
                </details>
            </section>
        }
    }
}

fn line(label: &'static str, right: u16, of: u16, words: &PlayStrings) -> Html {
    html! {
        <p class="compare__line">
            <span class="compare__label">{ label }</span>
            { if of <= DOTS_MOST { dots(right, of) } else { bar(right, of) } }
            <span class="figures">{ (words.of)(right, of) }</span>
        </p>
    }
}

fn dots(right: u16, of: u16) -> Html {
    let dot = |place: u16| {
        let class = if place < right { "compare__dot compare__dot--right" } else { "compare__dot" };
        html! { <circle {class} cx={(place * 20 + 10).to_string()} cy="10" r="7" /> }
    };
    html! {
        <svg class="compare__dots" viewBox={["0 0", &(of * 20).to_string(), "20"].join(" ")}
            width={(of * 20).to_string()} height="20" aria-hidden="true" focusable="false">
            { for (0..of).map(dot) }
        </svg>
    }
}

fn bar(right: u16, of: u16) -> Html {
    let width = u32::from(right) * 200 / u32::from(of.max(1));
    html! {
        <svg class="compare__dots" viewBox="0 0 200 20" width="200" height="20" aria-hidden="true"
            focusable="false">
            <rect class="compare__dot" x="1" y="4" width="198" height="12" />
            <rect class="compare__dot compare__dot--right" x="1" y="4" width={width.to_string()} height="12" />
        </svg>
    }
}
