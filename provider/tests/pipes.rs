//! What commands do where nobody reads what they print, as after `| head -1`: their work, and
//! the exit code that they have anyway.
#![cfg(unix)]

use std::fs::{self, File};
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
