//! A driver's process, ended with everything that it started.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use xtask::tools::Tools;

use crate::Engine;

/// How long a driver may take to answer; Firefox on a loaded machine takes longest.
const UP: Duration = Duration::from_secs(60);

/// A running driver.
pub struct Driver {
    child: Child,
    /// Where it listens.
    pub url: String,
    /// What browsers that are killed leave behind; gone with the driver. Its path is short,
    /// since Chromium puts a socket into it.
    _temporary: TempDir,
}

impl Driver {
    /// Starts the engine's driver and waits until it listens.
    pub fn start(engine: Engine) -> Result<Self> {
        let port = free_port()?;
        let words = engine.driver(port, free_port()?);
        let (program, arguments) = words.split_first().context("a driver has a name")?;
        let temporary = tempfile::tempdir()?;
        let tools = Tools::find()?;
        let child = tools
            .command(program)?
            .args(arguments)
            .env("TMPDIR", temporary.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {program}; `cargo xtask setup` installs it"))?;
        let driver = Self { child, url: format!("http://127.0.0.1:{port}"), _temporary: temporary };
        let since = Instant::now();
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if since.elapsed() > UP {
                bail!("{program} did not listen within {} seconds", UP.as_secs());
            }
            std::thread::yield_now();
        }
        Ok(driver)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends the driver and every process that it started, browsers included, at once.
    pub fn kill(&mut self) {
        let group = format!("-{}", self.child.id());
        // A group that is gone already is what is wanted.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
