//! Texts of the interface: one typed const per language, so that a missing text does not compile.
//! Text of a pack is data and carries its own language.

mod claim;
mod frame;
mod front;
mod intake;
mod library;
mod patient;
mod play;

pub use frame::*;
pub use intake::{IntakeStrings, VerifyStrings};
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
    /// Sending, receipts, enrolments, notices.
    pub intake: IntakeStrings,
    /// The page that checks records.
    pub verify: VerifyStrings,
}

/// English.
pub static EN: Strings = Strings {
    language: "en",
    frame: frame::EN,
    play: play::EN,
    patient: patient::EN,
    intake: intake::EN,
    verify: intake::VERIFY_EN,
};

/// The texts of the language at hand. English is the only one so far.
#[must_use]
pub fn strings() -> &'static Strings {
    &EN
}
