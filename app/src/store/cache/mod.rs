//! The cache: packs, their files by digest, catalogues. Everything here can be fetched again.
//!
//! Never upgraded: a new schema is a new [`NUMBER`], and the databases before it are deleted.
//! Over rexie, which is good enough for what may be lost: it hides why a commit failed, so any failure here means
//! no more than "not kept".

use enduring_core::id::Digest;
use js_sys::Uint8Array;
use rexie::{ObjectStore, Rexie, Store, Transaction, TransactionMode, TransactionResult};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};

/// The number of the schema.
const NUMBER: u32 = 1;
const NAME: &str = "enduring-cache-";

const PACKS: &str = "packs";
const BLOBS: &str = "blobs";
const CATALOGUES: &str = "catalogues";

/// The cache could not be read, or did not keep what it was given.
/// Rexie loses the browser's reason: no room, a closed connection and a blocked site look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the cache of packs did not keep or give what was asked")]
pub struct NotKept;

impl From<rexie::Error> for NotKept {
    fn from(_: rexie::Error) -> Self {
        Self
    }
}

/// A pack on this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedPack {
    /// SHA-256 of the manifest's payload.
    pub digest: Digest,
    /// `manifest.jws` as it came.
    pub manifest: String,
    /// The address of its folder; `None` for one that came as a file.
    pub source: Option<String>,
    /// The files that the manifest names.
    pub files: Vec<CachedFile>,
}

/// A file of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedFile {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Bytes.
    pub length: u64,
}

/// How much of a pack is on this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Bytes that are here.
    pub here: u64,
    /// Bytes in all.
    pub whole: u64,
}

/// The cache of this origin.
#[derive(Debug)]
pub struct Cache {
    rexie: Rexie,
}

fn key(digest: Digest) -> JsValue {
    JsValue::from_str(&digest.to_string())
}

fn to_text<T: Serialize>(value: &T) -> JsValue {
    JsValue::from_str(&enduring_core::json::write(value))
}

fn from_text(value: &JsValue) -> Option<CachedPack> {
    enduring_core::json::read_part(&value.as_string()?).ok()
}

/// Waits for the commit, right after the last request: rexie never resolves for a transaction that has ended before.
async fn committed(transaction: Transaction) -> Result<(), NotKept> {
    match transaction.done().await? {
        TransactionResult::Committed => Ok(()),
        TransactionResult::Aborted => Err(NotKept),
    }
}

impl Cache {
    /// Opens it, and deletes those of earlier numbers.
    ///
    /// # Errors
    /// [`NotKept`] where the browser gives none.
    pub async fn open() -> Result<Self, NotKept> {
        let stores = [PACKS, BLOBS, CATALOGUES].map(ObjectStore::new);
        let builder = stores
            .into_iter()
            .fold(Rexie::builder(&name(NUMBER)).version(1), |builder, store| builder.add_object_store(store));
        let rexie = builder.build().await?;
        // Afterwards, since a browser opens nothing before it has deleted. Numbers begin at 1; deleting a
        // database that is not there does nothing. One that another tab still has open goes when that tab
        // is closed; nobody waits for it.
        if let Ok(factory) = super::idb::factory() {
            for number in 0..NUMBER {
                let _ = factory.delete_database(&name(number));
            }
        }
        Ok(Self { rexie })
    }

    fn reading(&self, store: &str) -> Result<(Transaction, Store), NotKept> {
        let transaction = self.rexie.transaction(&[store], TransactionMode::ReadOnly)?;
        let store = transaction.store(store)?;
        Ok((transaction, store))
    }

    async fn get(&self, store: &str, key: JsValue) -> Result<Option<JsValue>, NotKept> {
        let (_transaction, store) = self.reading(store)?;
        Ok(store.get(key).await?)
    }

    async fn put(&self, store: &str, key: JsValue, value: JsValue) -> Result<(), NotKept> {
        let transaction = self.rexie.transaction(&[store], TransactionMode::ReadWrite)?;
        transaction.store(store)?.put(&value, Some(&key)).await?;
        committed(transaction).await
    }

    /// Keeps a pack's manifest, once its signature was checked.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn put_pack(&self, pack: &CachedPack) -> Result<(), NotKept> {
        self.put(PACKS, key(pack.digest), to_text(pack)).await
    }

    /// One pack.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn pack(&self, digest: Digest) -> Result<Option<CachedPack>, NotKept> {
        Ok(self.get(PACKS, key(digest)).await?.as_ref().and_then(from_text))
    }

    /// Every pack, whole or not.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn packs(&self) -> Result<Vec<CachedPack>, NotKept> {
        let (_transaction, store) = self.reading(PACKS)?;
        Ok(store.get_all(None, None).await?.iter().filter_map(from_text).collect())
    }

    /// Keeps a file, once its digest was checked.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn put_blob(&self, digest: Digest, bytes: &[u8]) -> Result<(), NotKept> {
        self.put(BLOBS, key(digest), Uint8Array::from(bytes).into()).await
    }

    /// A file's bytes. The caller checks the digest again: what may be lost may also be damaged.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn blob(&self, digest: Digest) -> Result<Option<Vec<u8>>, NotKept> {
        let found = self.get(BLOBS, key(digest)).await?;
        Ok(found.and_then(|value| value.dyn_into::<Uint8Array>().ok()).map(|bytes| bytes.to_vec()))
    }

    /// The files of a pack that are still to be fetched.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn missing(&self, pack: &CachedPack) -> Result<Vec<CachedFile>, NotKept> {
        let (_transaction, store) = self.reading(BLOBS)?;
        let mut missing = Vec::new();
        for file in &pack.files {
            if !store.key_exists(key(file.digest)).await? {
                missing.push(*file);
            }
        }
        Ok(missing)
    }

    /// How much of a pack is available offline.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn held(&self, pack: &CachedPack) -> Result<Held, NotKept> {
        let sum = |files: &[CachedFile]| files.iter().map(|file| file.length).sum::<u64>();
        let whole = sum(&pack.files);
        Ok(Held { here: whole.saturating_sub(sum(&self.missing(pack).await?)), whole })
    }

    /// Removes a pack, and those of its files that no other pack has.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn remove(&self, digest: Digest) -> Result<(), NotKept> {
        let (of_it, others): (Vec<_>, Vec<_>) =
            self.packs().await?.into_iter().partition(|pack| pack.digest == digest);
        let shared = |file: &CachedFile| others.iter().any(|pack| pack.files.contains(file));
        let transaction = self.rexie.transaction(&[PACKS, BLOBS], TransactionMode::ReadWrite)?;
        let blobs = transaction.store(BLOBS)?;
        for file in of_it.iter().flat_map(|pack| &pack.files).filter(|file| !shared(file)) {
            blobs.delete(key(file.digest)).await?;
        }
        transaction.store(PACKS)?.delete(key(digest)).await?;
        committed(transaction).await
    }

    /// Keeps a catalogue, by its address.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn put_catalogue(&self, url: &str, text: &str) -> Result<(), NotKept> {
        self.put(CATALOGUES, url.into(), text.into()).await
    }

    /// A catalogue as it was last fetched.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn catalogue(&self, url: &str) -> Result<Option<String>, NotKept> {
        Ok(self.get(CATALOGUES, url.into()).await?.and_then(|text| text.as_string()))
    }

    /// Removes everything. Sessions keep what they need in the journal.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn clear(&self) -> Result<(), NotKept> {
        let transaction = self.rexie.transaction(&[PACKS, BLOBS, CATALOGUES], TransactionMode::ReadWrite)?;
        for store in [PACKS, BLOBS, CATALOGUES] {
            transaction.store(store)?.clear().await?;
        }
        committed(transaction).await
    }
}

fn name(number: u32) -> String {
    let mut name = String::from(NAME);
    name.push_str(&number.to_string());
    name
}
