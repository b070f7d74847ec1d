//! The databases that tests of the desk and of the server run on: a SQLite file, and a PostgreSQL
//! server that the tests start.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A new, empty database.
pub struct Fresh {
    /// As `--database` takes it.
    pub address: String,
    _folder: TempDir,
}

/// Makes a test of each kind of database: `on_both! { a_repeat_gets_the_same_receipt }`.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() { $crate::run(super::$name($crate::databases::Kind::Sqlite)); }
            #[test]
            fn postgres() { $crate::run(super::$name($crate::databases::Kind::Postgres)); }
        }
    )+};
}

impl Kind {
    /// An empty database of this kind.
    pub fn fresh(self) -> Fresh {
        static NAMES: AtomicU32 = AtomicU32::new(0);
        let folder = tempfile::tempdir().expect("a folder");
        let address = match self {
            Self::Sqlite => folder.path().join("ledger.db").display().to_string(),
            Self::Postgres => {
                let name = format!("desk{}", NAMES.fetch_add(1, Ordering::Relaxed));
                server().database(&name)
            }
        };
        Fresh { address, _folder: folder }
    }
}

/// A PostgreSQL server of this test program. It ends with it, however that ends: it runs
/// below a shell that waits for the end of its input, and removes its folder then.
struct Server {
    port: u16,
    folder: TempDir,
    _shell: Child,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

/// A server program on PATH, or where Debian has it.
fn program(name: &str) -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|version| version.path().join("bin").join(name)).collect();
    found.sort();
    found.into_iter().rfind(|path| path.exists()).unwrap_or_else(|| PathBuf::from(name))
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("enduring-pg").tempdir().expect("a folder");
        let root = said(Command::new("id").arg("-u")).trim() == "0";
        if root {
            // The server refuses to run as root.
            said(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let data = folder.path().join("data");
        let as_user = |line: &str| {
            let mut command = Command::new(if root { "su" } else { "sh" });
            if root {
                command.args(["postgres", "-s", "/bin/sh"]);
            }
            command.args(["-c", line]).current_dir("/");
            command
        };
        let initdb = format!("{} -D {} -U enduring -A trust", program("initdb").display(), data.display());
        said(&mut as_user(&initdb));
        let port = free_port();
        let serve = format!(
            "{} -D {} -p {port} -c listen_addresses=127.0.0.1 -c max_connections=200 -k {} 2>&1 & server=$!; \
             read _; kill -INT $server; wait; rm -rf {}",
            program("postgres").display(),
            data.display(),
            folder.path().display(),
            folder.path().display(),
        );
        let mut shell =
            as_user(&serve).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        let mut lines = BufReader::new(shell.stdout.take().expect("its output")).lines();
        let mut seen = Vec::new();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| {
            seen.push(line);
            seen.last().is_some_and(|line| line.contains("ready to accept connections"))
        });
        if !ready {
            drop(shell.stdin.take());
            let _ = shell.wait();
            panic!("PostgreSQL did not start:\n{}", seen.join("\n"));
        }
        // What it says from here on is read, so that it never waits to be heard.
        std::thread::spawn(move || lines.for_each(drop));
        Self { port, folder, _shell: shell }
    }

    fn database(&self, name: &str) -> String {
        let host = self.folder.path().display().to_string();
        let mut create = Command::new(program("psql"));
        create.args(["-q", "-h", &host, "-p", &self.port.to_string(), "-U", "enduring", "-d", "postgres"]);
        said(create.args(["-c", &format!("CREATE DATABASE {name}")]));
        format!("postgres://enduring@127.0.0.1:{}/{name}", self.port)
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A file of the vectors of records.
pub fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}
