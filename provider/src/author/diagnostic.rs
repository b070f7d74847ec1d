//! What is wrong with an activity's source, and how it is told.

use std::fmt;

use serde::Serialize;

use super::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is built.
    Error,
    /// It is built; someone should look.
    Warning,
}

/// A diagnostic in the making.
pub struct Problem {
    severity: Severity,
    place: Place,
    message: String,
    expected: Option<String>,
    found: Option<String>,
    help: Option<String>,
}

enum Place {
    Text(Span),
    File(String),
}

impl Problem {
    /// Something wrong at a place in a text.
    pub fn error(span: &Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, Place::Text(span.clone()), message)
    }

    /// Something doubtful at a place in a text.
    pub fn warning(span: &Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, Place::Text(span.clone()), message)
    }

    /// Something wrong with a whole file.
    pub fn file(path: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, Place::File(path.to_owned()), message)
    }

    /// Something doubtful about a whole file.
    pub fn file_warning(path: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, Place::File(path.to_owned()), message)
    }

    fn new(severity: Severity, place: Place, message: impl Into<String>) -> Self {
        Self { severity, place, message: message.into(), expected: None, found: None, help: None }
    }

    /// Says what should stand there.
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Says what stands there.
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Says what to do, where something is known.
    pub fn help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// Looks up line and column.
    pub fn resolve(self) -> Diagnostic {
        let (path, spot) = match &self.place {
            Place::File(path) => (path.clone(), None),
            Place::Text(span) => (span.file.path.clone(), Some(Spot::of(span))),
        };
        Diagnostic {
            path,
            spot,
            severity: self.severity,
            message: self.message,
            expected: self.expected,
            found: self.found,
            help: self.help,
        }
    }
}

/// A place in a text file, with what is needed to show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Spot {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The line as it stands.
    pub source: String,
    /// How many characters of it are meant.
    pub width: usize,
}

impl Spot {
    fn of(span: &Span) -> Self {
        let (line, column) = span.position();
        let source = span.file.line(line).to_owned();
        let first = span.text().lines().next().unwrap_or_default();
        let room = source.chars().count().saturating_sub(column - 1);
        Self { line, column, width: first.chars().count().min(room).max(1), source }
    }
}

/// Something wrong or doubtful in an activity's source. Sorts by file and line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// The file, in the activity's folder.
    pub path: String,
    /// Where in it; `None` for the file as a whole.
    pub spot: Option<Spot>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What should stand there.
    pub expected: Option<String>,
    /// What stands there.
    pub found: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{severity}: {}", self.message)?;
        let mut margin = 0;
        if let Some(spot) = &self.spot {
            let number = spot.line.to_string();
            margin = number.len();
            // Tabs stay tabs under the line, so that the caret stands where the eye expects it.
            let indent: String =
                spot.source.chars().take(spot.column - 1).map(|c| if c == '\t' { c } else { ' ' }).collect();
            writeln!(f, "{:margin$}--> {}:{}:{}", "", self.path, spot.line, spot.column)?;
            writeln!(f, "{:margin$} |", "")?;
            writeln!(f, "{number} | {}", spot.source)?;
            writeln!(f, "{:margin$} | {indent}{}", "", "^".repeat(spot.width))?;
        } else {
            writeln!(f, "--> {}", self.path)?;
        }
        for (label, text) in [("expected", &self.expected), ("found", &self.found), ("help", &self.help)] {
            if let Some(text) = text {
                writeln!(f, "{:margin$} = {label}: {text}", "")?;
            }
        }
        Ok(())
    }
}
