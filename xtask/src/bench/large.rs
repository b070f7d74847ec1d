//! A hundred thousand records: rehearsed, verified in bounded memory, and taken into a
//! ledger by a run that is killed three times and begun again; then a ledger that grows.

use std::{
    collections::HashMap,
    fs,
    hash::{BuildHasher, RandomState},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use super::{
    Run,
    growth::{Growth, sound_rows},
    peak_of,
    postgres::Postgres,
};
use crate::{process, workspace};

/// After so many quarters of the answers a run is killed.
const KILLS: [usize; 3] = [1, 2, 3];

/// Rows of a small ledger.
const SMALL: u64 = 10_000;

/// What is measured.
pub struct Large<'a> {
    /// The command.
    pub enduring: &'a Path,
    /// The folder with `packs` and `issuers.json`.
    pub site: &'a Path,
    /// How many records.
    pub records: u32,
    /// How many rows a ledger grows to.
    pub rows: u64,
}

/// What a run of `enduring intake` told, by record; a number stands for a receipt.
#[derive(Default)]
struct Told {
    receipts: HashMap<String, u64>,
    state: RandomState,
}

/// A run of `enduring intake`.
struct Taken {
    answers: usize,
    time: Duration,
    peak_kb: u64,
}

impl Large<'_> {
    /// Measures, and fails where something is there twice, or lost.
    pub fn measure(&self, pack: &Path) -> Result<()> {
        let folder = workspace::target().join("bench-large");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        }
        fs::create_dir_all(&folder)?;
        let records = self.rehearse(pack, &folder.join("all"))?;
        self.verify(&folder, &records)?;
        process::output(
            Command::new(self.enduring).args(["key", "new", "--out"]).arg(folder.join("key.pem")),
        )?;
        let keys =
            process::output(Command::new(self.enduring).args(["key", "show"]).arg(folder.join("key.pem")))?;
        fs::write(folder.join("keys.json"), keys)?;
        self.take("SQLite", &folder, &records, |name| Ok(folder.join(name).display().to_string()))?;
        let place = std::env::temp_dir().join(format!("enduring-large-{}", std::process::id()));
        match Postgres::start(&place)? {
            Some(postgres) => self.take("PostgreSQL", &folder, &records, |name| postgres.database(name))?,
            None => println!("PostgreSQL: not measured, its programs are not there"),
        }
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        let Self { enduring, site, records: count, rows } = *self;
        Growth { enduring, site, records: &records, small: SMALL.min(u64::from(count) * 2), large: rows }
            .measure(&folder)?;
        fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))
    }

    /// The file of the records.
    fn rehearse(&self, pack: &Path, folder: &Path) -> Result<PathBuf> {
        let mut command = Command::new(self.enduring);
        command.arg("rehearse").arg(pack).arg("--out").arg(folder);
        command.args(["--jsonl", "--seed", "1", "--count", &self.records.to_string()]);
        let run = Run::of(&mut command)?;
        let file = folder.join("records.jsonl");
        println!(
            "{} learners rehearsed in {:.0} s, {:.0} a second, peak memory {} KB; the file has {} MB",
            self.records,
            run.time.as_secs_f64(),
            f64::from(self.records) / run.time.as_secs_f64(),
            run.peak_kb,
            fs::metadata(&file)?.len() / 1_000_000
        );
        Ok(file)
    }

    /// All of the records, and a tenth of them: memory is to be the same.
    fn verify(&self, folder: &Path, all: &Path) -> Result<()> {
        let tenth = folder.join("tenth.jsonl");
        let count = first_lines(all, &tenth, self.records as usize / 10)?;
        for (file, count) in [(tenth.as_path(), count), (all, lines(all)?)] {
            let mut command = Command::new(self.enduring);
            command.arg("verify").arg(file).arg("--packs").arg(self.site.join("packs"));
            command.arg("--issuers").arg(self.site.join("issuers.json")).arg("--accept-rehearsal");
            let run = Run::of(&mut command)?;
            println!(
                "{count} records verified in {:.1} s, {:.0} a second on all cores, peak memory {} KB",
                run.time.as_secs_f64(),
                count as f64 / run.time.as_secs_f64(),
                run.peak_kb
            );
        }
        Ok(())
    }

    /// Once without an interruption, and once with several; both ledgers have as many rows.
    fn take(
        &self,
        kind: &str,
        folder: &Path,
        records: &Path,
        database: impl Fn(&str) -> Result<String>,
    ) -> Result<()> {
        let count = lines(records)?;
        let whole = database("whole")?;
        let mut told = Told::default();
        let run = self.intake(folder, records, &whole, usize::MAX, &mut told)?;
        ensure!(run.answers == count, "{kind}: expected {count} answers, found {}", run.answers);
        let rows = sound_rows(self.enduring, folder, &whole)?;
        println!(
            "{count} records from a file taken on {kind} in {:.0} s, {:.0} a second, peak memory {} KB; the ledger has {rows} rows and is sound",
            run.time.as_secs_f64(),
            count as f64 / run.time.as_secs_f64(),
            run.peak_kb
        );
        let broken = database("broken")?;
        let mut told = Told::default();
        for quarter in KILLS {
            self.intake(folder, records, &broken, count * quarter / 4, &mut told)?;
        }
        let last = self.intake(folder, records, &broken, usize::MAX, &mut told)?;
        let (again, receipts) = (sound_rows(self.enduring, folder, &broken)?, told.receipts.len());
        ensure!(last.answers == count, "{kind}: expected {count} answers, found {}", last.answers);
        ensure!(again == rows, "{kind}: expected {rows} rows after runs that were killed, found {again}");
        println!(
            "  killed {} times and begun again: {again} rows and sound, {receipts} receipts, each told the same whenever it was told; the last run took {:.0} s",
            KILLS.len(),
            last.time.as_secs_f64()
        );
        Ok(())
    }

    /// `enduring intake`, to its end or killed once it has told so many answers.
    fn intake(
        &self,
        folder: &Path,
        records: &Path,
        database: &str,
        until: usize,
        told: &mut Told,
    ) -> Result<Taken> {
        let mut command = Command::new(self.enduring);
        command.arg("intake").arg(records).args(["--json", "--accept-rehearsal", "--provider", "Bench"]);
        command.arg("--database").arg(database).arg("--key").arg(folder.join("key.pem"));
        command.arg("--packs").arg(self.site.join("packs"));
        command.arg("--issuers").arg(self.site.join("issuers.json"));
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| process::line(&command))?;
        let (mut answers, mut peak_kb) = (0, 0);
        for line in BufReader::new(child.stdout.take().context("its output")?).lines().take(until) {
            told.hear(&line?)?;
            answers += 1;
            if answers % 1_000 == 0 {
                peak_kb = peak_of(&child).unwrap_or(peak_kb);
            }
        }
        if answers == until {
            child.kill()?;
            child.wait()?;
        } else {
            // 1 says that some are for review, as careless learners are.
            let status = child.wait()?;
            ensure!(
                matches!(status.code(), Some(0 | 1)),
                "`{}` ended with {status}",
                process::line(&command)
            );
        }
        Ok(Taken { answers, time: start.elapsed(), peak_kb })
    }
}

impl Told {
    fn hear(&mut self, line: &str) -> Result<()> {
        let answer: serde_json::Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let Some(receipt) = answer["receipt"].as_str() else { return Ok(()) };
        let record = answer["record"]["id"].as_str().with_context(|| format!("expected a record: {line}"))?;
        let receipt = self.state.hash_one(receipt);
        let known = *self.receipts.entry(record.to_owned()).or_insert(receipt);
        ensure!(
            known == receipt,
            "record {record}: expected the receipt that was told before, found another"
        );
        Ok(())
    }
}

fn lines(file: &Path) -> Result<usize> {
    Ok(BufReader::new(fs::File::open(file)?).split(b'\n').count())
}

/// Copies the first lines of a file, and says how many there were.
fn first_lines(from: &Path, to: &Path, count: usize) -> Result<usize> {
    let (mut out, mut copied) = (BufWriter::new(fs::File::create(to)?), 0);
    for line in BufReader::new(fs::File::open(from)?).split(b'\n').take(count) {
        out.write_all(&line?)?;
        out.write_all(b"\n")?;
        copied += 1;
    }
    out.flush()?;
    Ok(copied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_that_changes_is_heard() {
        let mut told = Told::default();
        told.hear(r#"{"record":{"id":"a"},"receipt":"one"}"#).unwrap();
        told.hear(r#"{"record":{"id":"a"},"receipt":"one"}"#).unwrap();
        told.hear(r#"{"record":{"id":"b"},"receipt":null}"#).unwrap();
        assert_eq!(told.receipts.len(), 1);
        let error = told.hear(r#"{"record":{"id":"a"},"receipt":"two"}"#).unwrap_err().to_string();
        assert!(error.contains("record a"), "{error}");
    }
}
