//! What pages do: begin a session, and the device that sessions work with.

use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use enduring_core::content::{ACTIVITY_FILE, Content, RULES};
use enduring_core::id::SessionId;
use enduring_core::measure::Millis;
use enduring_core::record::{Assurance, Place, PublicKey};
use enduring_core::session::view::view;
use enduring_core::session::{Entry, Event, Mode, Moment, Refusal, Started, begin, encode};
use thiserror::Error;

use crate::intake::listen::Listeners;
use crate::pack::load::kept_content;
use crate::pack::{Offer, Signer, payload_of};
use crate::platform::{clock, keys, random, rescue, root, share};
use crate::session::{
    Device, Later, Live, Naming, PINNED_ACTIVITY, PINNED_MANIFEST, PLAYER, Unsigned, Unusable, naming, pinned,
};
use crate::store::StoreError;
use crate::store::cache::{Cache, NotKept};
use crate::store::device_key::{DeviceKey, device_key};
use crate::store::journal::{Beginning, Journal, Summary, Web};
use crate::strings::Strings;
use crate::words;

/// A session at work in this browser.
pub type Work = Live<Web>;

/// Sessions in the order in which they were taken up last. Each outlives its page while something of it is not saved.
#[derive(Clone, Default)]
pub struct Works(Rc<RefCell<Vec<Rc<Work>>>>);

impl Works {
    /// Takes one up; of the others, those go that have nothing unsaved.
    pub fn hold(&self, work: &Rc<Work>) {
        let mut works = self.0.borrow_mut();
        works.retain(|other| other.has_unsaved() && !Rc::ptr_eq(other, work));
        works.push(Rc::clone(work));
    }

    /// The one of this session.
    #[must_use]
    pub fn of(&self, session: SessionId) -> Option<Rc<Work>> {
        self.0.borrow().iter().rfind(|work| work.id() == session).cloned()
    }

    /// Lets go of it, unless something of it is not saved.
    pub fn leave(&self, session: SessionId) {
        self.0.borrow_mut().retain(|work| work.id() != session || work.has_unsaved());
    }

    /// Lets go of it with all that is not saved: the learner erased it.
    pub fn forget(&self, session: SessionId) {
        self.0.borrow_mut().retain(|work| work.id() != session);
    }

    /// Those of which something is not saved.
    #[must_use]
    pub fn unsaved(&self) -> Vec<Rc<Work>> {
        self.0.borrow().iter().filter(|work| work.has_unsaved()).cloned().collect()
    }
}

/// Everything that pages share. Cheap to clone; the same for the whole life of the page.
pub struct Services(Rc<Shared>);

/// What [`Services`] are.
pub struct Shared {
    /// Sessions and records.
    pub journal: Journal,
    /// Packs; `None` where the browser gives no cache.
    pub cache: Option<Rc<Cache>>,
    /// Clocks and key.
    pub device: Rc<dyn Device>,
    /// The session at work, and those that were left with something unsaved.
    pub works: Works,
    /// What was opened for a session that begins, until its page takes it: a large pack takes long to open.
    pub opened: RefCell<Option<Content>>,
    /// Told when something came from a provider, or a session whose page was left has saved something.
    pub news: Listeners,
    /// Told when something is to be sent at once.
    pub nudge: Listeners,
}

impl Clone for Services {
    // Not inlined: the places are many.
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl Deref for Services {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl PartialEq for Services {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Services {
    /// Over an open journal.
    #[must_use]
    pub fn new(journal: Journal, cache: Option<Cache>) -> Self {
        let device = Rc::new(Browser { journal: journal.clone(), key: RefCell::new(None) });
        Self(Rc::new(Shared {
            journal,
            cache: cache.map(Rc::new),
            device,
            works: Works::default(),
            opened: RefCell::default(),
            news: Listeners::default(),
            nudge: Listeners::default(),
        }))
    }

    /// The cache, or that there is none.
    ///
    /// # Errors
    /// [`NotKept`].
    pub fn cache(&self) -> Result<Rc<Cache>, NotKept> {
        self.cache.clone().ok_or(NotKept)
    }
}

/// The browser as a session's device.
struct Browser {
    journal: Journal,
    key: RefCell<Option<DeviceKey>>,
}

impl Browser {
    /// The same key for the whole life of the page, also where it cannot be stored.
    async fn key_pair(&self) -> Result<DeviceKey, Unsigned> {
        if let Some(key) = self.key.borrow().clone() {
            return Ok(key);
        }
        let key = device_key(&self.journal).await.map_err(|error| Unsigned::Key(error.name))?;
        Ok(self.key.borrow_mut().get_or_insert(key).clone())
    }
}

impl Device for Browser {
    fn wall(&self) -> Moment {
        let moment = clock::now();
        // Where the browser will not tell the zone, the log says the one that the offset belongs to in any case.
        let zone = if moment.zone.is_empty() { "Etc/Unknown".to_owned() } else { moment.zone };
        Moment { zone, ..moment }
    }

    fn monotonic(&self) -> Millis {
        clock::monotonic()
    }

    fn place(&self) -> Place {
        root::embedder().map_or(Place::OwnPage, Place::Embedded)
    }

    fn key(&self) -> Later<'_, Result<(PublicKey, Assurance), Unsigned>> {
        Box::pin(async { self.key_pair().await.map(|key| (key.pair.public, key.assurance)) })
    }

    fn sign<'a>(&'a self, input: &'a str) -> Later<'a, Result<[u8; 64], Unsigned>> {
        Box::pin(async move {
            let key = self.key_pair().await?;
            key.pair.sign(input.as_bytes()).await.map_err(|error| Unsigned::Key(error.name))
        })
    }
}

/// Why a session did not begin.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotBegun {
    /// The pack is not whole on this device.
    #[error("{0}")]
    Pack(String),
    /// A rule of the activity.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// Storage.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What a session begun now would be for: credit only under a trusted signature and within the dates.
#[must_use]
pub fn mode_of(offer: &Offer) -> Mode {
    let now = clock::now().at;
    match offer.signer {
        Signer::Trusted if now >= offer.manifest.opens && now < offer.manifest.closes => Mode::Credit,
        Signer::Trusted | Signer::Stranger(_) => Mode::NotForCredit,
    }
}

/// Begins a session with a pack that is on this device.
///
/// # Errors
/// [`NotBegun`] says why not; nothing was stored then.
pub async fn begin_session(
    services: &Services,
    words: &'static Strings,
    offer: &Offer,
) -> Result<SessionId, NotBegun> {
    let pack = |found: String| NotBegun::Pack(found);
    let file = offer.manifest.files.iter().find(|file| file.path == ACTIVITY_FILE);
    let file = file.ok_or_else(|| pack(format!("{ACTIVITY_FILE} is not in the pack")))?;
    let cache = services.cache().map_err(|error| pack(error.to_string()))?;
    let activity = cache.blob(file.sha256).await.map_err(|error| pack(error.to_string()))?;
    let activity = activity.ok_or_else(|| pack(format!("{ACTIVITY_FILE} is not on this device")))?;
    let payload = payload_of(offer.text.as_bytes()).map_err(|error| pack(error.to_string()))?;
    let opened = services.opened.take().filter(|opened| opened.digest() == offer.digest);
    let found = keys::digest(&activity).await;
    let content = match opened {
        // What is pinned has to be what was opened.
        Some(opened) if found == file.sha256 => opened,
        Some(_) | None => {
            Content::open_as(&payload, &activity, found).map_err(|error| pack(error.to_string()))?
        }
    };
    let session = SessionId(random::bytes());
    let started = Started {
        session,
        pack: content.digest(),
        activity: content.activity().id.clone(),
        version: content.activity().version.clone(),
        rules: RULES,
        player: PLAYER.to_owned(),
        mode: mode_of(offer),
    };
    let Moment { at, offset, zone } = services.device.wall();
    let entry = Entry { n: 1, at, offset, zone, active: Millis(0), event: Event::Started(started) };
    let state = begin(&content, &entry)?;
    let view = view(&content, &state);
    let naming: Naming = naming(words);
    let summary = Summary {
        activity: content.activity().id.to_string(),
        version: content.activity().version.clone(),
        title: content.activity().title.clone(),
        step: naming(&view, state.started.mode),
        minutes_left: view.minutes_left,
        updated: at,
        sample: content.activity().front.sample.clone(),
    };
    let pinned = vec![
        (PINNED_MANIFEST.to_owned(), offer.text.clone().into_bytes()),
        (PINNED_ACTIVITY.to_owned(), activity),
    ];
    let beginning = Beginning { session, pack: content.digest(), summary, pinned, line: encode(&entry) };
    services.journal.create(beginning).await?;
    services.opened.replace(Some(content));
    Ok(session)
}

/// The content of a session: as it was pinned, or, once that went with a receipt, from the pack on this device.
///
/// # Errors
/// [`Unusable`] where neither is here.
pub async fn content_of(services: &Services, session: SessionId) -> Result<Content, Unusable> {
    match pinned(&services.journal, session).await {
        Err(Unusable::Pack { found }) => {
            let pack = services.journal.session(session).await?.pack;
            let kept = match services.cache() {
                Ok(cache) => kept_content(&cache, pack).await,
                Err(_) => None,
            };
            kept.map(|(content, _)| content).ok_or(Unusable::Pack { found })
        }
        other => other,
    }
}

/// Saves the journal, or one session of it, to a file; `None` where the browser does not let it out.
pub async fn save_work(session: Option<SessionId>) -> Option<()> {
    let text = rescue::text(session.map(|session| session.to_string())).await?;
    let now = clock::now();
    let today = words::iso_of(words::local_day(now.at, now.offset));
    let name = match session {
        Some(session) => {
            let short: String = session.to_string().chars().take(8).collect();
            format!("enduring-session-{short}-{today}.json")
        }
        None => format!("enduring-{today}.json"),
    };
    let outgoing = share::Outgoing { name: &name, media_type: "application/json", bytes: text.as_bytes() };
    share::save(&outgoing)
}
