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
}

impl Ledger {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.transcript;
        let row = |row: &Completed| {
            html! {
                <tr>
                    <td class="table__cell figures">{ &row.date }</td>
                    <th scope="row" class="table__cell">
                        <a href={Route::Record(row.session).hash()}>{ &row.title }</a>
                        <span class="transcript__provider">{ &row.provider }</span>
                    </th>
                    <td class="table__cell figures">
                        if row.claims.is_empty() {
                            { s.participation }
                        } else {
                            <ul class="transcript__claims">{ for row.claims.iter().map(|claim| html! {
                                <li>{ claim }</li>
                            }) }</ul>
                        }
                    </td>
                    <td class="table__cell">{ &row.standing }</td>
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
                {
                    ScrollBox {
                        label: AttrValue::Static(s.title),
                        children: html! { <table class="table transcript__table">
                            <caption class="table__caption">{ s.caption }</caption>
                            <thead><tr>
                                { for [s.date, s.activity, s.claimed, s.standing].map(|head| html! {
                                    <th scope="col" class="table__cell">{ head }</th>
                                }) }
                            </tr></thead>
                            <tbody>{ for self.rows.iter().map(row) }</tbody>
                        </table> },
                    }
                    .view()
                }
            </>
        }
    }
}
