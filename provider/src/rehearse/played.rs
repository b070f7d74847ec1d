//! A finished rehearsal, and its record.

use enduring_core::content::Content;
use enduring_core::record::{
    Assurance, Bundle, Incomplete, Payload, Place, RECORD_TYP, SheetText, Signing, payload,
};
use enduring_core::session::{Head, State};

use super::desk::PLAYER;
use crate::key::{KeyError, Signer};

/// A finished session with everything that goes into its bundle.
#[derive(Clone, Debug)]
pub struct Played {
    /// The session after its last event.
    pub state: State,
    /// JSON Lines.
    pub log: String,
    /// The end of the log.
    pub head: Head,
    /// The learner sheet.
    pub learner: Option<SheetText>,
    /// The consent sheet, where the activity asks for consents.
    pub consent: Option<SheetText>,
    /// The evaluation sheet, where the activity has an evaluation.
    pub evaluation: Option<SheetText>,
}

/// How a rehearsal is signed.
#[must_use]
pub fn signing() -> Signing {
    Signing { player: PLAYER.to_owned(), assurance: Assurance::Stored, place: Place::OwnPage }
}

impl Played {
    /// What the device signs.
    ///
    /// # Errors
    /// [`Incomplete`] before the last event.
    pub fn payload(&self, content: &Content, signing: Signing) -> Result<Payload, Incomplete> {
        let evaluation = self.evaluation.as_ref().map(|sheet| sheet.digest);
        payload(content, &self.state, self.head, evaluation, signing)
    }

    /// The record of a payload with everything that proves it.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn bundle(&self, payload: &Payload, key: &Signer) -> Result<Bundle, KeyError> {
        let record = key.sign(RECORD_TYP, payload.encode().as_bytes())?;
        let text = |sheet: &Option<SheetText>| sheet.as_ref().map(|sheet| sheet.text.clone());
        Ok(Bundle {
            learner: text(&self.learner),
            consent: text(&self.consent),
            evaluation: text(&self.evaluation),
            ..Bundle::new(record, self.log.clone(), key.public().jwk())
        })
    }
}
