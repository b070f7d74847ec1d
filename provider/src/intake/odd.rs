//! What several records show together. Nothing here rejects: it is for a person to look at.

use std::collections::BTreeSet;

use enduring_core::content::Content;
use enduring_core::id::{Digest, LearnerRef};
use enduring_core::record::{Handling, Notice, NoticeKind, Opened, Payload, RecordRef};
use serde::Deserialize;

use super::code::LedgerCode;
use super::who::{Who, by_key};
use super::{Intake, IntakeError};
use crate::ledger::{Fact, Found, Grounds, Look, Received};

/// Shorter sessions may well agree by chance.
const PACE_LEAST: usize = 12;

/// A digest of the pace of a session: the active time at each event. Two sessions of
/// different people never agree on all of them to the millisecond.
pub(super) fn pace(log: &str) -> Digest {
    #[derive(Deserialize)]
    struct Line {
        active: u64,
    }
    let mut times = String::new();
    for line in log.lines() {
        let active = serde_json::from_str::<Line>(line).map_or(0, |line| line.active);
        times.push_str(&active.to_string());
        times.push(' ');
    }
    Digest::of(&[times.as_bytes()])
}

/// The rows that a submission is decided beside.
#[derive(Default)]
pub(super) struct Known {
    /// About the device.
    pub of_key: Vec<Found>,
    /// About sessions at its pace, where that says anything.
    pub of_pace: Vec<Found>,
    /// The activity's notices.
    pub notices: Vec<Found>,
    /// What of it decisions rest on.
    pub grounds: Grounds,
}

/// What is odd about a record beside the others.
pub(super) struct Odd {
    /// For a person to look at.
    pub flags: Vec<LedgerCode>,
    /// What that and whose the record is rest on.
    pub grounds: Grounds,
}

impl Known {
    /// Of the looks of [`Intake::beside`] and what they found.
    pub fn of(looks: Vec<Look>, found: Vec<Vec<Found>>) -> Self {
        let marked = looks.into_iter().zip(&found).filter_map(|(look, rows)| match look {
            Look::Mark(mark) => Some((mark, rows.len())),
            Look::Record(_) | Look::Notices(_) => None,
        });
        let grounds = Grounds { marked: marked.collect(), ..Grounds::default() };
        let mut found = found.into_iter();
        let mut next = || found.next().unwrap_or_default();
        Self { notices: next(), of_key: next(), of_pace: next(), grounds }
    }
}

impl Intake {
    /// What there is beside a submission.
    pub(super) async fn known(
        &self,
        kid: Digest,
        pace: Digest,
        payload: &Payload,
    ) -> Result<Known, IntakeError> {
        let looks = self.beside(kid, pace, payload);
        let found = self.rows.look(looks.clone()).await?;
        Ok(Known::of(looks, found))
    }

    /// The rows about a record that was not judged yet, and what there is beside it.
    pub(super) async fn looked(
        &self,
        kid: Digest,
        pace: Digest,
        opened: &Opened,
    ) -> Result<(Vec<Found>, Known), IntakeError> {
        let Ok(payload) = opened.payload() else { return Ok((Vec::new(), Known::default())) };
        let mut looks = self.beside(kid, pace, payload);
        looks.push(Look::Record(RecordRef { kid, id: payload.id }));
        let mut found = self.rows.look(looks.clone()).await?;
        let of_record = found.pop().unwrap_or_default();
        Ok((of_record, Known::of(looks, found)))
    }

    /// What [`Known`] is made from.
    fn beside(&self, kid: Digest, pace: Digest, payload: &Payload) -> Vec<Look> {
        let mut looks = vec![Look::Notices(payload.activity.id.clone()), by_key(kid)];
        if self.policy.ledger.same_pace == Handling::Review
            && usize::try_from(payload.log.length).unwrap_or(usize::MAX) >= PACE_LEAST
        {
            looks.push(Look::Mark(format!("pace:{pace}")));
        }
        looks
    }

    /// What is odd about a record beside the others.
    pub(super) async fn oddities(
        &self,
        received: &Received,
        payload: &Payload,
        content: Option<&Content>,
        beside: &Known,
        who: &Who,
    ) -> Result<Odd, IntakeError> {
        let policy = &self.policy.ledger;
        let mut odd = who.flags.clone();
        let mut grounds = beside.grounds.clone();
        grounds.people.extend(who.people.iter().cloned());
        let mut learners: Vec<LearnerRef> = vec![received.learner];
        let mut shared = false;
        for row in &beside.of_key {
            match &row.entry.fact {
                Fact::KeyRevoked { since, .. } if payload.signed.at >= *since => {
                    push(&mut odd, LedgerCode::KeyRevoked);
                }
                Fact::KeyShared { .. } => shared = true,
                Fact::Bound { learner, .. } if !learners.contains(learner) => learners.push(*learner),
                _ => {}
            }
        }
        if !shared && more(learners.len(), policy.learners_on_key) {
            push(&mut odd, LedgerCode::LearnersOnKey);
        }
        // A learner of whom nothing is new has the devices that they had, a new one this one.
        let keys = match (who.facts.as_slice(), who.news) {
            ([], _) => 0,
            (_, true) => 1,
            (_, false) => {
                let bound = self.bound_to(&received.learner).await?;
                grounds.bound.push((received.learner, bound.len()));
                bound.into_iter().chain([received.record.kid]).collect::<BTreeSet<Digest>>().len()
            }
        };
        if more(keys, policy.keys_of_learner) {
            push(&mut odd, LedgerCode::KeysOfLearner);
        }
        let another = beside.of_pace.iter().any(|row| match &row.entry.fact {
            Fact::Received(other) => other.record != received.record,
            _ => false,
        });
        if another {
            push(&mut odd, LedgerCode::SamePace);
        }
        if let (Some(content), Handling::Review) = (content, policy.near_termination) {
            let left = content.activity().front.dates.closes.0.saturating_sub(payload.completed.at.0);
            if (0..i64::from(policy.near_termination_hours) * 3_600_000).contains(&left) {
                push(&mut odd, LedgerCode::NearTermination);
            }
        }
        if withdrawn(payload, &beside.notices) {
            push(&mut odd, LedgerCode::Withdrawn);
        }
        Ok(Odd { flags: odd, grounds })
    }

    /// The devices that were bound to a learner, as often as they were.
    async fn bound_to(&self, learner: &LearnerRef) -> Result<Vec<Digest>, IntakeError> {
        let rows = self.ledger.of_learner(&learner.to_string()).await?;
        let bound = rows.into_iter().filter_map(|row| match row.entry.fact {
            Fact::Bound { kid, .. } => Some(kid),
            _ => None,
        });
        Ok(bound.collect())
    }
}

/// Whether the pack was withdrawn before the session was complete.
fn withdrawn(payload: &Payload, notices: &[Found]) -> bool {
    let mut notices = notices.iter().filter_map(|row| match &row.entry.fact {
        Fact::Noticed { notice, .. } => read(notice),
        _ => None,
    });
    notices.any(|notice| {
        notice.kind == NoticeKind::Withdrawn
            && notice.issued <= payload.completed.at
            && (notice.packs.is_empty() || notice.packs.contains(&payload.activity.digest))
    })
}

fn read(notice: &str) -> Option<Notice> {
    let compact = enduring_core::record::Compact::parse(notice, enduring_core::record::NOTICE_TYP).ok()?;
    Notice::read(&compact.payload)
}

fn more(found: usize, most: u32) -> bool {
    u32::try_from(found).unwrap_or(u32::MAX) > most
}

fn push(odd: &mut Vec<LedgerCode>, code: LedgerCode) {
    if !odd.contains(&code) {
        odd.push(code);
    }
}
