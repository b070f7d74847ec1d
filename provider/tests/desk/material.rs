//! What the tests of the desk work with: a pack, and sessions that were rehearsed.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use enduring_core::json;
use enduring_core::record::{
    Bundle, Compact, ConsentSheet, Given, Handling, LearnerSheet, Payload, RECORD_TYP, SheetText, payload,
};
use enduring_core::session::{Entry, Event, encode, replay};
use enduring_provider::intake::{Desk, DeskPolicy, Intake};
use enduring_provider::key::{KeySet, Signer, jwks};
use enduring_provider::ledger::Ledger;
use enduring_provider::verify::packs::{Found, Packs};
use tempfile::TempDir;

use crate::databases::vectors;

/// Bundles of the pack `vectors`, each by a device and a learner of its own, credited all.
pub fn bundles() -> &'static [String] {
    static BUNDLES: OnceLock<Vec<String>> = OnceLock::new();
    BUNDLES.get_or_init(|| rehearsed("good", 40))
}

/// Bundles of learners in a hurry: each goes to a person.
pub fn careless() -> &'static [String] {
    static BUNDLES: OnceLock<Vec<String>> = OnceLock::new();
    BUNDLES.get_or_init(|| rehearsed("careless", 30))
}

/// Bundles of learners who allowed the report.
pub fn consenting(count: usize) -> Vec<String> {
    let found: Vec<String> = bundles().iter().filter(|text| allows(text)).take(count).cloned().collect();
    assert_eq!(found.len(), count, "learners who allow it");
    found
}

/// Whether its learner allowed the report.
pub fn allows(text: &str) -> bool {
    let bundle: Bundle = json::read(text).expect("a bundle");
    let sheet: ConsentSheet = json::read(bundle.consent.as_deref().expect("a sheet")).expect("a sheet");
    let reporting = sheet.answers.iter().find(|answer| answer.statement.as_str() == "reporting");
    reporting.is_some_and(|answer| answer.given == Given::Yes)
}

/// Rehearses sessions of a kind of learner.
pub fn rehearsed(profile: &str, count: usize) -> Vec<String> {
    rehearsed_of(&vectors().join("packs/vectors/1.0.0"), profile, count)
}

fn rehearsed_of(pack: &Path, profile: &str, count: usize) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .arg("rehearse")
        .arg(pack)
        .args(["--profile", profile, "--count", &count.to_string(), "--out"])
        .arg(folder.path().join("records"))
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    read_all(&folder.path().join("records"))
}

/// The record of `bundles()` at a place as another learner's: signed by this device, with a
/// sheet that was told otherwise.
pub fn told(place: usize, device: &Signer, tell: impl FnOnce(&mut LearnerSheet)) -> String {
    let mut bundle: Bundle = json::read(&bundles()[place]).expect("a bundle");
    let mut sheet: LearnerSheet = json::read(bundle.learner.as_deref().expect("a sheet")).expect("a sheet");
    tell(&mut sheet);
    let described = SheetText::of(&sheet);
    let lines = bundle.log.lines().map(|line| {
        let mut entry: Entry = serde_json::from_str(line).expect("an event");
        if let Event::LearnerDescribed { sheet, .. } = &mut entry.event {
            *sheet = described.digest;
        }
        format!("{}\n", encode(&entry))
    });
    bundle.log = lines.collect();
    let compact = Compact::parse(&bundle.record, RECORD_TYP).expect("a record");
    let before: Payload = json::read_bytes(&compact.payload).expect("a payload");
    let issuers = fs::read_to_string(vectors().join("issuers.json")).expect("issuers");
    let (packs, _) =
        Packs::list(&vectors().join("packs"), KeySet::parse(&issuers).expect("a key set")).expect("packs");
    let Some(Found::Whole(pack)) = packs.get(before.activity.digest) else { panic!("no pack") };
    let replay = replay(&pack.0, &bundle.log);
    let (state, head) = (replay.state.expect("events"), replay.head.expect("events"));
    let payload =
        payload(&pack.0, &state, head, before.sheets.evaluation, before.signing).expect("a whole session");
    bundle.record = device.sign(RECORD_TYP, payload.encode().as_bytes()).expect("signed");
    bundle.key = device.public().jwk();
    bundle.learner = Some(described.text);
    bundle.encode()
}

fn read_all(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|path| fs::read_to_string(path).expect("a file")).collect()
}

/// An intake over a ledger, with a key of its own.
pub fn intake(ledger: Ledger, policy: DeskPolicy) -> Intake {
    intake_of(ledger, policy, Signer::generate().expect("a key"))
}

/// As [`intake`], with this key.
pub fn intake_of(ledger: Ledger, policy: DeskPolicy, signer: Signer) -> Intake {
    intake_with(ledger, &vectors().join("packs"), policy, signer)
}

/// An intake with the packs of this folder only.
pub fn intake_over(ledger: Ledger, packs: &Path) -> Intake {
    intake_with(ledger, packs, DeskPolicy::default(), Signer::generate().expect("a key"))
}

/// As [`intake_over`], with this policy.
pub fn intake_at(ledger: Ledger, packs: &Path, policy: DeskPolicy) -> Intake {
    intake_with(ledger, packs, policy, Signer::generate().expect("a key"))
}

/// The pack `vectors` with something in its source changed, by a provider of its own.
pub struct Built {
    pub folder: TempDir,
    signer: Signer,
}

impl Built {
    /// Builds it; `change` is given the path and the text of each file of words.
    pub fn new(change: impl Fn(&str, String) -> String) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copied(&vectors().join("source"), &folder.path().join("source"), "", &change);
        for line in ["key new --out key.pem", "build source --key key.pem --out packs"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_enduring"));
            let output = command.args(line.split(' ')).current_dir(&folder).output().expect("it runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let signer = Signer::read(&folder.path().join("key.pem")).expect("a key");
        Self { folder, signer }
    }

    /// An intake that has this pack only.
    pub fn intake(&self, ledger: Ledger) -> Intake {
        let issuers = KeySet::parse(&jwks(&[self.signer.public()]).expect("keys")).expect("a key set");
        let signer = Signer::generate().expect("a key");
        let packs = self.folder.path().join("packs");
        intake_by(ledger, &packs, issuers, DeskPolicy::default(), signer)
    }

    /// Sessions of careful learners.
    pub fn rehearsed(&self, count: usize) -> Vec<String> {
        rehearsed_of(&self.folder.path().join("packs/vectors/1.0.0"), "good", count)
    }
}

fn copied(from: &Path, to: &Path, within: &str, change: &impl Fn(&str, String) -> String) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let (path, target) = (format!("{within}{name}"), to.join(&name));
        if entry.path().is_dir() {
            copied(&entry.path(), &target, &format!("{path}/"), change);
            continue;
        }
        match fs::read_to_string(entry.path()) {
            Ok(text) => fs::write(target, change(&path, text)).expect("a file"),
            Err(_) => drop(fs::copy(entry.path(), target).expect("a file")),
        }
    }
}

fn intake_with(ledger: Ledger, packs: &Path, policy: DeskPolicy, signer: Signer) -> Intake {
    let issuers = fs::read_to_string(vectors().join("issuers.json")).expect("issuers");
    let issuers = KeySet::parse(&issuers).expect("a key set");
    intake_by(ledger, packs, issuers, policy, signer)
}

fn intake_by(ledger: Ledger, packs: &Path, issuers: KeySet, policy: DeskPolicy, signer: Signer) -> Intake {
    let (packs, problems) = Packs::list(packs, issuers).expect("packs");
    assert!(problems.is_empty(), "{problems:?}");
    Intake::open(Desk {
        ledger,
        packs,
        signer,
        retired: Vec::new(),
        provider: "Society".to_owned(),
        policy,
        certificates: Default::default(),
        address: Some("https://learn.example.org/api/".to_owned()),
        rehearsals: Handling::Accept,
    })
}
