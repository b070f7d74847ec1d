//! Texts of the interface: one typed const per language, so that a missing text does not compile.
//! Text of a pack is data and carries its own language.

mod claim;
mod frame;
mod front;
mod library;
mod play;

pub use frame::*;
pub use play::PlayStrings;
use yew::prelude::*;

/// Every text of one language.
#[derive(Debug)]
pub struct Strings {
    /// BCP 47 tag.
    pub language: &'static str,
    /// Home, library, front matter, evaluation, claim, record, transcript, data.
    pub frame: FrameStrings,
    /// The scenes: readings, tests, cases.
    pub play: PlayStrings,
}

/// English.
pub static EN: Strings = Strings { language: "en", frame: frame::EN, play: play::EN };

/// The language at hand, as a context: equal where it is the same const.
#[derive(Clone, Copy, Debug)]
pub struct Language(pub &'static Strings);

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// The texts of the language at hand; English outside a provider.
#[hook]
pub fn use_strings() -> &'static Strings {
    use_context::<Language>().map_or(&EN, |language| language.0)
}
