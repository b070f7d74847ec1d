//! Items to look back on, each with its key.

use std::rc::Rc;

use enduring_core::session::view::ItemView;
use yew::prelude::*;

use crate::components::document::plain;
use crate::components::icon::Glyph;
use crate::components::item::{CertaintyChips, Draft, ItemBody, Outcome, Stem, outcome_word};
use crate::strings::use_strings;

/// Props of [`Review`].
#[derive(Properties, PartialEq)]
pub struct ReviewProps {
    /// The items, each with its feedback.
    pub items: Vec<ItemView>,
}

/// The items, each folded to its number, its outcome and its first words.
#[component]
pub fn Review(props: &ReviewProps) -> Html {
    html! {
        <div class="review">
            { for props.items.iter().map(|item| html! {
                <ReviewItem key={item.item.as_str()} item={Rc::new(item.clone())} />
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ReviewItemProps {
    item: Rc<ItemView>,
}

#[component]
fn ReviewItem(props: &ReviewItemProps) -> Html {
    let words = &use_strings().play;
    let item = &props.item;
    let open = use_state_eq(|| false);
    let Some(feedback) = &item.feedback else { return Html::default() };
    let (word, icon) = outcome_word(feedback.outcome, words);
    let stem = ["review", item.item.as_str()].join("-");
    let ontoggle = {
        let open = open.clone();
        move |_: Event| open.set(!*open)
    };
    html! {
        <details class="fold" {ontoggle}>
            <summary class="fold__head">
                <span class="fold__title">{ (words.question_number)(item.number) }</span>
                <span class="fold__state"><Glyph {icon} />{ word }</span>
                <span class="fold__lead">{ plain(&item.stem) }</span>
            </summary>
            // Only what is looked at is built.
            if *open {
                <div class="fold__body">
                    <Stem item={item.clone()} id={stem.clone()} />
                    <ItemBody item={item.clone()} draft={Draft::open(item)} locked=true stem={stem.clone()} />
                    <CertaintyChips asked={item.certainty} certain={item.certain} locked=true
                        group={[&stem, "certainty"].join("-")} />
                    <Outcome item={item.clone()} />
                </div>
            }
        </details>
    }
}
