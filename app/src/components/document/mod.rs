//! A [`Document`] as elements, block by block. There is no way here for text to
//! become markup.

mod figure;
mod inline;
mod table;

use enduring_core::content::Block;
use yew::prelude::*;

use crate::components::part::Part;
use crate::markup::html;

pub use figure::Figure;
pub use inline::{OutLink, words};
use table::TableBlock;

/// Prose to read, in the book face.
pub fn prose(document: &[Block], top: u8) -> Html {
    html! { <div class="prose">{ blocks(document, top) }</div> }
}

/// A document inside a label or a heading: its paragraphs as lines.
pub fn phrase(document: &[Block]) -> Html {
    document
        .iter()
        .map(|block| match block {
            Block::Paragraph(text) => html! { <span class="phrase">{ inline::words(text) }</span> },
            other => block_html(other, 4),
        })
        .collect()
}

fn blocks(document: &[Block], top: u8) -> Html {
    document.iter().map(|block| block_html(block, top)).collect()
}

fn block_html(block: &Block, top: u8) -> Html {
    let entries = |entries: &[Vec<Block>]| -> Html {
        entries.iter().map(|entry| html! { <li>{ entry_html(entry, top) }</li> }).collect()
    };
    match block {
        Block::Paragraph(text) => html! { <p>{ inline::words(text) }</p> },
        Block::Heading { level, text } => {
            let tag = match level.saturating_add(top).saturating_sub(2) {
                0..=2 => "h2",
                3 => "h3",
                4 => "h4",
                5 => "h5",
                _ => "h6",
            };
            html! { <@{tag}>{ inline::words(text) }</@> }
        }
        Block::Bullets(list) => html! { <ul>{ entries(list) }</ul> },
        Block::Numbers { start, entries: list } => {
            html! { <ol start={(*start != 1).then(|| start.to_string())}>{ entries(list) }</ol> }
        }
        Block::Quote(inner) => html! { <blockquote>{ blocks(inner, top) }</blockquote> },
        Block::Table(table) => TableBlock { table: table.clone() }.view(),
        Block::Image(image) => Figure { image: image.clone() }.view(),
        Block::Break => html! { <hr /> },
    }
}

/// An entry of a list: one that is a single paragraph stands without its `<p>`.
fn entry_html(entry: &[Block], top: u8) -> Html {
    match entry {
        [Block::Paragraph(text)] => inline::words(text),
        entry => blocks(entry, top),
    }
}

/// A document's words alone, for lists to select from and for names.
#[must_use]
pub fn plain(document: &[Block]) -> String {
    let mut text = String::new();
    for block in document {
        if let Block::Paragraph(words) = block {
            if !text.is_empty() {
                text.push(' ');
            }
            inline::plain(words, &mut text);
        }
    }
    text
}
