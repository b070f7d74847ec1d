//! A server of the tests: the real command on a port of its own, over a folder of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use enduring_core::record::Handling;
use enduring_provider::intake::{Desk, Intake};
use enduring_provider::key::{KeySet, Signer};
use enduring_provider::ledger::Ledger;
use enduring_provider::verify::packs::Packs;
use reqwest::Response;
use tempfile::TempDir;

pub use crate::databases::vectors;
use crate::databases::{Fresh, Kind};

pub const HASHED: &str = "/app-00112233445566ff.js";

/// A running server; it is ended with the value.
pub struct Place {
    pub folder: TempDir,
    pub url: String,
    fresh: Fresh,
    child: Child,
    log: Option<JoinHandle<String>>,
}

impl Place {
    /// One whose ledger is in a file, for what has little to do with it.
    pub fn start(more: &str) -> Self {
        Self::on(Kind::Sqlite, more)
    }

    /// One on a new database of this kind.
    pub fn on(kind: Kind, more: &str) -> Self {
        let fresh = kind.fresh();
        let folder = tempfile::tempdir().expect("a folder");
        lay_out(&folder.path().join("site"));
        let made = Command::new(env!("CARGO_BIN_EXE_enduring"))
            .args(["key", "new", "--out", "key.pem"])
            .current_dir(&folder)
            .output()
            .expect("the command runs");
        assert!(made.status.success());
        let mut child = Command::new(env!("CARGO_BIN_EXE_enduring"))
            .args(["serve", "--database", &fresh.address])
            .args("--key key.pem --site site --provider Society".split(' '))
            .args("--listen 127.0.0.1:0 --accept-rehearsal --issuers".split(' '))
            .arg(vectors().join("issuers.json"))
            .args(more.split_whitespace())
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        let mut errors = child.stderr.take().expect("a stream");
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).expect("UTF-8");
            text
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a stream")).read_line(&mut line).expect("a line");
        let url = line.trim().strip_prefix("listening on ").map(str::to_owned);
        let Some(url) = url else {
            let _ = child.kill();
            panic!("expected the address, found {line:?}: {}", log.join().expect("a log"));
        };
        Self { folder, url, fresh, child, log: Some(log) }
    }

    /// Another process on the same ledger, as a person at the desk may be.
    pub async fn intake(&self) -> Intake {
        let issuers = fs::read_to_string(vectors().join("issuers.json")).expect("issuers");
        let issuers = KeySet::parse(&issuers).expect("a key set");
        let (packs, _) = Packs::list(&vectors().join("packs"), issuers).expect("packs");
        Intake::open(Desk {
            ledger: Ledger::open(&self.fresh.address).await.expect("a ledger"),
            packs,
            signer: Signer::read(&self.folder.path().join("key.pem")).expect("the key"),
            retired: Vec::new(),
            provider: "Society".to_owned(),
            policy: Default::default(),
            certificates: Default::default(),
            address: None,
            rehearsals: Handling::Accept,
        })
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.url.trim_start_matches("http://")).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        stream
    }

    /// Sends a request as it is, which clients would tidy, and returns all that comes.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Has it look at the folders again.
    pub fn hang_up(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, signal: &str) {
        let asked = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
    }

    /// Waits until a path is answered with that status.
    pub async fn until(&self, path: &str, status: u16) {
        let began = Instant::now();
        while reqwest::get(self.at(path)).await.expect("an answer").status().as_u16() != status {
            assert!(began.elapsed() < Duration::from_secs(30), "{path} is not {status}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The exit code and the log, once it has ended.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().expect("it ends").code();
        let log = self.log.take().expect("a log").join().expect("a log");
        (code, log)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A header of an answer; nothing where there is none.
pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

/// What `cargo xtask dist` makes, in small.
fn lay_out(site: &Path) {
    fs::create_dir_all(site).expect("a folder");
    let write = |name: &str, text: &[u8]| fs::write(site.join(name), text).expect("a file");
    write("index.html", b"<!doctype html><title>Enduring</title>");
    write("sw.js", b"// the worker");
    write("catalogue.jws", b"a.b.c");
    write(&HASHED[1..], b"0123456789");
    write("app_bg.wasm", b"\0asm, plain");
    write("app_bg.wasm.br", b"brotli");
    write("app_bg.wasm.gz", b"gzip");
    write("manifest.webmanifest", b"{}");
    let headers = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/hosting/_headers"));
    write("_headers", headers.expect("a file").replace("/HASHED-NAME", HASHED).as_bytes());
    write(
        "deployment.json",
        br#"{"format":"enduring-deployment/1","catalogues":["catalogue.jws"],"issuers":{"keys":[]},"intakes":[]}"#,
    );
    copy(&vectors().join("packs"), &site.join("packs"));
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

/// Bundles that learners of a script made.
pub fn bundles(count: usize) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .args(["rehearse", "packs/vectors/1.0.0", "--count", &count.to_string(), "--out"])
        .arg(folder.path().join("records"))
        .current_dir(vectors())
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = fs::read_dir(folder.path().join("records")).expect("a folder");
    files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a file")).collect()
}
