//! The folder an author edits: text files with their places, read within bounds.

use std::cell::{OnceCell, RefCell};
use std::fs;
use std::io::{self, Read};
use std::iter;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::diagnostic::{Diagnostic, Problem, Severity};
use super::media::Media;
use super::names::{Names, Scope};

/// Largest text file in bytes.
pub const TEXT_MAX: u64 = 1024 * 1024;

/// A text file of the folder. Line ends are LF, whatever the file had.
pub struct SourceText {
    /// Path in the folder, with forward slashes.
    pub path: String,
    /// The characters.
    pub text: String,
    /// Where its lines begin, once a place in it was asked for: a file may have thousands of
    /// places with something wrong.
    lines: OnceCell<Vec<usize>>,
}

impl SourceText {
    /// A text of a file.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), lines: OnceCell::new() }
    }

    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect()
        })
    }

    /// A line as it stands, by its number from 1; empty where there is none.
    pub fn line(&self, number: usize) -> &str {
        let starts = self.lines();
        let start = number.checked_sub(1).and_then(|before| starts.get(before));
        let end = starts.get(number).copied().unwrap_or(self.text.len());
        let line = start.and_then(|start| self.text.get(*start..end)).unwrap_or_default();
        line.lines().next().unwrap_or_default()
    }
}

/// A stretch of a text file, in bytes.
#[derive(Clone)]
pub struct Span {
    /// The file.
    pub file: Rc<SourceText>,
    /// Where in it.
    pub range: Range<usize>,
}

impl Span {
    /// The characters there.
    pub fn text(&self) -> &str {
        self.file.text.get(self.range.clone()).unwrap_or_default()
    }

    /// A part of this stretch, by offsets into it.
    pub fn part(&self, range: Range<usize>) -> Self {
        let at = |offset: usize| (self.range.start + offset).min(self.file.text.len());
        Self { file: self.file.clone(), range: at(range.start)..at(range.end) }
    }

    /// Line and column, both from 1, the column in characters.
    pub fn position(&self) -> (usize, usize) {
        let starts = self.file.lines();
        let line = starts.partition_point(|start| *start <= self.range.start);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.file.text.get(start..self.range.start).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

/// One reading of a folder: what was read, named and found wrong so far.
///
/// Reading never stops at an error. Where a value is wrong the reader puts a
/// stand-in and a diagnostic, so that one run names everything; an activity is
/// handed out only when there is no error.
pub struct Folder {
    root: PathBuf,
    diagnostics: RefCell<Vec<Diagnostic>>,
    texts: RefCell<Vec<Rc<SourceText>>>,
    /// Names defined and mentioned.
    pub names: Names,
    /// Where the effects of cases stand, each with the scope of its case, as they were read.
    pub effects: RefCell<Vec<(Scope, Span)>>,
    /// Images mentioned.
    pub media: Media,
}

impl Folder {
    /// A folder to read.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            diagnostics: RefCell::default(),
            texts: RefCell::default(),
            names: Names::default(),
            effects: RefCell::default(),
            media: Media::default(),
        }
    }

    /// The place of a file of the folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Adds a diagnostic.
    pub fn report(&self, problem: Problem) {
        self.diagnostics.borrow_mut().push(problem.resolve());
    }

    /// The diagnostics so far.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.borrow().clone()
    }

    /// How many errors there are so far.
    pub fn errors(&self) -> usize {
        self.diagnostics.borrow().iter().filter(|one| one.severity == Severity::Error).count()
    }

    /// True when there is an error in a file of this subfolder.
    pub fn has_errors_under(&self, subfolder: &str) -> bool {
        let inside =
            |one: &&Diagnostic| one.path.strip_prefix(subfolder).is_some_and(|rest| rest.starts_with('/'));
        self.diagnostics.borrow().iter().filter(inside).any(|one| one.severity == Severity::Error)
    }

    /// Every text file read so far.
    pub fn texts(&self) -> Vec<Rc<SourceText>> {
        self.texts.borrow().clone()
    }

    /// Opens a file of the folder, and none that a link or `..` leads to elsewhere: what it holds would be quoted.
    fn open(&self, path: &str) -> io::Result<fs::File> {
        let place = self.path(path).canonicalize()?;
        if !place.starts_with(self.root.canonicalize()?) {
            return Err(io::Error::other("a file outside of it"));
        }
        fs::File::open(place)
    }

    /// The text of a file; `None` with a diagnostic when it cannot be had. `mention`
    /// is where it was asked for.
    pub fn text(&self, path: &str, mention: Option<&Span>) -> Option<Rc<SourceText>> {
        let unreadable = |found: String| {
            let problem = match mention {
                Some(span) => Problem::error(span, format!("cannot read `{path}`")),
                None => Problem::file(path, "cannot read this file"),
            };
            self.report(problem.expected("a UTF-8 text file of the activity's folder").found(found));
            None
        };
        let mut bytes = Vec::new();
        let read = self.open(path).and_then(|file| file.take(TEXT_MAX + 1).read_to_end(&mut bytes));
        if let Err(error) = read {
            return unreadable(error.to_string());
        }
        if bytes.len() as u64 > TEXT_MAX {
            return unreadable(format!("more than {TEXT_MAX} bytes"));
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                return unreadable(format!(
                    "bytes that are not UTF-8 at {}",
                    error.utf8_error().valid_up_to()
                ));
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
        let source = Rc::new(SourceText::new(path, text));
        self.texts.borrow_mut().push(source.clone());
        Some(source)
    }

    /// The files directly in `folder` with this ending, sorted by name.
    pub fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.ends_with(ending))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        names.sort();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_by_line_and_column_in_characters() {
        let file = Rc::new(SourceText::new("a.toml", "é = 1\n\nlast = \"ø\"\r\n"));
        let at = |start: usize| Span { file: file.clone(), range: start..start }.position();
        let start = |words: &str| file.text.find(words).expect("words");
        assert_eq!((at(0), at(start("= 1"))), ((1, 1), (1, 3)));
        assert_eq!((at(start("\n")), at(start("\nlast"))), ((1, 6), (2, 1)));
        assert_eq!((at(start("last")), at(start("ø"))), ((3, 1), (3, 9)));
        assert_eq!(at(file.text.len()), (4, 1), "after the last line");
        let lines: Vec<&str> = (0..6).map(|number| file.line(number)).collect();
        assert_eq!(lines, ["", "é = 1", "", "last = \"ø\"", "", ""]);
    }
}
