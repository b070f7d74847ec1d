//! `enduring staff`: accounts of the desk, the first administrator's among them.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Exit, Failure, Outcome};
use crate::desk::{is_staff_name, password};
use crate::ledger::{Entry, Ledger, Role, Staff};
use crate::time;

/// Largest file of a password.
const FILE_MAX: u64 = 4_096;

/// Add, list or deactivate people at the desk
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Add somebody; the password is asked for unless it is in a file
    Add {
        /// Lowercase letters, digits, dots, dashes; it stands in the audit
        name: String,
        /// What they may do
        #[arg(long, value_enum)]
        role: Role,
        #[command(flatten)]
        place: Place,
        /// Read the password from the first line of a file
        #[arg(long, value_name = "FILE", conflicts_with = "password_stdin")]
        password_file: Option<PathBuf>,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody with role and state
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Let somebody sign in no more, and end their sessions
    Deactivate {
        /// Whom
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(clap::Args)]
struct Place {
    /// The ledger: postgres://… or the path of a SQLite file
    #[arg(long, value_name = "ADDRESS")]
    database: String,
}

/// Runs the command.
///
/// # Errors
/// When the ledger cannot be used, or a name or password is not taken.
pub fn run(args: &Args) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match &args.action {
            Action::Add { name, role, place, password_file, password_stdin } => {
                if !is_staff_name(name) {
                    return Err(Failure::from(format!(
                        "{name}: expected lowercase letters, digits, dots, dashes; not rule, learner or command"
                    )));
                }
                let password = match (password_file, password_stdin) {
                    (Some(file), _) => from_file(file)?,
                    (None, true) => first_line(io::stdin())?,
                    (None, false) => asked()?,
                };
                add(&Ledger::open(&place.database).await?, name, *role, &password).await
            }
            Action::List { place } => list(&Ledger::find(&place.database).await?).await,
            Action::Deactivate { name, place } => {
                deactivate(&Ledger::find(&place.database).await?, name).await
            }
        }
    })
}

async fn add(ledger: &Ledger, name: &str, role: Role, password: &str) -> Outcome {
    let password = password::hash(name, password).map_err(|error| format!("the password: {error}"))?;
    let staff = Staff { name: name.to_owned(), password, role, active: true, temporary: false };
    let told = Entry::acted(time::now(), "command", "staff_added", name);
    if !ledger.add_staff(&staff, &told).await? {
        return Err(format!("{name}: there is an account of this name").into());
    }
    say!("{name}: added as {}", role.name());
    Ok(Exit::Fine)
}

async fn list(ledger: &Ledger) -> Outcome {
    for staff in ledger.all_staff().await? {
        let state = if staff.active { "active" } else { "deactivated" };
        say!("{:<24} {:<14} {state}", staff.name, staff.role.name());
    }
    Ok(Exit::Fine)
}

async fn deactivate(ledger: &Ledger, name: &str) -> Outcome {
    let staff = ledger.staff(name).await?.ok_or_else(|| format!("{name}: there is no such account"))?;
    let told = Entry::acted(time::now(), "command", "staff_deactivated", name);
    if !ledger.set_staff(&Staff { active: false, ..staff }, &told).await? {
        return Err(format!("{name}: the last administrator has to stay; add another first").into());
    }
    say!("{name}: deactivated");
    Ok(Exit::Fine)
}

fn from_file(file: &Path) -> Result<String, Failure> {
    let named = |error: io::Error| format!("{}: {error}", file.display());
    let text = first_line(std::fs::File::open(file).map_err(named)?).map_err(named)?;
    Ok(text)
}

fn first_line(from: impl Read) -> io::Result<String> {
    let mut text = String::new();
    from.take(FILE_MAX).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn asked() -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err("no terminal to ask on: use --password-file or --password-stdin".into());
    }
    let password = rpassword::prompt_password("Password (at least 12 characters): ")?;
    if rpassword::prompt_password("Password again: ")? != password {
        return Err("the two passwords differ; nothing was added".into());
    }
    Ok(password)
}
