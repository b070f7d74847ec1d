//! The intake under load: the real server in a process of its own, records over
//! connections that are kept, answers that mean durable rows.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use super::{peak_of, postgres::Postgres};
use crate::{process, workspace};

/// Connections at once, and the share of the records that is sent over so many, in tenths.
const STEPS: [(usize, usize); 4] = [(1, 1), (8, 2), (32, 3), (64, 4)];
/// Connections for measuring at half of the best rate.
const PACED: usize = 64;
/// Rounds on each kind of database.
const ROUNDS: usize = 3;

/// What is measured, and against what.
pub struct Bench<'a> {
    /// The command.
    pub enduring: &'a Path,
    /// The folder with `packs` and `issuers.json`.
    pub site: &'a Path,
    /// Bundles, each by a device of its own.
    pub records: &'a [String],
    /// Full verifications a second on all cores, in this run.
    pub verify: f64,
    /// Checks of signatures a second on one core, in this run.
    pub bare: f64,
}

/// What a round came to.
struct Round {
    /// Records a second at the best number of connections.
    rate: f64,
    connections: usize,
    /// At half of it.
    paced: Sent,
    peak_kb: u64,
}

impl Bench<'_> {
    /// Measures on every database that is there, and prints.
    pub fn measure(&self) -> Result<()> {
        let folder = workspace::target().join("bench-intake");
        remove(&folder)?;
        fs::create_dir_all(&folder)?;
        self.on("SQLite", &folder, |round| Ok(folder.join(format!("{round}.db")).display().to_string()))?;
        // Short, since a socket's path has at most about a hundred bytes.
        let place = std::env::temp_dir().join(format!("enduring-bench-{}", std::process::id()));
        match Postgres::start(&place)? {
            Some(postgres) => {
                self.on("PostgreSQL", &folder, |round| postgres.database(&format!("bench{round}")))?
            }
            None => println!("intake on PostgreSQL: not measured, its programs are not there"),
        }
        remove(&place)?;
        remove(&folder)
    }

    /// Rounds on fresh databases of a kind; what is printed is the round with the middle rate.
    fn on(&self, name: &str, folder: &Path, fresh: impl Fn(usize) -> Result<String>) -> Result<()> {
        let rounds = (0..ROUNDS).map(|round| self.round(folder, &fresh(round)?));
        let mut rounds = rounds.collect::<Result<Vec<_>>>()?;
        rounds.sort_by(|one, other| one.rate.total_cmp(&other.rate));
        let rates: Vec<String> = rounds.iter().map(|round| format!("{:.0}", round.rate)).collect();
        let round = rounds.get(ROUNDS / 2).context("expected a round")?;
        let count = self.records.len();
        println!(
            "records a second taken on {name}, {} connections: {:.0} ({}); {:.0} % of full verifications, budget 50 %; {:.0} % of the bare check",
            round.connections,
            round.rate,
            rates.join(", "),
            100.0 * round.rate / self.verify,
            100.0 * round.rate / self.bare
        );
        let (p50, p99) = (round.paced.centile(50), round.paced.centile(99));
        println!("  at half of it p50 {p50:.1} ms, p99 {p99:.1} ms, budget 50 ms");
        println!("  peak memory of the server after {count} records {} KB", round.peak_kb);
        Ok(())
    }

    fn round(&self, folder: &Path, database: &str) -> Result<Round> {
        let server = Server::start(self.enduring, self.site, folder, database)?;
        let (mut rest, paced) = self.records.split_at(self.records.len() * 6 / 10);
        let tenth = rest.len() / 10;
        let mut best = (0.0, 0);
        for (connections, tenths) in STEPS {
            let (sent, later) = rest.split_at((tenth * tenths).min(rest.len()));
            rest = later;
            let run = send(&server.address, sent, connections, None)?;
            let rate = sent.len() as f64 / run.time.as_secs_f64();
            if rate > best.0 {
                best = (rate, connections);
            }
        }
        let paced = send(&server.address, paced, PACED, Some(best.0 / 2.0))?;
        let peak_kb = peak_of(&server.child).unwrap_or(0);
        Ok(Round { rate: best.0, connections: best.1, paced, peak_kb })
    }
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

/// A server that is ended with the value.
pub struct Server {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Server {
    /// Starts `enduring serve`, and waits until it listens.
    pub fn start(enduring: &Path, site: &Path, folder: &Path, database: &str) -> Result<Self> {
        let key = folder.join("key.pem");
        if !key.exists() {
            process::output(Command::new(enduring).args(["key", "new", "--out"]).arg(&key))?;
        }
        let mut command = Command::new(enduring);
        command.args(["serve", "--listen", "127.0.0.1:0", "--provider", "Bench", "--accept-rehearsal"]);
        command.args(["--rate-address", "4000000000", "--rate-key", "4000000000"]);
        command.arg("--key").arg(key).arg("--database").arg(database);
        command.arg("--packs").arg(site.join("packs")).arg("--issuers").arg(site.join("issuers.json"));
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| process::line(&command))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("its output")?).read_line(&mut line)?;
        let Some(address) = line.trim().strip_prefix("listening on http://").map(str::to_owned) else {
            let _ = child.kill();
            let _ = child.wait();
            bail!("`{}`: expected its address, found {line:?}", process::line(&command));
        };
        Ok(Self { child, address })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What sending came to.
struct Sent {
    time: Duration,
    /// From when a record was to be sent until it was answered; the shortest first.
    waits: Vec<Duration>,
}

impl Sent {
    /// Milliseconds that so many of a hundred records did not exceed.
    fn centile(&self, percent: usize) -> f64 {
        let place = (self.waits.len() * percent).div_ceil(100).saturating_sub(1);
        self.waits.get(place).map_or(0.0, |wait| wait.as_secs_f64() * 1_000.0)
    }
}

/// Sends every record once: as fast as it is answered, or so many a second whatever the
/// server does, so that a record that comes late counts from when it was due.
fn send(address: &str, records: &[String], connections: usize, rate: Option<f64>) -> Result<Sent> {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let work = || -> Result<Vec<Duration>> {
        let mut connection = Connection::open(address)?;
        let mut waits = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(record) = records.get(place) else { return Ok(waits) };
            let due = match rate {
                Some(rate) => start + Duration::from_secs_f64(place as f64 / rate),
                None => Instant::now(),
            };
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let answer = connection.post(record)?;
            ensure!(answer.contains("\"record\":{"), "expected an answer about a record, found {answer}");
            waits.push(due.elapsed());
        }
    };
    let mut waits = thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
        let mut waits = Vec::new();
        for thread in threads {
            waits.extend(thread.join().map_err(|_| anyhow::anyhow!("a connection's thread ended"))??);
        }
        anyhow::Ok(waits)
    })?;
    waits.sort_unstable();
    Ok(Sent { time: start.elapsed(), waits })
}

/// A connection that is kept: just enough HTTP for answers with a length.
pub struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Connection {
    /// Connects to a server.
    pub fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), address: address.to_owned() })
    }

    /// Sends a record; what is answered.
    pub fn post(&mut self, body: &str) -> Result<String> {
        let (_, answer) = self.ask("POST /api/records", "Content-Type: application/json\r\n", body, "200")?;
        Ok(answer)
    }

    /// Signs in at the desk; the cookie.
    pub fn sign_in(&mut self, name: &str, password: &str) -> Result<String> {
        let origin = format!("http://{}", self.address);
        let headers = format!("Content-Type: application/x-www-form-urlencoded\r\nOrigin: {origin}\r\n");
        let form = format!("name={name}&password={}", password.replace(' ', "+"));
        let (head, _) = self.ask("POST /desk/sign-in", &headers, &form, "303")?;
        let cookie = head.iter().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        cookie.map(str::to_owned).with_context(|| format!("expected a cookie, found {head:?}"))
    }

    /// A page of the desk.
    pub fn get(&mut self, path: &str, cookie: &str) -> Result<String> {
        let (_, page) = self.ask(&format!("GET {path}"), &format!("Cookie: {cookie}\r\n"), "", "200")?;
        Ok(page)
    }

    /// The lines of an answer's head, as they came, and its body.
    fn ask(&mut self, what: &str, headers: &str, body: &str, status: &str) -> Result<(Vec<String>, String)> {
        let request = format!(
            "{what} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            ensure!(self.stream.read_line(&mut line)? > 0, "the server closed a connection after {head:?}");
            if line.trim_end().is_empty() {
                break;
            }
            head.push(line.trim_end().to_owned());
        }
        let length = head.iter().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let mut body = vec![0; length.with_context(|| format!("expected a length, found {head:?}"))?];
        self.stream.read_exact(&mut body)?;
        let body = String::from_utf8(body)?;
        ensure!(head.first().is_some_and(|line| line.contains(&format!(" {status} "))), "{head:?}: {body}");
        Ok((head, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_centile_is_a_wait_that_so_many_did_not_exceed() {
        let sent = |waits: std::ops::RangeInclusive<u64>| Sent {
            time: Duration::ZERO,
            waits: waits.map(Duration::from_millis).collect(),
        };
        assert_eq!((sent(1..=100).centile(50), sent(1..=100).centile(99)), (50.0, 99.0));
        assert_eq!((sent(1..=3).centile(50), sent(1..=3).centile(99)), (2.0, 3.0));
        assert_eq!(sent(7..=7).centile(99), 7.0);
    }
}
