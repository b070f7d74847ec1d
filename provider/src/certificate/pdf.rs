//! The page: PDF/A-2a and PDF/UA-1, tagged, with its fonts embedded.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image as Drawn;
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, BBox, ContentTag, SpanTag, Tag, TagGroup, TagTree};
use krilla::text::TextDirection;

use super::credential::certificate_id;
use super::fonts::{Fonts, Weight};
use super::layout::{Block, Ink, Role, Style, block, body};
use super::qr::{QUIET, code, to_qr};
use super::settings::ImageKind;
use super::{CertificateError, Facts, Image, Page, Settings};
use crate::time;

const MARGIN: f32 = 60.0;
const TOP: f32 = 52.0;
/// The header's height, which is the logo's greatest.
const HEADER: f32 = 54.0;
/// Where the heading begins.
const HEADING: f32 = TOP + HEADER + 40.0;
const LOGO_WIDTH: f32 = 170.0;
/// Points per module of the QR code, 0.46 mm, and the least and greatest side.
const MODULE: f32 = 1.3;
const QR_SIDES: (f32, f32) = (130.0, 215.0);
const SIGNATURE: (f32, f32) = (190.0, 52.0);
/// The footer's height.
const FOOTER: f32 = 40.0;

/// Draws the certificate with its credential as a QR code.
///
/// # Errors
/// [`CertificateError`] when the facts cannot be shown.
pub fn pdf(facts: &Facts, settings: &Settings, credential: &str) -> Result<Vec<u8>, CertificateError> {
    facts.check()?;
    let failed = |found: String| CertificateError::Pdf { found };
    let (width, height) = match settings.page {
        Page::A4 => (595.28, 841.89),
        Page::Letter => (612.0, 792.0),
    };
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .with_archival_validator(Archival::A2_A)
        .finish()
        .map_err(|error| failed(format!("{error:?}")))?;
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let paper = PageSettings::from_wh(width, height).ok_or_else(|| failed("no page".to_owned()))?;
    let mut page = document.start_page_with(paper);
    let tags = draw(page.surface(), facts, settings, credential, (width, height))?;
    page.finish();
    document.set_tag_tree(tags);
    let mut outline = Outline::new();
    let place = XyzDestination::new(0, Point::from_xy(0.0, HEADING));
    outline.push_child(OutlineNode::new(facts.name().to_owned(), place));
    document.set_outline(outline);
    document.set_metadata(metadata(facts, settings));
    document.finish().map_err(|error| failed(error.to_string()))
}

/// Draws everything and gives the page's structure.
fn draw(
    surface: Surface<'_>,
    facts: &Facts,
    settings: &Settings,
    credential: &str,
    (width, height): (f32, f32),
) -> Result<TagTree, CertificateError> {
    let fonts = Fonts::new(settings)?;
    let found = || "expected a signed credential, found another text".to_owned();
    let qr = to_qr(credential).ok_or_else(|| CertificateError::Pdf { found: found() })?;
    let side = qr_side(&qr)?;
    let mut sheet = Sheet { surface, tags: TagTree::new().with_lang(Some("en".to_owned())) };
    let inner = width - 2.0 * MARGIN;
    let foot = height - TOP - FOOTER - side;
    sheet.header(&fonts, facts, settings, inner)?;
    sheet.column(&body(&fonts, facts, settings, (inner, foot - HEADING - 16.0))?, HEADING);
    sheet.signature(&fonts, settings, foot + side)?;
    sheet.qr(&qr, (width - MARGIN - side, foot), side)?;
    sheet.footer(&fonts, facts, (width, height))?;
    let Sheet { surface, tags } = sheet;
    surface.finish();
    Ok(tags)
}

/// From the facts alone, so that the same facts give the same bytes.
fn metadata(facts: &Facts, settings: &Settings) -> Metadata {
    let mut metadata = Metadata::new()
        .title(format!("{}: {}", facts.name(), facts.title))
        .language("en".to_owned())
        .authors(vec![settings.provider(facts).to_owned()])
        .creator("Enduring".to_owned())
        .document_id(certificate_id(&facts.receipt.record));
    if let Ok(decided) = jiff::Timestamp::from_millisecond(facts.receipt.decided.0) {
        let decided = decided.to_zoned(jiff::tz::TimeZone::UTC);
        let part = |number: i8| u8::try_from(number).unwrap_or(0);
        let date = DateTime::new(u16::try_from(decided.year()).unwrap_or(0))
            .month(part(decided.month()))
            .day(part(decided.day()))
            .hour(part(decided.hour()))
            .minute(part(decided.minute()))
            .second(part(decided.second()));
        metadata = metadata.creation_date(date.utc_offset_hour(0));
    }
    metadata
}

fn qr_side(text: &str) -> Result<f32, CertificateError> {
    let modules = code(text)?.size + 2 * QUIET;
    Ok((modules as f32 * MODULE).clamp(QR_SIDES.0, QR_SIDES.1))
}

fn grey(lightness: u8) -> Option<Fill> {
    Some(Fill { paint: luma::Color::new(lightness).into(), opacity: NormalizedF32::ONE, ..Fill::default() })
}

fn fill(ink: Ink) -> Option<Fill> {
    match ink {
        Ink::Dark => grey(20),
        Ink::Soft => grey(85),
    }
}

/// A page while it is drawn, and its structure.
struct Sheet<'a> {
    surface: Surface<'a>,
    tags: TagTree,
}

impl Sheet<'_> {
    /// Draws blocks below each other and gives the end of the last.
    fn column(&mut self, blocks: &[Block<'_, '_>], top: f32) -> f32 {
        blocks.iter().fold(top, |top, block| {
            self.block(block, (MARGIN, top + block.before));
            top + block.before + block.height
        })
    }

    fn block(&mut self, block: &Block<'_, '_>, (left, top): (f32, f32)) {
        let mut group = match block.role {
            Role::Heading => {
                let title = block.lines.iter().map(|line| line.text.as_str()).collect::<String>();
                TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(title)))
            }
            Role::Paragraph => TagGroup::new(Tag::P),
        };
        for line in &block.lines {
            let words = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            self.surface.set_fill(fill(line.ink));
            let start = Point::from_xy(left + line.x, top + line.baseline);
            let font = line.face.font.clone();
            self.surface.draw_text(start, font, line.size, &line.text, false, TextDirection::Auto);
            self.surface.end_tagged();
            group.push(words);
        }
        self.tags.push(group);
    }

    fn header(
        &mut self,
        fonts: &Fonts<'_>,
        facts: &Facts,
        settings: &Settings,
        width: f32,
    ) -> Result<(), CertificateError> {
        let provider = settings.provider(facts);
        let mut left = 0.0;
        if let Some(logo) = &settings.logo {
            let alt = format!("Logo of {provider}");
            left = self.image(logo, alt, (MARGIN, TOP), (LOGO_WIDTH, HEADER), Stand::Top)? + 16.0;
        }
        let style = Style { size: 12.5, weight: Weight::Bold, ink: Ink::Dark, before: 0.0 };
        let room = width - left;
        let mut blocks = vec![block(fonts, Role::Paragraph, ("the provider's name", provider), style, room)?];
        if let Some(address) = &settings.address {
            let style = Style { size: 9.0, weight: Weight::Regular, ink: Ink::Soft, before: 2.0 };
            blocks.push(block(fonts, Role::Paragraph, ("provider.address", address), style, room)?);
        }
        let high = blocks.iter().map(|block| block.before + block.height).sum::<f32>();
        let over = high - HEADER - 8.0;
        if over > 0.0 {
            return Err(CertificateError::Room { over: over.ceil() as u32 });
        }
        // In the middle, beside a logo or alone.
        let mut top = TOP + (HEADER - high).max(0.0) / 2.0;
        for block in &blocks {
            self.block(block, (MARGIN + left, top + block.before));
            top += block.before + block.height;
        }
        self.rule((MARGIN, TOP + HEADER + 14.0), width)
    }

    /// A line that means nothing.
    fn rule(&mut self, (x, y): (f32, f32), width: f32) -> Result<(), CertificateError> {
        let mut path = PathBuilder::new();
        path.push_rect(rectangle((x, y), (width, 0.7))?);
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        self.surface.set_fill(grey(150));
        path.finish().iter().for_each(|path| self.surface.draw_path(path));
        self.surface.end_tagged();
        Ok(())
    }

    /// Draws an image within its room and gives its width.
    fn image(
        &mut self,
        image: &Image,
        alt: String,
        (x, y): (f32, f32),
        (most, high): (f32, f32),
        stand: Stand,
    ) -> Result<f32, CertificateError> {
        let failed = |found: String| CertificateError::Pdf { found: format!("{alt}: {found}") };
        let data = std::sync::Arc::clone(&image.bytes).into();
        let drawn = match image.kind {
            ImageKind::Png => Drawn::from_png(data, false),
            ImageKind::Jpeg => Drawn::from_jpeg(data, false),
        }
        .map_err(failed)?;
        let (pixels, lines) = drawn.size();
        let scale = (most / pixels as f32).min(high / lines as f32);
        let (width, height) = (pixels as f32 * scale, lines as f32 * scale);
        let y = match stand {
            Stand::Top => y,
            Stand::Bottom => y + high - height,
        };
        let size = Size::from_wh(width, height).ok_or_else(|| failed("too thin".to_owned()))?;
        let content = self.surface.start_tagged(ContentTag::Other);
        self.surface.push_transform(&Transform::from_translate(x, y));
        self.surface.draw_image(drawn, size);
        self.surface.pop();
        self.surface.end_tagged();
        let mut group = TagGroup::new(
            Tag::Figure(Some(alt)).with_bbox(Some(BBox::new(0, rectangle((x, y), (width, height))?))),
        );
        group.push(content);
        self.tags.push(group);
        Ok(width)
    }

    /// Who signs, with the lowest line at `bottom`.
    fn signature(
        &mut self,
        fonts: &Fonts<'_>,
        settings: &Settings,
        bottom: f32,
    ) -> Result<(), CertificateError> {
        let (width, height) = SIGNATURE;
        let words = Style { size: 10.5, weight: Weight::Bold, ink: Ink::Dark, before: 4.0 };
        let soft = Style { size: 9.0, weight: Weight::Regular, ink: Ink::Soft, before: 1.0 };
        let mut blocks = Vec::new();
        if let Some(name) = &settings.signer {
            blocks.push(block(fonts, Role::Paragraph, ("signer.name", name), words, width)?);
        }
        if let Some(post) = &settings.post {
            blocks.push(block(fonts, Role::Paragraph, ("signer.post", post), soft, width)?);
        }
        let top = bottom - blocks.iter().map(|block| block.before + block.height).sum::<f32>();
        if let Some(signature) = &settings.signature {
            let alt = settings
                .signer
                .as_ref()
                .map_or("Signature".to_owned(), |name| format!("Signature of {name}"));
            self.image(signature, alt, (MARGIN, top - height - 4.0), (width, height), Stand::Bottom)?;
        }
        if !blocks.is_empty() || settings.signature.is_some() {
            self.rule((MARGIN, top), width)?;
        }
        self.column(&blocks, top);
        Ok(())
    }

    /// The code, each row's dark runs as rectangles.
    fn qr(&mut self, text: &str, (x, y): (f32, f32), side: f32) -> Result<(), CertificateError> {
        let code = code(text)?;
        let module = side / (code.size + 2 * QUIET) as f32;
        // Its light edge may lie in the margin, which is light too.
        let x = x + QUIET as f32 * module;
        let mut path = PathBuilder::new();
        for (row, modules) in code.data.chunks(code.size).take(code.size).enumerate() {
            let mut column = 0;
            for run in modules.chunk_by(|left, right| left.value() == right.value()) {
                if run.iter().any(|module| module.value()) {
                    let place = ((column + QUIET) as f32 * module, (row + QUIET) as f32 * module);
                    let size = (run.len() as f32 * module, module);
                    path.push_rect(rectangle((x + place.0, y + place.1), size)?);
                }
                column += run.len();
            }
        }
        let content = self.surface.start_tagged(ContentTag::Other);
        self.surface.set_fill(grey(0));
        path.finish().iter().for_each(|path| self.surface.draw_path(path));
        self.surface.end_tagged();
        let alt =
            "QR code with this certificate as a signed credential, to verify without a network".to_owned();
        let bbox = BBox::new(0, rectangle((x, y), (side, side))?);
        let mut group = TagGroup::new(Tag::Figure(Some(alt)).with_bbox(Some(bbox)));
        group.push(content);
        self.tags.push(group);
        Ok(())
    }

    fn footer(
        &mut self,
        fonts: &Fonts<'_>,
        facts: &Facts,
        (width, height): (f32, f32),
    ) -> Result<(), CertificateError> {
        let style = Style { size: 7.5, weight: Weight::Regular, ink: Ink::Soft, before: 0.0 };
        let issued = time::text(facts.receipt.decided);
        let day = issued.split_once('T').map_or(issued.as_str(), |(day, _)| day);
        let text = format!(
            "Certificate {}, issued {day}. The QR code holds it, signed.",
            certificate_id(&facts.receipt.record).trim_start_matches("urn:uuid:"),
        );
        let top = height - TOP - FOOTER + 18.0;
        let blocks = [block(fonts, Role::Paragraph, ("the footer", &text), style, width - 2.0 * MARGIN)?];
        self.column(&blocks, top);
        Ok(())
    }
}

/// Where an image stands in a room that is higher than it.
#[derive(Clone, Copy)]
enum Stand {
    Top,
    Bottom,
}

fn rectangle((x, y): (f32, f32), (width, height): (f32, f32)) -> Result<Rect, CertificateError> {
    Rect::from_xywh(x, y, width, height)
        .ok_or_else(|| CertificateError::Pdf { found: "expected a rectangle, found none".to_owned() })
}
