//! The transcript: a ledger page that one would hand to an auditor.

use enduring_core::id::SessionId;
use yew::prelude::*;

use super::scroll_box::ScrollBox;
use crate::components::part::Part;
use crate::markup::html;
use crate::route::Route;
use crate::strings::strings;

/// A completed activity.
#[derive(Clone, Debug, PartialEq)]
pub struct Completed {
    /// Its session.
    pub session: SessionId,
    /// Date of completion, in words.
    pub date: AttrValue,
    /// Title.
    pub title: AttrValue,
    /// Provider and format.
    pub provider: AttrValue,
    /// Credit claimed: kind and amount, in words; none for participation.
    pub claims: Vec<AttrValue>,
    /// Where the record is, in words, with the date.
    pub standing: AttrValue,
}

/// Totals and rows.
pub struct Ledger {
    /// The latest first.
    pub rows: Vec<Completed>,
    /// Kind of credit and amount, over these rows.
    pub totals: Vec<(AttrValue, AttrValue)>,
    /// What chooses and saves them.
    pub tools: Html,
}

impl Ledger {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.transcript;
        // Stacked on a phone: browsers forget that a table is one that is laid out otherwise, so its roles are said.
        let row = |row: &Completed| {
            html! {
                <tr role="row">
                    <td role="cell" class="table__cell figures" data-head={s.date}>{ &row.date }</td>
                    <th role="rowheader" scope="row" class="table__cell">
                        <a href={Route::Record(row.session).hash()}>{ &row.title }</a>
                        <span class="transcript__provider">{ &row.provider }</span>
                    </th>
                    <td role="cell" class="table__cell figures" data-head={s.claimed}>
                        if row.claims.is_empty() {
                            { s.participation }
                        } else {
                            <ul class="transcript__claims">{ for row.claims.iter().map(|claim| html! {
                                <li>{ claim }</li>
                            }) }</ul>
                        }
                    </td>
                    <td role="cell" class="table__cell" data-head={s.standing}>{ &row.standing }</td>
                </tr>
            }
        };
        html! {
            <>
                <dl class="transcript__totals">
                    <div><dt>{ s.activities }</dt><dd class="figures">{ self.rows.len() }</dd></div>
                    { for self.totals.iter().map(|(name, amount)| html! {
                        <div><dt>{ name }</dt><dd class="figures">{ amount }</dd></div>
                    }) }
                </dl>
                { self.tools.clone() }
                {
                    ScrollBox {
                        label: AttrValue::Static(s.title),
                        children: html! { <table role="table" class="table transcript__table">
                            <caption class="table__caption">{ s.caption }</caption>
                            <thead role="rowgroup"><tr role="row">
                                { for [s.date, s.activity, s.claimed, s.standing].map(|head| html! {
                                    <th role="columnheader" scope="col" class="table__cell">{ head }</th>
                                }) }
                            </tr></thead>
                            <tbody role="rowgroup">{ for self.rows.iter().map(row) }</tbody>
                        </table> },
                    }
                    .view()
                }
            </>
        }
    }
}
