//! Time that runs out.

use enduring_core::measure::Millis;
use enduring_core::session::Command;
use yew::prelude::*;

use crate::components::clock::{SceneClock, running};
use crate::components::icon::{Icon, glyph};
use crate::components::part::part;
use crate::components::saving::Saving;
use crate::hooks::{use_effect_with, use_state};
use crate::markup::html;
use crate::platform;
use crate::platform::page::{self, Urgency};
use crate::strings::strings;

/// What the time is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The item shown.
    Item,
    /// The attempt.
    Attempt,
}

/// The time left, by the second; said aloud once when a minute is left.
#[derive(PartialEq)]
pub struct TimeLeft {
    /// What the time is for.
    pub limit: Limit,
    /// So much was left at the latest event.
    pub left: Millis,
    /// Tells how much has gone since.
    pub clock: SceneClock,
    /// Told when none is left, again until the view changes.
    pub send: Callback<Command>,
    /// Nothing is sent while a commit is under way.
    pub saving: Saving,
}

part!(TimeLeft, use_time_left);

#[hook]
fn use_time_left(props: &TimeLeft) -> Html {
    let words = &strings().play;
    let tick = use_state(|| 0u32);
    {
        let tick = tick.setter();
        // The handle counts from its own copy: the number only has to change.
        use_effect_with((), move |()| {
            let mut count = 0u32;
            let interval = platform::timer::every(1_000, move || {
                count = count.wrapping_add(1);
                tick.set(count);
            });
            move || drop(interval)
        });
    }
    let left = Millis(props.left.0.saturating_sub(props.clock.since.emit(()).0));
    {
        let (send, limit, saving) = (props.send.clone(), props.limit, props.saving.clone());
        use_effect_with((*tick, left.0 == 0), move |(_, over)| {
            if *over && !saving.is_busy() {
                send.emit(match limit {
                    Limit::Item => Command::ExpireItem,
                    Limit::Attempt => Command::ExpireAttempt,
                });
            }
        });
    }
    let is_short = left.0 <= 60_000;
    use_effect_with(is_short, move |is_short| {
        if *is_short {
            page::announce(words.minute_left, Urgency::Polite);
        }
    });
    let label = match props.limit {
        Limit::Item => words.time_left_item,
        Limit::Attempt => words.time_left_attempt,
    };
    html! {
        <p class={if is_short { "time-left time-left--short" } else { "time-left" }}>
            { glyph(Icon::Clock) }
            <span class="figures" role="timer">{ label }{ " " }{ running(left) }</span>
        </p>
    }
}
