//! Text inside a block.

use enduring_core::content::Inline;
use yew::prelude::*;

use crate::components::icon::{Icon, glyph};
use crate::markup::html;
use crate::strings::strings;

/// Text inside a block.
pub fn words(text: &[Inline]) -> Html {
    text.iter()
        .map(|inline| match inline {
            Inline::Text(text) => html! { { text } },
            Inline::Emphasis(inner) => html! { <em>{ words(inner) }</em> },
            Inline::Strong(inner) => html! { <strong>{ words(inner) }</strong> },
            Inline::Code(text) => html! { <code>{ text }</code> },
            Inline::Link { to, text } => OutLink { to: to.clone().into(), children: words(text) }.view(),
            Inline::Newline => html! { <br /> },
        })
        .collect()
}

/// A link that leaves the player, and says so.
pub struct OutLink {
    /// `https:` or `mailto:`.
    pub to: AttrValue,
    /// The words.
    pub children: Html,
}

impl OutLink {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        html! {
            <a class="out-link" href={self.to.clone()} target="_blank" rel="noopener noreferrer"
                title={words.leaves_player}>
                { self.children.clone() }
                { glyph(Icon::Leave) }
                <span class="visually-hidden">{ words.leaves_player }</span>
            </a>
        }
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
