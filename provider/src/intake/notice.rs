//! Notices to learners: warnings and withdrawals.

use enduring_core::id::{ActivityId, Digest, NoticeId};
use enduring_core::record::{NOTICE_FORMAT, NOTICE_TYP, Notice, NoticeKind};

use super::who::random;
use super::{Intake, IntakeError};
use crate::ledger::{Entry, Fact};
use crate::time;

impl Intake {
    /// Signs a notice and publishes it.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn notify(
        &self,
        kind: NoticeKind,
        activity: ActivityId,
        packs: Vec<Digest>,
        text: String,
        by: &str,
    ) -> Result<Notice, IntakeError> {
        let now = time::now();
        let notice = Notice {
            format: NOTICE_FORMAT.to_owned(),
            id: NoticeId(random()?),
            kind,
            activity: activity.clone(),
            packs,
            text,
            issued: now,
        };
        let signed = self.signer.sign(NOTICE_TYP, notice.encode().as_bytes())?;
        let fact = Fact::Noticed { activity, notice: signed };
        self.writer.add(vec![Entry::new(now, by, fact)], Default::default()).await?;
        Ok(notice)
    }

    /// Every signed notice, the first first.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn notices(&self) -> Result<Vec<String>, IntakeError> {
        let rows = self.ledger.of_kind("noticed").await?;
        let notices = rows.into_iter().filter_map(|row| match row.entry.fact {
            Fact::Noticed { notice, .. } => Some(notice),
            _ => None,
        });
        Ok(notices.collect())
    }
}
