//! The bedside: the session's, or a practice beside it.

use std::rc::Rc;

use enduring_core::content::{Content, PartBody};
use enduring_core::session::view::{Debriefed, PatientView, patient_course};
use enduring_core::session::{Command, PartState, PatientState, Phase, State};
use yew::prelude::*;

use crate::components::case::Arrival;
use crate::components::part::{Part, part};
use crate::components::patient::{PatientScene, Practice, Stake};
use crate::components::saving::Saving;
use crate::session::Snapshot;

/// The bedside.
#[derive(PartialEq)]
pub struct AtBedside {
    /// The session as it stands.
    pub snapshot: Snapshot,
    /// The patient in view.
    pub patient: Rc<PatientView>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Whether the learner comes back.
    pub arrival: Arrival,
}

part!(AtBedside, use_at_bedside);

#[hook]
fn use_at_bedside(props: &AtBedside) -> Html {
    let practicing = use_state_eq(|| None::<usize>);
    let snapshot = &props.snapshot;
    let part = snapshot.content.part(&props.patient.part).map(|(_, part)| part);
    let state = at_hand(&snapshot.state);
    if let (Some(steps), Some(part), Some(state)) = (*practicing, part, state) {
        return Practice {
            part: Rc::new(part.clone()),
            from: Rc::new(state.clone()),
            steps,
            onclose: Callback::from(move |()| practicing.set(None)),
        }
        .keyed(&steps.to_string());
    }
    let course = {
        let snapshot = snapshot.clone();
        Callback::from(move |()| course(&snapshot.content, &snapshot.state))
    };
    PatientScene {
        patient: props.patient.clone(),
        send: props.send.clone(),
        saving: props.saving.clone(),
        arrival: props.arrival,
        course,
        onpractice: Some(Callback::from(move |steps| practicing.set(Some(steps)))),
        stake: Stake::Session,
    }
    .view()
}

fn at_hand(state: &State) -> Option<&PatientState> {
    match &state.phase {
        Phase::Part(PartState::Patient(patient)) => Some(patient),
        Phase::FrontMatter
        | Phase::FrontMatterShown
        | Phase::Part(_)
        | Phase::Claim(_)
        | Phase::Completed(_) => None,
    }
}

/// The curves of the play at hand.
fn course(content: &Content, state: &State) -> Option<Debriefed> {
    match &content.activity().parts.get(state.finished.len())?.body {
        PartBody::Patient(patient) => patient_course(patient, at_hand(state)?),
        PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Evaluation(_) => None,
    }
}
