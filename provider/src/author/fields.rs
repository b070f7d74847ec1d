//! Typed access to a TOML table. Every getter returns a value so that reading goes
//! on; where something is wrong that value is a stand-in and a diagnostic says so.
//! Keys that nobody asked for are reported when the table is left.

use std::cell::{Cell, RefCell};
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use enduring_core::content::{Document, Image};
use enduring_core::measure::{Credit, Decimal, Points};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::Problem;
use super::markdown;
use super::names::{Named, Scope, closest, one_of};
use super::source::{Folder, SourceText, Span};

/// Longest plain text in characters.
const PLAIN_MAX: usize = 2_000;

/// A table that is being read.
pub struct Fields<'a> {
    /// The folder it belongs to.
    pub folder: &'a Folder,
    /// Its head; `None` for the table that is the file.
    head: Option<Span>,
    file: Rc<SourceText>,
    base: usize,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
    accepting: Cell<bool>,
}

/// A text as written, with its place.
pub struct Text {
    /// The characters.
    pub text: String,
    /// The value with its quotes.
    pub span: Span,
}

impl Text {
    /// The place of a part of the characters; the whole value where escapes moved them.
    pub fn part(&self, range: Range<usize>) -> Span {
        match self.span.text().find(&self.text) {
            Some(start) => self.span.part(start + range.start..start + range.end),
            None => self.span.clone(),
        }
    }
}

impl Folder {
    /// Reads a TOML file; `None` with diagnostics when it cannot be read as TOML.
    /// `mention` is where it was asked for.
    pub fn toml<T>(
        &self,
        path: &str,
        mention: Option<&Span>,
        read: impl FnOnce(&Fields<'_>) -> T,
    ) -> Option<T> {
        let file = self.text(path, mention)?;
        self.toml_part(&file, 0..file.text.len(), read)
    }

    /// Reads a stretch of a file as TOML, such as the head of a node.
    pub fn toml_part<T>(
        &self,
        file: &Rc<SourceText>,
        range: Range<usize>,
        read: impl FnOnce(&Fields<'_>) -> T,
    ) -> Option<T> {
        let base = range.start;
        let (table, errors) = DeTable::parse_recoverable(file.text.get(range)?);
        for error in &errors {
            let range = error.span().unwrap_or(0..0);
            let place = Span { file: file.clone(), range: base + range.start..base + range.end };
            let found = place.text().lines().next().unwrap_or_default().to_owned();
            let problem = Problem::error(&place, format!("not TOML: {}", error.message()));
            self.report(if found.is_empty() { problem } else { problem.found(format!("`{found}`")) });
        }
        if !errors.is_empty() {
            return None;
        }
        let asked = RefCell::default();
        let table = table.get_ref();
        Some(read(&Fields {
            folder: self,
            head: None,
            file: file.clone(),
            base,
            table,
            asked,
            accepting: Cell::new(false),
        }))
    }
}

impl Drop for Fields<'_> {
    fn drop(&mut self) {
        if self.accepting.get() {
            return;
        }
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let mut known = asked.clone();
            known.sort_unstable();
            known.dedup();
            self.report(
                Problem::error(&self.at(key.span()), format!("unknown key `{name}`"))
                    .expected(one_of("key", known.iter().copied()))
                    .help(closest(name, known.iter().copied())),
            );
        }
    }
}

impl<'a> Fields<'a> {
    /// Adds a diagnostic.
    pub fn report(&self, problem: Problem) {
        self.folder.report(problem);
    }

    /// Accepts every key: what the table is could not be told.
    pub fn give_up(&self) {
        self.accepting.set(true);
    }

    fn at(&self, range: Range<usize>) -> Span {
        Span { file: self.file.clone(), range: self.base + range.start..self.base + range.end }
    }

    /// The place of the table.
    pub fn place(&self) -> Span {
        self.head.clone().unwrap_or_else(|| self.at(0..0))
    }

    /// The place of a key's value, or of the table when the key is absent.
    pub fn place_of(&self, key: &str) -> Span {
        self.table.get(key).map_or_else(|| self.place(), |value| self.at(value.span()))
    }

    /// True when the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    fn required(&self, key: &'static str, expected: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(key, expected);
        }
        value
    }

    fn missing(&self, key: &str, expected: &str) {
        let message = format!("missing key `{key}`");
        let problem = match &self.head {
            Some(span) => Problem::error(span, message),
            None if self.base > 0 => Problem::error(&self.at(0..0), message),
            None => Problem::file(&self.file.path, message),
        };
        self.report(problem.expected(format!("{key} = {expected}")));
    }

    fn mistyped(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let span = self.at(value.span());
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a point",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.report(
            Problem::error(&span, format!("`{key}` has the wrong type")).expected(expected).found(found),
        );
    }

    fn as_text(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) -> Option<Text> {
        match value.get_ref() {
            DeValue::String(text) => Some(Text { text: text.to_string(), span: self.at(value.span()) }),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => {
                self.mistyped(key, value, expected);
                None
            }
        }
    }

    /// A text as written, where the key is there.
    pub fn raw(&self, key: &'static str) -> Option<Text> {
        self.get(key).and_then(|value| self.as_text(key, value, "a text in quotes"))
    }

    /// A text as written that must be there.
    pub fn required_raw(&self, key: &'static str, expected: &str) -> Option<Text> {
        self.required(key, expected).and_then(|value| self.as_text(key, value, "a text in quotes"))
    }

    /// Checks a plain text: something in one line of printable characters.
    fn plain(&self, key: &str, text: Text) -> String {
        let trimmed = text.text.trim();
        let flaw = if trimmed.is_empty() {
            Some(("some text", "nothing".to_owned()))
        } else if let Some(bad) = trimmed.chars().find(|c| c.is_control()) {
            Some(("one line of printable characters", format!("the character {bad:?}")))
        } else if trimmed.chars().count() > PLAIN_MAX {
            Some(("at most 2000 characters", format!("{}", trimmed.chars().count())))
        } else {
            None
        };
        if let Some((expected, found)) = flaw {
            self.report(
                Problem::error(&text.span, format!("`{key}` cannot be shown"))
                    .expected(expected)
                    .found(found),
            );
        }
        trimmed.to_owned()
    }

    /// A plain text that must be there.
    pub fn text(&self, key: &'static str) -> String {
        self.required_raw(key, "\"…\"").map(|text| self.plain(key, text)).unwrap_or_default()
    }

    /// A plain text that may be absent.
    pub fn optional_text(&self, key: &'static str) -> Option<String> {
        self.raw(key).map(|text| self.plain(key, text))
    }

    /// A plain text that is empty when absent.
    pub fn text_or_empty(&self, key: &'static str) -> String {
        self.raw(key)
            .filter(|text| !text.text.trim().is_empty())
            .map(|text| self.plain(key, text))
            .unwrap_or_default()
    }

    /// A list of plain texts with their places; empty when absent.
    pub fn texts(&self, key: &'static str) -> Vec<Text> {
        self.list(key, "a list of texts")
            .iter()
            .filter_map(|value| self.as_text(key, value, "a text in quotes"))
            .collect()
    }

    fn list(&self, key: &'static str, expected: &str) -> &'a [Spanned<DeValue<'a>>] {
        let Some(value) = self.get(key) else { return &[] };
        match value.get_ref() {
            DeValue::Array(list) => list,
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Table(_) => {
                self.mistyped(key, value, expected);
                &[]
            }
        }
    }

    /// A list of pairs of texts; empty when absent.
    pub fn pairs(&self, key: &'static str) -> Vec<(Text, Text)> {
        const EXPECTED: &str = "a list of pairs, as [[\"a\", \"b\"], [\"c\", \"d\"]]";
        let mut pairs = Vec::new();
        for value in self.list(key, EXPECTED) {
            let texts: Vec<Text> = match value.get_ref() {
                DeValue::Array(pair) => {
                    pair.iter().filter_map(|text| self.as_text(key, text, "a text in quotes")).collect()
                }
                DeValue::String(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Table(_) => Vec::new(),
            };
            match <[Text; 2]>::try_from(texts) {
                Ok([first, second]) => pairs.push((first, second)),
                Err(_) => self.mistyped(key, value, "a pair of texts, as [\"a\", \"b\"]"),
            }
        }
        pairs
    }

    /// Prose that must be there.
    pub fn prose(&self, key: &'static str) -> Document {
        let Some(text) = self.required_raw(key, "\"\"\"…\"\"\"") else { return Document::default() };
        let document = markdown::prose(self.folder, &text);
        if document.is_empty() {
            self.report(
                Problem::error(&text.span, format!("`{key}` is empty")).expected("prose").found("nothing"),
            );
        }
        document
    }

    /// Prose that is empty when absent.
    pub fn prose_or_empty(&self, key: &'static str) -> Document {
        self.raw(key).map(|text| markdown::prose(self.folder, &text)).unwrap_or_default()
    }

    /// Parses a text as a name.
    pub fn as_name<T: Named>(&self, text: &Text) -> T {
        T::parse(&text.text).unwrap_or_else(|_| {
            self.report(
                Problem::error(&text.span, format!("not a name for a {}", T::KIND))
                    .expected("1 to 64 characters from a-z, 0-9, '.', '_' and '-', beginning with a letter or digit")
                    .found(format!("`{}`", text.text)),
            );
            stand_in()
        })
    }

    /// The name that this table defines.
    pub fn define<T: Named>(&self, key: &'static str, scope: &Scope) -> T {
        let Some(text) = self.required_raw(key, "\"name\"") else { return stand_in() };
        let name = self.as_name::<T>(&text);
        self.folder.names.define(self.folder, scope, &name, &text.span);
        name
    }

    /// A name defined elsewhere that must be there.
    pub fn mention<T: Named>(&self, key: &'static str, scope: &Scope) -> T {
        match self.required_raw(key, &format!("the name of a {}", T::KIND)) {
            Some(text) => self.mentioned(scope, &text),
            None => stand_in(),
        }
    }

    /// A name defined elsewhere, where the key is there.
    pub fn optional_mention<T: Named>(&self, key: &'static str, scope: &Scope) -> Option<T> {
        self.raw(key).map(|text| self.mentioned(scope, &text))
    }

    /// A text that is a name defined elsewhere.
    pub fn mentioned<T: Named>(&self, scope: &Scope, text: &Text) -> T {
        let name = self.as_name::<T>(text);
        if T::parse(&text.text).is_ok() {
            self.folder.names.mention(scope, &name, &text.span);
        }
        name
    }

    /// A list of names defined elsewhere; empty when absent.
    pub fn mentions<T: Named>(&self, key: &'static str, scope: &Scope) -> Vec<T> {
        self.texts(key).iter().map(|text| self.mentioned(scope, text)).collect()
    }

    /// One of a closed list of words that must be there.
    pub fn word<T: Clone>(&self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let expected = words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(" | ");
        self.required_raw(key, &expected).and_then(|text| self.as_word(key, &text, words))
    }

    /// One of a closed list of words, where the key is there.
    pub fn optional_word<T: Clone>(&self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        self.raw(key).and_then(|text| self.as_word(key, &text, words))
    }

    /// Parses a text as one of a closed list of words.
    pub fn as_word<T: Clone>(&self, key: &str, text: &Text, words: &[(&'static str, T)]) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == text.text);
        if found.is_none() {
            self.report(
                Problem::error(&text.span, format!("unknown {key} `{}`", text.text))
                    .expected(one_of(key, words.iter().map(|(word, _)| *word)))
                    .help(closest(&text.text, words.iter().map(|(word, _)| *word))),
            );
        }
        found.map(|(_, value)| value.clone())
    }

    /// A whole number within bounds, where the key is there. A stand-in is the lower bound.
    pub fn optional_number(&self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<i64> {
        self.get(key).map(|value| self.as_number(key, value, bounds))
    }

    /// A whole number within bounds that must be there.
    pub fn number(&self, key: &'static str, bounds: RangeInclusive<i64>) -> i64 {
        let expected = format!("{} to {}", bounds.start(), bounds.end());
        match self.required(key, &expected) {
            Some(value) => self.as_number(key, value, bounds),
            None => *bounds.start(),
        }
    }

    fn as_number(&self, key: &str, value: &Spanned<DeValue<'_>>, bounds: RangeInclusive<i64>) -> i64 {
        let expected = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let DeValue::Integer(number) = value.get_ref() else {
            self.mistyped(key, value, &expected);
            return *bounds.start();
        };
        let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
        parsed.filter(|parsed| bounds.contains(parsed)).unwrap_or_else(|| {
            self.report(
                Problem::error(&self.at(value.span()), format!("`{key}` is out of bounds"))
                    .expected(expected)
                    .found(number.to_string()),
            );
            *bounds.start()
        })
    }

    /// A whole number, or one word that stands for having none, where the key is there.
    pub fn number_or_word(
        &self,
        key: &'static str,
        bounds: RangeInclusive<i64>,
        none: &'static str,
    ) -> Option<Option<i64>> {
        let value = self.get(key)?;
        let Some(word) = value.get_ref().as_str() else {
            return Some(Some(self.as_number(key, value, bounds)));
        };
        if word != none {
            self.report(
                Problem::error(&self.at(value.span()), format!("unknown {key} `{word}`"))
                    .expected(format!("\"{none}\" or a number from {} to {}", bounds.start(), bounds.end()))
                    .help(closest(word, [none].into_iter())),
            );
        }
        Some(None)
    }

    /// True or false, where the key is there.
    pub fn optional_truth(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        let DeValue::Boolean(truth) = value.get_ref() else {
            self.mistyped(key, value, "true or false");
            return None;
        };
        Some(*truth)
    }

    /// A decimal number in quotes that must be there.
    pub fn decimal(&self, key: &'static str) -> Decimal {
        let text = self.required_raw(key, "\"7.5\"");
        text.and_then(|text| self.as_decimal(key, &text)).unwrap_or_else(zero)
    }

    /// A decimal number in quotes, where the key is there.
    pub fn optional_decimal(&self, key: &'static str) -> Option<Decimal> {
        self.raw(key).and_then(|text| self.as_decimal(key, &text))
    }

    fn as_decimal(&self, key: &str, text: &Text) -> Option<Decimal> {
        let decimal = Decimal::parse(&text.text);
        if decimal.is_none() {
            self.report(
                Problem::error(&text.span, format!("`{key}` is not a number"))
                    .expected("a decimal number in quotes, as \"7.5\"; at most 15 digits, 9 after the point")
                    .found(format!("`{}`", text.text)),
            );
        }
        decimal
    }

    /// An amount of credit, as `"0.50"`, that must be there and above nothing.
    pub fn credit(&self, key: &'static str) -> Credit {
        let Some(text) = self.required_raw(key, "\"0.50\"") else { return Credit(1) };
        match thousandths(&text.text) {
            Some(amount) if amount > 0 && amount % 10 == 0 => Credit(amount / 10),
            Some(_) | None => {
                self.report(
                    Problem::error(&text.span, format!("`{key}` is not an amount of credit"))
                        .expected("an amount above nothing with at most two decimals, as \"0.50\"")
                        .found(format!("`{}`", text.text)),
                );
                Credit(1)
            }
        }
    }

    /// Points as a number with at most three decimals that must be there.
    pub fn points(&self, key: &'static str) -> Points {
        let Some(value) = self.required(key, "1") else { return Points(0) };
        let written = match value.get_ref() {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => {
                self.mistyped(key, value, "points, as 1 or 0.5");
                return Points(0);
            }
        };
        thousandths(written).map_or_else(
            || {
                self.report(
                    Problem::error(&self.at(value.span()), format!("`{key}` is not an amount of points"))
                        .expected("points from 0 to 1000 with at most three decimals")
                        .found(format!("`{written}`")),
                );
                Points(0)
            },
            Points,
        )
    }

    /// A calendar date, as `2026-11-01`, that must be there.
    pub fn date(&self, key: &'static str) -> Option<jiff::civil::Date> {
        let value = self.required(key, "2026-11-01")?;
        let DeValue::Datetime(datetime) = value.get_ref() else {
            self.mistyped(key, value, "a date without quotes, as 2026-11-01");
            return None;
        };
        let date = match (datetime.date, datetime.time, datetime.offset) {
            (Some(date), None, None) => date,
            (None | Some(_), None | Some(_), None | Some(_)) => {
                self.mistyped(key, value, "a date without a time, as 2026-11-01");
                return None;
            }
        };
        let parts = (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
        match parts {
            (Ok(year), Ok(month), Ok(day)) => jiff::civil::Date::new(year, month, day).ok(),
            (Ok(_) | Err(_), Ok(_) | Err(_), Ok(_) | Err(_)) => None,
        }
    }

    /// A table, where the key is there.
    pub fn table(&self, key: &'static str) -> Option<Fields<'a>> {
        self.get(key).and_then(|value| self.as_table(key, value))
    }

    /// A table that must be there.
    pub fn required_table(&self, key: &'static str) -> Option<Fields<'a>> {
        let value = self.get(key);
        if value.is_none() {
            let message = format!("missing table `{key}`");
            let problem = match &self.head {
                Some(span) => Problem::error(span, message),
                None => Problem::file(&self.file.path, message),
            };
            self.report(problem.expected(format!("a table [{key}]")));
        }
        value.and_then(|value| self.as_table(key, value))
    }

    fn as_table(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Option<Fields<'a>> {
        let DeValue::Table(table) = value.get_ref() else {
            self.mistyped(key, value, "a table");
            return None;
        };
        Some(Fields {
            folder: self.folder,
            head: Some(self.at(value.span())),
            file: self.file.clone(),
            base: self.base,
            table,
            asked: RefCell::default(),
            accepting: Cell::new(false),
        })
    }

    /// The tables of a list; empty when absent.
    pub fn tables(&self, key: &'static str) -> Vec<Fields<'a>> {
        let list = self.list(key, &format!("a list of tables, each headed [[{key}]]"));
        list.iter().filter_map(|value| self.as_table(key, value)).collect()
    }

    /// An image, where the key is there.
    pub fn image(&self, key: &'static str) -> Option<Image> {
        let fields = self.table(key)?;
        let file = fields.required_raw("file", "\"media/…\"")?;
        let (alt, caption) = (fields.text("alt"), fields.text_or_empty("caption"));
        let (width, height) = self.folder.media.size(self.folder, &file.text, &file.span);
        Some(Image { file: file.text, alt, caption, width, height })
    }
}

/// A name that stands where one is wrong; never leaves the builder.
pub fn stand_in<T: Named>() -> T {
    match T::parse("stand-in") {
        Ok(name) => name,
        Err(error) => unreachable!("{error}"),
    }
}

/// Nothing, as a decimal.
fn zero() -> Decimal {
    Decimal::parse("0").unwrap_or_else(|| unreachable!("0 is a decimal"))
}

/// A number from 0 to 1000 with at most three decimals, in thousandths.
pub fn thousandths(written: &str) -> Option<u32> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || fraction.len() > 3 || whole.len() > 4 {
        return None;
    }
    let amount = whole.parse::<u32>().ok()? * 1_000 + format!("{fraction:0<3}").parse::<u32>().ok()?;
    (amount <= 1_000_000).then_some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_without_floats() {
        for (text, amount) in
            [("1", 1_000), ("0.5", 500), ("0.125", 125), ("1000", 1_000_000), ("2.50", 2_500)]
        {
            assert_eq!(thousandths(text), Some(amount), "{text}");
        }
        for bad in ["", ".", "1.", ".5", "-1", "0.1234", "1e3", "1000.001", "99999", "1_0", "+1"] {
            assert_eq!(thousandths(bad), None, "{bad}");
        }
    }
}
