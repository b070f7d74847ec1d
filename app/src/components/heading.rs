//! The title of a scene. It takes the focus when the scene changes.

use yew::prelude::*;

use crate::components::part::part;
use crate::hooks::use_effect_with;
use crate::markup::html;
use crate::platform::{element, page};

/// The only heading of level 1.
#[derive(PartialEq)]
pub struct SceneTitle {
    /// When this changes, the title takes the focus.
    pub scene: AttrValue,
    /// The words.
    pub children: Html,
}

part!(SceneTitle, use_scene_title);

#[hook]
fn use_scene_title(props: &SceneTitle) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.scene.clone(), move |_| {
            element::focus(node.get());
            // What was said of the scene before, such as a verdict, is not said of this one.
            page::announce("", page::Urgency::Polite);
        });
    }
    html! { <h1 ref={node} tabindex="-1">{ props.children.clone() }</h1> }
}
