//! Quantities with their units, and spans of virtual time.

use std::ops::RangeInclusive;

use enduring_core::content::patient::LIMIT_MAX;
use enduring_core::measure::{Amount, Decimal, Seconds};

use super::super::diagnostic::Problem;
use super::super::fields::{Fields, Text};
use super::super::language::{Flaw, Token, Words};
use super::places::Places;

/// What a number counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nothing.
    Plain,
    /// Seconds; written as `45 s`, `2 min`, `1 h 30 min`.
    Time,
    /// This.
    Of(String),
    /// Nobody knows: what it stands for was told to be wrong elsewhere.
    Unknown,
}

impl Unit {
    /// Whether the two can be added and compared.
    pub fn fits(&self, other: &Self) -> bool {
        self == other || *self == Self::Unknown || *other == Self::Unknown
    }

    /// In words.
    pub fn phrase(&self) -> String {
        match self {
            Self::Plain | Self::Unknown => "a plain number".to_owned(),
            Self::Time => "a span of time".to_owned(),
            Self::Of(unit) => format!("a quantity in `{unit}`"),
        }
    }
}

/// Units of time and the seconds in each.
const SPANS: [(&str, i64); 3] = [("h", 3_600), ("min", 60), ("s", 1)];
/// Said where two quantities do not go together.
pub const MISFIT: &str = "these units do not fit";
/// Said where a span should stand.
pub const SPAN: &str = "a span of time, as `45 s`, `2 min` or `1 h 30 min`";
/// Said where a number should stand.
const NUMBER: &str = "a number, as `92` or `0.5`; at most six digits after the point";

/// The unit that a table names under `unit`; none when absent.
pub fn unit_of(fields: &Fields) -> Unit {
    let Some(text) = fields.raw("unit") else { return Unit::Plain };
    match text.text.as_str() {
        "" => Unit::Plain,
        "s" => Unit::Time,
        "min" | "h" => {
            fields.report(
                Problem::error(&text.span, "spans of time are kept in seconds")
                    .expected("unit = \"s\"; values may still be written in minutes and hours")
                    .found(format!("`{}`", text.text)),
            );
            Unit::Time
        }
        unit if unit_word(unit) == Some(unit) => Unit::Of(unit.to_owned()),
        other => {
            fields.report(
                Problem::error(&text.span, "not a unit that can be written after a number")
                    .expected("a letter, `%`, `°`, `×` or `/` and a letter first; no space, bracket, comma, `<`, `>`, `=`, `+` or `*`")
                    .found(format!("`{other}`")),
            );
            Unit::Unknown
        }
    }
}

/// The unit with which a text begins.
fn unit_word(rest: &str) -> Option<&str> {
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '<' | '>' | '=' | '+' | '*'))
        .unwrap_or(rest.len());
    let word = &rest[..end];
    let mut letters = word.chars();
    let first = match letters.next()? {
        '/' => letters.next()?,
        other => other,
    };
    let keyword = matches!(word, "and" | "or" | "not" | "half" | "by" | "per");
    (!keyword && (first.is_alphabetic() || matches!(first, '%' | '°' | '×'))).then_some(word)
}

/// A number that is next.
pub fn number(words: &mut Words) -> Result<(Amount, Token), Flaw> {
    let token = words.next(NUMBER)?;
    match amount(words.word(&token)) {
        Some(amount) => Ok((amount, token)),
        None => {
            let flaw = words.flaw(token.clone(), NUMBER);
            let digits = words.word(&token).trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let glued = words.word(&token).len() > digits.len() && !digits.is_empty();
            let help = glued.then(|| "put a space between the number and its unit".to_owned());
            Err(Flaw { help, ..flaw })
        }
    }
}

/// A plain number with at most six digits after the point.
pub fn amount(written: &str) -> Option<Amount> {
    let decimal = Decimal::parse(written)?;
    let amount = Amount::of(decimal);
    (amount.decimal(6) == decimal).then_some(amount)
}

/// A number with its unit that is next.
pub fn quantity(words: &mut Words, places: &Places) -> Result<(Amount, Unit, Token), Flaw> {
    let (amount, token) = number(words)?;
    let (start, rest) = words.rest();
    let Some(word) = unit_word(rest) else { return Ok((amount, Unit::Plain, token)) };
    let range = start..start + word.len();
    words.go_to(range.end);
    if let Some(place) = SPANS.iter().position(|(name, _)| *name == word) {
        let whole = token.start..range.end;
        return finish_span(words, amount, place, whole);
    }
    if places.units.iter().any(|known| known == word) {
        return Ok((amount, Unit::Of(word.to_owned()), token.start..range.end));
    }
    let (expected, help) = places.unknown_unit(word);
    let help = help.or_else(|| {
        let divides = word.starts_with('/') || word.contains('-');
        divides.then(|| "put spaces around signs: a unit and a name can hold `/` and `-`".to_owned())
    });
    Err(Flaw { message: "unknown unit", help, ..words.flaw(range, expected) })
}

/// The smaller units of a span that began with one: `30 min` after `1 h`.
fn finish_span(
    words: &mut Words,
    amount: Amount,
    unit: usize,
    mut whole: Token,
) -> Result<(Amount, Unit, Token), Flaw> {
    let seconds = |amount: Amount, unit: usize| {
        let factor = SPANS.get(unit).map_or(1, |(_, seconds)| *seconds);
        Amount(amount.0.saturating_mul(factor).clamp(-Amount::MAX.0, Amount::MAX.0))
    };
    let mut sum = seconds(amount, unit);
    let mut last = unit;
    loop {
        let before = words.at();
        let next = number(words).ok().and_then(|(more, _)| {
            let (start, rest) = words.rest();
            let word = unit_word(rest)?;
            let place = SPANS.iter().position(|(name, _)| *name == word)?;
            (place > last).then_some((more, place, start + word.len()))
        });
        let Some((more, place, end)) = next else {
            words.go_to(before);
            return Ok((sum, Unit::Time, whole));
        };
        words.go_to(end);
        whole.end = end;
        sum = sum.plus(seconds(more, place));
        last = place;
    }
}

/// A span of whole seconds that is next.
pub fn span(words: &mut Words, places: &Places, bounds: RangeInclusive<u32>) -> Result<Seconds, Flaw> {
    let (amount, unit, token) = quantity(words, places)?;
    if unit != Unit::Time {
        return Err(words.flaw(token, SPAN));
    }
    let whole = amount.0 % Amount::ONE.0 == 0;
    let seconds =
        u32::try_from(amount.0 / Amount::ONE.0).ok().filter(|seconds| whole && bounds.contains(seconds));
    let expected = || format!("{} to {}, in whole seconds", written(*bounds.start()), written(*bounds.end()));
    seconds.map(Seconds).ok_or_else(|| words.flaw(token, expected()))
}

/// A span as authors write it.
pub fn written(seconds: u32) -> String {
    match seconds {
        0 => "0 s".to_owned(),
        hours if hours % 3_600 == 0 => format!("{} h", hours / 3_600),
        minutes if minutes % 60 == 0 => format!("{} min", minutes / 60),
        seconds => format!("{seconds} s"),
    }
}

/// Reads quantities and spans out of a table.
#[derive(Clone, Copy)]
pub struct Quantities<'a> {
    /// The table.
    pub fields: &'a Fields<'a>,
    /// Where units are known.
    pub places: &'a Places,
}

impl Quantities<'_> {
    fn parse<T>(&self, text: &Text, read: impl FnOnce(&mut Words) -> Result<T, Flaw>) -> Option<T> {
        let mut words = Words::new(self.fields.folder, text);
        let parsed = read(&mut words).and_then(|read| words.end("the end").map(|()| Some(read)));
        words.told(parsed, None)
    }

    fn of_unit(&self, text: &Text, unit: &Unit) -> Option<Amount> {
        self.parse(text, |words| {
            let (amount, found, token) = quantity(words, self.places)?;
            if unit.fits(&found) {
                return Ok(amount);
            }
            let flaw = words.flaw(token, unit.phrase());
            Err(Flaw { message: MISFIT, ..flaw })
        })
    }

    /// An amount of this unit that must be there; `None` with a diagnostic where it is not.
    pub fn amount(&self, key: &'static str, unit: &Unit) -> Option<Amount> {
        let expected = match unit {
            Unit::Of(unit) => format!("\"90 {unit}\""),
            Unit::Time => "\"90 s\"".to_owned(),
            Unit::Plain | Unit::Unknown => "\"90\"".to_owned(),
        };
        self.fields.required_raw(key, &expected).and_then(|text| self.of_unit(&text, unit))
    }

    /// An amount of this unit, where the key is there.
    pub fn optional_amount(&self, key: &'static str, unit: &Unit) -> Option<Amount> {
        self.fields.raw(key).and_then(|text| self.of_unit(&text, unit))
    }

    /// Plain numbers of a list; empty when absent.
    pub fn plain_numbers(&self, key: &'static str) -> Vec<Amount> {
        self.fields.texts(key).iter().filter_map(|text| self.of_unit(text, &Unit::Plain)).collect()
    }

    /// A span that must be there; `None` with a diagnostic where it is not.
    pub fn span(&self, key: &'static str, bounds: RangeInclusive<u32>) -> Option<Seconds> {
        let text = self.fields.required_raw(key, "\"2 min\"")?;
        self.parse(&text, |words| span(words, self.places, bounds))
    }

    /// A span, where the key is there.
    pub fn optional_span(&self, key: &'static str, bounds: RangeInclusive<u32>) -> Option<Seconds> {
        let text = self.fields.raw(key)?;
        self.parse(&text, |words| span(words, self.places, bounds))
    }
}

/// Spans that may be nothing.
pub const ANY: RangeInclusive<u32> = 0..=LIMIT_MAX;
/// Spans that take some time.
pub const SOME: RangeInclusive<u32> = 1..=LIMIT_MAX;
