//! What the commands over the ledger have in common: where it is, and what signs.

use std::path::{Path, PathBuf};

use enduring_core::record::Handling;

use super::{Failure, Outcome};
use crate::certificate;
use crate::intake::{Desk, DeskPolicy, Intake, policy};
use crate::key::{KeySet, Signer};
use crate::ledger::Ledger;
use crate::verify::packs::Packs;
use crate::verify::read_keys;

/// Where the ledger is.
#[derive(clap::Args)]
pub struct Database {
    /// The ledger: the path of a SQLite file, or postgres://…; where records or people are written, a file is made where there is none
    #[arg(long, value_name = "PATH|URL", env = "ENDURING_DATABASE", hide_env_values = true)]
    pub database: String,
}

/// What takes records in.
#[derive(clap::Args)]
pub struct Opening {
    #[command(flatten)]
    pub ledger: Database,
    /// The provider's private key, which signs receipts, tickets and notices
    #[arg(long, value_name = "PEM")]
    pub key: PathBuf,
    /// Key set of this provider's keys that signed before
    #[arg(long, value_name = "JWKS")]
    pub retired: Option<PathBuf>,
    /// Folder with the packs that records name
    #[arg(long, value_name = "DIR")]
    pub packs: PathBuf,
    /// Key set of the providers whose packs are trusted [default: this provider's keys]
    #[arg(long, value_name = "JWKS")]
    pub issuers: Option<PathBuf>,
    /// What to credit at once and what a person looks at, as TOML [default: see docs/formats/intake.md]
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// The provider by name, as tickets say it [default: the provider of the packs]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub provider: Option<String>,
    /// How certificates look, as TOML [default: see docs/formats/certificate.md]
    #[arg(long, value_name = "FILE")]
    pub certificates: Option<PathBuf>,
    /// Public address of the intake, as https://learn.example.org/api/, where lists of revoked certificates are [default: certificates name no list]
    #[arg(long, value_name = "URL")]
    pub address: Option<String>,
    /// Take records of `enduring rehearse` as if they were a learner's
    #[arg(long)]
    pub accept_rehearsal: bool,
}

/// A name that tickets and receipts can say.
///
/// # Errors
/// What was expected.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() { Err("expected a name, found nothing".to_owned()) } else { Ok(name.to_owned()) }
}

impl Opening {
    /// Opens it over a ledger that is there.
    ///
    /// # Errors
    /// When keys, packs, the policy or the database cannot be used.
    pub async fn open(&self) -> Result<Intake, Failure> {
        self.over(async || self.ledger.open().await).await
    }

    /// Opens it, and makes the ledger where there is none.
    ///
    /// # Errors
    /// As [`Opening::open`].
    pub async fn make(&self) -> Result<Intake, Failure> {
        self.over(async || self.ledger.make().await).await
    }

    /// Opens the ledger last, so that nothing is made for a wrong argument.
    async fn over(&self, ledger: impl AsyncFnOnce() -> Result<Ledger, Failure>) -> Result<Intake, Failure> {
        let signer = Signer::read(&self.key)?;
        let retired = self.retired.as_deref().map(keys).transpose()?.unwrap_or_default();
        let retired: Vec<_> = retired.keys().copied().collect();
        let issuers = match &self.issuers {
            Some(path) => keys(path)?,
            None => {
                let mut own = vec![signer.public()];
                own.extend(&retired);
                KeySet::parse(&crate::key::jwks(&own)?)?
            }
        };
        let (packs, problems) = Packs::list(&self.packs, issuers)
            .map_err(|error| format!("{}: {error}", self.packs.display()))?;
        for problem in problems {
            remark!("pack not used: {problem}");
        }
        let provider = self.provider.clone().or_else(|| packs.provider().map(str::to_owned));
        Ok(Intake::open(Desk {
            ledger: ledger().await?,
            packs,
            signer,
            retired,
            provider: provider.unwrap_or_default(),
            policy: self.policy.as_deref().map_or_else(|| Ok(DeskPolicy::default()), policy::read)?,
            certificates: match &self.certificates {
                Some(path) => certificate::Settings::read(path)?,
                None => certificate::Settings::default(),
            },
            address: self.address.clone(),
            rehearsals: if self.accept_rehearsal { Handling::Accept } else { Handling::Review },
        }))
    }
}

impl Database {
    /// Opens a ledger that is there.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn open(&self) -> Result<Ledger, Failure> {
        Ok(Ledger::find(&self.database).await?)
    }

    /// Opens the ledger, and makes it where there is none.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn make(&self) -> Result<Ledger, Failure> {
        Ok(Ledger::open(&self.database).await?)
    }
}

/// Reads a key set, and says which keys are passed over.
///
/// # Errors
/// When it cannot be read.
pub fn keys(path: &Path) -> Result<KeySet, Failure> {
    let set = read_keys(path)?;
    for warning in &set.warnings {
        remark!("{}: {warning}", path.display());
    }
    Ok(set)
}

/// Runs work that waits for a database.
///
/// # Errors
/// What the work says.
pub fn wait(work: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
