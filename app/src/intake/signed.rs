//! Documents that a provider signs for learners: receipts, tickets and notices. Nothing
//! of one is believed before its signature was checked with a key of the deployment.

use enduring_core::id::Digest;
use enduring_core::id::SessionId;
use enduring_core::record::{
    Bundle, Compact, NOTICE_TYP, Notice, RECEIPT_TYP, RECORD_TYP, Receipt, RecordRef, TICKET_TYP, Ticket,
};

use crate::pack::{Deployment, fingerprint};
use crate::platform::keys;

/// Why a document is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSigned {
    /// Not a document of its kind.
    Shape,
    /// The key that signed is not one of the deployment; its fingerprint.
    Stranger(String),
    /// The signature is not that of the key.
    Signature,
    /// It speaks of another record.
    OtherRecord,
}

/// A record as ledgers know it, by its bundle and its session.
#[must_use]
pub fn reference(bundle: &Bundle, id: SessionId) -> Option<RecordRef> {
    let kid = Compact::parse(&bundle.record, RECORD_TYP).ok()?.kid;
    Some(RecordRef { kid, id })
}

/// What proves that one has a record: the SHA-256 of its text.
#[must_use]
pub fn proof(bundle: &Bundle) -> String {
    Digest::of(&[bundle.record.as_bytes()]).to_string()
}

/// The payload of a document that was signed by a key of the deployment.
async fn payload(text: &str, typ: &'static str, deployment: &Deployment) -> Result<Vec<u8>, NotSigned> {
    let compact = Compact::parse(text.trim(), typ).map_err(|_| NotSigned::Shape)?;
    let key = deployment.issuer(compact.kid);
    let key = key.ok_or_else(|| NotSigned::Stranger(fingerprint(compact.kid)))?;
    match keys::verify(&key, &compact.signature, compact.signing_input.as_bytes()).await {
        Ok(true) => Ok(compact.payload),
        Ok(false) | Err(_) => Err(NotSigned::Signature),
    }
}

/// Checks a receipt: signature, shape, and that it speaks of this very record.
///
/// # Errors
/// [`NotSigned`]; nothing of it is believed then.
pub async fn receipt(text: &str, of: RecordRef, deployment: &Deployment) -> Result<Receipt, NotSigned> {
    let receipt = Receipt::read(&payload(text, RECEIPT_TYP, deployment).await?).ok_or(NotSigned::Shape)?;
    if receipt.record == of { Ok(receipt) } else { Err(NotSigned::OtherRecord) }
}

/// Checks a ticket; whether it has expired is the caller's question.
///
/// # Errors
/// [`NotSigned`]; nothing of it is believed then.
pub async fn ticket(text: &str, deployment: &Deployment) -> Result<Ticket, NotSigned> {
    Ticket::read(&payload(text, TICKET_TYP, deployment).await?).ok_or(NotSigned::Shape)
}

/// Checks a notice.
///
/// # Errors
/// [`NotSigned`]; nothing of it is believed then.
pub async fn notice(text: &str, deployment: &Deployment) -> Result<Notice, NotSigned> {
    Notice::read(&payload(text, NOTICE_TYP, deployment).await?).ok_or(NotSigned::Shape)
}

/// What a document says that was checked when it was kept.
fn kept(text: &str, typ: &'static str) -> Option<Vec<u8>> {
    Some(Compact::parse(text, typ).ok()?.payload)
}

/// A receipt that is kept.
#[must_use]
pub fn kept_receipt(text: &str) -> Option<Receipt> {
    Receipt::read(&kept(text, RECEIPT_TYP)?)
}

/// A ticket that is kept.
#[must_use]
pub fn kept_ticket(text: &str) -> Option<Ticket> {
    Ticket::read(&kept(text, TICKET_TYP)?)
}

/// A notice that is kept.
#[must_use]
pub fn kept_notice(text: &str) -> Option<Notice> {
    Notice::read(&kept(text, NOTICE_TYP)?)
}
