//! A browser without a screen: keeps its cookie, sends forms as one does.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::map_request;
use enduring_provider::desk::{Cookie, DeskSettings, password, router};
use enduring_provider::intake::Intake;
use enduring_provider::ledger::{Entry, Ledger, Role, Staff};
use enduring_provider::serve::client;
use enduring_provider::time;
use reqwest::{Client, Method, StatusCode, redirect};

/// The password of everybody in these tests.
pub const PASSWORD: &str = "correct horse battery";

/// What came back.
pub struct Seen {
    pub status: StatusCode,
    pub to: String,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

/// A browser at a desk.
#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub base: String,
    pub cookie: String,
}

/// Says who asks as the server does, which believes the proxy that these tests are.
async fn from_elsewhere(mut request: Request) -> Request {
    let loopback = ["127.0.0.1".parse().expect("a network")];
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let client = client::address(peer.ip(), request.headers(), &loopback);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    request
}

/// Serves a desk on a port of its own.
pub async fn serve(intake: Intake) -> Browser {
    serve_for(intake, Some("https://cme.example.org/play")).await
}

/// The same, with this address of the player.
pub async fn serve_for(intake: Intake, player: Option<&str>) -> Browser {
    let settings = DeskSettings { cookie: Cookie::Plain, origin: None, player: player.map(str::to_owned) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let desk = router(intake, settings).layer(map_request(from_elsewhere));
    let service = desk.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.expect("served") });
    let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
    Browser { client, base, cookie: String::new() }
}

/// Adds an account whose password is [`PASSWORD`].
pub async fn account(ledger: &Ledger, name: &str, role: Role) {
    let password = password::hash(name, PASSWORD).expect("a hash");
    let staff = Staff { name: name.to_owned(), password, role, active: true, temporary: false };
    let told = Entry::acted(time::now(), "command", "staff_added", name);
    assert!(ledger.add_staff(&staff, &told).await.expect("written"));
}

fn encoded(form: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs: Vec<String> =
        form.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

impl Browser {
    async fn send(&self, method: Method, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Seen {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if !self.cookie.is_empty() {
            request = request.header("cookie", &self.cookie);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("an answer");
        let headers = answer.headers().clone();
        let to = headers.get("location").map(|to| to.to_str().expect("ASCII").to_owned());
        let status = answer.status();
        let body = answer.text().await.expect("a text");
        Seen { status, to: to.unwrap_or_default(), headers, body }
    }

    pub async fn get(&self, path: &str) -> Seen {
        self.send(Method::GET, path, None, &[]).await
    }

    /// A page that has to be there.
    pub async fn page(&self, path: &str) -> String {
        let seen = self.get(path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.body);
        let mut ids: Vec<&str> =
            seen.body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{path}: an id stands twice");
        seen.body
    }

    /// Sends a form as a page of the desk would, with the session's own token.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Seen {
        let csrf = self.csrf().await;
        let mut form = form.to_vec();
        form.push(("csrf", &csrf));
        self.post_as(path, &form, &[("origin", &self.base)]).await
    }

    /// Sends a form with exactly these fields and headers.
    pub async fn post_as(&self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Seen {
        self.send(Method::POST, path, Some(encoded(form)), headers).await
    }

    /// The token that every form of this session has.
    pub async fn csrf(&self) -> String {
        let page = self.get("/desk/password").await.body;
        let value = page.split_once("name=\"csrf\" value=\"").map(|(_, rest)| rest);
        value.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }

    /// Signs in from an address.
    pub async fn try_sign_in(&self, name: &str, password: &str, from: &str) -> Seen {
        let form = [("name", name), ("password", password)];
        self.post_as("/desk/sign-in", &form, &[("origin", &self.base), ("x-forwarded-for", from)]).await
    }

    /// A browser in which somebody is signed in.
    pub async fn signed_in(&self, name: &str) -> Self {
        let seen = self.try_sign_in(name, PASSWORD, "192.0.2.1").await;
        assert_eq!((seen.status, seen.to.as_str()), (StatusCode::SEE_OTHER, "/desk"), "{}", seen.body);
        let set = seen.headers.get("set-cookie").expect("a cookie").to_str().expect("ASCII");
        assert!(set.contains("HttpOnly; SameSite=Strict"), "{set}");
        let cookie = set.split(';').next().expect("a pair").to_owned();
        Self { cookie, ..self.clone() }
    }
}
