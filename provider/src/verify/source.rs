//! Where records come from: files, folders, JSON Lines, standard input. Read one
//! after the other, each within bounds.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, stdin};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use enduring_core::record::BUNDLE_MAX;

use super::bounded;
use crate::ordered::Weighed;

/// How a bundle's file name ends in a folder.
const RECORD_ENDING: &str = ".enduring-record.json";
/// How the name of a file with a bundle on each line ends.
const LINES_ENDINGS: [&str; 2] = [".jsonl", ".ndjson"];

/// Bytes that are asked of the system at once.
const BUFFER: usize = 128 * 1024;

/// A bundle, or what stands in its place.
#[derive(Debug)]
pub struct Source {
    /// The file, with the line where there are several.
    pub place: String,
    /// What was read.
    pub text: Text,
}

/// What was read.
#[derive(Debug)]
pub enum Text {
    /// A text within bounds.
    Whole(String),
    /// More bytes than a bundle has.
    TooLarge,
    /// Bytes that are no text.
    NotUtf8,
    /// Nothing: what the system says.
    Unreadable(String),
}

impl Weighed for Source {
    fn size(&self) -> usize {
        match &self.text {
            Text::Whole(text) => text.len(),
            Text::TooLarge | Text::NotUtf8 | Text::Unreadable(_) => self.place.len(),
        }
    }
}

/// Everything that was named, in that order; folders by name, into all their folders.
pub struct Sources {
    waiting: VecDeque<PathBuf>,
    lines: Option<Lines>,
    passed_over: Arc<AtomicU64>,
}

struct Lines {
    place: String,
    number: u64,
    reader: Box<dyn BufRead + Send>,
    /// Bytes of the line before: most are about as long as that.
    length: usize,
}

impl Sources {
    /// The sources of a command line; `-` is standard input with a bundle on each line.
    #[must_use]
    pub fn new(named: &[PathBuf]) -> Self {
        Self { waiting: named.iter().cloned().collect(), lines: None, passed_over: Arc::default() }
    }

    /// The number of files in folders that are no records by their names, so far.
    #[must_use]
    pub fn passed_over(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.passed_over)
    }

    /// Puts a folder's files and folders in front of what waits.
    fn unfold(&mut self, folder: &Path) -> io::Result<()> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_record = name.ends_with(RECORD_ENDING) || has_lines(&name);
            if kind.is_dir() || kind.is_file() && is_record {
                found.push(entry.path());
            } else {
                self.passed_over.fetch_add(1, Ordering::Relaxed);
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        for path in found {
            self.waiting.push_front(path);
        }
        Ok(())
    }

    fn open_lines(&mut self, path: &Path) -> io::Result<()> {
        let reader: Box<dyn BufRead + Send> = if path == Path::new("-") {
            Box::new(BufReader::with_capacity(BUFFER, stdin()))
        } else {
            Box::new(BufReader::with_capacity(BUFFER, File::open(path)?))
        };
        self.lines = Some(Lines { place: path.display().to_string(), number: 0, reader, length: 0 });
        Ok(())
    }
}

fn has_lines(name: &str) -> bool {
    LINES_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

impl Iterator for Sources {
    type Item = Source;

    fn next(&mut self) -> Option<Source> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    Some(source) => return Some(source),
                    None => self.lines = None,
                }
            }
            let path = self.waiting.pop_front()?;
            let place = path.display().to_string();
            let found = if path == Path::new("-") || has_lines(&place) && !path.is_dir() {
                self.open_lines(&path).map(|()| None)
            } else if path.is_dir() {
                self.unfold(&path).map(|()| None)
            } else {
                bounded::read(&path, BUNDLE_MAX).map(Some)
            };
            match found {
                Ok(None) => {}
                Ok(Some(bytes)) => {
                    return Some(Source { place, text: bytes.map_or(Text::TooLarge, Text::of) });
                }
                Err(error) => return Some(Source { place, text: Text::Unreadable(error.to_string()) }),
            }
        }
    }
}

impl Text {
    /// Bytes as they were read.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) if text.len() <= BUNDLE_MAX => Self::Whole(text),
            Ok(_) => Self::TooLarge,
            Err(_) => Self::NotUtf8,
        }
    }
}

impl Iterator for Lines {
    type Item = Source;

    /// The next line that is not empty.
    fn next(&mut self) -> Option<Source> {
        loop {
            self.number += 1;
            let place = format!("{}:{}", self.place, self.number);
            let line = line(&mut self.reader, self.length);
            if let Ok(Line::Bytes(bytes)) = &line {
                self.length = bytes.len();
            }
            return match line {
                Ok(Line::End) => None,
                Ok(Line::Bytes(bytes)) if bytes.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(Line::Bytes(bytes)) => Some(Source { place, text: Text::of(bytes) }),
                Ok(Line::TooLarge) => Some(Source { place, text: Text::TooLarge }),
                Err(error) => {
                    // Nothing after it can be read.
                    self.reader = Box::new(io::empty());
                    Some(Source { place, text: Text::Unreadable(error.to_string()) })
                }
            };
        }
    }
}

enum Line {
    Bytes(Vec<u8>),
    TooLarge,
    End,
}

/// A line without its LF, of about this length, never holding more than a bundle has.
fn line(reader: &mut dyn BufRead, about: usize) -> io::Result<Line> {
    let most = u64::try_from(BUNDLE_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::with_capacity(about + about / 8);
    // One more for the LF, or to see that there is more.
    if reader.take(most + 1).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(Line::End);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        return Ok(Line::Bytes(bytes));
    }
    if bytes.len() <= BUNDLE_MAX {
        return Ok(Line::Bytes(bytes));
    }
    loop {
        let buffer = reader.fill_buf()?;
        let (used, ends) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(place) => (place + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(used);
        if ends {
            return Ok(Line::TooLarge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: Vec<u8>) -> Vec<(u64, usize)> {
        let mut lines = Lines {
            place: String::new(),
            number: 0,
            reader: Box::new(BufReader::new(io::Cursor::new(bytes))),
            length: 0,
        };
        let mut seen = Vec::new();
        while let Some(source) = lines.next() {
            let length = match source.text {
                Text::Whole(text) => text.len(),
                Text::TooLarge => usize::MAX,
                Text::NotUtf8 | Text::Unreadable(_) => 0,
            };
            seen.push((lines.number, length));
        }
        seen
    }

    #[test]
    fn lines_are_bounded_one_by_one() {
        let long = |length: usize| vec![b'x'; length];
        let bytes = [
            &long(3)[..],
            b"\n\n",
            &long(BUNDLE_MAX),
            b"\n",
            &long(BUNDLE_MAX + 1),
            b"\n",
            &long(3 * BUNDLE_MAX),
            b"\nend",
        ]
        .concat();
        let (whole, large) = (BUNDLE_MAX, usize::MAX);
        assert_eq!(lines(bytes), [(1, 3), (3, whole), (4, large), (5, large), (6, 3)]);
        assert_eq!(lines(long(BUNDLE_MAX + 1)), [(1, large)]);
        assert_eq!(lines(b"\xff\n".to_vec()), [(1, 0)]);
    }

    #[test]
    fn folders_are_read_by_name_and_other_files_are_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("b")).expect("a folder");
        for name in ["b/2.enduring-record.json", "a.jsonl", "c.enduring-record.json", "notes.txt"] {
            fs::write(at(name), "{}\n").expect("a file");
        }
        let mut sources = Sources::new(&[folder.path().to_owned(), at("absent")]);
        let names: Vec<String> = sources
            .by_ref()
            .map(|source| {
                let kind = if matches!(source.text, Text::Unreadable(_)) { "!" } else { "" };
                format!("{kind}{}", source.place.trim_start_matches(&folder.path().display().to_string()))
            })
            .collect();
        assert_eq!(names, ["/a.jsonl:1", "/b/2.enduring-record.json", "/c.enduring-record.json", "!/absent"]);
        assert_eq!(sources.passed_over().load(Ordering::Relaxed), 1);
    }
}
