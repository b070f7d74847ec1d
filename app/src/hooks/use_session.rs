//! A session at work, for the component that shows it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use enduring_core::id::SessionId;
use enduring_core::session::{Command, Phase, Visibility};
use yew::prelude::*;

use super::state::{Setter, use_effect_with, use_state};
use crate::effect::{Services, Work};
use crate::platform::channel::Channel;
use crate::platform::locks::{self, Ask, Asked, Lock};
use crate::platform::root::Listener;
use crate::platform::tasks::Tasks;
use crate::platform::timer::{self, Every, every};
use crate::platform::{root, watch};
use crate::session::{PLAYER, Role, Sheet, Snapshot, Step, Unusable, naming};
use crate::strings::Strings;

/// How often a heartbeat is due, in milliseconds.
const BEAT: u32 = 60_000;
/// How long a commit may last before the whole page shows that it does, in milliseconds.
const LASTING: u32 = 150;

/// A session as its page has it.
#[derive(Clone)]
pub struct UseSession {
    work: Option<Rc<Work>>,
    /// What to show; the reason where it cannot be opened; `None` while it is being opened.
    pub shown: Option<Result<Snapshot, Unusable>>,
    tasks: Tasks,
    services: Services,
    permit: Rc<RefCell<Permit>>,
}

impl UseSession {
    /// Tries a command.
    pub fn attempt(&self, command: Command, sheets: Vec<Sheet>) {
        self.step(Step::Try(command, sheets));
    }

    /// Completes and signs.
    pub fn sign(&self) {
        self.step(Step::Sign);
    }

    /// Tries the failed step once more.
    pub fn retry(&self) {
        if let Some(work) = &self.work {
            work.retry();
            pump(&self.tasks, work);
        }
    }

    /// The session at work.
    #[must_use]
    pub fn work(&self) -> Option<&Rc<Work>> {
        self.work.as_ref()
    }

    /// Takes the session over from the tab that has it.
    pub fn take_over(&self) {
        if let Some(work) = &self.work {
            let (work, permit, services) = (Rc::clone(work), Rc::clone(&self.permit), self.services.clone());
            let tasks = self.tasks.clone();
            self.tasks.spawn(async move {
                ask(&services, work.id(), &permit, Ask::Take).await;
                if work.catch_up().await.is_ok() {
                    write_on(&tasks, &work, &permit);
                }
            });
        }
    }

    fn step(&self, step: Step) {
        if let Some(work) = &self.work {
            // What is given while the page goes may fail, and is to be found again then.
            self.services.works.hold(work);
            work.give(step);
            mark(work);
            pump(&self.tasks, work);
            let work = Rc::downgrade(work);
            timer::later(LASTING, move || {
                if let Some(work) = work.upgrade() {
                    work.lasts();
                }
            });
        }
    }
}

fn mark(work: &Work) {
    root::mark(root::SAVING, work.is_saving().then_some(""));
}

/// The queue is worked off to its end even if the page is left meanwhile.
fn pump(tasks: &Tasks, work: &Rc<Work>) {
    let (work, kept) = (Rc::clone(work), tasks.clone());
    tasks.spawn(async move {
        work.pump().await;
        drop(kept);
    });
}

fn lock_name(session: SessionId) -> String {
    format!("enduring-session-{session}")
}

/// Whether this tab may write.
#[derive(Default)]
enum Permit {
    /// Another tab does, or the page was left.
    #[default]
    None,
    /// The browser has no locks: the head comparison of the journal alone protects the data.
    Unlocked,
    /// While this is kept.
    Locked(#[expect(dead_code, reason = "given back when it is dropped")] Lock),
}

/// Asks for the session's lock.
async fn ask(services: &Services, session: SessionId, permit: &Rc<RefCell<Permit>>, ask: Ask) {
    let lost = {
        let (works, permit) = (services.works.clone(), Rc::clone(permit));
        move || {
            permit.take();
            if let Some(work) = works.of(session) {
                work.set_role(Role::Reader);
            }
        }
    };
    *permit.borrow_mut() = match locks::ask(&lock_name(session), ask, lost).await {
        Asked::Held(lock) => Permit::Locked(lock),
        Asked::Unavailable => Permit::Unlocked,
        Asked::Elsewhere => Permit::None,
    };
}

/// Goes on with a session that was read after its lock was asked for.
fn write_on(tasks: &Tasks, work: &Rc<Work>, permit: &RefCell<Permit>) {
    let completed = matches!(work.snapshot().state.phase, Phase::Completed(_));
    if completed || matches!(*permit.borrow(), Permit::None) {
        // One that was left with something unsaved wrote here before.
        work.set_role(Role::Reader);
        return;
    }
    work.set_role(Role::Writer);
    match watch::visibility() {
        Visibility::Hidden => work.hide(),
        Visibility::Visible => work.show(),
    }
    work.give(Step::Try(Command::Resume { player: PLAYER.to_owned() }, Vec::new()));
    pump(tasks, work);
}

/// What a session hears of while its page is there.
struct Attached {
    _channel: Option<Rc<Channel>>,
    _visibility: Option<Listener>,
    _signs: Vec<Listener>,
    _beat: Every,
}

/// Takes a session up for as long as the component is there.
#[hook]
pub fn use_session(services: &Services, words: &'static Strings, session: SessionId) -> UseSession {
    let opened = use_state(|| None::<Result<Rc<Work>, Unusable>>);
    let version = use_state(|| 0u32);
    // Not those of the component: what was given is written to its end.
    let tasks = (*use_memo((), |()| Tasks::default())).clone();
    let permit = use_memo((), |()| RefCell::new(Permit::None));
    {
        let (services, opened, version) = (services.clone(), opened.setter(), version.setter());
        let (tasks, permit) = (tasks.clone(), Rc::clone(&permit));
        use_effect_with(session, move |session| {
            let session = *session;
            let left = Rc::new(Cell::new(false));
            let attached = Rc::new(RefCell::new(None::<Attached>));
            let left_by = services.clone();
            {
                let (left, attached, permit) = (Rc::clone(&left), Rc::clone(&attached), Rc::clone(&permit));
                let spawner = tasks.clone();
                tasks.spawn(async move {
                    // The lock first: what is read after it nobody else writes.
                    ask(&services, session, &permit, Ask::IfFree).await;
                    let work = open(&services, words, session).await;
                    if left.get() || work.is_err() {
                        permit.take();
                    }
                    if left.get() {
                        return;
                    }
                    if let Ok(work) = &work {
                        services.works.hold(work);
                        *attached.borrow_mut() = Some(attach(&spawner, work, version));
                        write_on(&spawner, work, &permit);
                    }
                    opened.set(Some(work));
                });
            }
            move || {
                left.set(true);
                attached.borrow_mut().take();
                permit.take();
                leave(&left_by, session);
            }
        });
    }
    let _ = *version;
    let work = opened.as_ref().and_then(|opened| opened.as_ref().ok().cloned());
    let shown = opened.as_ref().map(|opened| match opened {
        Ok(work) => Ok(work.snapshot()),
        Err(unusable) => Err(unusable.clone()),
    });
    UseSession { work, shown, tasks, services: services.clone(), permit }
}

/// The session that was left with something unsaved, if it is this one; else from the journal.
async fn open(
    services: &Services,
    words: &'static Strings,
    session: SessionId,
) -> Result<Rc<Work>, Unusable> {
    match services.works.of(session) {
        Some(work) => {
            // Another tab may have gone on with it; what cannot be read is read with the next step.
            let _ = work.catch_up().await;
            Ok(work)
        }
        None => {
            let (journal, device) = (services.journal.clone(), Rc::clone(&services.device));
            let opened = services.opened.take();
            Work::open(journal, session, opened, device, naming(words)).await.map(Rc::new)
        }
    }
}

/// The page is left: time stops, and the session goes unless something of it is not saved.
fn leave(services: &Services, session: SessionId) {
    if let Some(work) = services.works.of(session) {
        // What was on its way is saved after the page is gone: those who tell that it is not hear of it.
        let news = services.news.clone();
        work.on_change(move || news.tell());
        root::mark(root::SAVING, None);
        work.hide();
        services.works.leave(session);
    }
}

fn attach(tasks: &Tasks, work: &Rc<Work>, version: Setter<u32>) -> Attached {
    let channel = channel(tasks, work).map(Rc::new);
    let (sender, told) = (channel.clone(), Rc::downgrade(work));
    let (last, count) = (Cell::new(work.snapshot().head.n), Cell::new(0u32));
    work.on_change(move || {
        count.set(count.get().wrapping_add(1));
        version.set(count.get());
        let Some(work) = told.upgrade() else { return };
        mark(&work);
        let snapshot = work.snapshot();
        let appended = last.replace(snapshot.head.n) != snapshot.head.n;
        if let Some(channel) = sender.as_ref().filter(|_| appended && snapshot.role == Role::Writer) {
            channel.send(&snapshot.head.n.to_string());
        }
    });
    // A beat only after a sign of the learner: a page that is merely open makes no time, and the gap that this leaves
    // is what core cuts off as idle.
    let signs = Rc::new(Cell::new(false));
    let sign = {
        let signs = Rc::clone(&signs);
        move || signs.set(true)
    };
    let note = note(tasks, work);
    let beat = {
        let note = note.clone();
        move || {
            if watch::visibility() == Visibility::Visible && signs.replace(false) {
                note(Command::Beat);
            }
        }
    };
    Attached {
        _channel: channel,
        _visibility: visibility(note, work),
        _signs: root::on_sign_of_life(sign),
        _beat: every(BEAT, beat),
    }
}

/// Gives commands of the page.
fn note(tasks: &Tasks, work: &Rc<Work>) -> impl Fn(Command) + Clone + 'static {
    let (tasks, work) = (tasks.clone(), Rc::downgrade(work));
    move |command| {
        if let Some(work) = work.upgrade() {
            work.give(Step::Note(command));
            pump(&tasks, &work);
        }
    }
}

/// Hears of what another tab has written, and reads it.
fn channel(tasks: &Tasks, work: &Rc<Work>) -> Option<Channel> {
    let (tasks, heard) = (tasks.clone(), Rc::downgrade(work));
    Channel::open(&lock_name(work.id()), move |_| {
        if let Some(work) = heard.upgrade()
            && work.snapshot().role == Role::Reader
        {
            tasks.spawn(async move {
                // What cannot be read now is read with the next word, or when this tab takes over.
                let _ = work.catch_up().await;
            });
        }
    })
}

/// Hidden and visible, as events where the browser leaves time for them; never relied on.
fn visibility(note: impl Fn(Command) + 'static, work: &Rc<Work>) -> Option<Listener> {
    let work = Rc::downgrade(work);
    watch::on_visibility(move |visibility| {
        let Some(work) = work.upgrade() else { return };
        match visibility {
            Visibility::Hidden => {
                note(Command::Hide);
                work.hide();
            }
            Visibility::Visible => {
                work.show();
                note(Command::Show);
            }
        }
    })
}
