//! Packs that come, change and go while the server runs.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use enduring_core::content::MANIFEST_TYP;
use enduring_core::id::Digest;
use enduring_core::json;
use enduring_core::record::{Bundle, Compact, Payload, RECORD_TYP};
use enduring_provider::key::Signer;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use crate::databases::Kind;
use crate::on_both;
use crate::place::{Place, bundles, copy, header, vectors};

on_both! {
    a_pack_is_taken_up_and_let_go_without_a_restart,
    a_pack_that_is_signed_again_counts_by_its_new_signature,
    a_broken_pack_is_named_and_the_others_are_used,
}

fn packs(place: &Place) -> PathBuf {
    place.folder.path().join("site/packs")
}

/// What becomes of a record, and why.
async fn submit(place: &Place, bundle: &str) -> (String, String) {
    let sent = Client::new().post(place.at("/api/records")).header(CONTENT_TYPE, "application/json");
    let answer: Value =
        sent.body(bundle.to_owned()).send().await.expect("an answer").json().await.expect("JSON");
    (answer["standing"].as_str().expect("a standing").to_owned(), answer["reasons"].to_string())
}

async fn text(place: &Place, path: &str) -> String {
    reqwest::get(place.at(path)).await.expect("an answer").text().await.expect("text")
}

/// Waits until what is told at a path is so.
async fn told(place: &Place, path: &str, is_so: impl Fn(&str) -> bool) -> String {
    let began = Instant::now();
    loop {
        let said = text(place, path).await;
        if is_so(&said) {
            return said;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{path}: {said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn a_pack_is_taken_up_and_let_go_without_a_restart(kind: Kind) {
    let place = Place::on(kind, "");
    let [first, second] = bundles(2).try_into().expect("two");
    let manifest = "/packs/vectors/1.0.0/manifest.jws";
    assert_eq!(submit(&place, &first).await.0, "credited");

    let aside = place.folder.path().join("aside");
    fs::rename(packs(&place).join("vectors"), &aside).expect("moved");
    place.hang_up();
    place.until(manifest, 404).await;
    let (standing, reasons) = submit(&place, &second).await;
    assert!(standing == "review" && reasons.contains("pack.known"), "{standing} {reasons}");

    fs::rename(&aside, packs(&place).join("vectors")).expect("moved");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    // No hangup: the record itself has its pack looked for.
    assert_eq!(submit(&place, &second).await.0, "credited");
    place.hang_up();
    place.until(manifest, 200).await;
}

async fn a_pack_that_is_signed_again_counts_by_its_new_signature(kind: Kind) {
    let place = Place::on(kind, "");
    let [first, second, third] = bundles(3).try_into().expect("three");
    assert_eq!(submit(&place, &first).await.0, "credited");
    let path = packs(&place).join("vectors/1.0.0/manifest.jws");
    let signed = fs::read_to_string(&path).expect("a manifest");
    let payload = Compact::parse(signed.trim(), MANIFEST_TYP).expect("a manifest").payload;
    let stranger = Signer::generate().expect("a key").sign(MANIFEST_TYP, &payload).expect("signed");
    for (text, bundle, expected) in [(&stranger, &second, "rejected"), (&signed, &third, "credited")] {
        // As `enduring build` does: whole, or not there.
        fs::write(path.with_extension("new"), text).expect("a file");
        fs::rename(path.with_extension("new"), &path).expect("moved");
        place.hang_up();
        told(&place, "/packs/vectors/1.0.0/manifest.jws", |served| served == text.as_str()).await;
        let (standing, reasons) = submit(&place, bundle).await;
        assert_eq!(standing, expected, "{reasons}");
        assert_eq!(reasons.contains("policy.pack_trust"), expected == "rejected", "{reasons}");
    }
}

async fn a_broken_pack_is_named_and_the_others_are_used(kind: Kind) {
    let place = Place::on(kind, "");
    let bundle = bundles(1).remove(0);
    assert_eq!(text(&place, "/ready").await, "ready\n");
    let packs = packs(&place);
    fs::create_dir_all(packs.join("torn/1.0.0")).expect("a folder");
    fs::write(packs.join("torn/1.0.0/manifest.jws"), "no manifest").expect("a file");
    fs::write(packs.join("plain/1.0.0/activity.bin"), "other bytes").expect("a file");
    place.hang_up();
    let ready = told(&place, "/ready", |said| said.matches("pack not used: ").count() == 2).await;
    assert!(
        ready.starts_with("ready\n") && ready.contains("torn/1.0.0") && ready.contains("plain/1.0.0"),
        "{ready}"
    );
    let metrics = text(&place, "/metrics").await;
    assert!(
        metrics.contains("enduring_packs 2\n") && metrics.contains("enduring_packs_broken 2\n"),
        "{metrics}"
    );
    assert_eq!(submit(&place, &bundle).await.0, "credited");
    certificate_waits_for_its_pack(&place, &bundle).await;

    fs::remove_dir_all(packs.join("torn")).expect("removed");
    copy(&vectors().join("packs/plain"), &packs.join("plain"));
    place.hang_up();
    told(&place, "/ready", |said| said == "ready\n").await;
    place.terminate();
    let (code, log) = place.ended();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(log.lines().filter(|line| line.contains("pack not used")).count(), 2, "each once: {log}");
    assert!(log.contains("the packs changed"), "{log}");
}

/// A certificate has its title from the pack: while that is away, none is made.
async fn certificate_waits_for_its_pack(place: &Place, bundle: &str) {
    let sent: Bundle = serde_json::from_str(bundle).expect("a bundle");
    let compact = Compact::parse(&sent.record, RECORD_TYP).expect("a record");
    let payload: Payload = json::read_bytes(&compact.payload).expect("a payload");
    let path = place.at(&format!("/api/records/{}/{}/certificate.jwt", compact.kid, payload.id));
    let proof = Digest::of(&[sent.record.as_bytes()]).to_string();
    let ask = async || {
        let asked = reqwest::Client::new().get(&path).header("enduring-proof", &proof);
        let answer = asked.send().await.expect("an answer");
        let again = header(&answer, "retry-after").to_owned();
        (answer.status().as_u16(), again, answer.text().await.expect("text"))
    };
    let (there, away) = (packs(place).join("vectors"), place.folder.path().join("away"));
    fs::rename(&there, &away).expect("moved");
    place.hang_up();
    told(place, "/metrics", |said| said.contains("enduring_packs 1\n")).await;
    let (status, again, said) = ask().await;
    assert!((status, again.as_str()) == (503, "60") && said.contains("not at hand"), "{status} {said}");
    fs::rename(away, there).expect("moved");
    place.hang_up();
    told(place, "/metrics", |said| said.contains("enduring_packs 2\n")).await;
    assert_eq!(ask().await.0, 200);
}
