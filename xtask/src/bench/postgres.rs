//! A PostgreSQL server for measuring, where its programs are there. It ends with this
//! process: it runs below a shell that waits for the end of its input.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result, bail};

use crate::process;

/// A server that was started.
pub struct Postgres {
    port: u16,
    socket: PathBuf,
    shell: Child,
}

impl Postgres {
    /// Starts one over a folder, which must not be there; `None` without its programs.
    pub fn start(folder: &Path) -> Result<Option<Self>> {
        let (Some(initdb), Some(postgres)) = (program("initdb"), program("postgres")) else {
            return Ok(None);
        };
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let root = process::output(Command::new("id").arg("-u"))?.trim() == "0";
        if root {
            // The server refuses to run as root.
            process::run(Command::new("chown").arg("postgres").arg(folder))?;
        }
        let as_user = |line: &str| {
            let mut command = Command::new(if root { "su" } else { "sh" });
            if root {
                command.args(["postgres", "-s", "/bin/sh"]);
            }
            command.args(["-c", line]).current_dir("/");
            command
        };
        let data = folder.join("data");
        process::output(&mut as_user(&format!(
            "{} -D {} -U enduring -A trust",
            initdb.display(),
            data.display()
        )))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let serve = format!(
            "{} -D {} -p {port} -c listen_addresses=127.0.0.1 -k {} 2>&1 & server=$!; read _; kill -INT $server; wait",
            postgres.display(),
            data.display(),
            folder.display(),
        );
        let mut shell = as_user(&serve).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(shell.stdout.take().context("its output")?).lines();
        let mut seen = String::new();
        for line in lines.by_ref() {
            let line = line?;
            if line.contains("ready to accept connections") {
                // What it says from here on is read, so that it never waits to be heard.
                thread::spawn(move || lines.for_each(drop));
                return Ok(Some(Self { port, socket: folder.to_owned(), shell }));
            }
            seen = format!("{seen}{line}\n");
        }
        bail!("PostgreSQL did not start:\n{seen}")
    }

    /// A new, empty database, as `--database` takes it.
    pub fn database(&self, name: &str) -> Result<String> {
        process::output(self.psql("postgres")?.args(["-c", &format!("CREATE DATABASE {name}")]))?;
        Ok(format!("postgres://enduring@127.0.0.1:{}/{name}", self.port))
    }

    /// What takes SQL for a database on its input.
    pub fn psql(&self, name: &str) -> Result<Command> {
        let mut psql = Command::new(program("psql").context("psql comes with PostgreSQL, and is not there")?);
        psql.args([
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "enduring",
            "-d",
            name,
            "-p",
            &self.port.to_string(),
        ]);
        psql.arg("-h").arg(&self.socket);
        Ok(psql)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The end of its input ends the server; it is waited for, so that its folder can be removed.
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// A server program where Debian has it, or on PATH.
fn program(name: &str) -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|version| version.path().join("bin").join(name)).collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.sort();
    found.reverse();
    found.extend(std::env::split_paths(&path).map(|folder| folder.join(name)));
    found.into_iter().find(|path| path.exists())
}
