//! `enduring enrol`: tickets, lost and shared devices, the roster.

use std::path::PathBuf;

use clap::Subcommand;
use enduring_core::id::{ActivityId, Digest, IdentifierId, LearnerRef, TicketId};
use enduring_core::measure::Timestamp;
use fast_qr::QRBuilder;

use super::desk::{Database, Opening, wait};
use super::{Exit, Failure, Outcome, known};
use crate::intake::NewTicket;
use crate::ledger::roster;
use crate::time;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Enrol learners: tickets, lost and shared devices, the roster
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Issue a ticket, as a link and a QR code: the device that uses it first is the learner's
    Ticket {
        #[command(flatten)]
        opening: Box<Opening>,
        /// The name to show on the device
        #[arg(long)]
        name: String,
        /// For a learner who is in the ledger already, such as for a second device [default: a new learner]
        #[arg(long, value_name = "LEARNER", value_parser = learner)]
        learner: Option<LearnerRef>,
        /// The activity to enrol in, of which a pack or a record is there [default: every activity]
        #[arg(long, value_name = "ID", value_parser = |text: &str| ActivityId::new(text).map_err(|error| error.to_string()))]
        activity: Option<ActivityId>,
        /// For how many days it can be used first
        #[arg(long, value_name = "DAYS", default_value = "30", value_parser = clap::value_parser!(u16).range(1..=3_650))]
        days: u16,
        /// Address of the player, as https://learn.example.org/
        #[arg(long, value_name = "URL")]
        site: String,
    },
    /// Revoke a ticket; a device that it bound stays bound
    Revoke {
        #[command(flatten)]
        opening: Box<Opening>,
        /// Its number
        #[arg(value_parser = ticket)]
        ticket: TicketId,
    },
    /// A device that is enrolled or has sent a record was lost: what it signs from then on goes to a person
    Lost {
        #[command(flatten)]
        opening: Box<Opening>,
        /// Thumbprint of its key, in hexadecimal
        #[arg(value_parser = kid)]
        kid: Digest,
        /// From when, as 2026-11-22T10:00:00Z [default: now]
        #[arg(long, value_name = "TIME", value_parser = time::parse)]
        since: Option<Timestamp>,
    },
    /// A device is used by several learners, such as the tablet of a clinic; also before its first record
    Shared {
        #[command(flatten)]
        opening: Box<Opening>,
        /// Thumbprint of its key, in hexadecimal
        #[arg(value_parser = kid)]
        kid: Digest,
    },
    /// Read a roster: CSV with first_name, last_name, and where known birth_month, birth_day, profession, npi, license, board
    Roster {
        #[command(flatten)]
        database: Database,
        /// Another column that holds a number by which people are told apart; may be given again
        #[arg(long = "identifier", value_name = "COLUMN", value_parser = |text: &str| IdentifierId::new(text).map_err(|error| error.to_string()))]
        identifiers: Vec<IdentifierId>,
        /// The file
        file: PathBuf,
    },
}

fn learner(text: &str) -> Result<LearnerRef, String> {
    LearnerRef::parse(text).ok_or_else(|| "expected 32 lowercase hexadecimal digits".to_owned())
}

fn ticket(text: &str) -> Result<TicketId, String> {
    TicketId::parse(text).ok_or_else(|| "expected 32 lowercase hexadecimal digits".to_owned())
}

fn kid(text: &str) -> Result<Digest, String> {
    Digest::parse(text).ok_or_else(|| "expected 64 lowercase hexadecimal digits".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When keys, packs, the database or the roster cannot be used, or what is named is not there.
pub fn run(args: &Args) -> Outcome {
    wait(async {
        match &args.action {
            Action::Ticket { opening, name, learner, activity, days, site } => {
                let new = NewTicket {
                    learner: *learner,
                    name: name.trim().to_owned(),
                    activity: activity.clone(),
                    expires: Timestamp(time::now().0.saturating_add(i64::from(*days) * DAY)),
                };
                issue(opening, new, site).await
            }
            Action::Revoke { opening, ticket } => {
                if !opening.open().await?.revoke_ticket(*ticket, "command").await? {
                    return Err(Failure::flawed(format!(
                        "expected a ticket that was issued here, found no {ticket}"
                    )));
                }
                say!("ticket {ticket} is revoked");
                Ok(Exit::Fine)
            }
            Action::Lost { opening, kid, since } => {
                let since = since.unwrap_or_else(time::now);
                let intake = opening.open().await?;
                known::device(&intake, *kid).await?;
                intake.revoke_key(*kid, since, "command").await?;
                say!("what this device signs from {} on goes to a person", time::text(since));
                Ok(Exit::Fine)
            }
            Action::Shared { opening, kid } => {
                opening.make().await?.share_key(*kid, "command").await?;
                say!("several learners may use this device");
                Ok(Exit::Fine)
            }
            Action::Roster { database, identifiers, file } => {
                let text =
                    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
                let people = roster::parse(&text, identifiers)
                    .map_err(|error| Failure::flawed(format!("{}: {error}", file.display())))?;
                let taken = database.make().await?.take_roster(people, "command").await?;
                say!("new {}, known {}, unsure {}", taken.new, taken.known, taken.unsure.len());
                for line in &taken.unsure {
                    say!(
                        "{}:{line}: several people agree with it, or only in part; nobody was changed",
                        file.display()
                    );
                }
                Ok(if taken.unsure.is_empty() { Exit::Fine } else { Exit::Flawed })
            }
        }
    })
}

async fn issue(opening: &Opening, new: NewTicket, site: &str) -> Outcome {
    // For somebody who is in the ledger there is one.
    let intake = if new.learner.is_some() { opening.open().await? } else { opening.make().await? };
    if let Some(learner) = &new.learner {
        known::learner(&intake, learner).await?;
    }
    if let Some(activity) = &new.activity {
        known::activity(&intake, activity).await?;
    }
    let (ticket, text) = intake.issue(new, "command").await?;
    let link = format!("{}#/enrol/{text}", site.split('#').next().unwrap_or_default());
    say!("{link}");
    remark!("ticket {}, learner {}, until {}", ticket.id, ticket.learner, time::text(ticket.expires));
    // A phone's camera reads it from the screen; a longer link is given as a link only.
    if let Ok(code) = QRBuilder::new(link).build() {
        remark!("{}", code.to_str());
    }
    Ok(Exit::Fine)
}
