//! The bedside: the session's or a finished one, or a practice beside it.

use std::rc::Rc;

use enduring_core::content::{Content, Part as Step, PartBody};
use enduring_core::id::PartId;
use enduring_core::session::view::{Debriefed, PatientView, encounter, patient_course};
use enduring_core::session::{Command, PatientState, State};
use yew::prelude::*;

use crate::components::case::Arrival;
use crate::components::part::{Part, part};
use crate::components::patient::{PatientScene, Practice, Stake};
use crate::components::saving::Saving;
use crate::hooks::use_state_eq;

/// The bedside.
#[derive(PartialEq)]
pub struct AtBedside {
    /// The session that it is of.
    pub session: Within,
    /// The patient in view.
    pub patient: Rc<PatientView>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Whether the learner comes back.
    pub arrival: Arrival,
}

/// A session's pack and state. The same state is the same session, as it stood then.
#[derive(Clone)]
pub struct Within {
    /// The pack.
    pub content: Content,
    /// The state.
    pub state: Rc<State>,
}

impl PartialEq for Within {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state)
    }
}

impl Within {
    fn encounter(&self, part: &PartId) -> Option<(&Step, &PatientState)> {
        encounter(&self.content, &self.state, part)
    }

    /// The curves of the play.
    fn course(&self, part: &PartId) -> Option<Debriefed> {
        let (part, state) = self.encounter(part)?;
        match &part.body {
            PartBody::Patient(patient) => patient_course(patient, state),
            PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Evaluation(_) => None,
        }
    }
}

part!(AtBedside, use_at_bedside);

#[hook]
fn use_at_bedside(props: &AtBedside) -> Html {
    let practicing = use_state_eq(|| None::<usize>);
    let AtBedside { session, patient, .. } = props;
    if let (Some(steps), Some((part, state))) = (*practicing, session.encounter(&patient.part)) {
        return Practice {
            part: Rc::new(part.clone()),
            from: Rc::new(state.clone()),
            steps,
            onclose: Callback::from(move |()| practicing.set(None)),
        }
        .keyed(&steps.to_string());
    }
    let course = {
        let (session, part) = (session.clone(), patient.part.clone());
        Callback::from(move |()| session.course(&part))
    };
    PatientScene {
        patient: patient.clone(),
        send: props.send.clone(),
        saving: props.saving.clone(),
        arrival: props.arrival,
        course,
        onpractice: Some(Callback::from(move |steps| practicing.set(Some(steps)))),
        stake: if props.arrival == Arrival::Past { Stake::Past } else { Stake::Session },
    }
    .view()
}
