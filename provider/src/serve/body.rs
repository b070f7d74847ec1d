//! Reading a body: at most so much, and not for ever.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use tokio::time::{Instant, sleep_until};

use super::wire::Refusal;

/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(10);
/// How long all of it may take.
const WHOLE: Duration = Duration::from_secs(60);

/// The text of a JSON body of at most so many bytes.
///
/// # Errors
/// [`Refusal`] for another media type, too much, too slow, and what is no UTF-8.
pub async fn json(headers: &HeaderMap, mut body: Body, most: usize) -> Result<String, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::media_type());
    }
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > most) {
        return Err(Refusal::too_large(most));
    }
    let end = Instant::now() + WHOLE;
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default());
    loop {
        let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let frame = tokio::select! {
            frame = frame => frame,
            () = sleep_until(end.min(Instant::now() + SILENCE)) => return Err(Refusal::slow()),
        };
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| Refusal::malformed("the body ended early"))?;
        // Trailers say nothing that is asked for.
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > most {
            return Err(Refusal::too_large(most));
        }
        bytes.extend_from_slice(&data);
    }
    String::from_utf8(bytes).map_err(|_| Refusal::malformed("expected UTF-8"))
}
