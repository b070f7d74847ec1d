//! Something said apart: with a word, an icon and a ground.

use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::strings::use_strings;

/// What kind of thing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// To know.
    #[default]
    Info,
    /// To look out for.
    Caution,
    /// Something failed: what happened, what is safe, what to do.
    Fault,
    /// Something was reached or saved.
    Good,
}

/// Props of [`Notice`].
#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    /// What kind of thing.
    #[prop_or_default]
    pub tone: Tone,
    /// A title in place of the word that goes with the tone.
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// The words.
    pub children: Html,
}

/// Something said apart. A fault is announced.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let words = &use_strings().play;
    let (class, icon, word) = match props.tone {
        Tone::Info => ("notice--info", Icon::Info, words.note),
        Tone::Caution => ("notice--caution", Icon::Warning, words.caution),
        Tone::Fault => ("notice--fault", Icon::Cross, words.fault),
        Tone::Good => ("notice--good", Icon::Check, words.done),
    };
    let title = props.title.clone().unwrap_or(AttrValue::Static(word));
    html! {
        <div class={classes!("notice", class)} role={(props.tone == Tone::Fault).then_some("alert")}>
            <p class="notice__title"><Glyph {icon} /><span>{ title }</span></p>
            <div class="notice__text">{ props.children.clone() }</div>
        </div>
    }
}
