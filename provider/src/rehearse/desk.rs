//! A device with a session on it: the same steps as the player's, with a clock that
//! the script turns.

use enduring_core::content::Content;
use enduring_core::id::SessionId;
use enduring_core::measure::{Millis, Timestamp, UtcOffset};
use enduring_core::session::view::{View, view};
use enduring_core::session::{
    Command, Entry, Event, Head, Mode, Refusal, Stamp, Started, State, apply, begin, chain, decide, encode,
};

/// A page that is visible says so once a minute.
const BEAT: Millis = Millis(60_000);

/// What names the player in a scripted session.
pub const PLAYER: &str = concat!("rehearsal ", env!("CARGO_PKG_VERSION"));

/// Where and when a session begins.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The identity of the session.
    pub session: SessionId,
    /// What it is for.
    pub mode: Mode,
    /// Wall clock.
    pub at: Timestamp,
    /// Minutes east of UTC.
    pub offset: UtcOffset,
    /// IANA zone.
    pub zone: String,
}

/// A session in progress.
pub(super) struct Desk<'a> {
    pub content: &'a Content,
    pub state: State,
    pub log: String,
    pub head: Head,
    at: Timestamp,
    active: Millis,
    offset: UtcOffset,
    zone: String,
}

impl<'a> Desk<'a> {
    pub fn begin(content: &'a Content, beginning: &Beginning) -> Result<Self, Refusal> {
        let activity = content.activity();
        let entry = Entry {
            n: 1,
            at: beginning.at,
            offset: beginning.offset,
            zone: beginning.zone.clone(),
            active: Millis(0),
            event: Event::Started(Started {
                session: beginning.session,
                pack: content.digest(),
                activity: activity.id.clone(),
                version: activity.version.clone(),
                rules: content.rules(),
                player: PLAYER.to_owned(),
                mode: beginning.mode,
            }),
        };
        let state = begin(content, &entry)?;
        let head = Head { n: 0, hash: state.seed };
        let mut desk = Self {
            content,
            state,
            log: String::new(),
            head,
            at: beginning.at,
            active: Millis(0),
            offset: beginning.offset,
            zone: beginning.zone.clone(),
        };
        desk.write(&entry);
        Ok(desk)
    }

    /// Tries a command, as a player would: decided, written, applied.
    pub fn tries(&mut self, command: Command) -> Result<(), Refusal> {
        let stamp = Stamp { at: self.at, offset: self.offset, zone: self.zone.clone(), active: self.active };
        let entry = decide(self.content, &self.state, command, stamp)?;
        apply(self.content, &mut self.state, &entry)?;
        self.write(&entry);
        Ok(())
    }

    /// Visible time passes, with a heartbeat every minute.
    pub fn spend(&mut self, time: Millis) -> Result<(), Refusal> {
        let mut left = time.0;
        while left > BEAT.0 {
            self.pass(BEAT);
            self.tries(Command::Beat)?;
            left -= BEAT.0;
        }
        self.pass(Millis(left));
        Ok(())
    }

    /// The page is hidden for a while.
    pub fn leave(&mut self, time: Millis) -> Result<(), Refusal> {
        self.tries(Command::Hide)?;
        self.sleep(time);
        self.tries(Command::Show)
    }

    /// The device is put away for a while, and the page loaded anew.
    pub fn reload(&mut self, time: Millis) -> Result<(), Refusal> {
        self.sleep(time);
        self.tries(Command::Resume { player: PLAYER.to_owned() })
    }

    /// What is on the screen.
    pub fn view(&self) -> View {
        view(self.content, &self.state)
    }

    /// The wall clock.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    fn pass(&mut self, time: Millis) {
        self.active.0 += time.0;
        self.sleep(time);
    }

    fn sleep(&mut self, time: Millis) {
        self.at.0 = self.at.0.saturating_add(i64::try_from(time.0).unwrap_or(i64::MAX));
    }

    fn write(&mut self, entry: &Entry) {
        let line = encode(entry);
        self.head = Head { n: entry.n, hash: chain(self.head.hash, &line) };
        self.log.push_str(&line);
        self.log.push('\n');
    }
}
