//! How the server misbehaves when a test asks for it.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::Sleep;

/// One thing that goes wrong with one answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// This status with an empty body.
    Status(u16),
    /// 200 with this body instead, as a captive portal answers.
    Instead { media_type: &'static str, body: Vec<u8> },
    /// The right answer, this much later.
    Delay(Duration),
    /// The right head, this many bytes of the body, then the connection ends.
    CutAfter(usize),
}

/// A body that ends in the middle: the bytes, a moment for them to leave, then
/// an error, upon which hyper drops the connection.
pub(super) struct Cut {
    bytes: Option<Bytes>,
    leave: Pin<Box<Sleep>>,
}

impl Cut {
    pub fn after(bytes: usize, body: &Bytes) -> Self {
        let bytes = Some(body.slice(..bytes.min(body.len())));
        Self { bytes, leave: Box::pin(tokio::time::sleep(Duration::from_millis(100))) }
    }
}

impl Body for Cut {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.bytes.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => self
                .leave
                .as_mut()
                .poll(context)
                .map(|()| Some(Err(std::io::ErrorKind::ConnectionAborted.into()))),
        }
    }
}
