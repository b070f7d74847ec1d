//! Notices to learners: warnings and withdrawals.

use enduring_core::id::{ActivityId, Digest, NoticeId};
use enduring_core::measure::Timestamp;
use enduring_core::record::{Compact, NOTICE_FORMAT, NOTICE_TYP, Notice, NoticeKind};

use super::who::random;
use super::{Intake, IntakeError};
use crate::ledger::{Entry, Fact};
use crate::time;

/// Longest text of a notice, in characters.
pub const NOTICE_CHARS: usize = 2_000;
/// Most notices that a player takes.
const PLAYER_NOTICES: usize = 64;
/// Largest answer that a player takes, in bytes.
const PLAYER_BYTES: usize = 256 * 1024;
/// What an answer has around its notices, and around each of them.
const AROUND: usize = 64;
const BETWEEN: usize = 3;
/// Zones are at most so far apart: a day has ended everywhere then.
const EVERYWHERE: i64 = 36 * 3_600_000;

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

    /// The signed notices for players, the latest first: as many and as large as a player
    /// takes. If they are more, those of activities that can still be completed come before
    /// the others, and withdrawals before warnings.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn notices(&self) -> Result<Vec<String>, IntakeError> {
        let rows = self.ledger.of_kind("noticed").await?;
        let latest = rows.into_iter().rev().filter_map(|row| match row.entry.fact {
            Fact::Noticed { notice, activity } => Some((notice, activity)),
            _ => None,
        });
        let latest: Vec<(String, ActivityId)> = latest.collect();
        let worth = |(notice, activity): &(String, ActivityId)| {
            let told = Compact::parse(notice, NOTICE_TYP).ok();
            let told = told.and_then(|compact| Notice::read(&compact.payload));
            let is_withdrawal = told.is_some_and(|notice| notice.kind == NoticeKind::Withdrawn);
            (self.is_over(activity), !is_withdrawal)
        };
        let taken = for_players(&latest, |notice| notice.0.len(), worth);
        let notices = latest.into_iter().zip(taken);
        Ok(notices.filter_map(|((notice, _), taken)| taken.then_some(notice)).collect())
    }

    /// Whether no version at hand can be completed any more. One that is not at hand may be.
    fn is_over(&self, activity: &ActivityId) -> bool {
        let day = time::utc_day(Timestamp(time::now().0 - EVERYWHERE));
        let packs = self.packs();
        let last = packs.about().filter(|about| about.activity == *activity).map(|about| &about.termination);
        last.max().is_some_and(|last| *last < day)
    }
}

/// Which of some notices a player takes, where not all: the least `worth` first, then in order.
fn for_players<T, W: Ord>(notices: &[T], size: impl Fn(&T) -> usize, worth: impl Fn(&T) -> W) -> Vec<bool> {
    let mut order: Vec<(usize, &T)> = notices.iter().enumerate().collect();
    let all: usize = notices.iter().map(|notice| size(notice) + BETWEEN).sum();
    if notices.len() > PLAYER_NOTICES || all + AROUND > PLAYER_BYTES {
        order.sort_by_cached_key(|(_, notice)| worth(notice));
    }
    let (mut taken, mut count, mut left) = (vec![false; notices.len()], 0, PLAYER_BYTES - AROUND);
    for (place, notice) in order {
        let bytes = size(notice) + BETWEEN;
        if count < PLAYER_NOTICES && bytes <= left {
            (count, left) = (count + 1, left - bytes);
            taken.iter_mut().skip(place).take(1).for_each(|taken| *taken = true);
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(notices: &[(usize, u8)]) -> Vec<usize> {
        let taken = for_players(notices, |notice| notice.0, |notice| notice.1);
        taken.iter().enumerate().filter_map(|(place, taken)| taken.then_some(place)).collect()
    }

    #[test]
    fn all_that_a_player_takes_are_answered() {
        assert_eq!(taken(&[(100, 1); 64]), (0..64).collect::<Vec<_>>());
        assert!(taken(&[]).is_empty());
    }

    #[test]
    fn of_too_many_the_latest_of_most_worth_are() {
        assert_eq!(taken(&[(100, 1); 70]), (0..64).collect::<Vec<_>>(), "the latest come first");
        let mut notices = vec![(100, 2); 30];
        notices.extend([(100, 1); 60]);
        assert_eq!(taken(&notices), (0..4).chain(30..90).collect::<Vec<_>>());
    }

    #[test]
    fn of_too_large_ones_as_many_as_fit_are() {
        let large = [(100 * 1024, 1), (100 * 1024, 0), (100 * 1024, 1), (1024, 1)];
        assert_eq!(taken(&large), [0, 1, 3]);
        assert_eq!(taken(&[(300 * 1024, 0), (10, 1)]), [1]);
    }
}
