//! Texts of the scenes.

/// Texts of the scenes.
#[derive(Debug)]
pub struct PlayStrings {
    /// On to what follows.
    pub next: &'static str,
}

pub(super) const EN: PlayStrings = PlayStrings { next: "Next" };
