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
use crate::components::part::Part;
use crate::components::progress::{Caption, Progress};
use crate::components::saving::Saving;
use crate::markup::html;
use crate::strings::strings;

/// The item shown, where it stands in the attempt, and the time left.
pub struct TestRunScene {
    /// The attempt and the item shown.
    pub run: Rc<TestRun>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// The time.
    pub clock: SceneClock,
}

impl TestRunScene {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let run = &self.run;
        let key = [run.part.as_str(), &run.attempt.to_string(), run.item.item.as_str()].join("/");
        let place = (words.question_of)(run.item.number, run.item.of);
        let settled = u32::try_from(run.slots.iter().filter(|slot| slot.settled).count()).unwrap_or(0);
        let time = |limit: Limit, left| {
            TimeLeft {
                limit,
                left,
                clock: self.clock.clone(),
                send: self.send.clone(),
                saving: self.saving.clone(),
            }
            .view()
        };
        let over = html! {
            <header class="scene__head">
                <p class="scene__over">
                    <span>{ &run.title }</span>
                    if run.attempt > 1 { <span class="figures">{ (words.attempt_number)(run.attempt) }</span> }
                </p>
                { SceneTitle { scene: key.clone().into(), children: html! { { place } } }.view() }
                {
                    Progress {
                        label: (words.answered_of)(settled, run.slots.len()).into(),
                        done: settled,
                        of: u32::try_from(run.slots.len()).unwrap_or(1),
                        caption: Caption::ReadOut,
                    }
                    .view()
                }
                if run.role == TestRole::Pre { <p class="scene__note">{ words.pre_note }</p> }
                if let Some(left) = run.attempt_left { { time(Limit::Attempt, left) } }
                if let Some(left) = run.item_left.filter(|_| run.item.response.is_none() && !run.item.expired) {
                    { time(Limit::Item, left) }
                }
            </header>
        };
        ItemForm { run: run.clone(), over, send: self.send.clone(), saving: self.saving.clone() }.view()
    }
}
