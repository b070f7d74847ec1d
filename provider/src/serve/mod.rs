//! The server of a provider: the player and its packs, and the intake that takes
//! records. It holds nothing that another process of the same database would miss.

mod api;
mod body;
pub mod client;
mod contexts;
mod deployment;
pub mod document;
mod file;
mod headers;
mod limits;
mod listen;
pub mod log;
mod metrics;
mod patience;
mod probe;
mod range;
mod rounds;
mod site;
mod unread;
mod wire;

use std::any::Any;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderValue;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, http};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tower_http::catch_panic::CatchPanicLayer;

use self::client::Network;
use self::limits::Limits;
pub use self::limits::Rates;
use self::listen::Peer;
use self::metrics::Metrics;
pub use self::site::{Site, SiteError};
use self::wire::Refusal;
use crate::desk::{self, DeskSettings};
use crate::intake::Intake;

/// How long an answer may take to begin, the body of the request included.
const ANSWER: Duration = Duration::from_secs(90);

/// Whether the log tells who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// It does.
    Told,
    /// It does not.
    Untold,
}

/// What a server is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Other origins whose pages may use the intake.
    pub origins: Vec<HeaderValue>,
    /// Proxies that say truly who asks.
    pub proxies: Vec<Network>,
    /// How often may be asked.
    pub rates: Rates,
    /// Whether the log tells who asked.
    pub log: Addresses,
    /// How the desk is served.
    pub desk: DeskSettings,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
struct Client(IpAddr);

/// What every request needs, shared.
#[derive(Clone)]
struct Server(Arc<Shared>);

struct Shared {
    intake: Intake,
    site: Arc<Site>,
    limits: Limits,
    metrics: Metrics,
    origins: Vec<HeaderValue>,
    proxies: Vec<Network>,
    log: Addresses,
}

impl std::ops::Deref for Server {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// Serves until `stop` is done and what was under way then is answered. `listening`
/// hears the address, port and all, once connections are taken.
///
/// # Errors
/// What the system says where the address cannot be had.
pub async fn serve(
    address: SocketAddr,
    settings: Settings,
    intake: Intake,
    site: Site,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    let desk = desk::router(intake.clone(), settings.desk);
    let server = Server(Arc::new(Shared {
        intake,
        site: Arc::new(site),
        limits: Limits::new(settings.rates),
        metrics: Metrics::default(),
        origins: settings.origins,
        proxies: settings.proxies,
        log: settings.log,
    }));
    // Before the address is told: who knows it may hang up at once.
    let hangup = signal(SignalKind::hangup())?;
    let rounds = tokio::spawn(rounds::go(server.clone(), hangup));
    listening(listener.local_addr()?);
    listen::answer(listener, router(server, desk), stop).await;
    rounds.abort();
    Ok(())
}

/// The routes, with what goes around all of them, the outermost last.
fn router(server: Server, desk: Router) -> Router {
    Router::new()
        .nest("/api", api::routes(&server))
        .merge(contexts::routes())
        .route("/.well-known/jwks.json", get(api::keys))
        .route("/health", get(probe::health))
        .route("/ready", get(probe::ready))
        .route("/metrics", get(probe::metrics))
        .method_not_allowed_fallback(async || Refusal::method())
        .fallback(file)
        .with_state(server.clone())
        .merge(desk)
        .layer(CatchPanicLayer::custom(fault))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(unread::said))
        .layer(middleware::from_fn_with_state(server.clone(), log::tell))
        .layer(middleware::from_fn_with_state(server.clone(), identified))
        .layer(middleware::from_fn_with_state(server, secured))
}

async fn file(State(server): State<Server>, request: Request) -> Response {
    file::answer(&server.site, request.method(), request.uri(), request.headers()).await
}

/// Says who asks.
async fn identified(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    if let Some(Peer(peer)) = request.extensions().get::<Peer>().copied() {
        let client = client::address(peer.ip(), request.headers(), &server.proxies);
        request.extensions_mut().insert(Client(client));
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    next.run(request).await
}

/// Adds what is sent with every answer that says nothing else itself, as the desk does.
async fn secured(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in server.site.listing().rules.everywhere() {
        response.headers_mut().entry(name.clone()).or_insert(value.clone());
    }
    response.headers_mut().entry(http::header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Ends what takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(ANSWER, next.run(request)).await;
    answered.unwrap_or_else(|_| Refusal::not_now().into_response())
}

fn fault(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request met a fault of this program");
    Refusal::fault().into_response()
}
