//! Running a server: limits, logs, metrics, the end.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use serde_json::Value;

use crate::databases::Kind;
use crate::on_both;
use crate::place::{Place, bundles};

on_both! {
    nobody_uses_up_the_limit_of_a_device_that_is_not_theirs,
    the_log_has_routes_and_nothing_of_learners,
    metrics_count_requests_records_and_the_ledger,
    what_is_under_way_is_answered_before_the_end,
}

async fn text(place: &Place, path: &str) -> String {
    Client::new().get(place.at(path)).send().await.expect("an answer").text().await.expect("text")
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let place = Place::start("--rate-address 10 --behind-proxy 127.0.0.1");
    let ask = async |client: &str| {
        let asked = Client::new().get(place.at("/api/keys")).header("x-forwarded-for", client);
        asked.send().await.expect("an answer")
    };
    for _ in 0..2 {
        assert_eq!(ask("192.0.2.1").await.status(), 200);
    }
    let refused = ask("192.0.2.1").await;
    assert_eq!(refused.status(), 429);
    let after: u64 = refused.headers()[RETRY_AFTER].to_str().expect("text").parse().expect("seconds");
    assert!((1..=12).contains(&after), "{after}");
    assert_eq!(ask("192.0.2.2").await.status(), 200, "another address is another");
    assert_eq!(text(&place, "/health").await, "ok\n", "probes are not counted");
}

#[tokio::test]
async fn who_is_no_proxy_cannot_say_who_asks() {
    let place = Place::start("--rate-address 10");
    let mut statuses = Vec::new();
    for client in ["192.0.2.1", "192.0.2.2", "192.0.2.3"] {
        let asked = Client::new().get(place.at("/api/keys")).header("x-forwarded-for", client);
        statuses.push(asked.send().await.expect("an answer").status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 429]);
}

async fn nobody_uses_up_the_limit_of_a_device_that_is_not_theirs(kind: Kind) {
    let place = Place::on(kind, "--rate-key 1");
    let bundle = bundles(1).remove(0);
    let mut forged: Value = serde_json::from_str(&bundle).expect("a bundle");
    let signed = forged["record"].as_str().expect("a record");
    let (input, signature) = signed.rsplit_once('.').expect("a signature");
    let other: String = signature.chars().rev().collect();
    forged["record"] = format!("{input}.{}A", &other[..other.len() - 1]).into();
    let send = async |body: String| {
        let sent = Client::new().post(place.at("/api/records")).header(CONTENT_TYPE, "application/json");
        let answer = sent.body(body).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    for _ in 0..4 {
        let (status, answer) = send(forged.to_string()).await;
        assert_eq!((status, &answer["standing"]), (200, &"rejected".into()), "{answer}");
        assert_eq!(answer["reasons"][0]["code"], "record.signature", "{answer}");
    }
    let (status, answer) = send(bundle.clone()).await;
    assert_eq!((status, &answer["standing"]), (200, &"credited".into()), "{answer}");
    assert_eq!(send(bundle).await.0, 429, "what the device signed itself counts");
}

async fn the_log_has_routes_and_nothing_of_learners(kind: Kind) {
    let place = Place::on(kind, "");
    let bundle = bundles(1).remove(0);
    let sheet: Value = serde_json::from_str(&bundle).expect("a bundle");
    let sheet: Value = serde_json::from_str(sheet["learner"].as_str().expect("a sheet")).expect("a sheet");
    let name = sheet["last_name"].as_str().expect("a name").to_owned();
    let sent =
        Client::new().post(place.at("/api/records")).header(CONTENT_TYPE, "application/json").body(bundle);
    let sent = sent.send().await.expect("an answer").json::<Value>().await.expect("JSON");
    let (kid, id) =
        (sent["record"]["kid"].as_str().expect("kid"), sent["record"]["id"].as_str().expect("id"));
    let ticketed = Client::new().post(place.at("/api/records")).header(CONTENT_TYPE, "application/json");
    ticketed.header(AUTHORIZATION, "Bearer SECRET.TICKET.TEXT").body("{}").send().await.expect("an answer");
    text(&place, &format!("/api/records/{kid}/{id}?who=SECRET")).await;
    place.terminate();
    let (kid, id) = (kid.to_owned(), id.to_owned());
    let (code, log) = place.ended();
    assert_eq!(code, Some(0), "{log}");
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "expected JSON, found {line}");
    }
    let routes: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told = routes.iter().find(|line| line["route"] == "/api/records/{kid}/{id}").expect("a line");
    assert_eq!((&told["method"], &told["status"]), (&"GET".into(), &400.into()));
    assert!(told["milliseconds"].is_u64() && told["bytes"].as_u64() > Some(0), "{told}");
    for secret in ["SECRET", "127.0.0.1", &name, &kid, &id, "Bearer"] {
        assert!(!log.contains(secret), "{secret} in\n{log}");
    }
}

#[tokio::test]
async fn the_log_tells_addresses_where_it_is_asked_to() {
    let place = Place::start("--log-addresses");
    text(&place, "/health").await;
    place.terminate();
    assert!(place.ended().1.contains("\"address\":\"127.0.0.1\""));
}

async fn metrics_count_requests_records_and_the_ledger(kind: Kind) {
    let place = Place::on(kind, "");
    for bundle in bundles(2) {
        let sent = Client::new()
            .post(place.at("/api/records"))
            .header(CONTENT_TYPE, "application/json")
            .body(bundle);
        assert_eq!(sent.send().await.expect("an answer").status(), 200);
    }
    text(&place, "/index.html").await;
    let told = text(&place, "/metrics").await;
    for line in [
        "enduring_requests_total{method=\"POST\",route=\"/api/records\",status=\"200\"} 2",
        "enduring_requests_total{method=\"GET\",route=\"site\",status=\"200\"} 1",
        "enduring_request_seconds_count{route=\"/api/records\"} 2",
        "enduring_records_total{standing=\"credited\"} 2",
        "enduring_submissions_open 0",
        "enduring_ledger_unlinked ",
        "# EOF",
    ] {
        assert!(told.contains(line), "{line} in\n{told}");
    }
    let linked = async || {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(30) {
            if text(&place, "/metrics").await.contains("enduring_ledger_unlinked 0") {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    };
    assert!(linked().await, "the server links what came");
}

async fn what_is_under_way_is_answered_before_the_end(kind: Kind) {
    let place = Place::on(kind, "");
    let bundle = bundles(1).remove(0);
    let (half, rest) = bundle.split_at(bundle.len() / 2);
    let mut stream = place.connect();
    let length = bundle.len();
    // The server asks for the body once the request is being answered.
    let head = format!(
        "POST /api/records HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nexpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut said = [0; 25];
    stream.read_exact(&mut said).expect("an answer");
    assert_eq!(&said, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(half.as_bytes()).expect("sent");
    place.terminate();
    let address = place.url.trim_start_matches("http://").to_owned();
    while std::net::TcpStream::connect(&address).is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stream.write_all(rest.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"credited\""), "{answer}");
    assert_eq!(place.ended().0, Some(0));
}

#[tokio::test]
async fn a_body_that_stops_coming_is_not_waited_for() {
    let place = Place::start("");
    let head = "POST /api/records HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let began = Instant::now();
    let answer = place.raw(&format!("{head}content-length: 100\r\nconnection: close\r\n\r\n{{"));
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"slow\""), "{answer}");
    assert!((10..25).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn connections_that_ask_nothing_do_not_hold_up_the_end() {
    let place = Place::start("");
    let mut kept = place.connect();
    kept.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    let mut first = [0; 15];
    kept.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let began = Instant::now();
    place.terminate();
    assert_eq!(place.ended().0, Some(0));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn what_cannot_be_served_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_enduring"))
            .args(arguments.split(' '))
            .current_dir(&folder)
            .output()
            .expect("the command runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = run("serve --database l.sqlite --key none.pem --site . --provider S");
    assert!(code == Some(2) && said.contains("none.pem"), "{said}");
    assert_eq!(run("key new --out key.pem").0, Some(0));
    std::fs::create_dir(folder.path().join("packs")).expect("a folder");
    let (code, said) = run("serve --database l.sqlite --key key.pem --site . --provider S");
    assert!(code == Some(2) && said.contains("index.html"), "{said}");
    let (code, said) = run("serve --database l.sqlite --key key.pem --site . --provider S --origin *");
    assert!(code == Some(2) && said.contains("expected an origin"), "{said}");
    let (code, said) = run("serve --database l.sqlite --key key.pem --provider S");
    assert!(code == Some(2) && said.contains("--packs"), "{said}");
    let (code, said) = run("serve --database l.sqlite --key key.pem --packs packs --provider=");
    assert!(code == Some(2) && said.contains("expected a name, found nothing"), "{said}");
    let began = Instant::now();
    let (code, said) = run(
        "serve --database postgres://nobody:secret@127.0.0.1:1/x --key key.pem --packs packs --provider S",
    );
    assert!(
        code == Some(2) && said.contains("database at 127.0.0.1:1: ") && said.contains("refused"),
        "{said}"
    );
    assert!(!said.contains("secret") && began.elapsed() < Duration::from_secs(5), "{said}");
}

#[tokio::test]
async fn the_desk_is_on_the_same_server_behind_its_own_door() {
    let place = Place::start("");
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let client = client.expect("a client");
    let answer = client.get(place.at("/desk")).send().await.expect("an answer");
    assert!(answer.status().is_redirection(), "{}", answer.status());
    assert_eq!(client.get(place.at("/desk/nothing")).send().await.expect("an answer").status(), 404);
    let page = client.get(place.at("/desk/sign-in")).send().await.expect("an answer");
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    assert!(page.text().await.expect("a page").contains("<form"));
}
