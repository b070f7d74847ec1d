//! The question.

use std::rc::Rc;

use enduring_core::session::view::ItemView;
use yew::prelude::*;

use crate::components::document::{Figure, Prose};

/// Props of [`Stem`].
#[derive(Properties, PartialEq)]
pub struct StemProps {
    /// The item.
    pub item: Rc<ItemView>,
    /// The id that the answer is described by.
    pub id: AttrValue,
}

/// The question, with its image.
#[component]
pub fn Stem(props: &StemProps) -> Html {
    html! {
        <div class="stem" id={props.id.clone()}>
            <Prose document={props.item.stem.clone()} />
            if let Some(image) = &props.item.image { <Figure image={image.clone()} /> }
        </div>
    }
}
