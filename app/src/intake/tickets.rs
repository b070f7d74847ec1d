//! Enrolments and notices as the journal keeps them, in the settings.

use enduring_core::id::{ActivityId, Digest, NoticeId};
use enduring_core::measure::Timestamp;
use enduring_core::record::{Notice, NoticeKind, Ticket};

use super::signed::{kept_notice, kept_ticket};
use crate::store::StoreError;
use crate::store::journal::{Backend, Journal, Shelf, Witness};

/// What the name of a ticket in the settings begins with. Stored; never reuse.
const TICKET: &str = "ticket/";
/// What the name of a notice in the settings begins with. Stored; never reuse.
const NOTICE: &str = "notice/";
/// What the name of a notice that was read begins with. Stored; never reuse.
const READ: &str = "notice-read/";
/// Most notices that are kept.
pub const NOTICES_MAX: usize = 64;

fn name(prefix: &str, id: impl ToString) -> String {
    [prefix, &id.to_string()].concat()
}

/// Every ticket on this device with its text.
///
/// # Errors
/// See [`StoreError`].
pub async fn tickets<B: Backend + Witness>(
    journal: &Journal<B>,
) -> Result<Vec<(String, Ticket)>, StoreError> {
    let texts = journal.list(Shelf::Settings).await?;
    let tickets = texts.into_iter().filter(|(name, _)| name.starts_with(TICKET));
    Ok(tickets.filter_map(|(_, text)| kept_ticket(&text).map(|ticket| (text, ticket))).collect())
}

/// Keeps a ticket that was checked.
///
/// # Errors
/// See [`StoreError`].
pub async fn keep_ticket<B: Backend + Witness>(
    journal: &Journal<B>,
    text: &str,
    ticket: &Ticket,
) -> Result<(), StoreError> {
    journal.put(Shelf::Settings, &name(TICKET, ticket.id), text.trim().to_owned()).await
}

/// Removes a ticket.
///
/// # Errors
/// See [`StoreError`].
pub async fn remove_ticket<B: Backend + Witness>(
    journal: &Journal<B>,
    ticket: &Ticket,
) -> Result<(), StoreError> {
    journal.remove(Shelf::Settings, &name(TICKET, ticket.id)).await
}

/// The ticket that goes with a record: of its provider, and of its activity or of all.
/// The one for the very activity comes first, then the latest.
#[must_use]
pub fn ticket_for<'a>(
    tickets: &'a [(String, Ticket)],
    provider: &str,
    activity: &ActivityId,
) -> Option<&'a (String, Ticket)> {
    let fits = |ticket: &Ticket| {
        ticket.provider == provider && ticket.activity.as_ref().is_none_or(|only| only == activity)
    };
    let fitting = tickets.iter().filter(|(_, ticket)| fits(ticket));
    fitting.max_by_key(|(_, ticket)| (ticket.activity.is_some(), ticket.issued))
}

/// A notice that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What it says.
    pub notice: Notice,
    /// Whether the learner has acknowledged it.
    pub read: bool,
}

/// The notices for a version of an activity, the latest first. Without a digest, those
/// for every version.
///
/// # Errors
/// See [`StoreError`].
pub async fn notices<B: Backend + Witness>(
    journal: &Journal<B>,
    activity: &str,
    pack: Option<Digest>,
) -> Result<Vec<Kept>, StoreError> {
    let texts = journal.list(Shelf::Settings).await?;
    let mut kept = Vec::new();
    for (_, text) in texts.iter().filter(|(name, _)| name.starts_with(NOTICE)) {
        let Some(notice) = kept_notice(text).filter(|notice| concerns(notice, activity, pack)) else {
            continue;
        };
        let mark = name(READ, notice.id);
        let read = texts.iter().any(|(name, _)| *name == mark);
        kept.push(Kept { notice, read });
    }
    enduring_core::order::sort_by(&mut kept, |one, other| other.notice.issued.cmp(&one.notice.issued));
    Ok(kept)
}

fn concerns(notice: &Notice, activity: &str, pack: Option<Digest>) -> bool {
    notice.activity.as_str() == activity
        && (notice.packs.is_empty() || pack.is_some_and(|pack| notice.packs.contains(&pack)))
}

/// Whether one of them says that the activity is not to be begun any more.
#[must_use]
pub fn is_withdrawn(notices: &[Kept]) -> bool {
    notices.iter().any(|kept| kept.notice.kind == NoticeKind::Withdrawn)
}

/// Keeps a notice that was checked; whether it was new.
///
/// # Errors
/// See [`StoreError`].
pub async fn keep_notice<B: Backend + Witness>(
    journal: &Journal<B>,
    text: &str,
    notice: &Notice,
) -> Result<bool, StoreError> {
    let name = name(NOTICE, notice.id);
    if journal.get(Shelf::Settings, &name).await?.is_some() {
        return Ok(false);
    }
    journal.put(Shelf::Settings, &name, text.to_owned()).await?;
    Ok(true)
}

/// The learner has acknowledged a notice.
///
/// # Errors
/// See [`StoreError`].
pub async fn acknowledge<B: Backend + Witness>(
    journal: &Journal<B>,
    id: NoticeId,
    at: Timestamp,
) -> Result<(), StoreError> {
    journal.put(Shelf::Settings, &name(READ, id), at.0.to_string()).await
}
