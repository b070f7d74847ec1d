//! A session at work: the one place where commands become durable.
//!
//! A command is stamped, decided by `core`, appended to the journal under the head that the state was folded from,
//! and only then applied to what is shown. One at a time, in the order in which they were given.

mod device;
mod record;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use enduring_core::content::Content;
use enduring_core::id::SessionId;
use enduring_core::measure::Millis;
use enduring_core::session::view::{StepStatus, View, view};
use enduring_core::session::{
    Broken, Command, Entry, Head, Mode, Refusal, Replay, Stamp, State, apply, bundled, chain, decide, encode,
    replay, replay_on, room,
};
use thiserror::Error;

pub use self::device::{Device, Later, Stopwatch, Unsigned};
pub use self::record::{CONSENT, LEARNER, answer_name};
use crate::components::shell_play::step_name;
use crate::store::StoreError;
use crate::store::journal::{Addition, Backend, Journal, Session as Row, Summary, Witness};
use crate::strings::Strings;

/// The version that sessions name.
pub const PLAYER: &str = env!("CARGO_PKG_VERSION");
/// Names of the files that a session keeps of its pack.
pub const PINNED_MANIFEST: &str = "manifest.jws";
/// See [`PINNED_MANIFEST`].
pub const PINNED_ACTIVITY: &str = "activity.bin";

/// A private text with its name in the journal.
pub type Sheet = (String, String);

/// Something to do, in turn.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A command of the learner, with the texts that it binds by digest.
    Try(Command, Vec<Sheet>),
    /// A command of the page, such as a heartbeat, which is not worth a word when it fails.
    Note(Command),
    /// The last event, together with the signed record.
    Sign,
}

/// Where the work stands on its way to the device.
#[derive(Clone, Debug, PartialEq)]
pub enum Saving {
    /// Everything is there.
    Saved,
    /// On its way.
    Saving,
    /// It could not be written; it waits to be tried again.
    Failed(StoreError),
    /// It could not be signed; it waits to be tried again.
    Unsigned(Unsigned),
}

/// Who may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// This page.
    Writer,
    /// Another page does; this one reads along.
    Reader,
}

/// What is said once, about the latest step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A rule refused it.
    Refused(Refusal),
    /// Another tab had gone on, and this one has caught up: ask again.
    MovedOn,
}

/// Why the journal's log cannot be taken up.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Unusable {
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log holds an event that its rules refuse.
    #[error("event {n}: {why}")]
    Broken {
        /// Which.
        n: u32,
        /// Why.
        why: Broken,
    },
    /// The files of the pack that the session keeps are gone or damaged.
    #[error("the activity of this session: {found}")]
    Pack {
        /// What is wrong with them.
        found: String,
    },
}

/// Everything that a page shows of a session. Cheap to clone; equal while nothing happened.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The pack.
    pub content: Content,
    /// The state after the last committed event.
    pub state: Rc<State>,
    /// What may be shown of it.
    pub view: Rc<View>,
    /// The last committed event.
    pub head: Head,
    /// Where the latest step stands.
    pub saving: Saving,
    /// Who may write.
    pub role: Role,
    /// What is to be said about the latest step.
    pub said: Option<Said>,
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        self.head == other.head
            && self.saving == other.saving
            && self.role == other.role
            && self.said == other.said
            && self.content == other.content
    }
}

/// Changes whenever another page may have changed the texts beside the log: with every event that it writes, and when
/// this page takes over.
#[must_use]
pub fn read_along(snapshot: &Snapshot) -> Option<u32> {
    (snapshot.role == Role::Reader).then_some(snapshot.head.n)
}

/// How the home screen names the step at hand.
pub type Naming = Rc<dyn Fn(&View, Mode) -> String>;

/// The step at hand in the words of a language, with what the session is not for.
#[must_use]
pub fn naming(words: &'static Strings) -> Naming {
    Rc::new(move |view, mode| {
        let s = &words.frame.play_bar;
        let now = view.rail.iter().find(|step| step.status == StepStatus::Now);
        if now.is_some() && view.minutes_left.0 == 0 {
            return s.without_credit.to_owned();
        }
        let step = now.map_or_else(|| s.completed.to_owned(), |step| step_name(s, step));
        match mode {
            Mode::Credit | Mode::Rehearsal => step,
            Mode::NotForCredit => (s.not_for_credit_step)(&step),
        }
    })
}

/// A session at work.
pub struct Live<B> {
    id: SessionId,
    content: Content,
    journal: Journal<B>,
    device: Rc<dyn Device>,
    naming: Naming,
    inner: RefCell<Inner>,
    tell: RefCell<Rc<dyn Fn()>>,
}

struct Inner {
    state: Rc<State>,
    view: Rc<View>,
    head: Head,
    /// Bytes that the log takes in a bundle.
    bundled: usize,
    row: Row,
    watch: Stopwatch,
    queue: VecDeque<Step>,
    pumping: bool,
    saving: Saving,
    role: Role,
    said: Option<Said>,
}

impl Inner {
    /// Whether the first step of the queue failed, and waits to be tried again.
    fn waits(&self) -> bool {
        matches!(self.saving, Saving::Failed(_) | Saving::Unsigned(_))
    }

    /// The last step of the learner that is in the queue.
    fn last_of_learner(&self) -> Option<&Step> {
        self.queue.iter().rfind(|step| !matches!(step, Step::Note(_)))
    }
}

/// What became of a step that could not be done.
enum Trouble {
    Refused(Refusal),
    Store(StoreError),
    Unsigned(Unsigned),
}

/// A step ready to be written: the entry, and what follows from it.
struct Prepared {
    line: String,
    state: State,
    view: View,
    row: Row,
    head: Head,
    bundled: usize,
}

impl<B: Backend + Witness + 'static> Live<B> {
    /// Takes a session up from the journal, with what was `opened` before if it is of its pack. Nothing is
    /// written yet: the first step of a writer is [`Command::Resume`].
    ///
    /// # Errors
    /// [`Unusable`] names what is wrong with what is stored.
    pub async fn open(
        journal: Journal<B>,
        id: SessionId,
        opened: Option<Content>,
        device: Rc<dyn Device>,
        naming: Naming,
    ) -> Result<Self, Unusable> {
        let log = journal.log(id).await?;
        let content = match opened.filter(|opened| opened.digest() == log.session.pack) {
            Some(opened) => opened,
            None => pinned(&journal, id).await?,
        };
        let (state, head) = whole(replay(&content, &log.lines.join("\n")))?;
        let view = Rc::new(view(&content, &state));
        let watch = Stopwatch::from(state.clock.claimed);
        Ok(Self {
            id,
            content,
            journal,
            device,
            naming,
            inner: RefCell::new(Inner {
                state: Rc::new(state),
                view,
                head,
                bundled: all_bundled(&log.lines),
                row: log.session,
                watch,
                queue: VecDeque::new(),
                pumping: false,
                saving: Saving::Saved,
                role: Role::Reader,
                said: None,
            }),
            tell: RefCell::new(Rc::new(|| {})),
        })
    }

    /// Which session.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Calls `tell` after every change, in place of whoever was told before.
    pub fn on_change(&self, tell: impl Fn() + 'static) {
        *self.tell.borrow_mut() = Rc::new(tell);
    }

    /// What to show now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let inner = self.inner.borrow();
        Snapshot {
            content: self.content.clone(),
            state: Rc::clone(&inner.state),
            view: Rc::clone(&inner.view),
            head: inner.head,
            saving: inner.saving.clone(),
            role: inner.role,
            said: inner.said,
        }
    }

    /// Visible time by now, for limits that run down on the screen.
    #[must_use]
    pub fn active(&self) -> Millis {
        self.inner.borrow().watch.read(self.device.monotonic())
    }

    /// Whether something was given and is not on the device.
    #[must_use]
    pub fn has_unsaved(&self) -> bool {
        !self.inner.borrow().queue.is_empty()
    }

    /// This page writes from here on, or reads along.
    pub fn set_role(&self, role: Role) {
        let mut inner = self.inner.borrow_mut();
        if inner.role == role {
            return;
        }
        inner.role = role;
        match role {
            Role::Writer => {
                inner.watch = Stopwatch::from(inner.state.clock.claimed);
                inner.watch.start(self.device.monotonic());
            }
            Role::Reader => {
                inner.watch.stop(self.device.monotonic());
                // What waits to be tried again is the learner's to give up.
                if !inner.waits() {
                    inner.queue.clear();
                    inner.saving = Saving::Saved;
                }
            }
        }
        drop(inner);
        self.changed();
    }

    /// The page is visible again.
    pub fn show(&self) {
        self.inner.borrow_mut().watch.start(self.device.monotonic());
    }

    /// The page is hidden: from here on, time does not count.
    pub fn hide(&self) {
        self.inner.borrow_mut().watch.stop(self.device.monotonic());
    }

    /// Puts a step in the queue. Somebody has to [`Live::pump`] afterwards. A reader's steps are dropped, and a second
    /// press of what has not answered yet.
    ///
    /// Where an earlier step waits to be tried again, a new one of the learner is also the word to do so: it takes the
    /// place of one that it answers anew, and follows any other.
    pub fn give(&self, step: Step) {
        let mut inner = self.inner.borrow_mut();
        if inner.role == Role::Reader {
            return;
        }
        match (&step, inner.waits()) {
            (Step::Note(_), true) => return,
            (Step::Try(..) | Step::Sign, false) if inner.last_of_learner() == Some(&step) => return,
            (_, true) => {
                inner.saving = Saving::Saving;
                if let Some(place) = inner.queue.iter().position(|earlier| anew(&step, earlier)) {
                    inner.queue.retain(|earlier| !anew(&step, earlier));
                    inner.queue.insert(place, step);
                    return;
                }
            }
            (Step::Note(_), false) => {}
            // From now on, not from its turn on: what a page shows first is what is.
            (Step::Try(..) | Step::Sign, false) => inner.saving = Saving::Saving,
        }
        inner.queue.push_back(step);
    }

    /// Tries the failed step once more. Somebody has to [`Live::pump`] afterwards.
    pub fn retry(&self) {
        let mut inner = self.inner.borrow_mut();
        if inner.waits() {
            inner.saving = Saving::Saving;
            drop(inner);
            self.changed();
        }
    }

    /// Whether something of the learner is on its way to the device.
    #[must_use]
    pub fn is_saving(&self) -> bool {
        self.inner.borrow().saving == Saving::Saving
    }

    /// What was given is still on its way: from now on that is shown. Most commits are faster than a frame that says so,
    /// and would have to wait for it.
    pub fn lasts(&self) {
        if self.is_saving() {
            self.changed();
        }
    }

    /// Works the queue off. Returns at once where that is being done already.
    pub async fn pump(&self) {
        if std::mem::replace(&mut self.inner.borrow_mut().pumping, true) {
            return;
        }
        let mut next = Next::Go;
        while next == Next::Go
            && let Some(step) = self.next()
        {
            let written = match step.clone() {
                Step::Try(command, sheets) => Some((command, sheets)),
                Step::Note(command) => Some((command, Vec::new())),
                Step::Sign => None,
            };
            let done = match written {
                Some((command, sheets)) => self.write(command, sheets).await,
                None => self.sign().await,
            };
            next = self.judge(&step, done).await;
        }
        self.inner.borrow_mut().pumping = false;
        if next == Next::Wait {
            self.changed();
        }
    }

    /// The step whose turn it is; it stays in the queue until it is done.
    fn next(&self) -> Option<Step> {
        let mut inner = self.inner.borrow_mut();
        let step = inner.queue.front().cloned()?;
        if !matches!(step, Step::Note(_)) {
            inner.said = None;
            inner.saving = Saving::Saving;
        }
        Some(step)
    }

    async fn judge(&self, step: &Step, done: Result<(), Trouble>) -> Next {
        let moved = match done {
            Ok(()) => false,
            Err(Trouble::Store(StoreError::HeadMoved { .. })) => true,
            Err(_) if matches!(step, Step::Note(_)) => false,
            Err(Trouble::Refused(refusal)) => {
                self.inner.borrow_mut().said = Some(Said::Refused(refusal));
                false
            }
            Err(Trouble::Store(error)) => {
                self.inner.borrow_mut().saving = Saving::Failed(error);
                return Next::Wait;
            }
            Err(Trouble::Unsigned(unsigned)) => {
                self.inner.borrow_mut().saving = Saving::Unsigned(unsigned);
                return Next::Wait;
            }
        };
        if moved {
            let caught_up = self.catch_up().await;
            let mut inner = self.inner.borrow_mut();
            match caught_up {
                Ok(()) => {
                    inner.queue.clear();
                    inner.said = Some(Said::MovedOn);
                }
                Err(Unusable::Store(error)) => {
                    inner.saving = Saving::Failed(error);
                    return Next::Wait;
                }
                Err(Unusable::Broken { .. } | Unusable::Pack { .. }) => {
                    let (session, at) = (self.id, inner.head.n);
                    inner.saving = Saving::Failed(StoreError::Corrupt { session, at });
                    return Next::Wait;
                }
            }
        }
        let mut inner = self.inner.borrow_mut();
        inner.queue.pop_front();
        // Between two steps that were given together there is no rest that a page should show.
        inner.saving = if inner.queue.is_empty() { Saving::Saved } else { Saving::Saving };
        drop(inner);
        self.changed();
        Next::Go
    }

    /// Reads what other pages have written.
    ///
    /// # Errors
    /// [`Unusable`] names what is wrong with what is stored.
    pub async fn catch_up(&self) -> Result<(), Unusable> {
        let log = self.journal.log(self.id).await?;
        let (state, head) = {
            let inner = self.inner.borrow();
            (Rc::clone(&inner.state), inner.head)
        };
        let known = usize::try_from(head.n).unwrap_or(usize::MAX);
        let hash = log.lines.iter().take(known).fold(state.seed, |hash, line| chain(hash, line));
        // Only where this page's log is the beginning of the stored one; otherwise from the start.
        let (state, head) = if hash == head.hash {
            let earlier = Replay { state: Some((*state).clone()), head: Some(head), broken: None };
            whole(replay_on(&self.content, earlier, log.lines.iter().skip(known).map(String::as_str)))?
        } else {
            whole(replay(&self.content, &log.lines.join("\n")))?
        };
        let view = view(&self.content, &state);
        self.take(state, view, head, log.session, all_bundled(&log.lines));
        self.changed();
        Ok(())
    }

    async fn write(&self, command: Command, sheets: Vec<Sheet>) -> Result<(), Trouble> {
        let prepared = self.prepare(command).map_err(Trouble::Refused)?;
        let Prepared { line, state, view, row, head: _, bundled } = prepared;
        let from = self.inner.borrow().head;
        let addition = Addition { from, line, sheets, session: row.clone() };
        let head = self.journal.append(self.id, addition).await.map_err(Trouble::Store)?;
        self.take(state, view, head, row, bundled);
        Ok(())
    }

    fn prepare(&self, command: Command) -> Result<Prepared, Refusal> {
        let (mut state, head, before) = {
            let inner = self.inner.borrow();
            ((*inner.state).clone(), inner.head, inner.bundled)
        };
        let moment = self.device.wall();
        let stamp = Stamp { at: moment.at, offset: moment.offset, zone: moment.zone, active: self.active() };
        let entry: Entry = decide(&self.content, &state, command, stamp)?;
        let line = encode(&entry);
        let bundled = before.saturating_add(bundled(&line));
        room(bundled, &entry)?;
        apply(&self.content, &mut state, &entry)?;
        let head = Head { n: entry.n, hash: chain(head.hash, &line) };
        let view = view(&self.content, &state);
        let mut row = self.inner.borrow().row.clone();
        row.summary = Summary {
            step: (self.naming)(&view, state.started.mode),
            minutes_left: view.minutes_left,
            updated: state.clock.last.at,
            ..row.summary
        };
        Ok(Prepared { line, state, view, row, head, bundled })
    }

    fn take(&self, state: State, view: View, head: Head, row: Row, bundled: usize) {
        let mut inner = self.inner.borrow_mut();
        inner.view = Rc::new(view);
        inner.watch.at_least(state.clock.claimed, self.device.monotonic());
        inner.state = Rc::new(state);
        inner.head = head;
        inner.bundled = bundled;
        inner.row = row;
    }

    fn changed(&self) {
        let tell = Rc::clone(&self.tell.borrow());
        tell();
    }
}

fn all_bundled(lines: &[String]) -> usize {
    lines.iter().map(|line| bundled(line)).sum()
}

/// Whether a step says again, or otherwise, what an earlier one said.
fn anew(step: &Step, earlier: &Step) -> bool {
    match (step, earlier) {
        (Step::Try(command, _), Step::Try(known, _)) => said_anew(command, known),
        (Step::Sign, Step::Sign) => true,
        (Step::Try(..) | Step::Note(_) | Step::Sign, Step::Try(..) | Step::Note(_) | Step::Sign) => false,
    }
}

/// Where several of a kind can be asked for in any order, one is no word about another: a dose that was not written
/// is not taken back by the next order. All else is a form or a way on, of which the latest counts.
fn said_anew(command: &Command, known: &Command) -> bool {
    match (command, known) {
        (Command::Answer { item, .. }, Command::Answer { item: known, .. }) => item == known,
        (Command::AnswerQuestion { question, .. }, Command::AnswerQuestion { question: known, .. }) => {
            question == known
        }
        (Command::Act { action, .. }, Command::Act { action: known, .. }) => action == known,
        (Command::OpenChart { entry }, Command::OpenChart { entry: known }) => entry == known,
        (command, known) => std::mem::discriminant(command) == std::mem::discriminant(known),
    }
}

/// Whether the queue goes on.
#[derive(PartialEq, Eq)]
enum Next {
    Go,
    Wait,
}

/// The activity of a session from the files that it keeps.
///
/// # Errors
/// [`Unusable`] names what is missing or damaged.
pub async fn pinned<B: Backend + Witness>(journal: &Journal<B>, id: SessionId) -> Result<Content, Unusable> {
    let unusable = |found: String| Unusable::Pack { found };
    let file = async |name: &'static str| {
        journal.pinned(id, name).await?.ok_or_else(|| unusable(format!("{name} is not on this device")))
    };
    let manifest = crate::pack::payload_of(&file(PINNED_MANIFEST).await?)
        .map_err(|error| unusable(format!("{PINNED_MANIFEST}: {error}")))?;
    Content::open(&manifest, &file(PINNED_ACTIVITY).await?).map_err(|error| unusable(error.to_string()))
}

fn whole(replay: Replay) -> Result<(State, Head), Unusable> {
    match replay {
        Replay { broken: Some((n, why)), .. } => Err(Unusable::Broken { n, why }),
        Replay { state: Some(state), head: Some(head), .. } => Ok((state, head)),
        Replay { .. } => Err(Unusable::Pack { found: "the log is empty".to_owned() }),
    }
}
