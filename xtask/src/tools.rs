//! Where the tools live and how commands find them.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::workspace;

pub const TRUNK: &str = "0.21.14";
pub const GECKODRIVER: &str = "0.37.1";
/// Another optimizer gives other bytes, and Debian's 108 fails on this code.
pub const BINARYEN: &str = "132";

/// The folder of the tools: `$ENDURING_TOOLS`, else `~/.cache/enduring/tools`.
///
/// Outside `target/`, so that `cargo clean` and a second checkout keep them.
#[derive(Clone, Debug)]
pub struct Tools {
    dir: PathBuf,
    wasm_bindgen: String,
}

impl Tools {
    pub fn find() -> Result<Self> {
        let dir = match env::var_os("ENDURING_TOOLS") {
            Some(dir) => std::path::absolute(PathBuf::from(dir))?,
            None => env::home_dir()
                .context("no home folder: set ENDURING_TOOLS to a folder for the tools")?
                .join(".cache/enduring/tools"),
        };
        Ok(Self { dir, wasm_bindgen: workspace::locked_version("wasm-bindgen")? })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The version of wasm-bindgen in `Cargo.lock`; the command must be the same.
    pub fn wasm_bindgen(&self) -> &str {
        &self.wasm_bindgen
    }

    /// The folder of an npm package.
    pub fn npm_package(&self, name: &str) -> PathBuf {
        self.dir.join("npm/node_modules").join(name)
    }

    /// The Python that has the outside judges' libraries.
    pub fn python(&self) -> PathBuf {
        self.dir.join("venv/bin/python")
    }

    /// `PATH` with our tools in front of the machine's.
    pub fn path(&self) -> Result<OsString> {
        let ours = [
            self.cargo_tool("trunk", TRUNK).join("bin"),
            self.cargo_tool("wasm-bindgen", &self.wasm_bindgen).join("bin"),
            self.cargo_tool("geckodriver", GECKODRIVER).join("bin"),
            self.dir.join("npm/node_modules/.bin"),
        ];
        let machine = env::var_os("PATH").unwrap_or_default();
        Ok(env::join_paths(ours.into_iter().chain(env::split_paths(&machine)))?)
    }

    /// A command that finds our tools first.
    pub fn command(&self, program: &str) -> Result<Command> {
        let mut command = Command::new(program);
        command.env("PATH", self.path()?).current_dir(workspace::root());
        Ok(command)
    }

    /// The folder of a tool that `cargo install` made.
    pub(crate) fn cargo_tool(&self, name: &str, version: &str) -> PathBuf {
        self.dir.join(format!("{name}-{version}"))
    }

    /// Makes others wait while this process installs; released on drop.
    pub(crate) fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.dir).with_context(|| format!("making {}", self.dir.display()))?;
        let path = self.dir.join(".lock");
        let file = File::create(&path).with_context(|| format!("opening {}", path.display()))?;
        file.lock().with_context(|| format!("locking {}", path.display()))?;
        Ok(file)
    }
}
