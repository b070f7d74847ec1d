//! The server as a process: killed while records come, and two of them on one database.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use enduring_core::record::PublicKey;
use enduring_provider::key::Signer;
use enduring_provider::ledger::{Fact, Ledger};
use tokio::sync::Mutex;

use crate::databases::{Kind, vectors};
use crate::material::rehearsed;
use crate::on_both;

on_both! {
    every_receipt_that_a_killed_server_gave_is_in_the_ledger_and_none_twice,
    a_run_over_files_that_is_killed_and_run_again_takes_each_record_once,
}

/// A running `enduring serve`, killed when it goes.
pub struct Serving {
    process: Child,
    pub url: String,
}

impl Serving {
    pub fn start(database: &str, key: &std::path::Path) -> Self {
        let packs = vectors().join("packs");
        let issuers = vectors().join("issuers.json");
        let mut process = Command::new(env!("CARGO_BIN_EXE_enduring"))
            .args(["serve", "--database", database, "--listen", "127.0.0.1:0", "--provider", "Society"])
            .args(["--rate-address", "1000000", "--rate-key", "1000000", "--accept-rehearsal"])
            .arg("--key")
            .arg(key)
            .arg("--packs")
            .arg(&packs)
            .arg("--issuers")
            .arg(&issuers)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command runs");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let url = line.trim().strip_prefix("listening on ").expect("the mark").to_owned();
        Self { process, url }
    }

    /// As a power cut does, as far as one program can: nothing is told to it.
    fn kill(&mut self) {
        self.process.kill().expect("a running process");
        self.process.wait().expect("its end");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a server answers about a record; `None` where it does not answer.
async fn sent(client: &reqwest::Client, url: &str, bundle: &str) -> Option<String> {
    let request = client.post(format!("{url}/api/records")).header("content-type", "application/json");
    let answer = request.body(bundle.to_owned()).send().await.ok()?;
    let answer: serde_json::Value = answer.json().await.ok()?;
    assert_ne!(answer["standing"], "rejected", "{answer}");
    answer["receipt"].as_str().map(str::to_owned)
}

async fn receipts_by_record(database: &str, key: PublicKey) -> BTreeMap<String, Vec<String>> {
    let ledger = Ledger::open(database).await.expect("a ledger");
    let mut receipts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in ledger.of_kind("receipted").await.expect("rows") {
        let Fact::Receipted { record, receipt, .. } = row.entry.fact else { panic!("another row") };
        receipts.entry(record.id.to_string()).or_default().push(receipt);
    }
    ledger.link_all().await.expect("links");
    assert_eq!(ledger.check(&[key], &[]).await.expect("a ledger").altered, None);
    receipts
}

async fn every_receipt_that_a_killed_server_gave_is_in_the_ledger_and_none_twice(kind: Kind) {
    let (fresh, folder) = (kind.fresh(), tempfile::tempdir().expect("a folder"));
    let key = folder.path().join("key.pem");
    let public = Signer::create(&key).expect("a key").public();
    let bundles = Arc::new(rehearsed("good", 200));
    let server = Arc::new(Mutex::new(Serving::start(&fresh.address, &key)));
    let (next, given) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    let senders: Vec<_> = (0..8)
        .map(|_| {
            let (bundles, server, next, given) =
                (Arc::clone(&bundles), Arc::clone(&server), Arc::clone(&next), Arc::clone(&given));
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(bundle) = bundles.get(place) else { return };
                    // Until there is a receipt, as a player does.
                    loop {
                        let url = server.lock().await.url.clone();
                        if let Some(receipt) = sent(&client, &url, bundle).await {
                            given.lock().await.push(receipt);
                            break;
                        }
                    }
                }
            })
        })
        .collect();
    for kills in 1..=4 {
        // In the middle of it: by what was sent, not by the clock.
        while next.load(Ordering::Relaxed) < kills * 40 {
            tokio::task::yield_now().await;
        }
        let mut serving = server.lock().await;
        serving.kill();
        *serving = Serving::start(&fresh.address, &key);
    }
    for sender in senders {
        sender.await.expect("a task");
    }
    server.lock().await.kill();
    let receipts = receipts_by_record(&fresh.address, public).await;
    assert_eq!(receipts.len(), 200, "every record is in the ledger");
    assert!(receipts.values().all(|receipts| receipts.len() == 1), "none twice");
    let given = given.lock().await;
    assert_eq!(given.len(), 200);
    let known: Vec<&String> = receipts.values().flatten().collect();
    assert!(given.iter().all(|receipt| known.contains(&receipt)), "every receipt given is in the ledger");
}

/// `enduring intake` over a file, to its end or until it has told of so many records.
/// What it told and how it ended.
fn take(database: &str, folder: &Path, until: usize) -> (Vec<serde_json::Value>, Option<i32>) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .current_dir(folder)
        .args(["intake", "records.jsonl", "--json", "--receipts", "receipts", "--database", database])
        .args(["--key", "key.pem", "--provider", "Society", "--accept-rehearsal"])
        .arg("--packs")
        .arg(vectors().join("packs"))
        .arg("--issuers")
        .arg(vectors().join("issuers.json"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command runs");
    let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
    let told = lines.take(until).map(|line| serde_json::from_str(&line.expect("a line")).expect("an answer"));
    let told = told.collect();
    if until < usize::MAX {
        process.kill().expect("a running process");
    }
    (told, process.wait().expect("its end").code())
}

async fn a_run_over_files_that_is_killed_and_run_again_takes_each_record_once(kind: Kind) {
    let (fresh, folder) = (kind.fresh(), tempfile::tempdir().expect("a folder"));
    let public = Signer::create(&folder.path().join("key.pem")).expect("a key").public();
    std::fs::write(folder.path().join("records.jsonl"), rehearsed("good", 200).join("\n")).expect("a file");
    let mut told = Vec::new();
    for until in [1, 60, 120, usize::MAX] {
        let (answers, code) = take(&fresh.address, folder.path(), until);
        assert_eq!(code, (until == usize::MAX).then_some(0));
        told.extend(answers);
    }
    assert_eq!(told.len(), 1 + 60 + 120 + 200);
    let receipts = receipts_by_record(&fresh.address, public).await;
    assert_eq!(receipts.len(), 200, "every record is in the ledger");
    assert!(receipts.values().all(|receipts| receipts.len() == 1), "none twice");
    for answer in told {
        let record = answer["record"]["id"].as_str().expect("a record");
        assert_eq!(answer["receipt"].as_str(), receipts[record].first().map(String::as_str));
        let file = folder.path().join("receipts").join(format!("{record}.enduring-receipt.jws"));
        assert_eq!(std::fs::read_to_string(file).ok().as_ref(), receipts[record].first());
    }
}

#[test]
fn two_servers_on_one_postgres_credit_a_record_once() {
    crate::run(async {
        let (fresh, folder) = (Kind::Postgres.fresh(), tempfile::tempdir().expect("a folder"));
        let key = folder.path().join("key.pem");
        let public = Signer::create(&key).expect("a key").public();
        let servers = [Serving::start(&fresh.address, &key), Serving::start(&fresh.address, &key)];
        let bundles = Arc::new(rehearsed("good", 20));
        // Every record four times, to both servers at once.
        let senders: Vec<_> = (0..80)
            .map(|number| {
                let (bundles, url) = (Arc::clone(&bundles), servers[number % 2].url.clone());
                tokio::spawn(async move {
                    let client = reqwest::Client::new();
                    let receipt = sent(&client, &url, &bundles[number / 4]).await;
                    (number / 4, receipt.expect("a receipt"))
                })
            })
            .collect();
        let mut first: BTreeMap<usize, String> = BTreeMap::new();
        for sender in senders {
            let (place, receipt) = sender.await.expect("a task");
            assert_eq!(
                *first.entry(place).or_insert_with(|| receipt.clone()),
                receipt,
                "one receipt for all"
            );
        }
        let receipts = receipts_by_record(&fresh.address, public).await;
        assert_eq!(receipts.len(), 20);
        assert!(receipts.values().all(|receipts| receipts.len() == 1));
    });
}
