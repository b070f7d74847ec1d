//! What several records show together. Nothing here rejects: it is for a person to look at.

use enduring_core::content::Content;
use enduring_core::id::{Digest, LearnerRef};
use enduring_core::record::{Handling, Notice, NoticeKind, Payload};
use serde::Deserialize;

use super::code::LedgerCode;
use super::who::Who;
use super::{Intake, IntakeError};
use crate::ledger::{Fact, Found, Received};

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

impl Intake {
    /// What is odd about a record beside the others.
    pub(super) async fn oddities(
        &self,
        received: &Received,
        payload: &Payload,
        content: Option<&Content>,
        of_key: &[Found],
        who: &Who,
    ) -> Result<Vec<LedgerCode>, IntakeError> {
        let policy = &self.policy.ledger;
        let mut odd = Vec::new();
        let mut learners: Vec<LearnerRef> = vec![received.learner];
        let mut shared = false;
        for row in of_key {
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
        if !who.facts.is_empty() && more(self.keys_of_learner(received).await?, policy.keys_of_learner) {
            push(&mut odd, LedgerCode::KeysOfLearner);
        }
        if policy.same_pace == Handling::Review
            && usize::try_from(payload.log.length).unwrap_or(usize::MAX) >= PACE_LEAST
        {
            let alike = self.ledger.of_mark(&format!("pace:{}", received.pace)).await?;
            let another = alike.iter().any(|row| match &row.entry.fact {
                Fact::Received(other) => other.record != received.record,
                _ => false,
            });
            if another {
                push(&mut odd, LedgerCode::SamePace);
            }
        }
        if let (Some(content), Handling::Review) = (content, policy.near_termination) {
            let left = content.activity().front.dates.closes.0.saturating_sub(payload.completed.at.0);
            if (0..i64::from(policy.near_termination_hours) * 3_600_000).contains(&left) {
                push(&mut odd, LedgerCode::NearTermination);
            }
        }
        if self.withdrawn(payload).await? {
            push(&mut odd, LedgerCode::Withdrawn);
        }
        Ok(odd)
    }

    /// How many devices a learner has, with the one of this record.
    async fn keys_of_learner(&self, received: &Received) -> Result<usize, IntakeError> {
        let mut keys: Vec<Digest> = vec![received.record.kid];
        for row in self.ledger.of_learner(&received.learner.to_string()).await? {
            if let Fact::Bound { kid, .. } = row.entry.fact
                && !keys.contains(&kid)
            {
                keys.push(kid);
            }
        }
        Ok(keys.len())
    }

    /// Whether the pack was withdrawn before the session was complete.
    async fn withdrawn(&self, payload: &Payload) -> Result<bool, IntakeError> {
        let notices = self.ledger.of_activity("noticed", payload.activity.id.as_str()).await?;
        let notices = notices.iter().filter_map(|row| match &row.entry.fact {
            Fact::Noticed { notice, .. } => read(notice),
            _ => None,
        });
        Ok(notices.into_iter().any(|notice| {
            notice.kind == NoticeKind::Withdrawn
                && notice.issued <= payload.completed.at
                && (notice.packs.is_empty() || notice.packs.contains(&payload.activity.digest))
        }))
    }
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
