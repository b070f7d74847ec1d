//! Prose: Markdown into the closed document tree. Whatever the tree has no place
//! for is an error where it stands, never dropped.

use std::ops::Range;

use enduring_core::content::{Align, Block, Document, Image, Inline, Table};
use pulldown_cmark::{Alignment, Event, HeadingLevel, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

use super::diagnostic::Problem;
use super::fields::Text;
use super::source::{Folder, Span};

/// How deep lists, quotations, emphasis and links may be nested, together.
const DEPTH_MAX: usize = 6;

/// Parses prose.
pub fn prose(folder: &Folder, text: &Text) -> Document {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(&text.text, options).into_offset_iter();
    let mut reader = Reader { folder, text, events, depth: 0 };
    let blocks = reader.blocks(None);
    with_captions(blocks).into()
}

/// True for addresses that a reader may be sent to: `https:` and `mailto:`.
pub fn is_link(address: &str) -> bool {
    let clean = address.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '\\');
    let host = |rest: &str| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !host.contains('@')
    };
    clean
        && (address.strip_prefix("https://").is_some_and(host)
            || address.strip_prefix("mailto:").is_some_and(|to| to.contains('@')))
}

struct Reader<'a> {
    folder: &'a Folder,
    text: &'a Text,
    events: OffsetIter<'a>,
    depth: usize,
}

impl Reader<'_> {
    fn error(&self, range: Range<usize>, message: &str, expected: &str) {
        let span = self.text.part(range);
        let found = span.text().lines().next().unwrap_or_default().to_owned();
        self.folder.report(Problem::error(&span, message).expected(expected).found(format!("`{found}`")));
    }

    /// Reads blocks up to the end of what encloses them.
    fn blocks(&mut self, until: Option<TagEnd>) -> Vec<Block> {
        let mut blocks = Vec::new();
        // Text directly in a list entry, where the list is tight.
        let mut loose: Vec<Inline> = Vec::new();
        self.depth += 1;
        while let Some((event, range)) = self.events.next() {
            if let Event::End(end) = &event
                && Some(*end) == until
            {
                break;
            }
            let block = match event {
                Event::Start(Tag::Paragraph) => self.paragraph(range),
                Event::Start(Tag::Heading { level, .. }) => {
                    let text = self.inlines(TagEnd::Heading(level));
                    self.heading(level, text, range)
                }
                Event::Start(Tag::BlockQuote(_) | Tag::List(_)) if self.too_deep(range.clone()) => None,
                Event::Start(Tag::BlockQuote(kind)) => {
                    Some(Block::Quote(self.blocks(Some(TagEnd::BlockQuote(kind)))))
                }
                Event::Start(Tag::List(start)) => Some(self.list(start)),
                Event::Start(Tag::Table(align)) => Some(self.table(&align)),
                Event::Rule => {
                    self.error(range, "a rule across the page cannot be shown", "a heading, or nothing");
                    None
                }
                Event::Start(tag @ (Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::FootnoteDefinition(_))) => {
                    let (message, expected) = match tag {
                        Tag::CodeBlock(_) => (
                            "a block of code cannot be shown",
                            "a paragraph; indent by fewer than four spaces",
                        ),
                        Tag::HtmlBlock => ("HTML cannot be shown", "Markdown"),
                        _ => ("footnotes cannot be shown", "the words in the text, or a reference"),
                    };
                    self.error(range, message, expected);
                    self.skip();
                    None
                }
                other => {
                    self.inline(other, range, &mut loose);
                    continue;
                }
            };
            flush(&mut loose, &mut blocks);
            blocks.extend(block);
        }
        self.depth -= 1;
        flush(&mut loose, &mut blocks);
        blocks
    }

    /// Passes over what is nested too deep; true when it was.
    fn too_deep(&mut self, range: Range<usize>) -> bool {
        let deep = self.depth > DEPTH_MAX;
        if deep {
            self.error(range, "nested too deep", "at most 6 levels");
            self.skip();
        }
        deep
    }

    /// Passes over everything up to the end of what was just begun.
    fn skip(&mut self) {
        let mut open = 0usize;
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) if open == 0 => break,
                Event::End(_) => open -= 1,
                _ => {}
            }
        }
    }

    /// A paragraph of text, or of one image alone.
    fn paragraph(&mut self, range: Range<usize>) -> Option<Block> {
        let mut inlines = Vec::new();
        let mut images = Vec::new();
        while let Some((event, at)) = self.events.next() {
            match event {
                Event::End(TagEnd::Paragraph) => break,
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    images.push(self.image(&dest_url, &title, at));
                }
                other => self.inline(other, at, &mut inlines),
            }
        }
        match (images.pop(), inlines.is_empty()) {
            (None, true) => None,
            (None, false) => Some(Block::Paragraph(tidy(inlines))),
            (Some(image), true) if images.is_empty() => Some(Block::Image(image)),
            (Some(_), true | false) => {
                self.error(range, "an image inside a line of text", "the image in a paragraph of its own");
                None
            }
        }
    }

    fn image(&mut self, file: &str, caption: &str, range: Range<usize>) -> Image {
        let mut alt = String::new();
        let mut depth = 0usize;
        for (event, _) in self.events.by_ref() {
            match event {
                Event::End(TagEnd::Image) if depth == 0 => break,
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Text(text) | Event::Code(text) => alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                _ => {}
            }
        }
        let span = self.text.part(range.clone());
        if alt.trim().is_empty() {
            self.error(
                range,
                "an image without alternative text",
                "what it shows, as ![what it shows](media/x.svg)",
            );
        }
        let (width, height) = self.folder.media.size(self.folder, file, &span);
        Image {
            file: file.to_owned(),
            alt: alt.trim().to_owned(),
            caption: caption.trim().to_owned(),
            width,
            height,
        }
    }

    fn heading(&self, level: HeadingLevel, text: Vec<Inline>, range: Range<usize>) -> Option<Block> {
        let level = match level {
            HeadingLevel::H2 => 2,
            HeadingLevel::H3 => 3,
            HeadingLevel::H4 => 4,
            HeadingLevel::H1 | HeadingLevel::H5 | HeadingLevel::H6 => {
                self.error(range, "a heading of this level cannot be shown here", "`##`, `###` or `####`");
                return None;
            }
        };
        Some(Block::Heading { level, text })
    }

    fn list(&mut self, start: Option<u64>) -> Block {
        let mut entries = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => entries.push(self.blocks(Some(TagEnd::Item))),
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        match start {
            None => Block::Bullets(entries),
            // CommonMark allows nine digits, so this never saturates.
            Some(start) => Block::Numbers { start: u32::try_from(start).unwrap_or(u32::MAX), entries },
        }
    }

    fn table(&mut self, align: &[Alignment]) -> Block {
        let align = align
            .iter()
            .map(|one| match one {
                Alignment::None | Alignment::Left => Align::Start,
                Alignment::Center => Align::Center,
                Alignment::Right => Align::End,
            })
            .collect();
        let mut rows: Vec<Vec<Vec<Inline>>> = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    let cell = self.inlines(TagEnd::TableCell);
                    if let Some(row) = rows.last_mut() {
                        row.push(cell);
                    }
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        let mut rows = rows.into_iter();
        let head = rows.next().unwrap_or_default();
        Block::Table(Table { caption: String::new(), head, align, rows: rows.collect() })
    }

    /// Reads inlines up to the end of what encloses them.
    fn inlines(&mut self, until: TagEnd) -> Vec<Inline> {
        let mut inlines = Vec::new();
        self.depth += 1;
        while let Some((event, range)) = self.events.next() {
            if event == Event::End(until) {
                break;
            }
            self.inline(event, range, &mut inlines);
        }
        self.depth -= 1;
        tidy(inlines)
    }

    fn inline(&mut self, event: Event<'_>, range: Range<usize>, into: &mut Vec<Inline>) {
        match event {
            Event::Text(text) => {
                if let Some(bad) = text.chars().find(|c| c.is_control()) {
                    self.error(
                        range,
                        "a control character cannot be shown",
                        &format!("text without {bad:?}"),
                    );
                }
                push_text(into, &text);
            }
            Event::SoftBreak => push_text(into, " "),
            Event::HardBreak => into.push(Inline::Newline),
            Event::Code(code) => into.push(Inline::Code(code.to_string())),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. }) if self.too_deep(range.clone()) => {}
            Event::Start(Tag::Emphasis) => into.push(Inline::Emphasis(self.inlines(TagEnd::Emphasis))),
            Event::Start(Tag::Strong) => into.push(Inline::Strong(self.inlines(TagEnd::Strong))),
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let text = self.inlines(TagEnd::Link);
                let to = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.to_string(),
                };
                if !is_link(&to) {
                    self.error(range, "a link that leads nowhere safe", "an address with https: or mailto:");
                } else if !title.is_empty() {
                    self.error(range, "the title of a link is not shown", "a link without a title");
                } else {
                    into.push(Inline::Link { to, text });
                }
            }
            Event::Start(Tag::Image { .. }) => {
                self.skip();
                self.error(range, "an image inside a line of text", "the image in a paragraph of its own");
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                self.error(range, "HTML cannot be shown", "Markdown; write &lt; for <");
            }
            Event::FootnoteReference(_) => {
                self.error(range, "footnotes cannot be shown", "the words in the text, or a reference");
            }
            Event::Start(Tag::Strikethrough) => {
                self.error(range, "struck-out text cannot be shown", "the words that hold");
                self.skip();
            }
            Event::Start(_) => {
                self.error(
                    range,
                    "this cannot be shown",
                    "paragraphs, headings, lists, quotations, tables, images",
                );
                self.skip();
            }
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::TaskListMarker(_) => {
                self.error(range, "this cannot be shown", "plain text");
            }
            Event::Rule | Event::End(_) => {}
        }
    }
}

fn push_text(into: &mut Vec<Inline>, text: &str) {
    match into.last_mut() {
        Some(Inline::Text(last)) => last.push_str(text),
        Some(
            Inline::Emphasis(_) | Inline::Strong(_) | Inline::Code(_) | Inline::Link { .. } | Inline::Newline,
        )
        | None => into.push(Inline::Text(text.to_owned())),
    }
}

/// Drops text that is empty.
fn tidy(mut inlines: Vec<Inline>) -> Vec<Inline> {
    inlines.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
    inlines
}

fn flush(loose: &mut Vec<Inline>, blocks: &mut Vec<Block>) {
    let inlines = tidy(std::mem::take(loose));
    if !inlines.is_empty() {
        blocks.push(Block::Paragraph(inlines));
    }
}

/// A paragraph that begins with `Table:` right before a table is its caption.
fn with_captions(blocks: Vec<Block>) -> Vec<Block> {
    let mut captioned: Vec<Block> = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        if let Block::Table(table) = &mut block
            && let Some(Block::Paragraph(inlines)) = captioned.last()
            && let [Inline::Text(text)] = inlines.as_slice()
            && let Some(caption) = text.strip_prefix("Table:")
        {
            table.caption = caption.trim().to_owned();
            captioned.pop();
        }
        captioned.push(block);
    }
    captioned
}

/// The first stretch of `text` that is a level 1 heading on its first line, and the rest.
pub fn title_and_rest(text: &Span) -> Option<(Span, Span)> {
    let whole = text.text();
    let first = whole.lines().next().unwrap_or_default();
    let title = first.strip_prefix("# ")?;
    let start = first.len() - title.len();
    Some((text.part(start..first.len()), text.part(first.len()..whole.len())))
}
