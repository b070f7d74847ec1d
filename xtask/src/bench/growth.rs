//! Whether a ledger of ten million rows takes records and finds them as fast as a small one.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use super::{
    intake::{Connection, Server},
    postgres::Postgres,
};
use crate::process;

/// Copies that are made in one transaction.
const AT_ONCE: u64 = 50;
/// How often each thing is asked for.
const TIMES: usize = 100;
/// Records to send at each size.
const SENT: usize = 200;

/// What is searched for: a name that many have, an activity, the newest, what waits.
const SEARCHES: [(&str, &str); 4] = [
    ("a name", "/desk/search?q=laurel"),
    ("an activity", "/desk/search?activity=community-acquired-pneumonia"),
    ("the newest", "/desk/search"),
    ("the queue", "/desk/queue"),
];

/// What is measured.
pub struct Growth<'a> {
    /// The command.
    pub enduring: &'a Path,
    /// The folder with `packs` and `issuers.json`.
    pub site: &'a Path,
    /// A file of records, one on each line: most of them for the start, the last to be sent.
    pub records: &'a Path,
    /// Rows of the small ledger.
    pub small: u64,
    /// Rows of the large one.
    pub large: u64,
}

/// Middle times of a size, in milliseconds: of sending, and of each search.
type Times = Vec<(String, f64)>;

impl Growth<'_> {
    /// Measures on every database that is there, and prints.
    pub fn measure(&self, folder: &Path) -> Result<()> {
        let sqlite = folder.join("growth.db");
        let mut command = Command::new("sqlite3");
        command.args(["-bail", "-cmd", "PRAGMA synchronous = OFF", "-cmd", "PRAGMA cache_size = -1000000"]);
        self.on("SQLite", folder, &sqlite.display().to_string(), command.arg(&sqlite), |text| {
            text.replace("{hex}", "printf('%08x', n)").replace("{hash}", "zeroblob(32)")
        })?;
        fs::remove_file(&sqlite)?;
        let place = std::env::temp_dir().join(format!("enduring-growth-{}", std::process::id()));
        if let Some(postgres) = Postgres::start(&place)? {
            let address = postgres.database("growth")?;
            self.on("PostgreSQL", folder, &address, &mut postgres.psql("growth")?, |text| {
                text.replace("{hex}", "lpad(to_hex(n), 8, '0')")
                    .replace("{hash}", "decode(repeat('00', 32), 'hex')")
            })?;
        }
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        Ok(())
    }

    fn on(
        &self,
        kind: &str,
        folder: &Path,
        database: &str,
        shell: &mut Command,
        dialect: impl Fn(&str) -> String,
    ) -> Result<()> {
        let mut lines = BufReader::new(File::open(self.records)?).lines();
        let mut next = |count: usize| lines.by_ref().take(count).collect::<Result<Vec<String>, _>>();
        let first = folder.join("growth.jsonl");
        // A record has more than four rows.
        let start = usize::try_from(self.small / 4)?.saturating_sub(SENT);
        fs::write(&first, next(start)?.join("\n"))?;
        let mut intake = Command::new(self.enduring);
        intake.arg("intake").arg(&first).args(["--accept-rehearsal", "--provider", "Bench"]);
        intake.arg("--database").arg(database).arg("--key").arg(folder.join("key.pem"));
        intake.arg("--packs").arg(self.site.join("packs"));
        intake
            .arg("--issuers")
            .arg(self.site.join("issuers.json"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        process::run(&mut intake)?;
        let account =
            ["staff", "add", "bench", "--role", "reviewer", "--password-stdin", "--database", database];
        input(Command::new(self.enduring).args(account), PASSWORD)?;
        let small = self.times(folder, database, &next(SENT)?)?;
        let rows = sound_rows(self.enduring, folder, database)?;
        let copies = self.large.saturating_sub(rows) / rows;
        println!("{kind}: a ledger of {rows} rows; {copies} copies of it are made");
        let begun = Instant::now();
        input(shell, include_str!("grow_from.sql"))?;
        for from in (1..=copies).step_by(usize::try_from(AT_ONCE)?) {
            let to = (from + AT_ONCE - 1).min(copies);
            let text = dialect(include_str!("grow.sql"));
            let text = text.replace("{from}", &from.to_string()).replace("{to}", &to.to_string());
            input(shell, &format!("BEGIN;\n{text}\nCOMMIT;\n"))?;
        }
        if kind == "PostgreSQL" {
            // It does so by itself within a minute; SQLite does not at all.
            input(shell, "ANALYZE;\n")?;
        }
        println!("  copied in {:.0} s", begun.elapsed().as_secs_f64());
        let large = self.times(folder, database, &next(SENT)?)?;
        let after = rows * (copies + 1);
        for ((what, small), (_, large)) in small.iter().zip(&large) {
            let ratio = large / small;
            println!(
                "  {what}: {small:.1} ms with {rows} rows, {large:.1} ms with about {after}: {ratio:.2} times, budget 2"
            );
        }
        Ok(())
    }

    /// Sends records one after another, and searches.
    fn times(&self, folder: &Path, database: &str, records: &[String]) -> Result<Times> {
        let server = Server::start(self.enduring, self.site, folder, database)?;
        let mut connection = Connection::open(&server.address)?;
        let mut sent = Vec::new();
        for record in records {
            let start = Instant::now();
            connection.post(record)?;
            sent.push(start.elapsed());
        }
        let mut times = vec![("sending a record".to_owned(), middle(sent))];
        let cookie = connection.sign_in("bench", PASSWORD)?;
        for (what, path) in SEARCHES {
            let mut took = Vec::new();
            for _ in 0..TIMES {
                let start = Instant::now();
                let page = connection.get(path, &cookie)?;
                took.push(start.elapsed());
                ensure!(page.contains("</html>"), "{path}: expected a page, found {page}");
            }
            times.push((what.to_owned(), middle(took)));
        }
        Ok(times)
    }
}

/// Of an account that is gone with its database.
const PASSWORD: &str = "very many rows of a ledger";

fn middle(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// Runs a program over a text.
fn input(command: &mut Command, text: &str) -> Result<()> {
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| process::line(command))?;
    child.stdin.take().context("its input")?.write_all(text.as_bytes())?;
    let output = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{}` ended with {}: {said}", process::line(command), output.status);
    Ok(())
}

/// The rows of a ledger that is sound.
pub fn sound_rows(enduring: &Path, folder: &Path, database: &str) -> Result<u64> {
    let mut command = Command::new(enduring);
    command.args(["ledger", "verify", "--json", "--database", database]);
    let told = process::output(command.arg("--keys").arg(folder.join("keys.json")))?;
    let told: serde_json::Value = serde_json::from_str(&told)?;
    let rows = told["rows"].as_u64();
    rows.with_context(|| format!("`enduring ledger verify`: expected rows, found {told}"))
}
