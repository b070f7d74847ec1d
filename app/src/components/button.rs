//! Buttons: one primary action, secondary ones, quiet ones.

use yew::prelude::*;

use super::icon::{Glyph, Icon};

/// How much a button weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do next.
    Primary,
    /// Something else to do.
    #[default]
    Secondary,
    /// In the text's place.
    Quiet,
}

/// Whether a button can be used now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Readiness {
    /// Yes.
    #[default]
    Ready,
    /// A commit is under way; the button keeps the focus and takes no click.
    Busy,
    /// Not now.
    Off,
}

/// Props of [`Button`].
#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// The words.
    pub label: AttrValue,
    /// For a screen reader, where the words alone are not enough; begins with them.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// How much it weighs.
    #[prop_or_default]
    pub weight: Weight,
    /// An icon before the words.
    #[prop_or_default]
    pub icon: Option<Icon>,
    /// Whether it can be used.
    #[prop_or_default]
    pub readiness: Readiness,
    /// What it does. Left out, it submits its form.
    #[prop_or_default]
    pub onclick: Option<Callback<()>>,
    /// To move the focus here.
    #[prop_or_default]
    pub node_ref: NodeRef,
}

/// A button.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let busy = props.readiness == Readiness::Busy;
    let onclick = {
        let act = props.onclick.clone();
        move |event: MouseEvent| match &act {
            _ if busy => event.prevent_default(),
            Some(act) => act.emit(()),
            None => {}
        }
    };
    let weight = match props.weight {
        Weight::Primary => Some("button--primary"),
        Weight::Secondary => None,
        Weight::Quiet => Some("button--quiet"),
    };
    html! {
        <button ref={props.node_ref.clone()}
            type={if props.onclick.is_some() { "button" } else { "submit" }}
            class={classes!("button", weight)}
            disabled={props.readiness == Readiness::Off}
            aria-disabled={busy.then_some("true")}
            aria-label={props.name.clone()}
            {onclick}
        >
            if let Some(icon) = props.icon { <Glyph {icon} /> }
            <span>{ &props.label }</span>
            if busy { <span class="button__busy" aria-hidden="true"></span> }
        </button>
    }
}
