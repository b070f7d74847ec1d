//! Why storage did not do what was asked, named for what can be done about it.

use enduring_core::id::SessionId;
use thiserror::Error;

use super::journal::Head;

/// Why nothing was written, or nothing could be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The browser gives this site no more room; make room or save to a file, and try again.
    #[error("no room left for this site on this device")]
    Quota,
    /// The journal was written by a newer player: it can be read and exported, not written.
    #[error("the journal is of version {found}, newer than this player's {expected}")]
    Newer {
        /// The version that this player writes.
        expected: u32,
        /// The version that was found.
        found: u32,
    },
    /// The browser keeps cutting the connection; reloading the page is what is left.
    #[error("the browser ended the connection to its storage, also after three new ones")]
    ConnectionLost,
    /// Another tab has written to the log since its state was folded: fold again and ask again.
    #[error("expected the log to end at event {}, found {}", expected.n, found.n)]
    HeadMoved {
        /// What the state was folded from.
        expected: Head,
        /// What the log ends with now.
        found: Head,
    },
    /// The stored log is not the one that was written.
    #[error("the log of session {session} is damaged at event {at}")]
    Corrupt {
        /// Whose log.
        session: SessionId,
        /// The first number that is missing, or does not match its hash.
        at: u32,
    },
    /// A stored text is not what this player writes.
    #[error("a stored text in `{store}` cannot be read")]
    Unreadable {
        /// Where it is.
        store: &'static str,
    },
    /// There is no such session on this device.
    #[error("no such session on this device")]
    Absent,
    /// The device failed to write or read, as Chromium says by `DataError` when the disk is full.
    #[error("the device failed to store: {name}")]
    Disk {
        /// The browser's own name of it.
        name: String,
    },
    /// The page may not store here: a sandboxed frame, or storage is blocked for this site.
    #[error("this page may not store anything here")]
    Denied,
    /// The browser has no such storage.
    #[error("this browser has no storage for pages")]
    Unsupported,
}
