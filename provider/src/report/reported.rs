//! What a learner report says that was reported before: what is new, what changed, and
//! what the receiver has that does not hold any more.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::id::Digest;
use enduring_core::record::CreditEarned;

use super::cells::{Cell, Sheet};
use super::{Completion, ReportFile};
use crate::ledger::{ReportAct, Reported, Told};
use crate::time;

/// How the file ends that says what each row is.
const ROWS: &str = "-rows.csv";
/// How the file ends that lists what is to be taken out.
const BACK: &str = "-taken-back.csv";

/// The report that a file is of, by its file for the receiver, as the ledger names it.
#[must_use]
pub fn report_of(file: &str) -> String {
    match file.strip_suffix(ROWS).or_else(|| file.strip_suffix(BACK)) {
        Some(stem) => format!("{stem}.csv"),
        None => file.to_owned(),
    }
}

/// What becomes of completions that were reported before and did not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchanged {
    /// They are listed apart.
    LeftOut,
    /// They are reported again.
    Again,
}

/// A report and what went before it.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its file for the receiver.
    pub file: String,
    /// What was reported last, by credit; empty without a ledger.
    pub told: BTreeMap<String, Told>,
    /// What becomes of what did not change.
    pub unchanged: Unchanged,
}

/// How a row relates to what was reported before.
pub(super) enum Relation<'a> {
    /// It goes into the file.
    Goes(ReportAct, Vec<&'static str>),
    /// It was reported so before.
    Known(&'a Told),
}

/// The rows of a report, as the ledger takes them down, and the files that tell of them.
pub(super) struct Since<'a> {
    run: &'a Run,
    met: BTreeSet<String>,
    pub rows: Vec<Reported>,
    pub known: usize,
    pub taken_back: usize,
    about: Sheet,
    before: Sheet,
    back: Sheet,
}

impl<'a> Since<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        let about = ["row", "record", "learner", "activity", "credit", "amount", "is", "changed"];
        let before = ["record", "learner", "activity", "credit", "amount", "reported", "file", "row", "note"];
        let back = ["record", "learner", "activity", "credit", "amount", "reported", "file", "row", "why"];
        Self {
            run,
            met: BTreeSet::new(),
            rows: Vec::new(),
            known: 0,
            taken_back: 0,
            about: Sheet::new(&about),
            before: Sheet::new(&before),
            back: Sheet::new(&back),
        }
    }

    /// What the receiver has of a credit; it is then not missed at the end.
    pub(super) fn told(&mut self, row: &Reported) -> Option<&'a Told> {
        let key = row.key();
        let told = self.run.told.get(&key).filter(|told| told.last.act != ReportAct::TakenBack);
        self.met.insert(key);
        told
    }

    /// How a row relates to what the receiver has.
    pub(super) fn relation(&self, row: &Reported, told: Option<&'a Told>) -> Relation<'a> {
        let Some(told) = told else { return Relation::Goes(ReportAct::New, Vec::new()) };
        let last = &told.last;
        let changed: Vec<&'static str> = [
            ("record", last.record != row.record),
            ("amount", last.credit.amount != row.credit.amount),
            ("completed", last.completed != row.completed),
            // Salts differ from record to record, so that digests of two say nothing.
            ("learner", last.record == row.record && last.who != row.who),
        ]
        .into_iter()
        .filter_map(|(what, differs)| differs.then_some(what))
        .collect();
        match (changed.is_empty(), self.run.unchanged) {
            (false, _) => Relation::Goes(ReportAct::Corrected, changed),
            (true, Unchanged::Again) => Relation::Goes(ReportAct::Again, Vec::new()),
            (true, Unchanged::LeftOut) => Relation::Known(told),
        }
    }

    /// A row that is in the file.
    pub(super) fn goes(&mut self, mut row: Reported, act: ReportAct, changed: &[&str]) {
        let place = self.rows.len() - self.taken_back + 1;
        row.row = u32::try_from(place).unwrap_or(u32::MAX);
        row.act = act;
        row.n = self.next(&row.key());
        let is = match act {
            ReportAct::New => "new",
            ReportAct::Corrected => "corrected",
            ReportAct::Again => "again",
            ReportAct::TakenBack => "taken back",
        };
        let told = [Cell::text(is), Cell::text(changed.join("; "))];
        self.about.row([Cell::count(place)].into_iter().chain(opaque(&row)).chain(told));
        self.rows.push(row);
    }

    /// A row that the receiver has already.
    pub(super) fn known(&mut self, told: &Told) {
        self.stays(told, Cell::Empty);
    }

    /// A row that the receiver has, of a kind that is not reported any more.
    pub(super) fn unmapped(&mut self, told: &Told) {
        self.stays(told, Cell::text("not in the column map any more"));
    }

    fn stays(&mut self, told: &Told, note: Cell) {
        self.before.row(opaque(&told.last).into_iter().chain(place(told)).chain([note]));
        self.known += 1;
    }

    /// A row that the receiver has and that does not hold any more.
    pub(super) fn back(&mut self, told: &Told, why: &str) {
        self.back.row(opaque(&told.last).into_iter().chain(place(told)).chain([Cell::text(why)]));
        let last = &told.last;
        let n = self.next(&last.key());
        let asked_in = Some(self.run.file.clone());
        self.rows.push(Reported { act: ReportAct::TakenBack, n, who: None, asked_in, ..last.clone() });
        self.taken_back += 1;
    }

    /// Takes back what no completion holds any more, and says all of it. A report without
    /// a ledger knows nothing of this and has no such files.
    pub(super) fn finish(&mut self) {
        let run = self.run;
        for (key, told) in &run.told {
            if !self.met.contains(key) && told.last.act != ReportAct::TakenBack {
                self.back(told, "the credit was taken back");
            }
        }
    }

    /// The files that tell of it.
    pub(super) fn files(self) -> (Vec<Reported>, [ReportFile; 3]) {
        let stem = self.run.file.trim_end_matches(".csv");
        let files = [
            ReportFile::new(format!("{stem}{ROWS}"), self.about.finish()),
            ReportFile::new(format!("{stem}{BACK}"), self.back.finish()),
            ReportFile::new("reported.csv", self.before.finish()),
        ];
        (self.rows, files)
    }

    fn next(&self, key: &str) -> u32 {
        self.run.told.get(key).map_or(0, |told| told.last.n.saturating_add(1))
    }
}

/// What would be reported about a credit of a completion.
pub(super) fn row(to: &str, file: &str, completion: &Completion, credit: &CreditEarned) -> Reported {
    Reported {
        record: completion.record,
        learner: completion.learner,
        to: to.to_owned(),
        n: 0,
        act: ReportAct::New,
        credit: credit.clone(),
        completed: completion.completed_on().map(|date| date.to_string()).unwrap_or_default(),
        who: who(completion),
        file: file.to_owned(),
        row: 0,
        asked_in: None,
    }
}

/// A digest of who the learner is said to be. Without the salt of the sheet there is none:
/// whoever has the ledger could try names and numbers until one fits.
fn who(completion: &Completion) -> Option<Digest> {
    let (salt, person) = (completion.salt.as_ref()?, completion.person.as_ref()?);
    let birthday = person.birthday.map(|day| [day.month, day.day]);
    let mut identifiers: Vec<(&str, &str)> =
        person.identifiers.iter().map(|value| (value.id.as_str(), value.value.as_str())).collect();
    identifiers.sort_unstable();
    let said = (salt, &person.first_name, &person.last_name, birthday, identifiers);
    serde_json::to_vec(&said).ok().map(|text| Digest::of(&[b"enduring-reported/1", &text]))
}

fn opaque(row: &Reported) -> [Cell; 5] {
    [
        Cell::text(row.record.id.to_string()),
        Cell::text(row.learner.to_string()),
        Cell::text(&row.credit.accreditor_activity),
        Cell::text(&row.credit.name),
        Cell::Number(row.credit.amount.to_string()),
    ]
}

fn place(told: &Told) -> [Cell; 3] {
    [
        Cell::Number(time::utc_day(told.at)),
        Cell::text(&told.last.file),
        Cell::count(usize::try_from(told.last.row).unwrap_or(usize::MAX)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_a_report_leads_to_the_one_that_the_ledger_names() {
        let run = Run {
            file: "pars-2026-11-22-a1b2c3.csv".to_owned(),
            told: BTreeMap::new(),
            unchanged: Unchanged::LeftOut,
        };
        let (_, [rows, back, before]) = Since::new(&run).files();
        for name in [&run.file, &rows.name, &back.name] {
            assert_eq!(report_of(name), run.file, "{name}");
        }
        assert_eq!(report_of(&before.name), "reported.csv");
    }
}
