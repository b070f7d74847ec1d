//! All items of an attempt by number.

use std::rc::Rc;

use enduring_core::id::ItemId;
use enduring_core::session::view::{SlotView, TestRun};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::strings::use_strings;

/// Props of [`Navigator`].
#[derive(Properties, PartialEq)]
pub struct NavigatorProps {
    /// The attempt.
    pub run: Rc<TestRun>,
    /// Goes to an item.
    pub go: Callback<ItemId>,
}

/// The numbers of the items, each with its state; where one can go, it is a button.
#[component]
pub fn Navigator(props: &NavigatorProps) -> Html {
    let words = &use_strings().play;
    let entry = |(place, slot): (usize, &SlotView)| {
        let is_shown = slot.item == props.run.item.item;
        let class = match (is_shown, slot.settled) {
            (true, _) => "navigator__item navigator__item--shown",
            (false, true) => "navigator__item navigator__item--settled",
            (false, false) => "navigator__item",
        };
        let name = (words.navigator_entry)(place + 1, if slot.settled { words.answered } else { words.open });
        let item = slot.item.clone();
        html! {
            <li key={slot.item.as_str()}>
                <button type="button" {class} aria-label={name} disabled={!slot.open && !is_shown}
                    aria-current={is_shown.then_some("step")}
                    onclick={props.go.reform(move |_: MouseEvent| item.clone())}>
                    <span class="figures">{ place + 1 }</span>
                    if slot.settled { <Glyph icon={Icon::Check} /> }
                </button>
            </li>
        }
    };
    html! {
        <nav aria-label={words.all_questions}>
            <ol class="navigator__list">{ for props.run.slots.iter().enumerate().map(entry) }</ol>
        </nav>
    }
}
