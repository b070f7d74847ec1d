//! `enduring notice`: warnings and withdrawals, signed.

use enduring_core::id::{ActivityId, Digest};
use enduring_core::record::NoticeKind;

use super::desk::{Opening, wait};
use super::{Exit, Outcome, known};
use crate::intake::NOTICE_CHARS;

/// Sign a notice to the learners of an activity: a warning, or its withdrawal
///
/// Players show it at their next contact. It cannot be taken back: a later notice says more.
#[derive(clap::Args)]
pub struct Args {
    /// What kind
    #[arg(value_enum)]
    kind: Kind,
    /// The activity: one of the packs, or of a record in the ledger
    #[arg(long, value_name = "ID", value_parser = |text: &str| ActivityId::new(text).map_err(|error| error.to_string()))]
    activity: ActivityId,
    /// A version of it by the digest of its pack; may be repeated [default: every version]
    #[arg(long = "version", value_name = "DIGEST", value_parser = digest)]
    versions: Vec<Digest>,
    /// What to tell, in plain words; at most 2,000 characters
    #[arg(long, value_name = "WORDS")]
    text: String,
    #[command(flatten)]
    opening: Opening,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// Something in it is wrong or dangerous
    Safety,
    /// It is not to be begun any more
    Withdrawn,
}

fn digest(text: &str) -> Result<Digest, String> {
    Digest::parse(text).ok_or_else(|| "expected 64 lowercase hexadecimal digits".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When keys, packs or the database cannot be used, or there is no such activity or version.
pub fn run(args: &Args) -> Outcome {
    let length = args.text.trim().chars().count();
    if length == 0 || length > NOTICE_CHARS {
        return Err(format!("--text: expected 1 to {NOTICE_CHARS} characters, found {length}").into());
    }
    let kind = match args.kind {
        Kind::Safety => NoticeKind::Safety,
        Kind::Withdrawn => NoticeKind::Withdrawn,
    };
    wait(async {
        let intake = args.opening.open().await?;
        known::activity(&intake, &args.activity).await?;
        for digest in &args.versions {
            known::version(&intake, &args.activity, *digest).await?;
        }
        let (activity, packs) = (args.activity.clone(), args.versions.clone());
        let notice = intake.notify(kind, activity, packs, args.text.trim().to_owned(), "command").await?;
        say!("notice {} is signed; players show it at their next contact", notice.id);
        Ok(Exit::Fine)
    })
}
