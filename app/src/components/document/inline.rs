//! Text inside a block.

use enduring_core::content::Inline;
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::strings::use_strings;

/// Props of [`Words`].
#[derive(Properties, PartialEq)]
pub struct WordsProps {
    /// What is shown.
    pub text: Vec<Inline>,
}

/// Text inside a block.
#[component]
pub fn Words(props: &WordsProps) -> Html {
    words(&props.text)
}

pub(super) fn words(text: &[Inline]) -> Html {
    text.iter()
        .map(|inline| match inline {
            Inline::Text(text) => html! { { text } },
            Inline::Emphasis(inner) => html! { <em>{ words(inner) }</em> },
            Inline::Strong(inner) => html! { <strong>{ words(inner) }</strong> },
            Inline::Code(text) => html! { <code>{ text }</code> },
            Inline::Link { to, text } => html! { <OutLink to={to.clone()}>{ words(text) }</OutLink> },
            Inline::Newline => html! { <br /> },
        })
        .collect()
}

/// Props of [`OutLink`].
#[derive(Properties, PartialEq)]
pub struct OutLinkProps {
    /// `https:` or `mailto:`.
    pub to: AttrValue,
    /// The words.
    pub children: Html,
}

/// A link that leaves the player, and says so.
#[component]
pub fn OutLink(props: &OutLinkProps) -> Html {
    let words = &use_strings().play;
    html! {
        <a class="out-link" href={props.to.clone()} target="_blank" rel="noopener noreferrer"
            title={words.leaves_player}>
            { props.children.clone() }
            <Glyph icon={Icon::Leave} />
            <span class="visually-hidden">{ words.leaves_player }</span>
        </a>
    }
}

pub(super) fn plain(text: &[Inline], into: &mut String) {
    for inline in text {
        match inline {
            Inline::Text(text) | Inline::Code(text) => into.push_str(text),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { text: inner, .. } => {
                plain(inner, into);
            }
            Inline::Newline => into.push(' '),
        }
    }
}
