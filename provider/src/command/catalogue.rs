//! `enduring catalogue`: signs the list of the packs of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use enduring_core::content::CATALOGUE_TYP;
use enduring_core::measure::Timestamp;

use super::{Exit, Outcome, count};
use crate::key::Signer;
use crate::pack::{CATALOGUE_FILE, collect};
use crate::time;

/// Sign a catalogue of all packs of a folder
///
/// Every pack is checked whole before it is listed, and must carry the signature of
/// the same key. Addresses in the catalogue are relative to it, so PACKS must be
/// beside or below it.
#[derive(clap::Args)]
pub struct Args {
    /// The folder with packs, as `enduring build --out` fills it
    packs: PathBuf,
    /// The provider's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The file to write [default: PACKS/catalogue.jws]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Who offers the packs [default: their provider, when it is one]
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// When it is issued, as 2026-11-22T10:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    issued: Option<Timestamp>,
}

/// Runs the command.
///
/// # Errors
/// When a pack is refused or something cannot be read or written.
pub fn run(args: &Args) -> Outcome {
    let signer = Signer::read(&args.key)?;
    let out = args.out.clone().unwrap_or_else(|| args.packs.join(CATALOGUE_FILE));
    let beside = out.parent().unwrap_or(Path::new(""));
    let issued = args.issued.unwrap_or_else(time::now);
    let catalogue = collect(&args.packs, beside, &signer.public(), args.provider.clone(), issued)
        .map_err(super::Failure::flawed)?;
    let signed = signer.sign(CATALOGUE_TYP, &serde_json::to_vec(&catalogue)?)?;
    let fresh = out.with_extension("jws.new");
    let write = || fs::write(&fresh, &signed).and_then(|()| fs::rename(&fresh, &out));
    write().map_err(|error| format!("{}: {error}", out.display()))?;
    say!("{}: {} of {}", out.display(), count(catalogue.packs.len(), "pack"), catalogue.provider);
    for pack in &catalogue.packs {
        say!("  {} {}  {}  {}", pack.id, pack.version, pack.digest, pack.url);
    }
    Ok(Exit::Fine)
}
