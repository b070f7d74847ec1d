//! Judges that nobody here wrote, for records: PyJWT on signatures, hashlib on chain
//! and chance, Wycheproof on the signature check. `judges.rs` has those for packs.

mod python;

use std::fs;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use enduring_core::content::Content;
use enduring_core::encode::unbase64url;
use enduring_core::record::{Bundle, Compact, PublicKey, RECORD_TYP};
use enduring_core::session::view::{ItemBodyView, Scene, view};
use enduring_core::session::{Replay, replay_on};
use enduring_provider::key::{KeySet, verifies_bytes};
use enduring_provider::pack;
use serde::{Deserialize, Serialize};
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

use self::python::python;

/// Says that something was not tested, past the harness, which keeps what is printed.
fn skip(what: &str) {
    let _unheard = writeln!(stderr(), "SKIPPED {what}");
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

/// An attempt as it was shown.
#[derive(Serialize)]
struct Shown {
    part: String,
    attempt: u16,
    items: Vec<ShownItem>,
}

/// An item of it: its options in order, where it came on the screen.
#[derive(Serialize)]
struct ShownItem {
    item: String,
    options: Option<Vec<String>>,
}

/// Replays a log line by line and looks at the screen after each.
fn shown(content: &Content, log: &str) -> Vec<Shown> {
    let mut attempts: Vec<Shown> = Vec::new();
    let mut replay = Replay { state: None, head: None, broken: None };
    for line in log.lines() {
        replay = replay_on(content, replay, [line]);
        assert_eq!(replay.broken, None);
        let Some(state) = &replay.state else { continue };
        let Scene::TestRun(run) = view(content, state).scene else { continue };
        let (part, attempt) = (run.part.to_string(), run.attempt);
        if !attempts.iter().any(|known| (&known.part, known.attempt) == (&part, attempt)) {
            let items = run.slots.iter();
            let items = items.map(|slot| ShownItem { item: slot.item.to_string(), options: None }).collect();
            attempts.push(Shown { part, attempt, items });
        }
        let ids = match &run.item.body {
            ItemBodyView::Options { options, .. }
            | ItemBodyView::Statements(options)
            | ItemBodyView::Steps(options) => options.iter().map(|option| option.id.to_string()).collect(),
            ItemBodyView::Matching { .. }
            | ItemBodyView::Number { .. }
            | ItemBodyView::Concordance { .. } => Vec::new(),
        };
        let items = attempts.last_mut().map(|attempt| &mut attempt.items).expect("an attempt");
        let item = items.iter_mut().find(|item| item.item == run.item.item.as_str()).expect("an item");
        item.options = Some(ids);
    }
    attempts
}

#[test]
fn pyjwt_and_hashlib_agree_on_records_and_packs() {
    let Some(python) = python() else {
        return skip("record_judges.rs: no Python environment with PyJWT; `cargo xtask test` makes one");
    };
    let script = vectors().join("../judges/record.py");
    let mut shuffles = 0;
    for name in
        ["self-identified", "two-credits", "retaken", "nothing-asked", "other-signature", "bundle-escaped"]
    {
        let bundle = vectors().join("valid").join(name).join("record.enduring-record.json");
        let parsed: Bundle =
            serde_json::from_str(&fs::read_to_string(&bundle).expect("a bundle")).expect("a bundle");
        let pack = if name == "nothing-asked" { "packs/plain/1.0.0" } else { "packs/vectors/1.0.0" };
        let content = pack::open(&vectors().join(pack)).expect("a pack").content;
        let shown = shown(&content, &parsed.log);
        let mut child = Command::new(&python)
            .arg(&script)
            .args([&bundle, &vectors().join(pack), &vectors().join("issuers.json")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        serde_json::to_writer(child.stdin.take().expect("its input"), &shown).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: the judge disagrees, see above");
        assert!(said.contains(&format!("draws {}", shown.len())), "{name}: {said}");
        shuffles +=
            said.trim().rsplit_once(' ').map_or(0, |(_, count)| count.parse::<usize>().expect("a number"));
    }
    assert!(shuffles > 30, "only {shuffles} shuffles were judged");
}

/// The judges' own test: a record that is broken does not pass them.
#[test]
fn the_judges_refuse_what_is_broken() {
    let Some(python) = python() else {
        return skip("record_judges.rs: no Python environment with PyJWT; `cargo xtask test` makes one");
    };
    for name in ["signature-flipped", "log-reordered", "part-learner-edited", "header-jku", "key-swapped"] {
        let bundle = vectors().join("invalid").join(name).join("record.enduring-record.json");
        let output = Command::new(&python)
            .arg(vectors().join("../judges/record.py"))
            .args([&bundle, &vectors().join("packs/vectors/1.0.0"), &vectors().join("issuers.json")])
            .stdin(Stdio::null())
            .output()
            .expect("Python runs");
        let said = String::from_utf8_lossy(&output.stderr);
        let expected = match name {
            "signature-flipped" => "InvalidSignatureError",
            "log-reordered" => "the chain",
            "part-learner-edited" => "learner",
            "header-jku" => "no other members",
            _ => "kid is the thumbprint",
        };
        assert!(!output.status.success() && said.contains(expected), "{name}: {said}");
    }
}

/// Whether our check takes a signature of any length: other lengths than 64 bytes are
/// refused before any arithmetic, as in every signed document.
fn takes(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    <&[u8; 64]>::try_from(signature).is_ok_and(|signature| verifies_bytes(key, message, signature))
}

#[test]
fn wycheproof_in_the_crate() {
    let set = TestSet::load(TestName::EcdsaSecp256r1Sha256P1363).expect("the set");
    let mut cases = 0;
    for group in &set.test_groups {
        let key = PublicKey::from_point(&group.key.key).expect("an uncompressed point");
        for case in &group.tests {
            let expected = match case.result {
                TestResult::Valid => true,
                TestResult::Invalid => false,
                TestResult::Acceptable => panic!("case {}: no case leaves it open", case.tc_id),
            };
            assert_eq!(takes(&key, &case.msg, &case.sig), expected, "case {}: {}", case.tc_id, case.comment);
            cases += 1;
        }
    }
    assert!(cases > 200, "only {cases} cases");
}

/// A file of Wycheproof, as far as we read it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Corpus<G> {
    number_of_tests: usize,
    test_groups: Vec<G>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EcdsaGroup {
    public_key: EcdsaKey,
    tests: Vec<EcdsaCase>,
}

#[derive(Deserialize)]
struct EcdsaKey {
    uncompressed: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EcdsaCase {
    tc_id: usize,
    msg: String,
    sig: String,
    result: String,
}

#[derive(Deserialize)]
struct JwsGroup {
    #[serde(default)]
    public: serde_json::Map<String, serde_json::Value>,
    tests: Vec<JwsCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JwsCase {
    tc_id: usize,
    comment: String,
    jws: serde_json::Value,
    result: String,
}

fn corpus(file: &str) -> Option<String> {
    let place =
        std::env::var_os("ENDURING_CORPORA").map(|corpora| Path::new(&corpora).join("wycheproof").join(file));
    match place.filter(|place| place.exists()) {
        Some(place) => Some(fs::read_to_string(place).expect("a corpus")),
        None => {
            skip(&format!("record_judges.rs: {file} of Wycheproof; ENDURING_CORPORA does not lead to it"));
            None
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks_exact(2);
    digits.map(|two| u8::from_str_radix(std::str::from_utf8(two).expect("ASCII"), 16).expect("hex")).collect()
}

#[test]
fn wycheproof_of_the_corpora_on_signatures() {
    let Some(text) = corpus("ecdsa_secp256r1_sha256_p1363_test.json") else { return };
    let corpus: Corpus<EcdsaGroup> = serde_json::from_str(&text).expect("the corpus");
    let mut cases = 0;
    for group in &corpus.test_groups {
        let key = PublicKey::from_point(&bytes(&group.public_key.uncompressed)).expect("a point");
        for case in &group.tests {
            let taken = takes(&key, &bytes(&case.msg), &bytes(&case.sig));
            assert_eq!(taken, case.result == "valid", "case {}", case.tc_id);
            cases += 1;
        }
    }
    assert_eq!(cases, corpus.number_of_tests);
}

/// Our documents have more header than those of the corpus, so none of its cases is
/// one of ours; and where a case is ES256, key set, encoding and signature check say
/// of it what Wycheproof says.
#[test]
fn wycheproof_of_the_corpora_on_documents() {
    let Some(text) = corpus("json_web_signature_test.json") else { return };
    let corpus: Corpus<JwsGroup> = serde_json::from_str(&text).expect("the corpus");
    let (mut cases, mut es256, mut valid) = (0, 0, 0);
    for group in corpus.test_groups {
        let mut jwk = group.public;
        jwk.remove("kid");
        let set = serde_json::json!({ "keys": [jwk] }).to_string();
        let is_ours = jwk.get("crv").is_some_and(|curve| curve == "P-256");
        let key = KeySet::parse(&set).ok().and_then(|set| set.keys().next().copied());
        for case in group.tests {
            cases += 1;
            let text = case.jws.as_str().unwrap_or_default();
            assert!(Compact::parse(text, RECORD_TYP).is_err(), "case {} is no record", case.tc_id);
            if !is_ours {
                assert!(key.is_none(), "case {}: a key of another kind is not used", case.tc_id);
                continue;
            }
            es256 += 1;
            valid += usize::from(case.result == "valid");
            let taken = key.is_some_and(|key| taken(&key, text));
            assert_eq!(taken, case.result == "valid", "case {}: {}", case.tc_id, case.comment);
        }
    }
    assert_eq!((cases, es256, valid), (corpus.number_of_tests, 41, 2));
}

/// Whether encoding and signature of a document are good, its header aside.
fn taken(key: &PublicKey, text: &str) -> bool {
    let Some((input, signature)) = text.rsplit_once('.') else { return false };
    unbase64url(signature).is_some_and(|signature| takes(key, input.as_bytes(), &signature))
}
