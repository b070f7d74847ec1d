//! ECDSA over P-256 with SHA-256 by WebCrypto. Private keys are generated non-extractable and stay handles.

use enduring_core::id::Digest;
use enduring_core::record::PublicKey;
use js_sys::{Array, Object, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::{JsValue, prelude::*};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = generateKey, catch)]
    async fn generate_key(algorithm: &JsValue, extractable: bool, uses: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = exportKey, catch)]
    async fn export_key(format: &str, key: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = importKey, catch)]
    async fn import_key(
        format: &str,
        bytes: &Uint8Array,
        algorithm: &JsValue,
        extractable: bool,
        uses: &Array,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = sign, catch)]
    async fn sign_with(algorithm: &JsValue, key: &JsValue, bytes: &Uint8Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = verify, catch)]
    async fn verify_with(
        algorithm: &JsValue,
        key: &JsValue,
        signature: &Uint8Array,
        bytes: &Uint8Array,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = digest, catch)]
    async fn digest_of(algorithm: &str, bytes: &JsValue) -> Result<JsValue, JsValue>;
}

/// WebCrypto refused or failed; what it said.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the browser's cryptography failed: {name}")]
pub struct CryptoError {
    /// The browser's name of it.
    pub name: String,
}

fn failed(thrown: JsValue) -> CryptoError {
    let name = Reflect::get(&thrown, &"name".into()).ok().and_then(|name| name.as_string());
    CryptoError { name: name.unwrap_or_default() }
}

fn odd(what: &str) -> CryptoError {
    CryptoError { name: what.to_owned() }
}

fn object(members: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    object.into()
}

fn curve() -> JsValue {
    object(&[("name", "ECDSA"), ("namedCurve", "P-256")])
}

fn scheme() -> JsValue {
    object(&[("name", "ECDSA"), ("hash", "SHA-256")])
}

fn bytes_of(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}

/// A private key with its public half. The private half is a handle that cannot be exported.
#[derive(Clone, Debug)]
pub struct KeyPair {
    handle: JsValue,
    /// The public half.
    pub public: PublicKey,
}

impl KeyPair {
    /// A new pair.
    ///
    /// # Errors
    /// [`CryptoError`].
    pub async fn generate() -> Result<Self, CryptoError> {
        let uses = Array::of2(&"sign".into(), &"verify".into());
        Self::from_handle(generate_key(&curve(), false, &uses).await.map_err(failed)?).await
    }

    /// From what [`KeyPair::handle`] gave.
    ///
    /// # Errors
    /// [`CryptoError`] where it is not a pair.
    pub async fn from_handle(handle: JsValue) -> Result<Self, CryptoError> {
        let public = Reflect::get(&handle, &"publicKey".into()).map_err(failed)?;
        let point = bytes_of(&export_key("raw", &public).await.map_err(failed)?);
        let public = PublicKey::from_point(&point).ok_or_else(|| odd("not a point of P-256"))?;
        Ok(Self { handle, public })
    }

    /// What can be stored in IndexedDB.
    #[must_use]
    pub fn handle(&self) -> &JsValue {
        &self.handle
    }

    /// Signs: 64 bytes, r and s, as JOSE has them.
    ///
    /// # Errors
    /// [`CryptoError`].
    pub async fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], CryptoError> {
        let private = Reflect::get(&self.handle, &"privateKey".into()).map_err(failed)?;
        let signature = sign_with(&scheme(), &private, &Uint8Array::from(bytes)).await.map_err(failed)?;
        bytes_of(&signature).try_into().map_err(|_| odd("a signature of another length"))
    }
}

/// Whether a signature over these bytes was made with the private half of this key.
///
/// # Errors
/// [`CryptoError`] where the key is no point of the curve.
pub async fn verify(key: &PublicKey, signature: &[u8], bytes: &[u8]) -> Result<bool, CryptoError> {
    let point = Uint8Array::from(key.point().as_slice());
    let key =
        import_key("raw", &point, &curve(), false, &Array::of1(&"verify".into())).await.map_err(failed)?;
    let verdict = verify_with(&scheme(), &key, &Uint8Array::from(signature), &Uint8Array::from(bytes)).await;
    Ok(verdict.map_err(failed)?.is_truthy())
}

/// SHA-256 of these bytes: the browser's, which takes a tenth of the time of ours, or ours where it fails.
pub async fn digest(bytes: &[u8]) -> Digest {
    let found = digest_of("SHA-256", &Uint8Array::from(bytes)).await.ok();
    let found = found.and_then(|found| bytes_of(&found).try_into().ok());
    found.map_or_else(|| Digest::of(&[bytes]), Digest)
}
