//! A table of the author's.

use enduring_core::content::{Align, Inline, Table};
use yew::prelude::*;

use super::inline;
use crate::components::part::Part;
use crate::components::scroll_box::ScrollBox;
use crate::markup::html;

/// A table of the author's; a wide one scrolls within its box.
pub struct TableBlock {
    /// The table.
    pub table: Table,
}

impl TableBlock {
    /// As elements.
    pub fn view(&self) -> Html {
        let table = &self.table;
        let class = |place: usize| match table.align.get(place) {
            Some(Align::End) => "table__cell table__cell--end",
            Some(Align::Center) => "table__cell table__cell--center",
            Some(Align::Start) | None => "table__cell",
        };
        let head = table.head.iter().enumerate().map(|(place, text)| {
            html! { <th scope="col" class={class(place)}>{ inline::words(text) }</th> }
        });
        let cell = |(place, text): (usize, &Vec<Inline>)| match place {
            0 => html! { <th scope="row" class={class(place)}>{ inline::words(text) }</th> },
            _ => html! { <td class={class(place)}>{ inline::words(text) }</td> },
        };
        let rows = table.rows.iter().map(|row| html! { <tr>{ for row.iter().enumerate().map(cell) }</tr> });
        ScrollBox {
            label: table.caption.clone().into(),
            children: html! { <table class="table">
                if !table.caption.is_empty() { <caption class="table__caption">{ &table.caption }</caption> }
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for rows }</tbody>
            </table> },
        }
        .view()
    }
}
