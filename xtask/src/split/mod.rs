//! The player in two parts, in Trunk's `post_build` hook: what shows home, the library and an
//! activity comes first, and the rest while the learner reads (decision 0013).
//!
//! The parts of the app that come later are named in `app/late.txt`.

mod glue;
mod parts;
mod plan;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use self::{parts::Split, plan::Late};
use crate::{digest, process, tools::Tools, wasm::Wasm, workspace};

/// The export of the player that brings the second part at once.
const BRING: &str = "bringLate";
/// What the wasm may use: no more, since browsers refuse what wasm-opt writes with every feature on.
const FEATURES: &[&str] = &[
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Bytes of a function that stays in any case: a step to another would have half as many.
const SMALL: usize = 64;
/// How the name of the first part ends.
const FIRST: &str = "_bg.wasm";

/// Splits the staged wasm, and names the parts and the glue by what is in them.
pub fn run(tools: &Tools, staging: &Path) -> Result<()> {
    let Names { stem, hash } = names(staging)?;
    let first = staging.join(format!("{stem}-{hash}{FIRST}"));
    let second = staging.join(format!("{stem}-late-{hash}.wasm"));
    let glue = staging.join(format!("{stem}-{hash}.js"));
    let list = fs::read_to_string(workspace::root().join("app/late.txt")).context("reading app/late.txt")?;
    let whole = fs::read(&first).with_context(|| format!("reading {}", first.display()))?;
    let glue_text = fs::read_to_string(&glue).with_context(|| format!("reading {}", glue.display()))?;
    let wasm = Wasm::read(&whole)?;
    let (glue_text, names) = glue::shorten(&glue_text, &wasm.imported)?;
    fs::write(&glue, glue_text).with_context(|| format!("writing {}", glue.display()))?;
    let (one, other) = split(&whole, &wasm, &Late { paths: paths(&list), small: SMALL }, &names)?;
    for (path, part) in [(&first, one), (&second, other)] {
        fs::write(path, part).with_context(|| format!("writing {}", path.display()))?;
        let mut smaller = tools.command("wasm-opt")?;
        smaller.args(["-Oz", "--strip-debug"]).args(FEATURES).arg(path).arg("-o").arg(path);
        process::run(&mut smaller)?;
    }
    // What a host keeps for good has a name that no other bytes ever had.
    let mut bytes = Vec::new();
    for path in [&first, &second, &glue] {
        bytes.extend(fs::read(path).with_context(|| format!("reading {}", path.display()))?);
    }
    let new = digest::hex(&digest::of_bytes(&bytes)[..8]);
    for path in [&glue, &staging.join("index.html")] {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        fs::write(path, text.replace(&hash, &new)).with_context(|| format!("writing {}", path.display()))?;
    }
    for path in [&first, &second, &glue] {
        fs::rename(path, renamed(path, &hash, &new))
            .with_context(|| format!("renaming {}", path.display()))?;
    }
    Ok(())
}

fn renamed(path: &Path, hash: &str, new: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().replace(hash, new);
    path.with_file_name(name)
}

/// The first part and the second.
fn split(
    bytes: &[u8],
    wasm: &Wasm,
    late: &Late<'_>,
    glue: &BTreeMap<String, String>,
) -> Result<(Vec<u8>, Vec<u8>)> {
    let table = parts::table_of(wasm)?;
    let slots = u32::try_from(wasm.tables[usize::try_from(table)?].initial)?;
    let plan = plan::plan(wasm, late, slots)?;
    let bring = wasm.exported(BRING)?;
    ensure!(!plan.late.contains(&bring), "`{BRING}` is to come first, and is among what comes later");
    let split = Split { bytes, wasm, plan: &plan, table, bring, glue };
    Ok((split.first()?, split.second()?))
}

/// The lines that are neither empty nor comments.
fn paths(list: &str) -> Vec<&str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// What Trunk called the wasm.
struct Names {
    stem: String,
    hash: String,
}

fn names(staging: &Path) -> Result<Names> {
    let files = digest::files(staging)?;
    let mut found = files.iter().filter_map(|name| name.strip_suffix(FIRST)?.rsplit_once('-'));
    let (stem, hash) = found.next().with_context(|| format!("expected a file *-*{FIRST}, found none"))?;
    Ok(Names { stem: stem.to_owned(), hash: hash.to_owned() })
}
