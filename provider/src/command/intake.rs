//! `enduring intake`: records that came as files, into the ledger; receipts as files.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::desk::{Opening, wait};
use super::{Exit, Failure, Outcome, counting, replace};
use crate::intake::{Answer, AnswerStanding, InLine, Intake, IntakeError};
use crate::verify::source::{Source, Sources, Text};

/// Records that are taken at once: they share the waits for the disk.
const AT_ONCE: usize = 128;

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

/// An answer, or why there is nothing to answer about.
type Answered = Result<Answer, String>;

/// A record that was read: in line, or the answer about what is none; or why it was not read.
struct Coming {
    place: String,
    record: Result<Result<InLine, Box<Answer>>, String>,
}

/// A record that is being taken.
struct UnderWay {
    place: String,
    answer: JoinHandle<Result<Answered, IntakeError>>,
}

/// What the records came to.
#[derive(Default)]
struct Tally {
    records: u64,
    credited: u64,
    unreadable: u64,
}

/// Runs the command.
///
/// # Errors
/// When keys, packs, the policy or the database cannot be used.
pub fn run(args: &Args) -> Outcome {
    wait(take(args))
}

async fn take(args: &Args) -> Outcome {
    let intake = args.opening.make().await?;
    if let Some(folder) = &args.receipts {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    for answer in intake.decide_waiting().await? {
        if let Some(folder) = &args.receipts {
            keep(folder, &answer)?;
        }
        remark!("its pack is at hand now: {}", words(&name(&answer), &answer));
    }
    let mut sources = read(Sources::new(&args.files), intake.clone());
    let mut under_way: VecDeque<UnderWay> = VecDeque::new();
    let mut tally = Tally::default();
    let (progress, mut more) = (counting("records"), true);
    while more || !under_way.is_empty() {
        let place_left = more && under_way.len() < AT_ONCE;
        tokio::select! {
            answer = first(&mut under_way), if !under_way.is_empty() => {
                let (place, answer) = answer?;
                tell(args, &mut tally, &place, answer)?;
                progress.inc(1);
            }
            coming = sources.recv(), if place_left => match coming {
                Some(coming) => under_way.push_back(submit(&intake, coming)),
                None => more = false,
            },
        }
    }
    progress.finish_and_clear();
    finish(&intake).await?;
    let Tally { records, credited, unreadable } = tally;
    remark!("records {records}: credited {credited}; unreadable {unreadable}");
    Ok(if unreadable > 0 || records == 0 {
        Exit::Unusable
    } else if credited == records {
        Exit::Fine
    } else {
        Exit::Flawed
    })
}

/// Reads no further ahead than records are taken, on a thread that nobody waits for: it may
/// be waiting for input itself when an error ends the run. Records line up as they are read:
/// of one learner they are taken in this order.
fn read(sources: Sources, intake: Intake) -> mpsc::Receiver<Coming> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for Source { place, text } in sources {
            let text = match text {
                Text::Whole(text) => Ok(text),
                Text::TooLarge | Text::NotUtf8 => Ok(String::new()),
                Text::Unreadable(error) => Err(error),
            };
            let record = text.map(|text| Intake::opened(text).map(|opened| intake.line_up(opened)));
            if sender.blocking_send(Coming { place, record }).is_err() {
                return;
            }
        }
    });
    receiver
}

fn submit(intake: &Intake, Coming { place, record }: Coming) -> UnderWay {
    let intake = intake.clone();
    let answer = tokio::spawn(async move {
        match record {
            Ok(Ok(in_line)) => intake.submit_in_line(in_line).await.map(Ok),
            Ok(Err(answer)) => Ok(Ok(*answer)),
            Err(error) => Ok(Err(error)),
        }
    });
    UnderWay { place, answer }
}

/// Waits for the first of those under way, which is then no longer among them.
async fn first(under_way: &mut VecDeque<UnderWay>) -> Result<(String, Answered), String> {
    let Some(UnderWay { place, answer }) = under_way.front_mut() else { return std::future::pending().await };
    let answer = answer.await.map_err(|error| error.to_string());
    let place = std::mem::take(place);
    under_way.pop_front();
    match answer.and_then(|answer| answer.map_err(|error| error.to_string())) {
        Ok(answer) => Ok((place, answer)),
        Err(error) => {
            Err(format!("{place}: {error}; run it again: what was taken before is answered the same"))
        }
    }
}

fn tell(args: &Args, tally: &mut Tally, place: &str, answer: Answered) -> Result<(), Failure> {
    tally.records += 1;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            tally.unreadable += 1;
            remark!("{place}: {error}");
            return Ok(());
        }
    };
    tally.credited += u64::from(answer.standing == AnswerStanding::Credited);
    // First the receipt: who sees an answer can rely on the file.
    if let Some(folder) = &args.receipts {
        keep(folder, &answer)?;
    }
    let text = if args.json { serde_json::to_string(&answer)? } else { words(place, &answer) };
    say!("{text}");
    Ok(())
}

/// Links what was added: without a server there is no other sequencer.
async fn finish(intake: &Intake) -> Result<(), crate::ledger::LedgerError> {
    intake.ledger().link_all().await.map(drop)
}

fn name(answer: &Answer) -> String {
    answer.record.map(|record| record.id.to_string()).unwrap_or_default()
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
    replace(&path, receipt.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))
}
