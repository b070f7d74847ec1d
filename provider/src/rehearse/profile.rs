//! How a scripted learner goes about it.

use enduring_core::measure::Millis;

/// A kind of learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Reads, knows most of it and does what the expert did.
    Good,
    /// Knows two thirds and takes detours.
    Average,
    /// Reads, and guesses.
    Guessing,
    /// Clicks through without reading and claims the maximum.
    Careless,
}

/// What a profile does, in numbers. Chances are in percent.
pub(super) struct Habits {
    /// Gets one thing right that is asked.
    pub knows: usize,
    /// More of it with each further attempt: the reasons were read.
    pub learns: usize,
    /// Does what the expert did.
    pub expert: usize,
    /// Does the expert's next step at the bedside.
    pub bedside: usize,
    /// What is done there instead.
    pub slips: Slips,
    /// Opens an entry of the chart.
    pub curious: usize,
    /// Is interrupted between two steps.
    pub interrupted: usize,
    /// Answers a question that can be passed over.
    pub obliging: usize,
    /// Words read a minute.
    pub words_a_minute: u64,
    /// Thinks at least so long about a question.
    pub thinks: Millis,
    /// What is claimed.
    pub claims: Claims,
}

/// What is done at the bedside instead of the expert's step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slips {
    /// A step is left out or late, or something else comes in between.
    Small,
    /// Anything that can be done.
    Anything,
    /// Nothing.
    Waits,
}

/// What a learner claims.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Claims {
    /// What the active time covers.
    Covered,
    /// All there is.
    Maximum,
}

impl Profile {
    pub(super) fn habits(self) -> Habits {
        match self {
            Self::Good => Habits {
                knows: 93,
                learns: 4,
                expert: 100,
                bedside: 100,
                slips: Slips::Small,
                curious: 100,
                interrupted: 2,
                obliging: 100,
                words_a_minute: 190,
                thinks: Millis(12_000),
                claims: Claims::Covered,
            },
            Self::Average => Habits {
                knows: 68,
                learns: 12,
                expert: 70,
                bedside: 80,
                slips: Slips::Small,
                curious: 60,
                interrupted: 4,
                obliging: 60,
                words_a_minute: 210,
                thinks: Millis(10_000),
                claims: Claims::Covered,
            },
            Self::Guessing => Habits {
                knows: 30,
                learns: 20,
                expert: 10,
                bedside: 0,
                slips: Slips::Anything,
                curious: 20,
                interrupted: 4,
                obliging: 30,
                words_a_minute: 260,
                thinks: Millis(4_000),
                claims: Claims::Covered,
            },
            Self::Careless => Habits {
                knows: 35,
                learns: 25,
                expert: 20,
                bedside: 0,
                slips: Slips::Waits,
                curious: 0,
                interrupted: 1,
                obliging: 0,
                words_a_minute: 20_000,
                thinks: Millis(300),
                claims: Claims::Maximum,
            },
        }
    }
}
