//! A box that scrolls sideways when its content is wider, by keyboard as well.

use yew::prelude::*;

use crate::platform::element::WidthWatch;
use crate::strings::use_strings;

/// Props of [`ScrollBox`].
#[derive(Properties, PartialEq)]
pub struct ScrollBoxProps {
    /// What it holds, for a screen reader; may be empty.
    #[prop_or_default]
    pub label: AttrValue,
    /// What it holds.
    pub children: Html,
}

/// A box that scrolls sideways. It takes the focus only while it does.
#[component]
pub fn ScrollBox(props: &ScrollBoxProps) -> Html {
    let words = &use_strings().play;
    let node = use_node_ref();
    let wide = use_state_eq(|| false);
    {
        let wide = wide.clone();
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
