//! Items to look back on, each with its key.

use std::rc::Rc;

use enduring_core::session::view::ItemView;
use yew::prelude::*;

use crate::components::document::plain;
use crate::components::icon::glyph;
use crate::components::item::{CertaintyChips, Draft, ItemBody, Outcome, Stem, outcome_word};
use crate::components::part::{Part, part};
use crate::hooks::use_state_eq;
use crate::markup::html;
use crate::strings::strings;

/// The items, each folded to its number, its outcome and its first words.
pub struct Review {
    /// The items, each with its feedback.
    pub items: Vec<ItemView>,
}

impl Review {
    /// As elements.
    pub fn view(&self) -> Html {
        html! {
            <div class="review">
                { for self.items.iter().map(|item| ReviewItem { item: Rc::new(item.clone()) }.keyed(item.item.as_str())) }
            </div>
        }
    }
}

#[derive(PartialEq)]
struct ReviewItem {
    item: Rc<ItemView>,
}

part!(ReviewItem, use_review_item);

#[hook]
fn use_review_item(props: &ReviewItem) -> Html {
    let words = &strings().play;
    let item = &props.item;
    let open = use_state_eq(|| false);
    let Some(feedback) = &item.feedback else { return Html::default() };
    let (word, icon) = outcome_word(feedback.outcome, words);
    let stem = ["review", item.item.as_str()].join("-");
    let ontoggle = {
        let open = open.setter();
        move |_: Event| open.set(!*open.now())
    };
    html! {
        <details class="fold" {ontoggle}>
            <summary class="fold__head">
                <span class="fold__title">{ (words.question_number)(item.number) }</span>
                <span class="fold__state">{ glyph(icon) }{ word }</span>
                <span class="fold__lead">{ plain(&item.stem) }</span>
            </summary>
            // Only what is looked at is built.
            if *open {
                <div class="fold__body">
                    { Stem { item: item.clone(), id: stem.clone().into() }.view() }
                    {
                        ItemBody {
                            item: item.clone(),
                            draft: Draft::open(item),
                            onchange: Callback::noop(),
                            locked: true,
                            stem: stem.clone().into(),
                        }
                        .view()
                    }
                    {
                        CertaintyChips {
                            asked: item.certainty,
                            certain: item.certain,
                            locked: true,
                            group: [&stem, "certainty"].join("-").into(),
                            onchange: Callback::noop(),
                        }
                        .view()
                    }
                    { Outcome { item: item.clone(), heading: NodeRef::default() }.view() }
                </div>
            }
        </details>
    }
}
