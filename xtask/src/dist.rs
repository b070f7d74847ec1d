//! `dist/`: the player, the sample packs and what a host needs to serve them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{
    digest,
    encode::{Coding, encode},
    headers, hosting, player, process,
    step::Step,
    tools::Tools,
    workspace,
};

const DEPLOYMENT: &str = "deployment.json";

/// Builds the player and the sample packs and lays them out in `out`.
///
/// Everything is made beside `out` and put in its place at the end, so that a
/// failure leaves what was there.
pub fn make(tools: &Tools, out: &Path) -> Result<()> {
    make_with(tools, &enduring()?, out)
}

/// As `make`, with an `enduring` that is built already.
pub fn make_with(tools: &Tools, enduring: &Path, out: &Path) -> Result<()> {
    ensure!(
        !out.exists() || out.join(DEPLOYMENT).exists(),
        "{}: expected a folder that this command made, found another; it would be replaced",
        out.display()
    );
    let player = player::build(tools)?;
    let partial = out.with_added_extension("partial");
    remove(&partial)?;
    copy(&player, &partial)?;
    let step = Step {
        what: "the sample packs, their catalogue and deployment.json",
        about: "5 seconds",
        remedy: "`enduring build` names the file and line of what it refuses",
    };
    step.run(|| packs(tools, enduring, &partial))?;
    let hashed: Vec<String> = digest::files(&partial)?
        .into_iter()
        .map(|name| format!("/{name}"))
        .filter(|path| headers::is_hashed(path))
        .collect();
    write(&partial.join("_headers"), &hosting::headers_file(&hashed))?;
    compressed(&partial, &hashed)?;
    remove(out)?;
    fs::rename(&partial, out).with_context(|| format!("making {}", out.display()))
}

/// Puts compressed copies beside what every first visit loads, for hosts that hand those
/// out as they are: `enduring serve`, and nginx and Caddy where they are told to.
fn compressed(site: &Path, hashed: &[String]) -> Result<()> {
    let step = Step {
        what: "compressed copies of the player",
        about: "5 seconds, a minute at first",
        remedy: "see the error above",
    };
    step.run(|| {
        for name in hashed.iter().map(|path| path.trim_start_matches('/')).chain(["index.html"]) {
            let file = site.join(name);
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            for coding in [Coding::Brotli, Coding::Gzip] {
                let copy = file.with_added_extension(coding.ending());
                fs::write(&copy, encode(coding, &bytes)?)
                    .with_context(|| format!("writing {}", copy.display()))?;
            }
        }
        Ok(())
    })
}

/// The `enduring` command of this checkout.
pub fn enduring() -> Result<PathBuf> {
    let step = Step {
        what: "the `enduring` command",
        about: "2 minutes at first",
        remedy: "see the first error above",
    };
    step.run(|| {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(workspace::root()).args(["build", "--quiet", "--package", "enduring-provider"]);
        process::run(&mut cargo)
    })?;
    Ok(workspace::target().join("debug/enduring"))
}

/// Builds every folder of `content-packs/` into `packs/` and signs a catalogue.
pub fn packs(tools: &Tools, enduring: &Path, site: &Path) -> Result<()> {
    let sources = workspace::root().join("content-packs");
    let mut folders: Vec<PathBuf> = fs::read_dir(&sources)
        .with_context(|| format!("reading {}", sources.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    packs_of(tools, enduring, site, &folders)
}

/// Builds authors' folders into `packs/`, and signs a catalogue of all that is there then.
pub fn packs_of(tools: &Tools, enduring: &Path, site: &Path, folders: &[PathBuf]) -> Result<()> {
    let key = sample_key(tools, enduring)?;
    let packs = site.join("packs");
    for folder in folders {
        let build = &mut Command::new(enduring);
        process::run(build.arg("build").arg(folder).arg("--key").arg(&key).arg("--out").arg(&packs))?;
    }
    let catalogue = &mut Command::new(enduring);
    catalogue.arg("catalogue").arg(&packs).arg("--key").arg(&key);
    process::run(catalogue.arg("--out").arg(site.join("catalogue.jws")))?;
    let issuers = process::output(Command::new(enduring).args(["key", "show"]).arg(&key))?;
    let issuers: Value = serde_json::from_str(&issuers).context("the output of `enduring key show`")?;
    write(&site.join("issuers.json"), &(serde_json::to_string_pretty(&issuers)? + "\n"))?;
    write(&site.join(DEPLOYMENT), &deployment(&issuers)?)
}

/// Tells the player whose packs it may trust, where they are listed, and where
/// a record may be sent: nowhere, on a folder of files.
fn deployment(issuers: &Value) -> Result<String> {
    let deployment = json!({
        "format": "enduring-deployment/1",
        "catalogues": ["catalogue.jws"],
        "issuers": issuers,
        "intakes": [],
    });
    Ok(serde_json::to_string_pretty(&deployment)? + "\n")
}

/// Where the key of the sample provider is on this machine.
pub fn sample_key_file(tools: &Tools) -> PathBuf {
    tools.dir().join("sample-provider-key.pem")
}

/// The key of the sample provider, made once per machine and never committed.
/// It outlives `cargo clean`, so that a device which has a sample pack goes on
/// trusting the next version.
fn sample_key(tools: &Tools, enduring: &Path) -> Result<PathBuf> {
    let key = sample_key_file(tools);
    if !key.exists() {
        process::run(Command::new(enduring).args(["key", "new", "--out"]).arg(&key))?;
    }
    Ok(key)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for name in digest::files(from)? {
        let target = to.join(&name);
        let folder = target.parent().unwrap_or(to);
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        fs::copy(from.join(&name), &target).with_context(|| format!("copying {name}"))?;
    }
    Ok(())
}

fn remove(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("removing {}", dir.display()))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
