//! Fetching, reading and keeping packs. Whatever is kept was checked against the signed manifest before.

use enduring_core::content::{ACTIVITY_FILE, Content, MANIFEST_MAX, Manifest, PackFile};
use enduring_core::id::Digest;

use super::ustar::{self, MANIFEST_FILE, Span};
use super::{
    CATALOGUE_MAX, Catalogue, Deployment, Offer, PackError, PackFault, Signer, fingerprint, look_at,
    look_at_catalogue,
};
use crate::pack::deployment::DEPLOYMENT_FILE;
use crate::platform::files::Picked;
use crate::platform::keys;
use crate::platform::late::Away;
use crate::platform::net::{self, Limit, NetError};
use crate::platform::watch::{Network, network};
use crate::session::Later;
use crate::store::cache::{Cache, CachedPack, NotKept};

/// Longest silence of a server, in seconds.
const PATIENCE: u32 = 30;

impl From<NotKept> for PackFault {
    fn from(_: NotKept) -> Self {
        Self::NotKept
    }
}

impl From<Away> for PackFault {
    fn from(_: Away) -> Self {
        Self::Player
    }
}

fn fault_of(error: &NetError) -> PackFault {
    match (error, network()) {
        (NetError::Unreachable { .. }, Network::Offline) => PackFault::Offline,
        (error, _) => PackFault::Network { found: error.to_string() },
    }
}

/// A text of the server.
async fn text(url: &str) -> Result<String, PackError> {
    let limit = Limit { bytes: CATALOGUE_MAX, seconds: PATIENCE };
    let bytes = net::get(url, limit, |_| {}).await.map_err(|error| fault_of(&error).of(""))?;
    String::from_utf8(bytes)
        .map_err(|_| PackFault::Malformed { found: format!("{url} is not a text") }.of(""))
}

/// Keeps a text of the server for when there is none. Only what was checked: a page of something in between must not
/// take the place of the last good one.
async fn keep(cache: &Cache, url: &str, text: &str) {
    // Without it the next visit needs the network again, and says so then.
    let _ = cache.put_catalogue(url, text).await;
}

/// The deployment as it was last fetched; `None` before the first time.
pub async fn kept_deployment(cache: &Cache) -> Option<Deployment> {
    let text = cache.catalogue(DEPLOYMENT_FILE).await.ok()??;
    Deployment::parse(&text).ok()
}

/// The deployment from the server, kept once it was read.
///
/// # Errors
/// [`PackError`] names what is wrong.
pub async fn deployment(cache: &Cache) -> Result<Deployment, PackError> {
    let text = text(DEPLOYMENT_FILE).await?;
    let deployment =
        Deployment::parse(&text).map_err(|error| PackFault::Malformed { found: error.to_string() }.of(""))?;
    keep(cache, DEPLOYMENT_FILE, &text).await;
    Ok(deployment)
}

/// A catalogue from the server, kept once its signature was checked.
///
/// # Errors
/// [`PackError`] names what is wrong.
pub async fn catalogue(cache: &Cache, url: &str, deployment: &Deployment) -> Result<Catalogue, PackError> {
    let text = text(url).await?;
    let catalogue = look_at_catalogue(&text, deployment).await?;
    keep(cache, url, &text).await;
    Ok(catalogue)
}

/// A pack to fetch, as a trusted catalogue lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its provider by name.
    pub provider: String,
    /// The address of its folder, from the page.
    pub folder: String,
    /// Its digest.
    pub digest: Digest,
}

/// Fetches a pack file by file; those that are here already are passed over, so it goes on where it stopped.
/// `progress` gets the bytes that are here and the bytes in all. What was opened to be checked comes back.
///
/// # Errors
/// [`PackError`] names what is wrong. After a file that was changed, nothing of the pack stays.
pub async fn fetch(
    cache: &Cache,
    listed: &Listed,
    deployment: &Deployment,
    progress: impl Fn(u64, u64),
) -> Result<(Offer, Option<Content>), PackError> {
    let fault = |fault: PackFault| fault.of(&listed.provider);
    let limit = Limit { bytes: MANIFEST_MAX as u64, seconds: PATIENCE };
    let url = format!("{}{MANIFEST_FILE}", listed.folder);
    let bytes = net::get(&url, limit, |_| {}).await.map_err(|error| fault(fault_of(&error)))?;
    let text = String::from_utf8(bytes).map_err(|_| fault(PackFault::Signature))?;
    let offer = look_at(text, Some(deployment)).await?;
    if let Signer::Stranger(kid) = offer.signer {
        return Err(fault(PackFault::Unknown { fingerprint: fingerprint(kid) }));
    }
    if offer.digest != listed.digest {
        return Err(fault(PackFault::Withdrawn));
    }
    let pack = offer.cached(Some(listed.folder.clone()));
    cache.put_pack(&pack).await.map_err(|error| fault(error.into()))?;
    match fetch_files(cache, &offer, &pack, &listed.folder, progress).await {
        Ok(content) => Ok((offer, content)),
        Err(PackFault::Changed { path }) => {
            cache.remove(pack.digest).await.map_err(|error| fault(error.into()))?;
            Err(fault(PackFault::Changed { path }))
        }
        Err(other) => Err(fault(other)),
    }
}

async fn fetch_files(
    cache: &Cache,
    offer: &Offer,
    pack: &CachedPack,
    folder: &str,
    progress: impl Fn(u64, u64),
) -> Result<Option<Content>, PackFault> {
    let mut content = None;
    let missing = cache.missing(pack).await?;
    let whole = offer.size();
    let mut here = whole.saturating_sub(missing.iter().map(|file| file.length).sum());
    progress(here, whole);
    let wanted = |digest: Digest| missing.iter().any(|file| file.digest == digest);
    for file in offer.manifest.files.iter().filter(|file| wanted(file.sha256)) {
        let limit = Limit { bytes: file.length, seconds: PATIENCE };
        let url = format!("{folder}{}", file.path);
        let so_far = here;
        let came = |came| progress(so_far + came, whole);
        let bytes = match signed(file, net::get(&url, limit, came).await).await {
            // The browser may keep a file of before: hosts say that files of packs never change.
            Err(PackFault::Changed { .. }) => signed(file, net::get_anew(&url, limit, came).await).await?,
            other => other?,
        };
        if file.path == ACTIVITY_FILE {
            content = Some(opens(offer, &bytes, file.sha256)?);
        }
        cache.put_blob(file.sha256, &bytes).await?;
        here = here.saturating_add(file.length);
    }
    progress(whole, whole);
    Ok(content)
}

/// What came, where it is what was signed.
async fn signed(file: &PackFile, came: Result<Vec<u8>, NetError>) -> Result<Vec<u8>, PackFault> {
    match came {
        Ok(bytes) => check(&file.path, file.sha256, &bytes).await.map(|()| bytes),
        // Longer than what was signed is changed, too.
        Err(NetError::TooLong { .. }) => Err(PackFault::Changed { path: file.path.clone() }),
        Err(error) => Err(fault_of(&error)),
    }
}

async fn check(path: &str, expected: Digest, bytes: &[u8]) -> Result<(), PackFault> {
    if keys::digest(bytes).await == expected {
        Ok(())
    } else {
        Err(PackFault::Changed { path: path.to_owned() })
    }
}

/// The activity, of this digest, must be one that this player can play, before it is kept.
fn opens(offer: &Offer, activity: &[u8], found: Digest) -> Result<Content, PackFault> {
    let malformed = |found: String| PackFault::Malformed { found };
    let payload = super::payload_of(offer.text.as_bytes()).map_err(|error| malformed(error.to_string()))?;
    Content::open_as(&payload, activity, found).map_err(|error| malformed(error.to_string()))
}

/// The content of a pack on this device, with its signed manifest; `None` where it is not whole.
pub async fn kept_content(cache: &Cache, digest: Digest) -> Option<(Content, String)> {
    let pack = cache.pack(digest).await.ok()??;
    let payload = super::payload_of(pack.manifest.as_bytes()).ok()?;
    let manifest = Manifest::read(&payload).ok()?;
    let file = manifest.files.iter().find(|file| file.path == ACTIVITY_FILE)?;
    let activity = cache.blob(file.sha256).await.ok()??;
    Some((Content::open(&payload, &activity).ok()?, pack.manifest))
}

/// Reads the content of a `.enduring` file that was looked at. Media are passed over.
///
/// # Errors
/// [`PackError`] names what is wrong.
pub async fn content_of_file(file: &Picked, offer: &Offer) -> Result<Content, PackError> {
    let fault = |fault: PackFault| fault.of(&offer.manifest.summary.provider);
    let malformed = |found: String| fault(PackFault::Malformed { found });
    let (places, _) = ustar::places(&offer.manifest, offer.text.len() as u64, file.size())
        .map_err(|error| fault(PackFault::Archive(error)))?;
    let place = places.iter().find(|place| place.file.path == ACTIVITY_FILE);
    let place = place.ok_or_else(|| malformed(format!("{ACTIVITY_FILE} is not in the pack")))?;
    let activity = slice(file, place.bytes).await.map_err(fault)?;
    let payload = super::payload_of(offer.text.as_bytes()).map_err(|error| malformed(error.to_string()))?;
    Content::open(&payload, &activity).map_err(|error| malformed(error.to_string()))
}

/// Looks at a `.enduring` file: reads its manifest and checks the header of every entry, in slices.
///
/// # Errors
/// [`PackError`] names what is wrong.
#[inline(never)]
pub fn look_at_file<'a>(
    file: &'a Picked,
    deployment: Option<&'a Deployment>,
) -> Later<'a, Result<Offer, PackError>> {
    Box::pin(async move {
        let archive = |error| PackFault::Archive(error).of("");
        let first = slice(file, ustar::FIRST).await.map_err(|fault| fault.of(""))?;
        let span = ustar::manifest(&first, file.size()).map_err(archive)?;
        let padding = Span { at: span.at + span.length, length: ustar::padding(span.length) };
        let bytes = slice(file, span).await.map_err(|fault| fault.of(""))?;
        let zeros = slice(file, padding).await.map_err(|fault| fault.of(""))?;
        ustar::zeros(&zeros, padding).map_err(archive)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| PackFault::Malformed { found: format!("{MANIFEST_FILE} is not a text") }.of(""))?;
        look_at(text, deployment).await
    })
}

/// Keeps the pack of a file. All of it is read and checked first, and only then, file by file, kept.
///
/// # Errors
/// [`PackError`] names what is wrong; nothing of the pack is kept then.
#[inline(never)]
pub fn keep_file<'a>(
    cache: &'a Cache,
    file: &'a Picked,
    offer: &'a Offer,
) -> Later<'a, Result<CachedPack, PackError>> {
    Box::pin(async move {
        let fault = |fault: PackFault| fault.of(&offer.manifest.summary.provider);
        let (places, end) = ustar::places(&offer.manifest, offer.text.len() as u64, file.size())
            .map_err(|error| fault(PackFault::Archive(error)))?;
        for place in &places {
            check_place(file, offer, place).await.map_err(fault)?;
        }
        let zeros = slice(file, end).await.map_err(fault)?;
        ustar::zeros(&zeros, end).map_err(|error| fault(PackFault::Archive(error)))?;
        let pack = offer.cached(None);
        for place in places.iter().filter(|place| offer.manifest.played().any(|file| file == place.file)) {
            let bytes = slice(file, place.bytes).await.map_err(fault)?;
            // Read a second time: it may have changed in between.
            check(&place.file.path, place.file.sha256, &bytes).await.map_err(fault)?;
            cache.put_blob(place.file.sha256, &bytes).await.map_err(|error| fault(error.into()))?;
        }
        cache.put_pack(&pack).await.map_err(|error| fault(error.into()))?;
        Ok(pack)
    })
}

async fn check_place(file: &Picked, offer: &Offer, place: &ustar::Place<'_>) -> Result<(), PackFault> {
    place.check(&slice(file, place.header).await?).map_err(PackFault::Archive)?;
    let bytes = slice(file, place.bytes).await?;
    check(&place.file.path, place.file.sha256, &bytes).await?;
    if place.file.path == ACTIVITY_FILE {
        opens(offer, &bytes, place.file.sha256)?;
    }
    ustar::zeros(&slice(file, place.padding).await?, place.padding).map_err(PackFault::Archive)
}

async fn slice(file: &Picked, span: Span) -> Result<Vec<u8>, PackFault> {
    file.slice(span.at, span.at.saturating_add(span.length)).await.ok_or(PackFault::File)
}
