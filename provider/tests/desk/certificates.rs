//! Certificates of what is in the ledger, and the list of those that were revoked.

use enduring_core::id::Digest;
use enduring_core::record::Bundle;
use enduring_provider::certificate::{CertificateError, Code, StatusCheck, Trust, verify};
use enduring_provider::intake::{Act, DeskPolicy, IntakeError};
use enduring_provider::key::{KeySet, Signer};
use enduring_provider::ledger::Ledger;
use enduring_provider::time;

use crate::databases::Kind;
use crate::material::{bundles, intake, intake_over, told};
use crate::on_both;

on_both! {
    a_credited_record_has_a_certificate_and_a_reversed_one_is_on_the_list,
    a_name_that_no_font_has_is_in_the_credential,
    without_its_pack_no_certificate_is_made,
}

async fn a_credited_record_has_a_certificate_and_a_reversed_one_is_on_the_list(kind: Kind) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    let issuers = KeySet::parse(&desk.keys()).expect("a key set");
    let mut made = Vec::new();
    for text in &bundles()[..2] {
        let bundle: Bundle = serde_json::from_str(text).expect("a bundle");
        let record = desk.submit(text.clone(), None).await.expect("an answer").record.expect("a record");
        let proof = Digest::of(&[bundle.record.as_bytes()]);
        let issued = desk.certificate(record, proof).await.expect("an answer").expect("a certificate");
        assert!(issued.pdf.starts_with(b"%PDF-"));
        let stranger = desk.certificate(record, Digest([0; 32])).await;
        assert!(matches!(stranger, Err(IntakeError::Proof)), "only who has the record gets it");
        made.push((record, proof, issued.jwt));
    }
    let (record, proof, _) = &made[0];
    let act = Act::Reverse { note: "a test".to_owned() };
    desk.decide(record, "ada", &act).await.expect("reversed");
    assert!(desk.certificate(*record, *proof).await.expect("an answer").is_none());
    desk.appeal(record).await.expect("an appeal");
    let list = desk.status_list(0).await.expect("an answer").expect("a list");
    assert!(desk.status_list(9).await.expect("an answer").is_none());
    let trust = Trust { issuers: &issuers, status: Some(&list), now: time::now() };
    let refused = verify(&made[0].2, &trust).expect_err("revoked");
    assert_eq!(refused.code, Code::Revoked);
    let verified = verify(&made[1].2, &trust).expect("still good");
    assert!(matches!(verified.status, StatusCheck::Valid { .. }), "{:?}", verified.status);
    let without = verify(&made[0].2, &Trust { status: None, ..trust }).expect("a list is not at hand");
    assert!(matches!(without.status, StatusCheck::NotChecked { .. }));
}

/// A font has the letters of some scripts; a credential has those of all.
async fn a_name_that_no_font_has_is_in_the_credential(kind: Kind) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    let text = told(0, &Signer::generate().expect("a key"), |sheet| {
        (sheet.first_name, sheet.last_name) = ("小龙".to_owned(), "李".to_owned());
    });
    let bundle: Bundle = serde_json::from_str(&text).expect("a bundle");
    let record = desk.submit(text, None).await.expect("an answer").record.expect("a record");
    let proof = Digest::of(&[bundle.record.as_bytes()]);
    let page = desk.certificate(record, proof).await;
    let uncovered = matches!(page, Err(IntakeError::Certificate(CertificateError::Uncovered { .. })));
    assert!(uncovered, "{page:?}");
    let jwt = desk.credential(record, proof).await.expect("an answer").expect("a credential");
    let issuers = KeySet::parse(&desk.keys()).expect("a key set");
    let trust = Trust { issuers: &issuers, status: None, now: time::now() };
    let verified = verify(&jwt, &trust).expect("sound");
    assert!(format!("{verified:?}").contains("小龙 李"), "{verified:?}");
}

async fn without_its_pack_no_certificate_is_made(kind: Kind) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    let desk = intake(ledger.clone(), DeskPolicy::default());
    let bundle: Bundle = serde_json::from_str(&bundles()[0]).expect("a bundle");
    let record = desk.submit(bundles()[0].clone(), None).await.expect("an answer").record.expect("a record");
    let proof = Digest::of(&[bundle.record.as_bytes()]);
    let empty = tempfile::tempdir().expect("a folder");
    let away = intake_over(ledger, empty.path());
    assert!(matches!(away.certificate(record, proof).await, Err(IntakeError::PackAway)));
    assert!(desk.certificate(record, proof).await.expect("an answer").is_some());
}
