//! Typed access to a TOML table. Every getter returns a value so that reading goes
//! on; where something is wrong that value is a stand-in and a diagnostic says so.
//! Keys that nobody asked for are reported when the table is left.

mod number;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use enduring_core::content::{Document, Image};
pub use number::thousandths;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::Problem;
use super::line::unprintable;
use super::markdown;
use super::names::{Named, Scope, a, closest, one_of};
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
        let asked = self.asked.borrow();
        let mut known = asked.clone();
        known.sort_unstable();
        known.dedup();
        if self.accepting.get() {
            known.retain(|key| !self.has(key));
        }
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let help = closest(name, known.iter().copied());
            if self.accepting.get() && help.is_none() {
                continue;
            }
            self.report(
                Problem::error(&self.at(key.span()), format!("unknown key `{name}`"))
                    .expected(one_of("key", known.iter().copied()))
                    .help(help),
            );
        }
    }
}

impl<'a> Fields<'a> {
    /// Adds a diagnostic.
    pub fn report(&self, problem: Problem) {
        self.folder.report(problem);
    }

    /// Accepts every key but what is nearly one that is missing: what the table is could not be told.
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
    pub fn plain(&self, key: &str, text: &Text) -> String {
        let trimmed = text.text.trim();
        let flaw = if trimmed.is_empty() {
            Some(("some text", "nothing".to_owned()))
        } else if let Some(bad) = unprintable(trimmed) {
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
        self.required_raw(key, "\"…\"").map(|text| self.plain(key, &text)).unwrap_or_default()
    }

    /// A plain text that may be absent.
    pub fn optional_text(&self, key: &'static str) -> Option<String> {
        self.raw(key).map(|text| self.plain(key, &text))
    }

    /// A plain text that is empty when absent.
    pub fn text_or_empty(&self, key: &'static str) -> String {
        self.raw(key)
            .filter(|text| !text.text.trim().is_empty())
            .map(|text| self.plain(key, &text))
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
                Problem::error(&text.span, format!("not a name for {}", a(T::KIND)))
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
        match self.required_raw(key, &format!("the name of {}", a(T::KIND))) {
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

    /// True or false, where the key is there.
    pub fn optional_truth(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        let DeValue::Boolean(truth) = value.get_ref() else {
            self.mistyped(key, value, "true or false");
            return None;
        };
        Some(*truth)
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
