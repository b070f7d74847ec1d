//! Minifies the staged scripts, in Trunk's `post_build` hook.
//!
//! Trunk's own minifier does not know `export { name as default }`, which
//! wasm-bindgen writes, says so, and leaves the glue as it is; the files it
//! copies it does not touch at all.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{digest, process, tools::Tools};

/// Scripts that are no modules: their top-level names are seen by others.
const CLASSIC: &[&str] = &["sw.js"];

/// Replaces every script in the folder by a smaller one that does the same.
pub fn run(tools: &Tools, staging: &Path) -> Result<()> {
    for name in digest::files(staging)?.iter().filter(|name| name.ends_with(".js")) {
        let path = staging.join(name);
        let mut terser = tools.command("terser")?;
        if !CLASSIC.contains(&name.as_str()) {
            terser.arg("--module");
        }
        terser.args(["--compress", "--mangle", "--"]).arg(&path);
        let smaller = process::output(&mut terser)?;
        fs::write(&path, smaller).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}
