//! The activity page: one button, which downloads what is missing, begins, goes on, or shows the record.

use std::rc::Rc;

use enduring_core::id::{ActivityId, SessionId};
use yew::prelude::*;

use super::library::{Offered, kept, no_credit, refresh, trust};
use super::notices::told;
use crate::components::button::{Button, Readiness};
use crate::components::library_activity::{ActivityPage, Loading};
use crate::components::part::part;
use crate::components::shell_async::{Failed, waiting};
use crate::effect::{Services, begin_session};
use crate::hooks::{Load, Setter, Shown, use_load, use_news, use_page, use_state, use_tasks};
use crate::intake::tickets::{Kept, is_withdrawn, notices};
use crate::markup::html;
use crate::pack::load::fetch;
use crate::pack::{Offer, PackError, PackFault};
use crate::platform::page;
use crate::platform::tasks::Tasks;
use crate::route::Route;
use crate::store::journal::Stage;
use crate::strings::{Strings, strings};

/// The activity page.
#[derive(PartialEq)]
pub struct Activity {
    /// What all pages share.
    pub services: Services,
    /// Which.
    pub id: ActivityId,
    /// Which version.
    pub version: String,
}

struct Known {
    one: Offered,
    session: Option<(SessionId, Stage)>,
    notices: Vec<Kept>,
}

/// What the one button leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// The session begins.
    Begin,
    /// Nothing more: it was fetched for later.
    Stay,
}

part!(Activity, use_activity);

#[hook]
fn use_activity(props: &Activity) -> Html {
    let all = strings();
    let s = &all.frame.library;
    let again = use_state(|| 0u32);
    let (loading, fault) = (use_state(|| None::<(u64, u64)>), use_state(|| None::<AttrValue>));
    let download = use_tasks();
    let news = use_news(&props.services);
    let known = {
        let (services, id, version) = (props.services.clone(), props.id.clone(), props.version.clone());
        use_load((*again, news), move |_| async move { known(&services, &id, &version).await })
    };
    let title = match &known {
        Load::Ready(known) => known.one.summary.title.clone(),
        Load::Waiting => s.title.to_owned(),
        Load::Failed(_) => s.gone_title.to_owned(),
    };
    let shown = if matches!(known, Load::Waiting) { Shown::Waiting } else { Shown::Ready };
    use_page(&Route::Activity(props.id.clone(), props.version.clone()), &title, shown);
    let reload = {
        let again = again.setter();
        Callback::from(move |()| again.next())
    };
    let known = match known {
        Load::Waiting => return html! { <div class="page">{ waiting(s.waiting) }</div> },
        Load::Failed(error) => {
            return html! {
                <div class="page">
                    <h1 tabindex="-1">{ title }</h1>
                    { Failed { onretry: Some(reload), children: html! { { &*error } } }.view() }
                    <p>
                        <a class="button button--primary" href={Route::Library.hash()}>{ all.frame.home.to_library }</a>
                    </p>
                </div>
            };
        }
        Load::Ready(known) => known,
    };
    let one = &known.one;
    let act = |after: After| {
        let (services, tasks, known) = (props.services.clone(), download.clone(), Rc::clone(&known));
        let (loading, fault, reload) = (loading.setter(), fault.setter(), reload.clone());
        Callback::from(move |()| {
            fault.set(None);
            get_and(
                &tasks,
                Work {
                    services: services.clone(),
                    words: all,
                    known: Rc::clone(&known),
                    loading: loading.clone(),
                    fault: fault.clone(),
                    reload: reload.clone(),
                },
                after,
            );
        })
    };
    let go = |route: Route| Callback::from(move |()| page::go(&route.hash()));
    let reason = no_credit(all, one);
    let (action, onact) = match known.session {
        Some((session, Stage::Open)) => (s.proceed, go(Route::Play(session))),
        Some((session, Stage::Finished)) => (s.to_record, go(Route::Record(session))),
        None if reason.is_some() => (s.begin_not_for_credit, act(After::Begin)),
        None => (s.begin, act(After::Begin)),
    };
    // What was begun goes on; only a beginning is over.
    let ended = known.session.is_none() && is_withdrawn(&known.notices);
    let size = |bytes: u64| (all.size)(bytes);
    let (here, whole) = one.held;
    let presence = match here {
        _ if one.is_whole() => (s.presence_here)(&size(whole)),
        0 => (s.presence_there)(&size(whole)),
        here => (s.presence_partly)(&size(here), &size(whole)),
    };
    let progress = loading.map(|(here, whole)| Loading {
        words: (s.progress)(&size(here), &size(whole)).into(),
        done: u32::try_from(here.saturating_mul(1_000) / whole.max(1)).unwrap_or(1_000),
    });
    let oncancel = {
        let (download, loading, reload) = (download.clone(), loading.setter(), reload.clone());
        Callback::from(move |()| {
            download.stop();
            loading.set(None);
            reload.emit(());
        })
    };
    let others = html! {
        if !one.is_whole() && !ended {
            { Button::new(s.fetch).quiet().on(act(After::Stay)).view() }
        }
    };
    ActivityPage {
        summary: one.summary.clone(),
        presence: presence.into(),
        no_credit: reason,
        fault: (*fault).clone(),
        loading: progress,
        action: action.into(),
        onact,
        oncancel,
        notices: told(&known.notices),
        others,
        readiness: if ended { Readiness::Off } else { Readiness::Ready },
    }
    .view()
}

/// What is known of the activity: on this device first, then in the catalogues.
async fn known(services: &Services, id: &ActivityId, version: &str) -> Result<Known, AttrValue> {
    let s = &crate::strings::EN.frame.library;
    let cache = services.cache().map_err(|error| (s.refused)(&PackFault::from(error).of("")))?;
    let find =
        |offered: Vec<Offered>| offered.into_iter().find(|one| one.id == *id && one.version == version);
    let one = match find(kept(&cache).await) {
        Some(one) => one,
        None => {
            refresh(&cache).await.map_err(|error| (s.refused)(&error))?;
            find(kept(&cache).await).ok_or(AttrValue::Static(s.gone))?
        }
    };
    // Without a journal there is nothing to go on with; beginning says why.
    let sessions = services.journal.sessions().await.unwrap_or_default();
    let session = sessions
        .into_iter()
        .filter(|(_, row)| row.summary.activity == id.as_str() && row.summary.version == version)
        .max_by_key(|(_, row)| row.summary.updated)
        .map(|(session, row)| (session, row.stage));
    let pack = match (&one.here, &one.listed) {
        (Some(offer), _) => Some(offer.digest),
        (None, listed) => listed.as_ref().map(|listed| listed.digest),
    };
    let notices = notices(&services.journal, id.as_str(), pack).await.unwrap_or_default();
    Ok(Known { one, session, notices })
}

/// What a download and a beginning work with.
struct Work {
    services: Services,
    words: &'static Strings,
    known: Rc<Known>,
    loading: Setter<Option<(u64, u64)>>,
    fault: Setter<Option<AttrValue>>,
    reload: Callback<()>,
}

fn get_and(tasks: &Tasks, work: Work, after: After) {
    tasks.spawn(async move {
        let s = &work.words.frame.library;
        let offer = match whole(&work).await {
            Ok(offer) => offer,
            Err(error) => {
                work.loading.set(None);
                work.fault.set(Some((s.refused)(&error).into()));
                work.reload.emit(());
                return;
            }
        };
        work.loading.set(None);
        match after {
            After::Stay => work.reload.emit(()),
            After::Begin => match begin_session(&work.services, work.words, &offer).await {
                Ok(session) => page::go(&Route::Play(session).hash()),
                Err(error) => work.fault.set(Some((s.not_begun)(&error.to_string()).into())),
            },
        }
    });
}

/// The pack, fetched as far as it is not here.
async fn whole(work: &Work) -> Result<Offer, PackError> {
    let one = &work.known.one;
    let provider = &one.summary.provider;
    match (&one.here, &one.listed) {
        (Some(offer), _) if one.is_whole() => Ok(offer.clone()),
        (_, Some(listed)) => {
            let cache = work.services.cache().map_err(|error| PackFault::from(error).of(provider))?;
            let unknown = || PackFault::Network { found: "no deployment.json".to_owned() }.of(provider);
            let deployment = trust(&work.services).await.ok_or_else(unknown)?;
            let loading = work.loading.clone();
            let progress = move |here, whole| loading.set(Some((here, whole)));
            fetch(&cache, listed, &deployment, progress).await.map(|(offer, _)| offer)
        }
        (Some(_), None) | (None, None) => Err(PackFault::File.of(provider)),
    }
}
