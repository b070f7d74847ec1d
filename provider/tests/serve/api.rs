//! The intake over HTTP, every answer judged by the OpenAPI document.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use enduring_core::encode::base64url;
use enduring_core::id::{Digest, LearnerRef, TicketId};
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    Bundle, Compact, RECEIPT_TYP, Receipt, RecordRef, TICKET_FORMAT, TICKET_TYP, Ticket,
};
use enduring_provider::intake::Act;
use enduring_provider::key::{KeySet, Signer, verifies};
use enduring_provider::serve::document;
use enduring_provider::time;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::databases::Kind;
use crate::on_both;
use crate::place::{Place, bundles, header};
use crate::python::python;

on_both! {
    every_answer_is_as_the_document_says,
}

/// Answers as the judge reads them.
#[derive(Default)]
struct Heard(Vec<Value>);

impl Heard {
    async fn ask(&mut self, method: &str, path: &str, request: RequestBuilder) -> (u16, Value) {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let kind = header(&response, "content-type").to_owned();
        let names: Vec<String> = response.headers().keys().map(ToString::to_string).collect();
        let body = response.text().await.expect("text");
        let value = serde_json::from_str(&body).unwrap_or_default();
        self.0.push(json!({
            "method": method, "path": path, "status": status, "type": kind, "headers": names, "body": body,
        }));
        (status, value)
    }
}

fn submit(place: &Place, body: impl Into<reqwest::Body>) -> RequestBuilder {
    Client::new().post(place.at("/api/records")).header(CONTENT_TYPE, "application/json").body(body)
}

fn get(place: &Place, path: &str) -> RequestBuilder {
    Client::new().get(place.at(path))
}

fn document_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/formats/openapi.json")
}

#[test]
fn the_document_is_the_one_in_the_docs() {
    if std::env::var_os("ENDURING_REFRESH").is_some() {
        fs::write(document_path(), document::text()).expect("a file");
    }
    let kept = fs::read_to_string(document_path()).unwrap_or_default();
    assert!(
        kept == document::text(),
        "docs/formats/openapi.json is another: look at what changed in the contract, then run \
         ENDURING_REFRESH=1 cargo test -p enduring-provider --test serve the_document"
    );
}

async fn every_answer_is_as_the_document_says(kind: Kind) {
    let place = Place::on(kind, "--rate-key 3");
    let mut heard = Heard::default();
    let [bundle, other, third] = bundles(3).try_into().expect("three");

    let (status, first) = heard.ask("POST", "/api/records", submit(&place, bundle.clone())).await;
    assert_eq!((status, &first["standing"]), (200, &json!("credited")), "{first}");
    assert_receipt(&place, &first).await;
    let (_, again) = heard.ask("POST", "/api/records", submit(&place, bundle.clone())).await;
    assert_eq!(again, first, "a repeat gets the same receipt");
    let (_, again) = heard.ask("POST", "/api/records", submit(&place, bundle.clone())).await;
    assert_eq!(again, first, "and another one too");
    let (status, _) = heard.ask("POST", "/api/records", submit(&place, bundle.clone())).await;
    assert_eq!(status, 429, "the fourth of this device in a minute");

    let record = &first["record"];
    let path = format!(
        "/api/records/{}/{}",
        record["kid"].as_str().expect("kid"),
        record["id"].as_str().expect("id")
    );
    let signed: Bundle = serde_json::from_str(&bundle).expect("a bundle");
    let proof = Digest::of(&[signed.record.as_bytes()]).to_string();
    let (status, fetched) =
        heard.ask("GET", &path, get(&place, &path).header("enduring-proof", &proof)).await;
    assert_eq!((status, &fetched), (200, &first));
    let wrong = "00".repeat(32);
    let (status, refused) =
        heard.ask("GET", &path, get(&place, &path).header("enduring-proof", &wrong)).await;
    assert_eq!((status, &refused["error"]["code"]), (403, &json!("proof")));
    assert_eq!(heard.ask("GET", &path, get(&place, &path)).await.0, 400);
    let none = format!("/api/records/{wrong}/{}", "00".repeat(16));
    assert_eq!(heard.ask("GET", &none, get(&place, &none).header("enduring-proof", &wrong)).await.0, 404);

    let (status, rejected) = heard.ask("POST", "/api/records", submit(&place, "{\"no\":\"bundle\"}")).await;
    assert_eq!((status, &rejected["standing"], &rejected["record"]), (200, &json!("rejected"), &Value::Null));
    let ticketed = submit(&place, other).header(AUTHORIZATION, "Bearer a.b.c");
    assert_eq!(heard.ask("POST", "/api/records", ticketed).await.0, 401);
    let basic = submit(&place, bundle).header(AUTHORIZATION, "Basic YTpi");
    assert_eq!(heard.ask("POST", "/api/records", basic).await.0, 400);
    assert_eq!(heard.ask("POST", "/api/records", submit(&place, vec![0xff])).await.0, 400);
    let plain = Client::new().post(place.at("/api/records")).header(CONTENT_TYPE, "text/plain").body("{}");
    assert_eq!(heard.ask("POST", "/api/records", plain).await.0, 415);
    let large = submit(&place, vec![b' '; 1_048_577]);
    assert_eq!(heard.ask("POST", "/api/records", large).await.0, 413);

    let other = Signer::generate().expect("a key");
    let enrol = |body: Value| Client::new().post(place.at("/api/enrolments")).json(&body);
    let signature = base64url(&other.signature(b"enduring-enrolment/1.a.b.c").expect("a signature"));
    let whole = json!({"format": "enduring-enrolment/1", "ticket": "a.b.c", "key": other.public().jwk(), "signature": signature});
    assert_eq!(heard.ask("POST", "/api/enrolments", enrol(whole.clone())).await.0, 401);
    for (member, bad) in
        [("format", json!("enduring-enrolment/2")), ("signature", json!("AA")), ("more", json!(1))]
    {
        let mut body = whole.clone();
        body[member] = bad;
        assert_eq!(heard.ask("POST", "/api/enrolments", enrol(body)).await.0, 400, "{member}");
    }

    let ticket = ticket(&place);
    let signer = Signer::generate().expect("a key");
    let by = |signer: &Signer, signed: &str| {
        let signature = signer.signature(format!("enduring-enrolment/1.{signed}").as_bytes());
        let mut body = whole.clone();
        body["ticket"] = json!(ticket);
        body["key"] = json!(signer.public().jwk());
        body["signature"] = json!(base64url(&signature.expect("a signature")));
        enrol(body)
    };
    assert_eq!(heard.ask("POST", "/api/enrolments", by(&signer, "another text")).await.0, 403);
    let (status, enrolled) = heard.ask("POST", "/api/enrolments", by(&signer, &ticket)).await;
    assert_eq!((status, enrolled), (200, json!({"learner": "01".repeat(16), "bound": true})));
    let second = Signer::generate().expect("a key");
    assert_eq!(heard.ask("POST", "/api/enrolments", by(&second, &ticket)).await.0, 409);

    appeals(&place, &mut heard, third).await;

    for path in ["/api/notices", "/api/keys", "/api/openapi.json", "/health", "/ready", "/metrics"] {
        assert_eq!(heard.ask("GET", path, get(&place, path)).await.0, 200, "{path}");
    }
    judge(&place, &heard);
}

/// A learner asks that a person look again at what was reversed.
async fn appeals(place: &Place, heard: &mut Heard, bundle: String) {
    let signed: Bundle = serde_json::from_str(&bundle).expect("a bundle");
    let (_, sent) = heard.ask("POST", "/api/records", submit(place, bundle)).await;
    let record: RecordRef = serde_json::from_value(sent["record"].clone()).expect("a record");
    let path = format!("/api/records/{}/{}/appeal", record.kid, record.id);
    let proof = Digest::of(&[signed.record.as_bytes()]).to_string();
    let wrong = "00".repeat(32);
    let none = format!("/api/records/{wrong}/{}/appeal", "00".repeat(16));
    let ask = |path: &str, proof: &str| Client::new().post(place.at(path)).header("enduring-proof", proof);
    assert_eq!(heard.ask("POST", &path, Client::new().post(place.at(&path))).await.0, 400);
    assert_eq!(heard.ask("POST", &path, ask(&path, &wrong)).await.0, 403);
    assert_eq!(heard.ask("POST", &none, ask(&none, &wrong)).await.0, 404);
    let (status, refused) = heard.ask("POST", &path, ask(&path, &proof)).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("standing")), "it is credited");
    let act = Act::Reverse { note: "a test".to_owned() };
    place.intake().await.decide(&record, "ada", &act).await.expect("reversed");
    let (status, appealed) = heard.ask("POST", &path, ask(&path, &proof)).await;
    assert_eq!((status, &appealed["standing"], &appealed["receipt"]), (200, &json!("review"), &Value::Null));
    assert!(appealed["reasons"].to_string().contains("desk.appealed"), "{appealed}");
    let asked = path.trim_end_matches("/appeal");
    let (_, found) = heard.ask("GET", asked, get(place, asked).header("enduring-proof", &proof)).await;
    assert_eq!(found, appealed, "and so it stands");
    assert_eq!(heard.ask("POST", &path, ask(&path, &proof)).await.0, 429, "the fourth of this device");
}

/// A ticket that the provider signed.
fn ticket(place: &Place) -> String {
    let ticket = Ticket {
        format: TICKET_FORMAT.to_owned(),
        id: TicketId([2; 16]),
        learner: LearnerRef([1; 16]),
        name: "Fictional".to_owned(),
        provider: "Society".to_owned(),
        activity: None,
        issued: time::now(),
        expires: Timestamp(time::now().0 + 3_600_000),
    };
    let signer = Signer::read(&place.folder.path().join("key.pem")).expect("the key");
    signer.sign(TICKET_TYP, ticket.encode().as_bytes()).expect("a ticket")
}

async fn assert_receipt(place: &Place, outcome: &Value) {
    let keys = get(place, "/api/keys").send().await.expect("an answer").text().await.expect("text");
    let keys = KeySet::parse(&keys).expect("a key set");
    let receipt =
        Compact::parse(outcome["receipt"].as_str().expect("a receipt"), RECEIPT_TYP).expect("signed");
    assert!(verifies(keys.get(receipt.kid).expect("the key"), &receipt));
    let receipt = Receipt::read(&receipt.payload).expect("a receipt");
    assert_eq!(receipt.record.kid.to_string(), outcome["record"]["kid"]);
}

/// Two programs of others: is the document sound, and are the answers as it says?
fn judge(place: &Place, heard: &Heard) {
    let Some(python) = python() else {
        eprintln!("not judged: `cargo xtask setup` makes the Python environment");
        return;
    };
    let answers = place.folder.path().join("answers.json");
    fs::write(&answers, serde_json::to_string(&heard.0).expect("JSON")).expect("a file");
    let judged = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge_openapi.py"))
        .arg(document_path())
        .arg(answers)
        .output()
        .expect("Python runs");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    let judged = String::from_utf8_lossy(&judged.stdout).lines().count();
    assert_eq!(judged, 27, "kinds of answers judged");
}

#[tokio::test]
async fn a_large_body_is_refused_before_it_is_sent_and_while_it_comes() {
    let place = Place::start("");
    let head = "POST /api/records HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let announced = place.raw(&format!("{head}content-length: 9000000000\r\nconnection: close\r\n\r\n"));
    assert!(announced.starts_with("HTTP/1.1 413 "), "{announced}");
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000)).repeat(17);
    let streamed =
        place.raw(&format!("{head}transfer-encoding: chunked\r\nconnection: close\r\n\r\n{piece}0\r\n\r\n"));
    assert!(streamed.starts_with("HTTP/1.1 413 "), "{}", &streamed[..streamed.len().min(200)]);
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_body_says_that_the_connection_ends() {
    let place = Place::start("");
    let head = "POST /api/records HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let large = place.raw(&format!("{head}content-length: 9000000000\r\n\r\n"));
    assert!(large.starts_with("HTTP/1.1 413 "), "{large}");
    assert!(large.contains("\r\nconnection: close\r\n"), "{large}");
    let whole = place.raw(&format!(
        "{head}content-length: 2\r\n\r\n{{}}GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    ));
    let answers: Vec<&str> = whole.split("HTTP/1.1 ").skip(1).collect();
    assert!(answers.len() == 2 && !answers[0].contains("connection: close"), "{whole}");
}

#[tokio::test]
async fn other_addresses_and_methods_are_refused_in_the_same_shape() {
    let place = Place::start("");
    let unknown = get(&place, "/api/nothing").send().await.expect("an answer");
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert_eq!(unknown.json::<Value>().await.expect("JSON")["error"]["code"], "not-found");
    for (method, path, allowed) in [
        (Method::GET, "/api/records", "POST"),
        (Method::POST, "/api/notices", "GET,HEAD"),
        (Method::POST, "/ready", "GET,HEAD"),
    ] {
        let refused = Client::new().request(method, place.at(path)).send().await.expect("an answer");
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(header(&refused, "allow"), allowed, "{path}");
        assert_eq!(refused.json::<Value>().await.expect("JSON")["error"]["code"], "method");
    }
}

#[tokio::test]
async fn only_origins_of_the_list_may_read_answers() {
    let place = Place::start("--origin https://learn.example.org --origin http://localhost:8080");
    let ask = async |origin: &str| {
        let preflight = Client::new()
            .request(Method::OPTIONS, place.at("/api/records"))
            .header(ORIGIN, origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type,enduring-proof");
        let preflight = preflight.send().await.expect("an answer");
        let simple = get(&place, "/api/keys").header(ORIGIN, origin).send().await.expect("an answer");
        (preflight, simple)
    };
    for origin in ["https://learn.example.org", "http://localhost:8080"] {
        let (preflight, simple) = ask(origin).await;
        assert_eq!(header(&preflight, "access-control-allow-origin"), origin);
        assert_eq!(header(&preflight, "access-control-allow-methods"), "GET,POST");
        assert_eq!(
            header(&preflight, "access-control-allow-headers"),
            "authorization,content-type,enduring-proof"
        );
        assert_eq!(header(&preflight, "access-control-allow-credentials"), "");
        assert_eq!(header(&simple, "access-control-allow-origin"), origin);
    }
    for origin in ["https://evil.example", "null", "https://learn.example.org.evil.example"] {
        let (preflight, simple) = ask(origin).await;
        assert_eq!(header(&preflight, "access-control-allow-origin"), "", "{origin}");
        assert_eq!(header(&simple, "access-control-allow-origin"), "", "{origin}");
    }
}

#[tokio::test]
async fn without_a_list_no_other_origin_may() {
    let place = Place::start("");
    let asked = get(&place, "/api/keys").header(ORIGIN, "https://learn.example.org");
    assert_eq!(header(&asked.send().await.expect("an answer"), "access-control-allow-origin"), "");
}
