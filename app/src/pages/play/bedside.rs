//! The bedside: the session's or a finished one, or a practice beside it.

use std::rc::Rc;

use enduring_core::content::{Content, Part as Step, PartBody};
use enduring_core::id::PartId;
use enduring_core::session::view::{Debriefed, PatientView, encounter, patient_course, patient_view};
use enduring_core::session::{Command, PatientState, State, practise};
use yew::prelude::*;

use crate::components::case::Arrival;
use crate::components::part::{Part, part};
use crate::components::patient::{PatientScene, Practice, Run, Stake};
use crate::components::saving::Saving;
use crate::hooks::use_state_eq;

/// Running time is saved by so many virtual seconds at once: as much as may be lost when
/// the power goes.
const STRIDE: u16 = 10;

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

    /// The patient so many seconds later, where nothing asks for attention before; nothing of that is an event yet.
    fn later(&self, part: &PartId, seconds: u16) -> Option<PatientView> {
        let (part, state) = self.encounter(part).filter(|_| seconds > 0)?;
        let PartBody::Patient(patient) = &part.body else { return None };
        let later = practise(patient, state, Command::Wait { seconds }).ok()?;
        let passed = later.bedside.time.0.saturating_sub(state.bedside.time.0);
        patient_view(part, &later).filter(|_| passed == u32::from(seconds))
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
    // Running time that is shown and not saved yet, since which event.
    let ahead = use_state_eq(|| (0u32, 0u16));
    let AtBedside { session, patient, .. } = props;
    let n = session.state.n;
    let passed = move |(since, seconds): (u32, u16)| if since == n { seconds } else { 0 };
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
    let save = {
        let (send, ahead) = (props.send.clone(), ahead.setter());
        move || {
            let seconds = passed(*ahead.now());
            if seconds > 0 {
                ahead.set((n, 0));
                send.emit(Command::Wait { seconds });
            }
        }
    };
    let send = {
        let (send, save) = (props.send.clone(), save.clone());
        Callback::from(move |command| {
            save();
            send.emit(command);
        })
    };
    let onpace = {
        let (session, part, ahead) = (session.clone(), patient.part.clone(), ahead.setter());
        let send = props.send.clone();
        Callback::from(move |run| match run {
            Run::Stands => save(),
            Run::Passed(by) => {
                let seconds = passed(*ahead.now()) + by;
                if seconds < STRIDE && session.later(&part, seconds).is_some() {
                    ahead.set((n, seconds));
                } else {
                    send.emit(Command::Wait { seconds });
                }
            }
        })
    };
    let later = session.later(&patient.part, passed(*ahead)).map(Rc::new);
    PatientScene {
        patient: later.unwrap_or_else(|| patient.clone()),
        send,
        onpace,
        saving: props.saving.clone(),
        arrival: props.arrival,
        course,
        onpractice: Some(Callback::from(move |steps| practicing.set(Some(steps)))),
        stake: if props.arrival == Arrival::Past { Stake::Past } else { Stake::Session },
    }
    .view()
}
