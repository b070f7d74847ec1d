//! The `enduring` command.

// They panic where a pipe was closed; commands print by `command/say.rs`.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use enduring_provider::command::{
    audit, build, catalogue, certificate, check, consent, ended, enrol, export, inspect, intake, key, ledger,
    new, notice, rehearse, report, serve, staff, verify,
};

/// Records are read by one thread and let go of by others; the system's allocator gives such memory back and asks
/// for it again, a tenth of the time of verifying.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Build, sign and look into accredited education that plays anywhere.
#[derive(Parser)]
#[command(
    name = "enduring",
    version,
    after_help = "Exit codes: 0 fine, 1 errors in the material, 2 usage or unreadable.\n\n\
                  A first pack:\n  \
                  enduring new my-activity\n  \
                  enduring key new --out provider-key.pem\n  \
                  enduring build my-activity --key provider-key.pem --out packs\n  \
                  enduring inspect packs/my-activity/1.0.0"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::Args),
    Check(check::Args),
    Audit(audit::Args),
    Build(build::Args),
    Catalogue(catalogue::Args),
    Certificate(certificate::Args),
    Consent(consent::Args),
    Enrol(enrol::Args),
    Export(export::Args),
    Inspect(inspect::Args),
    Intake(intake::Args),
    Key(key::Args),
    Ledger(ledger::Args),
    Notice(notice::Args),
    Rehearse(rehearse::Args),
    Report(report::Args),
    Serve(serve::Args),
    Staff(staff::Args),
    Verify(verify::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::New(args) => new::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Catalogue(args) => catalogue::run(&args),
        Command::Certificate(args) => certificate::run(&args),
        Command::Consent(args) => consent::run(&args),
        Command::Enrol(args) => enrol::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Intake(args) => intake::run(&args),
        Command::Key(args) => key::run(&args),
        Command::Ledger(args) => ledger::run(&args),
        Command::Notice(args) => notice::run(&args),
        Command::Rehearse(args) => rehearse::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Staff(args) => staff::run(&args),
        Command::Verify(args) => verify::run(&args),
    };
    ended(done)
}
