//! Keys of a provider: made, kept as PKCS#8 PEM, published as JWKS.
//!
//! The arithmetic is ring's; what is signed and what a document looks like is core's.

mod jwks;
mod pem;
mod signer;

pub use jwks::{KEY_SET_MAX, KeySet, KeySetError, jwks};
pub use signer::{KeyError, Signer, fingerprint, verifies, verifies_bytes};
