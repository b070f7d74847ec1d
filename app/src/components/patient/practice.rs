//! A step taken another way, beside the session: nothing of it is an event, nothing is
//! kept, and it is said so on every screen.

use std::rc::Rc;

use enduring_core::content::{Part as Step, PartBody};
use enduring_core::session::view::{patient_course, patient_view};
use enduring_core::session::{Command, PatientState, practice, practise};
use yew::prelude::*;

use super::{PatientScene, Run, Stake};
use crate::components::button::Button;
use crate::components::case::Arrival;
use crate::components::notice::{Notice, Tone};
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::hooks::use_state_eq;
use crate::markup::html;
use crate::strings::strings;

/// An encounter from one of its steps on.
pub struct Practice {
    /// The part.
    pub part: Rc<Step>,
    /// The play that was, as the session has it.
    pub from: Rc<PatientState>,
    /// So many of its steps are taken as they were.
    pub steps: usize,
    /// Back to the debrief.
    pub onclose: Callback<()>,
}

impl PartialEq for Practice {
    fn eq(&self, other: &Self) -> bool {
        self.steps == other.steps && self.part.id == other.part.id
    }
}

part!(Practice, use_practice);

#[hook]
fn use_practice(props: &Practice) -> Html {
    let words = &strings().patient;
    let PartBody::Patient(patient) = &props.part.body else { return Html::default() };
    let script = props.from.bedside.steps.get(..props.steps).unwrap_or_default();
    let state = use_state_eq(|| practice(patient, script));
    let Some(view) = patient_view(&props.part, &state) else { return Html::default() };
    let send = {
        let (state, part) = (state.setter(), props.part.clone());
        Callback::from(move |command: Command| {
            let PartBody::Patient(patient) = &part.body else { return };
            if let Ok(next) = practise(patient, &state.now(), command) {
                state.set(next);
            }
        })
    };
    let onpace = {
        let send = send.clone();
        Callback::from(move |run| {
            if let Run::Passed(seconds) = run {
                send.emit(Command::Wait { seconds });
            }
        })
    };
    let course = {
        let (state, part) = (state.setter(), props.part.clone());
        Callback::from(move |()| match &part.body {
            PartBody::Patient(patient) => patient_course(patient, &state.now()),
            PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Evaluation(_) => None,
        })
    };
    html! {
        <>
            <div class="play__said">
                { Notice::new(Tone::Info, html! {
                    <><p>{ words.practice_words }</p>{ Button::new(words.end_practice).on(props.onclose.clone()).view() }</>
                }).titled(words.practice).view() }
            </div>
            {
                PatientScene {
                    patient: Rc::new(view),
                    send,
                    onpace,
                    saving: Saving::Saved,
                    arrival: Arrival::Onward,
                    course,
                    onpractice: None,
                    stake: Stake::Practice,
                }
                .view()
            }
        </>
    }
}
