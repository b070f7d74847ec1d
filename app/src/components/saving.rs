//! Where the latest action stands on its way to the disk.

use yew::{AttrValue, Html};

use super::button::Readiness;

/// Where the latest action stands. A component shows an answer only as the view
/// tells it; this says why the view has not changed yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Saving {
    /// Everything is on this device.
    #[default]
    Saved,
    /// A commit is under way: nothing else can be sent.
    Saving,
    /// The latest action was not saved and can be tried again.
    Failed {
        /// What happened, what is safe and what to do.
        words: AttrValue,
        /// Does it.
        actions: Html,
    },
}

impl Saving {
    /// Whether a commit is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Saving)
    }

    /// Whether a button that sends can be used.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        if self.is_busy() { Readiness::Busy } else { Readiness::Ready }
    }
}
