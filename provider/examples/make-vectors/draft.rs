//! A session to make a vector of: played honestly first, then changed.

use std::error::Error;

use enduring_core::content::Content;
use enduring_core::encode::base64url;
use enduring_core::id::{Digest, ProfessionId, SessionId};
use enduring_core::measure::{Timestamp, UtcOffset};
use enduring_core::record::{Bundle, Payload, RECORD_TYP, SheetText, Signing, payload};
use enduring_core::session::{Entry, Event, Head, Mode, chain, encode, origin, replay};
use enduring_provider::key::Signer;
use enduring_provider::rehearse::{Beginning, Profile, Script, play, signing};

pub type Made<T> = Result<T, Box<dyn Error>>;

/// 2026-11-10T15:00:00Z, well between release and termination.
pub const BEGINS: Timestamp = Timestamp(1_794_322_800_000);

pub struct Draft<'a> {
    pub content: &'a Content,
    pub lines: Vec<String>,
    pub learner: Option<String>,
    pub consent: Option<String>,
    pub evaluation: Option<String>,
    pub signing: Signing,
    pub signer: Signer,
}

impl<'a> Draft<'a> {
    /// A good physician's session; `name` is where its chance comes from.
    pub fn new(content: &'a Content, name: &str) -> Made<Self> {
        Self::played(content, name, Profile::Good, Mode::Credit, "physician", BEGINS)
    }

    pub fn played(
        content: &'a Content,
        name: &str,
        profile: Profile,
        mode: Mode,
        profession: &str,
        at: Timestamp,
    ) -> Made<Self> {
        let seed = Digest::of(&[b"vector", name.as_bytes()]);
        let mut session = [0; 16];
        session.copy_from_slice(&seed.0[..16]);
        let (offset, zone) = (UtcOffset(-300), "America/New_York".to_owned());
        let beginning = Beginning { session: SessionId(session), mode, at, offset, zone };
        let profession = Some(ProfessionId::new(profession)?);
        let played = play(content, &Script { seed, number: 1, profile, profession, beginning })
            .map_err(|stuck| format!("{name}: {stuck}"))?;
        let text = |sheet: Option<SheetText>| sheet.map(|sheet| sheet.text);
        Ok(Self {
            content,
            lines: played.log.lines().map(str::to_owned).collect(),
            learner: text(played.learner),
            consent: text(played.consent),
            evaluation: text(played.evaluation),
            signing: signing(),
            signer: Signer::generate()?,
        })
    }

    /// The first average learner who fails the post-test once.
    pub fn retaken(content: &'a Content) -> Made<Self> {
        for number in 0..100 {
            let name = format!("retaken {number}");
            let draft = Self::played(content, &name, Profile::Average, Mode::Credit, "physician", BEGINS)?;
            if draft.find(|event| matches!(event, Event::AttemptStarted { attempt: 2 })).is_ok() {
                return Ok(draft);
            }
        }
        Err("no learner of a hundred fails once".into())
    }

    /// The log as a file has it.
    pub fn log(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The place of the first event that is wanted.
    pub fn find(&self, wanted: impl Fn(&Event) -> bool) -> Made<usize> {
        let entry = |line: &String| serde_json::from_str::<Entry>(line).ok();
        let place = self.lines.iter().position(|line| entry(line).is_some_and(|entry| wanted(&entry.event)));
        Ok(place.ok_or("no such event in the session")?)
    }

    /// Changes an event and leaves its line as it is otherwise written.
    pub fn change(&mut self, place: usize, change: impl FnOnce(&mut Entry)) -> Made<()> {
        let mut entry: Entry = serde_json::from_str(&self.lines[place])?;
        change(&mut entry);
        self.lines[place] = encode(&entry);
        Ok(())
    }

    /// Changes every event from a place on.
    pub fn change_from(&mut self, place: usize, change: impl Fn(&mut Entry)) -> Made<()> {
        (place..self.lines.len()).try_for_each(|place| self.change(place, &change))
    }

    /// Writes the numbers of the events anew, as they stand now.
    pub fn renumber(&mut self) -> Made<()> {
        (0..self.lines.len()).try_for_each(|place| {
            let n = u32::try_from(place + 1)?;
            self.change(place, |entry| entry.n = n)
        })
    }

    fn head(&self, pack: Digest, session: SessionId) -> Head {
        let hash = self.lines.iter().fold(origin(pack, session), |hash, line| chain(hash, line));
        Head { n: u32::try_from(self.lines.len()).unwrap_or(u32::MAX), hash }
    }

    /// What an honest player signs for this log.
    pub fn payload(&self) -> Made<Payload> {
        let replay = replay(self.content, &self.log());
        if let Some((n, broken)) = replay.broken {
            return Err(format!("event {n}: {broken}").into());
        }
        let (state, head) = (replay.state.ok_or("no event")?, replay.head.ok_or("no event")?);
        let evaluation = self.evaluation.as_ref().map(|text| Digest::of(&[text.as_bytes()]));
        Ok(payload(self.content, &state, head, evaluation, self.signing.clone())?)
    }

    /// Signs a payload, whatever it says.
    pub fn bundle(&self, payload: &Payload) -> Made<Bundle> {
        self.bundle_of(&payload.encode())
    }

    /// Signs any text as the payload.
    pub fn bundle_of(&self, payload: &str) -> Made<Bundle> {
        let record = self.signer.sign(RECORD_TYP, payload.as_bytes())?;
        Ok(Bundle {
            learner: self.learner.clone(),
            consent: self.consent.clone(),
            evaluation: self.evaluation.clone(),
            ..Bundle::new(record, self.log(), self.signer.public().jwk())
        })
    }

    /// The record of an honest player.
    pub fn honest(&self) -> Made<String> {
        Ok(self.bundle(&self.payload()?)?.encode())
    }

    /// A record whose chain and signature are right for a log that was changed, and
    /// which says otherwise what it said before.
    pub fn forged(&mut self, change: impl FnOnce(&mut Self) -> Made<()>) -> Made<String> {
        let mut payload = self.payload()?;
        change(self)?;
        let head = self.head(payload.activity.digest, payload.id);
        (payload.log.length, payload.log.head) = (head.n, head.hash);
        Ok(self.bundle(&payload)?.encode())
    }

    /// A record that says something else than its log, signed again.
    pub fn claiming(&self, change: impl FnOnce(&mut Payload)) -> Made<String> {
        let mut payload = self.payload()?;
        change(&mut payload);
        Ok(self.bundle(&payload)?.encode())
    }

    /// A record with another header, signed by the same key.
    pub fn headed(&self, header: impl FnOnce(&str) -> String) -> Made<String> {
        let header = header(&self.signer.public().kid());
        let input =
            format!("{}.{}", base64url(header.as_bytes()), base64url(self.payload()?.encode().as_bytes()));
        let signature = self.signer.signature(input.as_bytes())?;
        self.recorded(format!("{input}.{}", base64url(&signature)))
    }

    /// The honest bundle with another text as its record.
    pub fn recorded(&self, record: String) -> Made<String> {
        Ok(Bundle { record, ..self.bundle(&self.payload()?)? }.encode())
    }

    /// Replaces a sheet by another text and makes the log name it.
    pub fn describe(&mut self, text: &str) -> Made<()> {
        let digest = Digest::of(&[text.as_bytes()]);
        let place = self.find(|event| matches!(event, Event::LearnerDescribed { .. }))?;
        self.change(place, |entry| {
            if let Event::LearnerDescribed { sheet, .. } = &mut entry.event {
                *sheet = digest;
            }
        })?;
        self.learner = Some(text.to_owned());
        Ok(())
    }
}
