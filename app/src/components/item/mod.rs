//! An item: what is asked, what is picked, how it went.

mod body;
mod certainty;
mod draft;
mod key;
mod matching;
mod number;
mod options;
mod outcome;
mod statements;
mod stem;
mod steps;

pub use body::ItemBody;
pub use certainty::CertaintyChips;
pub use draft::{Draft, Gap, number, options};
pub use key::spoken;
pub use outcome::{Outcome, outcome_word, points};
pub use stem::Stem;
