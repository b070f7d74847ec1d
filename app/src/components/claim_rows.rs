//! What I claim: a row per kind of credit, nothing selected beforehand, the time spent beside it.

use enduring_core::content::{OverActive, Profession};
use enduring_core::measure::Credit;
use enduring_core::session::view::{ClaimRow, Eligibility};
use enduring_core::session::{Claim, Refusal};
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::{Button, Readiness};
use super::claim::may_confirm;
use super::dialog::Dialog;
use super::field::Select;
use super::notice::{Notice, Tone};
use super::saving::Saving;
use crate::components::part::{Part, part};
use crate::hooks::use_state;
use crate::markup::html;
use crate::strings::strings;

/// The rows.
#[derive(PartialEq)]
pub struct ClaimRows {
    /// The kinds of credit.
    pub rows: Vec<ClaimRow>,
    /// Why nothing can be claimed, if so.
    pub closed: Option<Refusal>,
    /// Active minutes beside the planned ones, in words.
    pub spent: AttrValue,
    /// All professions, by name.
    pub professions: Vec<Profession>,
    /// Whether more than the active time covers may be claimed.
    pub over_active: OverActive,
    /// Where the latest step stands.
    pub saving: Saving,
    /// What is claimed.
    pub onsave: Callback<Vec<Claim>>,
}

part!(ClaimRows, use_claim_rows);

#[hook]
fn use_claim_rows(props: &ClaimRows) -> Html {
    let s = &strings().frame.claim;
    let open: Vec<&ClaimRow> = props
        .rows
        .iter()
        .filter(|row| row.eligibility == Eligibility::Eligible && props.closed.is_none())
        .collect();
    let chosen = use_state(|| {
        let text = |row: &ClaimRow| row.claimed.map(|amount| amount.0.to_string()).unwrap_or_default();
        props.rows.iter().map(text).collect::<Vec<String>>()
    });
    let tried = use_state(|| false);
    let asking = use_state(|| None::<Vec<Claim>>);
    let amount = |place: usize| chosen.get(place).and_then(|text| text.parse().ok()).map(Credit);
    let row = |(place, row): (usize, &ClaimRow)| {
        let more = may_confirm(props.over_active) && row.covered < row.offer.maximum;
        let larger = if more { s.larger } else { "" };
        let eligible = open.iter().any(|known| known.offer.id == row.offer.id);
        let onchange = {
            let chosen = chosen.setter();
            Callback::from(move |text: String| {
                let mut next = (*chosen.now()).clone();
                if let Some(place) = next.get_mut(place) {
                    *place = text;
                }
                chosen.set(next);
            })
        };
        let error = (*tried && amount(place).is_none()).then_some(AttrValue::Static(s.needed));
        html! {
            <li class="claim__row">
                <h3>{ &row.offer.name }</h3>
                <p class="claim__offer">{ (s.row_facts)(row.offer.maximum, &row.offer.accreditor) }</p>
                if eligible {
                    {
                        Select {
                            id: format!("claim-{}", row.offer.id).into(),
                            label: AttrValue::Static(s.amount),
                            hint: ((s.up_to)(&props.spent, row.covered) + larger).into(),
                            nothing: AttrValue::Static(s.choose),
                            options: amounts(s.none, row, props.over_active),
                            value: chosen.get(place).cloned().unwrap_or_default().into(),
                            onchange,
                            error,
                            ..Select::default()
                        }
                        .view()
                    }
                } else if props.closed.is_none() {
                    <p class="claim__offer">{ (s.only_for)(&names(&props.professions, row)) }</p>
                }
            </li>
        }
    };
    let claims: Option<Vec<Claim>> = props
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| open.iter().any(|known| known.offer.id == row.offer.id))
        .map(|(place, row)| amount(place).map(|amount| Claim { credit: row.offer.id.clone(), amount }))
        .collect();
    let beyond = claims
        .iter()
        .flatten()
        .any(|claim| props.rows.iter().any(|row| row.offer.id == claim.credit && claim.amount > row.covered));
    let save = {
        let (claims, tried, asking, onsave) =
            (claims.clone(), tried.setter(), asking.setter(), props.onsave.clone());
        let ask = beyond && may_confirm(props.over_active);
        Callback::from(move |()| match &claims {
            None => tried.set(true),
            Some(claims) if ask => asking.set(Some(some(claims))),
            Some(claims) => onsave.emit(some(claims)),
        })
    };
    let closing = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    let confirm = (*asking).clone().map(|claims| {
        let yes = props.onsave.reform(move |()| claims.clone());
        let actions = html! {
            <>
                { Button::new(s.change_amount).primary().on(closing.clone()).view() }
                { Button::new(s.claim_anyway).on(yes).view() }
            </>
        };
        Dialog {
            id: AttrValue::Static("over-active"),
            title: AttrValue::Static(s.over_active_title),
            actions,
            onclose: closing.clone(),
            children: html! { <p>{ s.over_active }</p> },
            ..Dialog::default()
        }
        .view()
    });
    let readiness = if props.saving.is_busy() { Readiness::Busy } else { Readiness::Ready };
    let incomplete = *tried && claims.is_none();
    html! {
        <>
            <section class="claim__step">
                <h2 id="claim-step" tabindex="-1">{ s.credit }</h2>
                if let Some(refusal) = props.closed {
                    { Notice::new(Tone::Caution, html! { { (s.closed)(refusal) } }).view() }
                } else {
                    <p>{ if open.is_empty() { s.participation_only } else { s.credit_why } }</p>
                }
                <ul class="claim__rows">{ for props.rows.iter().enumerate().map(row) }</ul>
                { confirm }
            </section>
            {
                BottomBar::new(
                    Button::new(if open.is_empty() { s.go_on_participation } else { s.go_on })
                        .primary()
                        .readiness(readiness)
                        .on(save)
                        .view(),
                    props.saving.clone(),
                )
                .hint(if incomplete { s.amount_needed } else { "" })
                .view()
            }
        </>
    }
}

/// Rows of nothing are no claims.
fn some(claims: &[Claim]) -> Vec<Claim> {
    claims.iter().filter(|claim| claim.amount.0 > 0).cloned().collect()
}

/// The professions that the credit is for.
fn names(professions: &[Profession], row: &ClaimRow) -> String {
    let of = professions.iter().filter(|profession| row.offer.is_for(&profession.id));
    of.map(|profession| profession.label.as_str()).collect::<Vec<_>>().join(", ")
}

fn amounts(none: &'static str, row: &ClaimRow, over_active: OverActive) -> Vec<(AttrValue, AttrValue)> {
    let most = if may_confirm(over_active) { row.offer.maximum } else { row.covered };
    let step = row.offer.step.0.max(1);
    let nothing = (AttrValue::Static("0"), AttrValue::Static(none));
    let amount = |n: u32| Credit(n * step);
    std::iter::once(nothing)
        .chain((1..=most.0 / step).map(|n| (amount(n).0.to_string().into(), amount(n).to_string().into())))
        .collect()
}
