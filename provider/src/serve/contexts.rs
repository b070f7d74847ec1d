//! The JSON-LD context of W3C that certificates and status lists name, for those who read
//! them as linked data and fetch nothing from elsewhere. `provider/contexts/README.md` has
//! its source and license.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Server;
use super::file::IMMUTABLE;

const CREDENTIALS: &str = include_str!("../../contexts/credentials-v2.jsonld");
const LICENSE: &str = include_str!("../../contexts/LICENSE-W3C.txt");

/// The routes, beside files of the site in the same folder.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/contexts/credentials-v2.jsonld", get(async || file("application/ld+json", CREDENTIALS)))
        .route("/contexts/LICENSE-W3C.txt", get(async || file("text/plain; charset=utf-8", LICENSE)))
}

/// Published text: pages of any origin may read it, and it never changes under its name.
fn file(kind: &'static str, text: &'static str) -> Response {
    let anyone = HeaderValue::from_static("*");
    let kind = HeaderValue::from_static(kind);
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, IMMUTABLE), (ACCESS_CONTROL_ALLOW_ORIGIN, anyone)];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use enduring_core::encode::unbase64url;
    use enduring_core::id::Digest;
    use enduring_core::measure::Timestamp;
    use serde_json::Value;

    use super::*;
    use crate::certificate::{Settings, status_list};
    use crate::key::Signer;

    /// Every member below a value.
    fn members(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                found.extend(object.keys().cloned());
                object.values().for_each(|value| members(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| members(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn the_context_is_the_one_that_the_recommendation_names() {
        let digest = Digest::of(&[CREDENTIALS.as_bytes()]).to_string();
        assert_eq!(digest, "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734");
    }

    #[test]
    fn a_status_list_has_no_member_of_our_own() {
        let signer = Signer::generate().expect("a key");
        let address = "https://learn.example.org/api/status/0";
        let list = status_list(address, &BTreeSet::new(), &Settings::default(), &signer, Timestamp(0));
        let list = list.expect("a list");
        let payload = unbase64url(list.split('.').nth(1).expect("a payload")).expect("base64url");
        let payload: HashMap<String, Value> = serde_json::from_slice(&payload).expect("JSON");
        let mut terms = BTreeSet::new();
        members(&serde_json::from_str(CREDENTIALS).expect("JSON"), &mut terms);
        let mut used: BTreeSet<String> = payload.keys().cloned().collect();
        payload.values().for_each(|value| members(value, &mut used));
        // A claim of every JWT (RFC 7519), which no context has to define.
        used.remove("jti");
        let strange: Vec<&String> = used.difference(&terms).collect();
        assert!(strange.is_empty() && used.len() > 8, "{strange:?}");
    }
}
