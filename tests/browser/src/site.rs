//! A site of a test's own: `dist/` as it is deployed, on a port of its own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xtask::serve::Server;

/// A deployment under test.
pub struct Site {
    /// The server, which counts requests and can be stopped.
    pub server: Server,
    /// The folder that is served.
    pub root: PathBuf,
}

impl Site {
    /// Serves the deployment that `cargo xtask test` made.
    pub fn up() -> Result<Self> {
        let root = dist()?;
        Ok(Self { server: Server::on_loopback(&root, 0)?, root })
    }

    /// Serves a copy, which a test may change.
    pub fn copy(into: &Path) -> Result<Self> {
        let root = into.join("site");
        copy(&dist()?, &root)?;
        Ok(Self { server: Server::on_loopback(&root, 0)?, root })
    }
}

/// The deployment: `$ENDURING_DIST`, else `dist/` of the workspace.
pub fn dist() -> Result<PathBuf> {
    let dist = std::env::var_os("ENDURING_DIST")
        .map_or_else(|| xtask::workspace::root().join("dist"), PathBuf::from);
    ensure!(
        dist.join("index.html").exists(),
        "{}: expected a deployment; run `cargo xtask dist`",
        dist.display()
    );
    Ok(dist)
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target).with_context(|| format!("writing {}", target.display()))?;
        }
    }
    Ok(())
}
