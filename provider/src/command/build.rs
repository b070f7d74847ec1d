//! `enduring build`: from an activity's source to a signed pack.

use std::path::PathBuf;

use enduring_core::content::{MANIFEST_MAX, MANIFEST_TYP};
use serde::Serialize;

use super::check::{self, Findings};
use super::{Exit, Failure, Outcome, bytes};
use crate::author::RUNS;
use crate::key::Signer;
use crate::pack::{Assembled, Collision, MANIFEST_FILE, PackError, WriteError, write_file, write_folder};

/// Build an activity's source folder into a signed pack
///
/// The pack is the folder OUT/ID/VERSION. The same source gives the same payload of
/// the manifest, so the same pack digest, on every machine. Errors of the source are
/// told all at once, by file and line; then nothing is written.
#[derive(clap::Args)]
pub struct Args {
    /// The activity's folder, with activity.toml
    dir: PathBuf,
    /// The provider's private key, as `enduring key new` makes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where packs go
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Also write the pack as one file, OUT/ID-VERSION.enduring
    #[arg(long)]
    archive: bool,
    /// Replace another pack of the same version (never once a learner may have begun it)
    #[arg(long)]
    force: bool,
    /// Print the outcome as JSON on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    findings: Findings<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pack: Option<Written>,
}

#[derive(Serialize)]
struct Written {
    id: String,
    version: String,
    digest: String,
    kid: String,
    folder: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<PathBuf>,
    files: usize,
    size: u64,
}

/// Runs the command.
///
/// # Errors
/// When the key or the folder cannot be read, or the pack cannot be written.
pub fn run(args: &Args) -> Outcome {
    let signer = Signer::read(&args.key)?;
    let reading = check::read(&args.dir, RUNS)?;
    if !args.json {
        check::tell(&reading);
    }
    let mut report = Report { findings: Findings::of(&reading), pack: None };
    if let Some(built) = &reading.built {
        let pack = Assembled::new(&built.activity, &built.media).map_err(Failure::flawed)?;
        report.pack = Some(write(args, &signer, &pack)?);
    }
    if args.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
        return Ok(check::verdict(&reading));
    }
    let totals = check::totals(&reading);
    match &report.pack {
        None => remark!("nothing was built: {totals}"),
        Some(pack) => {
            say!("built   {} {}: {totals}", pack.id, pack.version);
            say!("digest  {}", pack.digest);
            say!("signed  {}", pack.kid);
            say!("folder  {} ({} files, {})", pack.folder.display(), pack.files, bytes(pack.size));
            if let Some(archive) = &pack.archive {
                say!("file    {}", archive.display());
            }
        }
    }
    Ok(check::verdict(&reading))
}

fn write(args: &Args, signer: &Signer, pack: &Assembled) -> Result<Written, Failure> {
    let signed = signer.sign(MANIFEST_TYP, &pack.payload)?;
    if signed.len() > MANIFEST_MAX {
        let (most, found) = (format!("{MANIFEST_MAX} bytes"), format!("{} bytes", signed.len()));
        return Err(Failure::flawed(PackError::TooLarge { path: MANIFEST_FILE.to_owned(), most, found }));
    }
    let collision = if args.force { Collision::Replace } else { Collision::Refuse };
    let folder = write_folder(&args.out, &signed, pack, collision).map_err(|error| match error {
        WriteError::Taken { .. } => Failure { exit: Exit::Flawed, error: error.into() },
        WriteError::File { .. } => error.into(),
    })?;
    let archive = if args.archive { Some(write_file(&args.out, &signed, pack)?) } else { None };
    let files: u64 = pack.manifest.files.iter().map(|file| file.length).sum();
    Ok(Written {
        id: pack.manifest.id.to_string(),
        version: pack.manifest.version.clone(),
        digest: pack.digest().to_string(),
        kid: signer.public().kid(),
        folder,
        archive,
        files: pack.files.len() + 1,
        size: files + signed.len() as u64,
    })
}
