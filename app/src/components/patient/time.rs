//! Time at the bedside: it moves with what is done and with waiting; by itself only
//! where the learner lets it run, and never while the page is hidden.

use std::rc::Rc;

use enduring_core::measure::Seconds;
use enduring_core::session::{Command, Visibility};
use yew::prelude::*;

use super::words::span;
use crate::components::bottom_bar::BottomBar;
use crate::components::button::Button;
use crate::components::field::Select;
use crate::components::part::part;
use crate::components::saving::Saving;
use crate::hooks::{use_effect_with, use_state_eq};
use crate::markup::html;
use crate::platform::{timer, watch};
use crate::strings::strings;

/// What can be waited for, in virtual seconds.
const WAITS: [u16; 10] = [15, 30, 60, 120, 180, 300, 600, 900, 1_200, 1_800];
/// Chosen at first: a minute.
const MINUTE: u16 = 60;
/// Until something happens, but no longer than this.
const LONGEST: u16 = 3_600;
/// How fast time can run.
const SPEEDS: [u32; 3] = [1, 2, 4];

/// Waiting, in the bar at the bottom.
#[derive(PartialEq)]
pub struct TimeBar {
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

part!(TimeBar, use_time_bar);

#[hook]
fn use_time_bar(props: &TimeBar) -> Html {
    let words = &strings().patient;
    let wait = use_state_eq(|| MINUTE.to_string());
    let seconds = wait.parse().unwrap_or(LONGEST);
    let waits = WAITS.map(|seconds| {
        let told = span(Seconds(u32::from(seconds)), words);
        (AttrValue::from(seconds.to_string()), AttrValue::from(told))
    });
    let others = html! {
        <div class="wait-for">
            {
                Select {
                    id: AttrValue::Static("wait-for"),
                    label: AttrValue::Static(words.wait_for),
                    options: waits.into(),
                    value: (*wait).clone().into(),
                    nothing: AttrValue::Static(words.until_something),
                    onchange: Callback::from(move |value| wait.set(value)),
                    ..Select::default()
                }
                .view()
            }
        </div>
    };
    let primary = Button::new(words.wait)
        .primary()
        .readiness(props.saving.readiness())
        .on(props.send.reform(move |()| Command::Wait { seconds }))
        .view();
    BottomBar::new(primary, props.saving.clone()).others(others).view()
}

/// What running time does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// So many virtual seconds have passed.
    Passed(u16),
    /// It stands still from here on.
    Stands,
}

/// Whether time moves with steps alone, or runs.
#[derive(PartialEq)]
pub struct Pace {
    /// Told what time does.
    pub onpace: Callback<Run>,
    /// Where the latest one stands: time stands still while one is on its way.
    pub saving: Saving,
}

part!(Pace, use_pace);

#[hook]
fn use_pace(props: &Pace) -> Html {
    let words = &strings().patient;
    let speed = use_state_eq(String::new);
    // What the timer tells: the scene of the moment, not the one it was set in.
    let now = use_mut_ref(|| (props.onpace.clone(), props.saving.clone()));
    *now.borrow_mut() = (props.onpace.clone(), props.saving.clone());
    use_effect_with((*speed).clone(), {
        let now = Rc::clone(&now);
        move |speed| {
            let running = speed.parse::<u16>().ok().filter(|speed| *speed > 0).map(|speed| {
                // Second by second, and drawn no more than twice a second: drawing is what a slow phone has to do.
                let seconds = speed.div_ceil(2);
                timer::every(1_000 * u32::from(seconds) / u32::from(speed), move || {
                    let (onpace, saving) = now.borrow().clone();
                    if saving == Saving::Saved && watch::visibility() == Visibility::Visible {
                        onpace.emit(Run::Passed(seconds));
                    }
                })
            });
            move || drop(running)
        }
    });
    let speeds = SPEEDS.map(|speed| (speed.to_string().into(), (words.speed)(speed).into()));
    Select {
        id: AttrValue::Static("time-runs"),
        label: AttrValue::Static(words.time),
        hint: AttrValue::Static(words.time_hint),
        options: speeds.into(),
        value: (*speed).clone().into(),
        nothing: AttrValue::Static(words.turns),
        onchange: Callback::from(move |value: String| {
            if value.is_empty() {
                let onpace = now.borrow().0.clone();
                onpace.emit(Run::Stands);
            }
            speed.set(value);
        }),
        ..Select::default()
    }
    .view()
}
