//! The dose sheet, and the second question before what cannot be undone. Units are
//! shown; only what looks like a slip of the finger is asked for again, never what is
//! wrong: that is the learner's to know.

use enduring_core::content::patient::{DoseForm, Weight};
use enduring_core::id::RouteId;
use enduring_core::measure::Decimal;
use enduring_core::session::view::{ActionView, DoseView, OptionView};
use enduring_core::session::{Command, PatientDose};
use yew::prelude::*;

use super::words::span;
use crate::components::button::Button;
use crate::components::dialog::Dialog;
use crate::components::document::phrase;
use crate::components::field::{ChoiceRow, Choices, TextField};
use crate::components::item::number;
use crate::components::notice::{Notice, Tone};
use crate::components::part::{Part, keyed, part};
use crate::hooks::use_state_eq;
use crate::markup::html;
use crate::strings::strings;

/// Whether an action is asked about before it is done.
#[must_use]
pub fn asks(action: &ActionView) -> bool {
    action.dose.is_some() || action.weight == Weight::Irreversible
}

/// The sheet of an action.
#[derive(PartialEq)]
pub struct Sheet {
    /// The action.
    pub action: ActionView,
    /// It is to be done.
    pub send: Callback<Command>,
    /// The sheet was closed.
    pub onclose: Callback<()>,
}

part!(Sheet, use_sheet);

#[hook]
fn use_sheet(props: &Sheet) -> Html {
    let words = &strings().patient;
    let action = &props.action;
    let typed = use_state_eq(String::new);
    let route = use_state_eq(|| None::<usize>);
    let error = use_state_eq(|| None::<AttrValue>);
    // The amount that was asked about once more.
    let doubted = use_state_eq(|| None::<Decimal>);
    let routes = action.dose.as_ref().map_or(&[][..], |dose| &dose.routes);
    let chosen = if routes.len() == 1 { Some(0) } else { *route };
    let give = {
        let (action, send, onclose) = (action.clone(), props.send.clone(), props.onclose.clone());
        let (typed, error, doubted) = (typed.setter(), error.setter(), doubted.setter());
        Callback::from(move |()| {
            let Some(sheet) = &action.dose else {
                onclose.emit(());
                return send.emit(Command::Act { action: action.action.clone(), dose: None });
            };
            let (Ok(amount), Some(route)) =
                (number(&typed.now(), &sheet.unit), chosen.and_then(|at| sheet.routes.get(at)))
            else {
                return error.set(Some(AttrValue::Static(words.dose_needed)));
            };
            if amount.is_negative() || sheet.form == DoseForm::Bolus && is_nothing(amount) {
                return error.set(Some(AttrValue::Static(words.dose_needed)));
            }
            if is_slip(sheet, amount) && *doubted.now() != Some(amount) {
                return doubted.set(Some(amount));
            }
            let Ok(route) = RouteId::new(route.id.as_str()) else { return };
            onclose.emit(());
            send.emit(Command::Act {
                action: action.action.clone(),
                dose: Some(PatientDose { amount, route }),
            });
        })
    };
    let oninput = {
        let (typed, error, doubted) = (typed.setter(), error.setter(), doubted.setter());
        Callback::from(move |text| {
            typed.set(text);
            error.set(None);
            doubted.set(None);
        })
    };
    let onroute = Callback::from(move |place: usize| route.set(Some(place)));
    let row = |(place, option): (usize, &OptionView)| {
        let row = ChoiceRow {
            group: AttrValue::Static("route"),
            place,
            picked: chosen == Some(place),
            onpick: onroute.clone(),
            children: html! { { phrase(&option.text) } },
            ..ChoiceRow::default()
        };
        keyed(option.id.as_str(), row.view())
    };
    let doubt = doubted.as_ref().zip(action.dose.as_ref());
    let body = html! {
        <>
            if let Some(dose) = &action.dose {
                {
                    TextField {
                        id: AttrValue::Static("dose"),
                        label: AttrValue::Static(if dose.form == DoseForm::Rate { words.rate } else { words.dose }),
                        hint: AttrValue::Static(if dose.form == DoseForm::Rate { words.rate_hint } else { "" }),
                        value: (*typed).clone().into(),
                        unit: dose.unit.clone().into(),
                        inputmode: Some(AttrValue::Static("decimal")),
                        error: (*error).clone(),
                        oninput,
                        ..TextField::default()
                    }
                    .line()
                }
                if routes.len() > 1 {
                    {
                        Choices {
                            legend: html! { { words.route } },
                            children: html! { { for routes.iter().enumerate().map(row) } },
                            ..Choices::default()
                        }
                        .view()
                    }
                }
            } else {
                <p>{ words.irreversible }</p>
            }
            if let Some((amount, dose)) = doubt {
                {
                    let told = [&amount.to_string(), dose.unit.as_str()].join(" ");
                    Notice::new(Tone::Caution, html! { { (words.slip)(&told) } }).view()
                }
            }
            <p class="figures">{ (words.takes_you)(&span(action.passes, words)) }</p>
        </>
    };
    Dialog {
        id: AttrValue::Static("dose-sheet"),
        title: action.title.clone().into(),
        onclose: props.onclose.clone(),
        children: body,
        actions: Button::new(match &action.dose {
            Some(_) if doubt.is_some() => words.give_anyway,
            Some(dose) if dose.form == DoseForm::Rate => words.set_rate,
            Some(_) => words.give,
            None => words.do_it,
        })
        .primary()
        .on(give)
        .view(),
        ..Dialog::default()
    }
    .view()
}

fn is_nothing(amount: Decimal) -> bool {
    Decimal::parse("0") == Some(amount)
}

/// A tenth of what is in use anywhere, or ten times that. Stopping a rate is none.
fn is_slip(sheet: &DoseView, amount: Decimal) -> bool {
    !is_nothing(amount) && (amount < sheet.slip_below || amount > sheet.slip_above)
}
