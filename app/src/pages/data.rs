//! Your data: everything that is stored here, and how it leaves.

use std::rc::Rc;

use enduring_core::id::{Digest, SessionId};
use enduring_core::record::Ticket;
use yew::prelude::*;

use crate::components::button::Button;
use crate::components::data::{Stored, StoredPack, StoredPacks, StoredSessions, StoredTickets};
use crate::components::dialog::Dialog;
use crate::components::notice::{Notice, Tone};
use crate::components::part::{Part, part};
use crate::components::shell_async::{Failed, waiting};
use crate::effect::{Services, save_work};
use crate::hooks::{Load, Shown, State, use_load, use_page, use_state, use_tasks};
use crate::intake::tickets;
use crate::markup::html;
use crate::pack::look_at;
use crate::platform::page::scroll_to_top;
use crate::platform::{files, space};
use crate::records;
use crate::route::Route;
use crate::store::StoreError;
use crate::store::journal::{Imported, Loaded, Outcome, Stage, latest_first};
use crate::strings::{DataStrings, Strings, strings};
use crate::words;

/// Largest file that is loaded: every session with its pack, several times over.
const FILE_MAX: u64 = 256 * 1024 * 1024;

/// Your data.
#[derive(PartialEq)]
pub struct Data {
    /// What all pages share.
    pub services: Services,
}

struct Inventory {
    sessions: Vec<(Stored, Stage)>,
    packs: Vec<(StoredPack, Digest)>,
    room: Option<String>,
    persistent: Option<bool>,
    tickets: Vec<Ticket>,
    /// What was sent where, in words.
    sent: Vec<(String, String)>,
}

/// What is asked before it is done.
#[derive(Clone, PartialEq)]
enum Asking {
    Erase(SessionId),
    Remove(usize),
}

/// What was done, to be said.
#[derive(Clone)]
enum Said {
    Good(String),
    Fault(String),
    Loaded(Rc<Loaded>),
}

part!(Data, use_data);

#[hook]
fn use_data(props: &Data) -> Html {
    let all = strings();
    let s = &all.frame.data;
    let tasks = use_tasks();
    let (again, asking) = (use_state(|| 0u32), use_state(|| None::<Asking>));
    let said = use_state(|| None::<Said>);
    let inventory = {
        let services = props.services.clone();
        use_load(*again, move |_| async move { inventory(&services, all).await })
    };
    let shown = if matches!(inventory, Load::Waiting) { Shown::Waiting } else { Shown::Ready };
    use_page(&Route::Data, s.title, shown);
    let reload = {
        let again = again.setter();
        Callback::from(move |()| again.next())
    };
    let save = {
        let (tasks, said) = (tasks.clone(), said.setter());
        Callback::from(move |session: Option<SessionId>| {
            let said = said.clone();
            tasks.spawn(async move {
                let shell = &all.frame.shell;
                said.set(Some(match save_work(session).await {
                    Some(()) => Said::Good(shell.saved_file.to_owned()),
                    None => Said::Fault(shell.not_saved_file.to_owned()),
                }));
                // It stands above the lists, and the row that asked for it may be far below.
                scroll_to_top();
            });
        })
    };
    let load = {
        let (tasks, said, journal) = (tasks.clone(), said.setter(), props.services.journal.clone());
        let reload = reload.clone();
        Callback::from(move |()| {
            let (said, journal, reload) = (said.clone(), journal.clone(), reload.clone());
            tasks.spawn(async move {
                let Some(picked) = files::pick(".json,application/json").await else { return };
                let text = match picked.size() {
                    0..=FILE_MAX => {
                        picked.slice(0, picked.size()).await.and_then(|bytes| String::from_utf8(bytes).ok())
                    }
                    _ => None,
                };
                let loaded = match text {
                    Some(text) => journal.import(&text).await.map_err(|error| error.to_string()),
                    None => Err("the file could not be read as text".to_owned()),
                };
                said.set(Some(match loaded {
                    Ok(report) => Said::Loaded(Rc::new(report)),
                    Err(reason) => Said::Fault((all.frame.data.not_loaded)(&reason)),
                }));
                reload.emit(());
            });
        })
    };
    let body = match &inventory {
        Load::Waiting => waiting(s.waiting),
        Load::Failed(error) => {
            Failed { onretry: Some(reload.clone()), children: html! { { (all.frame.faults.store)(error) } } }
                .view()
        }
        Load::Ready(inventory) => {
            let ask = |to: fn(SessionId) -> Asking| {
                let asking = asking.setter();
                Callback::from(move |session| asking.set(Some(to(session))))
            };
            let onremove = {
                let asking = asking.setter();
                Callback::from(move |place| asking.set(Some(Asking::Remove(place))))
            };
            let onleave = {
                let (tasks, said, reload) = (tasks.clone(), said.setter(), reload.clone());
                let (services, inventory) = (props.services.clone(), Rc::clone(inventory));
                Callback::from(move |place: usize| {
                    let (services, inventory) = (services.clone(), Rc::clone(&inventory));
                    let (said, reload) = (said.clone(), reload.clone());
                    tasks.spawn(async move {
                        if let Some(ticket) = inventory.tickets.get(place) {
                            let removed = tickets::remove_ticket(&services.journal, ticket).await;
                            said.set(removed.err().map(|error| Said::Fault(error.to_string())));
                        }
                        reload.emit(());
                    });
                })
            };
            html! {
                <>
                    {
                        Sections {
                            inventory: Inventoried(Rc::clone(inventory)),
                            onsave: save.clone(),
                            onerase: ask(Asking::Erase),
                            onremove,
                            onleave,
                            onload: load,
                        }
                        .view()
                    }
                    { question(all, props, inventory, &asking, &reload, &said, &tasks) }
                </>
            }
        }
    };
    html! {
        <div class="page">
            <header class="page__head">
                <h1 tabindex="-1">{ s.title }</h1>
                <p class="page__lead">{ s.lead }</p>
            </header>
            <div role="status">{ said.as_ref().map(|said| told(s, said)) }</div>
            { body }
        </div>
    }
}

/// Compared by pointer.
#[derive(Clone)]
struct Inventoried(Rc<Inventory>);

impl PartialEq for Inventoried {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Sections {
    inventory: Inventoried,
    onsave: Callback<Option<SessionId>>,
    onerase: Callback<SessionId>,
    onremove: Callback<usize>,
    onleave: Callback<usize>,
    onload: Callback<()>,
}

impl Sections {
    /// As elements.
    fn view(&self) -> Html {
        let all = strings();
        let s = &all.frame.data;
        let inventory = &self.inventory.0;
        let persistence = match inventory.persistent {
            Some(true) => s.persistent,
            Some(false) => s.not_persistent,
            None => s.persistence_unknown,
        };
        html! {
            <>
                <section class="page__section">
                    <h2>{ s.everything }</h2>
                    <p>{ s.everything_text }</p>
                    <div class="page__actions">
                        {
                            Button::new(all.frame.shell.save_work)
                                .primary()
                                .on(self.onsave.reform(|()| None))
                                .view()
                        }
                    </div>
                </section>
                <section class="page__section">
                    <h2>{ s.load }</h2>
                    <p>{ s.load_text }</p>
                    <div class="page__actions">{ Button::new(s.load).on(self.onload.clone()).view() }</div>
                </section>
                <section class="page__section">
                    <h2>{ s.sessions }</h2>
                    {
                        StoredSessions {
                            sessions: inventory
                                .sessions
                                .iter()
                                .map(|(stored, _)| stored.clone())
                                .collect::<Vec<_>>(),
                            onsave: self.onsave.reform(Some),
                            onerase: self.onerase.clone(),
                        }
                        .view()
                    }
                </section>
                <section class="page__section">
                    <h2>{ s.packs }</h2>
                    <p>{ s.packs_text }</p>
                    {
                        StoredPacks {
                            packs: inventory
                                .packs
                                .iter()
                                .map(|(stored, _)| stored.clone())
                                .collect::<Vec<_>>(),
                            onremove: self.onremove.clone(),
                        }
                        .view()
                    }
                </section>
                <section class="page__section">
                    <h2>{ all.intake.enrolments }</h2>
                    <p>{ all.intake.enrolments_text }</p>
                    { StoredTickets { tickets: stored_tickets(all, inventory), onremove: self.onleave.clone() }.view() }
                </section>
                <section class="page__section">
                    <h2>{ s.room }</h2>
                    if let Some(room) = &inventory.room { <p>{ room }</p> }
                    <p>{ persistence }</p>
                </section>
                <section class="page__section">
                    <h2>{ s.sent }</h2>
                    if inventory.sent.is_empty() {
                        <p>{ all.intake.sent_none }</p>
                    } else {
                        <p>{ all.intake.sent_some }</p>
                        <ul class="data__list">{ for inventory.sent.iter().map(|(title, note)| html! {
                            <li class="data__entry"><div><h3>{ title }</h3><p class="data__note">{ note }</p></div></li>
                        }) }</ul>
                    }
                </section>
                <section class="page__section">
                    <h2>{ all.verify.title }</h2>
                    <p>{ all.verify.link_text }</p>
                    <p><a href={Route::Verify.hash()}>{ all.verify.link }</a></p>
                </section>
            </>
        }
    }
}

async fn inventory(services: &Services, all: &'static Strings) -> Result<Inventory, StoreError> {
    let s = &all.frame.data;
    let mut sessions = services.journal.sessions().await?;
    latest_first(&mut sessions);
    let stored = |(session, row): (SessionId, crate::store::journal::Session)| {
        let step = match row.stage {
            Stage::Open => row.summary.step.as_str(),
            Stage::Finished => s.finished,
        };
        let note = (s.session_note)(step, &words::date(all, row.summary.updated)).into();
        (Stored { session, title: row.summary.title.into(), note }, row.stage)
    };
    let mut packs = Vec::new();
    if let Some(cache) = &services.cache {
        for pack in cache.packs().await.unwrap_or_default() {
            // Only names and sizes are shown, for which the signer does not matter.
            let Ok(offer) = look_at(pack.manifest.clone(), None).await else { continue };
            let held = cache.held(&pack).await.map_or(0, |held| held.here);
            let note = (s.pack_note)(&offer.manifest.version, &(all.size)(held)).into();
            let title = offer.manifest.summary.title.into();
            packs.push((StoredPack { place: packs.len(), title, note }, pack.digest));
        }
    }
    let room = space::room().await.map(|room| {
        let used = (all.size)(room.used);
        match room.allowed {
            Some(allowed) => (s.room_of)(&used, &(all.size)(allowed)),
            None => (s.room_used)(&used),
        }
    });
    let sent = records::all(&services.journal).await?;
    let sent = sent.into_iter().filter_map(|record| {
        // Where the provider was never reached, nothing went.
        let sending = record
            .standing
            .sending
            .filter(|sending| sending.tries > 0 || record.standing.answer.is_some())?;
        Some((record.title, (all.intake.sent_to)(&words::date(all, sending.asked), &sending.to)))
    });
    let tickets = tickets::tickets(&services.journal).await?;
    let sessions = sessions.into_iter().map(stored).collect();
    Ok(Inventory {
        sessions,
        packs,
        room,
        persistent: space::is_persistent().await,
        tickets: tickets.into_iter().map(|(_, ticket)| ticket).collect(),
        sent: sent.collect(),
    })
}

fn stored_tickets(all: &'static Strings, inventory: &Inventory) -> Vec<(AttrValue, AttrValue)> {
    let stored = |ticket: &Ticket| {
        let expires = words::date(all, ticket.expires);
        let note = (all.intake.enrolment_note)(&ticket.name, &expires);
        (ticket.provider.clone().into(), note.into())
    };
    inventory.tickets.iter().map(stored).collect()
}

fn told(s: &'static DataStrings, said: &Said) -> Html {
    match said {
        Said::Good(words) => Notice::new(Tone::Good, html! { { words } }).view(),
        Said::Fault(words) => Notice::new(Tone::Fault, html! { { words } }).view(),
        Said::Loaded(loaded) => {
            let Loaded { sessions, strays } = &**loaded;
            let line = |imported: &Imported| match imported.outcome {
                Outcome::New => (s.loaded_new)(&imported.title),
                Outcome::Extended { events } => (s.loaded_extended)(&imported.title, events),
                Outcome::Known => (s.loaded_known)(&imported.title),
                Outcome::Mended { at } => (s.loaded_mended)(&imported.title, at),
                Outcome::Damaged { at } => (s.loaded_damaged)(&imported.title, at),
                Outcome::Conflict { at } => (s.loaded_conflict)(&imported.title, at),
            };
            let unloaded =
                |one: &Imported| matches!(one.outcome, Outcome::Conflict { .. } | Outcome::Damaged { .. });
            let tone = if *strays > 0 || sessions.iter().any(unloaded) { Tone::Caution } else { Tone::Good };
            let strays = (*strays > 0).then(|| (s.loaded_strays)(*strays));
            let lines = sessions.iter().map(line).chain(strays);
            Notice::new(tone, html! { <ul>{ for lines.map(|line| html! { <li>{ line }</li> }) }</ul> })
                .titled((s.loaded)(sessions.len()))
                .view()
        }
    }
}

/// Says what would be lost, and asks.
fn question(
    all: &'static Strings,
    props: &Data,
    inventory: &Rc<Inventory>,
    asking: &State<Option<Asking>>,
    reload: &Callback<()>,
    said: &State<Option<Said>>,
    tasks: &crate::platform::tasks::Tasks,
) -> Html {
    let s = &all.frame.data;
    let close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    let (title, text, action) = match &**asking {
        None => return Html::default(),
        Some(Asking::Erase(session)) => {
            let found = inventory.sessions.iter().find(|(stored, _)| stored.session == *session);
            let text = found.map(|(stored, stage)| match stage {
                Stage::Open => (s.erase_open)(&stored.title),
                Stage::Finished => (s.erase_record)(&stored.title),
            });
            (s.erase_title, text.unwrap_or_default(), s.erase)
        }
        Some(Asking::Remove(place)) => {
            let found = inventory.packs.get(*place);
            (
                s.remove_title,
                found.map(|(pack, _)| (s.remove_text)(&pack.title)).unwrap_or_default(),
                s.remove,
            )
        }
    };
    let act = {
        let (services, inventory, asked) = (props.services.clone(), Rc::clone(inventory), (**asking).clone());
        let (tasks, close, reload, said) = (tasks.clone(), close.clone(), reload.clone(), said.setter());
        Callback::from(move |()| {
            close.emit(());
            let (services, inventory, asked) = (services.clone(), Rc::clone(&inventory), asked.clone());
            let (reload, said) = (reload.clone(), said.clone());
            tasks.spawn(async move {
                let done = match asked {
                    Some(Asking::Erase(session)) => {
                        let erased = services.journal.erase(session).await;
                        erased.map(|()| services.works.forget(session)).map_err(|error| error.to_string())
                    }
                    Some(Asking::Remove(place)) => match (&services.cache, inventory.packs.get(place)) {
                        (Some(cache), Some((_, digest))) => {
                            cache.remove(*digest).await.map_err(|error| error.to_string())
                        }
                        _ => Ok(()),
                    },
                    None => Ok(()),
                };
                said.set(done.err().map(Said::Fault));
                reload.emit(());
            });
        })
    };
    let actions = html! {
        <>
            { Button::new(s.keep).primary().on(close.clone()).view() }
            { Button::new(action).on(act).view() }
        </>
    };
    Dialog {
        id: AttrValue::Static("question"),
        title: title.into(),
        actions,
        onclose: close,
        children: html! { <p>{ text }</p> },
        ..Dialog::default()
    }
    .view()
}
