//! `enduring key`: makes and shows a provider's key.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Exit, Outcome};
use crate::key::{Signer, fingerprint, jwks};

/// Make or show a provider's key
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a private key (P-256, PKCS#8 PEM, readable by its owner only)
    New {
        /// The file to write; a file that is there is never overwritten
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Print the public half: a JWKS on standard output, its fingerprint on standard error
    Show {
        /// The private key
        file: PathBuf,
    },
}

/// Runs the command.
///
/// # Errors
/// When the key cannot be made, written or read.
pub fn run(args: &Args) -> Outcome {
    match &args.action {
        Action::New { out } => {
            let signer = Signer::create(out)?;
            say!("{}: a new private key; keep it secret and keep a copy", out.display());
            remark!("fingerprint {}", fingerprint(signer.public().thumbprint()));
        }
        Action::Show { file } => {
            let signer = Signer::read(file)?;
            say!("{}", jwks(&[signer.public()])?.trim_end());
            remark!("fingerprint {}", fingerprint(signer.public().thumbprint()));
        }
    }
    Ok(Exit::Fine)
}
