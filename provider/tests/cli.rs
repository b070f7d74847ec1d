//! The command line, seen as a user sees it. Each file of `tests/cli/` is a
//! transcript: commands after `$`, then what they print and their exit code. What
//! differs from run to run or with the encoding of the model is shown as `[kid]`,
//! `[digest]`, `[fingerprint]` or `[size]`.
//!
//! A harness of our own, since all it does is run, replace and compare. To accept
//! what is printed now: `BLESS=1 cargo test -p enduring-provider --test cli`.

mod smallest;

use std::fs;
use std::path::Path;
use std::process::Command;

use enduring_core::record::RECEIPT_TYP;
use enduring_provider::key::Signer;

#[test]
fn transcripts_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut names: Vec<_> =
        fs::read_dir(&folder).expect("transcripts").map(|entry| entry.expect("a file").path()).collect();
    names.sort();
    assert!(names.len() >= 5);
    let mut wrong = Vec::new();
    for path in names {
        let expected = fs::read_to_string(&path).expect("a transcript");
        let found = play(&expected);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &found).expect("written");
        } else if found != expected {
            wrong.push(format!("{}: expected\n{expected}\nfound\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs the commands of a transcript in an empty folder and tells what came of them.
fn play(transcript: &str) -> String {
    let place = tempfile::tempdir().expect("a folder");
    let mut told = String::new();
    for line in transcript.lines() {
        if line.starts_with('#') {
            told += &format!("{line}\n");
        }
        let Some(command) = line.strip_prefix("$ ") else { continue };
        if !told.is_empty() && !told.ends_with("\n\n") && !told.ends_with("#\n") {
            told.push('\n');
        }
        told += &format!("$ {command}\n");
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["enduring", arguments @ ..] => {
                let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
                    .args(arguments)
                    .current_dir(&place)
                    .output()
                    .expect("the command runs");
                told += &steady(&String::from_utf8_lossy(&output.stdout));
                for line in steady(&String::from_utf8_lossy(&output.stderr)).lines() {
                    told += format!("stderr: {line}").trim_end();
                    told.push('\n');
                }
                told += &format!("exit {}\n", output.status.code().expect("a code"));
            }
            // In a file, one word becomes another.
            ["swap", file, from, to] => {
                let path = place.path().join(file);
                let text = fs::read_to_string(&path).expect(file);
                assert!(text.contains(from), "{file} has no {from}");
                fs::write(&path, text.replacen(from, to, 1)).expect(file);
            }
            // A file's output is kept: `keep FILE enduring …`.
            ["keep", file, "enduring", arguments @ ..] => {
                let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
                    .args(arguments)
                    .current_dir(&place)
                    .output()
                    .expect("the command runs");
                fs::write(place.path().join(file), output.stdout).expect(file);
            }
            // The smallest patient of docs/authoring/patient.md, in the starter activity.
            ["patient", folder] => {
                for (path, text) in smallest::files() {
                    let path = place.path().join(folder).join(path);
                    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
                    fs::write(&path, text).expect("a file");
                }
            }
            // A receipt, signed: `receipt FILE KEY WHAT`.
            ["receipt", file, key, what] => {
                fs::write(place.path().join(file), receipt(&place.path().join(key), what)).expect(file);
            }
            ["remove", file] => fs::remove_file(place.path().join(file)).expect(file),
            other => panic!("unknown command {other:?}"),
        }
    }
    told
}

/// A receipt of a record that is `credited` or `reversed`, or of `participation`.
fn receipt(key: &Path, what: &str) -> String {
    let credit = r#"{"credit":"points","name":"practice points","accreditor":"Sample Accreditation Board","accreditor_activity":"SAB-1","amount":75}"#;
    let (standing, credits) = match what {
        "credited" => ("credited", credit),
        "reversed" => ("reversed", credit),
        "participation" => ("credited", ""),
        other => panic!("unknown receipt {other:?}"),
    };
    let (kid, id, digest) = ("01".repeat(32), "02".repeat(16), "03".repeat(32));
    let receipt = format!(
        r#"{{"format":"enduring-receipt/1","record":{{"kid":"{kid}","id":"{id}"}},"activity":{{"id":"fever","version":"1.0.0","digest":"{digest}","provider":"Example Society"}},"standing":"{standing}","credits":[{credits}],"completed":"2025-11-20","received":1763632800000,"decided":1763632800000}}"#
    );
    let signer = Signer::read(key).expect("a key");
    signer.sign(RECEIPT_TYP, receipt.as_bytes()).expect("signed")
}

/// Replaces what differs.
fn steady(text: &str) -> String {
    let hex = |word: &str, length| word.len() == length && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mut steady = String::new();
    for line in text.lines() {
        let words: Vec<String> = line
            .split(' ')
            .map(|word| {
                let bare = word.trim_matches(['"', ',', ';']);
                // A key's name as a URN (RFC 9278) ends with its thumbprint.
                let bare = bare.strip_prefix("urn:ietf:params:oauth:jwk-thumbprint:sha-256:").unwrap_or(bare);
                let letters = bare.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
                if hex(bare, 64) {
                    word.replace(bare, "[digest]")
                } else if bare.len() == 43 && letters {
                    word.replace(bare, "[kid]")
                } else {
                    word.to_owned()
                }
            })
            .collect();
        let words: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(place, word)| {
                let unit = words.get(place + 1).is_some_and(|next| matches!(next.as_str(), "bytes)" | "KB)"));
                let size = unit || place > 0 && words[place - 1] == "\"size\":";
                if size && word.bytes().all(|b| b.is_ascii_digit()) {
                    "[size]".to_owned()
                } else {
                    word.clone()
                }
            })
            .collect();
        let groups = words.iter().filter(|word| hex(word, 4)).count();
        let line = words.join(" ");
        let line = if groups >= 16 { format!("{}[fingerprint]", &line[..line.len() - 79]) } else { line };
        steady += &format!("{line}\n");
    }
    steady
}
