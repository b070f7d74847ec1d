//! The packs of the vectors. Built once, from `source/`, and signed by keys that are
//! gone with the process.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use enduring_core::content::{Activity, Content, MANIFEST_TYP, PartBody};
use enduring_core::id::ActivityId;
use enduring_core::measure::Minutes;
use enduring_provider::author;
use enduring_provider::key::{Signer, jwks};
use enduring_provider::pack::{self, Assembled, Collision, write_folder};

pub struct Packs {
    /// One of everything.
    pub full: Content,
    /// Without consents, evaluation and reading.
    pub plain: Content,
    /// A pack that no issuer signed, and that is at hand only where a vector says so.
    pub stranger: Content,
}

pub fn open_or_build(root: &Path) -> Result<Packs, Box<dyn Error>> {
    if !root.join("packs").exists() {
        build(root)?;
    }
    let open = |path: &str| pack::open(&root.join(path)).map(|pack| pack.content);
    Ok(Packs {
        full: open("packs/vectors/1.0.0")?,
        plain: open("packs/plain/1.0.0")?,
        stranger: open("packs-stranger/stranger/1.0.0")?,
    })
}

fn build(root: &Path) -> Result<(), Box<dyn Error>> {
    let built = author::read(&root.join("source")).built.ok_or("source/ has errors: run `enduring check`")?;
    let (issuer, stranger) = (Signer::generate()?, Signer::generate()?);
    fs::write(root.join("issuers.json"), jwks(&[issuer.public()])?)?;
    write(&root.join("packs"), &built.activity, &built.media, &issuer)?;
    let plain = Activity { id: ActivityId::new("plain")?, ..plain(&built.activity) };
    write(&root.join("packs"), &plain, &BTreeMap::new(), &issuer)?;
    let other = Activity { id: ActivityId::new("stranger")?, ..plain };
    write(&root.join("packs-stranger"), &other, &BTreeMap::new(), &stranger)
}

/// The tests and the case alone, and nobody to consent to.
fn plain(activity: &Activity) -> Activity {
    let mut plain = activity.clone();
    plain.title = "Vectors: nothing asked".to_owned();
    plain.front.minutes = Minutes(8);
    plain.front.consents.clear();
    plain.parts.retain(|part| match &part.body {
        PartBody::Test(_) | PartBody::Case(_) => part.id.as_str() != "kinds",
        PartBody::Reading(_) | PartBody::Patient(_) | PartBody::Evaluation(_) => false,
    });
    for item in &mut plain.items {
        item.image = None;
    }
    plain
}

fn write(
    out: &Path,
    activity: &Activity,
    media: &BTreeMap<String, Vec<u8>>,
    signer: &Signer,
) -> Result<(), Box<dyn Error>> {
    let pack = Assembled::new(activity, media)?;
    let signed = signer.sign(MANIFEST_TYP, &pack.payload)?;
    write_folder(out, &signed, &pack, Collision::Refuse)?;
    Ok(())
}
