//! Signing and checking signatures: ES256 and nothing else.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use enduring_core::id::Digest;
use enduring_core::record::{Compact, PublicKey, signing_input};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use thiserror::Error;

use super::pem;
use crate::private;

/// Why a key cannot be had.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A key is never overwritten.
    #[error("{}: expected no file there, found one; a key is never overwritten", path.display())]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// The file holds something else.
    #[error("{}: expected a P-256 private key as PKCS#8 PEM, found {found}", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        found: String,
    },
    /// The machine gives no randomness.
    #[error("no randomness can be had from the system")]
    Random,
}

/// A provider's private key.
pub struct Signer {
    pair: EcdsaKeyPair,
    public: PublicKey,
    random: SystemRandom,
}

impl Signer {
    /// Makes a key that is gone with the process.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate() -> Result<Self, KeyError> {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| KeyError::Random)?;
        Self::from_der(der.as_ref(), Path::new("a new key"))
    }

    /// Makes a key and writes it where no file is, readable by its owner only.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn create(path: &Path) -> Result<Self, KeyError> {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| KeyError::Random)?;
        let signer = Self::from_der(der.as_ref(), path)?;
        let written = private::create(path).and_then(|mut file| {
            file.write_all(pem::encode(der.as_ref()).as_bytes())?;
            file.sync_all()
        });
        match written {
            Ok(()) => Ok(signer),
            Err(source) if source.kind() == io::ErrorKind::AlreadyExists => {
                Err(KeyError::Exists { path: path.to_owned() })
            }
            Err(source) => Err(KeyError::File { path: path.to_owned(), source }),
        }
    }

    /// Reads a key.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text =
            fs::read_to_string(path).map_err(|source| KeyError::File { path: path.to_owned(), source })?;
        let malformed = |found: &str| KeyError::Malformed { path: path.to_owned(), found: found.to_owned() };
        let der = pem::decode(&text).ok_or_else(|| malformed("no block BEGIN PRIVATE KEY"))?;
        Self::from_der(&der, path)
    }

    fn from_der(der: &[u8], path: &Path) -> Result<Self, KeyError> {
        let malformed = |found: String| KeyError::Malformed { path: path.to_owned(), found };
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random)
            .map_err(|error| malformed(error.to_string()))?;
        let public = PublicKey::from_point(pair.public_key().as_ref())
            .ok_or_else(|| malformed("another curve".to_owned()))?;
        Ok(Self { pair, public, random })
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    /// Signs a payload as a document of a kind.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn sign(&self, typ: &str, payload: &[u8]) -> Result<String, KeyError> {
        let input = signing_input(typ, self.public.thumbprint(), payload);
        Ok(Compact::join(&input, &self.signature(input.as_bytes())?))
    }

    /// The signature of any bytes: r ‖ s.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn signature(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let signature = self.pair.sign(&self.random, message).map_err(|_| KeyError::Random)?;
        signature.as_ref().try_into().map_err(|_| KeyError::Random)
    }
}

/// True when the key signed the document.
pub fn verifies(key: &PublicKey, document: &Compact) -> bool {
    verifies_bytes(key, document.signing_input.as_bytes(), &document.signature)
}

/// True when r ‖ s is the key's signature of the message. A key that is not on the
/// curve signed nothing.
pub fn verifies_bytes(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.point()).verify(message, signature).is_ok()
}

/// A thumbprint as people compare it: hexadecimal in groups of four.
pub fn fingerprint(thumbprint: Digest) -> String {
    let text = thumbprint.to_string();
    let groups: Vec<&str> = (0..text.len()).step_by(4).filter_map(|at| text.get(at..at + 4)).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_signs_and_its_public_half_checks() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key.pem");
        let made = Signer::create(&path).expect("a key");
        let read = Signer::read(&path).expect("the key");
        assert_eq!(made.public(), read.public());
        let text = read.sign("t", b"{}").expect("a document");
        let document = Compact::parse(&text, "t").expect("a document");
        assert_eq!(document.kid, made.public().thumbprint());
        assert!(verifies(&made.public(), &document));
        let other = Compact { payload: Vec::new(), signature: [1; 64], ..document };
        assert!(!verifies(&made.public(), &other));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_is_its_owners_and_never_overwritten() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key.pem");
        Signer::create(&path).expect("a key");
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(matches!(Signer::create(&path), Err(KeyError::Exists { .. })));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key.pem");
        assert!(matches!(Signer::read(&path), Err(KeyError::File { .. })));
        for text in [String::new(), pem::encode(b"no key")] {
            fs::write(&path, text).expect("a file");
            assert!(matches!(Signer::read(&path), Err(KeyError::Malformed { .. })));
        }
    }
}
