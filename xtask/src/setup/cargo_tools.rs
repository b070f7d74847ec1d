//! Tools that `cargo install` builds.

use std::{fs, process::Command};

use anyhow::{Context, Result};

use crate::{
    process,
    step::Step,
    tools::{GECKODRIVER, TRUNK, Tools},
};

/// Only orchestrates, so a debug build without its server is enough.
pub fn ensure_trunk(tools: &Tools) -> Result<()> {
    ensure(
        tools,
        &CargoTool {
            command: "trunk",
            package: "trunk",
            version: TRUNK,
            about: "5 minutes",
            flags: &["--debug", "--no-default-features"],
        },
    )
}

/// Reads and writes the whole wasm file, so a release build.
pub fn ensure_wasm_bindgen(tools: &Tools) -> Result<()> {
    ensure(
        tools,
        &CargoTool {
            command: "wasm-bindgen",
            package: "wasm-bindgen-cli",
            version: tools.wasm_bindgen(),
            about: "3 minutes",
            flags: &[],
        },
    )
}

pub fn ensure_geckodriver(tools: &Tools) -> Result<()> {
    ensure(
        tools,
        &CargoTool {
            command: "geckodriver",
            package: "geckodriver",
            version: GECKODRIVER,
            about: "2 minutes",
            flags: &["--debug"],
        },
    )
}

struct CargoTool<'a> {
    command: &'a str,
    package: &'a str,
    version: &'a str,
    about: &'a str,
    flags: &'a [&'a str],
}

fn ensure(tools: &Tools, tool: &CargoTool) -> Result<()> {
    let step = Step {
        what: &format!("{} {}", tool.package, tool.version),
        about: tool.about,
        remedy: &format!(
            "see what cargo says above; `cargo install {} --version {}` by hand into a folder on \
             PATH serves as well",
            tool.package, tool.version
        ),
    };
    step.ensure(|| answers(tools, tool), || install(tools, tool))
}

fn answers(tools: &Tools, tool: &CargoTool) -> bool {
    let Ok(mut command) = tools.command(tool.command) else {
        return false;
    };
    let said = process::output(command.arg("--version")).unwrap_or_default();
    let expected = format!("{} {}", tool.command, tool.version);
    said.lines().next().is_some_and(|line| line == expected || line.starts_with(&format!("{expected} ")))
}

/// Builds into a folder of another name and renames it, so that what bears the
/// tool's name is always whole.
fn install(tools: &Tools, tool: &CargoTool) -> Result<()> {
    let done = tools.cargo_tool(tool.command, tool.version);
    let partial = done.with_added_extension("partial");
    let build = |locked: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(tools.dir()).args(["install", tool.package, "--version", tool.version]);
        cargo.args(tool.flags).args(locked).args(["--force", "--root"]).arg(&partial);
        process::run(&mut cargo)
    };
    // A lock file may name a version that the registry at hand does not serve.
    build(&["--locked"]).or_else(|error| {
        eprintln!("    {error:#}; again without --locked");
        build(&[])
    })?;
    if done.exists() {
        fs::remove_dir_all(&done).with_context(|| format!("removing {}", done.display()))?;
    }
    fs::rename(&partial, &done).with_context(|| format!("making {}", done.display()))
}
