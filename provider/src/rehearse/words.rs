//! How much there is to read.

use enduring_core::content::{Block, words};
use enduring_core::session::view::{CaseAsk, CaseView, ItemBodyView, ItemView, OptionView};

/// Words of a document, tables included.
pub(super) fn document(blocks: &[Block]) -> u64 {
    blocks.iter().map(block).sum()
}

fn block(block: &Block) -> u64 {
    match block {
        Block::Paragraph(text) | Block::Heading { text, .. } => plain(&words(text)),
        Block::Bullets(entries) | Block::Numbers { entries, .. } => {
            entries.iter().map(|entry| document(entry)).sum()
        }
        Block::Quote(blocks) => document(blocks),
        Block::Table(table) => {
            let cells = table.head.iter().chain(table.rows.iter().flatten());
            cells.map(|cell| plain(&words(cell))).sum()
        }
        // An image takes as long as this many words.
        Block::Image(image) => 20 + plain(&image.caption),
        Block::Break => 0,
    }
}

/// Words of a text.
pub(super) fn plain(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

/// Words of an item: stem and everything to choose from.
pub(super) fn item(item: &ItemView) -> u64 {
    let options = |list: &[OptionView]| list.iter().map(|option| document(&option.text)).sum::<u64>();
    let body = match &item.body {
        ItemBodyView::Options { options: list, .. }
        | ItemBodyView::Statements(list)
        | ItemBodyView::Steps(list) => options(list),
        ItemBodyView::Matching { options: list, stems } => options(list) + options(stems),
        ItemBodyView::Number { .. } => 0,
        ItemBodyView::Concordance { hypothesis, finding, scale } => {
            document(hypothesis) + document(finding) + options(scale)
        }
    };
    document(&item.stem) + body
}

/// Words of a case's screen: the story so far, the node and what is asked.
pub(super) fn case(case: &CaseView) -> u64 {
    let asked = match &case.ask {
        CaseAsk::Links(links) => links.iter().map(|link| plain(&link.text)).sum(),
        CaseAsk::Decision { prompt, options, .. } => {
            document(prompt) + options.iter().map(|option| document(&option.text)).sum::<u64>()
        }
        CaseAsk::Ended { debrief, .. } => document(&debrief.text),
    };
    case.story.iter().map(|told| document(told)).sum::<u64>() + document(&case.text) + asked
}
