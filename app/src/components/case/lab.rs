//! Laboratory results with reference range, flag and trend.

use enduring_core::content::{Flag, LabValue};
use enduring_core::session::view::ResultView;
use yew::prelude::*;

use super::trend::Trend;
use crate::components::icon::{Icon, glyph};
use crate::components::part::Part;
use crate::components::scroll_box::ScrollBox;
use crate::markup::html;
use crate::strings::{PlayStrings, strings};

/// A row for each analyte.
pub struct LabTable {
    /// What was reported.
    pub title: AttrValue,
    /// The results.
    pub results: Vec<ResultView>,
}

impl LabTable {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let has_trend = self.results.iter().any(|result| result.trend.len() > 1);
        let row = |view: &ResultView| {
            let result = &view.result;
            let value = match &result.value {
                LabValue::Number(number) => number.to_string(),
                LabValue::Words(words) => words.clone(),
            };
            html! {
                <tr>
                    <th scope="row" class="table__cell">{ &result.analyte }</th>
                    <td class="table__cell figures">
                        <span class="lab__value">{ value }{ " " }<span class="lab__unit">{ &result.unit }</span></span>
                        { flag(view.flag, words) }
                    </td>
                    <td class="table__cell lab__range figures">{ range(view, words) }</td>
                    if has_trend {
                        <td class="table__cell">
                            if view.trend.len() > 1 {
                                {
                                    Trend {
                                        values: view.trend.clone(),
                                        low: result.low,
                                        high: result.high,
                                    }
                                    .view()
                                }
                            }
                        </td>
                    }
                </tr>
            }
        };
        ScrollBox {
            label: self.title.clone(),
            children: html! { <table class="table">
                <caption class="visually-hidden">{ &self.title }</caption>
                <thead>
                    <tr>
                        <th scope="col" class="table__cell">{ words.analyte }</th>
                        <th scope="col" class="table__cell">{ words.value }</th>
                        <th scope="col" class="table__cell">{ words.reference_range }</th>
                        if has_trend { <th scope="col" class="table__cell">{ words.trend }</th> }
                    </tr>
                </thead>
                <tbody>{ for self.results.iter().map(row) }</tbody>
            </table> },
        }
        .view()
    }
}

fn flag(flag: Option<Flag>, words: &PlayStrings) -> Html {
    let (word, icon) = match flag {
        Some(Flag::Low) => (words.low, Icon::Down),
        Some(Flag::High) => (words.high, Icon::Up),
        Some(Flag::InRange) => return html! { <span class="lab__in-range">{ words.in_range }</span> },
        None => return Html::default(),
    };
    html! { <span class="lab__flag">{ glyph(icon) }{ word }</span> }
}

fn range(view: &ResultView, words: &PlayStrings) -> String {
    let text = |number: enduring_core::measure::Decimal| number.to_string();
    match (view.result.low.map(text), view.result.high.map(text)) {
        (Some(low), Some(high)) => [low, high].join("\u{2013}"),
        (Some(low), None) => [words.from, &low].join(" "),
        (None, Some(high)) => [words.up_to, &high].join(" "),
        (None, None) => String::new(),
    }
}
