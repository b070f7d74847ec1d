//! The chart of a case.

use enduring_core::content::{Entry, LabResult, LabValue, Section};
use enduring_core::measure::Decimal;

use super::super::diagnostic::Problem;
use super::super::fields::Fields;
use super::super::names::Scope;

const SECTIONS: [(&str, Section); 5] = [
    ("history", Section::History),
    ("examination", Section::Examination),
    ("laboratory", Section::Laboratory),
    ("imaging", Section::Imaging),
    ("notes", Section::Notes),
];

/// Reads `chart.toml`.
pub fn chart(fields: &Fields, scope: &Scope) -> Vec<Entry> {
    fields.tables("entry").iter().map(|table| entry(table, scope)).collect()
}

fn entry(fields: &Fields, scope: &Scope) -> Entry {
    let entry = Entry {
        id: fields.define("id", scope),
        section: fields.word("section", &SECTIONS).unwrap_or(Section::Notes),
        title: fields.text("title"),
        time: fields.text("time"),
        text: fields.prose_or_empty("text"),
        results: fields.tables("results").iter().map(result).collect(),
    };
    if entry.text.is_empty() && entry.results.is_empty() {
        fields.report(
            Problem::error(&fields.place(), format!("chart entry `{}` is empty", entry.id))
                .expected("`text`, or `results`, or both"),
        );
    }
    entry
}

fn result(fields: &Fields) -> LabResult {
    let value = fields.text("value");
    let (low, high) = (fields.optional_decimal("low"), fields.optional_decimal("high"));
    if let (Some(low), Some(high)) = (low, high)
        && low > high
    {
        fields.report(
            Problem::error(&fields.place_of("high"), "a reference range that ends before it begins")
                .expected(format!("{low} or more"))
                .found(high.to_string()),
        );
    }
    let value = match Decimal::parse(&value) {
        Some(number) => LabValue::Number(number),
        None => {
            if low.or(high).is_some() {
                fields.report(
                    Problem::warning(&fields.place_of("value"), "words cannot be held against a range")
                        .expected("a decimal number, or no `low` and `high`")
                        .found(format!("`{value}`")),
                );
            }
            LabValue::Words(value)
        }
    };
    LabResult { analyte: fields.text("analyte"), value, unit: fields.text_or_empty("unit"), low, high }
}
