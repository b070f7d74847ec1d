//! `deployment.json` as this server hands it out: with its own intake, and its own key
//! among those that the player trusts, since it signs the receipts.

use serde_json::{Map, Value, json};
use thiserror::Error;

/// Its name.
pub const DEPLOYMENT_FILE: &str = "deployment.json";
/// The intake of this server, from the page.
pub const INTAKE: &str = "api/";
const FORMAT: &str = "enduring-deployment/1";

/// Why a deployment cannot be completed.
#[derive(Debug, Error)]
pub enum DeploymentError {
    /// Not JSON.
    #[error("{DEPLOYMENT_FILE}: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A member is of another kind.
    #[error("{DEPLOYMENT_FILE}: expected {expected}")]
    Member {
        /// What belongs there.
        expected: &'static str,
    },
}

/// The text with this server's intake and keys added; what is there already stays.
///
/// # Errors
/// [`DeploymentError`].
pub fn with_this_server(text: Option<&str>, keys: &str) -> Result<String, DeploymentError> {
    let mut deployment: Map<String, Value> = match text {
        Some(text) => serde_json::from_str(text)?,
        None => Map::from_iter([("format".to_owned(), json!(FORMAT))]),
    };
    if deployment.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(DeploymentError::Member { expected: "the format enduring-deployment/1" });
    }
    let intakes = deployment.entry("intakes").or_insert_with(|| json!([]));
    let intakes = intakes.as_array_mut();
    let intakes = intakes.ok_or(DeploymentError::Member { expected: "intakes to be a list" })?;
    if !intakes.iter().any(|intake| intake == INTAKE) {
        intakes.insert(0, json!(INTAKE));
    }
    let own: Map<String, Value> = serde_json::from_str(keys)?;
    let issuers = deployment.entry("issuers").or_insert_with(|| json!({"keys": []}));
    let issuers = issuers.get_mut("keys").and_then(Value::as_array_mut);
    let issuers = issuers.ok_or(DeploymentError::Member { expected: "issuers to be a key set" })?;
    for key in own.get("keys").and_then(Value::as_array).into_iter().flatten() {
        if !issuers.iter().any(|known| known["x"] == key["x"] && known["y"] == key["y"]) {
            issuers.push(key.clone());
        }
    }
    Ok(serde_json::to_string_pretty(&deployment)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"AQ","y":"Ag"}]}"#;

    fn made(text: Option<&str>) -> Value {
        let text = with_this_server(text, KEYS).expect("a deployment");
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn the_servers_intake_and_key_are_added_once() {
        let from_nothing = made(None);
        assert_eq!(from_nothing["intakes"], json!(["api/"]));
        assert_eq!(from_nothing["issuers"]["keys"].as_array().map(Vec::len), Some(1));
        let again = made(Some(&from_nothing.to_string()));
        assert_eq!(again, from_nothing);
    }

    #[test]
    fn what_the_provider_wrote_stays() {
        let text = r#"{"format":"enduring-deployment/1","catalogues":["catalogue.jws"],"intakes":["https://other.example/"],
            "issuers":{"keys":[{"kty":"EC","crv":"P-256","x":"Aw","y":"BA","kid":"k"}]},"languages":["fr"]}"#;
        let made = made(Some(text));
        assert_eq!(made["intakes"], json!(["api/", "https://other.example/"]));
        assert_eq!(made["languages"], json!(["fr"]));
        assert_eq!(made["catalogues"], json!(["catalogue.jws"]));
        assert_eq!(made["issuers"]["keys"][0]["kid"], "k");
        assert_eq!(made["issuers"]["keys"][1]["x"], "AQ");
    }

    #[test]
    fn what_is_no_deployment_is_refused() {
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"format":"enduring-deployment/2"}"#,
            r#"{"format":"enduring-deployment/1","intakes":{}}"#,
        ] {
            assert!(with_this_server(Some(bad), KEYS).is_err(), "{bad}");
        }
    }
}
