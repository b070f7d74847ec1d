//! Figures that are compared, as a table.

use yew::prelude::*;

use super::scroll_box::ScrollBox;

/// Props of [`DataTable`].
#[derive(Properties, PartialEq)]
pub struct DataTableProps {
    /// What the table shows.
    pub caption: AttrValue,
    /// The head row; the first column names the rows, the others hold figures.
    pub head: Vec<AttrValue>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Html>>,
}

/// A table with named rows.
#[component]
pub fn DataTable(props: &DataTableProps) -> Html {
    let cell = |(place, content): (usize, &Html)| match place {
        0 => html! { <th scope="row" class="table__cell">{ content.clone() }</th> },
        _ => html! { <td class="table__cell figures">{ content.clone() }</td> },
    };
    html! {
        <ScrollBox label={props.caption.clone()}>
            <table class="table">
                <caption class="table__caption">{ &props.caption }</caption>
                <thead>
                    <tr>{ for props.head.iter().map(|head| html! {
                        <th scope="col" class="table__cell">{ head }</th>
                    }) }</tr>
                </thead>
                <tbody>{ for props.rows.iter().map(|row| html! {
                    <tr>{ for row.iter().enumerate().map(cell) }</tr>
                }) }</tbody>
            </table>
        </ScrollBox>
    }
}
