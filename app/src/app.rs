//! The root: opens what is saved on this device, then shows the page that the address names.

use std::rc::Rc;

use enduring_core::session::Visibility;
use yew::prelude::*;

use crate::components::button::Button;
use crate::components::part::{Part, part};
use crate::components::shell::{Shell, Warning};
use crate::components::shell_async::{Failed, waiting};
use crate::effect::{Services, save_work};
use crate::hooks::{
    Load, Shown, use_effect_with, use_load, use_news, use_page, use_route, use_state, use_tasks,
};
use crate::intake::Round;
use crate::intake::courier::Courier;
use crate::markup::html;
use crate::pages::{
    Activity, Data, Enrol, Home, Library, LookBack, Lost, Play, Record, Transcript, Unknown, Verify,
};
use crate::platform::timer::every;
use crate::platform::watch::{self, Network};
use crate::platform::{self, late, locale, space, worker};
use crate::route::Route;
use crate::store::StoreError;
use crate::store::cache::Cache;
use crate::store::journal::{Journal, Loss, Notice};
use crate::strings::strings;
use crate::words;

/// How often to see what is due to be sent or asked, in milliseconds.
const ROUND: u32 = 30_000;

/// The whole page.
#[component]
pub fn App() -> Html {
    let all = strings();
    use_effect_with((), |()| locale::apply(all.language));
    let s = &all.frame.shell;
    let route = use_route();
    let attempt = use_state(|| 0u32);
    let notice = use_state(|| None::<Notice>);
    let update = use_state(|| false);
    let lost = use_state(Vec::<Loss>::new);
    let arrived = use_state(|| 0u32).setter();
    let tasks = use_tasks();
    let opened = {
        let (notice, lost, tasks) = (notice.setter(), lost.setter(), tasks.clone());
        let at_work = matches!(route, Route::Play(_));
        use_load(*attempt, move |_| async move {
            let journal = Journal::open(move |said| notice.set(Some(said))).await?;
            let cache = Cache::open().await.ok();
            let services = Services::new(journal, cache);
            let journal = services.journal.clone();
            let look = async move {
                // What cannot be read now is told by the page that reads it.
                lost.set(journal.losses().await.unwrap_or_default());
            };
            // The first event of a session that goes on takes the place of what was known of it.
            if at_work {
                look.await;
            } else {
                tasks.spawn(look);
            }
            Ok::<_, StoreError>(services)
        })
    };
    {
        let update = update.setter();
        use_effect_with((), move |()| {
            space::request_persistence();
            worker::on_update(move || update.set(true));
        });
    }
    let services = match &opened {
        Load::Ready(services) => Services::clone(services),
        Load::Waiting => {
            let behind_another = *notice == Some(Notice::Waiting);
            return Shell {
                route,
                children: html! { <div class="page">
                    { waiting(s.opening) }
                    if behind_another { <p>{ s.waiting }</p> }
                </div> },
                warnings: Html::default(),
                onupdate: None,
            }
            .view();
        }
        Load::Failed(error) => {
            let onretry = {
                let attempt = attempt.setter();
                Callback::from(move |()| attempt.next())
            };
            let failed =
                Failed { onretry: Some(onretry), children: html! { { (all.frame.faults.store)(error) } } };
            let children = html! { <div class="page">{ failed.view() }</div> };
            return Shell { route, children, warnings: Html::default(), onupdate: None }.view();
        }
    };
    let between = matches!(route, Route::Home | Route::Library);
    let onupdate = (*update && between).then(|| Callback::from(move |()| tasks.spawn(worker::activate())));
    let gone = match &route {
        Route::Play(session) => lost.iter().find(|loss| loss.session == *session),
        _ => None,
    };
    let here = comes_first(&route) || late::is_here();
    let page = match gone {
        Some(loss) => Lost { route: route.clone(), title: loss.title.clone() }.view(),
        None if !here => {
            Rest { route: route.clone(), onhere: Callback::from(move |()| arrived.next()) }.view()
        }
        None => page(&route, &services),
    };
    // The same first node on every page, so that it goes on carrying.
    let carrying = Carrying { services: services.clone() }.view();
    if matches!(route, Route::Play(_)) && gone.is_none() && here {
        return html! { <>{ carrying }{ page }</> };
    }
    let onread = {
        let (lost, journal) = (lost.setter(), services.journal.clone());
        Callback::from(move |read: Loss| {
            journal.acknowledge(&read);
            let mut left = (*lost.now()).clone();
            left.retain(|loss| *loss != read);
            lost.set(left);
        })
    };
    let warnings = Warnings {
        services: services.clone(),
        notice: *notice,
        route: route.clone(),
        lost: (*lost).clone(),
        onread,
    };
    let shell = Shell { route, onupdate, warnings: warnings.view(), children: page };
    html! { <>{ carrying }{ shell.view() }</> }
}

/// Carries records and looks for notices as long as the page is open; nothing to see.
#[derive(PartialEq)]
struct Carrying {
    services: Services,
}

part!(Carrying, use_carrying);

#[hook]
fn use_carrying(props: &Carrying) -> Html {
    let tasks = use_tasks();
    let services = props.services.clone();
    use_effect_with((), move |()| {
        let courier = Rc::new(Courier::default());
        let nudge = services.nudge.clone();
        let first = tasks.clone();
        let go = move |round: Round| {
            let (courier, services) = (Rc::clone(&courier), services.clone());
            tasks.spawn(async move {
                // Where it cannot be fetched now, the next round tries again.
                if late::here().await.is_ok() {
                    courier.round(&services, round).await;
                }
            });
        };
        {
            let go = go.clone();
            first.spawn(async move {
                late::brought().await;
                go(Round::Fresh);
            });
        }
        let nudged = nudge.add({
            let go = go.clone();
            move || go(Round::Fresh)
        });
        let network = watch::on_network({
            let go = go.clone();
            move |network| {
                if network == Network::Online {
                    go(Round::Fresh);
                }
            }
        });
        let ticking = every(ROUND, move || {
            if watch::visibility() == Visibility::Visible {
                go(Round::Timed);
            }
        });
        move || drop((nudged, network, ticking))
    });
    Html::default()
}

/// Whether the page is of the part of the player that comes first (`late.txt`).
fn comes_first(route: &Route) -> bool {
    match route {
        Route::Home | Route::Library | Route::Activity(..) | Route::Unknown(_) => true,
        Route::Play(_)
        | Route::Record(_)
        | Route::LookBack(..)
        | Route::Transcript
        | Route::Data
        | Route::Verify
        | Route::Enrol(_) => false,
    }
}

/// In place of a page until the part of the player that it is of has come.
#[derive(PartialEq)]
struct Rest {
    route: Route,
    onhere: Callback<()>,
}

part!(Rest, use_rest);

#[hook]
fn use_rest(props: &Rest) -> Html {
    let s = &strings().frame.shell;
    let coming = {
        let onhere = props.onhere.clone();
        use_load((), move |()| async move {
            let came = late::here().await;
            if came.is_ok() {
                onhere.emit(());
            }
            came
        })
    };
    let away = matches!(coming, Load::Failed(_));
    use_page(&props.route, s.product, if away { Shown::Ready } else { Shown::Waiting });
    if !away {
        return html! { <div class="page">{ waiting(s.opening) }</div> };
    }
    // Anew as a whole: the server may have another version by now.
    let failed = Failed {
        onretry: Some(Callback::from(|()| platform::page::reload())),
        children: html! { <p>{ s.away }</p> },
    };
    html! { <div class="page"><h1 tabindex="-1">{ s.product }</h1>{ failed.view() }</div> }
}

fn page(route: &Route, services: &Services) -> Html {
    let services = services.clone();
    match route.clone() {
        Route::Home => Home { services }.view(),
        Route::Library => Library { services }.view(),
        Route::Activity(id, version) => Activity { services, id, version }.keyed(&route.hash()),
        Route::Play(session) => Play { services, session }.keyed(&route.hash()),
        Route::Record(session) => Record { services, session }.keyed(&route.hash()),
        Route::LookBack(session, part) => LookBack { services, session, part }.keyed(&route.hash()),
        Route::Transcript => Transcript { services }.view(),
        Route::Data => Data { services }.view(),
        Route::Verify => Verify { services }.view(),
        Route::Enrol(ticket) => Enrol { services, ticket }.keyed(&route.hash()),
        Route::Unknown(path) => Unknown { path }.view(),
    }
}

/// What every page has to say before its own business: losses, a newer journal, an answer that is not saved.
#[derive(PartialEq)]
struct Warnings {
    services: Services,
    notice: Option<Notice>,
    route: Route,
    lost: Vec<Loss>,
    onread: Callback<Loss>,
}

part!(Warnings, use_warnings);

#[hook]
fn use_warnings(props: &Warnings) -> Html {
    let all = strings();
    let s = &all.frame.shell;
    let tasks = use_tasks();
    // What is unsaved may be saved while the page is shown.
    let _ = use_news(&props.services);
    let loss = |loss: &Loss| {
        let onread = {
            let loss = loss.clone();
            props.onread.reform(move |()| loss.clone())
        };
        let found = loss.found.map_or(0, |head| head.n);
        let told = (s.loss)(&loss.title, &words::date(all, loss.at), loss.known.n, found);
        Warning { onread: Some(onread), title: Some(s.loss_title), children: html! { <p>{ told }</p> } }
            .view()
    };
    let save = Callback::from(move |()| {
        tasks.spawn(async {
            // The page Your data says how that went; here the file itself is the answer.
            if late::here().await.is_ok() {
                let _ = save_work(None).await;
            }
        });
    });
    let unsaved = props.services.works.unsaved().into_iter().map(|work| {
        let snapshot = work.snapshot();
        let title = snapshot.content.activity().title.clone();
        Warning {
            children: html! { <><p>{ (s.unsaved)(&title) }</p>
            <p><a href={Route::Play(work.id()).hash()}>{ s.to_unsaved }</a></p></> },
            ..Warning::default()
        }
        .view()
    });
    let newer = props.services.journal.newer().is_some();
    html! {
        <>
            { for props.lost.iter().map(loss) }
            { for unsaved }
            if newer || props.notice == Some(Notice::Released) {
                { Warning { children: html! { <><p>{ if newer { s.newer } else { s.released } }</p>
                    { Button::new(s.save_work).on(save).view() }</> }, ..Warning::default() }.view() }
            }
        </>
    }
}
