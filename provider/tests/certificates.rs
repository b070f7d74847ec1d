//! Certificates by judges that we did not write: openbadgeslib takes the credential,
//! PDFium and ZXing read the page, and the credentials of W3C's vc-jose-cose test suite
//! are taken or refused for the right reason.

mod python;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use enduring_core::encode::unbase64url;
use enduring_core::id::{ActivityId, CreditId, Digest, SessionId};
use enduring_core::measure::{Credit, Timestamp};
use enduring_core::record::{
    Activities, CreditEarned, RECEIPT_FORMAT, RECEIPT_TYP, Receipt, RecordRef, Standing,
};
use enduring_provider::certificate::{CREDENTIAL_TYP, Code, Trust, Verified, verify};
use enduring_provider::key::{KeySet, Signer, jwks};

use self::python::python;

fn receipt() -> Receipt {
    Receipt {
        format: RECEIPT_FORMAT.to_owned(),
        record: RecordRef { kid: Digest([1; 32]), id: SessionId([2; 16]) },
        activity: Activities {
            id: ActivityId::new("fever").expect("a name"),
            version: "1.0.0".to_owned(),
            digest: Digest([3; 32]),
            provider: "Example Society".to_owned(),
        },
        standing: Standing::Credited,
        credits: vec![CreditEarned {
            credit: CreditId::new("points").expect("a name"),
            name: "practice points".to_owned(),
            accreditor: "Sample Accreditation Board".to_owned(),
            accreditor_activity: "SAB-1".to_owned(),
            amount: Credit(75),
        }],
        completed: "2026-11-20".to_owned(),
        // 2026-11-20T10:00:00Z; outside judges know no other now than theirs.
        received: Timestamp(1_795_168_800_000),
        decided: Timestamp(1_795_168_800_000),
    }
}

fn enduring(place: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .args(arguments)
        .current_dir(place)
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn others_take_our_certificate_and_refuse_a_changed_one() {
    let Some(python) = python() else {
        eprintln!("not judged: `cargo xtask setup` makes the Python environment");
        return;
    };
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let signer = Signer::create(&place.join("key.pem")).expect("a key");
    fs::write(place.join("issuers.json"), jwks(&[signer.public()]).expect("JSON")).expect("a file");
    let mut receipt = receipt();
    let now = Timestamp(jiff::Timestamp::now().as_millisecond() - 60_000);
    (receipt.received, receipt.decided) = (receipt.received.min(now), receipt.decided.min(now));
    let signed = signer.sign(RECEIPT_TYP, receipt.encode().as_bytes()).expect("signed");
    fs::write(place.join("receipt.jws"), signed).expect("a file");
    fs::write(place.join("certificate.toml"), "[provider]\nid = \"https://society.example\"\n")
        .expect("a file");
    let list = "https://society.example/status/1";
    let make = "certificate make --receipt receipt.jws --key key.pem --settings certificate.toml --out out \
                --profession Physician --status-index 7 --status-url";
    let mut make: Vec<&str> = make.split_whitespace().collect();
    make.extend([list, "--title", "Fever in a returning traveller", "--learner-name", "Łucja Świątek"]);
    enduring(place, &make);
    for (out, revoked) in [("valid.jwt", "6"), ("revoked.jwt", "7")] {
        let revoke =
            ["certificate", "revoke", revoked, "--key", "key.pem", "--status-url", list, "--out", out];
        enduring(place, &[&revoke[..], &["--settings", "certificate.toml"]].concat());
    }
    let judged = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge_certificate.py"))
        .args(["out", "issuers.json", "valid.jwt", "revoked.jwt"])
        .current_dir(place)
        .output()
        .expect("Python runs");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
}

/// The folder of the W3C's credentials, where it is.
fn corpus() -> Option<PathBuf> {
    let place = env::var_os("ENDURING_CORPORA").map(|corpora| PathBuf::from(corpora).join("vc-jose-cose"));
    let place = place.filter(|place| place.exists());
    if place.is_none() {
        eprintln!("skipped: certificates.rs: vc-jose-cose; ENDURING_CORPORA does not lead to it");
    }
    place
}

fn judged(text: &str, issuers: &KeySet) -> Result<Verified, Code> {
    let now = Timestamp(1_795_341_600_000);
    verify(text, &Trust { issuers, status: None, now }).map_err(|refusal| refusal.code)
}

#[test]
fn credentials_of_the_w3c_are_taken_or_refused_for_the_right_reason() {
    let Some(corpus) = corpus() else { return };
    let read = |name: &str| fs::read_to_string(corpus.join(name)).expect(name);
    let method: serde_json::Value = serde_json::from_str(&read("vm-p256.json")).expect("JSON");
    let set = serde_json::json!({ "keys": [method["publicKeyJwk"]] }).to_string();
    let issuers = KeySet::parse(&set).expect("a set");
    assert_eq!(issuers.len(), 1, "{:?}", issuers.warnings);
    let verified = judged(&read("credential-jose-minimal.txt"), &issuers).expect("taken");
    assert_eq!(verified.credential.issuer, "https://example.issuer/vc-jose-cose");
    assert_eq!(verified.credential.types, ["VerifiableCredential", "ExampleAlumniCredential"]);
    assert!(!verified.credential.is_certificate());
    let ours = Signer::generate().expect("a key");
    let own = KeySet::parse(&jwks(&[ours.public()]).expect("JSON")).expect("a set");
    for (name, typ, signed_by_us) in [
        ("credential-jose-bad-media-type.txt", "bad+typ", Err(Code::Typ)),
        ("credential-jose-bad-signature.txt", CREDENTIAL_TYP, Ok(())),
        ("credential-jose-unknown-extensions.txt", CREDENTIAL_TYP, Ok(())),
        ("credential-jose-vc-vp-claims.txt", CREDENTIAL_TYP, Err(Code::Claims)),
    ] {
        let text = read(name);
        // They are signed by other algorithms, which is what is told of them first.
        assert_eq!(judged(&text, &issuers).map(drop), Err(Code::Alg), "{name}");
        // Signed with ES256, each is what its name says.
        let payload = text.split('.').nth(1).and_then(unbase64url).expect(name);
        let again = ours.sign(typ, &payload).expect("signed");
        assert_eq!(judged(&again, &own).map(drop), signed_by_us, "{name}");
    }
    let minimal = read("credential-jose-minimal.txt");
    let (signed, signature) = minimal.trim().rsplit_once('.').expect("a token");
    let spoilt = format!("{signed}.{}", signature.replacen("8MlgeePP", "8MlgeePQ", 1));
    assert_eq!(judged(&spoilt, &issuers).map(drop), Err(Code::Signature));
}
