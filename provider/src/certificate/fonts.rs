//! The letters of a certificate: which font has them, and how wide they are.

use std::sync::Arc;

use krilla::text::Font;
use rustybuzz::{Face, UnicodeBuffer};

use super::{CertificateError, Settings};

/// Noto Sans, SIL Open Font License 1.1; `provider/fonts/OFL.txt`.
const REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For what matters most.
    Bold,
}

/// A font, for drawing and for measuring.
pub struct Typeface<'a> {
    /// For drawing.
    pub font: Font,
    face: Face<'a>,
}

/// The fonts at hand.
pub struct Fonts<'a> {
    regular: Typeface<'a>,
    bold: Typeface<'a>,
    extra: Option<Typeface<'a>>,
}

impl<'a> Fonts<'a> {
    /// Those of the program and of the settings.
    pub fn new(settings: &'a Settings) -> Result<Self, CertificateError> {
        let broken = || CertificateError::Pdf { found: "a font cannot be read".to_owned() };
        let ours = |bytes: &'static [u8]| {
            Some(Typeface { font: Font::new(bytes.into(), 0)?, face: Face::from_slice(bytes, 0)? })
        };
        let extra = |bytes: &'a Arc<Vec<u8>>| {
            let font = Font::new(Arc::clone(bytes).into(), 0)?;
            Some(Typeface { font, face: Face::from_slice(bytes, 0)? })
        };
        Ok(Self {
            regular: ours(REGULAR).ok_or_else(broken)?,
            bold: ours(BOLD).ok_or_else(broken)?,
            extra: settings.font.as_ref().map(|bytes| extra(bytes).ok_or_else(broken)).transpose()?,
        })
    }

    /// The first font that has every letter of a text.
    pub fn of(
        &self,
        what: &'static str,
        text: &str,
        weight: Weight,
    ) -> Result<&Typeface<'a>, CertificateError> {
        let first = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        if first.lacks(text).is_empty() {
            return Ok(first);
        }
        match &self.extra {
            Some(extra) if extra.lacks(text).is_empty() => Ok(extra),
            other => {
                let lacking = other.as_ref().unwrap_or(first).lacks(text);
                let named = lacking.iter().map(|letter| format!("{letter} (U+{:04X})", u32::from(*letter)));
                let found = named.collect::<Vec<_>>().join(", ");
                Err(CertificateError::Uncovered { what, found, letters: lacking.len() })
            }
        }
    }
}

impl Typeface<'_> {
    /// The letters that it has no glyph for, each once.
    fn lacks(&self, text: &str) -> Vec<char> {
        let mut lacking: Vec<char> =
            text.chars().filter(|letter| self.face.glyph_index(*letter).is_none()).collect();
        lacking.sort_unstable();
        lacking.dedup();
        lacking
    }

    /// How wide a line is, in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let units: i32 = shaped.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
        units as f32 / self.face.units_per_em() as f32 * size
    }

    /// Breaks a text into lines: between words, and within a word that is wider than a
    /// line. Each line but the last ends with the space that it is broken at.
    pub fn wrap(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_inclusive(char::is_whitespace) {
            let Some(line) = lines.last_mut() else { return lines };
            if self.width(&format!("{line}{}", word.trim_end()), size) <= width {
                line.push_str(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(String::new());
            }
            self.break_word(word, size, width, &mut lines);
        }
        lines
    }

    fn break_word(&self, word: &str, size: f32, width: f32, lines: &mut Vec<String>) {
        if self.width(word.trim_end(), size) <= width {
            lines.last_mut().into_iter().for_each(|line| line.push_str(word));
            return;
        }
        for letter in word.chars() {
            let Some(line) = lines.last_mut() else { return };
            let fits = line.is_empty() || self.width(&format!("{line}{letter}"), size) <= width;
            if fits || letter.is_whitespace() {
                line.push(letter);
            } else {
                lines.push(letter.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_their_room_and_lose_nothing() {
        let settings = Settings::default();
        let fonts = Fonts::new(&settings).expect("fonts");
        let long = "Pneumonoultramicroscopicsilicovolcanoconiosis".repeat(4);
        for text in ["", "One", "Anaphylaxis: adrenaline first, in every clinic and at every age", &long] {
            let face = fonts.of("a text", text, Weight::Bold).expect("a font");
            let lines = face.wrap(text, 16.0, 200.0);
            assert_eq!(lines.concat(), *text);
            assert!(lines.iter().all(|line| face.width(line.trim_end(), 16.0) <= 200.0), "{lines:?}");
        }
    }

    #[test]
    fn letters_that_no_font_has_are_named() {
        let settings = Settings::default();
        let fonts = Fonts::new(&settings).expect("fonts");
        for name in ["Łucja Świątek", "Αλέξανδρος", "Владимир", "O’Brien"] {
            assert!(fonts.of("the learner's name", name, Weight::Bold).is_ok(), "{name}");
        }
        let error = fonts.of("the learner's name", "王 Wei", Weight::Bold).map(drop).expect_err("no font");
        assert!(error.to_string().contains("found 王 (U+738B)"), "{error}");
        let logged = error.for_log();
        assert!(logged.contains("the learner's name: 1 of its characters"), "{logged}");
        assert!(!logged.contains("王") && !logged.contains("738B"), "{logged}");
    }
}
