//! A network that loses answers: a proxy before a server, which the server's work does not notice.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is passed on at once.
const PIECE: usize = 16 * 1024;

/// The proxy; it ends with the test's runtime.
pub struct Lossy {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    server: SocketAddr,
    /// The request whose answers are lost, as it begins.
    begins: &'static str,
    losing: AtomicBool,
    lost: AtomicUsize,
}

impl Lossy {
    /// Before a server. From now on the answers to requests that begin so are lost.
    pub async fn before(server: SocketAddr, begins: &'static str) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let state =
            Arc::new(State { server, begins, losing: AtomicBool::new(true), lost: AtomicUsize::new(0) });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                tokio::spawn(converse(browser, Arc::clone(&shared)));
            }
        });
        Ok(Self { address, state })
    }

    /// The address as a browser takes it, without a final slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on nothing is lost.
    pub fn heal(&self) {
        self.state.losing.store(false, Ordering::SeqCst);
    }

    /// How many answers were lost.
    pub fn lost(&self) -> usize {
        self.state.lost.load(Ordering::SeqCst)
    }
}

/// Passes on both ways until one side ends, or an answer is to be lost: then both ends are closed.
async fn converse(mut browser: TcpStream, state: Arc<State>) {
    let Ok(mut server) = TcpStream::connect(state.server).await else { return };
    let (mut asked, mut answered) = ([0; PIECE], [0; PIECE]);
    let mut marked = false;
    loop {
        let passed = tokio::select! {
            read = browser.read(&mut asked) => {
                let piece = &asked[..read.unwrap_or(0)];
                // A browser asks the next only once it was answered, so a request begins a piece.
                marked |= piece.starts_with(state.begins.as_bytes());
                !piece.is_empty() && server.write_all(piece).await.is_ok()
            }
            read = server.read(&mut answered) => {
                let piece = &answered[..read.unwrap_or(0)];
                if marked && !piece.is_empty() && state.losing.load(Ordering::SeqCst) {
                    state.lost.fetch_add(1, Ordering::SeqCst);
                    return;
                }
                !piece.is_empty() && browser.write_all(piece).await.is_ok()
            }
        };
        if !passed {
            return;
        }
    }
}
