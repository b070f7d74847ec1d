//! The figures of the player in a browser, which the crate of the browser tests takes: it
//! knows WebDriver, and this one builds what it is to visit.

use std::process::Command;

use anyhow::Result;

use super::bank;
use crate::{
    dist, process,
    setup::{self, Purpose},
    workspace,
};

/// Builds the player, the sample packs and two banks of items, and measures in Chromium.
pub fn run() -> Result<()> {
    let tools = setup::ensure(&[Purpose::Player, Purpose::Browsers])?;
    let site = workspace::target().join("bench-page");
    let enduring = dist::enduring()?;
    dist::make_with(&tools, &enduring, &site)?;
    let banks = bank::sources(&workspace::target().join("bench-banks"))?;
    dist::packs_of(&tools, &enduring, &site, &banks)?;
    let mut cargo = Command::new("cargo");
    cargo.current_dir(workspace::root());
    cargo.args(["run", "--quiet", "--package", "enduring-browser-tests", "--bin", "bench-page"]);
    cargo.env("PATH", tools.path()?).env("ENDURING_TOOLS", tools.dir()).env("ENDURING_DIST", site);
    process::run(&mut cargo)
}
