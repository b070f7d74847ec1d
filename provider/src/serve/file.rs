//! The answer for a file: conditional, in part, in the coding that the client takes.

use std::fs;
use std::io::{self, Seek, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, IF_RANGE, RANGE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use enduring_core::id::Digest;
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use super::range::{Part, part};
use super::site::{File, Listing, Site, Source};
use super::wire::Refusal;

/// How much is read at once.
const PIECE: usize = 64 * 1024;
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// For what never changes under its name.
pub(super) const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Answers a request for a path of the site.
pub async fn answer(site: &Arc<Site>, method: &Method, uri: &Uri, asked: &HeaderMap) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let refusal = Refusal::method();
        return ([(ALLOW, HeaderValue::from_static("GET, HEAD"))], refusal).into_response();
    }
    let Some(path) = decoded(uri.path()) else { return Refusal::not_found().into_response() };
    match once(site, &path, method, asked).await {
        Ok(response) => response,
        // It was replaced since it was listed: a new build is being put in its place.
        Err(Replaced) => {
            let again = Arc::clone(site);
            let listed = tokio::task::spawn_blocking(move || again.refresh()).await;
            match listed {
                Ok(Ok(())) => once(site, &path, method, asked)
                    .await
                    .unwrap_or_else(|Replaced| Refusal::not_now().into_response()),
                Ok(Err(_)) | Err(_) => Refusal::not_now().into_response(),
            }
        }
    }
}

/// A file is another than the listed one.
struct Replaced;

async fn once(site: &Site, path: &str, method: &Method, asked: &HeaderMap) -> Result<Response, Replaced> {
    let listing = site.listing();
    let name = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let Some(choice) = choose(&listing, &name, asked) else {
        return Ok(([(CACHE_CONTROL, REVALIDATE)], Refusal::not_found()).into_response());
    };
    let (file, listed, path_of) = (Arc::clone(&choice.file), Arc::clone(&listing), name.clone());
    let opened =
        tokio::task::spawn_blocking(move || Ok((Opened::open(&file)?, listed.is_kept(&path_of)))).await;
    let (opened, is_kept) = opened.map_err(|_| Replaced)?.map_err(|_: io::Error| Replaced)?;
    let mut response = respond(opened, &choice, method, asked).await;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
    headers.insert(CACHE_CONTROL, REVALIDATE);
    listing.rules.apply(path, &mut headers);
    // A site that says something else of its packs is believed.
    if is_kept && headers.get(CACHE_CONTROL) == Some(&REVALIDATE) {
        headers.insert(CACHE_CONTROL, IMMUTABLE);
    }
    match response.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
        StatusCode::NOT_MODIFIED => drop(headers.remove(CONTENT_TYPE)),
        _ => {
            headers.remove(CONTENT_TYPE);
            headers.insert(CACHE_CONTROL, REVALIDATE);
        }
    }
    if choice.varies {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    response.headers_mut().extend(headers);
    Ok(response)
}

/// A file and how it is coded.
struct Choice {
    file: Arc<File>,
    coding: Option<&'static str>,
    /// Whether another client may get another coding.
    varies: bool,
}

/// The best copy of a file that the client takes. A part is always one of the file
/// itself, so that parts fit together.
fn choose(listing: &Listing, path: &str, asked: &HeaderMap) -> Option<Choice> {
    let plain = listing.get(path)?;
    let copies = [("br", "br"), ("gz", "gzip")]
        .map(|(ending, coding)| listing.get(&format!("{path}.{ending}")).map(|file| (file, coding)));
    let varies = copies.iter().any(Option::is_some);
    let taken = copies.into_iter().flatten().find(|(_, coding)| takes(asked, coding));
    let (file, coding) = match taken {
        Some((file, coding)) if !asked.contains_key(RANGE) => (file, Some(coding)),
        Some(_) | None => (plain, None),
    };
    Some(Choice { file: Arc::clone(file), coding, varies })
}

fn takes(asked: &HeaderMap, coding: &str) -> bool {
    asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|choice| {
            let mut parts = choice.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
            let refused = parts
                .filter_map(|part| part.strip_prefix("q="))
                .any(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
            named && !refused
        })
    })
}

/// A file that is open, with the digest of its bytes.
struct Opened {
    bytes: Held,
    length: u64,
    digest: Digest,
}

enum Held {
    Disk(fs::File),
    Memory(Bytes),
}

impl Opened {
    fn open(file: &File) -> io::Result<Self> {
        let digest = file.digest()?;
        let bytes = match &file.source {
            Source::Memory(bytes) => Held::Memory(bytes.clone()),
            Source::Disk(path) => {
                let opened = fs::File::open(path)?;
                if !file.is_still(&opened.metadata()?) {
                    return Err(io::Error::other("changed since it was listed"));
                }
                Held::Disk(opened)
            }
        };
        Ok(Self { bytes, length: file.length, digest })
    }

    /// The bytes from a place, as many as that.
    async fn body(self, from: u64, length: u64) -> io::Result<Body> {
        match self.bytes {
            Held::Memory(bytes) => {
                let from = usize::try_from(from).map_err(io::Error::other)?;
                let length = usize::try_from(length).map_err(io::Error::other)?;
                Ok(Body::from(bytes.slice(from..from + length)))
            }
            Held::Disk(mut file) => {
                let placed =
                    tokio::task::spawn_blocking(move || file.seek(SeekFrom::Start(from)).map(|_| file));
                let file = tokio::fs::File::from_std(placed.await.map_err(io::Error::other)??);
                Ok(Body::new(FileBody { file, left: length }))
            }
        }
    }
}

async fn respond(opened: Opened, choice: &Choice, method: &Method, asked: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", opened.digest);
    let Ok(etag) = HeaderValue::from_str(&tag) else { return Refusal::not_now().into_response() };
    let length = opened.length;
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(ETAG, etag);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if is_known(asked, &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let range = text(asked, &RANGE).filter(|_| text(asked, &IF_RANGE).is_none_or(|known| known == tag));
    let (from, length) = match range.map_or(Part::Whole, |range| part(range, length)) {
        Part::Whole => (0, length),
        Part::Bytes { from, to } => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            insert(response.headers_mut(), CONTENT_RANGE, &format!("bytes {from}-{to}/{length}"));
            (from, to - from + 1)
        }
        Part::Beyond => {
            let mut refused = Refusal::range().into_response();
            insert(refused.headers_mut(), CONTENT_RANGE, &format!("bytes */{length}"));
            return refused;
        }
    };
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(coding) = choice.coding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if method == Method::HEAD {
        return response;
    }
    match opened.body(from, length).await {
        Ok(body) => {
            *response.body_mut() = body;
            response
        }
        Err(_) => Refusal::not_now().into_response(),
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value
            .split(',')
            .map(str::trim)
            .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    })
}

/// A path without its percent signs; none where it is no UTF-8.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

/// The media type by the ending of a name. The rules of the site go before it.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "json" => "application/json",
        "jsonld" => "application/ld+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "pdf" => "application/pdf",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The rest of a file, piece by piece, so that a large one is never in memory.
struct FileBody {
    file: tokio::fs::File,
    left: u64,
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut piece = vec![0; PIECE.min(usize::try_from(self.left).unwrap_or(PIECE))];
        let mut into = ReadBuf::new(&mut piece);
        match Pin::new(&mut self.file).poll_read(context, &mut into) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok(())) => {
                let read = into.filled().len();
                if read == 0 {
                    return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
                }
                piece.truncate(read);
                self.left -= read as u64;
                Poll::Ready(Some(Ok(Frame::data(piece.into()))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_once() {
        for (path, expected) in
            [("/a%20b", Some("/a b")), ("/%252e", Some("/%2e")), ("/%", None), ("/%ff", None)]
        {
            assert_eq!(decoded(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn a_coding_is_taken_unless_its_weight_is_nothing() {
        for (value, expected) in [
            ("gzip, br", true),
            ("br;q=0.5", true),
            ("br; q=0", false),
            ("br;q=0.0", false),
            ("brotli", false),
        ] {
            let asked = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            assert_eq!(takes(&asked, "br"), expected, "{value}");
        }
    }
}
