//! Texts of the interface: one typed const per language, so that a missing text does not compile.
//! Text of a pack is data and carries its own language.

mod claim;
mod frame;
mod front;
mod library;
mod patient;
mod play;

pub use frame::*;
pub use patient::PatientStrings;
pub use play::PlayStrings;

/// Every text of one language.
#[derive(Debug)]
pub struct Strings {
    /// BCP 47 tag.
    pub language: &'static str,
    /// Home, library, front matter, evaluation, claim, record, transcript, data.
    pub frame: FrameStrings,
    /// The scenes: readings, tests, cases.
    pub play: PlayStrings,
    /// The scenes of a simulated patient.
    pub patient: PatientStrings,
}

/// English.
pub static EN: Strings = Strings { language: "en", frame: frame::EN, play: play::EN, patient: patient::EN };

/// The texts of the language at hand. English is the only one so far.
#[must_use]
pub fn strings() -> &'static Strings {
    &EN
}
