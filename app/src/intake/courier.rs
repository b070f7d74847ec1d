//! Carries records to the intakes that the learner named, and brings back what became
//! of them; looks for notices. Whatever fails is tried again later, and says so.

use std::cell::Cell;

use enduring_core::id::SessionId;
use enduring_core::json;
use enduring_core::measure::Timestamp;
use enduring_core::record::{Bundle, Receipt, RecordRef};
use serde::Deserialize;

use super::sending::{
    Answer, Enrolment, Errand, Round, Sending, Step, Trouble, answer, answer_of_file, errand, step,
};
use super::signed::{self, NotSigned, proof, reference};
use super::tickets::{NOTICES_MAX, keep_notice, ticket_for, tickets};
use super::{Outcome, Standing as Became, reply};
use crate::effect::Services;
use crate::pack::Deployment;
use crate::pack::load::{deployment, kept_deployment};
use crate::platform::clock;
use crate::platform::locks::{self, Ask, Asked as Lock};
use crate::platform::net::{self, Asked, Limit};
use crate::platform::watch::{Network, network};
use crate::records::{self, Standing};
use crate::session::Later;
use crate::store::StoreError;
use crate::store::journal::{Change, Journal, Shelf};

/// One tab at a time carries. Sending twice would do no harm, only cost.
const LOCK: &str = "enduring-intake";
/// Largest answer about a record or list of notices.
const ANSWER: Limit = Limit { bytes: 256 * 1024, seconds: 60 };
/// Largest certificate.
const CERTIFICATE: Limit = Limit { bytes: 1024 * 1024, seconds: 60 };
/// How often to look for notices while the page is open.
const NOTICES_PAUSE: i64 = 15 * 60_000;
/// A certificate to be printed.
pub const PDF: &str = "certificate.pdf";
/// The same as an Open Badges credential.
pub const BADGE: &str = "certificate.jwt";

/// The whole addresses of the intakes of a deployment.
#[must_use]
pub fn addresses(deployment: &Deployment) -> Vec<String> {
    deployment.intakes.iter().filter_map(|address| net::resolve(address)).collect()
}

/// The intakes that are known here.
pub async fn intakes(services: &Services) -> Vec<String> {
    let Ok(cache) = services.cache() else { return Vec::new() };
    kept_deployment(&cache).await.as_ref().map(addresses).unwrap_or_default()
}

fn now() -> Timestamp {
    clock::now().at
}

/// What has to be remembered between rounds.
#[derive(Default)]
pub struct Courier {
    busy: Cell<bool>,
    /// The round to follow the one that is being made.
    next: Cell<Option<Round>>,
    looked: Cell<Timestamp>,
}

impl Courier {
    /// Does what is due, and tells the pages what is new. A round that is asked for
    /// during another one follows it.
    #[inline(never)]
    pub fn round<'a>(&'a self, services: &'a Services, round: Round) -> Later<'a, ()> {
        Box::pin(self.rounds(services, round))
    }

    async fn rounds(&self, services: &Services, round: Round) {
        self.ask(round);
        if self.busy.replace(true) {
            return;
        }
        while let Some(round) = self.next.take() {
            // What cannot be read or written now is tried with the next round.
            if self.once(services, round).await.unwrap_or(false) {
                services.news.tell();
            }
        }
        self.busy.set(false);
    }

    /// A round is wanted; one for time that has passed stays that, so that a server that is silent for longer than the
    /// time between two rounds is still left in peace as long as it should be.
    fn ask(&self, round: Round) {
        self.next.set(self.next.get().max(Some(round)));
    }

    /// Whether anything is new.
    async fn once(&self, services: &Services, round: Round) -> Result<bool, StoreError> {
        if network() == Network::Offline {
            return Ok(false);
        }
        let Ok(cache) = services.cache() else { return Ok(false) };
        let Some(known) = kept_deployment(&cache).await else { return Ok(false) };
        let intakes = addresses(&known);
        if intakes.is_empty() {
            return Ok(false);
        }
        let _held = match locks::ask(LOCK, Ask::IfFree, || {}).await {
            Lock::Held(lock) => Some(lock),
            Lock::Unavailable => None,
            Lock::Elsewhere => return Ok(false),
        };
        let mut news = false;
        for (name, text) in services.journal.list(Shelf::Activities).await? {
            let Some(session) = SessionId::parse(&name) else { continue };
            let Some(standing) = json::read_part::<Standing>(&text).ok() else { continue };
            let Some(sending) = standing.sending.clone() else { continue };
            // Only ever to the place that the learner was told, and only while it is one.
            let Some(errand) = errand(&sending, standing.answer.as_ref(), now(), round)
                .filter(|_| intakes.contains(&sending.to))
            else {
                continue;
            };
            let trip = Trip { services, deployment: &known, session, sending, before: standing };
            news |= trip.run(errand).await?;
        }
        let since = now().0.saturating_sub(self.looked.get().0);
        if round == Round::Fresh || !(0..NOTICES_PAUSE).contains(&since) {
            self.looked.set(now());
            for to in &intakes {
                news |= notices(services, to, &known).await?;
            }
        }
        Ok(news)
    }
}

/// One record on its way.
struct Trip<'a> {
    services: &'a Services,
    deployment: &'a Deployment,
    session: SessionId,
    sending: Sending,
    before: Standing,
}

impl Trip<'_> {
    /// Whether anything came of it that can be seen.
    async fn run(mut self, errand: Errand) -> Result<bool, StoreError> {
        let journal = &self.services.journal;
        let Some(text) = journal.record(self.session).await? else { return Ok(false) };
        let Ok(bundle) = json::read::<Bundle>(&text) else { return Ok(false) };
        let Some(record) = reference(&bundle, self.session) else { return Ok(false) };
        let asked = match errand {
            Errand::Send => self.send(&bundle, &text).await?,
            Errand::Ask => self.ask(&bundle, record, "", None).await,
            Errand::Appeal => self.ask(&bundle, record, "/appeal", Some("")).await,
        };
        let step = match asked {
            Some(found) => {
                let reading = reply::read(record, found.status, found.retry_after, &found.bytes);
                step(&mut self.sending, reading, now())
            }
            None => {
                self.sending.failed(Trouble::NoAnswer, String::new(), None, now());
                Step::Wait
            }
        };
        let before = self.before.answer.clone();
        let answer = match step {
            Step::Keep(outcome) => self.take(outcome, record).await.or(before),
            Step::SendAgain => before.filter(stands).map(|answer| Answer { heard: now(), ..answer }),
            Step::Wait => before,
        };
        match self.keep(answer).await {
            // The learner erased it meanwhile.
            Err(StoreError::Absent) => return Ok(true),
            kept => kept?,
        }
        self.certificates(&bundle, record).await?;
        Ok(true)
    }

    async fn send(&self, bundle: &Bundle, text: &str) -> Result<Option<net::Answer>, StoreError> {
        let tickets = tickets(&self.services.journal).await?;
        let facts = records::facts(bundle).filter(|_| self.sending.enrolment() == Enrolment::Along);
        let ticket = facts
            .and_then(|facts| ticket_for(&tickets, &facts.activity.provider, &facts.activity.id))
            .map(|(text, _)| ["Bearer ", text].concat());
        let header = ticket.as_deref().map(|ticket| ("authorization", ticket));
        let url = [&self.sending.to, "records"].concat();
        Ok(net::ask(&url, Asked { body: Some(text), header }, ANSWER).await.ok())
    }

    async fn ask(
        &self,
        bundle: &Bundle,
        record: RecordRef,
        what: &str,
        body: Option<&str>,
    ) -> Option<net::Answer> {
        let proof = proof(bundle);
        let asked = Asked { body, header: Some(("enduring-proof", &proof)) };
        net::ask(&of_record(&self.sending.to, record, what), asked, ANSWER).await.ok()
    }

    /// The outcome, once its receipt was found to be the provider's and of this record.
    async fn take(&mut self, outcome: Outcome, record: RecordRef) -> Option<Answer> {
        let receipt = match outcome.receipt.as_deref() {
            None => None,
            Some(text) => match check(self.services, self.deployment, text, record).await {
                Ok(receipt) => Some(receipt),
                Err(_) => {
                    self.sending.failed(Trouble::Receipt, String::new(), None, now());
                    return None;
                }
            },
        };
        Some(answer(outcome, receipt.as_ref(), self.before.answer.as_ref(), now()))
    }

    /// Keeps what came of it, beside what was written meanwhile.
    async fn keep(&self, answer: Option<Answer>) -> Result<(), StoreError> {
        let after = Standing { sending: Some(self.sending.clone()), answer, ..Standing::default() };
        let merge = |standing: &mut Standing| standing.merge(&self.before, &after);
        records::change(&self.services.journal, self.session, &merge).await
    }

    /// Keeps the certificates so that they open without a network.
    async fn certificates(&self, bundle: &Bundle, record: RecordRef) -> Result<(), StoreError> {
        let journal = &self.services.journal;
        if !records::standing(journal, self.session).await?.is_certified() {
            return Ok(());
        }
        for name in [PDF, BADGE] {
            if matches!(journal.pinned(self.session, name).await, Ok(None))
                && let Some(bytes) = fetch(&self.sending.to, bundle, record, name).await
            {
                keep_certificate(journal, self.session, name, &bytes).await;
            }
        }
        Ok(())
    }
}

/// Whether an answer holds where its provider does not know the record: a receipt outlives the ledger that it came
/// from, and a provider keeps nothing of what it cannot read.
fn stands(answer: &Answer) -> bool {
    answer.receipt.is_some() || answer.standing == Became::Rejected
}

/// The address of what an intake knows of a record.
fn of_record(to: &str, record: RecordRef, more: &str) -> String {
    [to, "records/", &record.kid.to_string(), "/", &record.id.to_string(), more].concat()
}

async fn fetch(to: &str, bundle: &Bundle, record: RecordRef, name: &str) -> Option<Vec<u8>> {
    let proof = proof(bundle);
    let asked = Asked { header: Some(("enduring-proof", &proof)), ..Asked::default() };
    let url = of_record(to, record, &["/", name].concat());
    let found = net::ask(&url, asked, CERTIFICATE).await.ok()?;
    // A page of something in between is no certificate.
    let own = if name == PDF { found.bytes.starts_with(b"%PDF") } else { found.bytes.starts_with(b"eyJ") };
    (found.status == 200 && own).then_some(found.bytes)
}

/// A certificate: from this device, else from the intake, and kept then.
pub async fn certificate(services: &Services, session: SessionId, name: &str) -> Option<Vec<u8>> {
    if let Ok(Some(bytes)) = services.journal.pinned(session, name).await {
        return Some(bytes);
    }
    let standing = records::standing(&services.journal, session).await.ok()?;
    let text = services.journal.record(session).await.ok()??;
    let bundle: Bundle = json::read(&text).ok()?;
    let bytes = fetch(&standing.sending?.to, &bundle, reference(&bundle, session)?, name).await?;
    keep_certificate(&services.journal, session, name, &bytes).await;
    Some(bytes)
}

/// Keeps a certificate for as long as its record is here and credited. Without it here it can be fetched later.
async fn keep_certificate(journal: &Journal, session: SessionId, name: &str, bytes: &[u8]) {
    let keep = |text: Option<&str>| {
        let certified = Standing::decode(text).is_certified();
        certified.then(|| Change::Certificate(name.to_owned(), bytes.to_vec()))
    };
    let _ = journal.change(session, &keep).await;
}

/// Checks a receipt; where its key is not known, with the provider's keys as they are now.
async fn check(
    services: &Services,
    known: &Deployment,
    text: &str,
    record: RecordRef,
) -> Result<Receipt, NotSigned> {
    match (signed::receipt(text, record, known).await, services.cache()) {
        (Err(NotSigned::Stranger(print)), Ok(cache)) => match deployment(&cache).await {
            Ok(renewed) => signed::receipt(text, record, &renewed).await,
            Err(_) => Err(NotSigned::Stranger(print)),
        },
        (checked, _) => checked,
    }
}

#[derive(Deserialize)]
struct Listed {
    notices: Vec<String>,
}

/// Looks for notices; whether there are new ones.
async fn notices(services: &Services, to: &str, known: &Deployment) -> Result<bool, StoreError> {
    let url = [to, "notices"].concat();
    let Ok(found) = net::ask(&url, Asked::default(), ANSWER).await else { return Ok(false) };
    let listed = std::str::from_utf8(&found.bytes).ok().filter(|_| found.status == 200);
    let Some(listed) = listed.and_then(|text| json::read_part::<Listed>(text).ok()) else { return Ok(false) };
    let mut news = false;
    for text in listed.notices.iter().take(NOTICES_MAX) {
        // What is not signed by a trusted provider is not shown.
        if let Ok(notice) = signed::notice(text, known).await {
            news |= keep_notice(&services.journal, text, &notice).await?;
        }
    }
    Ok(news)
}

/// The learner asks that a person look again at a record that is not credited; whether that is so now.
///
/// # Errors
/// See [`StoreError`].
pub async fn appeal(services: &Services, session: SessionId) -> Result<bool, StoreError> {
    let before = records::standing(&services.journal, session).await?;
    let (Ok(cache), Some(sending)) = (services.cache(), before.sending.clone()) else { return Ok(false) };
    let Some(known) = kept_deployment(&cache).await else { return Ok(false) };
    let trip = Trip { services, deployment: &known, session, sending, before };
    trip.run(Errand::Appeal).await?;
    let now = records::standing(&services.journal, session).await?;
    Ok(now.became() == Some(Became::Review))
}

/// The learner sends a record to this address, or once more.
///
/// # Errors
/// See [`StoreError`]; nothing is sent then.
pub async fn send(
    services: &Services,
    session: SessionId,
    to: String,
    enrolment: Enrolment,
) -> Result<(), StoreError> {
    let at = now();
    let sent = |standing: &mut Standing| match &mut standing.sending {
        Some(sending) if sending.to == to => sending.again(enrolment),
        sending => sending.insert(Sending::new(to.clone(), at)).again(enrolment),
    };
    records::change(&services.journal, session, &sent).await?;
    services.nudge.tell();
    Ok(())
}

/// Why a receipt that came as a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It is not the provider's.
    Signed(NotSigned),
    /// Its record is not on this device.
    NoRecord,
    /// It could not be kept.
    Store(StoreError),
}

/// Takes a receipt that came as a file, and says whose record it is of.
///
/// # Errors
/// [`NotTaken`]; nothing changed then.
pub async fn take_receipt(services: &Services, text: &str) -> Result<SessionId, NotTaken> {
    let text = text.trim();
    // Whose it says to be, to find the record that it is then checked against.
    let said = signed::kept_receipt(text).ok_or(NotTaken::Signed(NotSigned::Shape))?;
    let session = said.record.id;
    let bundle = services.journal.record(session).await.map_err(NotTaken::Store)?;
    let bundle = bundle.and_then(|text| json::read::<Bundle>(&text).ok()).ok_or(NotTaken::NoRecord)?;
    let record = reference(&bundle, session).ok_or(NotTaken::NoRecord)?;
    let known = crate::pages::trust(services).await;
    let stranger = || NotTaken::Signed(NotSigned::Stranger(String::new()));
    let known = known.ok_or_else(stranger)?;
    let receipt = check(services, &known, text, record).await.map_err(NotTaken::Signed)?;
    let answer = answer_of_file(text.to_owned(), &receipt, now());
    let taken = |standing: &mut Standing| standing.answer = Some(answer.clone());
    records::change(&services.journal, session, &taken).await.map_err(NotTaken::Store)?;
    services.news.tell();
    Ok(session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_followed_by_what_was_asked_for_during_it() {
        for (asked, expected) in [
            (vec![], None),
            (vec![Round::Timed, Round::Timed], Some(Round::Timed)),
            (vec![Round::Timed, Round::Fresh, Round::Timed], Some(Round::Fresh)),
        ] {
            let courier = Courier::default();
            asked.iter().for_each(|round| courier.ask(*round));
            assert_eq!(courier.next.take(), expected, "{asked:?}");
            assert_eq!(courier.next.take(), None);
        }
    }
}
