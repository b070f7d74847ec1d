//! The journal in IndexedDB, and its notes in the Cache API.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use enduring_core::id::{Digest, SessionId};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use web_sys::{
    IdbCursorDirection, IdbCursorWithValue, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbTransaction,
};

use super::plan::{
    Backend, Decide, Event, Key, NAME, Plan, Query, Row, Store, VERSION, Value, Verdict, Witness, Write,
};
use super::session::head_of;
use super::{Journal, notes};
use crate::store::StoreError;
use crate::store::idb::{self, Asked, Db, End};

/// How often a lost connection is opened again for one operation.
const REOPENINGS: u32 = 3;
/// When opening counts as held up, in milliseconds.
const PATIENCE: i32 = 1_500;
/// So many lines of a log are read at once.
const PORTION: u32 = 256;

/// What the journal says without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Opening waits, most often for another tab that has to be closed; it goes on by itself.
    Waiting,
    /// A newer player wants the journal: this one has let go of it, and can only read from here on.
    Released,
}

/// IndexedDB in this page.
pub struct Web {
    db: Rc<RefCell<Option<Db>>>,
    newer: Cell<Option<u32>>,
    tell: Rc<dyn Fn(Notice)>,
    notes: notes::Notes,
}

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(NAME)
    }
}

impl Journal<Web> {
    /// Opens the journal of this origin, making it on the first visit.
    /// A journal of a newer player opens too, and then refuses every write with [`StoreError::Newer`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open(tell: impl Fn(Notice) + 'static) -> Result<Self, StoreError> {
        let web = Web {
            db: Rc::default(),
            newer: Cell::new(None),
            tell: Rc::new(tell),
            notes: notes::Notes::default(),
        };
        web.handle().await?;
        Ok(Self::over(web))
    }

    /// The version of a newer player's journal, when it is one: reading and saving to a file is all there is.
    #[must_use]
    pub fn newer(&self) -> Option<u32> {
        self.backend.newer.get()
    }

    /// A device key, as the browser's own handle.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn key(&self, name: &str) -> Result<Option<JsValue>, StoreError> {
        self.backend.key(name).await
    }

    /// Keeps a device key; one that is there stays. Read it again before relying on it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn add_key(&self, name: &str, key: &JsValue) -> Result<(), StoreError> {
        self.backend.add_key(name, key).await
    }
}

impl Web {
    async fn handle(&self) -> Result<Db, StoreError> {
        if let Some(db) = self.db.borrow().as_ref() {
            return Ok(db.clone());
        }
        let opened = Rc::new(Cell::new(false));
        let (tell, done) = (Rc::clone(&self.tell), Rc::clone(&opened));
        // Behind a deletion that waits for another tab, Chromium, Firefox and WebKit send no `blocked`: the clock speaks too.
        let late = Closure::once_into_js(move || {
            if !done.replace(true) {
                tell(Notice::Waiting);
            }
        });
        let window = web_sys::window().ok_or(StoreError::Unsupported)?;
        let timer =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(late.unchecked_ref(), PATIENCE);
        let (tell, done) = (Rc::clone(&self.tell), Rc::clone(&opened));
        let blocked = move || {
            if !done.replace(true) {
                tell(Notice::Waiting);
            }
        };
        let db = match idb::open(NAME, Some(VERSION), add_stores, blocked).await {
            Err(StoreError::Newer { .. }) => {
                let db = idb::open(NAME, None, |_| {}, || {}).await;
                if let Ok(db) = &db {
                    // Versions are whole numbers far below 2^32.
                    self.newer.set(Some(db.version() as u32));
                }
                db
            }
            other => other,
        };
        opened.set(true);
        if let Ok(timer) = timer {
            window.clear_timeout_with_handle(timer);
        }
        let db = db?;
        self.watch(&db);
        *self.db.borrow_mut() = Some(db.clone());
        Ok(db)
    }

    /// Lets go of the handle when a newer player wants the journal, or the browser ends the connection.
    fn watch(&self, db: &Db) {
        let (slot, tell, handle) = (Rc::clone(&self.db), Rc::clone(&self.tell), db.clone());
        let released = Closure::once_into_js(move || {
            handle.close();
            slot.borrow_mut().take();
            tell(Notice::Released);
        });
        db.set_onversionchange(Some(released.unchecked_ref()));
        let slot = Rc::clone(&self.db);
        let closed = Closure::once_into_js(move || {
            slot.borrow_mut().take();
        });
        db.set_onclose(Some(closed.unchecked_ref()));
    }

    /// Runs an operation on a handle, on a new one where the old one is dead.
    /// Safe to repeat, since a plan that was carried out is recognised by the head it left.
    async fn persist<T>(
        &self,
        operation: impl AsyncFn(Db) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut reopened = 0;
        loop {
            match operation(self.handle().await?).await {
                Err(StoreError::ConnectionLost) if reopened < REOPENINGS => {
                    reopened += 1;
                    if let Some(dead) = self.db.borrow_mut().take() {
                        dead.close();
                    }
                }
                other => return other,
            }
        }
    }

    fn writable(&self) -> Result<(), StoreError> {
        match self.newer.get() {
            Some(found) => Err(StoreError::Newer { expected: VERSION, found }),
            None => Ok(()),
        }
    }

    async fn key(&self, name: &str) -> Result<Option<JsValue>, StoreError> {
        self.persist(async |db| {
            let store = store_of(&idb::reading(&db, Store::Keys.name())?, Store::Keys)?;
            let found = idb::result(&store.get(&name.into()).map_err(idb::error)?).await?;
            Ok((!found.is_null() && !found.is_undefined()).then_some(found))
        })
        .await
    }

    async fn add_key(&self, name: &str, key: &JsValue) -> Result<(), StoreError> {
        self.writable()?;
        self.persist(async |db| {
            let transaction = idb::writing(&db, &[Store::Keys.name()])?;
            let end = idb::end(&transaction);
            store_of(&transaction, Store::Keys)?.add_with_key(key, &name.into()).map_err(idb::error)?;
            end.committed().await
        })
        .await
    }
}

impl Backend for Web {
    async fn commit(&self, plan: Plan) -> Result<(), StoreError> {
        self.writable()?;
        self.persist(async |db| carry_out(&db, &plan).await).await
    }

    async fn change(&self, session: SessionId, decide: &Decide<'_>) -> Result<(), StoreError> {
        self.writable()?;
        self.persist(async |db| change(&db, session, decide).await).await
    }

    async fn read(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        self.persist(async |db| answer(&db, &query).await).await
    }
}

impl Witness for Web {
    fn note(&self, session: SessionId, text: String) {
        self.notes.note(session, text);
    }

    async fn recall(&self) -> Vec<(SessionId, String)> {
        self.notes.recall().await
    }

    fn forget(&self, session: SessionId) {
        self.notes.forget(session);
    }
}

/// Creates what is missing and touches nothing else.
fn add_stores(db: &IdbDatabase) {
    let there = db.object_store_names();
    for store in Store::ALL {
        if !there.contains(store.name()) {
            let _ = db.create_object_store(store.name());
        }
    }
}

async fn carry_out(db: &Db, plan: &Plan) -> Result<(), StoreError> {
    let (transaction, end) = begin(db, plan)?;
    // All is asked for at once. The browser answers in this order, so that nothing is
    // committed before the head was judged.
    let last = plan.expect.map(|expect| (expect, ask_last(&transaction, expect.session)));
    let queued = plan.writes.iter().try_for_each(|write| queue(&transaction, write));
    let verdict = match (queued, last) {
        (Err(error), _) | (_, Some((_, Err(error)))) => Err(error),
        (Ok(()), None) => Ok(Verdict::Write),
        (Ok(()), Some((expect, Ok(last)))) => {
            last.await.and_then(|cursor| expect.judge(row_at(cursor)?.as_ref().and_then(head_of)))
        }
    };
    if verdict == Ok(Verdict::Write) {
        return end.committed().await;
    }
    // Fails only where the transaction has ended by itself.
    let _ = transaction.abort();
    verdict.map(drop)
}

async fn change(db: &Db, session: SessionId, decide: &Decide<'_>) -> Result<(), StoreError> {
    let stores = [Store::Sessions, Store::Activities, Store::Outbox, Store::Pinned];
    let transaction = idb::writing(db, &stores.map(Store::name))?;
    let end = idb::end(&transaction);
    let queued = queue_change(&transaction, session, decide).await;
    if queued.is_ok() {
        return end.committed().await;
    }
    // As in `carry_out`.
    let _ = transaction.abort();
    queued
}

async fn queue_change(
    transaction: &IdbTransaction,
    session: SessionId,
    decide: &Decide<'_>,
) -> Result<(), StoreError> {
    let name = JsValue::from_str(&session.to_string());
    let ask = |store: Store| Ok(idb::result(&store_of(transaction, store)?.get(&name).map_err(idb::error)?));
    let (row, standing) = (ask(Store::Sessions)?, ask(Store::Activities)?);
    if row.await?.is_undefined() {
        return Err(StoreError::Absent);
    }
    let standing = standing.await?.as_string();
    decide(standing.as_deref()).iter().try_for_each(|write| queue(transaction, write))
}

/// A transaction over all stores of a plan.
fn begin(db: &Db, plan: &Plan) -> Result<(IdbTransaction, End), StoreError> {
    // The browser takes a name twice as once.
    let mut names: Vec<_> = plan.writes.iter().map(|write| write.store().name()).collect();
    if plan.expect.is_some() {
        names.push(Store::Events.name());
    }
    let transaction = idb::writing(db, &names)?;
    let end = idb::end(&transaction);
    Ok((transaction, end))
}

fn queue(transaction: &IdbTransaction, write: &Write) -> Result<(), StoreError> {
    let store = store_of(transaction, write.store())?;
    match write {
        Write::Add(_, key, value) => store.add_with_key(&value_to_js(value), &key_to_js(key)),
        Write::Put(_, key, value) => store.put_with_key(&value_to_js(value), &key_to_js(key)),
        Write::Delete(_, key) => store.delete(&key_to_js(key)),
        Write::DeleteAll(_, session) => store.delete(range(*session)?.as_ref()),
    }
    .map_err(idb::error)?;
    Ok(())
}

async fn answer(db: &Db, query: &Query) -> Result<Vec<Row>, StoreError> {
    let of = match query {
        Query::One(store, _) | Query::All(store) => *store,
        Query::Log(_) | Query::Last(_) => Store::Events,
    };
    let transaction = idb::reading(db, of.name())?;
    let store = store_of(&transaction, of)?;
    let mut asked = Vec::new();
    let (log, keys) = match query {
        Query::One(_, key) => {
            let found = idb::result(&store.get(&key_to_js(key)).map_err(idb::error)?).await?;
            return if found.is_undefined() {
                Ok(Vec::new())
            } else {
                Ok(vec![(key.clone(), value_of(of, &found)?)])
            };
        }
        Query::All(_) => {
            let keys = store.get_all_keys().map_err(idb::error)?;
            asked.push(idb::result(&store.get_all().map_err(idb::error)?));
            (None, Array::from(&idb::result(&keys).await?))
        }
        Query::Last(session) | Query::Log(session) => {
            let last = row_at(ask_last(&transaction, *session)?.await?)?;
            if let Query::Last(_) = query {
                return Ok(last.into_iter().collect());
            }
            // In portions: while one is taken over, the browser reads the next.
            let end = last.as_ref().and_then(head_of).map_or(0, |head| head.n);
            for first in (1..=end).step_by(PORTION as usize) {
                let part = |n: u32| key_to_js(&Key::Event(*session, n));
                let range = IdbKeyRange::bound(&part(first), &part(first.saturating_add(PORTION - 1)));
                let range = range.map_err(idb::error)?;
                asked.push(idb::result(&store.get_all_with_key(&range).map_err(idb::error)?));
            }
            (Some(*session), Array::new())
        }
    };
    let mut rows = Vec::new();
    for values in asked {
        for value in Array::from(&values.await?).iter() {
            let n = rows.len() as u32;
            let key = match log {
                Some(session) => Key::Event(session, n + 1),
                None => key_of(of, &keys.get(n))?,
            };
            rows.push((key, value_of(of, &value)?));
        }
    }
    Ok(rows)
}

#[wasm_bindgen]
extern "C" {
    /// A line of a log, as it is stored.
    type Stored;
    #[wasm_bindgen(method, getter, catch)]
    fn hash(this: &Stored) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn line(this: &Stored) -> Result<JsValue, JsValue>;
}

/// Asks for the last line of a session's log, for [`row_at`].
fn ask_last(transaction: &IdbTransaction, session: SessionId) -> Result<Asked, StoreError> {
    let range = range(session)?;
    let request = store_of(transaction, Store::Events)?
        .open_cursor_with_range_and_direction(range.as_ref(), IdbCursorDirection::Prev)
        .map_err(idb::error)?;
    Ok(idb::result(&request))
}

/// The row that a cursor stands at; `None` where it came to its end.
fn row_at(cursor: JsValue) -> Result<Option<Row>, StoreError> {
    if cursor.is_null() {
        return Ok(None);
    }
    let cursor: IdbCursorWithValue = cursor.unchecked_into();
    let (key, value) = (cursor.key().map_err(idb::error)?, cursor.value().map_err(idb::error)?);
    Ok(Some((key_of(Store::Events, &key)?, value_of(Store::Events, &value)?)))
}

fn store_of(transaction: &IdbTransaction, store: Store) -> Result<IdbObjectStore, StoreError> {
    transaction.object_store(store.name()).map_err(idb::error)
}

/// Every key `[session, …]`: an array sorts after every number and text.
fn range(session: SessionId) -> Result<IdbKeyRange, StoreError> {
    let session = JsValue::from_str(&session.to_string());
    let (lower, upper) = (Array::of1(&session), Array::of2(&session, &Array::new()));
    IdbKeyRange::bound(&lower, &upper).map_err(idb::error)
}

fn key_to_js(key: &Key) -> JsValue {
    match key {
        Key::Name(name) => JsValue::from_str(name),
        Key::Event(session, n) => {
            Array::of2(&JsValue::from_str(&session.to_string()), &JsValue::from_f64(f64::from(*n))).into()
        }
        Key::Part(session, name) => {
            Array::of2(&JsValue::from_str(&session.to_string()), &JsValue::from_str(name)).into()
        }
    }
}

fn value_to_js(value: &Value) -> JsValue {
    match value {
        Value::Text(text) => JsValue::from_str(text),
        Value::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
        Value::Event(event) => {
            let object = Object::new();
            let _ = Reflect::set(&object, &"hash".into(), &JsValue::from_str(&event.hash.to_string()));
            let _ = Reflect::set(&object, &"line".into(), &JsValue::from_str(&event.line));
            object.into()
        }
    }
}

fn key_of(store: Store, key: &JsValue) -> Result<Key, StoreError> {
    let read = || {
        if let Some(name) = key.as_string() {
            return Some(Key::Name(name));
        }
        let parts: &Array = key.dyn_ref()?;
        let session = SessionId::parse(&parts.get(0).as_string()?)?;
        let part = parts.get(1);
        match part.as_string() {
            Some(name) => Some(Key::Part(session, name)),
            // Written from a u32 by `key_to_js`.
            None => Some(Key::Event(session, part.as_f64()? as u32)),
        }
    };
    read().ok_or(StoreError::Unreadable { store: store.name() })
}

fn value_of(store: Store, value: &JsValue) -> Result<Value, StoreError> {
    let read = || {
        if let Some(text) = value.as_string() {
            return Some(Value::Text(text));
        }
        if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
            return Some(Value::Bytes(bytes.to_vec()));
        }
        let stored: &Stored = value.unchecked_ref();
        let text = |part: Result<JsValue, JsValue>| part.ok()?.as_string();
        Some(Value::Event(Event { hash: Digest::parse(&text(stored.hash())?)?, line: text(stored.line())? }))
    };
    read().ok_or(StoreError::Unreadable { store: store.name() })
}
