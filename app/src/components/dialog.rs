//! A native dialog over the page. Escape and the close button close it.

use yew::prelude::*;

use super::button::Button;
use super::icon::Icon;
use crate::components::part::part;
use crate::hooks::use_effect_with;
use crate::markup::html;
use crate::platform::element;
use crate::strings::strings;

/// How much of the window a dialog takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// As much as its text.
    #[default]
    Text,
    /// All of it.
    Window,
}

/// A dialog that is open as long as it is in the page.
#[derive(Default, PartialEq)]
pub struct Dialog {
    /// Its title, which names it.
    pub title: AttrValue,
    /// Unique in the page: what the title's id begins with.
    pub id: AttrValue,
    /// How much of the window it takes.
    pub extent: Extent,
    /// What it holds.
    pub children: Html,
    /// Actions at its end.
    pub actions: Html,
    /// It was closed; take it out of the page.
    pub onclose: Callback<()>,
}

part!(Dialog, use_dialog);

#[hook]
fn use_dialog(props: &Dialog) -> Html {
    let words = &strings().play;
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
                { Button::new(words.close).quiet().icon(Icon::Close).on(close).view() }
            </div>
            <div class="dialog__body">{ props.children.clone() }</div>
            if props.actions != Html::default() {
                <div class="dialog__actions">{ props.actions.clone() }</div>
            }
        </dialog>
    }
}
