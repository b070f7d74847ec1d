//! The key of this device.

use enduring_core::record::Assurance;

use super::journal::Journal;
use crate::platform::keys::{CryptoError, KeyPair, verify};
use crate::platform::random;

/// Its name in the keys store. Stored; never reuse.
const NAME: &str = "device";

/// A key to sign with, and how long it lasts.
#[derive(Clone, Debug)]
pub struct DeviceKey {
    /// The pair.
    pub pair: KeyPair,
    /// Whether this device could store it; goes into the record.
    pub assurance: Assurance,
}

/// The device's key, made on the first call.
///
/// A key that the browser stored is relied on only after it came back and made a signature that verifies:
/// some Safari on iOS refuses to store one (`DataCloneError`), or reports success and then gives null.
/// There, and where the journal cannot be written, the key lasts as long as the page, and the record says so.
///
/// # Errors
/// [`CryptoError`] where the browser can make no key at all.
pub async fn device_key(journal: &Journal) -> Result<DeviceKey, CryptoError> {
    if let Some(pair) = stored(journal).await {
        return Ok(DeviceKey { pair, assurance: Assurance::Stored });
    }
    let fresh = KeyPair::generate().await?;
    // Adds and never replaces: of two tabs that do this at once, both go on with the key that was first.
    // Its own answer says too little: whether the key comes back is what counts.
    let _ = journal.add_key(NAME, fresh.handle()).await;
    Ok(match stored(journal).await {
        Some(pair) => DeviceKey { pair, assurance: Assurance::Stored },
        None => DeviceKey { pair: fresh, assurance: Assurance::SessionOnly },
    })
}

/// The stored key, if it comes back whole.
async fn stored(journal: &Journal) -> Option<KeyPair> {
    let handle = journal.key(NAME).await.ok()??;
    let pair = KeyPair::from_handle(handle).await.ok()?;
    let challenge = random::bytes::<32>();
    let signature = pair.sign(&challenge).await.ok()?;
    verify(&pair.public, &signature, &challenge).await.ok()?.then_some(pair)
}
