//! A box that scrolls sideways when its content is wider, by keyboard as well.

use yew::prelude::*;

use crate::components::part::part;
use crate::hooks::{use_effect_with, use_state_eq};
use crate::markup::html;
use crate::platform::element::WidthWatch;
use crate::strings::strings;

/// A box that scrolls sideways. It takes the focus only while it does.
#[derive(Default, PartialEq)]
pub struct ScrollBox {
    /// What it holds, for a screen reader; may be empty.
    pub label: AttrValue,
    /// What it holds.
    pub children: Html,
}

part!(ScrollBox, use_scroll_box);

#[hook]
fn use_scroll_box(props: &ScrollBox) -> Html {
    let words = &strings().play;
    let node = use_node_ref();
    let wide = use_state_eq(|| false);
    {
        let wide = wide.setter();
        use_effect_with(node.clone(), move |node| {
            let watch = WidthWatch::new(node.get(), move |overflows| wide.set(overflows));
            move || drop(watch)
        });
    }
    let label =
        if props.label.is_empty() { AttrValue::Static(words.wide_table) } else { props.label.clone() };
    html! {
        <div ref={node} class="scroll-box" tabindex={wide.then_some("0")} role={wide.then_some("region")}
            aria-label={wide.then_some(label)}>
            { props.children.clone() }
        </div>
    }
}
