//! The whole way: facts, documents, verification, and every refusal.

use std::collections::BTreeSet;

use enduring_core::encode::{base64url, unbase64url};
use enduring_core::id::{ActivityId, CreditId, Digest, SessionId};
use enduring_core::measure::{Credit, Timestamp};
use enduring_core::record::{Activities, Compact, CreditEarned, RECEIPT_FORMAT, RecordRef};
use serde_json::{Value, json};

use super::*;
use crate::key::{KeySet, jwks};

/// 2026-11-22T10:00:00Z.
const NOW: Timestamp = Timestamp(1_795_341_600_000);
const LIST: &str = "https://society.example/status/1";

fn facts() -> Facts {
    let credit = |id: &str, name: &str, amount| CreditEarned {
        credit: CreditId::new(id).expect("a name"),
        name: name.to_owned(),
        accreditor: "Sample Accreditation Board".to_owned(),
        accreditor_activity: "SAB-1".to_owned(),
        amount: Credit(amount),
    };
    Facts {
        receipt: Receipt {
            format: RECEIPT_FORMAT.to_owned(),
            record: RecordRef { kid: Digest([1; 32]), id: SessionId([2; 16]) },
            activity: Activities {
                id: ActivityId::new("fever").expect("a name"),
                version: "1.0.0".to_owned(),
                digest: Digest([3; 32]),
                provider: "Example Society".to_owned(),
            },
            standing: Standing::Credited,
            credits: vec![credit("points", "practice points", 75)],
            completed: "2026-11-20".to_owned(),
            received: Timestamp(NOW.0 - 7_200_000),
            decided: Timestamp(NOW.0 - 3_600_001),
        },
        learner: Some("Łucja Świątek-O’Brien".to_owned()),
        profession: Some("Physician".to_owned()),
        title: "Fever in a returning traveller".to_owned(),
        format: "Enduring material".to_owned(),
    }
}

fn settings() -> Settings {
    Settings { id: Some("https://society.example".to_owned()), ..Settings::default() }
}

fn issuers(signer: &Signer) -> KeySet {
    KeySet::parse(&jwks(&[signer.public()]).expect("JSON")).expect("a set")
}

fn entry() -> StatusEntry {
    StatusEntry { index: 94_567, list: LIST.to_owned() }
}

fn signed(change: impl FnOnce(&mut Value), typ: &str, signer: &Signer) -> String {
    let payload = credential(&facts(), &settings(), &signer.public(), Some(&entry())).expect("a credential");
    let mut payload: Value = serde_json::from_str(&payload).expect("JSON");
    change(&mut payload);
    signer.sign(typ, payload.to_string().as_bytes()).expect("signed")
}

fn code_of(text: &str, signer: &Signer, status: Option<&str>) -> Result<StatusCheck, Code> {
    let issuers = issuers(signer);
    let trust = Trust { issuers: &issuers, status, now: NOW };
    verify(text, &trust).map(|verified| verified.status).map_err(|refusal| refusal.code)
}

#[test]
fn what_is_issued_is_verified_and_says_the_facts() {
    let signer = Signer::generate().expect("a key");
    let issued = issue(&facts(), &settings(), &signer, Some(&entry())).expect("a certificate");
    assert!(issued.pdf.starts_with(b"%PDF-1.7"));
    let issuers = issuers(&signer);
    let trust = Trust { issuers: &issuers, status: None, now: NOW };
    let verified = verify(&issued.jwt, &trust).expect("good");
    assert_eq!(verified, verify(&to_qr(&issued.jwt).expect("a text"), &trust).expect("good"));
    assert_eq!(verified.status, StatusCheck::NotChecked { list: LIST.to_owned() });
    assert_eq!(verified.kid, signer.public().kid());
    let shown = verified.credential;
    assert!(shown.is_certificate());
    assert_eq!(shown.name.as_deref(), Some("Certificate of credit"));
    assert_eq!(shown.learner.as_deref(), Some("Łucja Świątek-O’Brien"));
    assert_eq!(shown.profession.as_deref(), Some("Physician"));
    assert_eq!(shown.title.as_deref(), Some("Fever in a returning traveller"));
    assert_eq!(shown.completed.as_deref(), Some("2026-11-20"));
    assert_eq!(shown.valid_from.as_deref(), Some("2026-11-22T08:59:59Z"));
    assert_eq!(
        (shown.issuer.as_str(), shown.issuer_name.as_deref()),
        ("https://society.example", Some("Example Society"))
    );
    let credit = ShownResult {
        name: "practice points (Sample Accreditation Board, SAB-1)".to_owned(),
        amount: "0.75".to_owned(),
    };
    assert_eq!(shown.credits, [credit]);
}

#[test]
fn without_credit_it_is_of_participation_and_without_a_name_of_the_record() {
    let mut facts = facts();
    facts.receipt.credits.clear();
    (facts.learner, facts.profession) = (None, None);
    let signer = Signer::generate().expect("a key");
    let settings = Settings::default();
    let issued = issue(&facts, &settings, &signer, None).expect("a certificate");
    let issuers = issuers(&signer);
    let verified = verify(&issued.jwt, &Trust { issuers: &issuers, status: None, now: NOW }).expect("good");
    assert_eq!(verified.status, StatusCheck::None);
    assert_eq!(verified.credential.name.as_deref(), Some("Certificate of participation"));
    assert_eq!((verified.credential.learner, verified.credential.credits), (None, vec![]));
    assert_eq!(
        verified.credential.issuer,
        format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{}", verified.kid)
    );
}

#[test]
fn the_same_facts_give_the_same_page() {
    let token = signed(|_| {}, CREDENTIAL_TYP, &Signer::generate().expect("a key"));
    let first = pdf(&facts(), &settings(), &token).expect("a page");
    assert_eq!(first, pdf(&facts(), &settings(), &token).expect("a page"));
    let other = Facts { learner: Some("Somebody Else".to_owned()), ..facts() };
    assert_ne!(first, pdf(&other, &settings(), &token).expect("a page"));
}

#[test]
fn the_same_record_has_the_same_number() {
    let record = facts().receipt.record;
    let id = certificate_id(&record);
    // As Python's hashlib and uuid have it.
    assert_eq!(id, "urn:uuid:ee9084c4-f759-8b58-ab2a-cd9b0bdc5f0b");
    assert_ne!(id, certificate_id(&RecordRef { id: SessionId([3; 16]), ..record }));
}

#[test]
fn headers_have_no_options() {
    let signer = Signer::generate().expect("a key");
    let token = signed(|_| {}, CREDENTIAL_TYP, &signer);
    let (_, rest) = token.split_once('.').expect("a token");
    let kid = signer.public().kid();
    let good = format!(r#"{{"alg":"ES256","typ":"vc+jwt","kid":"{kid}"}}"#);
    for (from, to, expected) in [
        ("ES256", "EdDSA", Code::Alg),
        ("ES256", "none", Code::Alg),
        ("vc+jwt", "JWT", Code::Typ),
        ("}", r#","cty":"bad+cty"}"#, Code::Typ),
        ("}", r#","crit":["b64"]}"#, Code::Shape),
        ("}", r#","alg":"none"}"#, Code::Shape),
        (&kid, "key-1", Code::Key),
        (&kid, &Signer::generate().expect("a key").public().kid(), Code::Key),
        // Another spelling of the same header was not what was signed.
        ("{", "{ ", Code::Signature),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        let bad = format!("{}.{rest}", base64url(bad.as_bytes()));
        assert_eq!(code_of(&bad, &signer, None), Err(expected), "{from} {to}");
    }
    assert_eq!(code_of(&signed(|_| {}, "enduring-receipt+jwt", &signer), &signer, None), Err(Code::Typ));
}

#[test]
fn what_was_changed_after_signing_is_refused() {
    let signer = Signer::generate().expect("a key");
    let token = signed(|_| {}, CREDENTIAL_TYP, &signer);
    let parts: Vec<&str> = token.split('.').collect();
    let payload = String::from_utf8(unbase64url(parts[1]).expect("base64url")).expect("UTF-8");
    let richer = payload.replace("0.75", "9.75");
    assert_ne!(richer, payload);
    let richer = [parts[0], &base64url(richer.as_bytes()), parts[2]].join(".");
    assert_eq!(code_of(&richer, &signer, None), Err(Code::Signature));
    assert_eq!(code_of(&to_qr(&richer).expect("a text"), &signer, None), Err(Code::Signature));
    assert_eq!(code_of(&token, &Signer::generate().expect("a key"), None), Err(Code::Key));
    let short = format!("{}.{}.AAAA", parts[0], parts[1]);
    assert_eq!(code_of(&short, &signer, None), Err(Code::Signature));
}

#[test]
fn other_texts_are_refused() {
    let signer = Signer::generate().expect("a key");
    let qr = to_qr(&signed(|_| {}, CREDENTIAL_TYP, &signer)).expect("a text");
    for (text, expected) in [
        (String::new(), Code::Shape),
        ("a.b.c.d".to_owned(), Code::Shape),
        ("é".repeat(10), Code::Shape),
        (qr[..qr.len() - 9].to_owned(), Code::Qr),
        ("ENDURING1:".to_owned(), Code::Qr),
        ("A".repeat(CREDENTIAL_MAX + 1), Code::Size),
    ] {
        assert_eq!(code_of(&text, &signer, None), Err(expected), "{text:.20}");
    }
}

#[test]
fn signed_payloads_that_are_no_good_certificate_are_refused() {
    let signer = Signer::generate().expect("a key");
    let set = |member: &'static str, value: Value| (member, value);
    for ((member, value), expected) in [
        (set("vc", json!({})), Code::Claims),
        (set("vp", json!("nooo")), Code::Claims),
        (set("iss", json!("https://other.example")), Code::Claims),
        (set("jti", json!("urn:uuid:0")), Code::Claims),
        (set("sub", json!("did:example:1")), Code::Claims),
        (set("@context", json!(["https://www.w3.org/2018/credentials/v1"])), Code::Shape),
        (set("@context", json!("https://www.w3.org/ns/credentials/v2")), Code::Shape),
        (set("type", json!(["AchievementCredential"])), Code::Shape),
        (set("issuer", json!({})), Code::Shape),
        (set("credentialSubject", json!("me")), Code::Shape),
        (set("validFrom", json!("yesterday")), Code::Shape),
        (set("validFrom", json!("2026-11-22T10:05:01Z")), Code::Early),
        (set("nbf", json!(NOW.0 / 1_000 + 301)), Code::Early),
        (set("validUntil", json!("2026-11-22T09:59:59Z")), Code::Expired),
        (set("exp", json!(NOW.0 / 1_000 - 1)), Code::Expired),
        (set("credentialStatus", json!({ "type": "StatusList2021Entry" })), Code::Status),
        (set("type", json!(["VerifiableCredential", "BitstringStatusListCredential"])), Code::Kind),
    ] {
        let token = signed(|payload| payload[member] = value.clone(), CREDENTIAL_TYP, &signer);
        assert_eq!(code_of(&token, &signer, None), Err(expected), "{member} {value}");
    }
    let token = signer.sign(CREDENTIAL_TYP, b"[]").expect("signed");
    assert_eq!(code_of(&token, &signer, None), Err(Code::Shape));
}

#[test]
fn an_issuer_that_is_named_by_its_key_speaks_with_no_other() {
    let (signer, other) = (Signer::generate().expect("a key"), Signer::generate().expect("a key"));
    let payload = credential(&facts(), &Settings::default(), &other.public(), None).expect("a credential");
    let token = signer.sign(CREDENTIAL_TYP, payload.as_bytes()).expect("signed");
    assert_eq!(code_of(&token, &signer, None), Err(Code::Key));
}

#[test]
fn a_status_list_revokes_and_only_what_it_names() {
    let signer = Signer::generate().expect("a key");
    let token = signed(|_| {}, CREDENTIAL_TYP, &signer);
    let list = |places: &[u32]| {
        let places: BTreeSet<u32> = places.iter().copied().collect();
        status_list(LIST, &places, &settings(), &signer, Timestamp(NOW.0 - 1_000)).expect("a list")
    };
    let valid = StatusCheck::Valid { list: LIST.to_owned(), issued: Some("2026-11-22T09:59:59Z".to_owned()) };
    assert_eq!(code_of(&token, &signer, Some(&list(&[]))), Ok(valid.clone()));
    assert_eq!(code_of(&token, &signer, Some(&list(&[0, 94_566, 94_568, 400_000]))), Ok(valid));
    assert_eq!(code_of(&token, &signer, Some(&list(&[3, 94_567]))), Err(Code::Revoked));
    assert!(matches!(
        status_list(LIST, &[STATUS_LIST_MOST].into(), &settings(), &signer, NOW),
        Err(StatusError::Index { found: STATUS_LIST_MOST })
    ));
    let whole = status_list(LIST, &[STATUS_LIST_MOST - 1].into(), &settings(), &signer, NOW).expect("a list");
    assert!(whole.len() < STATUS_MAX);
    assert!(code_of(&token, &signer, Some(&whole)).is_ok());
}

#[test]
fn a_list_that_cannot_tell_is_no_leave() {
    let signer = Signer::generate().expect("a key");
    let token = signed(|_| {}, CREDENTIAL_TYP, &signer);
    let none = BTreeSet::new();
    let good = status_list(LIST, &none, &settings(), &signer, NOW).expect("a list");
    let payload = Compact::parse(&good, CREDENTIAL_TYP).expect("a list").payload;
    let payload: Value = serde_json::from_slice(&payload).expect("JSON");
    let changed = |place: &str, value: Value| {
        let mut payload = payload.clone();
        *payload.pointer_mut(place).expect(place) = value;
        signer.sign(CREDENTIAL_TYP, payload.to_string().as_bytes()).expect("signed")
    };
    let stranger = Signer::generate().expect("a key");
    for bad in [
        String::new(),
        token.clone(),
        status_list("https://society.example/status/2", &none, &settings(), &signer, NOW).expect("a list"),
        status_list(LIST, &none, &Settings::default(), &signer, NOW).expect("a list"),
        status_list(LIST, &none, &settings(), &stranger, NOW).expect("a list"),
        status_list(LIST, &none, &settings(), &signer, Timestamp(NOW.0 + 600_000)).expect("a list"),
        changed("/credentialSubject/statusPurpose", json!("suspension")),
        changed("/credentialSubject/encodedList", json!("uAAAA")),
        // The GZIP of nothing: no entry.
        changed("/credentialSubject/encodedList", json!("uH4sIAAAAAAAAAwMAAAAAAAAAAAA")),
    ] {
        assert_eq!(code_of(&token, &signer, Some(&bad)), Err(Code::Status), "{bad:.60}");
    }
}

#[test]
fn what_no_certificate_can_say_is_refused() {
    let signer = Signer::generate().expect("a key");
    let refusal = |change: &dyn Fn(&mut Facts)| {
        let mut facts = facts();
        change(&mut facts);
        issue(&facts, &settings(), &signer, None).expect_err("refused").to_string()
    };
    for (change, expected) in [
        (
            &(|facts: &mut Facts| facts.receipt.standing = Standing::Reversed) as &dyn Fn(&mut Facts),
            "reversed",
        ),
        (&|facts| facts.title = "  ".to_owned(), "the title: expected 1 to 300 characters"),
        (&|facts| facts.title = "a\nb".to_owned(), "found U+000A"),
        (&|facts| facts.title = "a".repeat(301), "found 301"),
        (
            &|facts| facts.learner = Some("王伟".to_owned()),
            "the learner's name: expected characters of Noto Sans",
        ),
        (&|facts| facts.receipt.completed = "2026-11-31".to_owned(), "expected a date such as"),
    ] {
        let found = refusal(change);
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn the_longest_texts_still_have_a_page() {
    let mut facts = facts();
    facts.title = "Pneumonoultramicroscopicsilicovolcanoconiosis ".repeat(6).trim().to_owned();
    facts.learner = Some("Wolfeschlegelsteinhausenbergerdorff ".repeat(4).trim().to_owned());
    facts.receipt.credits = vec![facts.receipt.credits[0].clone(); 3];
    for page in [Page::A4, Page::Letter] {
        let settings = Settings { page, ..settings() };
        issue(&facts, &settings, &Signer::generate().expect("a key"), None).expect("a certificate");
    }
}
