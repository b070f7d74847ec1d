//! Whose record it is: by ticket, by the device, by the roster, or by what the learner says.

use enduring_core::id::{ActivityId, Digest, LearnerRef};
use enduring_core::measure::Timestamp;
use enduring_core::record::{Compact, Handling, IdentifierValue, LearnerSheet, TICKET_TYP, Ticket};
use ring::rand::{SecureRandom, SystemRandom};

use super::code::LedgerCode;
use super::submit::person;
use super::{Intake, IntakeError};
use crate::key::{KeyError, verifies};
use crate::ledger::{Alike, Binding, Fact, Found, Look, Person, Whom, folded_number};

/// Who the learner is, and what follows from how that is known.
#[derive(Clone, Debug)]
pub(super) struct Who {
    /// In the ledger.
    pub learner: LearnerRef,
    /// Rows to add with the record's.
    pub facts: Vec<Fact>,
    /// What a person should look at.
    pub flags: Vec<LedgerCode>,
    /// Whether the learner is a new one, whom no row is about yet: what the sheet says is
    /// to be written down.
    pub news: bool,
    /// By what people were looked for, and who was found: what this rests on.
    pub people: Vec<(Whom, Vec<Alike>)>,
}

impl Who {
    /// A learner of whom nothing follows.
    pub fn of(learner: LearnerRef) -> Self {
        Self { learner, facts: Vec::new(), flags: Vec::new(), news: false, people: Vec::new() }
    }
}

/// Sixteen random bytes.
pub(crate) fn random() -> Result<[u8; 16], KeyError> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| KeyError::Random)?;
    Ok(bytes)
}

/// What rows about a device are looked for by.
pub(super) fn by_key(kid: Digest) -> Look {
    Look::Mark(key_mark(kid))
}

fn key_mark(kid: Digest) -> String {
    format!("key:{kid}")
}

/// Why a ticket is not taken.
fn refused(code: &'static str, words: &str) -> IntakeError {
    IntakeError::Ticket { code, words: words.to_owned() }
}

impl Intake {
    /// Reads a ticket of this provider that was issued and is not revoked.
    pub(super) async fn ticket(&self, text: &str) -> Result<Ticket, IntakeError> {
        let shape = || refused("ticket.shape", "expected a ticket of enduring-ticket/1");
        let compact = Compact::parse(text, TICKET_TYP).map_err(|_| shape())?;
        let key = self.keys.iter().find(|key| key.thumbprint() == compact.kid);
        if !key.is_some_and(|key| verifies(key, &compact)) {
            return Err(refused("ticket.signature", "expected a ticket that this provider signed"));
        }
        let ticket = Ticket::read(&compact.payload).ok_or_else(shape)?;
        let rows = self.ledger.of_mark(&format!("ticket:{}", ticket.id)).await?;
        if rows.iter().any(|row| matches!(row.entry.fact, Fact::TicketRevoked { .. })) {
            return Err(refused("ticket.revoked", "this ticket was revoked; ask the provider for another"));
        }
        Ok(ticket)
    }

    /// Whose record it is that a device signed.
    pub(super) async fn who(
        &self,
        kid: Digest,
        of_key: &[Found],
        ticket: Option<Ticket>,
        sheet: Option<&LearnerSheet>,
        now: Timestamp,
    ) -> Result<Who, IntakeError> {
        match ticket {
            Some(ticket) => self.by_ticket(ticket, kid, of_key, sheet, now).await,
            None => self.by_device(kid, &learners(of_key), sheet).await,
        }
    }

    /// Reads the ticket that came with a record of an activity.
    pub(super) async fn ticket_for(&self, text: &str, activity: &ActivityId) -> Result<Ticket, IntakeError> {
        let ticket = self.ticket(text).await?;
        if ticket.activity.as_ref().is_some_and(|only| only != activity) {
            let words = "this ticket is for another activity; ask the provider for one for this";
            return Err(refused("ticket.activity", words));
        }
        Ok(ticket)
    }

    /// What a sheet says of a learner who is known by other means and was not known yet;
    /// nothing where it names somebody else.
    pub(super) async fn gaps(
        &self,
        learner: &LearnerRef,
        sheet: Option<&LearnerSheet>,
    ) -> Result<Option<Person>, IntakeError> {
        let Some(sheet) = sheet else { return Ok(None) };
        let said = person(*learner, sheet);
        let Some(known) = self.ledger.person(learner).await? else { return Ok(Some(said)) };
        let lacks = known.birthday.is_none()
            || known.profession.is_none()
            || said.identifiers.iter().any(|said| known.identifiers.iter().all(|known| known.id != said.id));
        Ok((lacks && is_of(&known, sheet)).then_some(said))
    }

    /// The rows about a device.
    pub(super) async fn of_key(&self, kid: Digest) -> Result<Vec<Found>, IntakeError> {
        Ok(self.ledger.of_mark(&key_mark(kid)).await?)
    }

    async fn by_ticket(
        &self,
        ticket: Ticket,
        kid: Digest,
        of_key: &[Found],
        sheet: Option<&LearnerSheet>,
        now: Timestamp,
    ) -> Result<Who, IntakeError> {
        let learner = ticket.learner;
        let mut who = Who::of(learner);
        let is_bound = learners(of_key).contains(&learner);
        let used = self.ledger.once(&format!("ticket_used:{}", ticket.id)).await?.map(|row| row.entry.fact);
        let by_another = match &used {
            Some(Fact::TicketUsed { kid: first, .. }) => *first != kid,
            Some(_) => true,
            None if now > ticket.expires => {
                return Err(refused(
                    "ticket.expired",
                    "this ticket has expired; ask the provider for another",
                ));
            }
            None => false,
        };
        // Somebody else by name has the ticket, such as the next one at a tablet.
        if let (Some(sheet), Some(person)) = (sheet, self.ledger.person(&learner).await?)
            && !is_of(&person, sheet)
        {
            let mut who = self.stranger()?;
            who.facts.push(Fact::TicketShown { ticket: ticket.id, learner, kid });
            who.flags.extend(by_another.then_some(LedgerCode::SecondKey));
            return Ok(who);
        }
        if by_another && !is_bound {
            who.flags.push(LedgerCode::SecondKey);
        }
        if used.is_none() {
            who.facts.push(Fact::TicketUsed { ticket: ticket.id, learner, kid });
            if !is_given_to(of_key, &learner) {
                who.facts.push(Fact::Bound { learner, kid, how: Binding::Ticket });
            }
        }
        Ok(who)
    }

    async fn by_device(
        &self,
        kid: Digest,
        bound: &[LearnerRef],
        sheet: Option<&LearnerSheet>,
    ) -> Result<Who, IntakeError> {
        match bound {
            [] => self.by_sheet(kid, sheet).await,
            [learner] => {
                let person = self.ledger.person(learner).await?;
                // Somebody else by name on a device that is one learner's.
                if let (Some(sheet), Some(person)) = (sheet, &person)
                    && !is_of(person, sheet)
                {
                    return self.stranger();
                }
                match person {
                    Some(person) if person.roster => Ok(Who::of(*learner)),
                    _ => self.unlisted(*learner).await,
                }
            }
            several => {
                let mut named = Vec::new();
                for learner in several {
                    if let (Some(sheet), Some(person)) = (sheet, self.ledger.person(learner).await?)
                        && is_of(&person, sheet)
                    {
                        named.push(person);
                    }
                }
                match named.as_slice() {
                    [person] if person.roster => Ok(Who::of(person.learner)),
                    [person] => self.unlisted(person.learner).await,
                    _ => self.stranger(),
                }
            }
        }
    }

    /// A learner who is known and whom no roster has: what the policy says of them holds for every
    /// record until somebody at the provider spoke for them, not for the first one only.
    async fn unlisted(&self, learner: LearnerRef) -> Result<Who, IntakeError> {
        let mut who = Who::of(learner);
        if self.policy.ledger.not_on_roster == Handling::Review
            && !is_vouched_for(&self.ledger.of_learner(&learner.to_string()).await?)
        {
            who.flags.push(LedgerCode::NotOnRoster);
        }
        Ok(who)
    }

    /// A learner of whom a person has to say who they are.
    fn stranger(&self) -> Result<Who, IntakeError> {
        let flags = vec![LedgerCode::LearnerUnsure];
        Ok(Who { flags, news: true, ..Who::of(LearnerRef(random()?)) })
    }

    /// The first record of a device without a ticket.
    async fn by_sheet(&self, kid: Digest, sheet: Option<&LearnerSheet>) -> Result<Who, IntakeError> {
        let Some(sheet) = sheet else { return self.stranger() };
        let people = self.alike(sheet).await?;
        let who = match on_roster(sheet, &people) {
            Match::One(person) => {
                let mut who = match person.roster {
                    true => Who::of(person.learner),
                    false => self.unlisted(person.learner).await?,
                };
                who.facts.push(Fact::Bound { learner: who.learner, kid, how: Binding::Roster });
                who
            }
            Match::Unsure => self.stranger()?,
            Match::None => {
                let learner = LearnerRef(random()?);
                let flags = match self.policy.ledger.not_on_roster {
                    Handling::Accept => Vec::new(),
                    Handling::Review => vec![LedgerCode::NotOnRoster],
                };
                let facts = vec![Fact::Bound { learner, kid, how: Binding::Record }];
                Who { facts, flags, news: true, ..Who::of(learner) }
            }
        };
        Ok(Who { people, ..who })
    }

    /// The people whom a sheet may be about, by its name and by each of its numbers.
    async fn alike(&self, sheet: &LearnerSheet) -> Result<Vec<(Whom, Vec<Alike>)>, IntakeError> {
        let name = Whom::named(&sheet.first_name, &sheet.last_name, sheet.birthday);
        let numbers = sheet.identifiers.iter();
        let numbers = numbers.map(|number| Whom::Number(number.id.clone(), number.value.clone()));
        let looks: Vec<Whom> = std::iter::once(name).chain(numbers).collect();
        let found = self.people.look(looks.clone()).await?;
        Ok(looks.into_iter().zip(found).collect())
    }
}

/// Whom of the people who were found a sheet is about: sure is a number together with the last
/// name and no other birthday, or name and birthday together, of exactly one person.
fn on_roster(sheet: &LearnerSheet, found: &[(Whom, Vec<Alike>)]) -> Match {
    let mut sure: Vec<&Alike> = Vec::new();
    let (mut near, mut unsure, mut namesake) = (false, false, false);
    let of = |numbers: bool| {
        let found = found.iter().filter(move |(whom, _)| matches!(whom, Whom::Number(..)) == numbers);
        found.flat_map(|(_, people)| people)
    };
    for person in of(true) {
        // A number that somebody mistyped may be another's of the same name.
        let is_born_then = person.birthday.is_none_or(|birthday| birthday == sheet.birthday);
        if same(&person.last_name, &sheet.last_name) && is_born_then {
            take(&mut sure, person);
        } else {
            near = true;
            unsure |= person.roster;
        }
    }
    for person in of(false) {
        match person.birthday {
            _ if sure.iter().any(|sure| sure.learner == person.learner) => {}
            Some(birthday) if birthday == sheet.birthday => take(&mut sure, person),
            // Somebody of the same name with another birthday is somebody else, unless
            // one of the two was mistyped: the roster's word against the learner's.
            Some(_) => namesake |= person.roster,
            None => unsure |= person.roster,
        }
    }
    match sure.as_slice() {
        // Whom only learners spoke of may well be the one on the roster.
        [person] if !unsure && (person.roster || !namesake) => Match::One((*person).clone()),
        [] if !near && !unsure && !namesake => Match::None,
        _ => Match::Unsure,
    }
}

/// Whether somebody at the provider said, by these rows about a learner or about a device, whose
/// it is: with a ticket, or at the desk.
pub(super) fn is_vouched_for(rows: &[Found]) -> bool {
    rows.iter().any(|row| match row.entry.fact {
        Fact::Bound { how, .. } => is_said(how),
        Fact::Ticketed { .. } => true,
        _ => false,
    })
}

/// Whether a ticket says whose a device is, by what is to be written with a record.
pub(super) fn is_bound_by_ticket(facts: &[Fact]) -> bool {
    facts.iter().any(|fact| matches!(fact, Fact::Bound { how: Binding::Ticket, .. }))
}

/// Whether they said, by the rows about a device, that it is this learner's.
pub(super) fn is_given_to(of_key: &[Found], learner: &LearnerRef) -> bool {
    of_key.iter().any(|row| match &row.entry.fact {
        Fact::Bound { learner: of, how, .. } => of == learner && is_said(*how),
        _ => false,
    })
}

fn is_said(how: Binding) -> bool {
    match how {
        Binding::Ticket | Binding::Staff => true,
        // The learner did, and where a roster has somebody like that, that it is them.
        Binding::Record | Binding::Roster => false,
    }
}

/// The learners of a device by the rows about it, in the order of binding.
pub(super) fn learners(of_key: &[Found]) -> Vec<LearnerRef> {
    let mut learners = Vec::new();
    for row in of_key {
        if let Fact::Bound { learner, .. } = row.entry.fact {
            push(&mut learners, learner);
        }
    }
    learners
}

/// What looking for a person came to.
enum Match {
    /// Exactly one.
    One(Alike),
    /// Several, or some facts agree and others do not.
    Unsure,
    /// Nobody.
    None,
}

fn push(learners: &mut Vec<LearnerRef>, learner: LearnerRef) {
    if !learners.contains(&learner) {
        learners.push(learner);
    }
}

fn take<'a>(sure: &mut Vec<&'a Alike>, person: &'a Alike) {
    if sure.iter().all(|known| known.learner != person.learner) {
        sure.push(person);
    }
}

fn same(one: &str, other: &str) -> bool {
    crate::ledger::folded("", one) == crate::ledger::folded("", other)
}

/// Whether a sheet is about a person: by both names, or by the last one and a number.
fn is_of(person: &Person, sheet: &LearnerSheet) -> bool {
    let agree = |said: &IdentifierValue| {
        let number = folded_number(&said.value);
        let is_known = |known: &IdentifierValue| known.id == said.id && folded_number(&known.value) == number;
        !number.is_empty() && person.identifiers.iter().any(is_known)
    };
    same(&person.last_name, &sheet.last_name)
        && (same(&person.first_name, &sheet.first_name) || sheet.identifiers.iter().any(agree))
}
