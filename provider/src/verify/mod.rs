//! Verifying records in bulk: what [`enduring_core::record`] judges, with the files,
//! keys and packs that it needs. Nothing here needs a network, and nothing but the
//! packs grows with the number of records.

pub(crate) mod bounded;
pub mod packs;
pub mod policy;
pub mod source;
pub mod tell;

use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use enduring_core::measure::Timestamp;
use enduring_core::record::{
    BUNDLE_MAX, Check, Code, Decision, Enrolment, Evidence, Handling, Integrity, Opened, Outcome, PackTrust,
    Report, SignatureCheck, VerifyPolicy, judge, open,
};
use thiserror::Error;

use self::packs::{Found, Packs};
use self::source::Text;
use crate::key::{KeySet, verifies};

/// Largest key set of devices in bytes, about 300,000 keys.
const ENROLLED_MAX: usize = 64 * 1024 * 1024;

/// Why verifying cannot begin.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A key set is not one.
    #[error("{}: {found}", path.display())]
    Keys {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        found: String,
    },
    /// A policy is not one.
    #[error("{}: {found}", path.display())]
    Policy {
        /// Which.
        path: PathBuf,
        /// What is wrong, and where.
        found: String,
    },
}

/// Everything that records are judged by.
pub struct Verifier {
    /// The packs at hand.
    pub packs: Packs,
    /// Devices that are enrolled.
    pub enrolled: KeySet,
    /// The provider's policy.
    pub policy: VerifyPolicy,
    /// Now.
    pub now: Timestamp,
    /// When the records were received, if that is known.
    pub received: Option<Timestamp>,
    /// Whether rehearsals are wanted.
    pub rehearsals: Handling,
}

/// A bundle that was taken apart. Its signature is checked once, when somebody asks.
#[derive(Debug)]
pub struct SignedBundle {
    opened: Opened,
    good: OnceLock<bool>,
}

impl SignedBundle {
    /// With a signature that nobody checked.
    #[must_use]
    pub fn new(opened: Opened) -> Self {
        Self { opened, good: OnceLock::new() }
    }

    /// Whether the key that it names has signed it.
    pub fn is_good(&self) -> bool {
        *self.good.get_or_init(|| verifies(&self.opened.key, &self.opened.compact))
    }
}

impl Deref for SignedBundle {
    type Target = Opened;

    fn deref(&self) -> &Opened {
        &self.opened
    }
}

/// What is known of a record from how it came.
#[derive(Clone, Copy, Debug)]
pub struct Contact {
    /// Now.
    pub now: Timestamp,
    /// When it was received, if that is known.
    pub received: Option<Timestamp>,
    /// Whether its device is enrolled.
    pub enrolled: bool,
}

/// Reads a key set of at most so many bytes; a device's record of more keys than a
/// provider has is fine.
///
/// # Errors
/// [`VerifyError`] when the file cannot be read or is no key set.
pub fn read_keys(path: &Path) -> Result<KeySet, VerifyError> {
    let refuse = |found: String| VerifyError::Keys { path: path.to_owned(), found };
    let bytes = bounded::read(path, ENROLLED_MAX)
        .map_err(|error| VerifyError::Read { path: path.to_owned(), error })?
        .ok_or_else(|| refuse(format!("expected at most {ENROLLED_MAX} bytes")))?;
    let text = String::from_utf8(bytes).map_err(|error| refuse(error.to_string()))?;
    KeySet::parse_at_most(&text, usize::MAX).map_err(|error| refuse(error.to_string()))
}

impl Verifier {
    /// The verdict on a bundle; what the system says where it could not be read.
    ///
    /// # Errors
    /// What the system says.
    pub fn verify<'a>(&self, text: &'a Text) -> Result<Report, &'a str> {
        match text {
            Text::Whole(text) => Ok(self.verify_text(text)),
            Text::TooLarge => {
                Ok(refused(Code::BundleSize, format!("expected at most {BUNDLE_MAX} bytes, found more")))
            }
            Text::NotUtf8 => Ok(refused(Code::BundleShape, "expected UTF-8".to_owned())),
            Text::Unreadable(error) => Err(error),
        }
    }

    fn verify_text(&self, text: &str) -> Report {
        match open(text) {
            Ok(opened) => {
                let enrolled = self.enrolled.get(opened.compact.kid).is_some();
                let contact = Contact { now: self.now, received: self.received, enrolled };
                self.verify_opened(&SignedBundle::new(opened), contact)
            }
            Err(report) => *report,
        }
    }

    /// The verdict on a bundle that was taken apart already.
    #[must_use]
    pub fn verify_opened(&self, opened: &SignedBundle, contact: Contact) -> Report {
        let mut evidence = Evidence {
            signature: SignatureCheck::Bad,
            content: None,
            pack: PackTrust::Stranger,
            enrolment: Enrolment::Unknown,
            now: contact.now,
            received: contact.received,
            rehearsals: self.rehearsals,
        };
        if opened.is_good() {
            evidence.signature = SignatureCheck::Good;
            if let Some(Found::Whole(pack)) = opened.pack().and_then(|digest| self.packs.get(digest)) {
                evidence.content = Some(&pack.0);
                evidence.pack = pack.1;
            }
            if contact.enrolled {
                evidence.enrolment = Enrolment::Enrolled;
            }
        }
        judge(opened, &evidence, &self.policy)
    }
}

/// A verdict on what core never sees.
fn refused(code: Code, detail: String) -> Report {
    Report {
        id: None,
        kid: None,
        integrity: Integrity::Invalid,
        decision: Decision::Reject,
        checks: vec![Check { code, outcome: Outcome::Failed, detail }],
        payload: None,
        recomputed: None,
    }
}
