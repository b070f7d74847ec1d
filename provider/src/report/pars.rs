//! The learner report for Maintenance of Certification: a row per learner and credit,
//! with consent only, and with every field that the receiver needs. The others are
//! listed apart: the incomplete ones one by one, the withheld ones by number.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::content::Content;
use enduring_core::measure::Credit;
use enduring_core::record::CreditEarned;

use super::cells::{Cell, Sheet};
use super::columns::{AmountRule, ColumnNeed, Columns, CreditRule, DateFormat, IdentifierPart, Source};
use super::consent::{Standing, standing};
use super::facts::FindPack;
use super::reported::{self, Relation, Run, Since};
use super::{Completion, ReportError, ReportFile};
use crate::ledger::{ReportAct, Reported};

/// A learner report.
pub struct LearnerReport {
    /// The file for the receiver.
    pub file: ReportFile,
    /// `unmatched.csv` and `withheld.csv`.
    pub apart: [ReportFile; 2],
    /// What tells of reports before: what each row is, what is to be taken back, and
    /// what was left out.
    pub since: [ReportFile; 3],
    /// The rows for the receiver and those to be taken back, as the ledger takes them down.
    pub rows: Vec<Reported>,
    /// Rows that stay as the receiver has them: they did not change, or are of a kind that
    /// the column map leaves out now.
    pub known: usize,
    /// Rows that the receiver has and that do not hold any more.
    pub taken_back: usize,
    /// Rows that lack something.
    pub unmatched: usize,
    /// Rows without consent.
    pub withheld: usize,
}

impl LearnerReport {
    /// Rows for the receiver.
    #[must_use]
    pub fn reported(&self) -> usize {
        self.rows.len().saturating_sub(self.taken_back)
    }

    /// How many of the rows are this.
    #[must_use]
    pub fn count(&self, act: ReportAct) -> usize {
        self.rows.iter().filter(|row| row.act == act).count()
    }
}

/// The learner report by a column map, after what was reported before.
///
/// # Errors
/// [`ReportError::NoPack`] names the record whose pack is missing: without it nobody
/// knows which consents were asked.
pub fn pars(
    completions: &[Completion],
    packs: FindPack<'_, '_>,
    columns: &Columns,
    run: &Run,
) -> Result<LearnerReport, ReportError> {
    let head: Vec<&str> = columns.columns.iter().map(|column| column.header.as_str()).collect();
    let mut rows = Sheet::new(&head);
    let mut apart = Sheet::new(&["record", "learner", "activity", "credit", "missing", "reported in"]);
    let mut withheld: BTreeMap<Standing, usize> = BTreeMap::new();
    let mut unmatched = 0;
    let mut since = Since::new(run);
    let mut seen = BTreeSet::new();
    for completion in completions {
        if !seen.insert((completion.record.kid, completion.record.id)) {
            continue;
        }
        let digest = completion.payload.activity.digest;
        let content = packs(digest)
            .ok_or_else(|| ReportError::NoPack { record: completion.record.id.to_string(), pack: digest })?;
        for credit in &completion.credits {
            let row = reported::row(&columns.id, &run.file, completion, credit);
            let told = since.told(&row);
            let rule = rule(columns, credit);
            if rule.is_none() && told.is_none() {
                continue;
            }
            let consent = consent(content, completion, columns, credit);
            let gone = match (consent, &completion.person) {
                (_, None) if told.is_some() => Some("the learner was erased"),
                (Standing::Given, _) => None,
                (why, _) => Some(words(why)),
            };
            match (gone, told) {
                (None, _) => {}
                (Some(why), Some(told)) => {
                    since.back(told, why);
                    continue;
                }
                (Some(_), None) => {
                    *withheld.entry(consent).or_default() += 1;
                    continue;
                }
            }
            // What is not reported any more is taken back all the same where it does not hold.
            let Some(rule) = rule else {
                if let Some(told) = told {
                    since.unmapped(told);
                }
                continue;
            };
            match (cells(completion, credit, rule, columns), since.relation(&row, told)) {
                (Ok(_), Relation::Known(told)) => since.known(told),
                (Ok(cells), Relation::Goes(act, changed)) => {
                    rows.row(cells);
                    since.goes(row, act, &changed);
                }
                (Err(missing), _) => {
                    apart.row([
                        Cell::text(completion.record.id.to_string()),
                        Cell::text(completion.learner.to_string()),
                        Cell::text(completion.payload.activity.id.to_string()),
                        Cell::text(&credit.name),
                        Cell::text(missing.join("; ")),
                        told.map_or(Cell::Empty, |told| Cell::text(&told.last.file)),
                    ]);
                    unmatched += 1;
                }
            }
        }
    }
    since.finish();
    let mut counts = Sheet::new(&["reason", "rows"]);
    for (reason, count) in &withheld {
        counts.row([Cell::text(words(*reason)), Cell::count(*count)]);
    }
    let (known, taken_back) = (since.known, since.taken_back);
    let (told, since) = since.files();
    let apart = [("unmatched.csv", apart), ("withheld.csv", counts)];
    let apart = apart.map(|(name, sheet)| ReportFile::new(name, sheet.finish()));
    Ok(LearnerReport {
        file: ReportFile::new(&run.file, rows.finish()),
        apart,
        since,
        rows: told,
        known,
        taken_back,
        unmatched,
        withheld: withheld.values().sum(),
    })
}

/// How a credit is reported; none where the column map leaves its kind out.
fn rule<'a>(columns: &'a Columns, credit: &CreditEarned) -> Option<Option<&'a CreditRule>> {
    if columns.credits.is_empty() {
        return Some(None);
    }
    columns.credits.iter().find(|rule| rule.name == credit.name).map(Some)
}

fn consent(content: &Content, completion: &Completion, columns: &Columns, credit: &CreditEarned) -> Standing {
    if columns.recipients.is_empty() {
        return standing(content, completion, &[credit.accreditor.as_str()]);
    }
    let recipients: Vec<&str> = columns.recipients.iter().map(String::as_str).collect();
    standing(content, completion, &recipients)
}

fn words(reason: Standing) -> &'static str {
    match reason {
        Standing::Given => "given",
        Standing::NotAsked => "the activity asks no consent for this recipient",
        Standing::Refused => "consent refused",
        Standing::Withdrawn => "consent withdrawn",
        Standing::NoSheet => "no consent at hand",
    }
}

/// The cells of a row, or what is missing, by column.
fn cells(
    completion: &Completion,
    credit: &CreditEarned,
    rule: Option<&CreditRule>,
    columns: &Columns,
) -> Result<Vec<Cell>, Vec<String>> {
    let filled: Vec<Result<Cell, String>> =
        columns.columns.iter().map(|column| cell(completion, credit, rule, &column.source)).collect();
    let mut missing = Vec::new();
    let mut groups: BTreeMap<&str, BTreeMap<&str, bool>> = BTreeMap::new();
    for (column, cell) in columns.columns.iter().zip(&filled) {
        match (&column.need, cell) {
            (ColumnNeed::Required, Err(why)) if why.is_empty() => missing.push(column.header.clone()),
            (ColumnNeed::Required, Err(why)) => missing.push(format!("{}: {why}", column.header)),
            (ColumnNeed::Required, Ok(_)) | (ColumnNeed::Optional, _) => {}
            (ColumnNeed::OneOf { group, with }, cell) => {
                let whole = groups.entry(group).or_default().entry(with).or_insert(true);
                *whole &= cell.is_ok();
            }
        }
    }
    for (group, sets) in &groups {
        if !sets.values().any(|whole| *whole) {
            let sets: Vec<&str> = sets.keys().copied().collect();
            missing.push(format!("{group}: one of {}", sets.join(", ")));
        }
    }
    if missing.is_empty() {
        Ok(filled.into_iter().map(|cell| cell.unwrap_or(Cell::Empty)).collect())
    } else {
        Err(missing)
    }
}

/// A cell; otherwise why it is empty, where there is more to say.
fn cell(
    completion: &Completion,
    credit: &CreditEarned,
    rule: Option<&CreditRule>,
    source: &Source,
) -> Result<Cell, String> {
    let person = completion.person.as_ref();
    let text = |text: Option<&str>| match text.map(str::trim) {
        Some(text) if !text.is_empty() => Ok(Cell::text(text)),
        Some(_) | None => Err(String::new()),
    };
    match source {
        Source::FirstName => text(person.map(|person| person.first_name.as_str())),
        Source::LastName => text(person.map(|person| person.last_name.as_str())),
        Source::Birthday(between) => {
            let birthday = person.and_then(|person| person.birthday).filter(|day| day.is_possible());
            let birthday = birthday.ok_or_else(String::new)?;
            // Text, so that no spreadsheet drops the first zero by our doing.
            Ok(Cell::text(format!("{:02}{between}{:02}", birthday.month, birthday.day)))
        }
        Source::Identifier(id, part) => {
            let value =
                person.into_iter().flat_map(|person| &person.identifiers).find(|value| value.id == *id);
            text(value.and_then(|value| part_of(value.value.trim(), *part)))
        }
        Source::Activity => text(Some(&credit.accreditor_activity)),
        Source::Completed(format) => {
            let date = completion.completed_on().ok_or_else(String::new)?;
            Ok(Cell::Number(match format {
                DateFormat::MonthDayYear => {
                    format!("{:02}/{:02}/{:04}", date.month(), date.day(), date.year())
                }
                DateFormat::Iso => date.to_string(),
            }))
        }
        Source::CreditType => text(Some(rule.map_or(&credit.name, |rule| &rule.report_as))),
        Source::Amount => amount(credit.amount, rule.map(|rule| rule.amount).unwrap_or_default()),
        Source::Constant(value) => Ok(Cell::text(value)),
    }
}

/// A licence is two letters of a state, a space and a number.
fn part_of(value: &str, part: IdentifierPart) -> Option<&str> {
    if part == IdentifierPart::Whole {
        return Some(value);
    }
    let (state, number) = value.split_once(' ')?;
    let is_state = state.len() == 2 && state.bytes().all(|byte| byte.is_ascii_alphabetic());
    match part {
        IdentifierPart::Whole => None,
        IdentifierPart::State => is_state.then_some(state),
        IdentifierPart::Number => is_state.then_some(number),
    }
}

fn amount(amount: Credit, rule: AmountRule) -> Result<Cell, String> {
    match rule {
        AmountRule::AsCredited => Ok(Cell::Number(amount.to_string())),
        AmountRule::Whole if amount.0.is_multiple_of(100) => Ok(Cell::Number((amount.0 / 100).to_string())),
        AmountRule::Whole => Err(format!("expected whole points, found {amount}")),
    }
}
