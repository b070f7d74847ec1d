//! Browser storage, the only home of it, without Yew.
//!
//! `journal` is precious and only grows; `cache` may be deleted and fetched again at any time.

pub mod cache;
pub mod device_key;
pub mod error;
pub mod idb;
pub mod journal;

pub use error::StoreError;
