//! Builds everything and serves it, to this machine or to the local network.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use fast_qr::QRBuilder;

use crate::{
    authority::{self, Authority},
    dist,
    serve::Server,
    setup::{self, Purpose},
    step::Step,
    workspace,
};

/// Who can reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This machine, over HTTP, which browsers call secure on loopback.
    Loopback,
    /// The local network, over HTTPS.
    Lan,
}

pub const PORT: u16 = 8710;

/// Serves until the process is ended.
pub fn start(reach: Reach, port: u16) -> Result<()> {
    let tools = setup::ensure(&[Purpose::Player])?;
    let site = workspace::root().join("dist");
    dist::make(&tools, &site)?;
    let step = Step {
        what: "the server",
        about: "1 second",
        remedy: "if the address is in use, choose another port: `cargo xtask start --port 8800`",
    };
    match reach {
        Reach::Loopback => {
            let server = step.run(|| Server::on_loopback(&site, port))?;
            println!("\nEnduring is at {}\nCtrl-C ends it.", server.url());
            wait()
        }
        Reach::Lan => {
            let address = authority::lan_address().context("`--lan` needs a local network")?;
            let authority = Authority::kept_in(&tools.dir().join("authority"))?;
            let identity = authority.identity_for(address)?;
            let (server, helper) = step.run(|| {
                let server = Server::over_tls(&site, SocketAddr::from((address, port)), &identity)?;
                let helper = Server::of_one_document(
                    SocketAddr::from((address, port.wrapping_add(1))),
                    "application/x-x509-ca-cert",
                    authority.certificate()?,
                )?;
                Ok((server, helper))
            })?;
            println!("{}", explanation(&server.url(), &helper.url(), &authority)?);
            wait()
        }
    }
}

fn wait() -> ! {
    loop {
        std::thread::park();
    }
}

/// What a person with a phone in the hand has to do, once per device.
fn explanation(page: &str, helper: &str, authority: &Authority) -> Result<String> {
    let certificate = format!("{helper}/enduring-authority.crt");
    Ok(format!(
        "
A phone keeps answers and signs records only on a secure page, so each device is told once to trust this
machine's own authority. It can vouch for private addresses only, never for a site of the Internet; remove
it from the device when you are done.

1. Trust the authority, once per device: {certificate}
{}
   iPhone, iPad   open the address in Safari and allow the download;
                  Settings > General > VPN & Device Management > install the profile;
                  Settings > General > About > Certificate Trust Settings > switch it on
   Android        open the address, keep the file;
                  Settings > Security > Encryption & credentials > Install a certificate > CA certificate
   Firefox        Settings > Privacy & Security > Certificates > View Certificates > Authorities > Import
   macOS          open the file in Keychain Access, then set it to Always Trust
   Windows        open the file, Install Certificate, Trusted Root Certification Authorities
   Linux          Chromium: Settings > Privacy > Security > Manage certificates > Authorities > Import
   The file is also here: {}

2. Open Enduring: {page}
{}
Ctrl-C ends it.",
        qr(&certificate)?,
        authority.certificate_path().display(),
        qr(page)?
    ))
}

/// White on black whatever the terminal's colors are, with a margin of four
/// modules (one is in the code already), as readers expect it.
fn qr(text: &str) -> Result<String> {
    let code = QRBuilder::new(text).build().map_err(|error| anyhow::anyhow!("QR code: {error:?}"))?;
    let code = code.to_str();
    let width = code.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    let row = |line: &str| format!("   \x1b[97;40m███{line:█<width$}███\x1b[0m");
    Ok(std::iter::once("").chain(code.lines()).chain([""]).map(row).collect::<Vec<_>>().join("\n"))
}
