//! The Python in which the outside judges are.

use std::env;
use std::path::PathBuf;

/// The Python of the project's tools. Under `cargo xtask test` it must be there.
pub fn python() -> Option<PathBuf> {
    let tools = env::var_os("ENDURING_TOOLS").map(PathBuf::from);
    let asked = tools.is_some();
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/enduring/tools"));
    let python = tools.or(home)?.join("venv/bin/python");
    assert!(!asked || python.exists(), "expected {}, found nothing", python.display());
    python.exists().then_some(python)
}
