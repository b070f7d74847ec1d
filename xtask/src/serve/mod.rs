//! The server of `cargo xtask start` and of the browser tests.
//!
//! Serves one folder with the headers of [`crate::headers`], keeps a log of the
//! requests so that tests can count them, and can be told to misbehave. It runs
//! on threads of its own, so a test needs no async code, and can be stopped and
//! started again on the same port: a stopped server is a network that is gone,
//! in every engine.

mod answer;
mod fault;
mod log;
mod tls;

use std::{
    net::{SocketAddr, TcpListener as StdListener},
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, Result};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};
use tokio_rustls::TlsAcceptor;

use answer::Site;
pub use fault::Fault;
pub use log::Request;
pub use tls::Identity;

/// A folder on an address. Port 0 takes a free one.
pub struct Server {
    site: Arc<Site>,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    running: Option<Running>,
}

/// The thread that holds the runtime: blocking calls stay out of a caller that
/// may be async itself. Dropping `stop` ends it.
struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Server {
    /// Serves `root` over HTTP on the loopback address.
    pub fn on_loopback(root: impl Into<PathBuf>, port: u16) -> Result<Self> {
        Self::start(root.into(), SocketAddr::from(([127, 0, 0, 1], port)), None)
    }

    /// Serves `root` over HTTPS on `address`.
    pub fn over_tls(root: impl Into<PathBuf>, address: SocketAddr, identity: &Identity) -> Result<Self> {
        Self::start(root.into(), address, Some(identity.acceptor()?))
    }

    /// Serves one document over plain HTTP under every path.
    pub fn of_one_document(address: SocketAddr, media_type: &'static str, body: Vec<u8>) -> Result<Self> {
        let server = Self::start(PathBuf::new(), address, None)?;
        server.inject(move |_| Some(Fault::Instead { media_type, body: body.clone() }));
        Ok(server)
    }

    fn start(root: PathBuf, address: SocketAddr, tls: Option<TlsAcceptor>) -> Result<Self> {
        let mut server = Self { site: Arc::new(Site::new(root)), address, tls, running: None };
        server.restart()?;
        Ok(server)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a browser takes it, without a final slash.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Every request so far, in order of arrival, over all restarts.
    pub fn requests(&self) -> Vec<Request> {
        self.site.log().requests()
    }

    /// Forgets the requests so far, to count from here.
    pub fn forget_requests(&self) {
        self.site.log().clear();
    }

    /// From now on serves another folder, as when a new build is deployed.
    pub fn deploy(&self, root: impl Into<PathBuf>) {
        self.site.set_root(root.into());
    }

    /// From now on asks `hook` about every request whether it should go wrong.
    pub fn inject(&self, hook: impl Fn(&Request) -> Option<Fault> + Send + Sync + 'static) {
        self.site.set_hook(Some(Arc::new(hook)));
    }

    /// Ends all faults.
    pub fn heal(&self) {
        self.site.set_hook(None);
    }

    /// Ends all connections and stops listening, as when the process ends.
    pub fn stop(&mut self) {
        if let Some(Running { stop, thread }) = self.running.take() {
            drop(stop);
            // A panic in there was printed already.
            let _ = thread.join();
        }
    }

    /// Listens again on the same address after [`Server::stop`].
    pub fn restart(&mut self) -> Result<()> {
        self.stop();
        let listener =
            StdListener::bind(self.address).with_context(|| format!("listening on {}", self.address))?;
        listener.set_nonblocking(true)?;
        self.address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("starting the threads of the server")?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (tls, site) = (self.tls.clone(), Arc::clone(&self.site));
        let thread = thread::spawn(move || {
            runtime.spawn(accept(listener, tls, site));
            let _ = runtime.block_on(stopped);
            runtime.shutdown_timeout(Duration::from_secs(2));
        });
        self.running = Some(Running { stop, thread });
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn accept(listener: StdListener, tls: Option<TlsAcceptor>, site: Arc<Site>) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return eprintln!("error: the server cannot listen: {error}"),
    };
    loop {
        // Out of file handles, say: the next one may do better.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        tokio::spawn(converse(stream, tls.clone(), Arc::clone(&site)));
    }
}

async fn converse(stream: TcpStream, tls: Option<TlsAcceptor>, site: Arc<Site>) {
    match tls {
        None => serve(stream, site).await,
        // A browser that does not trust the certificate yet ends the handshake.
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                serve(stream, site).await;
            }
        }
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, site: Arc<Site>) {
    let service = service_fn(|request: hyper::Request<Incoming>| answer::answer(&site, request));
    let connection =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    // An error here is a browser that went away, or a fault that we injected.
    let _ = connection.await;
}
