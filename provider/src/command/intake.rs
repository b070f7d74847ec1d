//! `enduring intake`: records that came as files, into the ledger; receipts as files.

use std::fs;
use std::path::{Path, PathBuf};

use super::desk::{Opening, wait};
use super::{Exit, Outcome};
use crate::intake::{Answer, AnswerStanding, Intake};
use crate::verify::source::{Sources, Text};

/// Take records into the ledger that came as files, for providers without a server
///
/// The same as sending them to `enduring serve`: what was taken before is answered the
/// same, so a run that was interrupted can be run again. Exit codes: 0 all credited,
/// 1 some for review or rejected, 2 wrong usage, or something could not be read.
#[derive(clap::Args)]
pub struct Args {
    /// Records: .enduring-record.json files, JSON Lines (.jsonl, .ndjson), folders of both, or - for JSON Lines on standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    opening: Opening,
    /// Folder for receipts, one file per record, to be given to learners
    #[arg(long, value_name = "DIR")]
    receipts: Option<PathBuf>,
    /// Print one JSON object per record and line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When keys, packs, the policy or the database cannot be used.
pub fn run(args: &Args) -> Outcome {
    wait(take(args))
}

async fn take(args: &Args) -> Outcome {
    let intake = args.opening.open().await?;
    if let Some(folder) = &args.receipts {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let (mut records, mut credited, mut unreadable) = (0u64, 0u64, 0u64);
    for source in Sources::new(&args.files) {
        records += 1;
        let answer = match source.text {
            Text::Whole(text) => intake.submit(text, None).await?,
            Text::TooLarge | Text::NotUtf8 => intake.submit(String::new(), None).await?,
            Text::Unreadable(error) => {
                unreadable += 1;
                eprintln!("{}: {error}", source.place);
                continue;
            }
        };
        credited += u64::from(answer.standing == AnswerStanding::Credited);
        let text = if args.json { serde_json::to_string(&answer)? } else { words(&source.place, &answer) };
        println!("{text}");
        if let Some(folder) = &args.receipts {
            keep(folder, &answer)?;
        }
    }
    finish(&intake).await?;
    eprintln!("records {records}: credited {credited}; unreadable {unreadable}");
    Ok(if unreadable > 0 || records == 0 {
        Exit::Unusable
    } else if credited == records {
        Exit::Fine
    } else {
        Exit::Flawed
    })
}

/// Links what was added: without a server there is no other sequencer.
async fn finish(intake: &Intake) -> Result<(), crate::ledger::LedgerError> {
    intake.ledger().link_all().await.map(drop)
}

fn words(place: &str, answer: &Answer) -> String {
    let standing = match answer.standing {
        AnswerStanding::Credited => "credited",
        AnswerStanding::Review => "review",
        AnswerStanding::Rejected => "rejected",
        AnswerStanding::Reversed => "reversed",
    };
    let reasons =
        answer.reasons.iter().map(|reason| format!("\n          {}: {}", reason.code, reason.words));
    reasons.fold(format!("{standing:9} {place}"), |text, reason| text + &reason)
}

fn keep(folder: &Path, answer: &Answer) -> Result<(), String> {
    let (Some(receipt), Some(record)) = (&answer.receipt, &answer.record) else { return Ok(()) };
    let path = folder.join(format!("{}.enduring-receipt.jws", record.id));
    fs::write(&path, receipt).map_err(|error| format!("{}: {error}", path.display()))
}
