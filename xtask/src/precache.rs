//! Trunk's `post_build` hook: makes the scripts small, splits the wasm, and tells the service worker what
//! the shell is.
//!
//! Prepends `const VERSION="…", SHELL=[["./","sha256-…"],…];` to the staged
//! `sw.js`: every staged file but `sw.js` itself, under its final name, with its
//! digest in the form of a subresource-integrity value, so that an install over
//! a half-deployed site fails as a whole instead of mixing two builds.

use std::{env, fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{digest, minify, split, tools::Tools};

const WORKER: &str = "sw.js";
const MARK: &str = "const VERSION=";

/// Runs in Trunk's hook, which names the folder of the staged files.
pub fn run() -> Result<()> {
    let staging = env::var_os("TRUNK_STAGING_DIR")
        .context("TRUNK_STAGING_DIR is not set: this command is the post_build hook of Trunk")?;
    // First, because the list holds digests.
    let tools = Tools::find()?;
    minify::run(&tools, Path::new(&staging))?;
    split::run(&tools, Path::new(&staging))?;
    write(Path::new(&staging))
}

fn write(staging: &Path) -> Result<()> {
    let path = staging.join(WORKER);
    let worker = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    if worker.contains(MARK) {
        bail!("{}: expected no list yet, found `{MARK}`", path.display());
    }
    let list = list(staging, &worker)?;
    fs::write(&path, list + &worker).with_context(|| format!("writing {}", path.display()))
}

/// The version is derived from names and contents alone: the same build gives
/// the same version, and any changed byte another.
fn list(staging: &Path, worker: &str) -> Result<String> {
    let mut entries = Vec::new();
    for name in digest::files(staging)?.iter().filter(|name| *name != WORKER) {
        let bytes = fs::read(staging.join(name)).with_context(|| format!("reading {name}"))?;
        let url = if name == "index.html" { "./" } else { name };
        let integrity = format!("sha256-{}", base64(&digest::of_bytes(&bytes)));
        entries.push(serde_json::to_string(&[url, &integrity])?);
    }
    let shell = entries.join(",");
    let version = digest::hex(&digest::of_bytes(format!("{shell}\n{worker}").as_bytes())[..8]);
    Ok(format!("{MARK}\"{version}\", SHELL=[{shell}];\n"))
}

/// Standard Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let word = (0..3).fold(0u32, |word, at| word << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let sextet = (word >> (18 - 6 * at)) & 63;
            text.push(if at <= group.len() { char::from(DIGITS[sextet as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Staged(std::path::PathBuf);

    impl Staged {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let dir = env::temp_dir().join(format!("precache-{name}-{}", std::process::id()));
            fs::create_dir_all(dir.join("icons")).unwrap();
            for (file, text) in files {
                fs::write(dir.join(file), text).unwrap();
            }
            Self(dir)
        }

        fn worker(&self) -> String {
            fs::read_to_string(self.0.join(WORKER)).unwrap()
        }
    }

    impl Drop for Staged {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    const FILES: &[(&str, &str)] =
        &[("index.html", "<p>"), ("app-1f.js", "run()"), ("icons/a.svg", "<svg/>"), ("sw.js", "go()")];

    #[test]
    fn the_list_names_all_but_the_worker_and_the_page_as_its_folder() {
        let staged = Staged::new("all", FILES);
        write(&staged.0).unwrap();
        let worker = staged.worker();
        let list = worker.lines().next().unwrap();
        assert!(worker.ends_with("\ngo()"), "{worker}");
        for name in ["\"./\"", "\"app-1f.js\"", "\"icons/a.svg\""] {
            assert!(list.contains(name), "{list}");
        }
        assert!(!list.contains("sw.js") && !list.contains("index.html"), "{list}");
        // printf '<p>' | openssl dgst -sha256 -binary | base64
        assert!(list.contains("sha256-M/J5lGcXcoeikmB4ChB6yY6mPdYWX2f8wNdHZ9CoIJA="), "{list}");
    }

    #[test]
    fn the_version_follows_the_contents_and_nothing_else() {
        let version = |name, files| {
            let staged = Staged::new(name, files);
            write(&staged.0).unwrap();
            staged.worker().split('"').nth(1).unwrap().to_owned()
        };
        let changed = &[FILES, &[("app-1f.js", "run2()")]].concat();
        let other_worker = &[FILES, &[("sw.js", "go2()")]].concat();
        let first = version("first", FILES);
        assert_eq!(first, version("again", FILES));
        assert_ne!(first, version("changed", changed));
        assert_ne!(first, version("worker", other_worker));
    }

    #[test]
    fn a_second_list_is_refused() {
        let staged = Staged::new("twice", FILES);
        write(&staged.0).unwrap();
        assert!(write(&staged.0).unwrap_err().to_string().contains("expected no list yet"));
    }

    #[test]
    fn base64_of_rfc_4648() {
        let encoded = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|s| base64(s.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}
