//! All items of an attempt by number.

use std::rc::Rc;

use enduring_core::id::ItemId;
use enduring_core::session::view::{SlotView, TestRun};
use yew::prelude::*;

use crate::components::icon::{Icon, glyph};
use crate::markup::html;
use crate::strings::strings;

/// The numbers of the items, each with its state; where one can go, it is a button.
pub struct Navigator {
    /// The attempt.
    pub run: Rc<TestRun>,
    /// Goes to an item.
    pub go: Callback<ItemId>,
}

impl Navigator {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let entry = |(place, slot): (usize, &SlotView)| {
            let is_shown = slot.item == self.run.item.item;
            let class = match (is_shown, slot.settled) {
                (true, _) => "navigator__item navigator__item--shown",
                (false, true) => "navigator__item navigator__item--settled",
                (false, false) => "navigator__item",
            };
            let name =
                (words.navigator_entry)(place + 1, if slot.settled { words.answered } else { words.open });
            let item = slot.item.clone();
            html! {
                <li key={slot.item.as_str()}>
                    <button type="button" {class} aria-label={name} disabled={!slot.open && !is_shown}
                        aria-current={is_shown.then_some("step")}
                        onclick={self.go.reform(move |_: MouseEvent| item.clone())}>
                        <span class="figures">{ place + 1 }</span>
                        if slot.settled { { glyph(Icon::Check) } }
                    </button>
                </li>
            }
        };
        html! {
            <nav aria-label={words.all_questions}>
                <ol class="navigator__list">{ for self.run.slots.iter().enumerate().map(entry) }</ol>
            </nav>
        }
    }
}
