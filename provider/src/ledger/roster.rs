//! A roster: whom the provider knows, from a table.

use enduring_core::id::{IdentifierId, LearnerRef, ProfessionId};
use enduring_core::record::{Birthday, IdentifierValue, is_line};
use ring::rand::{SecureRandom, SystemRandom};
use thiserror::Error;

use super::database::write_on;
use super::grounds::{hold, name_of_number, name_of_person};
use super::people::{folded, know, latest};
use super::{Entry, Fact, Ledger, LedgerError, Person};
use crate::key::KeyError;
use crate::time;

/// Most people of one file.
pub const ROSTER_MAX: usize = 1_000_000;

/// Why a table is not a roster.
#[derive(Debug, Error)]
pub enum RosterError {
    /// It cannot be read as CSV.
    #[error("line {line}: {found}")]
    Csv {
        /// From 1.
        line: u64,
        /// What the reader says.
        found: String,
    },
    /// A line has more or fewer fields than the head.
    #[error(
        "line {line}: expected {expected} fields as the head has, found {found}; a quote may not be closed"
    )]
    Fields {
        /// From 1.
        line: u64,
        /// Columns.
        expected: u64,
        /// Fields.
        found: u64,
    },
    /// A column is missing.
    #[error("line 1: expected the columns first_name and last_name, found {found}")]
    Columns {
        /// Those there are.
        found: String,
    },
    /// A column is none that is known: most are no numbers by which people are told apart.
    #[error(
        "line 1: expected first_name, last_name, birth_month, birth_day, profession or an identifier ({known}), \
         found {found:?}; leave the column out, or name it with --identifier if no two people have the same"
    )]
    Column {
        /// The identifiers that are known.
        known: String,
        /// The column.
        found: String,
    },
    /// A column is there twice.
    #[error("line 1: expected each column once, found {found:?} twice")]
    Twice {
        /// The column.
        found: String,
    },
    /// A field is not what its column holds.
    #[error("line {line}, column {column}: expected {expected}, found {found:?}")]
    Field {
        /// From 1.
        line: u64,
        /// By name.
        column: String,
        /// What it holds.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// Too many.
    #[error("expected at most {ROSTER_MAX} people")]
    TooMany,
}

/// A line of a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// From 1.
    pub line: u64,
    /// Who; the learner's id is made when they are new.
    pub person: Person,
}

/// What taking a roster came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenRoster {
    /// People who were not known.
    pub new: u64,
    /// People who were, and are as the roster says now.
    pub known: u64,
    /// Lines that a person has to look at.
    pub unsure: Vec<u64>,
}

/// Whom a line is about.
#[derive(Clone, Copy)]
enum Whose {
    Known(LearnerRef),
    New,
    Unsure,
}

/// Columns that say who somebody is and what they are.
const FACTS: [&str; 5] = ["first_name", "last_name", "birth_month", "birth_day", "profession"];
/// Identifiers that reports and activities ask by these names.
const IDENTIFIERS: [&str; 3] = ["npi", "license", "board"];

/// Reads a table with a head: `first_name`, `last_name`, and where known `birth_month`,
/// `birth_day`, `profession`, and identifiers: `npi`, `license`, `board` and those of `others`.
///
/// # Errors
/// [`RosterError`] at the first line that is wrong.
pub fn parse(text: &str, others: &[IdentifierId]) -> Result<Vec<Listed>, RosterError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let broken = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                RosterError::Fields { line, expected: *expected_len, found: *len }
            }
            _ => RosterError::Csv { line, found: error.to_string() },
        }
    };
    let head = reader.headers().map_err(broken)?.clone();
    let columns: Vec<String> = head.iter().map(str::to_owned).collect();
    if !["first_name", "last_name"].iter().all(|wanted| columns.iter().any(|column| column == wanted)) {
        return Err(RosterError::Columns { found: columns.join(", ") });
    }
    let known: Vec<&str> = IDENTIFIERS.into_iter().chain(others.iter().map(IdentifierId::as_str)).collect();
    for (place, column) in columns.iter().enumerate() {
        if !FACTS.iter().chain(&known).any(|name| name == column) {
            return Err(RosterError::Column { known: known.join(", "), found: column.clone() });
        }
        if columns.iter().take(place).any(|before| before == column) {
            return Err(RosterError::Twice { found: column.clone() });
        }
    }
    let mut people = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        if people.len() == ROSTER_MAX {
            return Err(RosterError::TooMany);
        }
        people.push(Listed { line, person: person(line, &columns, &record)? });
    }
    Ok(people)
}

fn person(line: u64, columns: &[String], record: &csv::StringRecord) -> Result<Person, RosterError> {
    let mut person = Person {
        learner: LearnerRef([0; 16]),
        first_name: String::new(),
        last_name: String::new(),
        birthday: None,
        profession: None,
        identifiers: Vec::new(),
        roster: true,
    };
    let (mut month, mut day) = (None, None);
    for (column, value) in columns.iter().zip(record) {
        let wrong =
            |expected| RosterError::Field { line, column: column.clone(), expected, found: value.to_owned() };
        match column.as_str() {
            _ if !is_line(value) => return Err(wrong("at most 100 characters of a line")),
            "first_name" | "last_name" if value.is_empty() => return Err(wrong("a name")),
            "first_name" => person.first_name = value.to_owned(),
            "last_name" => person.last_name = value.to_owned(),
            _ if value.is_empty() => {}
            "birth_month" => month = Some(value.parse::<u8>().map_err(|_| wrong("1 to 12"))?),
            "birth_day" => day = Some(value.parse::<u8>().map_err(|_| wrong("1 to 31"))?),
            "profession" => {
                let profession = ProfessionId::new(value).map_err(|_| wrong("the name of a profession"))?;
                person.profession = Some(profession);
            }
            _ if is_shortened(value) => {
                return Err(wrong("every digit of the number, in a column formatted as text"));
            }
            kind => {
                let id = IdentifierId::new(kind)
                    .map_err(|_| wrong("the name of an identifier as the column's"))?;
                person.identifiers.push(IdentifierValue { id, value: value.to_owned() });
            }
        }
    }
    let of = |name: &str| {
        let mut fields = columns.iter().zip(record);
        fields.find_map(|(column, value)| (column == name).then_some(value)).unwrap_or_default()
    };
    match (month, day) {
        (None, None) => {}
        (Some(month), Some(day)) if (Birthday { month, day }).is_possible() => {
            person.birthday = Some(Birthday { month, day });
        }
        _ => {
            return Err(RosterError::Field {
                line,
                column: "birth_month, birth_day".to_owned(),
                expected: "a day of the year, or neither",
                found: format!("{}, {}", of("birth_month"), of("birth_day")),
            });
        }
    }
    Ok(person)
}

/// Whether a number is as a spreadsheet shortens it, such as `1.23457E+09`.
fn is_shortened(value: &str) -> bool {
    let digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b','));
    value.split_once("E+").is_some_and(|(number, power)| digits(number) && digits(power))
}

/// What a line of a roster leaves open stays as it was.
fn keep(person: &mut Person, known: Option<Person>) {
    let Some(known) = known else { return };
    person.birthday = person.birthday.or(known.birthday);
    person.profession = person.profession.take().or(known.profession);
    for number in known.identifiers {
        if person.identifiers.iter().all(|listed| listed.id != number.id) {
            person.identifiers.push(number);
        }
    }
}

/// Whether a line is about somebody with one of its numbers, which may be mistyped: the last name
/// agrees, and the birthday, or where one is not known the first name.
fn is_same(listed: &Person, known: &Person) -> bool {
    let alike = |one: &str, other: &str| folded("", one) == folded("", other);
    alike(&listed.last_name, &known.last_name)
        && match (listed.birthday, known.birthday) {
            (Some(one), Some(other)) => one == other,
            _ => alike(&listed.first_name, &known.first_name),
        }
}

impl Ledger {
    /// Takes a roster: people who are known become as it says, and where it says nothing stay
    /// as they were; others are new, and lines of which it is not sure change nobody. A row
    /// says who took it and what it came to.
    ///
    /// # Errors
    /// [`LedgerError`]; lines before were taken, and taking the roster again is fine.
    pub async fn take_roster(&self, people: Vec<Listed>, by: &str) -> Result<TakenRoster, LedgerError> {
        let mut taken = TakenRoster::default();
        for Listed { line, person } in people {
            match self.take_listed(person).await? {
                Whose::New => taken.new += 1,
                Whose::Known(_) => taken.known += 1,
                Whose::Unsure => taken.unsure.push(line),
            }
        }
        let TakenRoster { new, known, unsure } = &taken;
        let about = format!("{new} new, {known} known, {} unsure", unsure.len());
        let act = Fact::Acted { act: "roster_taken".to_owned(), about };
        self.add(&[Entry::new(time::now(), by, act)]).await?;
        Ok(taken)
    }

    /// Takes a line. Nobody else decides about this name or one of these numbers meanwhile, in
    /// any process: who is found is so until it is written.
    async fn take_listed(&self, mut person: Person) -> Result<Whose, LedgerError> {
        let numbers = person.identifiers.iter();
        let numbers = numbers.map(|number| name_of_number(&number.id, &number.value));
        let name = name_of_person(&folded(&person.first_name, &person.last_name));
        let names: Vec<String> = numbers.chain([name]).collect();
        write_on!(&self.database, tx => {
            hold!(&self.database, tx, names);
            let whose = self.whose(&person).await?;
            match whose {
                Whose::Known(learner) => {
                    person.learner = learner;
                    keep(&mut person, self.person(&learner).await?);
                }
                Whose::New => {
                    SystemRandom::new().fill(&mut person.learner.0).map_err(|_| KeyError::Random)?;
                }
                Whose::Unsure => return Ok(whose),
            }
            know!(tx, latest([&person]));
            tx.commit().await?;
            Ok(whose)
        })
    }

    /// Whom a line is about.
    async fn whose(&self, person: &Person) -> Result<Whose, LedgerError> {
        let mut sure: Vec<LearnerRef> = Vec::new();
        let mut near = false;
        for identifier in &person.identifiers {
            for other in self.people_numbered(&identifier.id, &identifier.value).await? {
                match is_same(person, &other) {
                    true => sure.push(other.learner),
                    false => near = true,
                }
            }
        }
        // Somebody else has the number that the line says of a person of its name.
        let mistaken = sure.is_empty() && near;
        if sure.is_empty() {
            let (first, last) = (&person.first_name, &person.last_name);
            if person.birthday.is_some() {
                let born = self.people_born(first, last, person.birthday).await?;
                sure.extend(born.into_iter().map(|other| other.learner));
            }
            near |= match (sure.is_empty(), person.birthday) {
                (false, _) => false,
                (true, Some(_)) => !self.people_born(first, last, None).await?.is_empty(),
                (true, None) => !self.people_named(first, last).await?.is_empty(),
            };
        }
        sure.sort_unstable();
        sure.dedup();
        Ok(match sure.as_slice() {
            [learner] if !mistaken => Whose::Known(*learner),
            [] if !near => Whose::New,
            _ => Whose::Unsure,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_its_head() {
        let text =
            "\u{feff}last_name,first_name,npi,birth_month,birth_day\nBø,Åsa,1234567893,2,29\nLi, Wei ,,,\n";
        let people = parse(text, &[]).expect("a roster");
        assert_eq!(people.len(), 2);
        assert_eq!((people[0].line, people[0].person.birthday), (2, Some(Birthday { month: 2, day: 29 })));
        assert_eq!(people[0].person.identifiers.len(), 1);
        assert_eq!((people[1].person.first_name.as_str(), people[1].person.identifiers.len()), ("Wei", 0));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let head = "first_name,last_name,birth_month,birth_day\n";
        for (text, expected) in [
            ("name\nA".to_owned(), "expected the columns first_name and last_name, found name"),
            (format!("{head},B,1,1"), "line 2, column first_name: expected a name"),
            (
                format!("{head}A,B,13,1"),
                "line 2, column birth_month, birth_day: expected a day of the year, or neither, found \"13, 1\"",
            ),
            (
                "first_name,last_name,birth_year\nA,B,1980".to_owned(),
                "found \"birth_year\"; leave the column out",
            ),
            ("first_name,last_name,npi,npi\nA,B,1,2".to_owned(), "found \"npi\" twice"),
            (
                "first_name,last_name,npi\nA,B,1.23457E+09".to_owned(),
                "line 2, column npi: expected every digit",
            ),
            (format!("{head}A,B,1"), "line 2: expected 4 fields as the head has, found 3"),
            (format!("{head}A,B,1,1\nA,B,x,1"), "line 3, column birth_month: expected 1 to 12, found \"x\""),
            (format!("{head}A,B\u{0}C,1,1"), "line 2, column last_name: expected at most 100 characters"),
            (format!("{head}{},B,1,1", "A".repeat(101)), "line 2, column first_name: expected at most 100"),
            (format!("{head}A,B,1,"), "expected a day of the year, or neither"),
            (format!("{head}A,B,1,1,9"), "line 2"),
        ] {
            let error = parse(&text, &[]).expect_err(&text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
