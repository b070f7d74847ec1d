//! Buttons: one primary action, secondary ones, quiet ones.

use yew::html::IntoPropValue;
use yew::prelude::*;

use crate::markup::html;

use super::icon::{Icon, glyph};

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
    /// At an end; the button keeps the focus and takes no click.
    Still,
    /// Not now.
    Off,
}

/// A button. Without [`Button::on`] it submits its form.
pub struct Button {
    label: AttrValue,
    name: Option<AttrValue>,
    weight: Weight,
    icon: Option<Icon>,
    readiness: Readiness,
    act: Option<Callback<()>>,
    node: NodeRef,
}

impl Button {
    /// A secondary button with these words.
    pub fn new(label: impl IntoPropValue<AttrValue>) -> Self {
        Self::plain(label.into_prop_value())
    }

    // Not inlined, nor those below: the places are many.
    #[inline(never)]
    fn plain(label: AttrValue) -> Self {
        Self {
            label,
            name: None,
            weight: Weight::Secondary,
            icon: None,
            readiness: Readiness::Ready,
            act: None,
            node: NodeRef::default(),
        }
    }

    /// The one thing to do next.
    pub fn primary(self) -> Self {
        self.weight(Weight::Primary)
    }

    /// In the text's place.
    pub fn quiet(self) -> Self {
        self.weight(Weight::Quiet)
    }

    /// How much it weighs.
    #[inline(never)]
    pub fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// For a screen reader, where the words alone are not enough; begins with them.
    pub fn named(mut self, name: impl IntoPropValue<AttrValue>) -> Self {
        self.name = Some(name.into_prop_value());
        self
    }

    /// An icon before the words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Whether it can be used.
    #[inline(never)]
    pub fn readiness(mut self, readiness: Readiness) -> Self {
        self.readiness = readiness;
        self
    }

    /// What it does.
    #[inline(never)]
    pub fn on(mut self, act: Callback<()>) -> Self {
        self.act = Some(act);
        self
    }

    /// To move the focus here.
    pub fn at(mut self, node: NodeRef) -> Self {
        self.node = node;
        self
    }

    /// As elements.
    pub fn view(self) -> Html {
        let Self { label, name, weight, icon, readiness, act, node } = self;
        let busy = readiness == Readiness::Busy;
        let held = busy || readiness == Readiness::Still;
        let kind = if act.is_some() { "button" } else { "submit" };
        let class = match weight {
            Weight::Primary => "button button--primary",
            Weight::Secondary => "button",
            Weight::Quiet => "button button--quiet",
        };
        let onclick = move |event: MouseEvent| match &act {
            _ if held => event.prevent_default(),
            Some(act) => act.emit(()),
            None => {}
        };
        html! {
            <button ref={node} type={kind} {class} disabled={readiness == Readiness::Off}
                aria-disabled={held.then_some("true")} aria-label={name} {onclick}>
                if let Some(icon) = icon { { glyph(icon) } }
                <span>{ label }</span>
                if busy { <span class="button__busy" aria-hidden="true"></span> }
            </button>
        }
    }
}
