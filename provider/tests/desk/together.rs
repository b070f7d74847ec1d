//! Several processes on one database, at the same moment: one person stays one.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Arc;

use enduring_core::id::LearnerRef;
use enduring_core::record::Birthday;
use enduring_provider::key::Signer;
use enduring_provider::ledger::{Fact, Ledger, record_of};

use crate::databases::Kind;
use crate::killed::Serving;
use crate::material::{bundles, told};
use crate::on_both;

on_both! {
    one_person_whose_first_records_come_to_two_servers_is_one_person,
    one_person_on_two_rosters_is_one_person,
}

const PEOPLE: usize = 20;
const NAMES: [&str; PEOPLE] = [
    "Alder", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Kapok",
    "Larch", "Maple", "Nutmeg", "Oak", "Pine", "Quince", "Rowan", "Spruce", "Teak",
];

/// Two records of a person: of one device for every other person, of two for the rest.
fn records(number: usize, name: &str) -> [String; 2] {
    let devices = [(); 2].map(|()| Signer::generate().expect("a key"));
    [0, 1].map(|place| {
        let device = if number.is_multiple_of(2) { &devices[0] } else { &devices[place] };
        told(2 * number + place, device, |sheet| {
            (sheet.first_name, sheet.last_name) = (name.to_owned(), "Fictional".to_owned());
            sheet.birthday = Birthday { month: 2, day: 29 };
            sheet.identifiers = Vec::new();
        })
    })
}

async fn standing(client: reqwest::Client, url: String, text: String) -> (String, String) {
    let request = client.post(format!("{url}/api/records")).header("content-type", "application/json");
    let answer = request.body(text).send().await.expect("an answer");
    let answer: serde_json::Value = answer.json().await.expect("an outcome");
    assert_eq!(answer["standing"], "credited", "{answer}");
    let record = &answer["record"];
    let key =
        format!("{}:{}", record["kid"].as_str().expect("a key"), record["id"].as_str().expect("a name"));
    (key, answer["receipt"].as_str().expect("a receipt").to_owned())
}

async fn one_person_whose_first_records_come_to_two_servers_is_one_person(kind: Kind) {
    let (fresh, folder) = (kind.fresh(), tempfile::tempdir().expect("a folder"));
    let key = folder.path().join("key.pem");
    let public = Signer::create(&key).expect("a key").public();
    let servers = Arc::new([Serving::start(&fresh.address, &key), Serving::start(&fresh.address, &key)]);
    assert!(bundles().len() >= 2 * PEOPLE);
    let sent: Vec<[String; 2]> =
        NAMES.iter().enumerate().map(|(number, name)| records(number, name)).collect();
    let client = reqwest::Client::new();
    let answers: Vec<_> = sent
        .into_iter()
        .map(|pair| {
            let [one, other] = [0, 1].map(|place| {
                let (client, url) = (client.clone(), servers[place].url.clone());
                tokio::spawn(standing(client, url, pair[place].clone()))
            });
            (one, other)
        })
        .collect();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    for ((one, other), name) in answers.into_iter().zip(NAMES) {
        let mut learners: BTreeSet<LearnerRef> = BTreeSet::new();
        for answer in [one, other] {
            let (record, _) = answer.await.expect("a task");
            let rows = ledger.of_record(&record_of(&record).expect("a record")).await.expect("rows");
            learners.extend(rows.iter().filter_map(|row| match &row.entry.fact {
                Fact::Decided { learner, .. } => Some(*learner),
                _ => None,
            }));
        }
        let people = ledger.people_named(name, "Fictional").await.expect("people");
        assert_eq!((people.len(), learners.len()), (1, 1), "{name} is one person");
    }
    ledger.link_all().await.expect("links");
    assert_eq!(ledger.check(&[public], &[]).await.expect("a ledger").altered, None);
    assert_eq!(ledger.check_lists().await.expect("lists"), None);
}

async fn one_person_on_two_rosters_is_one_person(kind: Kind) {
    let (fresh, folder) = (kind.fresh(), tempfile::tempdir().expect("a folder"));
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    let mut text = "first_name,last_name,birth_month,birth_day,npi\n".to_owned();
    for number in 0..60 {
        let name = NAMES[number % PEOPLE];
        // By number, by birthday, and by name alone.
        text += &match number / PEOPLE {
            0 => format!("{name},Numbered,,,{}\n", 1_000 + number),
            1 => format!("{name},Born,2,29,\n"),
            _ => format!("{name},Named,,,\n"),
        };
    }
    std::fs::write(folder.path().join("roster.csv"), text).expect("a file");
    let takers = [(); 3].map(|()| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_enduring"));
        command.args(["enrol", "roster", "roster.csv", "--database", &fresh.address]);
        command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the command runs")
    });
    for mut taker in takers {
        // 1 where a line is not sure: of whom only the name is known, none is the same for sure.
        assert!(matches!(taker.wait().expect("its end").code(), Some(0 | 1)));
    }
    for number in 0..60 {
        let last = ["Numbered", "Born", "Named"][number / PEOPLE];
        let people = ledger.people_named(NAMES[number % PEOPLE], last).await.expect("people");
        assert_eq!(people.len(), 1, "{} {last}", NAMES[number % PEOPLE]);
    }
}
