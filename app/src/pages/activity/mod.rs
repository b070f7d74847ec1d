//! The activity page: one button, which downloads what is missing, begins, goes on, or shows the record.

mod work;

use std::rc::Rc;

use enduring_core::id::{ActivityId, SessionId};
use yew::prelude::*;

use self::work::{After, Work};
use super::library::{Offered, kept, no_credit, offered_by, refresh};
use super::notices::told;
use crate::components::button::{Button, Readiness};
use crate::components::library_activity::{ActivityPage, Loading};
use crate::components::notice::{Notice, Tone};
use crate::components::part::part;
use crate::components::shell_async::{Failed, waiting};
use crate::effect::Services;
use crate::hooks::{Load, Shown, use_load, use_news, use_page, use_state, use_tasks};
use crate::intake::tickets::{Kept, is_withdrawn, notices};
use crate::markup::html;
use crate::pack::PackFault;
use crate::platform::{late, page};
use crate::route::Route;
use crate::store::journal::Stage;
use crate::strings::strings;

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

/// Where a session of it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It can be gone on with.
    Open,
    /// No attempt is left.
    Over,
    /// It is complete.
    Finished,
}

struct Known {
    one: Offered,
    session: Option<(SessionId, Standing)>,
    notices: Vec<Kept>,
}

part!(Activity, use_activity);

#[hook]
fn use_activity(props: &Activity) -> Html {
    let all = strings();
    let s = &all.frame.library;
    let again = use_state(|| 0u32);
    let (loading, fault) = (use_state(|| None::<(u64, u64)>), use_state(|| None::<AttrValue>));
    let busy = use_state(|| false);
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
        let (busy, loading, fault, reload) =
            (busy.setter(), loading.setter(), fault.setter(), reload.clone());
        Callback::from(move |()| {
            // Whoever presses again while nothing is seen to happen does not begin twice.
            if *busy.now() {
                return;
            }
            busy.set(true);
            fault.set(None);
            let work = Work {
                services: services.clone(),
                words: all,
                known: Rc::clone(&known),
                busy: busy.clone(),
                loading: loading.clone(),
                fault: fault.clone(),
                reload: reload.clone(),
            };
            tasks.spawn(async move {
                match late::here().await {
                    Ok(()) => work::run(work, after).await,
                    Err(away) => {
                        let provider = &work.known.one.summary.provider;
                        work.fault.set(Some((s.refused)(&PackFault::from(away).of(provider)).into()));
                        work.busy.set(false);
                    }
                }
            });
        })
    };
    let go = |route: Route| Callback::from(move |()| page::go(&route.hash()));
    let reason = no_credit(all, one);
    let (action, onact) = match known.session {
        Some((session, Standing::Open)) => (s.proceed, go(Route::Play(session))),
        Some((session, Standing::Over)) => (s.to_result, go(Route::Play(session))),
        Some((session, Standing::Finished)) => (s.to_record, go(Route::Record(session))),
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
        let (download, busy) = (download.clone(), busy.setter());
        let (loading, reload) = (loading.setter(), reload.clone());
        Callback::from(move |()| {
            download.stop();
            busy.set(false);
            loading.set(None);
            reload.emit(());
        })
    };
    let readiness = match (ended, *busy) {
        (true, _) => Readiness::Off,
        (false, true) => Readiness::Busy,
        (false, false) => Readiness::Ready,
    };
    let others = html! {
        if !one.is_whole() && !ended {
            { Button::new(s.fetch).quiet().readiness(readiness).on(act(After::Stay)).view() }
        }
    };
    let over = match known.session {
        Some((_, Standing::Over)) => Notice::new(Tone::Info, html! { { all.play.none_left_words } })
            .titled(all.frame.play_bar.without_credit)
            .view(),
        Some((_, Standing::Open | Standing::Finished)) | None => Html::default(),
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
        notices: html! { <>{ told(&known.notices) }{ over }</> },
        others,
        readiness,
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
            let site = refresh(&cache).await.map_err(|error| (s.refused)(&error))?;
            find(offered_by(&cache, Some(site)).await).ok_or(AttrValue::Static(s.gone))?
        }
    };
    // Without a journal there is nothing to go on with; beginning says why.
    let sessions = services.journal.sessions().await.unwrap_or_default();
    let session = sessions
        .into_iter()
        .filter(|(_, row)| row.summary.activity == id.as_str() && row.summary.version == version)
        .max_by_key(|(_, row)| row.summary.updated)
        .map(|(session, row)| match row.stage {
            Stage::Open if row.summary.minutes_left.0 == 0 => (session, Standing::Over),
            Stage::Open => (session, Standing::Open),
            Stage::Finished => (session, Standing::Finished),
        });
    let pack = match (&one.here, &one.listed) {
        (Some(offer), _) => Some(offer.digest),
        (None, listed) => listed.as_ref().map(|listed| listed.digest),
    };
    let notices = notices(&services.journal, id.as_str(), pack).await.unwrap_or_default();
    Ok(Known { one, session, notices })
}
