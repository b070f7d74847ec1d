//! Comma-separated values that a spreadsheet shows and never runs.

/// A cell: what would begin a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

/// Writes rows with their head.
pub fn write<'a>(head: &[&str], rows: impl IntoIterator<Item = &'a [String]>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.iter().map(|text| cell(text)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let row: Vec<String> =
            ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "plain, \"quoted\""].map(str::to_owned).into();
        let text = write(&["a", "b", "c", "d", "e", "f", "g"], [row.as_slice()]).expect("text");
        let text = String::from_utf8(text).expect("UTF-8");
        let row = text.split_once("\r\n").expect("rows").1;
        assert_eq!(row, "'=1+1,'+1,'-1,'@A1,'\tx,\"'\rx\",\"plain, \"\"quoted\"\"\"\r\n");
    }
}
