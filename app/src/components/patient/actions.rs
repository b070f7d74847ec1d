//! What can be done: a grouped list with search, the latest first, and what each costs
//! in time before it is spent.

use std::rc::Rc;

use enduring_core::content::patient::Actor;
use enduring_core::id::ActionId;
use enduring_core::session::Spent;
use enduring_core::session::view::{ActionView, PatientView};
use yew::prelude::*;

use super::words::{actor_word, group_word, span};
use crate::components::field::TextField;
use crate::components::part::{keyed, part};
use crate::components::saving::Saving;
use crate::hooks::{use_effect_with, use_state_eq};
use crate::markup::html;
use crate::platform::locale::lowercase;
use crate::strings::{PatientStrings, strings};

/// The list of actions.
#[derive(PartialEq)]
pub struct Actions {
    /// The patient.
    pub patient: Rc<PatientView>,
    /// An action was chosen.
    pub onchoose: Callback<ActionId>,
    /// Where the latest step stands.
    pub saving: Saving,
}

part!(Actions, use_actions);

#[hook]
fn use_actions(props: &Actions) -> Html {
    let words = &strings().patient;
    let search = use_state_eq(String::new);
    let oninput = {
        let search = search.setter();
        Callback::from(move |text| search.set(text))
    };
    let patient = &props.patient;
    // What was looked for is done: the whole list again.
    {
        let search = search.setter();
        use_effect_with(patient.acts, move |_| search.set(String::new()));
    }
    let row = |action: &ActionView| row(action, props, words);
    let sought = lowercase(&search);
    let found: Vec<&ActionView> = patient.actions.iter().filter(|action| matches(action, &sought)).collect();
    let recent = patient.recent.iter().filter_map(|place| patient.actions.get(*place));
    let listed = if search.trim().is_empty() {
        let groups = groups(&patient.actions);
        html! {
            <>
                if !patient.recent.is_empty() {
                    <section class="acts">
                        <h3 class="acts__title">{ words.recent }</h3>
                        <ul class="acts__list">{ for recent.map(row) }</ul>
                    </section>
                }
                { for groups.iter().map(|group| {
                    let title = group.first().map_or("", |action| group_word(action.group, words));
                    keyed(title, html! {
                        <details class="fold" name="actions">
                            <summary class="fold__head">
                                <span class="fold__title">{ title }</span>
                                <span class="fold__state figures">{ group.len() }</span>
                            </summary>
                            <ul class="acts__list">{ for group.iter().map(|action| row(action)) }</ul>
                        </details>
                    })
                }) }
            </>
        }
    } else {
        html! {
            <>
                <p class="acts__found" role="status">{ (words.found)(found.len()) }</p>
                <ul class="acts__list">{ for found.iter().map(|action| row(action)) }</ul>
            </>
        }
    };
    html! {
        <section class="section section--ruled">
            <h2>{ words.what_next }</h2>
            {
                TextField {
                    id: AttrValue::Static("action-search"),
                    label: AttrValue::Static(words.search),
                    value: (*search).clone().into(),
                    oninput,
                    ..TextField::default()
                }
                .line()
            }
            { listed }
        </section>
    }
}

/// Every word of the search is somewhere in the title or the name of the group.
fn matches(action: &ActionView, sought: &str) -> bool {
    let hay = lowercase(&[action.title.as_str(), group_word(action.group, &strings().patient)].join(" "));
    sought.split_whitespace().all(|word| hay.contains(word))
}

/// The actions by their heads, in the order of the heads.
fn groups(actions: &[ActionView]) -> Vec<Vec<&ActionView>> {
    let mut groups: Vec<Vec<&ActionView>> = Vec::new();
    for action in actions {
        let known = groups.iter_mut().find(|group| group.first().is_some_and(|it| it.group == action.group));
        match known {
            Some(group) => group.push(action),
            None => groups.push(vec![action]),
        }
    }
    enduring_core::order::sort_by(&mut groups, |one, other| {
        let head = |group: &[&ActionView]| group.first().map(|action| action.group);
        head(one).cmp(&head(other))
    });
    groups
}

fn row(action: &ActionView, props: &Actions, words: &PatientStrings) -> Html {
    let id = action.action.clone();
    let onclick = {
        let (choose, busy) = (props.onchoose.clone(), props.saving.is_busy());
        move |_: MouseEvent| {
            if !busy {
                choose.emit(id.clone());
            }
        }
    };
    html! {
        <li>
            <button class="act" type="button" disabled={!action.possible} {onclick}>
                <span class="act__title">
                    { &action.title }
                    if action.dose.is_some() { { "\u{2026}" } }
                </span>
                <span class="act__cost figures">{ cost(action, words) }</span>
            </button>
        </li>
    }
}

/// Who does it, what it takes of the learner's time, when it is done, when a report is there.
fn cost(action: &ActionView, words: &PatientStrings) -> String {
    match action.spent {
        Some(Spent::Done) => return words.done_already.to_owned(),
        Some(Spent::UnderWay) => return words.under_way.to_owned(),
        None if !action.possible && !action.otherwise.is_empty() => return action.otherwise.clone(),
        None => {}
    }
    let mut told = Vec::new();
    if let (Some(rate), Some(dose)) = (&action.running, &action.dose) {
        told.push((words.runs_at)(&[&rate.to_string(), dose.unit.as_str()].join(" ")));
    }
    match action.by {
        Actor::You => told.push([words.you, &span(action.passes, words)].join(" ")),
        Actor::Nurse | Actor::Team => {
            told.push(actor_word(action.by, words).to_owned());
            told.push((words.done_in)(&span(action.done_in, words)));
        }
    }
    if let Some(turnaround) = action.turnaround {
        told.push((words.report_after)(&span(turnaround, words)));
    }
    if action.done > 0 {
        told.push((words.done_times)(action.done));
    }
    told.join(" \u{b7} ")
}
