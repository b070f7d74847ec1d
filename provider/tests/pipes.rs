//! What commands do where nobody reads what they print, as after `| head -1`: their work, and
//! the exit code that they have anyway.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

fn enduring(place: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enduring"));
    command.current_dir(place).args(arguments.split(' '));
    command
}

/// The writing end of a pipe that nobody reads.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

/// The exit code with both streams closed.
fn unheard(place: &Path, arguments: &str) -> Option<i32> {
    let ended = enduring(place, arguments).stdout(closed()).stderr(closed()).status();
    ended.expect("the command runs").code()
}

#[test]
fn work_is_finished_where_nobody_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    for (arguments, exit) in [
        ("key new --out key.pem", 0),
        ("key show key.pem", 0),
        ("new demo", 0),
        ("check demo", 0),
        ("check demo --json", 0),
        ("build demo --key key.pem --out packs", 0),
        ("build nowhere --key key.pem --out packs", 2),
        ("inspect packs/demo/1.0.0", 0),
        ("rehearse packs/demo/1.0.0 --count 3 --seed 1 --out records --until 2027-01-05T10:00:00Z", 0),
        ("verify records --packs packs --issuers keys.json --accept-rehearsal --at 2027-01-06T10:00:00Z", 0),
        (
            "report credits records --packs packs --issuers keys.json --accept-rehearsal --out out --at 2027-01-06T10:00:00Z",
            0,
        ),
        ("--help", 0),
    ] {
        if arguments.starts_with("verify") {
            let keys = enduring(place, "key show key.pem").output().expect("the command runs");
            fs::write(place.join("keys.json"), keys.stdout).expect("a file");
        }
        assert_eq!(unheard(place, arguments), Some(exit), "{arguments}");
    }
    // What they come to depends on the day; an error would be 2.
    let taken = unheard(
        place,
        "intake records --database l.db --key key.pem --packs packs --receipts receipts --accept-rehearsal",
    );
    assert!(matches!(taken, Some(0 | 1)), "{taken:?}");
    for (arguments, exit) in [
        ("ledger backup --database l.db --out copy.jsonl", 0),
        ("ledger restore copy.jsonl --database new.db --keys keys.json", 0),
    ] {
        assert_eq!(unheard(place, arguments), Some(exit), "{arguments}");
    }
    let copy = fs::read_to_string(place.join("copy.jsonl")).expect("a copy");
    assert_eq!(copy.matches("\"received\"").count(), 3, "every record was taken: {copy}");
    for made in ["packs/demo/1.0.0/manifest.jws", "out/credits.csv", "copy.jsonl", "new.db"] {
        assert!(place.join(made).exists(), "{made}");
    }
}

#[test]
fn what_cannot_be_written_for_another_reason_is_said() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    enduring(folder.path(), "key new --out key.pem").output().expect("the command runs");
    let shown = enduring(folder.path(), "key show key.pem").stdout(full).output().expect("the command runs");
    assert_eq!(shown.status.code(), Some(2));
    let told = String::from_utf8_lossy(&shown.stderr);
    assert!(told.contains("error: standard output: "), "{told}");
}

/// Runs a command for which no file may grow beyond so many blocks of 512 bytes, as on a full disk.
fn on_a_full_disk(place: &Path, blocks: u32, arguments: &str) -> (Option<i32>, String) {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {arguments}");
    let run =
        Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_enduring")]).current_dir(place).output();
    let run = run.expect("a shell");
    (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned())
}

#[test]
fn a_full_disk_is_told_once_and_leaves_nothing_half() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    let records = "records --packs packs --issuers keys.json --accept-rehearsal";
    for arguments in [
        "key new --out key.pem",
        "new demo",
        "build demo --key key.pem --out packs",
        "rehearse packs/demo/1.0.0 --count 3 --out records",
        "intake records --database l.db --key key.pem --packs packs --accept-rehearsal",
    ] {
        enduring(place, arguments).output().expect("the command runs");
    }
    let keys = enduring(place, "key show key.pem").output().expect("the command runs");
    fs::write(place.join("keys.json"), keys.stdout).expect("a file");
    for (blocks, arguments, left) in [
        (2, format!("report outcomes {records} --out out"), "out/outcomes.html.part"),
        (2, "rehearse packs/demo/1.0.0 --jsonl --count 3 --out more".to_owned(), "more/records.jsonl.part"),
        (64, "ledger backup --database l.db --out b.jsonl".to_owned(), "b.part"),
        (
            64,
            "audit --activity demo --database l.db --key key.pem --packs packs --out a.zip".to_owned(),
            "a.zip",
        ),
    ] {
        let (code, said) = on_a_full_disk(place, blocks, &arguments);
        assert_eq!(code, Some(2), "{arguments}: {said}");
        assert!(said.contains("too large") && said.trim_end().lines().count() == 1, "{arguments}: {said}");
        assert!(!place.join(left).exists(), "{arguments}");
    }
}

#[test]
fn a_server_goes_on_where_nobody_reads_its_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    for arguments in ["key new --out key.pem", "new demo", "build demo --key key.pem --out packs"] {
        enduring(place, arguments).output().expect("the command runs");
    }
    let serve = "serve --database l.db --key key.pem --packs packs --provider S --listen 127.0.0.1:0";
    let mut server =
        enduring(place, serve).stdout(Stdio::piped()).stderr(closed()).spawn().expect("a server");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("a stream")).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening on http://").map(str::to_owned);
    let answers: Vec<String> = address.iter().flat_map(|at| [ask(at), ask(at)]).collect();
    server.kill().and_then(|()| server.wait()).expect("ended");
    assert!(
        answers.len() == 2 && answers.iter().all(|answer| answer.starts_with("HTTP/1.1 200 ")),
        "{line}{answers:?}"
    );
}

fn ask(address: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    // A server that died resets the connection: what came until then is the answer.
    let _ = stream.read_to_string(&mut answer);
    answer
}
