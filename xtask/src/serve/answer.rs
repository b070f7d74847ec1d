//! One request, one answer.

use std::{
    convert::Infallible,
    io,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue},
};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use super::{
    fault::{Cut, Fault},
    log::{self, Log},
};
use crate::headers;

type Body = UnsyncBoxBody<Bytes, io::Error>;
type Hook = Arc<dyn Fn(&log::Request) -> Option<Fault> + Send + Sync>;

/// What is served, shared by all connections.
pub(super) struct Site {
    root: RwLock<PathBuf>,
    hook: RwLock<Option<Hook>>,
    log: Log,
}

impl Site {
    pub fn new(root: PathBuf) -> Self {
        Self { root: RwLock::new(root), hook: RwLock::new(None), log: Log::default() }
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    pub fn set_root(&self, root: PathBuf) {
        *self.root.write().unwrap_or_else(PoisonError::into_inner) = root;
    }

    pub fn set_hook(&self, hook: Option<Hook>) {
        *self.hook.write().unwrap_or_else(PoisonError::into_inner) = hook;
    }

    fn fault(&self, request: &log::Request) -> Option<Fault> {
        let hook = self.hook.read().unwrap_or_else(PoisonError::into_inner).clone();
        hook.and_then(|hook| hook(request))
    }
}

pub(super) async fn answer(site: &Site, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let asked = log::Request {
        method: request.method().to_string(),
        path: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        status: None,
    };
    let path = request.uri().path().to_owned();
    let number = site.log.arrived(asked.clone());
    let mut response = match site.fault(&asked) {
        None => of_the_file(site, request).await,
        Some(Fault::Status(status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            with_status(status, Bytes::new())
        }
        Some(Fault::Instead { media_type, body }) => {
            let mut response = with_status(StatusCode::OK, body.into());
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            response
        }
        Some(Fault::Delay(time)) => {
            tokio::time::sleep(time).await;
            of_the_file(site, request).await
        }
        Some(Fault::CutAfter(bytes)) => cut(of_the_file(site, request).await, bytes).await,
    };
    for (name, value) in headers::EVERYWHERE {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    let cache = HeaderValue::from_static(headers::cache_control(&path));
    response.headers_mut().insert(CACHE_CONTROL, cache);
    site.log.answered(number, response.status().as_u16());
    Ok(response)
}

/// A file, or the compressed copy beside it that `cargo xtask dist` made, as hosts do.
async fn of_the_file(site: &Site, request: Request<Incoming>) -> Response<Body> {
    let root = site.root.read().unwrap_or_else(PoisonError::into_inner).clone();
    let path = request.uri().path().to_owned();
    let files = ServeDir::new(root).precompressed_br().precompressed_gzip();
    let Ok(response) = files.oneshot(request).await;
    let mut response = response.map(|body| body.map_err(io::Error::other).boxed_unsync());
    if let Some(kind) = headers::media_type(&path)
        && response.status().is_success()
    {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    response
}

async fn cut(response: Response<Body>, bytes: usize) -> Response<Body> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Response::from_parts(head, Cut::after(bytes, &body).boxed_unsync())
}

fn with_status(status: StatusCode, body: Bytes) -> Response<Body> {
    let mut response = Response::new(full(body));
    *response.status_mut() = status;
    response
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}
