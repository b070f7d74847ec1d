//! What was reported to a board is in the ledger: once, corrected, again, taken back.

use std::fs;
use std::path::Path;
use std::process::Command;

use enduring_core::id::StatementId;
use enduring_core::record::RecordRef;
use enduring_provider::intake::{Act, DeskPolicy, Intake};
use enduring_provider::ledger::{Added, Database, Entry, Fact, Ledger, ReportAct, Reported};
use enduring_provider::time;

use crate::databases::{Fresh, Kind, vectors};
use crate::material::{consenting, intake};
use crate::on_both;

on_both! {
    a_completion_is_reported_once,
    what_changed_since_is_told_apart,
    what_does_not_hold_any_more_is_taken_back_once,
    credit_given_again_is_new_only_where_it_was_taken_out,
    two_reports_at_once_are_not_both_recorded,
    what_the_columns_leave_out_now_is_not_forgotten,
    what_lacks_something_now_says_where_it_was_reported,
    a_file_that_lost_its_name_is_matched_to_the_ledger,
}

const COLUMNS: &str = r#"
format = "enduring-columns/1"
id = "sample-board"
version = "1"
recipients = ["Sample Accreditation Board"]
[[column]]
header = "Last"
source = "last-name"
need = "required"
[[column]]
header = "Date"
source = "completed"
need = "required"
[[column]]
header = "Credit"
source = "credit-type"
need = "required"
[[column]]
header = "Amount"
source = "amount"
need = "required"
"#;

struct Place {
    fresh: Fresh,
    folder: tempfile::TempDir,
    desk: Intake,
    records: Vec<RecordRef>,
}

impl Place {
    async fn with(kind: Kind, count: usize) -> Self {
        let fresh = kind.fresh();
        let folder = tempfile::tempdir().expect("a folder");
        let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
        let mut place = Self { fresh, folder, desk, records: Vec::new() };
        place.columns(COLUMNS);
        for text in consenting(count) {
            place.send(text).await;
        }
        place
    }

    async fn send(&mut self, text: String) {
        let answer = self.desk.submit(text, None).await.expect("an answer");
        self.records.push(answer.record.expect("a record"));
    }

    fn columns(&self, text: &str) {
        fs::write(self.folder.path().join("columns.toml"), text).expect("a file");
    }

    async fn withdraw(&self, record: RecordRef) {
        let statement = StatementId::new("reporting").expect("a name");
        self.desk.withdraw_consent(&record, &statement, "ada").await.expect("withdrawn");
    }

    /// The command where all is well, and what it says.
    fn report(&self, more: &str) -> String {
        let (code, said) = self.command(more);
        assert_eq!(code, Some(0), "{said}");
        said
    }

    /// The command: how it ends, and what it says.
    fn command(&self, more: &str) -> (Option<i32>, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
            .current_dir(vectors())
            .args("report pars --packs packs --issuers issuers.json".split(' '))
            .args(["--database", &self.fresh.address])
            .arg("--columns")
            .arg(self.folder.path().join("columns.toml"))
            .arg("--out")
            .arg(self.out())
            .args(more.split_whitespace())
            .output()
            .expect("the command runs");
        let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned();
        (output.status.code(), said)
    }

    fn out(&self) -> std::path::PathBuf {
        self.folder.path().join("reports")
    }

    fn text(&self, name: &str) -> String {
        read(&self.out().join(name))
    }

    /// The files for the receiver, as they were recorded.
    fn files(&self) -> Vec<String> {
        let names =
            fs::read_dir(self.out()).expect("a folder").map(|entry| entry.expect("a file").file_name());
        let names = names.map(|name| name.to_string_lossy().into_owned());
        let mut found: Vec<String> = names
            .filter(|name| {
                name.starts_with("sample-board-20") && !name.ends_with("s.csv") && !name.ends_with("k.csv")
            })
            .collect();
        found.sort();
        found
    }

    /// The file of the only report that was recorded beside the one in this file.
    fn file_beside(&self, file: &str) -> String {
        let mut files = self.files();
        files.retain(|name| name != file);
        assert_eq!(files.len(), 1, "{files:?}");
        files.remove(0)
    }

    async fn rows(&self) -> Vec<Reported> {
        let rows = self.desk.ledger().of_kind("reported").await.expect("rows");
        rows.into_iter()
            .map(|row| match row.entry.fact {
                Fact::Reported(row) => *row,
                other => panic!("another row: {other:?}"),
            })
            .collect()
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lines(text: &str) -> usize {
    text.lines().count() - 1
}

async fn a_completion_is_reported_once(kind: Kind) {
    let mut place = Place::with(kind, 3).await;
    let said = place.report("");
    let each = lines(&place.text("sample-board-preview.csv"));
    assert!(each >= 3 && said.contains(&format!("rows for the receiver {each} (new {each}, ")), "{said}");
    assert!(said.contains("a preview: nothing was recorded"), "{said}");
    assert!(place.rows().await.is_empty() && place.files().is_empty(), "a preview records nothing");

    let said = place.report("--record");
    assert!(said.contains(&format!("recorded: {each} rows")), "{said}");
    let rows = place.rows().await;
    let files = place.files();
    assert!(rows.iter().all(|row| row.act == ReportAct::New && row.n == 0 && files == [row.file.clone()]));
    assert_eq!(rows.iter().map(|row| row.row as usize).collect::<Vec<_>>(), (1..=each).collect::<Vec<_>>());
    let file = place.text(&files[0]);
    assert_eq!(file, place.text("sample-board-preview.csv"), "the preview said what would be recorded");
    for row in &rows {
        let there = file.lines().nth(row.row as usize).expect("its row");
        assert!(there.ends_with(&format!("{},{}", row.credit.name, row.credit.amount)), "{there}");
    }

    for (more, expected) in [
        (
            "--record",
            format!("rows for the receiver 0 (new 0, corrected 0, again 0); reported before {each};"),
        ),
        (
            "--again",
            format!("rows for the receiver {each} (new 0, corrected 0, again {each}); reported before 0;"),
        ),
    ] {
        let said = place.report(more);
        assert!(said.contains(&expected), "{more}: {said}");
    }
    assert_eq!(lines(&place.text("reported.csv")), 0, "with --again nothing is left out");
    assert_eq!((place.rows().await.len(), place.files()), (each, files.clone()), "nothing was new");

    let text = consenting(4).pop().expect("a bundle");
    place.send(text).await;
    place.report("--record");
    let more = place.rows().await.split_off(each);
    assert!(!more.is_empty() && more.iter().all(|row| row.record == place.records[3]));
    assert_eq!(lines(&place.text("reported.csv")), each);
    assert_eq!(place.files().len(), 2, "the first file is not written over");

    place.desk.ledger().link_all().await.expect("links");
    assert_eq!(place.desk.ledger().check(&[], &[]).await.expect("a ledger").altered, None);
    let ledger = place.desk.ledger().of_kind("reported").await.expect("rows");
    let text: String = ledger.iter().map(|row| row.entry.line()).collect();
    for name in file.lines().skip(1).filter_map(|line| line.split(',').next()) {
        assert!(!text.contains(name), "{name} is in the ledger");
    }
}

async fn what_changed_since_is_told_apart(kind: Kind) {
    let place = Place::with(kind, 2).await;
    place.report("--record");
    let before = place.rows().await;
    let mut person = place.desk.ledger().person(&before[0].learner).await.expect("people").expect("a person");
    person.last_name = "Married".to_owned();
    place.desk.ledger().know(&person).await.expect("written");
    let said = place.report("--record");
    let changed: Vec<Reported> = place.rows().await.split_off(before.len());
    let expected = before.iter().filter(|row| row.learner == before[0].learner).count();
    assert!(said.contains(&format!("(new 0, corrected {expected}, again 0)")), "{said}");
    assert!(changed.iter().all(|row| row.act == ReportAct::Corrected && row.n == 1), "{changed:?}");
    let stem = changed[0].file.trim_end_matches(".csv");
    assert!(place.text(&changed[0].file).contains("Married,"));
    let told = place.text(&format!("{stem}-rows.csv"));
    assert!(told.contains(",corrected,learner\r\n") && !told.contains("Married"), "{told}");
    assert!(place.report("").contains("(new 0, corrected 0, again 0)"), "a correction is reported once");
}

async fn what_does_not_hold_any_more_is_taken_back_once(kind: Kind) {
    let place = Place::with(kind, 4).await;
    place.report("--record");
    let before = place.rows().await;
    let act = Act::Reverse { note: "a test".to_owned() };
    place.desk.decide(&place.records[0], "ada", &act).await.expect("reversed");
    let of = |record: RecordRef| before.iter().filter(move |row| row.record == record);
    let learner = |place: &Place, n: usize| of(place.records[n]).next().expect("a row").learner;
    place.withdraw(place.records[1]).await;
    place.desk.ledger().erase(&learner(&place, 2), "ada").await.expect("erased");

    let gone: Vec<&Reported> = before.iter().filter(|row| row.record != place.records[3]).collect();
    let said = place.report("--record");
    assert!(said.contains(&format!("to be taken back {}; unmatched 0; withheld 0", gone.len())), "{said}");
    let after = place.rows().await.split_off(before.len());
    assert_eq!(after.len(), gone.len());
    let asked_in = place.file_beside(&before[0].file);
    for row in &gone {
        let back = after.iter().find(|back| back.key() == row.key()).expect("taken back");
        assert_eq!((back.act, back.n, &back.file, back.row), (ReportAct::TakenBack, 1, &row.file, row.row));
        assert_eq!((row.asked_in.as_ref(), back.asked_in.as_ref()), (None, Some(&asked_in)));
        assert_eq!((row.report(), back.report()), (row.file.as_str(), asked_in.as_str()));
    }
    let names = fs::read_dir(place.out()).expect("a folder").map(|entry| entry.expect("a file").path());
    let told: String = names
        .filter(|path| path.to_string_lossy().ends_with("-taken-back.csv"))
        .map(|path| read(&path))
        .collect();
    for why in ["the credit was taken back", "consent withdrawn", "the learner was erased"] {
        assert!(told.contains(why), "{why}: {told}");
    }
    let said = place.report("--record");
    assert!(said.contains("to be taken back 0;"), "it was asked for once: {said}");
}

async fn credit_given_again_is_new_only_where_it_was_taken_out(kind: Kind) {
    let place = Place::with(kind, 1).await;
    let (record, act) = (place.records[0], |note: &str| Act::Reverse { note: note.to_owned() });
    let again = Act::Approve { learner: None, note: String::new() };
    place.report("--record");
    let each = place.rows().await.len();
    // Taken back and given again between two reports: for the receiver nothing changed.
    place.desk.decide(&record, "ada", &act("a mistake")).await.expect("reversed");
    place.desk.decide(&record, "ada", &again).await.expect("credited");
    let said = place.report("--record");
    assert!(said.contains(&format!("reported before {each}; to be taken back 0")), "{said}");
    // With a report in between it was taken out there, and is new.
    place.desk.decide(&record, "ada", &act("a mistake")).await.expect("reversed");
    place.report("--record");
    place.desk.decide(&record, "ada", &again).await.expect("credited");
    place.report("--record");
    let acts: Vec<(ReportAct, u32)> = place.rows().await.iter().map(|row| (row.act, row.n)).collect();
    for n in 0..each {
        let of_one: Vec<_> = acts.iter().skip(n).step_by(each).copied().collect();
        assert_eq!(of_one, [(ReportAct::New, 0), (ReportAct::TakenBack, 1), (ReportAct::New, 2)]);
    }
}

async fn two_reports_at_once_are_not_both_recorded(kind: Kind) {
    let place = Place::with(kind, 1).await;
    place.report("--record");
    let first = place.rows().await.remove(0);
    let rival = Reported { file: "another.csv".to_owned(), ..first };
    let row = Entry::new(time::now(), "command", Fact::Reported(Box::new(rival)));
    let added = place.desk.ledger().add(&[row]).await.expect("an answer");
    assert_eq!(added, Added::Not { place: 0 });
}

async fn what_the_columns_leave_out_now_is_not_forgotten(kind: Kind) {
    let place = Place::with(kind, 2).await;
    place.report("--record");
    let before = place.rows().await;
    place.columns(&format!("{COLUMNS}[[credit]]\nname = \"another kind\"\nreport_as = \"Another\"\n"));
    let said = place.report("--record");
    assert!(said.contains("nothing was recorded"), "{said}");
    let told = place.text("reported.csv");
    let noted = told.lines().filter(|line| line.ends_with(",not in the column map any more")).count();
    assert_eq!((noted, lines(&told)), (before.len(), before.len()), "{told}");

    // What does not hold is taken back, whatever the columns say.
    let gone: Vec<&Reported> = before.iter().filter(|row| row.record == place.records[1]).collect();
    place.withdraw(place.records[1]).await;
    place.report("--record");
    let after = place.rows().await.split_off(before.len());
    assert_eq!(after.len(), gone.len());
    assert!(after.iter().all(|row| row.act == ReportAct::TakenBack && row.record == place.records[1]));
    assert_eq!(lines(&place.text("reported.csv")), before.len() - gone.len());

    place.columns(COLUMNS);
    place.report("");
    let told = place.text("reported.csv");
    assert!(lines(&told) > 0 && told.lines().skip(1).all(|line| line.ends_with(',')), "{told}");
}

async fn what_lacks_something_now_says_where_it_was_reported(kind: Kind) {
    let mut place = Place::with(kind, 1).await;
    place.report("--record");
    let file = place.files().remove(0);
    let text = consenting(2).pop().expect("a bundle");
    place.send(text).await;
    let ledger = place.desk.ledger();
    for row in ledger.of_kind("received").await.expect("rows") {
        let Fact::Received(received) = row.entry.fact else { panic!("another row") };
        let mut person = ledger.person(&received.learner).await.expect("people").expect("a person");
        person.last_name.clear();
        ledger.know(&person).await.expect("written");
    }
    let (code, said) = place.command("--record");
    assert_eq!(code, Some(1), "{said}");
    let unmatched = place.text("unmatched.csv");
    assert!(unmatched.starts_with("record,learner,activity,credit,missing,reported in\r\n"), "{unmatched}");
    for (record, end) in place.records.iter().zip([format!(",Last,{file}"), ",Last,".to_owned()]) {
        let id = record.id.to_string();
        let found: Vec<&str> = unmatched.lines().filter(|line| line.contains(&id)).collect();
        assert!(!found.is_empty() && found.iter().all(|line| line.ends_with(&end)), "{end}: {unmatched}");
    }
}

async fn a_file_that_lost_its_name_is_matched_to_the_ledger(kind: Kind) {
    let place = Place::with(kind, 1).await;
    place.report("--record");
    let first = place.files().remove(0);
    let act = Act::Reverse { note: "a test".to_owned() };
    place.desk.decide(&place.records[0], "ada", &act).await.expect("reversed");
    place.report("--record");
    // Of this report the ledger has nothing but that rows are to be taken out.
    let list = place.file_beside(&first).replace(".csv", "-taken-back.csv");
    let part = |name: &str| place.out().join(format!("{name}.part"));
    fs::rename(place.out().join(&list), part(&list)).expect("renamed");
    let never = "sample-board-2026-01-01-000000.csv";
    fs::write(part(never), "Last\r\n").expect("a file");
    let said = place.report("");
    let recorded = format!("{list}.part: left over from a report that was recorded: rename it to {list}\n");
    assert!(said.contains(&recorded), "{said}");
    let lost = format!("{never}.part: left over from a report that is not in this ledger: delete it");
    assert!(said.contains(&lost), "{said}");
    assert_eq!(said.matches("left over").count(), 2, "{said}");
}

#[test]
fn without_an_answer_of_the_ledger_files_stay_and_the_next_report_tells_of_them() {
    crate::run(async {
        let place = Place::with(Kind::Sqlite, 1).await;
        let Database::Sqlite { pool, .. } = place.desk.ledger().database() else {
            panic!("another database")
        };
        let broken = "CREATE TRIGGER broken BEFORE INSERT ON entry WHEN NEW.kind = 'reported' \
                      BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END";
        sqlx::query(broken).execute(pool).await.expect("a trigger");
        let (code, said) = place.command("--record");
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("the disk is on fire") && said.contains("is not certain"), "{said}");
        let files = place.files();
        assert!(files.len() == 3 && files.iter().all(|name| name.ends_with(".csv.part")), "{files:?}");
        assert!(files.iter().all(|name| said.contains(name)), "{files:?}: {said}");
        assert!(place.rows().await.is_empty());

        sqlx::query("DROP TRIGGER broken").execute(pool).await.expect("no trigger");
        let said = place.report("--record");
        assert_eq!(said.matches("not in this ledger: delete it").count(), 3, "{said}");
        assert!(!place.rows().await.is_empty(), "{said}");
    });
}

#[test]
fn what_was_reported_is_of_now() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .current_dir(vectors())
        .args("report pars --packs packs --issuers issuers.json --at 2026-10-31T00:00:00Z".split(' '))
        .arg("--database")
        .arg(folder.path().join("ledger.db"))
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("--at: expected record files"), "{said}");
}

#[test]
fn only_a_ledger_remembers_what_was_reported() {
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .current_dir(vectors())
        .args("report pars valid --packs packs --issuers issuers.json --record".split(' '))
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("expected --database"), "{said}");
}
