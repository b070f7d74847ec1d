//! The real `enduring serve` over a visit's site, with a ledger of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::Visit;

/// A walk takes seconds where a learner takes half an hour: effort is for people to judge.
const POLICY: &str = "[verify]\nshort = \"accept\"\nfast = \"accept\"\nover_active = \"accept\"\n";

/// A provider whose server can be killed and started again; it ends with the value.
pub struct Provider {
    /// Its ledger and keys are here.
    folder: PathBuf,
    /// The player and its packs.
    site: PathBuf,
    name: String,
    address: SocketAddr,
    server: Option<Child>,
}

impl Provider {
    /// Opens for business on the visit's site, with a key that signed no pack and an empty
    /// ledger. `policy` goes into the table `[verify]`.
    pub fn open(visit: &Visit, name: &str, policy: &str) -> Result<Self> {
        let folder = visit.folder.join("provider");
        let site = visit.site.root.clone();
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("policy.toml"), [POLICY, policy].concat())?;
        let deployment = std::fs::read_to_string(site.join("deployment.json"))?;
        let deployment: Value = serde_json::from_str(&deployment)?;
        std::fs::write(folder.join("issuers.json"), deployment["issuers"].to_string())?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut provider = Self { folder, site, name: name.to_owned(), address, server: None };
        provider.run(&["key", "new", "--out", "key.pem"])?;
        std::fs::write(provider.folder.join("keys.json"), provider.run(&["key", "show", "key.pem"])?)?;
        provider.start()?;
        Ok(provider)
    }

    /// Starts the server, on the same address as before, and waits until it takes connections.
    pub fn start(&mut self) -> Result<()> {
        self.kill();
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("serve.log"))?;
        let mut server = self
            .command(&["serve", "--listen", &self.address.to_string(), "--site"])
            .arg(&self.site)
            .args(["--database", "ledger.sqlite", "--key", "key.pem", "--issuers", "issuers.json"])
            .args(["--policy", "policy.toml", "--accept-rehearsal", "--provider", &self.name])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("starting enduring serve")?;
        let out = server.stdout.take().context("the server's output")?;
        self.server = Some(server);
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on http://");
        self.address = address.with_context(|| format!("expected an address, found {line:?}"))?.parse()?;
        Ok(())
    }

    /// Kills the server, as a power failure would.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            // One that has ended already is what is wanted.
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Where the server listens, running or not.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a browser takes it, without a final slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The link of a new ticket for a learner.
    pub fn ticket(&self, name: &str) -> Result<String> {
        let site = format!("{}/", self.url());
        let packs = self.site.join("packs").display().to_string();
        let link = self.run(&[
            "enrol",
            "ticket",
            "--database",
            "ledger.sqlite",
            "--key",
            "key.pem",
            "--packs",
            &packs,
            "--issuers",
            "issuers.json",
            "--provider",
            &self.name,
            "--name",
            name,
            "--site",
            &site,
        ])?;
        Ok(link.trim().to_owned())
    }

    /// Adds an administrator of the desk.
    pub fn staff(&self, name: &str, password: &str) -> Result<()> {
        std::fs::write(self.folder.join("password"), password)?;
        let add = ["staff", "add", name, "--role", "administrator", "--password-file", "password"];
        self.run(&[add.as_slice(), &["--database", "ledger.sqlite"]].concat()).map(drop)
    }

    /// How many rows of a kind the ledger has, by a copy that is taken now.
    pub fn rows(&self, kind: &str) -> Result<usize> {
        let copied = self.folder.join("copy.jsonl");
        let _ = std::fs::remove_file(&copied);
        self.run(&["ledger", "backup", "--database", "ledger.sqlite", "--out", "copy.jsonl"])?;
        let mut found = 0;
        for line in std::fs::read_to_string(&copied)?.lines() {
            let line: Value = serde_json::from_str(line)?;
            found += usize::from(line["entry"]["kind"] == kind);
        }
        Ok(found)
    }

    /// Checks every row of the ledger, once what waits is linked and signed.
    pub fn audit(&self) -> Result<()> {
        self.run(&[
            "ledger",
            "checkpoint",
            "--database",
            "ledger.sqlite",
            "--key",
            "key.pem",
            "--out",
            "checkpoint.jws",
        ])?;
        let told = self.run(&[
            "ledger",
            "verify",
            "--database",
            "ledger.sqlite",
            "--keys",
            "keys.json",
            "--checkpoint",
            "checkpoint.jws",
            "--json",
        ])?;
        let told: Value = serde_json::from_str(&told)?;
        let sound = told["altered"].is_null() && told["waiting"] == 0 && told["rows"].as_u64() > Some(0);
        ensure!(sound, "expected a sound ledger, found {told}");
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(enduring());
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    /// What a command says; one that fails is an error.
    fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).output().with_context(|| format!("running {arguments:?}"))?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "enduring {arguments:?}: {}: {errors}", output.status);
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The command, as `cargo xtask dist` built it.
fn enduring() -> PathBuf {
    xtask::workspace::target().join("debug/enduring")
}
