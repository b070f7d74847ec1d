//! A simulated patient: the monitor and what is known on one side, what to do on the other.

mod actions;
mod curves;
mod debrief;
mod dose;
mod known;
mod lines;
mod monitor;
mod practice;
mod strip;
mod time;
mod words;

use std::rc::Rc;

use enduring_core::id::ActionId;
use enduring_core::session::Command;
use enduring_core::session::view::{Debriefed, PatientAsk, PatientView};
use yew::prelude::*;

use crate::components::case::Arrival;
use crate::components::document::prose;
use crate::components::heading::SceneTitle;
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::components::wide::use_wide;
use crate::hooks::{use_effect_with, use_state_eq};
use crate::markup::html;
use crate::platform::page;
use crate::strings::strings;
use actions::Actions;
use debrief::{Debriefing, Reflecting};
use dose::Sheet;
use monitor::Monitor;
pub use practice::Practice;
pub use time::Run;
use time::{Pace, TimeBar};

/// What is at stake: the session, a practice beside it, or nothing any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stake {
    /// The session.
    #[default]
    Session,
    /// Nothing: it is tried out, and nothing of it is kept.
    Practice,
    /// Nothing any more: the part is finished and looked back on.
    Past,
}

/// The patient as it stands.
#[derive(PartialEq)]
pub struct PatientScene {
    /// The patient.
    pub patient: Rc<PatientView>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Told what running time does.
    pub onpace: Callback<Run>,
    /// Where the latest command stands.
    pub saving: Saving,
    /// Whether the learner comes back to it.
    pub arrival: Arrival,
    /// Makes the curves of the debrief.
    pub course: Callback<(), Option<Debriefed>>,
    /// Begins a practice after so many steps.
    pub onpractice: Option<Callback<usize>>,
    /// What is at stake.
    pub stake: Stake,
}

part!(PatientScene, use_patient_scene);

#[hook]
fn use_patient_scene(props: &PatientScene) -> Html {
    let words = &strings().patient;
    let patient = &props.patient;
    let news = patient.news;
    let chosen = use_state_eq(|| None::<ActionId>);
    let wide = use_wide();
    // A wait that brought something shows it, as an action does; time that runs by itself moves no page.
    let waited = use_mut_ref(|| false);
    {
        let waited = waited.clone();
        use_effect_with((patient.time, patient.story.len()), move |_| {
            if waited.take() && news > 0 {
                page::scroll_to_top();
            }
        });
    }
    let send_wait = {
        let send = props.send.clone();
        Callback::from(move |command| {
            waited.replace(true);
            send.emit(command);
        })
    };
    let onchoose = {
        let (chosen, send, patient) = (chosen.setter(), props.send.clone(), patient.clone());
        Callback::from(move |id: ActionId| {
            let action = patient.actions.iter().find(|action| action.action == id);
            match action {
                Some(action) if dose::asks(action) => chosen.set(Some(id)),
                Some(_) => send.emit(Command::Act { action: id, dose: None }),
                None => {}
            }
        })
    };
    let over = html! {
        <header class="scene__head">
            <p class="scene__over figures">
                <span>{ &patient.title }</span>
                if props.stake == Stake::Practice { <span>{ words.practice }</span> }
                if props.stake != Stake::Practice && patient.play > 1 {
                    <span>{ (strings().play.play_number)(u16::try_from(patient.play).unwrap_or(u16::MAX)) }</span>
                }
            </p>
        </header>
    };
    match &patient.ask {
        PatientAsk::Reflect { ending, text } => Reflecting {
            over,
            ending: ending.clone(),
            text: text.clone(),
            send: props.send.clone(),
            saving: props.saving.clone(),
        }
        .view(),
        PatientAsk::Debrief(debrief) => Debriefing {
            over,
            patient: patient.clone(),
            debrief: Rc::new((**debrief).clone()),
            course: props.course.clone(),
            onpractice: props.onpractice.clone(),
            stake: props.stake,
            send: props.send.clone(),
            saving: props.saving.clone(),
        }
        .view(),
        PatientAsk::Next => {
            let first = patient.acts == 0 && patient.story.is_empty();
            let title = if first { words.arrival } else { words.what_happened };
            let scene = [&patient.play.to_string(), &patient.acts.to_string()].map(String::as_str).join("/");
            let known = html! {
                <>
                    { Monitor { patient: patient.clone() }.view() }
                    if wide {
                        { known::presence(patient) }
                        { known::pending(patient) }
                        { known::reports(patient) }
                        { known::timeline(patient) }
                    }
                </>
            };
            let sheet = chosen.as_ref().and_then(|id| patient.actions.iter().find(|it| it.action == *id));
            html! {
                <div class={if wide { "panes panes--two" } else { "panes" }}>
                    <aside class="panes__known bedside" aria-label={words.bedside}>{ known }</aside>
                    <section class="scene panes__task">
                        <div class="scene__body">
                            { over }
                            if props.arrival == Arrival::Resumed && !first {
                                <div class="resume"><p class="resume__patient">{ &patient.patient }</p></div>
                            }
                            { SceneTitle { scene: scene.into(), children: html! { { title } } }.view() }
                            if first { { prose(&patient.opening, 2) } }
                            // A wait leaves the focus where it is: what came of it is read out, words and all.
                            <div role="status">{ known::news(patient) }</div>
                            if !wide { { known::presence(patient) }{ known::pending(patient) } }
                            {
                                Actions { patient: patient.clone(), onchoose, saving: props.saving.clone() }
                                    .view()
                            }
                            if !wide { { known::reports(patient) }{ known::timeline(patient) } }
                            { Pace { onpace: props.onpace.clone(), saving: props.saving.clone() }.view() }
                        </div>
                        {
                            TimeBar { send: send_wait, saving: props.saving.clone() }.view()
                        }
                    </section>
                    if let Some(action) = sheet {
                        {
                            Sheet {
                                action: action.clone(),
                                send: props.send.clone(),
                                onclose: Callback::from(move |()| chosen.set(None)),
                            }
                            .keyed(action.action.as_str())
                        }
                    }
                </div>
            }
        }
    }
}
