//! Taking records in: whose they are, what can be credited at once, what goes to a
//! person, and what people decide. `docs/formats/intake.md` has what goes over the wire.

mod at_hand;
mod certify;
pub mod code;
mod consent;
mod decide;
mod enrol;
mod evidence;
mod later;
mod notice;
mod odd;
pub mod policy;
mod reader;
pub mod standing;
mod submit;
mod turns;
mod who;
mod writer;

use std::io;
use std::sync::Arc;

use enduring_core::id::Digest;
use enduring_core::record::{Handling, PublicKey, RecordRef};
use thiserror::Error;
use tokio::sync::Semaphore;

use self::at_hand::AtHand;
pub use self::at_hand::PacksNow;
pub use self::code::{LedgerCode, Reason};
pub use self::consent::withdraw_consent;
pub use self::decide::{Act, DecideError};
pub use self::enrol::{Enrolled, NewTicket};
pub use self::evidence::{Evidence, is_confidential};
pub use self::notice::NOTICE_CHARS;
pub use self::policy::DeskPolicy;
use self::reader::Reader;
pub use self::standing::{Answer, AnswerStanding, Appeal, Decided, Taken};
pub use self::submit::InLine;
use self::turns::Turns;
pub(crate) use self::who::random;
use self::writer::Writer;
use crate::key::{KeyError, Signer, jwks};
use crate::ledger::{Alike, Found, Ledger, LedgerError, Look, Whom};
use crate::verify::Verifier;
use crate::verify::packs::Packs;
use crate::{certificate, time, verify};

/// Everything that a server takes records in with.
#[derive(Clone)]
pub struct Intake {
    ledger: Ledger,
    at_hand: AtHand,
    signer: Arc<Signer>,
    /// Keys of this provider, the one that signs first.
    keys: Arc<[PublicKey]>,
    provider: Arc<str>,
    policy: Arc<DeskPolicy>,
    certificates: Arc<certificate::Settings>,
    address: Option<Arc<str>>,
    writer: Writer,
    rows: Reader<Look, Vec<Found>>,
    people: Reader<Whom, Vec<Alike>>,
    turns: Turns,
    /// Places of records that are replayed.
    judges: Arc<Semaphore>,
}

/// What an intake is made of.
pub struct Desk {
    /// Rows go here.
    pub ledger: Ledger,
    /// The packs that records name.
    pub packs: Packs,
    /// Signs receipts, tickets and notices.
    pub signer: Signer,
    /// Keys that signed them before.
    pub retired: Vec<PublicKey>,
    /// The provider by name.
    pub provider: String,
    /// What is credited at once.
    pub policy: DeskPolicy,
    /// How certificates look.
    pub certificates: certificate::Settings,
    /// The public address of the intake, as https://learn.example.org/api/: lists of revoked
    /// certificates are there. Without one, certificates name no list.
    pub address: Option<String>,
    /// Whether records of `enduring rehearse` are taken as if they were a learner's.
    pub rehearsals: Handling,
}

/// Why there is no answer about a record.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// The ticket is not taken.
    #[error("{words}")]
    Ticket {
        /// Stable code.
        code: &'static str,
        /// In words.
        words: String,
    },
    /// Whoever asks does not have the record.
    #[error("the proof is not that of the record")]
    Proof,
    /// The ticket was used on another device.
    #[error("the ticket was used on another device before")]
    Bound,
    /// Too much at once: nothing was taken.
    #[error("too many records at once; nothing was taken")]
    Busy,
    /// So many records wait for packs that are not at hand already: nothing was taken.
    #[error("{most} records wait for packs that are not at hand; nothing was taken")]
    Waiting {
        /// As many as may wait.
        most: u32,
    },
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A certificate cannot be made.
    #[error("a certificate: {}", .0.for_log())]
    Certificate(certificate::CertificateError),
    /// The pack that has the title for a certificate is away or broken.
    #[error("the pack of the activity is not at hand")]
    PackAway,
    /// A list of certificates cannot be made.
    #[error("a list of certificates: {0}")]
    Status(certificate::StatusError),
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Intake {
    /// Opens an intake. Its writer runs on the current runtime.
    #[must_use]
    pub fn open(desk: Desk) -> Self {
        let mut keys = vec![desk.signer.public()];
        keys.extend(desk.retired);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            judges: Arc::new(Semaphore::new(cores)),
            writer: Writer::start(desk.ledger.clone()),
            rows: Reader::start(
                desk.ledger.clone(),
                |ledger, looks| async move { ledger.look(&looks).await },
            ),
            people: Reader::start(desk.ledger.clone(), |ledger, looks| async move {
                ledger.look_for(&looks).await
            }),
            turns: Turns::default(),
            ledger: desk.ledger,
            at_hand: AtHand::new(Verifier {
                packs: desk.packs,
                enrolled: crate::key::KeySet::default(),
                policy: desk.policy.verify.clone(),
                now: time::now(),
                received: None,
                rehearsals: desk.rehearsals,
            }),
            signer: Arc::new(desk.signer),
            keys: keys.into(),
            provider: desk.provider.into(),
            certificates: Arc::new(desk.certificates),
            address: desk.address.map(Into::into),
            policy: Arc::new(desk.policy),
        }
    }

    /// The ledger below.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The packs at hand now.
    #[must_use]
    pub fn packs(&self) -> PacksNow {
        self.at_hand.packs()
    }

    /// Takes up what changed in the folder of packs, and says whether anything did. What
    /// is under way goes on with the packs of before. Reads the disk: not for async code.
    ///
    /// # Errors
    /// When the folder cannot be read; the packs then stay as they were.
    pub fn look_for_packs(&self) -> io::Result<bool> {
        self.at_hand.look()
    }

    /// What signs.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The provider by name.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The public keys as JWKS.
    #[must_use]
    pub fn keys(&self) -> String {
        jwks(&self.keys).unwrap_or_default()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn ready(&self) -> Result<(), IntakeError> {
        Ok(self.ledger.database().ping().await.map_err(LedgerError::from)?)
    }

    /// A record as the ledger has it.
    ///
    /// # Errors
    /// [`IntakeError::Ledger`].
    pub async fn taken(&self, record: &RecordRef) -> Result<Option<Taken>, IntakeError> {
        Ok(Taken::fold(&self.ledger.of_record(record).await?))
    }

    /// What became of a record, for whoever has it: `proof` is the SHA-256 of the text
    /// of the signed record.
    ///
    /// # Errors
    /// [`IntakeError::Proof`] when it is another's.
    pub async fn outcome(&self, record: RecordRef, proof: Digest) -> Result<Option<Answer>, IntakeError> {
        let Some(kept) = self.ledger.proof(&record).await? else { return Ok(None) };
        if Digest::of(&[kept.jws.as_bytes()]) != proof {
            return Err(IntakeError::Proof);
        }
        Ok(self.settled(&record).await?.map(|taken| taken.answer()))
    }
}

/// Reads the packs of a folder for an intake, and says which cannot be used.
///
/// # Errors
/// [`verify::VerifyError`].
pub fn packs(
    folder: &std::path::Path,
    issuers: crate::key::KeySet,
) -> Result<(Packs, Vec<String>), verify::VerifyError> {
    Packs::list(folder, issuers).map_err(|error| verify::VerifyError::Read { path: folder.to_owned(), error })
}
