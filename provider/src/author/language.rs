//! The words, numbers and signs of a small language, one after the other, and what
//! is said where they cannot be understood. The grammars stand where they are used.

use std::ops::Range;

use super::diagnostic::Problem;
use super::fields::Text;
use super::names::{Named, Scope, a};
use super::source::Folder;

/// A word, number or sign, by its place in the text.
pub type Token = Range<usize>;

/// Said where a text is not of its grammar.
const NOT_UNDERSTOOD: &str = "this cannot be understood";

/// Why a text cannot be read, and where.
#[derive(Debug)]
pub struct Flaw {
    /// What is wrong.
    pub message: &'static str,
    /// Where.
    pub range: Token,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
    /// What to do, where something is known.
    pub help: Option<String>,
}

/// A text on its way through a grammar.
pub struct Words<'a> {
    /// Where names are looked up and flaws are told.
    pub folder: &'a Folder,
    text: &'a Text,
    at: usize,
}

/// Whether a name can hold this character.
pub fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

impl<'a> Words<'a> {
    /// From the beginning of a text.
    pub fn new(folder: &'a Folder, text: &'a Text) -> Self {
        Self { folder, text, at: 0 }
    }

    /// The next token, which stays the next.
    pub fn peek(&self) -> Option<Token> {
        let text = &self.text.text;
        let rest = &text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        let rest = &text[start..];
        let first = rest.chars().next()?;
        let signs = [">=", "<=", "==", "+=", "-=", "->"];
        let length = if signs.iter().any(|sign| rest.starts_with(sign)) {
            2
        } else if in_name(first) {
            rest.find(|c| !in_name(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        Some(start..start + length)
    }

    /// The next token's characters; nothing at the end.
    pub fn peek_word(&self) -> &'a str {
        self.peek().map_or("", |token| self.word(&token))
    }

    /// A token's characters.
    pub fn word(&self, token: &Token) -> &'a str {
        &self.text.text[token.clone()]
    }

    /// Everything that is left, without the spaces before it, and where it begins.
    pub fn rest(&self) -> (usize, &'a str) {
        let rest = &self.text.text[self.at..];
        let trimmed = rest.trim_start();
        (self.at + rest.len() - trimmed.len(), trimmed)
    }

    /// Goes on from there.
    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// How far it is.
    pub fn at(&self) -> usize {
        self.at
    }

    /// A token that should not stand there.
    pub fn flaw(&self, token: Token, expected: impl Into<String>) -> Flaw {
        let found = format!("`{}`", self.word(&token));
        Flaw { message: NOT_UNDERSTOOD, range: token, expected: expected.into(), found, help: None }
    }

    /// The next token; a flaw at the end.
    pub fn next(&mut self, expected: &str) -> Result<Token, Flaw> {
        let Some(token) = self.peek() else {
            let end = self.text.text.len();
            let before = self.text.text.char_indices().next_back().map_or(0, |(start, _)| start);
            let (range, found) = (before..end, "the end".to_owned());
            let expected = expected.to_owned();
            return Err(Flaw { message: NOT_UNDERSTOOD, range, expected, found, help: None });
        };
        self.at = token.end;
        Ok(token)
    }

    /// Takes the next token where it is this one.
    pub fn accept(&mut self, word: &str) -> bool {
        let token = self.peek().filter(|token| self.word(token) == word);
        if let Some(token) = &token {
            self.at = token.end;
        }
        token.is_some()
    }

    /// Takes the next token, which must be this one.
    pub fn expect(&mut self, sign: &str) -> Result<(), Flaw> {
        let token = self.next(&format!("`{sign}`"))?;
        if self.word(&token) == sign { Ok(()) } else { Err(self.flaw(token, format!("`{sign}`"))) }
    }

    /// Takes the name of something that is defined elsewhere.
    pub fn name<T: Named>(&mut self, scope: &Scope) -> Result<(T, Token), Flaw> {
        let expected = format!("the name of {}", a(T::KIND));
        let token = self.next(&expected)?;
        let name = T::parse(self.word(&token)).map_err(|_| self.flaw(token.clone(), expected))?;
        self.mention(scope, &name, &token);
        Ok((name, token))
    }

    /// Notes that a token names something that is defined elsewhere.
    pub fn mention<T: Named>(&self, scope: &Scope, name: &T, token: &Token) {
        self.folder.names.mention(scope, name, &self.text.part(token.clone()));
    }

    /// Nothing may be left; `expected` says what could have followed.
    pub fn end(&self, expected: &str) -> Result<(), Flaw> {
        self.peek().map_or(Ok(()), |token| Err(self.flaw(token, expected)))
    }

    /// What was read; a stand-in with a diagnostic where it could not be.
    pub fn told<T>(&self, read: Result<T, Flaw>, stand: T) -> T {
        read.unwrap_or_else(|flaw| {
            self.folder.report(
                Problem::error(&self.text.part(flaw.range), flaw.message)
                    .expected(flaw.expected)
                    .found(flaw.found)
                    .help(flaw.help),
            );
            stand
        })
    }
}
