//! Tickets: issued, used, revoked; devices: lost, shared.

use enduring_core::id::{ActivityId, Digest, LearnerRef, TicketId};
use enduring_core::measure::Timestamp;
use enduring_core::record::{PublicKey, TICKET_FORMAT, TICKET_TYP, Ticket};
use serde::Serialize;

use super::who::{is_given_to, random};
use super::{Intake, IntakeError};
use crate::key::verifies_bytes;
use crate::ledger::{Added, Binding, Entry, Fact};
use crate::time;

/// What is signed with a device key to bind a ticket to it comes after this.
const ENROLMENT: &str = "enduring-enrolment/1.";

/// A ticket to be issued.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// For whom; a new learner without one.
    pub learner: Option<LearnerRef>,
    /// The name to show on the device.
    pub name: String,
    /// In what; every activity without one.
    pub activity: Option<ActivityId>,
    /// Until when it can be used first.
    pub expires: Timestamp,
}

/// A device that is enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Enrolled {
    /// Whose it is.
    pub learner: LearnerRef,
    /// Always true: another device is an error.
    pub bound: bool,
}

impl Intake {
    /// Issues a ticket, and writes down that it was issued: not the name, which is shown
    /// on the device and known to nobody else.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn issue(&self, new: NewTicket, by: &str) -> Result<(Ticket, String), IntakeError> {
        let now = time::now();
        let ticket = Ticket {
            format: TICKET_FORMAT.to_owned(),
            id: TicketId(random()?),
            learner: match new.learner {
                Some(learner) => learner,
                None => LearnerRef(random()?),
            },
            name: new.name,
            provider: self.provider.to_string(),
            activity: new.activity,
            issued: now,
            expires: new.expires,
        };
        let text = self.signer.sign(TICKET_TYP, ticket.encode().as_bytes())?;
        let fact = Fact::Ticketed {
            ticket: ticket.id,
            learner: ticket.learner,
            activity: ticket.activity.clone(),
            expires: ticket.expires,
        };
        self.writer.add(vec![Entry::new(now, by, fact)], Default::default()).await?;
        Ok((ticket, text))
    }

    /// Revokes a ticket; what it bound stays bound. Says whether it was issued here.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn revoke_ticket(&self, ticket: TicketId, by: &str) -> Result<bool, IntakeError> {
        let issued = self.ledger.once(&format!("ticketed:{ticket}")).await?;
        let Some(Fact::Ticketed { learner, .. }) = issued.map(|row| row.entry.fact) else {
            return Ok(false);
        };
        let fact = Fact::TicketRevoked { ticket, learner };
        self.writer.add(vec![Entry::new(time::now(), by, fact)], Default::default()).await?;
        Ok(true)
    }

    /// A device was lost: what it signs from then on goes to a person.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn revoke_key(&self, kid: Digest, since: Timestamp, by: &str) -> Result<(), IntakeError> {
        let fact = Fact::KeyRevoked { kid, since };
        self.writer.add(vec![Entry::new(time::now(), by, fact)], Default::default()).await?;
        Ok(())
    }

    /// A device is used by several learners, and that is fine.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn share_key(&self, kid: Digest, by: &str) -> Result<(), IntakeError> {
        let fact = Fact::KeyShared { kid };
        self.writer.add(vec![Entry::new(time::now(), by, fact)], Default::default()).await?;
        Ok(())
    }

    /// Binds a ticket to a device before its first record.
    ///
    /// # Errors
    /// [`IntakeError::Ticket`] for a ticket that is not taken, [`IntakeError::Proof`] when
    /// the key did not sign, [`IntakeError::Bound`] when another device was faster.
    pub async fn enrol(
        &self,
        text: &str,
        key: &PublicKey,
        signature: &[u8; 64],
    ) -> Result<Enrolled, IntakeError> {
        let ticket = self.ticket(text).await?;
        if !verifies_bytes(key, format!("{ENROLMENT}{text}").as_bytes(), signature) {
            return Err(IntakeError::Proof);
        }
        let (kid, learner, now) = (key.thumbprint(), ticket.learner, time::now());
        let enrolled = Enrolled { learner, bound: true };
        let used = format!("ticket_used:{}", ticket.id);
        if self.ledger.once(&used).await?.is_none() {
            if now > ticket.expires {
                return Err(IntakeError::Ticket {
                    code: "ticket.expired",
                    words: "this ticket has expired; ask the provider for another".to_owned(),
                });
            }
            let mut facts = vec![Fact::TicketUsed { ticket: ticket.id, learner, kid }];
            if !is_given_to(&self.of_key(kid).await?, &learner) {
                facts.push(Fact::Bound { learner, kid, how: Binding::Ticket });
            }
            let entries = facts.into_iter().map(|fact| Entry::new(now, "learner", fact)).collect();
            if self.writer.add(entries, Default::default()).await? == Added::All {
                return Ok(enrolled);
            }
        }
        match self.ledger.once(&used).await?.map(|row| row.entry.fact) {
            Some(Fact::TicketUsed { kid: first, .. }) if first == kid => Ok(enrolled),
            _ => Err(IntakeError::Bound),
        }
    }
}
