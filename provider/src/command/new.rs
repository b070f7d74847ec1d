//! `enduring new`: a commented activity to start from.

use std::fs;
use std::path::PathBuf;

use enduring_core::id::is_name;

use super::{Exit, Outcome};
use crate::starter::STARTER;

/// Write a commented starter activity that builds as it is
#[derive(clap::Args)]
pub struct Args {
    /// The folder to make; its name becomes the activity's id
    dir: PathBuf,
}

/// The id that the starter carries.
const ID: &str = "id = \"starter\"";

/// Runs the command.
///
/// # Errors
/// When there is something at the place, or it cannot be written.
pub fn run(args: &Args) -> Outcome {
    let name = args.dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !is_name(name) {
        let message =
            "expected a folder named with a-z, 0-9, '.', '_' and '-', which becomes the activity's id";
        return Err(format!("{}: {message}", args.dir.display()).into());
    }
    if args.dir.exists() {
        return Err(format!("{}: expected nothing there, found something", args.dir.display()).into());
    }
    for (path, text) in STARTER {
        let place = args.dir.join(path);
        let text = text.replacen(ID, &format!("id = \"{name}\""), 1);
        let folder = place.parent().unwrap_or(&args.dir);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&place, text))
            .map_err(|error| format!("{}: {error}", place.display()))?;
    }
    say!("{}: a starter activity; begin with activity.toml, then", args.dir.display());
    say!("  enduring check {}", args.dir.display());
    Ok(Exit::Fine)
}
