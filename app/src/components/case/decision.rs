//! A decision: one thing is asked.

use std::rc::Rc;

use enduring_core::id::OptionId;
use enduring_core::session::Command;
use enduring_core::session::view::{CaseAsk, CaseView, OptionView};
use yew::prelude::*;

use crate::components::bottom_bar::BottomBar;
use crate::components::button::Button;
use crate::components::document::{phrase, prose};
use crate::components::field::{ChoiceRow, Choices, PickKind, letter};
use crate::components::part::{keyed, part};
use crate::components::saving::Saving;
use crate::hooks::use_state_eq;
use crate::markup::html;
use crate::platform::element;
use crate::strings::strings;

/// What can be done, as rows; nothing is decided before *Decide*.
#[derive(PartialEq)]
pub struct DecisionForm {
    /// The case, which asks for a decision. Another decision takes another key.
    pub case: Rc<CaseView>,
    /// What stands before the question.
    pub over: Html,
    /// Actions beside *Decide*.
    pub others: Html,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

part!(DecisionForm, use_decision_form);

#[hook]
fn use_decision_form(props: &DecisionForm) -> Html {
    let words = &strings().play;
    let picks = use_state_eq(Vec::<OptionId>::new);
    let hint = use_state_eq(AttrValue::default);
    let form = use_node_ref();
    let CaseAsk::Decision { decision, prompt, options, min_picks, max_picks } = &props.case.ask else {
        return Html::default();
    };
    let (least, most) = (usize::from(*min_picks), usize::from(*max_picks));
    let kind = if least == 1 && most == 1 { PickKind::One } else { PickKind::Many };
    let onpick = {
        let (picks, hint, options) = (picks.setter(), hint.setter(), options.clone());
        Callback::from(move |place: usize| {
            hint.set(AttrValue::default());
            if let Some(option) = options.get(place) {
                picks.set(picked(&picks.now(), &option.id, kind));
            }
        })
    };
    let onkeydown = {
        let (form, onpick, count) = (form.clone(), onpick.clone(), options.len());
        move |event: KeyboardEvent| {
            let place = element::plain_key(&event).and_then(element::place_of_key);
            if let Some(place) = place.filter(|place| *place < count) {
                onpick.emit(place);
                element::focus_nth(form.get(), ".choice__control", u32::try_from(place).unwrap_or(0));
            }
        }
    };
    let onsubmit = {
        let (picks, hint, send) = (picks.setter(), hint.setter(), props.send.clone());
        let (decision, busy) = (decision.clone(), props.saving.is_busy());
        let bounds = (*min_picks, *max_picks);
        move |event: SubmitEvent| {
            event.prevent_default();
            if busy {
            } else if (least..=most).contains(&picks.now().len()) {
                send.emit(Command::Decide { decision: decision.clone(), picks: picks.now().to_vec() });
            } else {
                hint.set((words.picks_needed)(bounds.0, bounds.1).into());
            }
        }
    };
    let asked = match kind {
        PickKind::One => AttrValue::Static(words.pick_one),
        PickKind::Many => (words.picks_of)(picks.len(), *min_picks, *max_picks).into(),
    };
    let row = |(place, option): (usize, &OptionView)| {
        let row = ChoiceRow {
            group: AttrValue::Static("decision"),
            kind,
            place,
            letter: letter(place),
            picked: picks.contains(&option.id),
            onpick: onpick.clone(),
            children: html! { { phrase(&option.text) } },
            ..ChoiceRow::default()
        };
        keyed(option.id.as_str(), row.view())
    };
    html! {
        <form class="scene panes__task" ref={form} novalidate=true {onsubmit} {onkeydown}>
            <div class="scene__body">
                { props.over.clone() }
                <div class="decision section--ruled">
                    <div class="decision__prompt" id="prompt">{ prose(prompt, 2) }</div>
                    {
                        Choices {
                            legend: html! { <span class="figures">{ asked }</span> },
                            described_by: Some(AttrValue::Static("prompt")),
                            children: html! { { for options.iter().enumerate().map(row) } },
                            ..Choices::default()
                        }
                        .view()
                    }
                </div>
            </div>
            {
                BottomBar::new(
                    Button::new(words.decide).primary().readiness(props.saving.readiness()).view(),
                    props.saving.clone(),
                )
                .others(props.others.clone())
                .hint((*hint).clone())
                .view()
            }
        </form>
    }
}

/// The picks with this option picked or, among several, taken back.
fn picked(picks: &[OptionId], option: &OptionId, kind: PickKind) -> Vec<OptionId> {
    match kind {
        PickKind::One => vec![option.clone()],
        PickKind::Many if picks.contains(option) => {
            picks.iter().filter(|pick| *pick != option).cloned().collect()
        }
        PickKind::Many => picks.iter().chain([option]).cloned().collect(),
    }
}
