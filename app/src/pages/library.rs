//! The library: catalogues and what is on the device.

use std::rc::Rc;

use enduring_core::content::Catalogue;
use enduring_core::id::ActivityId;
use enduring_core::order::sort_by;
use yew::prelude::*;

use crate::components::button::{Button, Readiness};
use crate::components::library::{LibraryList, Presence, Shelved};
use crate::components::library_stranger::Stranger;
use crate::components::notice::{Notice, Tone};
use crate::components::part::part;
use crate::components::shell_async::{empty, waiting};
use crate::effect::Services;
use crate::hooks::{Shown, use_effect_with, use_page, use_state, use_tasks};
use crate::markup::html;
use crate::pack::load::{Listed, catalogue, deployment, keep_file, kept_deployment, look_at_file};
use crate::pack::{Deployment, Offer, PackError, PackFault, Signer, fingerprint, look_at, look_at_catalogue};
use crate::platform::files::{self, Picked};
use crate::platform::{clock, late, page};
use crate::route::Route;
use crate::store::cache::Cache;
use crate::strings::{Strings, strings};
use crate::words;

/// The library.
#[derive(PartialEq)]
pub struct Library {
    /// What all pages share.
    pub services: Services,
}

/// An activity that is offered: by a catalogue, on this device, or both.
#[derive(Clone)]
pub(super) struct Offered {
    pub summary: enduring_core::content::Summary,
    pub id: ActivityId,
    pub version: String,
    /// Where it can be fetched.
    pub listed: Option<Listed>,
    /// What is on this device of it.
    pub here: Option<Offer>,
    /// Bytes on this device, and in all.
    pub held: (u64, u64),
}

impl Offered {
    pub fn is_whole(&self) -> bool {
        self.here.is_some() && self.held.0 == self.held.1
    }
}

part!(Library, use_library);

#[hook]
fn use_library(props: &Library) -> Html {
    let all = strings();
    let s = &all.frame.library;
    let tasks = use_tasks();
    let offered = use_state(|| None::<Rc<Vec<Offered>>>);
    let stale = use_state(|| None::<Rc<PackError>>);
    let opening = use_state(|| false);
    let refused = use_state(|| None::<Rc<PackError>>);
    let stranger = use_state(|| None::<Rc<(Picked, Offer)>>);
    {
        let (services, tasks) = (props.services.clone(), tasks.clone());
        let (offered, stale) = (offered.setter(), stale.setter());
        use_effect_with((), move |()| {
            tasks.spawn(async move {
                let Ok(cache) = services.cache() else {
                    offered.set(Some(Rc::default()));
                    stale.set(Some(Rc::new(PackFault::NotKept.of(""))));
                    return;
                };
                // What is known at once, then what the network adds.
                let known = kept(&cache).await;
                let wait = known.is_empty();
                if !wait {
                    offered.set(Some(Rc::new(known)));
                }
                let (now, error) = match refresh(&cache).await {
                    Ok(site) => (offered_by(&cache, Some(site)).await, None),
                    Err(error) => (kept(&cache).await, Some(Rc::new(error))),
                };
                offered.set(Some(Rc::new(now)));
                stale.set(error);
            });
        });
    }
    let shown = if offered.is_none() { Shown::Waiting } else { Shown::Ready };
    use_page(&Route::Library, s.title, shown);
    let keep = {
        let (services, tasks) = (props.services.clone(), tasks.clone());
        let (opening, refused) = (opening.setter(), refused.setter());
        Callback::from(move |(picked, offer): (Picked, Offer)| {
            let (services, opening, refused) = (services.clone(), opening.clone(), refused.clone());
            tasks.spawn(async move {
                let kept = match services.cache() {
                    Ok(cache) => keep_file(&cache, &picked, &offer).await,
                    Err(error) => Err(PackFault::from(error).of("")),
                };
                opening.set(false);
                match kept {
                    Ok(_) => {
                        let Manifest { id, version } = name_of(&offer);
                        page::go(&Route::Activity(id, version).hash());
                    }
                    Err(error) => refused.set(Some(Rc::new(error))),
                }
            });
        })
    };
    let open = {
        let (services, tasks, keep) = (props.services.clone(), tasks.clone(), keep.clone());
        let (opening, refused, stranger) = (opening.setter(), refused.setter(), stranger.setter());
        Callback::from(move |()| {
            let (services, keep) = (services.clone(), keep.clone());
            let (opening, refused, stranger) = (opening.clone(), refused.clone(), stranger.clone());
            tasks.spawn(async move {
                let Some(picked) = files::pick(".enduring").await else { return };
                refused.set(None);
                opening.set(true);
                let known = trust(&services).await;
                let looked = match late::here().await {
                    Ok(()) => look_at_file(&picked, known.as_ref()).await,
                    Err(away) => Err(PackFault::from(away).of("")),
                };
                match looked {
                    Ok(offer) if offer.signer == Signer::Trusted => keep.emit((picked, offer)),
                    Ok(offer) => {
                        opening.set(false);
                        stranger.set(Some(Rc::new((picked, offer))));
                    }
                    Err(error) => {
                        opening.set(false);
                        refused.set(Some(Rc::new(error)));
                    }
                }
            });
        })
    };
    let asked = (*stranger).clone().map(|asked| {
        let (_, offer) = &*asked;
        let print = match offer.signer {
            Signer::Stranger(kid) => fingerprint(kid),
            Signer::Trusted => String::new(),
        };
        let onaccept = {
            let (asked, keep, stranger) = (Rc::clone(&asked), keep.clone(), stranger.setter());
            Callback::from(move |()| {
                stranger.set(None);
                keep.emit((*asked).clone());
            })
        };
        let onrefuse = {
            let stranger = stranger.setter();
            Callback::from(move |()| stranger.set(None))
        };
        let summary = &offer.manifest.summary;
        Stranger {
            title: summary.title.clone().into(),
            provider: summary.provider.clone().into(),
            fingerprint: print.into(),
            onaccept,
            onrefuse,
        }
        .view()
    });
    let readiness = if *opening { Readiness::Busy } else { Readiness::Ready };
    html! {
        <div class="page">
            <header class="page__head">
                <h1 tabindex="-1">{ s.title }</h1>
                <p class="page__lead">{ s.lead }</p>
            </header>
            { match offered.as_deref() {
                None => waiting(s.waiting),
                Some(offered) if offered.is_empty() => empty(html! { <p>{ s.empty }</p> }),
                Some(offered) => {
                    LibraryList { activities: offered.iter().map(|one| shelved(all, one)).collect() }.view()
                }
            } }
            if let Some(error) = &*stale {
                { Notice::new(Tone::Caution, html! { { (s.stale)(&(s.refused)(error)) } }).view() }
            }
            if let Some(error) = &*refused {
                { Notice::new(Tone::Fault, html! { { (s.refused)(error) } }).view() }
            }
            <div class="page__actions">
                {
                    Button::new(if *opening { s.opening } else { s.open_file })
                        .readiness(readiness)
                        .on(open)
                        .view()
                }
            </div>
            { asked }
        </div>
    }
}

struct Manifest {
    id: ActivityId,
    version: String,
}

fn name_of(offer: &Offer) -> Manifest {
    Manifest { id: offer.manifest.id.clone(), version: offer.manifest.version.clone() }
}

/// The deployment as it is kept, or from the server the first time.
pub async fn trust(services: &Services) -> Option<Deployment> {
    let cache = services.cache().ok()?;
    match kept_deployment(&cache).await {
        Some(known) => Some(known),
        None => deployment(&cache).await.ok(),
    }
}

/// Whom to trust here, and what they list, each catalogue with its address.
pub(super) struct Site {
    deployment: Deployment,
    catalogues: Vec<(String, Catalogue)>,
}

/// The site, fetched anew.
pub(super) async fn refresh(cache: &Cache) -> Result<Site, PackError> {
    let mut site = Site { deployment: deployment(cache).await?, catalogues: Vec::new() };
    for url in &site.deployment.catalogues {
        site.catalogues.push((url.clone(), catalogue(cache, url, &site.deployment).await?));
    }
    Ok(site)
}

/// The site as it was last fetched.
async fn kept_site(cache: &Cache) -> Option<Site> {
    let mut site = Site { deployment: kept_deployment(cache).await?, catalogues: Vec::new() };
    for url in &site.deployment.catalogues {
        let Ok(Some(text)) = cache.catalogue(url).await else { continue };
        let Ok(catalogue) = look_at_catalogue(&text, &site.deployment).await else { continue };
        site.catalogues.push((url.clone(), catalogue));
    }
    Some(site)
}

/// Everything that is known without the network, by title.
pub(super) async fn kept(cache: &Cache) -> Vec<Offered> {
    let site = kept_site(cache).await;
    offered_by(cache, site).await
}

/// What the site lists and what is on this device, by title.
pub(super) async fn offered_by(cache: &Cache, site: Option<Site>) -> Vec<Offered> {
    let mut offered = Vec::new();
    let (known, catalogues) = site.map(|site| (site.deployment, site.catalogues)).unzip();
    for (url, catalogue) in catalogues.unwrap_or_default() {
        let base = url.rsplit_once('/').map_or("", |(folder, _)| folder);
        for entry in catalogue.packs {
            let folder = [base, &entry.url].concat_path();
            let listed = Listed { provider: entry.summary.provider.clone(), folder, digest: entry.digest };
            let one = Offered {
                summary: entry.summary,
                id: entry.id,
                version: entry.version,
                listed: Some(listed),
                here: None,
                held: (0, entry.size),
            };
            put(&mut offered, one);
        }
    }
    for pack in cache.packs().await.unwrap_or_default() {
        let Ok(offer) = look_at(pack.manifest.clone(), known.as_ref()).await else { continue };
        let held = cache.held(&pack).await.map_or((0, offer.size()), |held| (held.here, held.whole));
        let Manifest { id, version } = name_of(&offer);
        let same = offered.iter().find(|known| known.id == id && known.version == version);
        let listed = same.and_then(|known| known.listed.clone());
        // The same version under another digest is another pack: what is here stays what it is.
        let listed = listed.filter(|listed| listed.digest == offer.digest);
        let summary = offer.manifest.summary.clone();
        let one = Offered { summary, id, version, listed, here: Some(offer), held };
        put(&mut offered, one);
    }
    sort_by(&mut offered, |one, other| {
        let titles = one.summary.title.cmp(&other.summary.title);
        titles.then_with(|| (&one.id, &one.version).cmp(&(&other.id, &other.version)))
    });
    offered
}

/// Puts one in, in the place of what has the same name and version.
fn put(offered: &mut Vec<Offered>, one: Offered) {
    match offered.iter_mut().find(|known| known.id == one.id && known.version == one.version) {
        Some(known) => *known = one,
        None => offered.push(one),
    }
}

/// Joins folders with single slashes.
trait ConcatPath {
    fn concat_path(&self) -> String;
}

impl ConcatPath for [&str; 2] {
    fn concat_path(&self) -> String {
        let [base, path] = *self;
        let mut joined = String::from(base);
        if !joined.is_empty() {
            joined.push('/');
        }
        joined.push_str(path.trim_end_matches('/'));
        joined.push('/');
        joined
    }
}

/// Why it gives no credit, if so.
pub(super) fn no_credit(all: &'static Strings, one: &Offered) -> Option<AttrValue> {
    let s = &all.frame.library;
    let today = clock::now();
    let today = words::iso_of(words::local_day(today.at, today.offset));
    if let Some(Offer { signer: Signer::Stranger(kid), .. }) = &one.here {
        return Some((s.from_stranger)(&fingerprint(*kid)).into());
    }
    let now = clock::now().at;
    // The instants count where they are known; the dates of the summary are those in the provider's zone.
    let (early, late) = match &one.here {
        Some(offer) => (now < offer.manifest.opens, now >= offer.manifest.closes),
        None => (today < one.summary.release, today > one.summary.termination),
    };
    if early {
        Some((s.not_yet_released)(&words::iso_date(all, &one.summary.release)).into())
    } else if late {
        Some((s.ended)(&words::iso_date(all, &one.summary.termination)).into())
    } else {
        None
    }
}

fn shelved(all: &'static Strings, one: &Offered) -> Shelved {
    let presence = if one.is_whole() {
        Presence::Here
    } else {
        Presence::There((all.size)(one.held.1.saturating_sub(one.held.0)).into())
    };
    Shelved {
        route: Route::Activity(one.id.clone(), one.version.clone()),
        summary: one.summary.clone(),
        presence,
        no_credit: no_credit(all, one),
    }
}
