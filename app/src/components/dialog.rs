//! A native dialog over the page. Escape and the close button close it.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::Icon;
use crate::platform::element;
use crate::strings::use_strings;

/// How much of the window a dialog takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// As much as its text.
    #[default]
    Text,
    /// All of it.
    Window,
}

/// Props of [`Dialog`].
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// Its title, which names it.
    pub title: AttrValue,
    /// Unique in the page: what the title's id begins with.
    pub id: AttrValue,
    /// How much of the window it takes.
    #[prop_or_default]
    pub extent: Extent,
    /// What it holds.
    pub children: Html,
    /// Actions at its end.
    #[prop_or_default]
    pub actions: Html,
    /// It was closed; take it out of the page.
    pub onclose: Callback<()>,
}

/// A dialog that is open as long as it is in the page.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let words = &use_strings().play;
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| element::show_modal(node.get()));
    let close = {
        let node = node.clone();
        Callback::from(move |()| element::close(node.get()))
    };
    let onclose = props.onclose.reform(|_: Event| ());
    let class = match props.extent {
        Extent::Text => "dialog",
        Extent::Window => "dialog dialog--window",
    };
    html! {
        <dialog ref={node} {class} aria-labelledby={props.id.clone()} {onclose}>
            <div class="dialog__head">
                <h2 id={props.id.clone()}>{ &props.title }</h2>
                <Button label={words.close} icon={Icon::Close} weight={Weight::Quiet} onclick={close} />
            </div>
            <div class="dialog__body">{ props.children.clone() }</div>
            if props.actions != Html::default() {
                <div class="dialog__actions">{ props.actions.clone() }</div>
            }
        </dialog>
    }
}
