//! The player and its packs.

use std::fs;

use enduring_core::id::Digest;
use reqwest::header::{ACCEPT_ENCODING, IF_NONE_MATCH, IF_RANGE, RANGE};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::place::{HASHED, Place, header, vectors};

const FOR_GOOD: &str = "public, max-age=31536000, immutable";

async fn get(place: &Place, path: &str) -> Response {
    Client::new().get(place.at(path)).send().await.expect("an answer")
}

#[tokio::test]
async fn every_answer_has_the_headers_of_a_deployment() {
    let place = Place::start("");
    let rules = fs::read_to_string(place.folder.path().join("site/_headers")).expect("a file");
    let everywhere: Vec<(&str, &str)> = rules
        .split_once("/*\n")
        .expect("rules")
        .1
        .lines()
        .map_while(|line| line.strip_prefix("  ")?.split_once(": "))
        .collect();
    assert!(everywhere.len() >= 5);
    for path in ["/", HASHED, "/nothing", "/api/keys", "/api/nothing", "/health", "/metrics"] {
        let response = get(&place, path).await;
        for (name, value) in &everywhere {
            assert_eq!(header(&response, name), *value, "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn files_have_their_types_and_are_kept_as_long_as_they_hold() {
    let place = Place::start("");
    let packs = place.folder.path().join("site/packs");
    fs::write(packs.join("vectors.enduring"), "an archive").expect("a file");
    fs::write(packs.join("notes.txt"), "beside packs").expect("a file");
    place.hang_up();
    place.until("/packs/notes.txt", 200).await;
    for (path, kind, kept) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/deployment.json", "application/json", "no-cache"),
        ("/catalogue.jws", "application/jose", "no-cache"),
        ("/app_bg.wasm", "application/wasm", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/packs/vectors/1.0.0/activity.bin", "application/octet-stream", FOR_GOOD),
        ("/packs/vectors/1.0.0/front-matter.txt", "text/plain; charset=utf-8", FOR_GOOD),
        ("/packs/vectors/1.0.0/media/thigh.svg", "image/svg+xml", FOR_GOOD),
        ("/packs/vectors.enduring", "application/octet-stream", "no-cache"),
        ("/packs/notes.txt", "text/plain; charset=utf-8", "no-cache"),
        ("/packs/vectors/1.0.0/manifest.jws", "application/jose", "no-cache"),
        (HASHED, "text/javascript; charset=utf-8", FOR_GOOD),
    ] {
        let response = get(&place, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&response, "content-type"), kind, "{path}");
        assert_eq!(header(&response, "cache-control"), kept, "{path}");
        assert_eq!(header(&response, "accept-ranges"), "bytes", "{path}");
    }
    let served = get(&place, "/packs/vectors/1.0.0/activity.bin").await.bytes().await.expect("bytes");
    let there = fs::read(vectors().join("packs/vectors/1.0.0/activity.bin")).expect("a file");
    assert_eq!(served, there);
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let place = Place::start("");
    let tag = format!("\"{}\"", Digest::of(&[b"0123456789"]));
    assert_eq!(header(&get(&place, HASHED).await, "etag"), tag);
    for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
        let asked = Client::new().get(place.at(HASHED)).header(IF_NONE_MATCH, &known);
        let response = asked.send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(header(&response, "etag"), tag);
        assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(response.bytes().await.expect("bytes").len(), 0);
    }
    let other = Client::new().get(place.at(HASHED)).header(IF_NONE_MATCH, "\"x\"");
    assert_eq!(other.send().await.expect("an answer").status(), StatusCode::OK);
}

#[tokio::test]
async fn a_part_of_a_file_can_be_had() {
    let place = Place::start("");
    let tag = format!("\"{}\"", Digest::of(&[b"0123456789"]));
    let part = async |range: &str, known: Option<&str>| {
        let mut asked = Client::new().get(place.at(HASHED)).header(RANGE, range);
        if let Some(known) = known {
            asked = asked.header(IF_RANGE, known);
        }
        let response = asked.send().await.expect("an answer");
        let (status, range) = (response.status().as_u16(), header(&response, "content-range").to_owned());
        (status, range, response.text().await.expect("text"))
    };
    let is = |status, range: &str, text: &str| (status, range.to_owned(), text.to_owned());
    assert_eq!(part("bytes=2-4", None).await, is(206, "bytes 2-4/10", "234"));
    assert_eq!(part("bytes=7-", None).await, is(206, "bytes 7-9/10", "789"));
    assert_eq!(part("bytes=-2", None).await, is(206, "bytes 8-9/10", "89"));
    assert_eq!(part("bytes=0-1,4-5", None).await, is(200, "", "0123456789"));
    assert_eq!(part("bytes=2-4", Some(&tag)).await, is(206, "bytes 2-4/10", "234"));
    assert_eq!(part("bytes=2-4", Some("\"old\"")).await, is(200, "", "0123456789"));
    let (status, range, _) = part("bytes=10-", None).await;
    assert_eq!((status, range.as_str()), (416, "bytes */10"));
}

#[tokio::test]
async fn a_copy_in_the_coding_that_the_client_takes_is_sent() {
    let place = Place::start("");
    for (accepted, coding, text) in [
        ("gzip, br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0", "", "\0asm, plain"),
        ("", "", "\0asm, plain"),
    ] {
        let asked = Client::new().get(place.at("/app_bg.wasm")).header(ACCEPT_ENCODING, accepted);
        let response = asked.send().await.expect("an answer");
        assert_eq!(header(&response, "content-encoding"), coding, "{accepted}");
        assert_eq!(header(&response, "vary"), "accept-encoding");
        assert_eq!(header(&response, "content-type"), "application/wasm");
        assert_eq!(response.text().await.expect("text"), text, "{accepted}");
    }
    assert_eq!(header(&get(&place, HASHED).await, "vary"), "");
}

#[tokio::test]
async fn the_context_of_credentials_is_there_for_every_origin() {
    let place = Place::start("");
    fs::create_dir(place.folder.path().join("site/contexts")).expect("a folder");
    fs::write(place.folder.path().join("site/contexts/other.jsonld"), "{}").expect("a file");
    place.hang_up();
    place.until("/contexts/other.jsonld", 200).await;
    let response = get(&place, "/contexts/credentials-v2.jsonld").await;
    assert_eq!(header(&response, "content-type"), "application/ld+json");
    assert_eq!(header(&response, "cache-control"), FOR_GOOD);
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    let context: Value = response.json().await.expect("JSON");
    assert!(context["@context"]["VerifiableCredential"].is_object());
    let license = get(&place, "/contexts/LICENSE-W3C.txt").await.text().await.expect("text");
    assert!(license.contains("W3C® Software and Document") && license.contains("credentials-v2.jsonld"));
    let theirs = get(&place, "/contexts/other.jsonld").await;
    assert_eq!(header(&theirs, "content-type"), "application/ld+json", "beside it are files of the site");
}

#[tokio::test]
async fn nothing_beside_the_site_can_be_named() {
    let place = Place::start("");
    fs::write(place.folder.path().join("secret"), "SECRET").expect("a file");
    for path in [
        "/../secret",
        "/../key.pem",
        "/packs/../../key.pem",
        "/%2e%2e/key.pem",
        "/..%2fkey.pem",
        "/packs/%2e%2e%2f%2e%2e%2fkey.pem",
        "//key.pem",
        "/./../key.pem",
        "/packs",
        "/packs/",
        "/_headers",
        "/%00",
        "/%ff",
        "/index.html/",
    ] {
        let answer = place.raw(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        assert!(!answer.contains("SECRET") && !answer.contains("PRIVATE"), "{path}");
    }
}

#[tokio::test]
async fn files_are_read_and_nothing_else() {
    let place = Place::start("");
    let head = Client::new().head(place.at(HASHED)).send().await.expect("an answer");
    assert_eq!((head.status(), header(&head, "content-length")), (StatusCode::OK, "10"));
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let asked = Client::new().request(method.clone(), place.at("/index.html"));
        let response = asked.send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(header(&response, "allow"), "GET, HEAD");
    }
}

#[tokio::test]
async fn the_player_hears_of_the_intake_and_its_key() {
    let place = Place::start("");
    let deployment: Value = get(&place, "/deployment.json").await.json().await.expect("JSON");
    let keys: Value = get(&place, "/api/keys").await.json().await.expect("JSON");
    assert_eq!(deployment["intakes"], json!(["api/"]));
    assert_eq!(deployment["issuers"]["keys"], keys["keys"]);
    assert_eq!(deployment["catalogues"], json!(["catalogue.jws"]));
    let known: Value = get(&place, "/.well-known/jwks.json").await.json().await.expect("JSON");
    assert_eq!(known, keys);
}

#[tokio::test]
async fn a_build_that_is_replaced_under_way_is_served_whole() {
    let place = Place::start("");
    assert_eq!(get(&place, "/sw.js").await.text().await.expect("text"), "// the worker");
    fs::write(place.folder.path().join("site/sw.js"), "// another worker").expect("a file");
    let response = get(&place, "/sw.js").await;
    let tag = header(&response, "etag").to_owned();
    let text = response.text().await.expect("text");
    assert_eq!(text, "// another worker");
    assert_eq!(tag, format!("\"{}\"", Digest::of(&[text.as_bytes()])));
}
