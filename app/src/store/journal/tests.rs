//! The journal over a database in memory that fails where it is told to.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use enduring_core::measure::{Minutes, Timestamp};

use super::plan::{Backend, Decide, Query, Row, Verdict, Witness};
use super::*;

/// The memory backend never waits.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the memory backend waited"),
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The transaction is aborted: nothing is written.
    Aborted,
    /// The transaction is committed, and its answer is lost with the connection.
    AnswerLost,
}

#[derive(Debug, Default)]
pub(crate) struct Memory {
    rows: RefCell<BTreeMap<(Store, Key), Value>>,
    notes: RefCell<BTreeMap<SessionId, String>>,
    operations: Cell<usize>,
    fault: Cell<Option<(usize, Fault)>>,
}

impl Memory {
    fn apply(&self, plan: Plan) -> Result<(), StoreError> {
        if let Some(expect) = plan.expect
            && expect.judge(self.rows_of(&Query::Last(expect.session)).last().and_then(head_of))?
                == Verdict::Done
        {
            return Ok(());
        }
        let mut rows = self.rows.borrow().clone();
        for write in plan.writes {
            match write {
                Write::Add(store, key, value) => {
                    if rows.insert((store, key), value).is_some() {
                        return Err(StoreError::Disk { name: "ConstraintError".to_owned() });
                    }
                }
                Write::Put(store, key, value) => {
                    rows.insert((store, key), value);
                }
                Write::Delete(store, key) => {
                    rows.remove(&(store, key));
                }
                Write::DeleteAll(of, session) => {
                    rows.retain(|(store, key), _| *store != of || session_of(key) != Some(session));
                }
            }
        }
        *self.rows.borrow_mut() = rows;
        Ok(())
    }

    fn rows_of(&self, query: &Query) -> Vec<Row> {
        let rows = self.rows.borrow();
        let rows = rows.iter().filter(|((store, key), _)| match query {
            Query::One(of, name) => store == of && key == name,
            Query::All(of) => store == of,
            Query::Log(session) | Query::Last(session) => {
                *store == Store::Events && session_of(key) == Some(*session)
            }
        });
        let rows = rows.map(|((_, key), value)| (key.clone(), value.clone()));
        match query {
            Query::Log(session) => {
                let numbered = (1..).zip(rows);
                numbered.map(|(n, (_, value))| (Key::Event(*session, n), value)).collect()
            }
            Query::One(..) | Query::All(_) | Query::Last(_) => rows.collect(),
        }
    }

    /// The next operation fails so.
    pub(crate) fn fail_next(&self, fault: Fault) {
        self.fault.set(Some((self.operations.get(), fault)));
    }

    fn fault(&self) -> Option<Fault> {
        let number = self.operations.get();
        self.operations.set(number + 1);
        self.fault.get().filter(|(at, _)| *at == number).map(|(_, fault)| fault)
    }
}

fn session_of(key: &Key) -> Option<SessionId> {
    match key {
        Key::Name(_) => None,
        Key::Event(session, _) | Key::Part(session, _) => Some(*session),
    }
}

impl Backend for Memory {
    async fn commit(&self, plan: Plan) -> Result<(), StoreError> {
        match self.fault() {
            None => self.apply(plan),
            Some(Fault::Aborted) => Err(StoreError::Quota),
            Some(Fault::AnswerLost) => self.apply(plan).and(Err(StoreError::ConnectionLost)),
        }
    }

    async fn change(&self, session: SessionId, decide: &Decide<'_>) -> Result<(), StoreError> {
        let change = || {
            let one = |store| self.rows_of(&Query::One(store, Key::Name(session.to_string()))).pop();
            one(Store::Sessions).ok_or(StoreError::Absent)?;
            let standing = one(Store::Activities).map(|(_, value)| match value {
                Value::Text(text) => text,
                Value::Event(_) | Value::Bytes(_) => panic!("expected a text"),
            });
            self.apply(Plan { expect: None, writes: decide(standing.as_deref()) })
        };
        match self.fault() {
            None => change(),
            Some(Fault::Aborted) => Err(StoreError::Quota),
            Some(Fault::AnswerLost) => change().and(Err(StoreError::ConnectionLost)),
        }
    }

    async fn read(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        match self.fault() {
            None => Ok(self.rows_of(&query)),
            Some(_) => Err(StoreError::ConnectionLost),
        }
    }
}

impl Witness for Memory {
    fn note(&self, session: SessionId, text: String) {
        self.notes.borrow_mut().insert(session, text);
    }

    async fn recall(&self) -> Vec<(SessionId, String)> {
        self.notes.borrow().clone().into_iter().collect()
    }

    fn forget(&self, session: SessionId) {
        self.notes.borrow_mut().remove(&session);
    }
}

const SESSION: SessionId = SessionId([7; 16]);
const PACK: Digest = Digest([9; 32]);

fn summary(step: &str) -> Summary {
    Summary {
        activity: "cap".to_owned(),
        version: "1".to_owned(),
        title: "Pneumonia".to_owned(),
        step: step.to_owned(),
        minutes_left: Minutes(20),
        updated: Timestamp(1_000),
        sample: None,
    }
}

fn beginning() -> Beginning {
    Beginning {
        session: SESSION,
        pack: PACK,
        summary: summary("Before you start"),
        pinned: vec![("activity.bin".to_owned(), vec![0, 255, 62])],
        line: r#"{"n":1}"#.to_owned(),
    }
}

fn addition(from: Head, line: &str) -> Addition {
    Addition {
        from,
        line: line.to_owned(),
        sheets: vec![("learner".to_owned(), format!("sheet of {line}"))],
        session: Session { pack: PACK, stage: Stage::Open, summary: summary(line) },
    }
}

fn begun() -> (Journal<Memory>, Head) {
    let journal = Journal::over(Memory::default());
    let head = now(journal.create(beginning())).unwrap();
    (journal, head)
}

/// As `public/rescue.js` writes it; `tests/browser` holds the two together.
fn export(journal: &Journal<Memory>) -> String {
    let mut stores: BTreeMap<&str, Vec<serde_json::Value>> = BTreeMap::new();
    for store in Store::ALL.into_iter().filter(|store| *store != Store::Keys) {
        stores.insert(store.name(), Vec::new());
    }
    for ((store, key), value) in journal.backend.rows.borrow().iter() {
        let key = match key {
            Key::Name(name) => serde_json::json!(name),
            Key::Event(session, n) => serde_json::json!([session, n]),
            Key::Part(session, name) => serde_json::json!([session, name]),
        };
        let value = match value {
            Value::Text(text) => serde_json::json!(text),
            Value::Event(event) => serde_json::json!(event),
            Value::Bytes(bytes) => {
                serde_json::json!({ "base64url": enduring_core::encode::base64url(bytes) })
            }
        };
        stores.get_mut(store.name()).unwrap().push(serde_json::json!([key, value]));
    }
    serde_json::json!({ "format": "enduring-journal/1", "version": 1, "stores": stores }).to_string()
}

#[test]
fn a_log_is_read_back_as_it_was_written() {
    let (journal, first) = begun();
    let second = now(journal.append(SESSION, addition(first, "two"))).unwrap();
    let log = now(journal.log(SESSION)).unwrap();
    assert_eq!(log.lines, [r#"{"n":1}"#, "two"]);
    assert_eq!((log.head, log.session.pack), (second, PACK));
    assert_eq!(second.hash, chain(chain(origin(PACK, SESSION), r#"{"n":1}"#), "two"));
    assert_eq!(now(journal.sheet(SESSION, "learner")).unwrap().as_deref(), Some("sheet of two"));
    assert_eq!(now(journal.session(SESSION)).unwrap().summary.step, "two");
    assert_eq!(now(journal.pinned(SESSION, "activity.bin")).unwrap(), Some(vec![0, 255, 62]));
}

#[test]
fn a_stale_tab_writes_nothing() {
    let (journal, first) = begun();
    let second = now(journal.append(SESSION, addition(first, "from this tab"))).unwrap();
    let before = journal.backend.rows.borrow().clone();
    let refused = now(journal.append(SESSION, addition(first, "from the stale tab")));
    assert_eq!(refused, Err(StoreError::HeadMoved { expected: first, found: second }));
    assert_eq!(*journal.backend.rows.borrow(), before);
}

#[test]
fn a_session_is_not_begun_twice() {
    let (journal, first) = begun();
    let again = now(journal.create(Beginning { line: "another".to_owned(), ..beginning() }));
    assert!(matches!(again, Err(StoreError::HeadMoved { found, .. }) if found == first), "{again:?}");
}

/// A whole session, each step tried again after a failure, as the page does on *Try again*.
fn whole_session(journal: &Journal<Memory>) -> Result<Vec<String>, StoreError> {
    fn again<T>(mut step: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
        step().or_else(|_| step())
    }
    let mut saved = Vec::new();
    let mut head = again(|| now(journal.create(beginning())))?;
    saved.push(beginning().line);
    for n in 2..6 {
        let line = format!("line {n}");
        head = again(|| now(journal.append(SESSION, addition(head, &line))))?;
        saved.push(line);
        let stored = again(|| now(journal.log(SESSION)))?;
        assert_eq!(stored.lines, saved, "what was acknowledged is what is stored");
    }
    again(|| now(journal.finish(SESSION, addition(head, "end"), "record".to_owned(), "{}".to_owned())))?;
    saved.push("end".to_owned());
    again(|| now(journal.put(Shelf::Settings, "language", "de".to_owned())))?;
    again(|| now(journal.remove(Shelf::Settings, "language")))?;
    let pdf = Change::Certificate("certificate.pdf".to_owned(), vec![1]);
    for change in [
        Change::Standing("1".to_owned()),
        Change::Answered("2".to_owned(), Pins::Keep),
        Change::Answered("3".to_owned(), Pins::Remove),
        pdf,
    ] {
        again(|| now(journal.change(SESSION, &|_| Some(change.clone()))))?;
    }
    Ok(saved)
}

#[test]
fn whatever_single_operation_fails_nothing_acknowledged_is_lost_and_a_second_try_succeeds() {
    let sound = Journal::over(Memory::default());
    let expected = whole_session(&sound).unwrap();
    let operations = sound.backend.operations.get();
    assert!(operations > 15, "{operations}");
    for fault in [Fault::Aborted, Fault::AnswerLost] {
        for at in 0..operations {
            let journal = Journal::over(Memory::default());
            journal.backend.fault.set(Some((at, fault)));
            let saved = whole_session(&journal);
            assert_eq!(saved.as_ref(), Ok(&expected), "{fault:?} at operation {at}");
            assert_eq!(*journal.backend.rows.borrow(), *sound.backend.rows.borrow(), "{fault:?} at {at}");
            assert_eq!(now(journal.losses()).unwrap(), [], "{fault:?} at {at}");
        }
    }
}

#[test]
fn finishing_writes_record_outbox_and_last_event_together() {
    let (journal, first) = begun();
    let finish =
        || now(journal.finish(SESSION, addition(first, "end"), "record".to_owned(), "{}".to_owned()));
    journal.backend.fault.set(Some((journal.backend.operations.get(), Fault::Aborted)));
    assert_eq!(finish(), Err(StoreError::Quota));
    assert_eq!(now(journal.record(SESSION)).unwrap(), None);
    assert_eq!(now(journal.head(SESSION)).unwrap(), Some(first));
    finish().unwrap();
    assert_eq!(now(journal.record(SESSION)).unwrap().as_deref(), Some("record"));
    assert_eq!(now(journal.list(Shelf::Outbox)).unwrap(), [(SESSION.to_string(), "{}".to_owned())]);
    assert_eq!(now(journal.session(SESSION)).unwrap().stage, Stage::Finished);
}

#[test]
fn damage_is_found_and_placed() {
    let (journal, first) = begun();
    let second = now(journal.append(SESSION, addition(first, "two"))).unwrap();
    now(journal.append(SESSION, addition(second, "three"))).unwrap();
    let sound = journal.backend.rows.borrow().clone();
    let key = |n| (Store::Events, Key::Event(SESSION, n));
    journal.backend.rows.borrow_mut().remove(&key(2));
    assert_eq!(now(journal.log(SESSION)), Err(StoreError::Corrupt { session: SESSION, at: 2 }));
    *journal.backend.rows.borrow_mut() = sound;
    let forged = Value::Event(Event { hash: second.hash, line: "two!".to_owned() });
    journal.backend.rows.borrow_mut().insert(key(2), forged);
    assert_eq!(now(journal.log(SESSION)), Err(StoreError::Corrupt { session: SESSION, at: 2 }));
}

#[test]
fn a_log_that_was_cut_short_or_emptied_is_said() {
    let (journal, first) = begun();
    let second = now(journal.append(SESSION, addition(first, "two"))).unwrap();
    assert_eq!(now(journal.losses()).unwrap(), []);
    journal.backend.rows.borrow_mut().remove(&(Store::Events, Key::Event(SESSION, 2)));
    let losses = now(journal.losses()).unwrap();
    let [loss] = losses.as_slice() else { panic!("{losses:?}") };
    assert_eq!((loss.known, loss.found, loss.title.as_str()), (second, Some(first), "Pneumonia"));
    journal.acknowledge(loss);
    assert_eq!(now(journal.losses()).unwrap(), []);

    journal.backend.rows.borrow_mut().clear();
    let losses = now(journal.losses()).unwrap();
    let [loss] = losses.as_slice() else { panic!("{losses:?}") };
    assert_eq!((loss.known, loss.found), (first, None));
    journal.acknowledge(loss);
    assert_eq!(now(journal.losses()).unwrap(), []);
}

#[test]
fn a_note_that_lags_behind_is_no_loss() {
    let (journal, first) = begun();
    let note = journal.backend.notes.borrow()[&SESSION].clone();
    now(journal.append(SESSION, addition(first, "two"))).unwrap();
    journal.backend.note(SESSION, note);
    assert_eq!(now(journal.losses()).unwrap(), []);
}

#[test]
fn an_erased_session_leaves_nothing_and_is_no_loss() {
    let (journal, first) = begun();
    now(journal.finish(SESSION, addition(first, "end"), "record".to_owned(), "{}".to_owned())).unwrap();
    now(journal.erase(SESSION)).unwrap();
    assert!(journal.backend.rows.borrow().is_empty());
    assert_eq!(now(journal.losses()).unwrap(), []);
}

#[test]
fn nothing_of_an_erased_session_comes_back() {
    let (journal, first) = begun();
    now(journal.finish(SESSION, addition(first, "end"), "record".to_owned(), "{}".to_owned())).unwrap();
    now(journal.erase(SESSION)).unwrap();
    for change in [
        Change::Standing("{}".to_owned()),
        Change::Answered("{}".to_owned(), Pins::Remove),
        Change::Certificate("certificate.pdf".to_owned(), vec![1]),
    ] {
        let late = now(journal.change(SESSION, &|_| Some(change.clone())));
        assert_eq!(late, Err(StoreError::Absent), "{change:?}");
        assert!(journal.backend.rows.borrow().is_empty(), "{change:?}");
    }
}

#[test]
fn a_change_is_made_to_what_is_there() {
    let (journal, first) = begun();
    now(journal.finish(SESSION, addition(first, "end"), "record".to_owned(), "{}".to_owned())).unwrap();
    let add = |more: &'static str| {
        now(journal
            .change(SESSION, &|known| Some(Change::Standing(format!("{}{more}", known.unwrap_or_default())))))
    };
    add("a").unwrap();
    add("b").unwrap();
    assert_eq!(now(journal.list(Shelf::Activities)).unwrap(), [(SESSION.to_string(), "ab".to_owned())]);
    let before = journal.backend.rows.borrow().clone();
    now(journal.change(SESSION, &|_| None)).unwrap();
    journal.backend.fail_next(Fault::Aborted);
    assert_eq!(add("c"), Err(StoreError::Quota));
    assert_eq!(*journal.backend.rows.borrow(), before);
}

#[test]
fn a_saved_file_restores_everything_but_the_keys() {
    let (journal, first) = begun();
    now(journal.finish(
        SESSION,
        addition(first, "end \u{1F600} \"quoted\"\\"),
        "record".to_owned(),
        "{}".to_owned(),
    ))
    .unwrap();
    now(journal.put(Shelf::Settings, "language", "de".to_owned())).unwrap();
    let other = Journal::over(Memory::default());
    let report = now(other.import(&export(&journal))).unwrap();
    assert_eq!(report.sessions.iter().map(|imported| imported.outcome).collect::<Vec<_>>(), [Outcome::New]);
    assert_eq!(*other.backend.rows.borrow(), *journal.backend.rows.borrow());
    let again = now(other.import(&export(&journal))).unwrap();
    assert_eq!(again.sessions.iter().map(|imported| imported.outcome).collect::<Vec<_>>(), [Outcome::Known]);
}

#[test]
fn a_file_extends_a_log_and_never_shortens_or_forks_it() {
    let (here, first) = begun();
    let (there, _) = begun();
    let short = export(&here);
    let second = now(there.append(SESSION, addition(first, "two"))).unwrap();
    let long = export(&there);

    assert_eq!(now(here.import(&long)).unwrap().sessions[0].outcome, Outcome::Extended { events: 1 });
    assert_eq!(now(here.head(SESSION)).unwrap(), Some(second));
    assert_eq!(now(here.import(&short)).unwrap().sessions[0].outcome, Outcome::Known);
    assert_eq!(now(here.head(SESSION)).unwrap(), Some(second));

    let (fork, _) = begun();
    now(fork.append(SESSION, addition(first, "another two"))).unwrap();
    let before = fork.backend.rows.borrow().clone();
    assert_eq!(now(fork.import(&long)).unwrap().sessions[0].outcome, Outcome::Conflict { at: 2 });
    assert_eq!(*fork.backend.rows.borrow(), before);
}

#[test]
fn a_file_mends_what_is_damaged_here_and_the_sessions_after_it_are_loaded() {
    let (there, first) = begun();
    let second = now(there.append(SESSION, addition(first, "two"))).unwrap();
    now(there.append(SESSION, addition(second, "three"))).unwrap();
    let (whole, rows) = (export(&there), there.backend.rows.borrow().clone());
    let damaged = |n| {
        let here = Journal::over(Memory::default());
        now(here.import(&whole)).unwrap();
        let mut rows = here.backend.rows.borrow_mut();
        if let Some(Value::Event(event)) = rows.get_mut(&(Store::Events, Key::Event(SESSION, n))) {
            event.line = "another".to_owned();
        }
        drop(rows);
        assert_eq!(now(here.log(SESSION)), Err(StoreError::Corrupt { session: SESSION, at: n }));
        here
    };
    for n in 1..=3 {
        let here = damaged(n);
        assert_eq!(now(here.import(&whole)).unwrap().sessions[0].outcome, Outcome::Mended { at: n });
        assert_eq!(*here.backend.rows.borrow(), rows);
    }
    let (short, _) = begun();
    let (shorter, first) = begun();
    now(shorter.append(SESSION, addition(first, "two"))).unwrap();
    for file in [export(&short), export(&shorter)] {
        let here = damaged(2);
        let before = here.backend.rows.borrow().clone();
        assert_eq!(now(here.import(&file)).unwrap().sessions[0].outcome, Outcome::Damaged { at: 2 });
        assert_eq!(*here.backend.rows.borrow(), before);
    }
}

#[test]
fn what_belongs_to_no_session_of_a_file_is_passed_over_and_said() {
    let (there, first) = begun();
    now(there.finish(SESSION, addition(first, "end"), "record".to_owned(), "{}".to_owned())).unwrap();
    let whole = there.backend.rows.borrow().clone();
    let gone = SessionId([8; 16]);
    for (store, key, value) in [
        (Store::Pinned, Key::Part(gone, "certificate.pdf".to_owned()), Value::Bytes(vec![1])),
        (Store::Sheets, Key::Part(gone, "learner".to_owned()), Value::Text("a name".to_owned())),
        (Store::Records, Key::Name(gone.to_string()), Value::Text("record".to_owned())),
        (Store::Outbox, Key::Name(gone.to_string()), Value::Text("{}".to_owned())),
    ] {
        there.backend.rows.borrow_mut().insert((store, key), value);
    }
    let here = Journal::over(Memory::default());
    let loaded = now(here.import(&export(&there))).unwrap();
    assert_eq!((loaded.sessions[0].outcome, loaded.sessions.len(), loaded.strays), (Outcome::New, 1, 4));
    assert_eq!(*here.backend.rows.borrow(), whole);
}

#[test]
fn a_file_never_replaces_a_setting() {
    let (there, _) = begun();
    now(there.put(Shelf::Settings, "language", "de".to_owned())).unwrap();
    let (here, _) = begun();
    now(here.put(Shelf::Settings, "language", "en".to_owned())).unwrap();
    now(here.import(&export(&there))).unwrap();
    assert_eq!(now(here.get(Shelf::Settings, "language")).unwrap().as_deref(), Some("en"));
}

#[test]
fn a_file_that_is_not_sound_loads_nothing() {
    let (there, first) = begun();
    now(there.append(SESSION, addition(first, "two"))).unwrap();
    let text = export(&there);
    let here = Journal::over(Memory::default());
    let malformed = |text: &str| matches!(now(here.import(text)), Err(NotImported::Malformed { .. }));
    assert!(malformed("") && malformed("{}") && malformed("[1]"));
    assert!(malformed(&text.replace("enduring-journal/1", "enduring-journal/9")));
    assert!(malformed(&text.replace("\"stores\":{", "\"stores\":{\"unknown\":[],")));
    assert!(malformed(&text.replace("AP8-", "AP8+")));
    assert_eq!(
        now(here.import(&text.replace("\"version\":1", "\"version\":2"))),
        Err(NotImported::Newer { expected: 1, found: 2 })
    );
    assert_eq!(
        now(here.import(&text.replace("\"line\":\"two\"", "\"line\":\"tw0\""))),
        Err(NotImported::Store(StoreError::Corrupt { session: SESSION, at: 2 }))
    );
    assert!(here.backend.rows.borrow().is_empty());
}
