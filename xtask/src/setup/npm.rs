//! wasm-opt, terser, axe-core and jose, from npm with the digests of `tools/package-lock.json`.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;

use super::debian;
use crate::{process, step::Step, tools::Tools, workspace};

pub fn ensure(tools: &Tools) -> Result<()> {
    let pinned = pinned()?;
    let present = || {
        pinned.iter().all(|(name, version)| {
            installed_version(&tools.npm_package(name)).is_some_and(|found| found == *version)
        })
    };
    if present() {
        return debian::ensure_node();
    }
    debian::ensure_node()?;
    let step = Step {
        what: "binaryen (wasm-opt), terser, axe-core and jose from npm",
        about: "10 seconds",
        remedy: "see what npm says above; it needs its registry",
    };
    step.ensure(present, || install(tools))
}

/// The packages and exact versions that `tools/package.json` names.
fn pinned() -> Result<Vec<(String, String)>> {
    let path = workspace::root().join("xtask/tools/package.json");
    let manifest = json(&path)?;
    let dependencies = manifest["dependencies"].as_object().context("package.json: dependencies")?;
    let pair = |(name, version): (&String, &Value)| Some((name.clone(), version.as_str()?.to_owned()));
    Ok(dependencies.iter().filter_map(pair).collect())
}

fn installed_version(package: &Path) -> Option<String> {
    Some(json(&package.join("package.json")).ok()?["version"].as_str()?.to_owned())
}

fn json(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
}

/// Installs beside the final folder and renames, so that it is whole or absent.
fn install(tools: &Tools) -> Result<()> {
    let done = tools.dir().join("npm");
    let partial = tools.dir().join("npm.partial");
    for dir in [&done, &partial] {
        if dir.exists() {
            fs::remove_dir_all(dir).with_context(|| format!("removing {}", dir.display()))?;
        }
    }
    fs::create_dir_all(&partial).with_context(|| format!("making {}", partial.display()))?;
    for name in ["package.json", "package-lock.json"] {
        let from = workspace::root().join("xtask/tools").join(name);
        fs::copy(&from, partial.join(name)).with_context(|| format!("copying {}", from.display()))?;
    }
    process::run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&partial),
    )?;
    fs::rename(&partial, &done).with_context(|| format!("making {}", done.display()))
}
