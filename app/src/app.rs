//! The root: opens what is saved on this device, then shows the page that the address names.

use yew::prelude::*;

use crate::components::button::Button;
use crate::components::shell::{Shell, Warning};
use crate::components::shell_async::{Failed, Waiting};
use crate::effect::{Services, save_work};
use crate::hooks::{Load, use_load, use_route, use_tasks};
use crate::pages::{Activity, Data, Home, Library, LookBack, Play, Record, Transcript, Unknown};
use crate::platform::{locale, space, worker};
use crate::route::Route;
use crate::store::StoreError;
use crate::store::cache::Cache;
use crate::store::journal::{Journal, Loss, Notice};
use crate::strings::{EN, Language, use_strings};
use crate::words;

/// The whole page.
#[component]
pub fn App() -> Html {
    use_effect_with((), |()| locale::apply(EN.language));
    html! { <ContextProvider<Language> context={Language(&EN)}><Root /></ContextProvider<Language>> }
}

#[component]
fn Root() -> Html {
    let all = use_strings();
    let s = &all.frame.shell;
    let route = use_route();
    let attempt = use_state(|| 0u32);
    let notice = use_state(|| None::<Notice>);
    let update = use_state(|| false);
    let tasks = use_tasks();
    let opened = {
        let notice = notice.setter();
        use_load(*attempt, move |_| async move {
            let journal = Journal::open(move |said| notice.set(Some(said))).await?;
            let cache = Cache::open().await.ok();
            Ok::<_, StoreError>(Services::new(journal, cache))
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
            let waiting = *notice == Some(Notice::Waiting);
            return html! {
                <Shell {route}>
                    <div class="page">
                        <Waiting what={s.opening} />
                        if waiting { <p>{ s.waiting }</p> }
                    </div>
                </Shell>
            };
        }
        Load::Failed(error) => {
            let onretry = {
                let attempt = attempt.clone();
                Callback::from(move |()| attempt.set(attempt.wrapping_add(1)))
            };
            return html! {
                <Shell {route}>
                    <div class="page"><Failed {onretry}>{ (all.frame.faults.store)(error) }</Failed></div>
                </Shell>
            };
        }
    };
    let between = matches!(route, Route::Home | Route::Library);
    let onupdate = (*update && between).then(|| Callback::from(move |()| tasks.spawn(worker::activate())));
    let page = page(&route, &services);
    if matches!(route, Route::Play(_)) {
        return page;
    }
    html! {
        <Shell route={route.clone()} {onupdate}
            warnings={html! { <Warnings services={services.clone()} notice={*notice} {route} /> }}>
            { page }
        </Shell>
    }
}

fn page(route: &Route, services: &Services) -> Html {
    let services = services.clone();
    match route.clone() {
        Route::Home => html! { <Home {services} /> },
        Route::Library => html! { <Library {services} /> },
        Route::Activity(id, version) => {
            html! { <Activity key={route.hash()} {services} {id} {version} /> }
        }
        Route::Play(session) => html! { <Play key={route.hash()} {services} {session} /> },
        Route::Record(session) => html! { <Record key={route.hash()} {services} {session} /> },
        Route::LookBack(session, part) => {
            html! { <LookBack key={route.hash()} {services} {session} {part} /> }
        }
        Route::Transcript => html! { <Transcript {services} /> },
        Route::Data => html! { <Data {services} /> },
        Route::Unknown(path) => html! { <Unknown path={path} /> },
    }
}

#[derive(Properties, PartialEq)]
struct WarningsProps {
    services: Services,
    notice: Option<Notice>,
    route: Route,
}

/// What every page has to say before its own business: losses, a newer journal, an answer that is not saved.
#[component]
fn Warnings(props: &WarningsProps) -> Html {
    let all = use_strings();
    let s = &all.frame.shell;
    let tasks = use_tasks();
    let read = use_state(Vec::<Loss>::new);
    let journal = props.services.journal.clone();
    let losses = use_load((), move |()| async move { journal.losses().await });
    let loss = |loss: &Loss| {
        let onread = {
            let (journal, read, loss) = (props.services.journal.clone(), read.clone(), loss.clone());
            Callback::from(move |()| {
                journal.acknowledge(&loss);
                let mut next = (*read).clone();
                next.push(loss.clone());
                read.set(next);
            })
        };
        let found = loss.found.map_or(0, |head| head.n);
        html! {
            <Warning {onread}>
                <p>{ (s.loss)(&loss.title, &words::date(all, loss.at), loss.known.n, found) }</p>
            </Warning>
        }
    };
    let lost: Vec<Html> = match &losses {
        Load::Ready(losses) => losses.iter().filter(|loss| !read.contains(loss)).map(loss).collect(),
        Load::Waiting | Load::Failed(_) => Vec::new(),
    };
    let save = Callback::from(move |()| {
        tasks.spawn(async {
            // The page Your data says how that went; here the file itself is the answer.
            let _ = save_work(None).await;
        });
    });
    let unsaved = props.services.current.borrow().as_ref().filter(|work| work.has_unsaved()).cloned();
    let unsaved = unsaved.map(|work| {
        let snapshot = work.snapshot();
        let title = snapshot.content.activity().title.clone();
        html! {
            <Warning>
                <p>{ (s.unsaved)(&title) }</p>
                <p><a href={Route::Play(work.id()).hash()}>{ s.to_unsaved }</a></p>
            </Warning>
        }
    });
    let newer = props.services.journal.newer().is_some();
    html! {
        <>
            { for lost }
            { unsaved }
            if newer || props.notice == Some(Notice::Released) {
                <Warning>
                    <p>{ if newer { s.newer } else { s.released } }</p>
                    <Button label={s.save_work} onclick={save} />
                </Warning>
            }
        </>
    }
}
