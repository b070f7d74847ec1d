//! What comes from Debian's packages: browsers, their drivers, Node, Python, PostgreSQL.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{process, step::Step};

const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-driver",
    "firefox-esr",
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "fonts-dejavu-core",
    "fonts-liberation",
    "fonts-noto-core",
];

/// Chromium, Firefox and WebKit with what drives and shows them.
pub fn ensure_browsers() -> Result<()> {
    let missing: Vec<_> = BROWSERS.iter().copied().filter(|name| !is_installed(name)).collect();
    let step = Step {
        what: &format!("browsers and drivers: {}", missing.join(", ")),
        about: "2 minutes",
        remedy: &by_hand(&missing),
    };
    step.ensure(|| BROWSERS.iter().all(|name| is_installed(name)), || install(&missing))
}

/// Node and npm, which run wasm-opt; any that is on PATH will do.
pub fn ensure_node() -> Result<()> {
    let present =
        || ["node", "npm"].iter().all(|name| process::succeeds(Command::new(name).arg("--version")));
    let packages = ["nodejs", "npm"];
    let step = Step { what: "Node and npm", about: "1 minute", remedy: &by_hand(&packages) };
    step.ensure(present, || install(&packages))
}

/// A Python 3 that can make virtual environments.
pub fn ensure_python() -> Result<()> {
    let present = || process::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]));
    let packages = ["python3", "python3-venv"];
    let step = Step { what: "Python 3", about: "1 minute", remedy: &by_hand(&packages) };
    step.ensure(present, || install(&packages))
}

/// PostgreSQL's server programs, which the tests of the ledger start by themselves; any
/// on PATH will do, and Debian's stand beside it.
pub fn ensure_postgres() -> Result<()> {
    let present = || {
        process::succeeds(Command::new("initdb").arg("--version"))
            || std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut versions| {
                versions
                    .any(|version| version.is_ok_and(|version| version.path().join("bin/initdb").exists()))
            })
    };
    let packages = ["postgresql"];
    let step = Step { what: "PostgreSQL", about: "1 minute", remedy: &by_hand(&packages) };
    step.ensure(present, || install(&packages))
}

/// SQLite's shell, which makes a ledger large.
pub fn ensure_sqlite() -> Result<()> {
    let present = || process::succeeds(Command::new("sqlite3").arg("--version"));
    let packages = ["sqlite3"];
    let step = Step { what: "SQLite's shell", about: "10 seconds", remedy: &by_hand(&packages) };
    step.ensure(present, || install(&packages))
}

fn by_hand(packages: &[&str]) -> String {
    format!(
        "as root: `apt-get update && apt-get install --no-install-recommends {}`; on another \
         system, install the same programs by its own means",
        packages.join(" ")
    )
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    let status = process::output(query.args(["-W", "-f=${db:Status-Status}", package]));
    status.is_ok_and(|status| status == "installed")
}

fn install(packages: &[&str]) -> Result<()> {
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("this is not Debian or Ubuntu: apt-get is absent");
    }
    apt_get(&["update", "-qq"])?;
    let flags = ["install", "-qq", "-y", "--no-install-recommends"];
    apt_get(&[&flags[..], packages].concat())
}

/// As root directly, else through sudo, which asks for the password itself.
fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = if is_root()? {
        Command::new("env")
    } else if process::succeeds(Command::new("sudo").arg("--version")) {
        eprintln!("    sudo is needed for apt-get and may ask for your password");
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    } else {
        bail!("apt-get needs root, and this user is not root and has no sudo");
    };
    process::run(command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments))
}

fn is_root() -> Result<bool> {
    Ok(process::output(Command::new("id").arg("-u"))?.trim() == "0")
}
