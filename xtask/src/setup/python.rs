//! A Python environment with the outside judges of signatures, certificates, statistics,
//! exports and of the server's interface.

use std::{fs, process::Command};

use anyhow::{Context, Result};

use super::debian;
use crate::{process, step::Step, tools::Tools, workspace};

pub fn ensure(tools: &Tools) -> Result<()> {
    let step = Step {
        what: "a Python environment with the outside judges",
        about: "1 minute",
        remedy: "see what pip says above; it needs Python 3.9 or later and its package index",
    };
    step.ensure(|| answers(tools), || install(tools))
}

/// A virtual environment cannot be renamed, so it is asked instead.
fn answers(tools: &Tools) -> bool {
    const PROBE: &str = "import sys; from importlib.metadata import version as v\n\
        want = [l.strip().split('==') for l in open(sys.argv[1]) if '==' in l]\n\
        assert all(v(n) == w for n, w in want); import duckdb, jwt, cryptography, jsonschema, openapi_spec_validator, scipy, openbadgeslib";
    process::succeeds(Command::new(tools.python()).args(["-c", PROBE]).arg(requirements()))
}

fn install(tools: &Tools) -> Result<()> {
    debian::ensure_python()?;
    let dir = tools.dir().join("venv");
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("removing {}", dir.display()))?;
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&dir))?;
    process::run(
        Command::new(tools.python())
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(requirements()),
    )
}

fn requirements() -> std::path::PathBuf {
    workspace::root().join("xtask/tools/requirements.txt")
}
