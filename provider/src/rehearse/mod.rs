//! Scripted learners, who play a pack through the same core as the player, for
//! demonstrations, load and tests. Their records say that they are rehearsals, and
//! a verifier rejects them unless asked otherwise.
//!
//! The same pack and plan give the same logs and sheets. Keys are made afresh, so
//! that records and signatures differ from run to run.

mod answer;
mod bedside;
mod desk;
mod dice;
mod learner;
mod played;
mod profile;
mod sheet;
mod words;

use enduring_core::content::Content;
use enduring_core::id::{Digest, SessionId};
use enduring_core::measure::{Timestamp, UtcOffset};
use enduring_core::session::{Chance, Mode};

pub use desk::{Beginning, PLAYER};
pub use learner::{Script, Stuck, play};
pub use played::{Played, signing};
pub use profile::Profile;

/// A day, in which all sessions begin where no other end is given.
const DAY: i64 = 86_400_000;
/// Where learners sit: zones that keep one offset all year.
const ZONES: [(&str, i16); 4] =
    [("America/Phoenix", -420), ("Atlantic/Reykjavik", 0), ("Asia/Kolkata", 330), ("Asia/Tokyo", 540)];

/// What to rehearse.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Where all chance comes from.
    pub seed: u64,
    /// How the learners go about it.
    pub profile: Profile,
    /// Sessions begin between the release and this time; otherwise on the first day.
    pub until: Option<Timestamp>,
}

/// The script of the learner of that number.
#[must_use]
pub fn script(content: &Content, plan: &Plan, number: u64) -> Script {
    let seed = Digest::of(&[
        b"enduring rehearsal",
        &plan.seed.to_be_bytes(),
        &number.to_be_bytes(),
        &content.digest().0,
    ]);
    let mut session = [0; 16];
    for (byte, random) in session.iter_mut().zip(Digest::of(&[&seed.0, b"session"]).0) {
        *byte = random;
    }
    let dates = &content.activity().front.dates;
    let end = plan.until.unwrap_or(Timestamp(dates.opens.0.saturating_add(DAY))).0.min(dates.closes.0);
    let window = usize::try_from(end.saturating_sub(dates.opens.0) / 1_000).unwrap_or(0);
    let mut chance = Chance::new(&seed, "beginning", 0);
    let seconds = i64::try_from(chance.below(window)).unwrap_or(0);
    let (zone, offset) = ZONES[chance.below(ZONES.len())];
    Script {
        seed,
        number,
        profile: plan.profile,
        profession: None,
        beginning: Beginning {
            session: SessionId(session),
            mode: Mode::Rehearsal,
            at: Timestamp(dates.opens.0.saturating_add(seconds.saturating_mul(1_000))),
            offset: UtcOffset(offset),
            zone: zone.to_owned(),
        },
    }
}
