//! The column map of a learner report: which columns, in which order, from what. It is
//! versioned data, since the names are the receiver's and change without us.

use enduring_core::id::{IdentifierId, is_name};
use serde::Deserialize;

/// The format of a column map. Stored; never reuse.
pub const COLUMNS_FORMAT: &str = "enduring-columns/1";
/// The map that comes along: an example whose names the provider has to confirm.
pub const EXAMPLE: &str = include_str!("../../templates/pars-1.toml");

/// A column map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Its name, which is also the receiver's in the ledger.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What its user has to know.
    pub note: String,
    /// To whom it goes, as the consents name them; the credit's accreditor when empty.
    pub recipients: Vec<String>,
    /// Which credits are reported, and how; all, as credited, when empty.
    pub credits: Vec<CreditRule>,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

/// How a kind of credit is reported.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditRule {
    /// The credit's name in the activities.
    pub name: String,
    /// What the receiver calls it.
    pub report_as: String,
    /// Which amounts are taken.
    #[serde(default)]
    pub amount: AmountRule,
}

/// Which amounts a receiver takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AmountRule {
    /// Any.
    #[default]
    AsCredited,
    /// Whole points only; others are listed apart, never rounded.
    Whole,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub header: String,
    /// What stands in it.
    pub source: Source,
    /// Whether a row can do without.
    pub need: ColumnNeed,
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Birth month and day, never a year, with what is between them.
    Birthday(&'static str),
    /// An identifier that the activity asks, or a part of it.
    Identifier(IdentifierId, IdentifierPart),
    /// The accreditor's number for the activity.
    Activity,
    /// The local date of completion, without a time.
    Completed(DateFormat),
    /// The kind of credit.
    CreditType,
    /// The amount.
    Amount,
    /// The same in every row.
    Constant(String),
}

/// A part of an identifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierPart {
    /// All of it.
    #[default]
    Whole,
    /// The two letters before the first space: the state of a licence.
    State,
    /// What follows those two letters: the number of a licence.
    Number,
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// 11/22/2026.
    MonthDayYear,
    /// 2026-11-22.
    Iso,
}

/// Whether a row can do without a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnNeed {
    /// It cannot.
    Required,
    /// It can.
    Optional,
    /// Of all columns of the group, the learner is found by one: a set of columns with
    /// the same `with` has to be filled together.
    OneOf {
        /// The group.
        group: String,
        /// What is filled together.
        with: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    format: String,
    id: String,
    version: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    recipients: Vec<String>,
    #[serde(default)]
    credit: Vec<CreditRule>,
    column: Vec<RawColumn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    header: String,
    source: String,
    need: String,
    format: Option<String>,
    identifier: Option<String>,
    part: Option<IdentifierPart>,
    value: Option<String>,
    with: Option<String>,
}

/// Reads a column map.
///
/// # Errors
/// What is wrong, and where.
pub fn parse(text: &str) -> Result<Columns, String> {
    let raw: Raw = toml::from_str(text).map_err(|error| error.to_string())?;
    if raw.format != COLUMNS_FORMAT {
        return Err(format!("format: expected {COLUMNS_FORMAT:?}, found {:?}", raw.format));
    }
    // It names files, and is in rows of the ledger.
    if !is_name(&raw.id) {
        let expected = "a name of a-z, 0-9, '.', '_' and '-'";
        return Err(format!("id: expected {expected}, found {:?}", raw.id));
    }
    if raw.column.is_empty() {
        return Err("column: expected at least one, found none".to_owned());
    }
    let columns: Vec<Column> = raw.column.into_iter().map(column).collect::<Result<_, _>>()?;
    for (place, column) in columns.iter().enumerate() {
        if columns.iter().take(place).any(|earlier| earlier.header == column.header) {
            return Err(format!("column {:?}: expected each header once", column.header));
        }
    }
    Ok(Columns {
        id: raw.id,
        version: raw.version,
        note: raw.note,
        recipients: raw.recipients,
        credits: raw.credit,
        columns,
    })
}

fn column(raw: RawColumn) -> Result<Column, String> {
    let header = raw.header.clone();
    let refuse = |key: &str, expected: &str, found: &str| {
        format!("column {header:?}, {key}: expected {expected}, found {found:?}")
    };
    let format = raw.format.as_deref();
    let source = match raw.source.as_str() {
        "first-name" => Source::FirstName,
        "last-name" => Source::LastName,
        "birthday" => Source::Birthday(match format {
            None | Some("MMDD") => "",
            Some("MM/DD") => "/",
            Some("MM-DD") => "-",
            Some(other) => return Err(refuse("format", "MMDD, MM/DD or MM-DD", other)),
        }),
        "completed" => Source::Completed(match format {
            None | Some("MM/DD/YYYY") => DateFormat::MonthDayYear,
            Some("YYYY-MM-DD") => DateFormat::Iso,
            Some(other) => return Err(refuse("format", "MM/DD/YYYY or YYYY-MM-DD", other)),
        }),
        "identifier" => {
            let id = raw.identifier.clone().unwrap_or_default();
            let id =
                IdentifierId::new(id).map_err(|error| format!("column {header:?}, identifier: {error}"))?;
            Source::Identifier(id, raw.part.unwrap_or_default())
        }
        "activity" => Source::Activity,
        "credit-type" => Source::CreditType,
        "amount" => Source::Amount,
        "constant" => Source::Constant(raw.value.clone().unwrap_or_default()),
        other => {
            let expected = "first-name, last-name, birthday, identifier, activity, completed, credit-type, \
                            amount or constant";
            return Err(refuse("source", expected, other));
        }
    };
    let stray = [
        ("format", format.is_some() && !matches!(source, Source::Birthday(_) | Source::Completed(_))),
        ("identifier", raw.identifier.is_some() && !matches!(source, Source::Identifier(..))),
        ("part", raw.part.is_some() && !matches!(source, Source::Identifier(..))),
        ("value", raw.value.is_some() != matches!(source, Source::Constant(_))),
    ];
    if let Some((key, _)) = stray.iter().find(|(_, is_stray)| *is_stray) {
        return Err(format!("column {header:?}: {key} and source {:?} do not go together", raw.source));
    }
    let need = match raw.need.as_str() {
        "required" => ColumnNeed::Required,
        "optional" => ColumnNeed::Optional,
        other => match other.strip_prefix("one-of:") {
            Some(group) if !group.is_empty() => ColumnNeed::OneOf {
                group: group.to_owned(),
                with: raw.with.unwrap_or_else(|| header.clone()),
            },
            Some(_) | None => return Err(refuse("need", "required, optional or one-of:GROUP", other)),
        },
    };
    Ok(Column { header, source, need })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_column_map_and_says_to_confirm_it() {
        let columns = parse(EXAMPLE).expect("the example");
        assert!(columns.note.contains("confirm"), "{}", columns.note);
        assert!(columns.columns.iter().any(|column| column.source == Source::Birthday("")));
    }

    #[test]
    fn errors_name_the_column_and_what_was_expected() {
        for (from, to, expected) in [
            ("enduring-columns/1", "enduring-columns/2", "found \"enduring-columns/2\""),
            ("id = \"pars\"", "id = \"../pars\"", "found \"../pars\""),
            ("source = \"first-name\"", "source = \"middle-name\"", "column \"First Name\", source"),
            (
                "format = \"MMDD\"",
                "format = \"MMDDYYYY\"",
                "expected MMDD, MM/DD or MM-DD, found \"MMDDYYYY\"",
            ),
            ("identifier = \"npi\"", "identifier = \"N P I\"", "column \"NPI\", identifier"),
            ("header = \"Last Name\"", "header = \"First Name\"", "each header once"),
            ("need = \"required\"", "need = \"always\"", "required, optional or one-of:GROUP"),
            ("source = \"amount\"", "source = \"amount\"\nformat = \"0.0\"", "do not go together"),
            ("source = \"amount\"", "sauce = \"amount\"", "sauce"),
        ] {
            assert!(EXAMPLE.contains(from), "{from}");
            let error = parse(&EXAMPLE.replacen(from, to, 1)).expect_err(to);
            assert!(error.contains(expected), "{to}: {error}");
        }
    }
}
