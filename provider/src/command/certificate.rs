//! `enduring certificate`: makes certificates from receipts, and verifies them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use enduring_core::measure::Timestamp;
use enduring_core::record::{Compact, RECEIPT_TYP, Receipt};
use serde::Serialize;

use super::{Exit, Failure, Outcome, replace};
use crate::certificate::{
    Facts, QR_PREFIX, Refusal, STATUS_MAX, Settings, Shown, StatusCheck, StatusEntry, Trust, Verified,
    certificate_id, issue, status_list, to_qr, verify,
};
use crate::key::{KeySet, Signer, verifies};
use crate::time;
use crate::verify::{bounded, read_keys};

/// Largest receipt in bytes.
const RECEIPT_MAX: usize = 64 * 1024;

/// Make, revoke or verify certificates
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Make(Box<Make>),
    Revoke(Revoke),
    Verify(Verify),
}

/// Make a certificate from a receipt: a page (.pdf), the same as a credential (.jwt), and the text of its QR code (.txt)
#[derive(clap::Args)]
struct Make {
    /// A signed receipt (.enduring-receipt.jws)
    #[arg(long, value_name = "FILE")]
    receipt: PathBuf,
    /// Key set of those who may sign receipts [default: the signing key alone]
    #[arg(long, value_name = "JWKS")]
    issuers: Option<PathBuf>,
    /// The activity's title
    #[arg(long, value_name = "TEXT")]
    title: String,
    /// The activity's format
    #[arg(long, value_name = "TEXT", default_value = "Enduring material")]
    format: String,
    /// The learner's name as it is to be shown [default: the record's number]
    #[arg(long, value_name = "TEXT")]
    learner_name: Option<String>,
    /// The learner's profession
    #[arg(long, value_name = "TEXT")]
    profession: Option<String>,
    /// How it looks and who signs, as TOML [default: see docs/formats/certificate.md]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The provider's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Address of the status list by which it can be revoked [default: it cannot]
    #[arg(long, value_name = "URL", requires = "status_index")]
    status_url: Option<String>,
    /// Its place in that list, counted from 0
    #[arg(long, value_name = "N", requires = "status_url")]
    status_index: Option<u32>,
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Write the signed list of revoked certificates
#[derive(clap::Args)]
struct Revoke {
    /// The places that are revoked, all of them
    #[arg(value_name = "N")]
    places: Vec<u32>,
    /// The list's address, as in the certificates
    #[arg(long, value_name = "URL")]
    status_url: String,
    /// The settings of the certificates
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The provider's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The file to write; one that is there is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Verify a certificate
///
/// Needs no network. Exit codes: 0 good, 1 refused, 2 wrong usage, or something could
/// not be read.
#[derive(clap::Args)]
struct Verify {
    /// A credential (.jwt), a file with the text of a QR code, or that text itself
    #[arg(value_name = "FILE|QR-TEXT")]
    certificate: String,
    /// Key set of the providers that are trusted, as `enduring key show` prints it
    #[arg(long, value_name = "JWKS")]
    issuers: PathBuf,
    /// The signed list of revoked certificates [default: revocation is not checked]
    #[arg(long, value_name = "FILE")]
    status: Option<PathBuf>,
    /// Verify as of this time, as 2026-11-22T10:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    at: Option<Timestamp>,
    /// Print as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When something cannot be read, made or written.
pub fn run(args: &Args) -> Outcome {
    match &args.action {
        Action::Make(make) => make.run(),
        Action::Revoke(revoke) => revoke.run(),
        Action::Verify(verify) => verify.run(),
    }
}

impl Make {
    fn run(&self) -> Outcome {
        let signer = Signer::read(&self.key)?;
        let issuers = self.issuers.as_deref().map(keys).transpose()?;
        let settings = self.settings.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
        let receipt = receipt(&self.receipt, &signer, issuers.as_ref())?;
        let facts = Facts {
            receipt,
            learner: self.learner_name.clone(),
            profession: self.profession.clone(),
            title: self.title.clone(),
            format: self.format.clone(),
        };
        let status = self.status_url.clone().zip(self.status_index);
        let status = status.map(|(list, index)| StatusEntry { index, list });
        let issued = issue(&facts, &settings, &signer, status.as_ref()).map_err(Failure::flawed)?;
        fs::create_dir_all(&self.out).map_err(|error| format!("{}: {error}", self.out.display()))?;
        let id = certificate_id(&facts.receipt.record);
        let name = id.trim_start_matches("urn:uuid:");
        let qr = to_qr(&issued.jwt).ok_or("the credential has no QR text")? + "\n";
        for (ending, bytes) in
            [("pdf", &issued.pdf[..]), ("jwt", issued.jwt.as_bytes()), ("txt", qr.as_bytes())]
        {
            let path = self.out.join(format!("{name}.{ending}"));
            replace(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
            say!("{}", path.display());
        }
        Ok(Exit::Fine)
    }
}

impl Revoke {
    fn run(&self) -> Outcome {
        let signer = Signer::read(&self.key)?;
        let settings = self.settings.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
        let revoked: BTreeSet<u32> = self.places.iter().copied().collect();
        let list = status_list(&self.status_url, &revoked, &settings, &signer, time::now())?;
        fs::write(&self.out, list).map_err(|error| format!("{}: {error}", self.out.display()))?;
        say!("{}: {} revoked", self.out.display(), revoked.len());
        Ok(Exit::Fine)
    }
}

/// Reads a receipt and checks who signed it.
fn receipt(path: &Path, signer: &Signer, issuers: Option<&KeySet>) -> Result<Receipt, Failure> {
    let text = read(path, RECEIPT_MAX)?;
    let flawed = |found: String| Failure::flawed(format!("{}: {found}", path.display()));
    let signed = Compact::parse(text.trim(), RECEIPT_TYP).map_err(|error| flawed(error.to_string()))?;
    let own = signer.public();
    let key = match issuers {
        Some(issuers) => issuers.get(signed.kid),
        None => (signed.kid == own.thumbprint()).then_some(&own),
    };
    match key {
        None => {
            Err(flawed("expected the signature of an issuer, found a key that is not among them".to_owned()))
        }
        Some(key) if !verifies(key, &signed) => {
            Err(flawed("expected the signature of the key that it names, found another".to_owned()))
        }
        Some(_) => Receipt::read(&signed.payload)
            .ok_or_else(|| flawed("expected a receipt of the format enduring-receipt/1".to_owned())),
    }
}

fn keys(path: &Path) -> Result<KeySet, Failure> {
    let set = read_keys(path)?;
    for warning in &set.warnings {
        remark!("warning: {}: {warning}", path.display());
    }
    Ok(set)
}

fn read(path: &Path, most: usize) -> Result<String, Failure> {
    let bytes = bounded::read(path, most)
        .map_err(|error| format!("{}: {error}", path.display()))?
        .ok_or_else(|| format!("{}: expected at most {most} bytes, found more", path.display()))?;
    if bytes.starts_with(b"%PDF-") {
        let found = "expected a .jwt or the text of a QR code, found a PDF; scan its QR code";
        return Err(format!("{}: {found}", path.display()).into());
    }
    String::from_utf8(bytes).map_err(|_| format!("{}: expected a text, found bytes", path.display()).into())
}

/// The verdict as JSON.
#[derive(Serialize)]
struct Verdict<'a> {
    good: bool,
    #[serde(flatten)]
    refusal: Option<&'a Refusal>,
    #[serde(flatten)]
    verified: Option<&'a Verified>,
}

impl Verify {
    fn run(&self) -> Outcome {
        let issuers = keys(&self.issuers)?;
        let status = self.status.as_deref().map(|path| read(path, STATUS_MAX)).transpose()?;
        let text = if self.certificate.starts_with(QR_PREFIX) {
            self.certificate.clone()
        } else {
            // More than a credential has: that it is too large is a verdict, too.
            read(Path::new(&self.certificate), STATUS_MAX)?
        };
        let now = self.at.unwrap_or_else(time::now);
        let verdict = verify(&text, &Trust { issuers: &issuers, status: status.as_deref(), now });
        if self.json {
            let verdict = Verdict {
                good: verdict.is_ok(),
                refusal: verdict.as_ref().err(),
                verified: verdict.as_ref().ok(),
            };
            say!("{}", serde_json::to_string_pretty(&verdict)?);
        } else {
            match &verdict {
                Ok(verified) => tell(verified),
                Err(refusal) => say!("REFUSED     {}", printable(&refusal.to_string())),
            }
        }
        Ok(if verdict.is_ok() { Exit::Fine } else { Exit::Flawed })
    }
}

/// What others wrote, without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

fn tell(verified: &Verified) {
    let Verified { kid, credential, status } = verified;
    let Shown { issuer, issuer_name, valid_from, valid_until, .. } = credential;
    let line = |label: &str, value: Option<&str>| {
        if let Some(value) = value {
            say!("{label:<12}{}", printable(value));
        }
    };
    if !credential.is_certificate() {
        line(
            "credential",
            Some(&format!("not a certificate of an activity: {}", credential.types.join(", "))),
        );
    }
    line("certificate", credential.name.as_deref());
    line("learner", credential.learner.as_deref());
    line("profession", credential.profession.as_deref());
    line("activity", credential.title.as_deref());
    line("format", credential.format.as_deref());
    line("completed", credential.completed.as_deref());
    for credit in &credential.credits {
        line("credit", Some(&format!("{} {}", credit.amount, credit.name)));
    }
    line("issuer", issuer_name.as_deref());
    line("issuer id", Some(issuer));
    line("signed by", Some(kid));
    line("valid from", valid_from.as_deref());
    line("valid until", valid_until.as_deref());
    line("number", credential.id.as_deref());
    let status = match status {
        StatusCheck::None => "it names no list by which it could be revoked".to_owned(),
        StatusCheck::NotChecked { list } => format!("NOT CHECKED: give --status with the list of {list}"),
        StatusCheck::Valid { list, issued } => {
            format!("not revoked by {list} of {}", issued.as_deref().unwrap_or("no date"))
        }
    };
    line("revocation", Some(&status));
}
