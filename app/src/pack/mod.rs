//! Packs on their way to this device: catalogue, signature, digests, the file for hand-carrying.
//! What is judged here is pure; `load` does the fetching, reading and keeping.

pub mod deployment;
pub mod load;
pub mod ustar;

use enduring_core::content::{CATALOGUE_FORMAT, CATALOGUE_TYP, Catalogue, MANIFEST_TYP, Manifest};
use enduring_core::encode::hex;
use enduring_core::id::Digest;
use enduring_core::json;
use enduring_core::record::{Compact, JwsError, PublicKey};

pub use self::deployment::Deployment;
pub use self::ustar::ArchiveError;
use crate::platform::keys;
use crate::store::cache::{CachedFile, CachedPack};

/// Longest catalogue in bytes, signed.
pub const CATALOGUE_MAX: u64 = 4 * 1024 * 1024;

/// Whether the signer of a pack is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// One of the deployment's issuers, whose signature was checked.
    Trusted,
    /// Not one of them: its signature cannot be checked, only its fingerprint told.
    Stranger(Digest),
}

/// A manifest whose signer was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// `manifest.jws` as it came.
    pub text: String,
    /// Its payload.
    pub manifest: Manifest,
    /// The pack digest.
    pub digest: Digest,
    /// Who signed it.
    pub signer: Signer,
}

/// Why a pack is not taken, and whose it says to be.
#[derive(Clone, Debug, PartialEq)]
pub struct PackError {
    /// The provider that the pack or its catalogue names; empty before that is known.
    pub provider: String,
    /// What is wrong.
    pub fault: PackFault,
}

/// What is wrong with a pack.
#[derive(Clone, Debug, PartialEq)]
pub enum PackFault {
    /// A file is not the one that was signed.
    Changed {
        /// Which.
        path: String,
    },
    /// The signature does not fit the key that it names.
    Signature,
    /// The key is not trusted here, and the pack did not come as a file.
    Unknown {
        /// Its fingerprint.
        fingerprint: String,
    },
    /// A part of the player could not be fetched, without which packs are not opened.
    Player,
    /// There is no network.
    Offline,
    /// The server did not give it.
    Network {
        /// What happened.
        found: String,
    },
    /// The file is not an archive of a pack.
    Archive(ArchiveError),
    /// Not a pack that this player can read.
    Malformed {
        /// What is wrong.
        found: String,
    },
    /// The server has another pack than its catalogue says.
    Withdrawn,
    /// The browser did not keep it.
    NotKept,
    /// The file was gone, or changed while it was read.
    File,
}

impl PackFault {
    /// The fault of a pack of that provider.
    #[must_use]
    pub fn of(self, provider: &str) -> PackError {
        PackError { provider: provider.to_owned(), fault: self }
    }
}

impl From<JwsError> for PackFault {
    fn from(error: JwsError) -> Self {
        Self::Malformed { found: error.to_string() }
    }
}

/// A fingerprint in groups that can be read out.
#[must_use]
pub fn fingerprint(kid: Digest) -> String {
    let digits = hex(&kid.0);
    let groups = digits.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok());
    groups.take(8).collect::<Vec<_>>().join(" ")
}

/// The payload of a manifest that was checked when it came here.
///
/// # Errors
/// [`JwsError`] where it is not one.
pub fn payload_of(manifest: &[u8]) -> Result<Vec<u8>, JwsError> {
    let text = std::str::from_utf8(manifest).map_err(|_| JwsError::Compact)?;
    Ok(Compact::parse(text, MANIFEST_TYP)?.payload)
}

/// Looks at a signed manifest: signer, signature, shape and bounds.
///
/// # Errors
/// [`PackError`] names what is wrong; nothing of it is believed then.
pub async fn look_at(text: String, deployment: Option<&Deployment>) -> Result<Offer, PackError> {
    let compact = Compact::parse(&text, MANIFEST_TYP).map_err(|error| PackFault::from(error).of(""))?;
    let signer = match deployment.and_then(|deployment| deployment.issuer(compact.kid)) {
        Some(key) => signed(&key, &compact).await.map(|()| Signer::Trusted),
        None => Ok(Signer::Stranger(compact.kid)),
    };
    let malformed = |found: String| PackFault::Malformed { found }.of("");
    let digest = Digest::of(&[&compact.payload]);
    let signer = signer.map_err(|fault| {
        // The name alone is taken from what was refused, to say whose signature does not fit.
        let named = Manifest::read(&compact.payload);
        fault.of(&named.map_or_else(|_| String::new(), |manifest| manifest.summary.provider))
    })?;
    let manifest = Manifest::read(&compact.payload).map_err(|error| malformed(error.to_string()))?;
    Ok(Offer { text, manifest, digest, signer })
}

async fn signed(key: &PublicKey, compact: &Compact) -> Result<(), PackFault> {
    match keys::verify(key, &compact.signature, compact.signing_input.as_bytes()).await {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(PackFault::Signature),
    }
}

/// Looks at a signed catalogue, which only a trusted issuer may sign.
///
/// # Errors
/// [`PackError`] names what is wrong; nothing of it is believed then.
pub async fn look_at_catalogue(text: &str, deployment: &Deployment) -> Result<Catalogue, PackError> {
    let compact = Compact::parse(text, CATALOGUE_TYP).map_err(|error| PackFault::from(error).of(""))?;
    let unknown = || PackFault::Unknown { fingerprint: fingerprint(compact.kid) }.of("");
    let key = deployment.issuer(compact.kid).ok_or_else(unknown)?;
    signed(&key, &compact).await.map_err(|fault| fault.of(""))?;
    let malformed = |found: String| PackFault::Malformed { found }.of("");
    let catalogue: Catalogue =
        json::read_bytes(&compact.payload).map_err(|error| malformed(error.to_string()))?;
    if catalogue.format != CATALOGUE_FORMAT {
        return Err(malformed(format!("expected {CATALOGUE_FORMAT}, found {}", catalogue.format)));
    }
    Ok(catalogue)
}

impl Offer {
    /// As the cache keeps it.
    #[must_use]
    pub fn cached(&self, source: Option<String>) -> CachedPack {
        let file =
            |file: &enduring_core::content::PackFile| CachedFile { digest: file.sha256, length: file.length };
        CachedPack {
            digest: self.digest,
            manifest: self.text.clone(),
            source,
            files: self.manifest.played().map(file).collect(),
        }
    }

    /// Bytes of the files that are kept.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.manifest.played().fold(0, |sum, file| sum.saturating_add(file.length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_in_groups() {
        let print = fingerprint(Digest([0xab; 32]));
        assert_eq!(print, "abab abab abab abab abab abab abab abab");
    }
}
