//! Why there is no page.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::measure::Timestamp;
use maud::html;

use super::layout;
use crate::intake::{DecideError, IntakeError};
use crate::ledger::LedgerError;

/// What to do where no tickets are issued.
pub const NO_PLAYER: &str = "A ticket is a link to the player, and this server was not told its address. \
    Start it with --public and that address, such as --public https://learn.example.org/.";

/// Why there is no page.
#[derive(Debug)]
pub enum Fault {
    /// Nobody is signed in.
    SignIn,
    /// The password has to be changed first.
    NewPassword,
    /// It may not be done.
    Forbidden(&'static str),
    /// There is nothing at this address.
    NotFound,
    /// What was asked makes no sense, or not any more.
    Bad(String),
    /// Something came between.
    Conflict(String),
    /// The address of the player is not known, so links of tickets would lead nowhere.
    NoPlayer,
    /// Too many attempts; the next is taken at this time.
    Slow {
        /// Now.
        now: Timestamp,
        /// Then.
        until: Timestamp,
    },
    /// Too much at once.
    Busy,
    /// The server's fault; the words are for its log, and hold nothing personal.
    Inner(String),
}

impl From<LedgerError> for Fault {
    fn from(error: LedgerError) -> Self {
        Self::Inner(error.to_string())
    }
}

impl From<IntakeError> for Fault {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Busy | IntakeError::Waiting { .. } => Self::Busy,
            other => Self::Inner(other.to_string()),
        }
    }
}

impl From<DecideError> for Fault {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Unknown => Self::NotFound,
            DecideError::Standing { .. } => {
                Self::Conflict(format!("This does not fit how the record stands now: {error}."))
            }
            DecideError::NoReason => Self::Bad("Give a reason; the learner is told.".to_owned()),
            DecideError::Intake(error) => error.into(),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, title, words) = match self {
            Self::SignIn => return Redirect::to("/desk/sign-in").into_response(),
            Self::NewPassword => return Redirect::to("/desk/password").into_response(),
            Self::Forbidden(words) => (StatusCode::FORBIDDEN, "Not allowed", words.to_owned()),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "Not found", "There is nothing at this address.".to_owned())
            }
            Self::Bad(words) => (StatusCode::BAD_REQUEST, "Not understood", words),
            Self::Conflict(words) => (StatusCode::CONFLICT, "Something came between", words),
            Self::NoPlayer => (StatusCode::SERVICE_UNAVAILABLE, "No tickets yet", NO_PLAYER.to_owned()),
            Self::Slow { now, until } => return slow(now, until),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Busy",
                "Nothing was changed. Try again in a moment.".to_owned(),
            ),
            Self::Inner(words) => {
                tracing::error!(error = words, "the desk");
                let words = "Nothing was changed. The server's log says why.".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", words)
            }
        };
        alone(status, title, &words)
    }
}

fn slow(now: Timestamp, until: Timestamp) -> Response {
    let seconds = until.0.saturating_sub(now.0).max(0) / 1_000 + 1;
    let words = format!("Too many attempts. Nothing was checked; try again in {seconds} seconds.");
    let mut response = alone(StatusCode::TOO_MANY_REQUESTS, "Wait a moment", &words);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn alone(status: StatusCode, title: &str, words: &str) -> Response {
    let page = layout::outside(
        title,
        &html! {
            p { (words) }
            p { a href="/desk" { "To the desk" } }
        },
    );
    (status, page).into_response()
}
