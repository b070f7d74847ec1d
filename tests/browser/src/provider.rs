//! A provider that signs for learners, with the key whose packs the site trusts, and
//! files as a learner gives them to a page.

use anyhow::{Context, Result};
use enduring_core::content::Manifest;
use enduring_core::encode::unbase64url;
use enduring_core::record::{Compact, PublicKey, signing_input};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::path::Path;
use xtask::tools::Tools;

use crate::{Page, Site};

/// A key that signs.
pub struct Signer {
    pair: EcdsaKeyPair,
    public: PublicKey,
}

impl Signer {
    /// The sample provider of `cargo xtask dist`.
    pub fn sample() -> Result<Self> {
        let file = xtask::dist::sample_key_file(&Tools::find()?);
        let pem = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let lines = pem.lines().filter(|line| !line.starts_with("-----"));
        let text: String = lines.collect::<String>().replace('+', "-").replace('/', "_").replace('=', "");
        Self::of(&unbase64url(&text).context("a key in base64")?)
    }

    /// A key that nobody knows.
    pub fn stranger() -> Result<Self> {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Self::of(der.ok().context("a new key")?.as_ref())
    }

    fn of(der: &[u8]) -> Result<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new());
        let pair = pair.ok().context("a P-256 key")?;
        let public = PublicKey::from_point(pair.public_key().as_ref()).context("a point")?;
        Ok(Self { pair, public })
    }

    /// Signs a document.
    pub fn sign(&self, typ: &str, payload: &str) -> Result<String> {
        let input = signing_input(typ, self.public.thumbprint(), payload.as_bytes());
        let signature = self.pair.sign(&SystemRandom::new(), input.as_bytes()).ok().context("signing")?;
        Ok(Compact::join(&input, signature.as_ref().try_into()?))
    }
}

/// Changes a copied site's `deployment.json`.
pub fn deploy(site: &Site, change: impl FnOnce(&mut Value)) -> Result<()> {
    let file = site.root.join("deployment.json");
    let mut deployment: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
    change(&mut deployment);
    std::fs::write(&file, deployment.to_string())?;
    site.server.deploy(site.root.clone());
    Ok(())
}

/// A pack's folder as one file, as the format spells it.
pub fn archive(folder: &Path) -> Result<Vec<u8>> {
    let read = |name: &str| std::fs::read(folder.join(name)).with_context(|| format!("reading {name}"));
    let signed = read("manifest.jws")?;
    let payload = std::str::from_utf8(&signed)?.split('.').nth(1).and_then(unbase64url);
    let manifest = Manifest::read(&payload.context("a payload")?)?;
    let mut out = Vec::new();
    let mut put = |name: &str, bytes: &[u8]| {
        let mut head = [0u8; 512];
        let mut set = |at: usize, text: &str| head[at..at + text.len()].copy_from_slice(text.as_bytes());
        set(0, name);
        set(100, "0000644");
        set(108, "0000000");
        set(116, "0000000");
        set(124, &format!("{:011o}", bytes.len()));
        set(136, "00000000000");
        set(148, "        ");
        set(156, "0");
        set(257, "ustar\x0000");
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&head);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    };
    put("manifest.jws", &signed);
    for file in &manifest.files {
        put(&file.path, &read(&file.path)?);
    }
    out.resize(out.len() + 1024, 0);
    Ok(out)
}

/// Puts files under the site, so that [`pick`] and [`drop_files`] can give them to the page.
pub fn lay(site: &Site, name: &str, bytes: &[u8]) -> Result<()> {
    let folder = site.root.join("given");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(name), bytes)?;
    site.server.deploy(site.root.clone());
    Ok(())
}

/// Fetches files that were laid under the site.
const GIVEN: &str = r#"
    const [names] = arguments, done = arguments[arguments.length - 1];
    Promise.all(names.map(async (name) =>
      new File([await (await fetch("given/" + encodeURIComponent(name))).blob()], name))).then((files) => {
      const given = new DataTransfer();
      for (const file of files) given.items.add(file);
      USE;
      done("");
    }).catch((error) => done(String(error)));
"#;

/// Drops files on the page.
pub async fn drop_files(page: &Page, names: &[&str]) -> Result<()> {
    let script = GIVEN.replace(
        "USE",
        "document.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: given }))",
    );
    let said: String = page.js_async(&script, json!([names])).await?;
    anyhow::ensure!(said.is_empty(), "dropping {names:?}: {said}");
    Ok(())
}

/// Presses what opens a file picker, and picks these files. Drivers cannot answer the
/// picker of an input that is not in the page, so the page is given the files.
pub async fn pick(page: &Page, button: &str, names: &[&str]) -> Result<()> {
    let script = GIVEN.replace(
        "USE",
        "HTMLInputElement.prototype.click = function () {
           delete HTMLInputElement.prototype.click;
           this.files = given.files;
           this.dispatchEvent(new Event('change'));
         }",
    );
    let said: String = page.js_async(&script, json!([names])).await?;
    anyhow::ensure!(said.is_empty(), "picking {names:?}: {said}");
    page.press(button).await
}
