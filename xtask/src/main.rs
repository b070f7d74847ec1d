use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use xtask::{
    bench, dist, hosting, player, precache,
    setup::{self, Purpose},
    size,
    start::{self, Reach},
    suite, tidy, workspace,
};

const USAGE: &str = "\
usage: cargo xtask <command>

  start [--lan] [--port N]
                 build everything and serve it to this machine, or to the local network
  test           install what is missing, then run every test and check
  setup          install what this machine lacks, each thing only if it is missing
  player         build the player into target/player
  dist [--out DIR]
                 make a folder that any static host can serve; dist/ by default
  size           what a learner downloads; fails over the gate
  bench [--large] [--records N] [--enduring FILE]
                 signature checks, verifications and records taken a second, on this machine,
                 by 5000 records and by the build that it makes, or by that file;
                 --large takes 100000 records through everything, killed and begun again, and
                 lets a ledger grow to 10 million rows: an hour and 30 GB of disk
  bench --page   in Chromium, at full and at a quarter of the processor's speed: from an answer
                 to its feedback, with a large bank and in a long session too; the frames of a
                 patient's monitor, and the memory of the page
  tidy [--write]
                 check the rules of the design that a compiler does not know; --write first
                 brings docs/hosting up to date
  precache       (hook of Trunk) minify the staged scripts, list all files in the service worker
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = Parser::from_env();
    let command = match arguments.next()? {
        Some(Arg::Value(command)) => command.string()?,
        Some(Arg::Short('h') | Arg::Long("help")) | None => {
            print!("{USAGE}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "test" => {
            no_more(arguments)?;
            let total = suite::run()?;
            println!("{} passed, {} failed", total.passed, total.failed);
            return Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        "size" => {
            no_more(arguments)?;
            player::build(&setup::ensure(&[Purpose::Player])?)?;
            size::check()?;
        }
        "bench" => match wanted(arguments)? {
            Bench::Native(wanted) => bench::run(&wanted)?,
            Bench::Page => bench::page::run()?,
        },
        // What `bench` runs as an optimized build.
        "bench-measure" => match wanted(arguments)? {
            Bench::Native(wanted) => bench::measure(&wanted)?,
            Bench::Page => bail!("bench-measure: expected native figures to take, found --page"),
        },
        "start" => return start_command(arguments),
        "dist" => {
            let mut out = workspace::root().join("dist");
            while let Some(argument) = arguments.next()? {
                match argument {
                    Arg::Long("out") => out = arguments.value()?.into(),
                    other => return Err(other.unexpected().into()),
                }
            }
            dist::make(&setup::ensure(&[Purpose::Player])?, &out)?;
            println!("{} can be served by any static host; docs/hosting has the headers", out.display());
        }
        "setup" => {
            no_more(arguments)?;
            let tools = setup::ensure(setup::EVERYTHING)?;
            println!("every tool is there; ours are in {}", tools.dir().display());
        }
        "player" => {
            no_more(arguments)?;
            player::build(&setup::ensure(&[Purpose::Player])?)?;
        }
        "tidy" => return tidy_command(arguments),
        "precache" => {
            no_more(arguments)?;
            precache::run()?;
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// What `bench` is to measure.
enum Bench {
    Native(bench::Wanted),
    Page,
}

fn wanted(mut arguments: Parser) -> Result<Bench> {
    let mut wanted = bench::Wanted::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("large") => wanted.extent = bench::Extent::Large,
            Arg::Long("records") => wanted.records = Some(arguments.value()?.parse()?),
            Arg::Long("enduring") => wanted.enduring = Some(arguments.value()?.into()),
            Arg::Long("page") => {
                no_more(arguments)?;
                return Ok(Bench::Page);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(records @ ..500) = wanted.records {
        bail!("--records: expected at least 500, so that a rate is one; found {records}");
    }
    Ok(Bench::Native(wanted))
}

fn start_command(mut arguments: Parser) -> Result<ExitCode> {
    let (mut reach, mut port) = (Reach::Loopback, start::PORT);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("lan") => reach = Reach::Lan,
            Arg::Long("port") => port = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    start::start(reach, port)?;
    Ok(ExitCode::SUCCESS)
}

fn tidy_command(mut arguments: Parser) -> Result<ExitCode> {
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("write") => hosting::write_documents()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let outcome = tidy::run()?;
    println!("{} passed, {} failed", outcome.passed, outcome.failed);
    Ok(if outcome.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn no_more(mut arguments: Parser) -> Result<()> {
    match arguments.next()? {
        Some(argument) => Err(argument.unexpected().into()),
        None => Ok(()),
    }
}
