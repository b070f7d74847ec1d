//! The figures of the performance budgets. In [`page`] those of the player in a browser, and
//! here the native ones: signature checks and whole
//! verifications, against openssl on the same machine in the same run, records taken by a
//! server, and the virtual seconds of a simulated patient.

mod bank;
mod growth;
mod intake;
mod large;
pub mod page;
mod postgres;

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use enduring_core::{
    content::{self, Activity, PartBody, patient::Patient},
    session::Bedside,
};
use rcgen::{KeyPair, SigningKey};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

use self::large::Large;
use crate::{dist, process, setup, workspace};

/// Rows of a provider's ledger in years.
const ROWS: u64 = 10_000_000;

/// So often are full verifications measured beside bare checks.
const PAIRS: usize = 5;

/// How much is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All the rates, in minutes.
    #[default]
    Rates,
    /// A hundred thousand records through everything, in an hour.
    Large,
}

impl Extent {
    /// How many records it takes.
    fn records(self) -> u32 {
        match self {
            Self::Rates => 5_000,
            Self::Large => 100_000,
        }
    }
}

/// What to measure.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Records to verify and to take; by default few enough to write in seconds.
    pub records: Option<u32>,
    /// How much is measured.
    pub extent: Extent,
    /// A build of the command; by default the one that is made.
    pub enduring: Option<PathBuf>,
}

/// Measures and prints; figures, not verdicts, since machines differ. Runs as an
/// optimized build: see [`run`].
pub fn measure(wanted: &Wanted) -> Result<()> {
    if let Ok(load) = fs::read_to_string("/proc/loadavg") {
        println!("load before                                     {}", load.trim());
    }
    let enduring = wanted.enduring.clone().map_or_else(fast_enduring, Ok)?;
    let site = workspace::target().join("bench-site");
    if site.exists() {
        fs::remove_dir_all(&site).with_context(|| format!("removing {}", site.display()))?;
    }
    fs::create_dir_all(&site)?;
    let needed: &[setup::Purpose] = match wanted.extent {
        Extent::Rates => &[],
        Extent::Large => &[setup::Purpose::LargeLedgers],
    };
    dist::packs(&setup::ensure(needed)?, &enduring, &site)?;
    let records = wanted.records.unwrap_or(wanted.extent.records());
    match wanted.extent {
        Extent::Rates => rates(&enduring, &site, records),
        Extent::Large => {
            let pack = case_pack(&site.join("packs"))?;
            Large { enduring: &enduring, site: &site, records, rows: ROWS.min(u64::from(records) * 100) }
                .measure(&pack)
        }
    }
}

fn rates(enduring: &Path, site: &Path, records: u32) -> Result<()> {
    let openssl = openssl()?;
    let bare = es256(Duration::from_secs(3))?;
    println!("ES256 checks a second, one core, openssl        {openssl:>9.0}");
    println!(
        "ES256 checks a second, one core, ring           {bare:>9.0}  {:>4.0} % of openssl, budget 90 %",
        100.0 * bare / openssl
    );
    // Before the minutes of load, after which many a machine gives a core half of its speed.
    bedside(&site.join("packs"))?;
    verification(bare, enduring, site, records)
}

/// Builds this program as the `enduring` command is shipped, and runs it.
pub fn run(wanted: &Wanted) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(workspace::root());
    cargo.args(["run", "--quiet", "--profile", "fast", "--package", "xtask", "--", "bench-measure"]);
    if wanted.extent == Extent::Large {
        cargo.arg("--large");
    }
    if let Some(records) = wanted.records {
        cargo.args(["--records", &records.to_string()]);
    }
    if let Some(enduring) = &wanted.enduring {
        let enduring = enduring.canonicalize().with_context(|| enduring.display().to_string())?;
        cargo.arg("--enduring").arg(enduring);
    }
    process::run(&mut cargo)
}

/// The verifications a second that `openssl speed` reports for ECDSA P-256.
fn openssl() -> Result<f64> {
    let said = process::output(Command::new("openssl").args(["speed", "-seconds", "3", "ecdsap256"]))
        .context("`openssl speed` is the yardstick: install openssl")?;
    openssl_rate(&said).with_context(|| format!("expected the table of `openssl speed`, found {said}"))
}

/// The last column of the row ` 256 bits ecdsa (nistp256) 0.0000s 0.0001s 45678.9 15678.9`.
fn openssl_rate(table: &str) -> Option<f64> {
    table.lines().find(|line| line.contains("nistp256"))?.split_whitespace().last()?.parse().ok()
}

fn es256(time: Duration) -> Result<f64> {
    let message = [7; 1024];
    let pair = KeyPair::generate()?;
    let signature = pair.sign(&message)?;
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, pair.public_key_raw().to_vec());
    let (start, mut checks) = (Instant::now(), 0.0);
    while start.elapsed() < time {
        if black_box(&public).verify(black_box(&message), black_box(&signature)).is_err() {
            bail!("ring refused a signature of its own");
        }
        checks += 1.0;
    }
    Ok(checks / start.elapsed().as_secs_f64())
}

/// Rehearses learners through a sample case, verifies their records, and sends
/// them to a server.
fn verification(bare: f64, enduring: &Path, site: &Path, records: u32) -> Result<()> {
    let count = records.to_string();
    let pack = case_pack(&site.join("packs"))?;
    let records = workspace::target().join("bench-records");
    if records.exists() {
        fs::remove_dir_all(&records).with_context(|| format!("removing {}", records.display()))?;
    }
    let mut rehearse = Command::new(enduring);
    rehearse.arg("rehearse").arg(&pack).arg("--out").arg(&records);
    process::run(rehearse.args(["--jsonl", "--seed", "1", "--count", &count]))?;
    let (count, events) = described(&records.join("records.jsonl"))?;
    let verify = |mut command: Command| {
        command.arg("verify").arg(&records).arg("--packs").arg(site.join("packs"));
        command.arg("--issuers").arg(site.join("issuers.json")).arg("--accept-rehearsal");
        command
    };
    let rate = |run: &Run| count as f64 / run.time.as_secs_f64();
    // Each beside a bare check of its own: a machine that slows down slows down both.
    let pair = |_| {
        let bare = es256(Duration::from_secs(1))?;
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(enduring);
        let one = rate(&Run::of(&mut verify(command))?);
        Ok((one, 100.0 * one / bare))
    };
    let mut pairs = (0..PAIRS).map(pair).collect::<Result<Vec<_>>>()?;
    pairs.sort_by(|one, other| one.1.total_cmp(&other.1));
    let &(one, share) = pairs.get(PAIRS / 2).context("expected a pair")?;
    let shares: Vec<String> = pairs.iter().map(|pair| format!("{:.0}", pair.1)).collect();
    let all = Run::middle(|| verify(Command::new(enduring)))?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    println!("{count} records, the first of {events} events");
    println!(
        "full verifications a second, one core           {one:>9.0}  {share:>4.0} % of the bare check ({}), budget 30 %",
        shares.join(", ")
    );
    println!(
        "full verifications a second, {cores} cores            {:>9.0}  {:>4.1} times one core",
        rate(&all),
        rate(&all) / one
    );
    println!("peak memory of verifying {count} records          {:>6} KB", all.peak_kb);
    let text = fs::read_to_string(records.join("records.jsonl"))?;
    let bundles: Vec<String> = text.lines().map(str::to_owned).collect();
    drop(text);
    let verify = rate(&all);
    intake::Bench { enduring, site, records: &bundles, verify, bare }.measure()
}

/// Plays the expert's script of every sample patient again and again.
fn bedside(folder: &Path) -> Result<()> {
    for (_, activity) in packs(folder)? {
        for part in &activity.parts {
            if let PartBody::Patient(patient) = &part.body {
                let name = format!("virtual seconds a second, one core, {}", activity.id);
                println!("{name:<47} {:>9.0}  budget 1000000", virtual_seconds(patient));
            }
        }
    }
    Ok(())
}

/// How many virtual seconds of an encounter pass in a second.
fn virtual_seconds(patient: &Patient) -> f64 {
    let (start, mut seconds) = (Instant::now(), 0.0);
    while start.elapsed() < Duration::from_secs(3) {
        let mut bedside = Bedside::begin(black_box(patient));
        bedside.play(patient, black_box(&patient.expert), &mut |_| {});
        seconds += f64::from(bedside.time.0);
    }
    seconds / start.elapsed().as_secs_f64()
}

/// How many records there are, and how many events the first has: a rehearsed
/// learner who fails the last attempt leaves none.
fn described(file: &Path) -> Result<(usize, usize)> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let first = text.lines().next().context("expected records, found none")?;
    let bundle: serde_json::Value = serde_json::from_str(first).context("the first record")?;
    let log = bundle["log"].as_str().context("the first record: expected a log, found none")?;
    Ok((text.lines().count(), log.lines().count()))
}

/// One run of a command.
struct Run {
    time: Duration,
    /// The most memory that the process held, as Linux counts it.
    peak_kb: u64,
}

impl Run {
    /// The middle one of three by time.
    fn middle(command: impl Fn() -> Command) -> Result<Self> {
        let mut runs = (0..3).map(|_| Self::of(&mut command())).collect::<Result<Vec<_>>>()?;
        runs.sort_by_key(|run| run.time);
        runs.into_iter().nth(1).context("expected three runs")
    }

    /// Runs a command to its end; what it prints is dropped.
    fn of(command: &mut Command) -> Result<Self> {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| process::line(command))?;
        let mut peak_kb = 0;
        let code = loop {
            peak_kb = peak_of(&child).unwrap_or(peak_kb);
            if let Some(code) = child.try_wait()? {
                break code;
            }
            thread::sleep(Duration::from_millis(10));
        };
        // 1 says that some are for review, as careless learners are.
        ensure!(matches!(code.code(), Some(0 | 1)), "`{}` ended with {code}", process::line(command));
        Ok(Self { time: start.elapsed(), peak_kb })
    }
}

/// The most memory in KB that a running process has held, as Linux counts it.
fn peak_of(child: &Child) -> Option<u64> {
    peak(&fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?)
}

/// `VmHWM:     1234 kB`.
fn peak(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

fn fast_enduring() -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(workspace::root());
    process::run(cargo.args(["build", "--quiet", "--profile", "fast", "--package", "enduring-provider"]))?;
    Ok(workspace::target().join("fast/enduring"))
}

/// The packs `<id>/<version>` by name, with what they hold.
fn packs(folder: &Path) -> Result<Vec<(PathBuf, Activity)>> {
    let mut found = Vec::new();
    for activity in folders(folder)? {
        for pack in folders(&activity)? {
            let file = pack.join("activity.bin");
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            found.push((pack, content::read(&bytes).with_context(|| file.display().to_string())?));
        }
    }
    Ok(found)
}

/// The first pack with a case and without a patient: seconds of a simulation are measured apart.
fn case_pack(folder: &Path) -> Result<PathBuf> {
    let has =
        |activity: &Activity, what: fn(&PartBody) -> bool| activity.parts.iter().any(|part| what(&part.body));
    let mut packs = packs(folder)?.into_iter().filter(|(_, activity)| {
        has(activity, |body| matches!(body, PartBody::Case(_)))
            && !has(activity, |body| matches!(body, PartBody::Patient(_)))
    });
    let found = packs.next().map(|(pack, _)| pack);
    found.with_context(|| format!("{}: expected a pack with a case, found none", folder.display()))
}

/// The folders in a folder, by name.
fn folders(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>())
        .with_context(|| format!("reading {}", dir.display()))?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_openssl_is_read() {
        let table = "                              sign    verify    sign/s verify/s\n \
                     256 bits ecdsa (nistp256)   0.0000s   0.0001s  45678.9  15678.9\n";
        assert_eq!(openssl_rate(table), Some(15678.9));
        assert_eq!(openssl_rate("speed: unknown algorithm"), None);
    }

    #[test]
    fn peak_memory_is_read() {
        assert_eq!(peak("Name:\tenduring\nVmPeak:\t 99 kB\nVmHWM:\t   1234 kB\n"), Some(1234));
    }
}
