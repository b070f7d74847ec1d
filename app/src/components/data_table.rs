//! Figures that are compared, as a table.

use yew::prelude::*;

use crate::components::part::Part;
use crate::markup::html;

use super::scroll_box::ScrollBox;

/// A table with named rows.
pub struct DataTable {
    /// What the table shows.
    pub caption: AttrValue,
    /// The head row; the first column names the rows, the others hold figures.
    pub head: Vec<AttrValue>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Html>>,
}

impl DataTable {
    /// As elements.
    pub fn view(&self) -> Html {
        let cell = |(place, content): (usize, &Html)| match place {
            0 => html! { <th scope="row" class="table__cell">{ content.clone() }</th> },
            _ => html! { <td class="table__cell figures">{ content.clone() }</td> },
        };
        ScrollBox {
            label: self.caption.clone(),
            children: html! { <table class="table">
                <caption class="table__caption">{ &self.caption }</caption>
                <thead>
                    <tr>{ for self.head.iter().map(|head| html! {
                        <th scope="col" class="table__cell">{ head }</th>
                    }) }</tr>
                </thead>
                <tbody>{ for self.rows.iter().map(|row| html! {
                    <tr>{ for row.iter().enumerate().map(cell) }</tr>
                }) }</tbody>
            </table> },
        }
        .view()
    }
}
