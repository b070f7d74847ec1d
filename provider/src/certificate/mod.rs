//! Certificates: what a learner keeps of a receipt, as a page to print and as a signed
//! Open Badges 3.0 credential, and verifying them without a network.
//!
//! Nothing here knows a database: [`issue`] takes the facts and gives both documents.
//! `docs/formats/certificate.md` has the field table and the codes. The text is set in
//! Noto Sans (SIL Open Font License 1.1, `provider/fonts`).

mod base45;
mod credential;
mod fonts;
mod layout;
mod pdf;
mod qr;
mod settings;
mod shown;
mod status;
mod token;
mod verify;

use enduring_core::record::{Receipt, Standing};
use thiserror::Error;

use crate::key::{KeyError, Signer};

pub use credential::{CREDENTIAL_TYP, certificate_id, credential, issuer_id};
pub use pdf::pdf;
pub use qr::{QR_PREFIX, from_qr, to_qr};
pub use settings::{Image, Page, Settings, SettingsError};
pub use shown::{Shown, ShownResult};
pub use status::{STATUS_LIST_LEAST, STATUS_LIST_MOST, StatusEntry, StatusError, status_list};
pub use verify::{CREDENTIAL_MAX, Code, Refusal, STATUS_MAX, StatusCheck, Trust, Verified, verify};

/// Longest title, name or other text on a certificate, in characters.
const TEXT_MAX: usize = 300;

/// Everything that a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The provider's word: the record, what was earned and when.
    pub receipt: Receipt,
    /// The learner's name as it is to be shown; a certificate without one names the
    /// record alone.
    pub learner: Option<String>,
    /// The learner's profession in words.
    pub profession: Option<String>,
    /// The activity's title.
    pub title: String,
    /// The activity's format in words, such as `Enduring material`.
    pub format: String,
}

/// Both forms of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The page.
    pub pdf: Vec<u8>,
    /// The credential, `application/vc+jwt`.
    pub jwt: String,
}

/// Why there is no certificate.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// What the receipt is of counts no longer.
    #[error("the receipt: expected a credited record, found one that was reversed")]
    Reversed,
    /// A fact cannot be shown.
    #[error("{what}: expected {expected}, found {found}")]
    Fact {
        /// Which.
        what: &'static str,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// No font at hand has the characters.
    #[error(
        "{what}: expected characters of Noto Sans or of the font in certificate.toml, found {found}; name a font that has them, as font = \"…\""
    )]
    Uncovered {
        /// Which text.
        what: &'static str,
        /// The characters, with their code points.
        found: String,
        /// How many they are.
        letters: usize,
    },
    /// The texts do not fit on one page.
    #[error(
        "expected texts that fit on one page, found {over} points too many; shorten the title or address"
    )]
    Room {
        /// By how much, in points.
        over: u32,
    },
    /// The credential is too long for a QR code.
    #[error("the credential: expected one that a QR code can hold, found {bytes} characters")]
    Qr {
        /// How many characters the QR code would have.
        bytes: usize,
    },
    /// The page cannot be written.
    #[error("the page: {found}")]
    Pdf {
        /// What is wrong.
        found: String,
    },
    /// It cannot be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl CertificateError {
    /// The same for a log: without letters of anybody's name.
    #[must_use]
    pub fn for_log(&self) -> String {
        match self {
            Self::Uncovered { what, letters, .. } => {
                format!(
                    "{what}: {letters} of its characters are in no font at hand; name one that has them in certificate.toml"
                )
            }
            Self::Reversed
            | Self::Fact { .. }
            | Self::Room { .. }
            | Self::Qr { .. }
            | Self::Pdf { .. }
            | Self::Key(_) => self.to_string(),
        }
    }
}

/// Makes a certificate. The page is the same for the same facts, settings and
/// credential; of the credential only the signature differs from run to run.
///
/// # Errors
/// [`CertificateError`].
pub fn issue(
    facts: &Facts,
    settings: &Settings,
    signer: &Signer,
    status: Option<&StatusEntry>,
) -> Result<Issued, CertificateError> {
    let jwt = signed(facts, settings, signer, status)?;
    let pdf = pdf(facts, settings, &jwt)?;
    Ok(Issued { pdf, jwt })
}

/// The credential alone, which needs no font.
///
/// # Errors
/// [`CertificateError`].
pub fn signed(
    facts: &Facts,
    settings: &Settings,
    signer: &Signer,
    status: Option<&StatusEntry>,
) -> Result<String, CertificateError> {
    let payload = credential(facts, settings, &signer.public(), status)?;
    Ok(signer.sign(CREDENTIAL_TYP, payload.as_bytes())?)
}

impl Facts {
    /// Refuses what no certificate can say.
    fn check(&self) -> Result<(), CertificateError> {
        match self.receipt.standing {
            Standing::Credited => {}
            Standing::Reversed => return Err(CertificateError::Reversed),
        }
        let receipt = &self.receipt;
        let mut texts = vec![
            ("the title", self.title.as_str()),
            ("the format", &self.format),
            ("the provider's name", &receipt.activity.provider),
        ];
        texts.extend(self.learner.as_deref().map(|name| ("the learner's name", name)));
        texts.extend(self.profession.as_deref().map(|name| ("the profession", name)));
        for credit in &receipt.credits {
            texts.push(("the credit's name", &credit.name));
            texts.push(("the accreditor's name", &credit.accreditor));
        }
        texts.into_iter().try_for_each(|(what, text)| plain(what, text))?;
        self.completed().map(drop)
    }

    /// The local date of completion.
    fn completed(&self) -> Result<jiff::civil::Date, CertificateError> {
        let text = &self.receipt.completed;
        text.parse().map_err(|_| CertificateError::Fact {
            what: "the receipt's completed",
            expected: "a date such as 2026-11-22".to_owned(),
            found: format!("{text:?}"),
        })
    }

    /// What the certificate is called: credit where some was claimed, else participation.
    fn name(&self) -> &'static str {
        if self.receipt.credits.is_empty() { "Certificate of participation" } else { "Certificate of credit" }
    }
}

/// True words on one line.
fn plain(what: &'static str, text: &str) -> Result<(), CertificateError> {
    let length = text.chars().count();
    let found = if text.trim().is_empty() {
        "none".to_owned()
    } else if length > TEXT_MAX {
        format!("{length}")
    } else if let Some(control) = text.chars().find(|letter| letter.is_control()) {
        format!("U+{:04X}", u32::from(control))
    } else {
        return Ok(());
    };
    let expected = format!("1 to {TEXT_MAX} characters, none of them a control character");
    Err(CertificateError::Fact { what, expected, found })
}

#[cfg(test)]
mod tests;
