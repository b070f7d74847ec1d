use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use xtask::{player, precache, setup, setup::Purpose};

const USAGE: &str = "\
usage: cargo xtask <command>

  setup          install what this machine lacks, each thing only if it is missing
  player         build the player into target/player
  precache       (hook of Trunk) list the staged files in the service worker
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
        "setup" => {
            no_more(arguments)?;
            let tools = setup::ensure(setup::EVERYTHING)?;
            println!("every tool is there; ours are in {}", tools.dir().display());
        }
        "player" => {
            no_more(arguments)?;
            player::build(&setup::ensure(&[Purpose::Player])?)?;
        }
        "precache" => {
            no_more(arguments)?;
            precache::run()?;
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn no_more(mut arguments: Parser) -> Result<()> {
    match arguments.next()? {
        Some(argument) => Err(argument.unexpected().into()),
        None => Ok(()),
    }
}
