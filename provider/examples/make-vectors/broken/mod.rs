//! Records whose integrity is broken, each in one way.

mod document;
mod log;
mod part;
mod replay;
mod said;

use crate::Shelf;
use crate::draft::Made;
use crate::packs::Packs;

/// The verdict on a record of which one check fails and ends the checking.
macro_rules! stops {
    ($code:literal) => {
        $crate::Verdict("invalid", "reject", &[($code, "failed")])
    };
}

/// The verdict on a record of which one check fails among others.
macro_rules! fails {
    ($code:literal) => {
        $crate::Verdict("invalid", "reject", &[($code, "failed"), $crate::RECEIVED])
    };
}

use {fails, stops};

/// Makes those that are not there yet.
pub fn make(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    document::files(shelf, packs)?;
    document::documents(shelf, packs)?;
    document::keys(shelf, packs)?;
    log::payloads(shelf, packs)?;
    log::logs(shelf, packs)?;
    log::unknown_pack(shelf, packs)?;
    replay::replays(shelf, packs)?;
    said::claims_of_the_record(shelf, packs)?;
    part::parts(shelf, packs)
}
