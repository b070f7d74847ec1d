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

#[cfg(test)]
mod tests {
    use enduring_core::id::{LearnerRef, TicketId};
    use enduring_core::record::{
        Compact, NOTICE_FORMAT, NOTICE_TYP, TICKET_FORMAT, TICKET_TYP, signing_input,
    };

    use super::*;
    use crate::store::journal::tests::{Memory, now};

    fn activity(name: &str) -> ActivityId {
        ActivityId::new(name).expect("a name")
    }

    fn ticket(id: u8, provider: &str, only: Option<&str>) -> Ticket {
        Ticket {
            format: TICKET_FORMAT.to_owned(),
            id: TicketId([id; 16]),
            learner: LearnerRef([1; 16]),
            name: "A. Learner".to_owned(),
            provider: provider.to_owned(),
            activity: only.map(activity),
            issued: Timestamp(i64::from(id)),
            expires: Timestamp(9),
        }
    }

    fn notice(id: u8, kind: NoticeKind, packs: &[Digest]) -> Notice {
        Notice {
            format: NOTICE_FORMAT.to_owned(),
            id: NoticeId([id; 16]),
            kind,
            activity: activity("fever"),
            packs: packs.to_vec(),
            text: "Half the dose.".to_owned(),
            issued: Timestamp(i64::from(id)),
        }
    }

    fn signed(typ: &str, payload: &str) -> String {
        Compact::join(&signing_input(typ, Digest([1; 32]), payload.as_bytes()), &[7; 64])
    }

    #[test]
    fn the_ticket_of_the_provider_and_the_activity_goes_along() {
        let tickets: Vec<_> = [
            ticket(1, "Society", None),
            ticket(2, "Society", Some("fever")),
            ticket(3, "Society", None),
            ticket(4, "Other", Some("fever")),
        ]
        .map(|ticket| (String::new(), ticket))
        .into();
        let chosen = |provider, name| {
            ticket_for(&tickets, provider, &activity(name)).map(|(_, ticket)| ticket.id.0[0])
        };
        assert_eq!(chosen("Society", "fever"), Some(2));
        assert_eq!(chosen("Society", "sepsis"), Some(3));
        assert_eq!(chosen("Other", "sepsis"), None);
        assert_eq!(chosen("Nobody", "fever"), None);
    }

    #[test]
    fn a_ticket_is_kept_until_it_is_removed() {
        let journal = Journal::over(Memory::default());
        let one = ticket(1, "Society", None);
        let text = signed(TICKET_TYP, &one.encode());
        now(keep_ticket(&journal, &text, &one)).expect("kept");
        assert_eq!(now(tickets(&journal)), Ok(vec![(text, one.clone())]));
        now(remove_ticket(&journal, &one)).expect("removed");
        assert_eq!(now(tickets(&journal)), Ok(Vec::new()));
    }

    #[test]
    fn notices_are_those_of_the_version_until_they_were_read() {
        let journal = Journal::over(Memory::default());
        let (pack, other) = (Digest([5; 32]), Digest([6; 32]));
        let all = notice(1, NoticeKind::Safety, &[]);
        let only = notice(2, NoticeKind::Withdrawn, &[pack]);
        for one in [&all, &only] {
            let text = signed(NOTICE_TYP, &one.encode());
            assert_eq!(now(keep_notice(&journal, &text, one)), Ok(true));
            assert_eq!(now(keep_notice(&journal, &text, one)), Ok(false));
        }
        let found = now(notices(&journal, "fever", Some(pack))).expect("read");
        assert_eq!(found.iter().map(|kept| kept.notice.id.0[0]).collect::<Vec<_>>(), [2, 1]);
        assert!(is_withdrawn(&found));
        for digest in [Some(other), None] {
            let found = now(notices(&journal, "fever", digest)).expect("read");
            assert_eq!(found, [Kept { notice: all.clone(), read: false }]);
            assert!(!is_withdrawn(&found));
        }
        assert_eq!(now(notices(&journal, "sepsis", Some(pack))), Ok(Vec::new()));
        now(acknowledge(&journal, all.id, Timestamp(3))).expect("kept");
        let found = now(notices(&journal, "fever", None)).expect("read");
        assert!(found.iter().all(|kept| kept.read));
    }
}
