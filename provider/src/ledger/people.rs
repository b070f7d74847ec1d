//! What is personal, beside the ledger: names, birthdays, identifiers and separate parts
//! of records. It can be erased; the chain and every proof hold without it.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::id::{IdentifierId, LearnerRef, ProfessionId};
use enduring_core::record::{Birthday, IdentifierValue};
use unicode_normalization::UnicodeNormalization;

use super::database::{on, write_on};
use super::{Ledger, LedgerError};

/// A person, as a roster or a learner says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// In the ledger.
    pub learner: LearnerRef,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Birth month and day, where known.
    pub birthday: Option<Birthday>,
    /// Profession, where known.
    pub profession: Option<ProfessionId>,
    /// Numbers of boards and licences.
    pub identifiers: Vec<IdentifierValue>,
    /// Whether the provider's roster says so; else the learner did.
    pub roster: bool,
}

/// A person's row: learner, first and last name, birth month and day, profession, roster.
type PersonRow = (String, String, String, Option<i64>, Option<i64>, Option<String>, i64);

/// A name for comparing: case, how its letters are put together (NFKC), and everything but letters and
/// digits do not count.
#[must_use]
pub fn folded(first: &str, last: &str) -> String {
    format!("{} {}", fold(first), fold(last))
}

fn fold(name: &str) -> String {
    // By way of capitals, so that ß is ss, as in capitals it is.
    let small = name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    small.nfkc().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The words that names are found by: each part, and each name as a whole.
pub(super) fn name_words(names: &[&str]) -> BTreeSet<String> {
    let names: Vec<String> = names.iter().map(|name| name.nfkc().collect()).collect();
    let parts = names.iter().flat_map(|name| name.split(|letter: char| !letter.is_alphanumeric()));
    parts.chain(names.iter().map(String::as_str)).map(fold).filter(|word| !word.is_empty()).collect()
}

/// A number for comparing: case and everything but letters and digits do not count. Empty for what is
/// no number, such as the dash of somebody who has none: nobody is found by that.
#[must_use]
pub fn folded_number(value: &str) -> String {
    value.nfkc().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// How people are looked for.
enum Look<'a> {
    Learner(&'a str),
    Named(&'a str),
    Born(&'a str, Option<Birthday>),
    Words(&'a [(String, String); 3]),
    Numbered(&'a str, &'a str),
}

macro_rules! person {
    ($where:literal) => {
        concat!(
            "SELECT learner, first_name, last_name, birth_month, birth_day, profession, roster FROM person WHERE ",
            $where,
            " ORDER BY folded LIMIT 50"
        )
    };
}
const BY_LEARNER: &str = person!("learner = $1");
const BY_NAME: &str = person!("folded = $1");
const BY_BIRTHDAY: &str = person!("folded = $1 AND birth_month = $2 AND birth_day = $3");
const OF_NO_BIRTHDAY: &str = person!("folded = $1 AND birth_month IS NULL");
// Of a name that very many have, the first that the index comes to: a person has few words
// of one beginning, and whole words come before longer ones.
const BY_WORDS: &str = person!(
    "learner IN (SELECT a.learner FROM name_word a WHERE a.word >= $1 AND a.word < $2 \
     AND EXISTS (SELECT 1 FROM name_word b WHERE b.learner = a.learner AND b.word >= $3 AND b.word < $4) \
     AND EXISTS (SELECT 1 FROM name_word c WHERE c.learner = a.learner AND c.word >= $5 AND c.word < $6) \
     ORDER BY a.word, a.learner LIMIT 400)"
);
const BY_NUMBER: &str = person!("learner IN (SELECT learner FROM identifier WHERE kind = $1 AND value = $2)");

/// Who learners are, each once: what is said last holds.
pub(super) fn latest<'a>(people: impl IntoIterator<Item = &'a Person>) -> Vec<(String, &'a Person)> {
    let by_learner: BTreeMap<String, &Person> =
        people.into_iter().map(|person| (person.learner.to_string(), person)).collect();
    by_learner.into_iter().collect()
}

/// Writes down on a transaction who learners are, as [`latest`] has them.
macro_rules! know {
    ($tx:expr, $people:expr) => {{
        use $crate::ledger::people::{IDENTIFIER, KNOW, REPLACE, folded, folded_number, name_words};
        use $crate::ledger::portions::{clear, fill};
        let people: Vec<(String, &$crate::ledger::Person)> = $people;
        let learners: Vec<&String> = people.iter().map(|(learner, _)| learner).collect();
        clear!($tx, "DELETE FROM identifier WHERE learner IN (", learners);
        fill!(
            $tx,
            KNOW,
            people,
            (learner, person) => [
                learner,
                &person.first_name,
                &person.last_name,
                folded(&person.first_name, &person.last_name),
                person.birthday.map(|day| i64::from(day.month)),
                person.birthday.map(|day| i64::from(day.day)),
                person.profession.as_ref().map(ToString::to_string),
                i64::from(person.roster),
            ],
            REPLACE
        );
        clear!($tx, "DELETE FROM name_word WHERE learner IN (", learners);
        let mut words: Vec<(String, &String)> = Vec::new();
        let mut numbers: Vec<(&String, &enduring_core::record::IdentifierValue)> = Vec::new();
        for (learner, person) in &people {
            let of_name = name_words(&[&person.first_name, &person.last_name]);
            words.extend(of_name.into_iter().map(|word| (word, learner)));
            numbers.extend(person.identifiers.iter().map(|number| (learner, number)));
        }
        let end = " ON CONFLICT DO NOTHING";
        fill!($tx, "INSERT INTO name_word (word, learner) ", words, (word, learner) => [word, *learner], end);
        fill!(
            $tx,
            IDENTIFIER,
            numbers,
            (learner, number) => [*learner, number.id.as_str(), folded_number(&number.value), &number.value],
            end
        );
    }};
}
pub(super) use know;

/// Writes down on a transaction what is not known yet of learners: nothing that was said
/// before is replaced.
macro_rules! fill_gaps {
    ($tx:expr, $people:expr) => {{
        use $crate::ledger::people::{GAPS, IDENTIFIER, IS_KNOWN, folded_number, know, latest};
        use $crate::ledger::portions::fill;
        for (learner, person) in latest($people) {
            let is_known: Option<(i64,)> =
                sqlx::query_as(IS_KNOWN).bind(&learner).fetch_optional(&mut *$tx).await?;
            if is_known.is_none() {
                know!($tx, vec![(learner, person)]);
                continue;
            }
            let numbers: Vec<_> = person.identifiers.iter().collect();
            fill!(
                $tx,
                IDENTIFIER,
                numbers,
                number => [&learner, number.id.as_str(), folded_number(&number.value), &number.value],
                " ON CONFLICT DO NOTHING"
            );
            sqlx::query(GAPS)
                .bind(&learner)
                .bind(person.birthday.map(|day| i64::from(day.month)))
                .bind(person.birthday.map(|day| i64::from(day.day)))
                .bind(person.profession.as_ref().map(ToString::to_string))
                .execute(&mut *$tx)
                .await?;
        }
    }};
}
pub(super) use fill_gaps;

pub(super) const IS_KNOWN: &str = "SELECT roster FROM person WHERE learner = $1";
pub(super) const GAPS: &str = "UPDATE person SET birth_month = COALESCE(birth_month, $2), \
     birth_day = COALESCE(birth_day, $3), profession = COALESCE(profession, $4) WHERE learner = $1";
/// The row of a person.
pub(super) const KNOW: &str = "INSERT INTO person (learner, first_name, last_name, folded, birth_month, birth_day, profession, roster) ";
/// The rows of a person's numbers.
pub(super) const IDENTIFIER: &str = "INSERT INTO identifier (learner, kind, value, typed) ";
/// It replaces what was written before.
pub(super) const REPLACE: &str = " ON CONFLICT (learner) DO UPDATE SET \
     first_name = excluded.first_name, last_name = excluded.last_name, folded = excluded.folded, \
     birth_month = excluded.birth_month, birth_day = excluded.birth_day, \
     profession = excluded.profession, roster = excluded.roster";

impl Ledger {
    /// Writes down who a learner is; what was written before of the same learner is replaced.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn know(&self, person: &Person) -> Result<(), LedgerError> {
        write_on!(&self.database, tx => {
            know!(tx, latest([person]));
            tx.commit().await?;
            Ok(())
        })
    }

    /// Who a learner is, where it is known and was not erased.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn person(&self, learner: &LearnerRef) -> Result<Option<Person>, LedgerError> {
        Ok(self.people(Look::Learner(&learner.to_string())).await?.pop())
    }

    /// Everyone of that name, however it is spelled.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn people_named(&self, first: &str, last: &str) -> Result<Vec<Person>, LedgerError> {
        self.people(Look::Named(&folded(first, last))).await
    }

    /// Everyone of that name with that birthday, or of whom none is known.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn people_born(
        &self,
        first: &str,
        last: &str,
        birthday: Option<Birthday>,
    ) -> Result<Vec<Person>, LedgerError> {
        self.people(Look::Born(&folded(first, last), birthday)).await
    }

    /// Everyone with names that begin with the words of the text (three count), the
    /// first fifty by name.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn people_like(&self, text: &str) -> Result<Vec<Person>, LedgerError> {
        // The longest word is looked up first: it leaves the fewest people.
        let mut words: Vec<String> =
            text.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut words = words.into_iter();
        let ranges = [(); 3].map(|()| {
            let word = words.next().unwrap_or_default();
            let end = format!("{word}\u{10ffff}");
            (word, end)
        });
        self.people(Look::Words(&ranges)).await
    }

    /// Everyone with that number of a board or licence.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn people_numbered(
        &self,
        kind: &IdentifierId,
        value: &str,
    ) -> Result<Vec<Person>, LedgerError> {
        match folded_number(value).as_str() {
            "" => Ok(Vec::new()),
            number => self.people(Look::Numbered(kind.as_str(), number)).await,
        }
    }

    async fn people(&self, look: Look<'_>) -> Result<Vec<Person>, LedgerError> {
        let rows: Vec<PersonRow> = on!(&self.database, pool => match look {
            Look::Learner(learner) => sqlx::query_as(BY_LEARNER).bind(learner).fetch_all(pool).await,
            Look::Named(name) => sqlx::query_as(BY_NAME).bind(name).fetch_all(pool).await,
            Look::Born(name, Some(day)) => {
                let query = sqlx::query_as(BY_BIRTHDAY).bind(name).bind(i64::from(day.month));
                query.bind(i64::from(day.day)).fetch_all(pool).await
            }
            Look::Born(name, None) => sqlx::query_as(OF_NO_BIRTHDAY).bind(name).fetch_all(pool).await,
            Look::Words([(a, az), (b, bz), (c, cz)]) => {
                let query = sqlx::query_as(BY_WORDS).bind(a).bind(az).bind(b).bind(bz);
                query.bind(c).bind(cz).fetch_all(pool).await
            }
            Look::Numbered(kind, value) => {
                sqlx::query_as(BY_NUMBER).bind(kind).bind(value).fetch_all(pool).await
            }
        })?;
        let mut people = Vec::with_capacity(rows.len());
        for row in rows {
            people.push(self.with_identifiers(row).await?);
        }
        Ok(people)
    }

    async fn with_identifiers(&self, row: PersonRow) -> Result<Person, LedgerError> {
        let (learner, first_name, last_name, month, day, profession, roster) = row;
        let select = "SELECT kind, COALESCE(typed, value) FROM identifier WHERE learner = $1 ORDER BY kind";
        let identifiers: Vec<(String, String)> = on!(&self.database, pool =>
            sqlx::query_as(select).bind(&learner).fetch_all(pool).await)?;
        let unreadable = |what| LedgerError::Unreadable { what };
        let identifiers = identifiers.into_iter().map(|(kind, value)| {
            let id = IdentifierId::new(kind).map_err(|_| unreadable("identifier.kind"))?;
            Ok(IdentifierValue { id, value })
        });
        let number = |number: Option<i64>| number.and_then(|number| u8::try_from(number).ok());
        let birthday = number(month).zip(number(day)).map(|(month, day)| Birthday { month, day });
        Ok(Person {
            learner: LearnerRef::parse(&learner).ok_or_else(|| unreadable("person.learner"))?,
            first_name,
            last_name,
            birthday,
            profession: profession.and_then(|profession| ProfessionId::new(profession).ok()),
            identifiers: identifiers.collect::<Result<_, LedgerError>>()?,
            roster: roster != 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_however_it_is_typed() {
        for (one, other) in [
            ("Zo\u{eb} M\u{fc}ller", "Zoe\u{308} Mu\u{308}ller"),
            ("Wei\u{df}", "WEISS"),
            ("O\u{2019}Brien-Smith", "o'brien smith"),
            ("\u{ff21}\u{ff44}a", "Ada"),
            ("\u{fb01}sher", "Fisher"),
            ("\u{130}nci", "I\u{307}nci"),
        ] {
            assert_eq!(fold(one), fold(other));
            assert!(!name_words(&[one]).is_disjoint(&name_words(&[other])), "{one}");
        }
        assert_ne!(fold("Zo\u{eb}"), fold("Zoe"), "another letter is another name");
        assert_eq!(
            name_words(&["Zoe\u{308} Li"]),
            ["zo\u{eb}", "li", "zo\u{eb}li"].map(str::to_owned).into()
        );
        assert_eq!(folded_number("\u{ff11}2-3a"), "123A");
    }
}
