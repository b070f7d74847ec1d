//! What is on, as the view has it: one component per scene.

use std::rc::Rc;

use enduring_core::measure::{Millis, Timestamp};
use enduring_core::session::Command;
use enduring_core::session::view::{Scene, comparison};
use yew::prelude::*;

use super::Handle;
use super::claim::ClaimScene;
use super::evaluation::EvaluationScene;
use super::front::FrontScene;
use crate::components::case::{Arrival, CaseScene};
use crate::components::clock::SceneClock;
use crate::components::opening::OpeningScene;
use crate::components::reading::ReadingScene;
use crate::components::saving::Saving;
use crate::components::test::{ComparisonPicture, TestResultScene, TestRunScene, TestStartScene};
use crate::effect::Services;
use crate::platform::clock;
use crate::session::Snapshot;

/// Props of [`Scenery`].
#[derive(Properties, PartialEq)]
pub struct SceneryProps {
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

/// What is on.
#[component]
pub fn Scenery(props: &SceneryProps) -> Html {
    let snapshot = &props.snapshot;
    let (send, saving) = (props.send.clone(), props.saving.clone());
    let clock = scene_clock(props);
    match &snapshot.view.scene {
        Scene::FrontMatter => html! {
            <FrontScene snapshot={snapshot.clone()} {send} {saving} />
        },
        Scene::Opening(opening) => html! {
            <OpeningScene key={opening.part.as_str()} opening={opening.clone()} {send} {saving}>
                { compared(snapshot) }
            </OpeningScene>
        },
        Scene::Reading(reading) => html! { <ReadingScene reading={reading.clone()} {send} {saving} /> },
        Scene::TestStart(start) => html! {
            <TestStartScene start={start.clone()} {send} {saving} />
        },
        Scene::TestRun(run) => html! {
            <TestRunScene run={Rc::new((**run).clone())} {send} {saving} {clock} />
        },
        Scene::TestResult(result) => html! {
            <TestResultScene result={Rc::new((**result).clone())} {send} {saving} {clock} />
        },
        Scene::Case(case) => html! {
            <CaseScene case={Rc::new((**case).clone())} {send} {saving} arrival={props.arrival} />
        },
        Scene::Evaluation(view) => html! {
            <EvaluationScene key={view.part.as_str()} services={props.services.clone()} view={view.clone()}
                snapshot={snapshot.clone()} session={props.session.clone()} {saving} />
        },
        Scene::Claim(view) => html! {
            <ClaimScene services={props.services.clone()} view={view.clone()} snapshot={snapshot.clone()}
                session={props.session.clone()} {saving} />
        },
        // The page goes on to the record.
        Scene::Completed(_) => Html::default(),
    }
}

/// Before and after, once both tests are finished and nothing else has begun.
fn compared(snapshot: &Snapshot) -> Html {
    match comparison(&snapshot.content, &snapshot.state) {
        Some(comparison) => html! { <ComparisonPicture {comparison} /> },
        None => Html::default(),
    }
}

fn scene_clock(props: &SceneryProps) -> SceneClock {
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
