//! Who asks: sessions in a cookie, and whether a form is one of this desk's own.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use enduring_core::id::Digest;
use enduring_core::measure::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Cookie, DeskSettings, Fault, Site};
use crate::ledger::{Role, Session};
use crate::serve::client::subscriber;

/// A session ends so long after it began…
pub const LONGEST: i64 = 12 * 3_600_000;
/// …and so long after it was used last.
pub const IDLE: i64 = 3_600_000;
/// A session's last use is written down once in this time.
const SEEN_EVERY: i64 = 60_000;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name at the desk.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The session.
    pub token: Digest,
    /// What every form of this session carries.
    pub csrf: String,
}

impl Member {
    /// Refuses who is no administrator.
    pub fn administrator(&self) -> Result<(), Fault> {
        match self.role {
            Role::Administrator => Ok(()),
            Role::Reviewer => Err(Fault::Forbidden("Only an administrator can do this.")),
        }
    }
}

/// A form of this desk, of whoever is signed in.
pub struct Signed<T> {
    /// Who sends it.
    pub member: Member,
    /// What it says.
    pub form: T,
}

/// A form without fields of its own.
#[derive(Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
struct Sealed<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    form: T,
}

/// Makes the text for the cookie of a new session.
pub fn new_cookie() -> Result<String, Fault> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Fault::Inner("no random bytes".to_owned()))?;
    Ok(Digest(bytes).to_string())
}

/// What is stored of a cookie.
pub fn token(cookie: &str) -> Digest {
    Digest::of(&[cookie.as_bytes()])
}

/// Bound to the cookie and stored nowhere.
fn csrf(cookie: &str) -> Digest {
    Digest::of(&[b"enduring-desk-form/1.", cookie.as_bytes()])
}

/// Looks at every byte, whatever the first ones say.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |odd, (a, b)| odd | (a ^ b)) == 0
}

impl Cookie {
    fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-desk",
            Self::Plain => "desk-plain",
        }
    }

    /// The header that sets it; an empty one takes it away.
    pub fn set(self, value: &str) -> Result<HeaderValue, Fault> {
        let secure = match self {
            Self::Secure => "; Secure",
            Self::Plain => "",
        };
        let end = if value.is_empty() {
            "; Max-Age=0".to_owned()
        } else {
            format!("; Max-Age={}", LONGEST / 1_000)
        };
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{end}", self.name());
        HeaderValue::from_str(&text).map_err(|_| Fault::Inner("cookie".to_owned()))
    }

    fn of(self, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.name()).map(|(_, value)| value.to_owned())
    }
}

impl FromRequestParts<Site> for Member {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fault> {
        let cookie = site.settings.cookie.of(&parts.headers).ok_or(Fault::SignIn)?;
        let (token, now) = (token(&cookie), site.now());
        let ledger = site.intake.ledger();
        let session = ledger.session(token).await?.ok_or(Fault::SignIn)?;
        if !is_current(&session, now) {
            ledger.end_session(token).await?;
            return Err(Fault::SignIn);
        }
        let staff = ledger.staff(&session.staff).await?.filter(|staff| staff.active).ok_or(Fault::SignIn)?;
        if now.0 - session.seen.0 >= SEEN_EVERY {
            ledger.see_session(token, now).await?;
        }
        if staff.temporary && !matches!(parts.uri.path(), "/desk/password" | "/desk/sign-out") {
            return Err(Fault::NewPassword);
        }
        Ok(Self { name: staff.name, role: staff.role, token, csrf: csrf(&cookie).to_string() })
    }
}

fn is_current(session: &Session, now: Timestamp) -> bool {
    let age = |since: Timestamp| now.0.saturating_sub(since.0);
    age(session.began) < LONGEST && age(session.seen) < IDLE
}

impl<T: DeserializeOwned> FromRequest<Site> for Signed<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        own_form(&parts, &site.settings)?;
        let member = Member::from_request_parts(&mut parts, site).await?;
        let request = Request::from_parts(parts, body);
        let Form(sealed) = Form::<Sealed<T>>::from_request(request, site)
            .await
            .map_err(|error| Fault::Bad(format!("The form was not understood: {error}")))?;
        if !same(sealed.csrf.as_bytes(), member.csrf.as_bytes()) {
            return Err(Fault::Forbidden("This form is not of your session. Open the page again."));
        }
        Ok(Self { member, form: sealed.form })
    }
}

/// Whether a form was sent from a page of this desk, as the browser says. A browser that
/// says nothing of it is not believed.
pub fn own_form(parts: &Parts, settings: &DeskSettings) -> Result<(), Fault> {
    const FOREIGN: Fault = Fault::Forbidden("This form was not sent from a page of this desk.");
    if parts.method != Method::POST {
        return Err(FOREIGN);
    }
    let said = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if said("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(FOREIGN);
    }
    let own = match (said("origin"), &settings.origin) {
        (Some(origin), Some(own)) => origin.eq_ignore_ascii_case(own.trim_end_matches('/')),
        (Some(origin), None) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some_and(|host| said("host").is_some_and(|own| own.eq_ignore_ascii_case(host)))
        }
        (None, _) => said("sec-fetch-site").is_some(),
    };
    if own { Ok(()) } else { Err(FOREIGN) }
}

/// The subscriber who asks, for slowing down guesses; the same for all where it is unknown.
pub fn asking(parts: &Parts) -> String {
    let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    connection.map_or_else(String::new, |ConnectInfo(address)| subscriber(address.ip()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_by_age_and_by_rest() {
        let session = Session {
            token: Digest([0; 32]),
            staff: "ada".to_owned(),
            began: Timestamp(0),
            seen: Timestamp(LONGEST - IDLE),
        };
        assert!(is_current(&session, Timestamp(LONGEST - 1)));
        assert!(!is_current(&session, Timestamp(LONGEST)));
        let resting = Session { seen: Timestamp(0), ..session };
        assert!(is_current(&resting, Timestamp(IDLE - 1)));
        assert!(!is_current(&resting, Timestamp(IDLE)));
    }

    #[test]
    fn the_cookie_of_tls_is_bound_to_its_host() {
        let set = Cookie::Secure.set("ab").expect("a header");
        let set = set.to_str().expect("ASCII");
        assert_eq!(set, "__Host-desk=ab; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=43200");
    }
}
