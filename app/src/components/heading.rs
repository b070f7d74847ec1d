//! The title of a scene. It takes the focus when the scene changes.

use yew::prelude::*;

use crate::platform::element;

/// Props of [`SceneTitle`].
#[derive(Properties, PartialEq)]
pub struct SceneTitleProps {
    /// When this changes, the title takes the focus.
    pub scene: AttrValue,
    /// The words.
    pub children: Html,
}

/// The only heading of level 1.
#[component]
pub fn SceneTitle(props: &SceneTitleProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.scene.clone(), move |_| element::focus(node.get()));
    }
    html! { <h1 ref={node} tabindex="-1">{ props.children.clone() }</h1> }
}
