//! The question.

use std::rc::Rc;

use enduring_core::session::view::ItemView;
use yew::prelude::*;

use crate::components::document::{Figure, prose};
use crate::components::part::Part;
use crate::markup::html;

/// The question, with its image.
pub struct Stem {
    /// The item.
    pub item: Rc<ItemView>,
    /// The id that the answer is described by.
    pub id: AttrValue,
}

impl Stem {
    /// As elements.
    pub fn view(&self) -> Html {
        html! {
            <div class="stem" id={self.id.clone()}>
                { prose(&self.item.stem, 2) }
                if let Some(image) = &self.item.image { { Figure { image: image.clone() }.view() } }
            </div>
        }
    }
}
