//! The desk's commands as a person runs them: records as files, receipts as files, the
//! ledger checked, copied and put back.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use enduring_core::record::{Compact, RECEIPT_TYP, Receipt, TICKET_TYP, Ticket};

use crate::databases::{Kind, vectors};
use crate::material::bundles;

fn enduring(place: &Path, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_enduring"))
        .current_dir(place)
        .args(arguments.split_whitespace().map(|word| word.replace('~', " ")))
        .output()
        .expect("the command runs")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

fn exit(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// Whether every file of a folder is its owner's only.
fn are_private(folder: &Path) -> bool {
    fs::read_dir(folder).expect("a folder").all(|file| is_private(&file.expect("a file").path()))
}

fn is_private(file: &Path) -> bool {
    #[cfg(unix)]
    {
        let mode = fs::metadata(file).expect("a file").permissions();
        std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777 == 0o600
    }
    #[cfg(not(unix))]
    true
}

#[test]
fn records_come_as_files_and_receipts_go_as_files() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (fresh, folder) = (kind.fresh(), tempfile::tempdir().expect("a folder"));
        let place = folder.path();
        assert_eq!(exit(&enduring(place, "key new --out key.pem")), 0);
        fs::write(place.join("keys.json"), enduring(place, "key show key.pem").stdout).expect("a file");
        fs::write(place.join("records.jsonl"), bundles()[..5].join("\n") + "\nno record\n").expect("a file");
        let packs = vectors().join("packs");
        let issuers = vectors().join("issuers.json");
        let opening = format!(
            "--database {} --key key.pem --packs {} --issuers {} --accept-rehearsal",
            fresh.address,
            packs.display(),
            issuers.display()
        );
        for _ in 0..2 {
            let taken = enduring(place, &format!("intake records.jsonl --receipts receipts {opening}"));
            assert_eq!(exit(&taken), 1, "{}", told(&taken));
            assert!(told(&taken).contains("records 6: credited 5"), "{}", told(&taken));
            assert!(told(&taken).contains("bundle.shape"), "{}", told(&taken));
            assert_eq!(fs::read_dir(place.join("receipts")).expect("a folder").count(), 5);
            assert!(are_private(&place.join("receipts")), "who did what is nobody else's to read");
        }
        let receipt = fs::read_dir(place.join("receipts")).expect("a folder").next().expect("a receipt");
        let receipt = fs::read_to_string(receipt.expect("a file").path()).expect("a receipt");
        let receipt = Receipt::read(&Compact::parse(&receipt, RECEIPT_TYP).expect("signed").payload);
        let kid = receipt.expect("a receipt").record.kid;
        let lost = enduring(place, &format!("enrol lost {kid} {opening}"));
        assert_eq!(exit(&lost), 0, "{}", told(&lost));
        let audit = enduring(place, &format!("audit --activity vectors --out audit.zip {opening}"));
        assert!(exit(&audit) == 0 && is_private(&place.join("audit.zip")), "{}", told(&audit));
        let database = format!("--database {}", fresh.address);
        let kept = enduring(place, &format!("ledger checkpoint {database} --key key.pem --out kept.jws"));
        assert_eq!(exit(&kept), 0, "{}", told(&kept));
        let sound =
            enduring(place, &format!("ledger verify {database} --keys keys.json --checkpoint kept.jws"));
        assert_eq!(exit(&sound), 0, "{}", told(&sound));
        assert!(told(&sound).contains("checkpoints that agree: 2"), "{}", told(&sound));
        assert_eq!(exit(&enduring(place, &format!("ledger backup {database} --out copy.jsonl"))), 0);
        let over = enduring(place, &format!("ledger backup {database} --out copy.jsonl"));
        assert!(exit(&over) == 2 && told(&over).contains("expected no file there"), "{}", told(&over));
        let back = enduring(place, "ledger restore copy.jsonl --database new.db --keys keys.json");
        assert!(exit(&back) == 0 && told(&back).contains("sound: "), "{}", told(&back));
        let full = enduring(place, "ledger restore copy.jsonl --database new.db --keys keys.json");
        assert!(exit(&full) == 1 && told(&full).contains("expected an empty database"), "{}", told(&full));
    }
}

#[test]
fn learners_are_enrolled_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    enduring(place, "key new --out key.pem");
    let opening = format!(
        "--database ledger.db --key key.pem --packs {} --provider Society",
        vectors().join("packs").display()
    );
    let ticket = enduring(
        place,
        &format!(
            "enrol ticket --name Dr.~Fictional --activity vectors --site https://learn.example.org/ {opening}"
        ),
    );
    assert_eq!(exit(&ticket), 0, "{}", told(&ticket));
    let link = String::from_utf8(ticket.stdout).expect("UTF-8");
    let text = link.trim().strip_prefix("https://learn.example.org/#/enrol/").expect("a link");
    let compact = Compact::parse(text, TICKET_TYP).expect("a signed document");
    let issued = Ticket::read(&compact.payload).expect("a ticket");
    assert_eq!((issued.name.as_str(), issued.provider.as_str()), ("Dr. Fictional", "Society"));
    let revoked = enduring(place, &format!("enrol revoke {} {opening}", issued.id));
    assert_eq!(exit(&revoked), 0, "{}", told(&revoked));
    let unknown = enduring(place, &format!("enrol revoke {} {opening}", "0".repeat(32)));
    assert_eq!(exit(&unknown), 1, "{}", told(&unknown));
    fs::write(
        place.join("roster.csv"),
        "first_name,last_name,birth_month,birth_day,npi\nAda,Fictional,1,2,1234567893\nBo,Fictional,,,\n",
    )
    .expect("a file");
    let roster = enduring(place, "enrol roster roster.csv --database ledger.db");
    assert!(exit(&roster) == 0 && told(&roster).contains("new 2, known 0, unsure 0"), "{}", told(&roster));
    let again = enduring(place, "enrol roster roster.csv --database ledger.db");
    assert!(told(&again).contains("roster.csv:3: several people agree"), "{}", told(&again));
    assert_eq!(exit(&again), 1);
    let notice = enduring(place, &format!("notice safety --activity vectors --text Wrong~dose. {opening}"));
    assert_eq!(exit(&notice), 0, "{}", told(&notice));
    let zeros = "0".repeat(64);
    for (bad, expected) in [
        ("notice safety --activity nope --text Wrong", "found no nope"),
        (
            &format!("notice safety --activity vectors --version {zeros} --text Wrong"),
            "expected the digest of a version",
        ),
        ("enrol ticket --name A --activity nope --site https://learn.example.org/", "found no nope"),
        (
            &format!("enrol ticket --name A --learner {} --site https://learn.example.org/", &zeros[..32]),
            "expected a learner",
        ),
        (&format!("enrol lost {zeros}"), "expected a device"),
    ] {
        let refused = enduring(place, &format!("{bad} {opening}"));
        assert!(exit(&refused) == 1 && told(&refused).contains(expected), "{bad}: {}", told(&refused));
    }
    let again = format!(
        "enrol ticket --name A --learner {} --site https://learn.example.org/ {opening}",
        issued.learner
    );
    assert_eq!(exit(&enduring(place, &again)), 0, "a learner who had a ticket is known");
    for (bad, expected) in [
        ("ledger verify --database mysql://host/x --keys key.pem", "expected postgres://"),
        ("enrol lost 12 --database l --key key.pem --packs .", "expected 64 lowercase hexadecimal digits"),
    ] {
        let refused = enduring(place, bad);
        assert!(exit(&refused) == 2 && told(&refused).contains(expected), "{bad}: {}", told(&refused));
    }
}
