//! CSV that a spreadsheet opens as text: UTF-8, CRLF, and no cell of a stranger's that
//! becomes a formula. Source of the characters: OWASP, CSV Injection.

use std::borrow::Cow;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words, which may be a stranger's.
    Text(String),
    /// A number of ours, as it is written; it may begin with a minus.
    Number(String),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A count.
    #[must_use]
    pub fn count(count: usize) -> Self {
        Self::Number(count.to_string())
    }

    /// A figure with so many digits after the point; "not defined" where it is not.
    #[must_use]
    pub fn figure(figure: Option<f64>, digits: usize) -> Self {
        match figure {
            Some(figure) => Self::Number(number(figure, digits)),
            None => Self::Text("not defined".to_owned()),
        }
    }

    fn safe(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => guarded(text),
            Self::Number(number) => Cow::Borrowed(number),
            Self::Empty => Cow::Borrowed(""),
        }
    }
}

/// A figure with so many digits after the point, never `-0`.
#[must_use]
pub fn number(figure: f64, digits: usize) -> String {
    let text = format!("{figure:.digits$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        Some(_) | None => text,
    }
}

/// A text that no spreadsheet takes for a formula.
fn guarded(text: &str) -> Cow<'_, str> {
    // Spaces and line ends before the sign do not keep every spreadsheet from computing.
    let is_passed = |letter: char| letter.is_whitespace() && !matches!(letter, '\t' | '\r');
    let first = text.trim_start_matches(is_passed).chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{text}"))
        }
        Some(_) | None => Cow::Borrowed(text),
    }
}

/// A table under construction.
pub struct Sheet {
    writer: csv::Writer<Vec<u8>>,
}

impl Sheet {
    /// A table with its head.
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(Vec::new());
        let mut sheet = Self { writer };
        sheet.row(head.iter().map(|head| Cell::text(*head)));
        sheet
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let cells: Vec<Cell> = cells.into_iter().collect();
        // Writing into memory cannot fail, and rows may differ in length.
        let _written = self.writer.write_record(cells.iter().map(|cell| cell.safe().into_owned()));
    }

    /// The file.
    #[must_use]
    pub fn finish(self) -> String {
        let bytes = self.writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_becomes_a_formula() {
        let mut sheet = Sheet::new(&["name"]);
        let bad = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "\n=1", "\u{a0}=1", "＝1"];
        for text in bad {
            sheet.row([Cell::text(text)]);
        }
        let file = sheet.finish();
        let mut reader = csv::ReaderBuilder::new().from_reader(file.as_bytes());
        let found: Vec<String> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
        let expected: Vec<String> = bad.iter().map(|text| format!("'{text}")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_of_ours_stay_numbers() {
        let mut sheet = Sheet::new(&["a", "b", "c", "d", "e"]);
        sheet.row([
            Cell::figure(Some(-0.25), 2),
            Cell::figure(Some(-0.001), 2),
            Cell::figure(None, 2),
            Cell::count(7),
            Cell::Empty,
        ]);
        assert_eq!(sheet.finish(), "a,b,c,d,e\r\n-0.25,0.00,not defined,7,\r\n");
    }

    #[test]
    fn quotes_and_commas_are_kept() {
        let mut sheet = Sheet::new(&["a", "b"]);
        sheet.row([Cell::text("one, \"two\""), Cell::text("Zoë")]);
        assert_eq!(sheet.finish(), "a,b\r\n\"one, \"\"two\"\"\",Zoë\r\n");
    }
}
