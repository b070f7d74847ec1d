//! Prose as a closed tree. The builder makes it from Markdown; the player turns
//! it into elements, one by one. There is no variant for raw markup.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::nested::nested;

/// A run of blocks. Cheap to clone.
pub type Document = Arc<[Block]>;

/// A block of prose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A heading of level 2 to 4 (the page has the only level 1).
    Heading {
        /// 2, 3 or 4.
        level: u8,
        /// The words.
        text: Vec<Inline>,
    },
    /// A bulleted list.
    Bullets(#[serde(deserialize_with = "nested")] Vec<Vec<Block>>),
    /// A numbered list.
    Numbers {
        /// The first number.
        start: u32,
        /// The entries.
        #[serde(deserialize_with = "nested")]
        entries: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote(#[serde(deserialize_with = "nested")] Vec<Block>),
    /// A table with a head row.
    Table(Table),
    /// An image from the pack.
    Image(Image),
    /// A thematic break.
    Break,
}

/// Text inside a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Plain characters.
    Text(String),
    /// Emphasis, shown in italics.
    Emphasis(#[serde(deserialize_with = "nested")] Vec<Inline>),
    /// Strong importance.
    Strong(#[serde(deserialize_with = "nested")] Vec<Inline>),
    /// Code or a literal.
    Code(String),
    /// A link that leaves the player.
    Link {
        /// `https:` or `mailto:` only.
        to: String,
        /// The words.
        #[serde(deserialize_with = "nested")]
        text: Vec<Inline>,
    },
    /// A line break.
    Newline,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// What the table shows, read out before it; may be empty.
    pub caption: String,
    /// The head row.
    pub head: Vec<Vec<Inline>>,
    /// The alignment of each column.
    pub align: Vec<Align>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the start of the line.
    Start,
    /// In the middle.
    Center,
    /// At the end, as figures stand.
    End,
}

/// An image from the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Path in the pack, such as `media/chest.svg`.
    pub file: String,
    /// What it shows, for those who do not see it. Never empty.
    pub alt: String,
    /// Shown below it; may be empty.
    pub caption: String,
    /// Intrinsic width in CSS pixels, so that the page does not jump.
    pub width: u32,
    /// Intrinsic height in CSS pixels.
    pub height: u32,
}
