//! What is on, as the view has it: one component per scene.

use std::rc::Rc;

use enduring_core::measure::{Millis, Timestamp};
use enduring_core::session::Command;
use enduring_core::session::view::{Scene, comparison};
use yew::prelude::*;

use super::Handle;
use super::bedside::{AtBedside, Within};
use super::claim::ClaimScene;
use super::evaluation::EvaluationScene;
use super::front::FrontScene;
use crate::components::case::{Arrival, CaseScene};
use crate::components::clock::SceneClock;
use crate::components::opening::OpeningScene;
use crate::components::part::{Part, keyed};
use crate::components::reading::ReadingScene;
use crate::components::saving::Saving;
use crate::components::test::{ComparisonPicture, TestResultScene, TestRunScene, TestStartScene};
use crate::effect::Services;
use crate::platform::clock;
use crate::session::Snapshot;

/// What is on.
pub struct Scenery {
    /// What all pages share.
    pub services: Services,
    /// The session as it stands.
    pub snapshot: Snapshot,
    /// The session.
    pub session: Handle,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Whether the learner comes back.
    pub arrival: Arrival,
}

impl Scenery {
    /// As elements.
    pub fn view(&self) -> Html {
        let snapshot = &self.snapshot;
        let (send, saving) = (self.send.clone(), self.saving.clone());
        let clock = scene_clock(self);
        match &snapshot.view.scene {
            Scene::FrontMatter => FrontScene { snapshot: snapshot.clone(), send, saving }.view(),
            Scene::Opening(opening) => {
                let children = compared(snapshot);
                let scene = match opening.test.clone() {
                    Some(start) => {
                        let unentered = Some(opening.minutes);
                        TestStartScene { start, unentered, send, saving, children }.view()
                    }
                    None => OpeningScene { opening: opening.clone(), send, saving, children }.view(),
                };
                keyed(opening.part.as_str(), scene)
            }
            Scene::Reading(reading) => ReadingScene { reading: reading.clone(), send, saving }.view(),
            Scene::TestStart(start) => {
                let (start, children) = (start.clone(), Html::default());
                TestStartScene { start, unentered: None, send, saving, children }.view()
            }
            Scene::TestRun(run) => TestRunScene { run: Rc::new((**run).clone()), send, saving, clock }.view(),
            Scene::TestResult(result) => TestResultScene {
                result: Rc::new((**result).clone()),
                send,
                saving,
                clock,
                children: Html::default(),
            }
            .view(),
            Scene::Case(case) => {
                CaseScene { case: Rc::new((**case).clone()), send, saving, arrival: self.arrival }.view()
            }
            Scene::Patient(patient) => AtBedside {
                session: Within { content: snapshot.content.clone(), state: snapshot.state.clone() },
                patient: Rc::new((**patient).clone()),
                send,
                saving,
                arrival: self.arrival,
            }
            .keyed(patient.part.as_str()),
            Scene::Evaluation(view) => EvaluationScene {
                services: self.services.clone(),
                view: view.clone(),
                snapshot: snapshot.clone(),
                session: self.session.clone(),
                saving,
            }
            .keyed(view.part.as_str()),
            Scene::Claim(view) => ClaimScene {
                services: self.services.clone(),
                view: view.clone(),
                snapshot: snapshot.clone(),
                session: self.session.clone(),
                saving,
            }
            .view(),
            // The page goes on to the record.
            Scene::Completed(_) => Html::default(),
        }
    }
}

/// Before and after, once both tests are finished and nothing else has begun.
fn compared(snapshot: &Snapshot) -> Html {
    match comparison(&snapshot.content, &snapshot.state) {
        Some(comparison) => ComparisonPicture { comparison }.view(),
        None => Html::default(),
    }
}

fn scene_clock(props: &Scenery) -> SceneClock {
    let session = props.session.clone();
    let cutoff = props.snapshot.content.activity().policy.idle_cutoff;
    let claimed = props.snapshot.state.clock.claimed;
    SceneClock {
        now: Callback::from(|()| clock::now().at),
        offset: Callback::from(|at: Timestamp| clock::offset_at(at)),
        since: Callback::from(move |()| {
            let active = session.0.work().map_or(claimed, |work| work.active());
            // As the next event would count it.
            Millis(active.0.saturating_sub(claimed.0).min(cutoff.0))
        }),
    }
}
