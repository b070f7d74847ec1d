//! What stands on the page and where: decided before anything is drawn.

use enduring_core::encode::hex;

use super::fonts::{Fonts, Typeface, Weight};
use super::{CertificateError, Facts, Settings};

/// How wide the column of labels is, in points.
const LABELS: f32 = 120.0;
/// A line's height in its letters' size.
const LEADING: f32 = 1.36;
/// How the texts are made smaller until they fit.
const SCALES: [f32; 4] = [1.0, 0.85, 0.7, 0.6];

/// What a block is to a reader of the page's structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The page's heading.
    Heading,
    /// Words.
    Paragraph,
}

/// How dark letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// What is certified.
    Dark,
    /// What goes with it.
    Soft,
}

/// A line of a block.
pub struct Line<'f, 's> {
    /// Its words.
    pub text: String,
    /// From the left of the block.
    pub x: f32,
    /// Its baseline, from the top of the block.
    pub baseline: f32,
    /// The letters' size.
    pub size: f32,
    /// Their font.
    pub face: &'f Typeface<'s>,
    /// Their ink.
    pub ink: Ink,
}

/// Lines that belong together.
pub struct Block<'f, 's> {
    /// What it is.
    pub role: Role,
    /// Room above it.
    pub before: f32,
    /// Its own height.
    pub height: f32,
    /// Its lines.
    pub lines: Vec<Line<'f, 's>>,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub struct Style {
    /// The letters' size.
    pub size: f32,
    /// Their weight.
    pub weight: Weight,
    /// Their ink.
    pub ink: Ink,
    /// Room above.
    pub before: f32,
}

/// A text over the whole width, broken into lines.
pub fn block<'f, 's>(
    fonts: &'f Fonts<'s>,
    role: Role,
    (what, text): (&'static str, &str),
    style: Style,
    width: f32,
) -> Result<Block<'f, 's>, CertificateError> {
    let mut lines = Vec::new();
    let height = set(fonts, (what, text), style, (0.0, width), &mut lines)?;
    Ok(Block { role, before: style.before, height, lines })
}

/// Breaks a text into lines at a place and gives their height.
fn set<'f, 's>(
    fonts: &'f Fonts<'s>,
    (what, text): (&'static str, &str),
    style: Style,
    (x, width): (f32, f32),
    lines: &mut Vec<Line<'f, 's>>,
) -> Result<f32, CertificateError> {
    let Style { size, weight, ink, .. } = style;
    let face = fonts.of(what, text, weight)?;
    let mut height = 0.0;
    for text in face.wrap(text, size, width) {
        lines.push(Line { text, x, baseline: height + size * 1.07, size, face, ink });
        height += size * LEADING;
    }
    Ok(height)
}

/// Everything from the heading to the last fact, in the greatest letters that fit.
pub fn body<'f, 's>(
    fonts: &'f Fonts<'s>,
    facts: &Facts,
    settings: &Settings,
    (width, room): (f32, f32),
) -> Result<Vec<Block<'f, 's>>, CertificateError> {
    let mut over = 0.0;
    for scale in SCALES {
        let blocks = scaled(fonts, facts, settings, width, scale)?;
        over = blocks.iter().map(|block| block.before + block.height).sum::<f32>() - room;
        if over <= 0.0 {
            return Ok(blocks);
        }
    }
    Err(CertificateError::Room { over: over.ceil() as u32 })
}

fn scaled<'f, 's>(
    fonts: &'f Fonts<'s>,
    facts: &Facts,
    settings: &Settings,
    width: f32,
    scale: f32,
) -> Result<Vec<Block<'f, 's>>, CertificateError> {
    let style = |size: f32, weight, ink, before: f32| Style {
        size: size * scale,
        weight,
        ink,
        before: before * scale,
    };
    let words = style(11.0, Weight::Regular, Ink::Soft, 22.0);
    let paragraph = |text: (&'static str, &str), style| block(fonts, Role::Paragraph, text, style, width);
    let mut blocks = vec![block(
        fonts,
        Role::Heading,
        ("the heading", facts.name()),
        style(27.0, Weight::Bold, Ink::Dark, 0.0),
        width,
    )?];
    blocks.push(paragraph(("the words", "This certifies that"), words)?);
    let name = style(21.0, Weight::Bold, Ink::Dark, 6.0);
    let nobody = format!("the learner of record {}", hex(&facts.receipt.record.id.0));
    blocks.push(match &facts.learner {
        Some(learner) => paragraph(("the learner's name", learner), name)?,
        None => paragraph(("the record", &nobody), Style { size: 13.0 * scale, ..name })?,
    });
    if let Some(profession) = &facts.profession {
        blocks.push(paragraph(("the profession", profession), Style { before: 2.0, ..words })?);
    }
    let done = if facts.receipt.credits.is_empty() { "took part in and completed" } else { "completed" };
    blocks.push(paragraph(("the words", done), words)?);
    blocks.push(paragraph(("the title", &facts.title), style(16.0, Weight::Bold, Ink::Dark, 6.0))?);
    let mut before = 26.0;
    for (label, what, value) in rows(facts, settings)? {
        let label_style = style(10.5, Weight::Regular, Ink::Soft, before);
        let mut lines = Vec::new();
        let label = format!("{label} ");
        let left = set(fonts, ("the words", &label), label_style, (0.0, LABELS - 8.0), &mut lines)?;
        let value_style = Style { ink: Ink::Dark, ..label_style };
        let right = set(fonts, (what, &value), value_style, (LABELS, width - LABELS), &mut lines)?;
        blocks.push(Block {
            role: Role::Paragraph,
            before: label_style.before,
            height: left.max(right),
            lines,
        });
        before = 5.0;
    }
    Ok(blocks)
}

/// The facts, each with its label.
fn rows(
    facts: &Facts,
    settings: &Settings,
) -> Result<Vec<(&'static str, &'static str, String)>, CertificateError> {
    let completed = facts.completed()?.strftime("%-d %B %Y").to_string();
    let mut rows = vec![
        ("Provider", "the provider's name", settings.provider(facts).to_owned()),
        ("Format", "the format", facts.format.clone()),
        ("Date of completion", "the words", completed),
    ];
    for credit in &facts.receipt.credits {
        rows.push(("Credit claimed", "the credit's name", format!("{} {}", credit.amount, credit.name)));
        let number = format!("{}, activity {}", credit.accreditor, credit.accreditor_activity);
        rows.push(("Accreditor", "the accreditor's name", number));
    }
    if facts.receipt.credits.is_empty() {
        rows.push(("Credit claimed", "the words", "None: participation is certified".to_owned()));
    }
    Ok(rows)
}
