//! What a credential says, for people: the members that a certificate has. A credential
//! of another kind has a few of them.

use enduring_core::measure::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::credential::{COMPLETED, VC_CONTEXT};
use super::verify::{Code, Refusal, refuse};
use crate::time;

/// What a credential says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Its id.
    pub id: Option<String>,
    /// Its types.
    pub types: Vec<String>,
    /// What it is called.
    pub name: Option<String>,
    /// Who issued it, by id.
    pub issuer: String,
    /// Who issued it, by name.
    pub issuer_name: Option<String>,
    /// The learner by name.
    pub learner: Option<String>,
    /// The learner's profession.
    pub profession: Option<String>,
    /// The activity by title.
    pub title: Option<String>,
    /// The activity's format.
    pub format: Option<String>,
    /// The local date of completion.
    pub completed: Option<String>,
    /// What was claimed.
    pub credits: Vec<ShownResult>,
    /// From when it is valid.
    pub valid_from: Option<String>,
    /// Until when it is valid.
    pub valid_until: Option<String>,
}

/// An amount with what it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownResult {
    /// What it is of.
    pub name: String,
    /// How much.
    pub amount: String,
}

fn text(value: &Value, member: &str) -> Option<String> {
    value.get(member).and_then(Value::as_str).map(str::to_owned)
}

/// One or several: JSON-LD writes a list of one without its brackets.
fn several(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(values)) => values,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
}

impl Shown {
    /// Reads a payload and refuses what is no credential of VC 2.0.
    pub(super) fn read(payload: &Value) -> Result<Self, Refusal> {
        if !payload.is_object() {
            return Err(refuse(Code::Shape, "payload: expected an object"));
        }
        for claim in ["vc", "vp"] {
            if payload.get(claim).is_some() {
                return Err(refuse(Code::Claims, format!("expected no claim {claim}, found one")));
            }
        }
        let context = payload.get("@context").and_then(|list| list.get(0)).and_then(Value::as_str);
        if context != Some(VC_CONTEXT) {
            let found = context.unwrap_or("none");
            return Err(refuse(Code::Shape, format!("@context: expected {VC_CONTEXT} first, found {found}")));
        }
        let types: Vec<String> =
            several(payload.get("type")).iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if !types.iter().any(|kind| kind == "VerifiableCredential") {
            let found = types.join(", ");
            return Err(refuse(Code::Shape, format!("type: expected VerifiableCredential, found {found}")));
        }
        let issuer = payload.get("issuer").unwrap_or(&Value::Null);
        let id = issuer.as_str().map(str::to_owned).or_else(|| text(issuer, "id"));
        let id = id.ok_or_else(|| refuse(Code::Shape, "issuer: expected an id, found none"))?;
        let subject = several(payload.get("credentialSubject")).first();
        let subject = subject
            .filter(|subject| subject.is_object())
            .ok_or_else(|| refuse(Code::Shape, "credentialSubject: expected an object, found none"))?;
        agrees(payload, "iss", Some(&id))?;
        agrees(payload, "jti", text(payload, "id").as_deref())?;
        agrees(payload, "sub", text(subject, "id").as_deref())?;
        let achievement = subject.get("achievement").unwrap_or(&Value::Null);
        let (completed, credits) = results(subject, achievement);
        Ok(Self {
            id: text(payload, "id"),
            types,
            name: text(payload, "name"),
            issuer: id,
            issuer_name: text(issuer, "name"),
            learner: learner(subject),
            profession: text(subject, "role"),
            title: text(achievement, "name"),
            format: text(achievement, "description"),
            completed,
            credits,
            valid_from: text(payload, "validFrom"),
            valid_until: text(payload, "validUntil"),
        })
    }

    /// True for a certificate of an activity.
    #[must_use]
    pub fn is_certificate(&self) -> bool {
        let badge = |kind: &String| kind == "AchievementCredential" || kind == "OpenBadgeCredential";
        self.types.iter().any(badge) && self.title.is_some()
    }
}

/// A registered claim, where there is one, says what the credential says.
fn agrees(payload: &Value, claim: &str, expected: Option<&str>) -> Result<(), Refusal> {
    match payload.get(claim) {
        None => Ok(()),
        Some(found) if found.as_str() == expected && expected.is_some() => Ok(()),
        Some(found) => {
            let expected = expected.unwrap_or("none");
            Err(refuse(Code::Claims, format!("{claim}: expected {expected}, found {found}")))
        }
    }
}

fn learner(subject: &Value) -> Option<String> {
    let is_name = |identity: &&Value| {
        text(identity, "identityType").as_deref() == Some("name")
            && identity.get("hashed") == Some(&Value::Bool(false))
    };
    several(subject.get("identifier"))
        .iter()
        .find(is_name)
        .and_then(|identity| text(identity, "identityHash"))
}

fn results(subject: &Value, achievement: &Value) -> (Option<String>, Vec<ShownResult>) {
    let mut completed = None;
    let mut credits = Vec::new();
    let descriptions = several(achievement.get("resultDescription"));
    for result in several(subject.get("result")) {
        let (Some(id), Some(value)) = (text(result, "resultDescription"), text(result, "value")) else {
            continue;
        };
        if id.ends_with(COMPLETED) {
            completed = Some(value);
            continue;
        }
        let known = descriptions.iter().find(|known| text(known, "id").as_deref() == Some(&id));
        let name = known.and_then(|known| text(known, "name")).unwrap_or(id);
        credits.push(ShownResult { name, amount: value });
    }
    (completed, credits)
}

/// An instant of a payload, where there is one.
pub fn instant(payload: &Value, member: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(found) = payload.get(member) else { return Ok(None) };
    let parsed = found.as_str().map(time::parse).and_then(Result::ok);
    parsed.map(Some).ok_or_else(|| {
        refuse(Code::Shape, format!("{member}: expected a time such as 2026-11-22T10:00:00Z, found {found}"))
    })
}
