//! The release build of the player, by Trunk, into `target/player`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{digest::Fingerprint, process, step::Step, tools::Tools, workspace};

/// Everything that the built player depends on. Add here what Trunk.toml or
/// app/index.html begins to read.
const INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
    "app",
    "core/Cargo.toml",
    "core/src",
    "public",
    "xtask/src/minify.rs",
    "xtask/src/precache.rs",
    "xtask/src/split",
    "xtask/src/wasm.rs",
    "xtask/tools/package-lock.json",
];

/// Environment that changes what cargo builds.
const VARIABLES: &[&str] =
    &["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_PROFILE_RELEASE_LTO"];

pub fn folder() -> PathBuf {
    workspace::target().join("player")
}

/// Builds the player unless `target/player` is what these inputs gave before.
pub fn build(tools: &Tools) -> Result<PathBuf> {
    let dist = folder();
    let stamp = workspace::target().join("player.stamp");
    let inputs = inputs(tools)?;
    if fs::read_to_string(&stamp).is_ok_and(|text| text == stamp_of(&inputs, &dist)) {
        eprintln!("==> the player is up to date in {}", dist.display());
        return Ok(dist);
    }
    let step = Step {
        what: "the player, a release build by Trunk",
        about: "3 minutes at first, 40 seconds after a change",
        remedy: "see the first error above; `cargo xtask setup` brings missing tools",
    };
    step.run(|| {
        let mut trunk = tools.command("trunk")?;
        trunk.args(["build", "--release", "--dist"]).arg(&dist);
        // Trunk 0.21 wants true or false here and refuses the usual NO_COLOR=1.
        trunk.env_remove("NO_COLOR");
        process::run(&mut trunk)
    })?;
    fs::write(&stamp, stamp_of(&inputs, &dist)).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(dist)
}

/// Inputs and outputs in one line each: a build that was interrupted or changed
/// by hand is built again.
fn stamp_of(inputs: &str, dist: &Path) -> String {
    let mut outputs = Fingerprint::default();
    match outputs.path(dist, ".") {
        Ok(()) => format!("inputs {inputs}\noutputs {}\n", outputs.finish()),
        Err(_) => String::from("no outputs"),
    }
}

fn inputs(tools: &Tools) -> Result<String> {
    let mut fingerprint = Fingerprint::default();
    for name in INPUTS {
        fingerprint.path(&workspace::root(), name)?;
    }
    for name in VARIABLES {
        fingerprint.text(name, &env::var(name).unwrap_or_default());
    }
    fingerprint.text("rustc", &process::output(Command::new("rustc").arg("-vV"))?);
    fingerprint.text("wasm-opt", &process::output(tools.command("wasm-opt")?.arg("--version"))?);
    Ok(fingerprint.finish())
}
