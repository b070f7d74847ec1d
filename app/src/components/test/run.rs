//! An attempt, item by item.

use std::rc::Rc;

use enduring_core::content::TestRole;
use enduring_core::session::Command;
use enduring_core::session::view::TestRun;
use yew::prelude::*;

use super::form::ItemForm;
use super::time_left::{Limit, TimeLeft};
use crate::components::clock::SceneClock;
use crate::components::heading::SceneTitle;
use crate::components::progress::{Caption, Progress};
use crate::components::saving::Saving;
use crate::strings::use_strings;

/// Props of [`TestRunScene`].
#[derive(Properties, PartialEq)]
pub struct TestRunSceneProps {
    /// The attempt and the item shown.
    pub run: Rc<TestRun>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// The time.
    pub clock: SceneClock,
}

/// The item shown, where it stands in the attempt, and the time left.
#[component]
pub fn TestRunScene(props: &TestRunSceneProps) -> Html {
    let words = &use_strings().play;
    let run = &props.run;
    let key = [run.part.as_str(), &run.attempt.to_string(), run.item.item.as_str()].join("/");
    let place = (words.question_of)(run.item.number, run.item.of);
    let settled = u32::try_from(run.slots.iter().filter(|slot| slot.settled).count()).unwrap_or(0);
    let time = |limit: Limit, left| {
        html! {
            <TimeLeft {limit} {left} clock={props.clock.clone()} send={props.send.clone()}
                saving={props.saving.clone()} />
        }
    };
    let over = html! {
        <header class="scene__head">
            <p class="scene__over">
                <span>{ &run.title }</span>
                if run.attempt > 1 { <span class="figures">{ (words.attempt_number)(run.attempt) }</span> }
            </p>
            <SceneTitle scene={key.clone()}>{ place }</SceneTitle>
            <Progress label={(words.answered_of)(settled, run.slots.len())} done={settled}
                of={u32::try_from(run.slots.len()).unwrap_or(1)} caption={Caption::ReadOut} />
            if run.role == TestRole::Pre { <p class="scene__note">{ words.pre_note }</p> }
            if let Some(left) = run.attempt_left { { time(Limit::Attempt, left) } }
            if let Some(left) = run.item_left.filter(|_| run.item.response.is_none() && !run.item.expired) {
                { time(Limit::Item, left) }
            }
        </header>
    };
    html! { <ItemForm {key} run={run.clone()} {over} send={props.send.clone()} saving={props.saving.clone()} /> }
}
