//! A record comes in.

use std::collections::HashSet;
use std::sync::Arc;

use enduring_core::id::{Digest, LearnerRef};
use enduring_core::json;
use enduring_core::measure::Timestamp;
use enduring_core::record::{
    ClaimRecord, CreditEarned, Decision, Integrity, LearnerSheet, Opened, Payload, RECEIPT_FORMAT,
    RECEIPT_TYP, Receipt, RecordRef, Report, Standing, open,
};

use super::code::{LedgerCode, Reason, reasons};
use super::later::is_for_later;
use super::odd::Odd;
use super::standing::{Answer, AnswerStanding, OUTCOME_FORMAT, Taken};
use super::turns::{Turn, WAITING, marks};
use super::who::{Who, is_bound_by_ticket, is_vouched_for};
use super::{Intake, IntakeError};
use crate::ledger::{self, Added, Beside, Entry, Fact, Grounds, Look, Person, Proof, Received, credit_key};
use crate::time;
use crate::verify::packs::Found;
use crate::verify::{Contact, SignedBundle, Verifier};

/// How often a submission is begun again because another one was faster.
const TRIES: usize = 8;

/// A bundle on its way in, with what it may have in common with others.
struct Coming {
    opened: Arc<SignedBundle>,
    pace: Digest,
    sheet: Option<LearnerSheet>,
}

/// A bundle that stands in line; it leaves the line when this is dropped.
pub struct InLine {
    coming: Coming,
    turn: Turn,
}

impl Coming {
    fn of(opened: Arc<SignedBundle>) -> Self {
        let (pace, sheet) = (super::odd::pace(&opened.bundle.log), sheet(&opened));
        Self { opened, pace, sheet }
    }

    fn marks(&self) -> HashSet<String> {
        marks(self.opened.compact.kid, self.pace, self.sheet.as_ref())
    }
}

/// What the rows of one submission are made from.
struct Submission<'a> {
    opened: &'a Opened,
    payload: &'a Payload,
    report: &'a Report,
    received: Received,
    who: Who,
    flags: Vec<LedgerCode>,
    /// Who the learner is, where that is news.
    news: Option<Person>,
    /// What it says of a learner who is known and was not known yet.
    gaps: Option<Person>,
    /// What whose it is and the flags rest on.
    grounds: Grounds,
    now: Timestamp,
}

impl Intake {
    /// Takes a record. The same one again changes nothing and is answered the same.
    ///
    /// # Errors
    /// [`IntakeError`]; nothing was taken then.
    pub async fn submit(&self, bundle: String, ticket: Option<&str>) -> Result<Answer, IntakeError> {
        match Self::opened(bundle) {
            Ok(opened) => self.submit_opened(opened, ticket).await,
            Err(answer) => Ok(*answer),
        }
    }

    /// Takes a bundle apart; the answer about what is none.
    ///
    /// # Errors
    /// The answer.
    pub fn opened(bundle: String) -> Result<Arc<SignedBundle>, Box<Answer>> {
        match open(&bundle) {
            Ok(opened) => Ok(Arc::new(SignedBundle::new(opened))),
            Err(report) => Err(Box::new(refused(&report, None))),
        }
    }

    /// As [`Intake::submit`], of a bundle that was taken apart.
    ///
    /// # Errors
    /// [`IntakeError`]; nothing was taken then.
    pub async fn submit_opened(
        &self,
        opened: Arc<SignedBundle>,
        ticket: Option<&str>,
    ) -> Result<Answer, IntakeError> {
        self.take_in(Coming::of(opened), ticket, None).await
    }

    /// Has a bundle stand in line for [`Intake::submit_in_line`]: what bears on it and stood in
    /// line before is taken before it, however long each takes to verify.
    #[must_use]
    pub fn line_up(&self, opened: Arc<SignedBundle>) -> InLine {
        let coming = Coming::of(opened);
        let turn = self.turns.stand_in_line(coming.marks());
        InLine { coming, turn }
    }

    /// As [`Intake::submit_opened`], in the order of [`Intake::line_up`].
    ///
    /// # Errors
    /// [`IntakeError`]; nothing was taken then.
    pub async fn submit_in_line(&self, InLine { coming, turn }: InLine) -> Result<Answer, IntakeError> {
        self.take_in(coming, None, Some(turn)).await
    }

    async fn take_in(
        &self,
        coming: Coming,
        ticket: Option<&str>,
        turn: Option<Turn>,
    ) -> Result<Answer, IntakeError> {
        let Coming { opened, pace, sheet } = &coming;
        let (opened, pace) = (opened.clone(), *pace);
        let signed = Digest::of(&[opened.compact.signing_input.as_bytes()]);
        let kid = opened.compact.kid;
        // All at once and before it is judged: what changes meanwhile is seen where it is written.
        let waits = turn.as_ref().is_some_and(|turn| !turn.has_come());
        let (of_record, known) = self.looked(kid, pace, &opened).await?;
        let enrolled = is_vouched_for(&known.of_key);
        if let Some(answer) = self.again(&opened, signed, &of_record).await? {
            return Ok(answer);
        }
        let now = time::now();
        let (mut report, verifier) =
            self.judged(&opened, Contact { now, received: Some(now), enrolled }).await?;
        let later = is_for_later(&opened, &mut report);
        let kept = later || report.integrity != Integrity::Invalid;
        let Some(payload) = report.payload.take().filter(|_| kept) else {
            return Ok(refused(&report, report.id.map(|id| RecordRef { kid, id })));
        };
        // From here on, so that what is no sound record has nobody wait who did not line up.
        let turn = turn.unwrap_or_else(|| self.turns.stand_in_line(coming.marks()));
        // Who waits for others looks again once they are done.
        let mut known = Some(known).filter(|_| !waits && turn.has_come());
        turn.comes().await;
        // One after another, so that no more come to wait than may.
        let _waiting = match later {
            true => Some(self.turns.take(HashSet::from([WAITING.to_owned()])).await),
            false => None,
        };
        let ticket = match ticket {
            Some(ticket) => Some(self.ticket_for(ticket, &payload.activity.id).await?),
            None => None,
        };
        let of_record = RecordRef { kid, id: payload.id };
        if later && let Err(full) = self.may_wait().await {
            // It may have come meanwhile, and taken the last place.
            let rows = self.ledger.of_record(&of_record).await?;
            return self.again(&opened, signed, &rows).await?.ok_or(full);
        }
        for _ in 0..TRIES {
            let known = match known.take() {
                Some(known) => known,
                None => self.known(kid, pace, &payload).await?,
            };
            let who = match ticket.clone() {
                None if later => self.who_later(kid, &known.of_key, sheet.as_ref()).await?,
                ticket => self.who(kid, &known.of_key, ticket, sheet.as_ref(), now).await?,
            };
            // The device is vouched for by the ticket that comes with its first record, too.
            if !enrolled && !later && is_bound_by_ticket(&who.facts) {
                report = self.judged(&opened, Contact { now, received: Some(now), enrolled: true }).await?.0;
            }
            let received = Received {
                record: of_record,
                learner: who.learner,
                activity: payload.activity.clone(),
                signed,
                head: payload.log.head,
                completed: time::local_day(payload.completed.at, payload.completed.offset),
                completed_at: payload.completed.at,
                active: payload.active,
                pace,
            };
            let pack = verifier.packs.get(payload.activity.digest);
            let content = pack.and_then(|found| match found {
                Found::Whole(pack) => Some(&pack.0),
                Found::Broken(_) => None,
            });
            let Odd { flags, grounds } = self.oddities(&received, &payload, content, &known, &who).await?;
            let news = sheet.as_ref().filter(|_| who.news).map(|sheet| person(who.learner, sheet));
            // What a person looks at is filled in once it was approved.
            let gaps = match flags.is_empty() && !who.news && !later {
                true => self.gaps(&who.learner, sheet.as_ref()).await?,
                false => None,
            };
            let submission = Submission {
                opened: &opened,
                payload: &payload,
                report: &report,
                received,
                who,
                flags,
                news,
                gaps,
                grounds,
                now,
            };
            if let Some(answer) = self.write(submission).await? {
                // The pack may have come between judging and writing.
                let settled = if later { self.settled(&of_record).await? } else { None };
                return Ok(settled.map_or(answer, |taken| taken.answer()));
            }
            let rows = self.ledger.of_record(&of_record).await?;
            if let Some(answer) = self.again(&opened, signed, &rows).await? {
                return Ok(answer);
            }
        }
        Err(IntakeError::Busy)
    }

    /// The answer about a record that is in the ledger already, with these rows.
    async fn again(
        &self,
        opened: &SignedBundle,
        signed: Digest,
        rows: &[ledger::Found],
    ) -> Result<Option<Answer>, IntakeError> {
        let Some(taken) = Taken::fold(rows) else { return Ok(None) };
        if taken.received.signed == signed
            && let (Some(first), Ok(payload)) = (rows.first(), opened.payload())
        {
            self.complete(opened, payload, &taken, first.seq).await?;
        }
        let taken = self.settle(taken).await?;
        if taken.received.signed != signed {
            if !opened.is_good() {
                return Ok(None);
            }
            let conflict = Fact::Conflicted { record: taken.received.record, signed };
            self.ledger.add(&[Entry::new(time::now(), "rule", conflict)]).await?;
            let mut answer = taken.answer();
            answer.reasons.push(Reason::of(LedgerCode::Conflict));
            return Ok(Some(answer));
        }
        Ok(Some(taken.answer()))
    }

    /// Keeps the separate parts that did not come with a record the first time.
    async fn complete(
        &self,
        opened: &SignedBundle,
        payload: &Payload,
        taken: &Taken,
        came: i64,
    ) -> Result<(), IntakeError> {
        let record = taken.received.record;
        let mut sheets = beside(opened, payload, record).sheets;
        let kept = self.ledger.sheets(&record).await?;
        sheets.retain(|(_, part, _)| kept.iter().all(|(kept, _)| kept != part));
        if sheets.is_empty() {
            return Ok(());
        }
        let learner = taken.learner();
        let says_who = sheets.iter().any(|(_, part, _)| *part == "learner");
        // A learner of whom nothing is sure is a new one, whom only this record is about.
        let in_doubt = |code: &String| {
            LedgerCode::ALL.iter().any(|odd| odd.code() == code && *odd != LedgerCode::LearnerUnsure)
        };
        let doubted = taken.decisions.iter().flat_map(|decided| &decided.reasons).any(in_doubt);
        let is_sure = taken.decision() == Decision::Credit || !doubted;
        let gaps = match says_who && is_sure && !taken.waits_for_pack() {
            true => self.gaps(&learner, sheet(opened).as_ref()).await?,
            false => None,
        };
        let learners = [learner, taken.received.learner];
        Ok(self.ledger.complete(&sheets, learners, came, gaps.as_ref()).await?)
    }

    /// Verifies on a thread of its own: a replay is work, not waiting.
    async fn judged(
        &self,
        opened: &Arc<SignedBundle>,
        contact: Contact,
    ) -> Result<(Report, Arc<Verifier>), IntakeError> {
        // As many at once as there are cores; those who wait for the disk hold no place.
        let _turn = self.judges.acquire().await.map_err(|_| IntakeError::Busy)?;
        let (at_hand, opened) = (self.at_hand.clone(), Arc::clone(opened));
        let judged = tokio::task::spawn_blocking(move || {
            let verifier = at_hand.now();
            let report = verifier.verify_opened(&opened, contact);
            let is_known = opened.pack().is_none_or(|digest| verifier.packs.place(digest).is_some());
            // Only what is signed is worth a look for its pack.
            let worth = !is_known && opened.is_good();
            match worth.then(|| at_hand.after(&verifier)).flatten() {
                Some(verifier) => (verifier.verify_opened(&opened, contact), verifier),
                None => (report, verifier),
            }
        });
        judged.await.map_err(|_| IntakeError::Busy)
    }

    /// Writes the rows of a submission; `None` where another one was faster.
    async fn write(&self, submission: Submission<'_>) -> Result<Option<Answer>, IntakeError> {
        let Submission { opened, payload, report, received, who, flags, news, gaps, grounds, now } =
            submission;
        let (record, learner) = (received.record, who.learner);
        let mut codes: Vec<Reason> = reasons(report);
        codes.extend(flags.iter().map(|flag| Reason::of(*flag)));
        let decision = if flags.is_empty() { report.decision } else { report.decision.max(Decision::Review) };
        let (credits, before) = match decision {
            // A new learner has no credit that could be counted.
            Decision::Credit if who.news => {
                (payload.claims.iter().map(|claim| (credit(claim), 0)).collect(), false)
            }
            Decision::Credit => self.earned(payload, &learner).await?,
            Decision::Review | Decision::Reject => (Vec::new(), false),
        };
        if before {
            codes.push(Reason::of(LedgerCode::CreditedBefore));
        }
        let mut facts = vec![Fact::Received(Box::new(received.clone()))];
        facts.extend(who.facts);
        facts.push(Fact::Decided {
            record,
            learner,
            n: 0,
            decision,
            reasons: codes.iter().map(|reason| reason.code.clone()).collect(),
            note: String::new(),
        });
        let mut receipt = None;
        if decision == Decision::Credit {
            let awarded = self.credited(&received, now, learner, credits)?;
            receipt = awarded.iter().find_map(|fact| match fact {
                Fact::Receipted { receipt, .. } => Some(receipt.clone()),
                _ => None,
            });
            facts.extend(awarded);
        }
        let entries: Vec<Entry> = facts.into_iter().map(|fact| Entry::new(now, "rule", fact)).collect();
        let beside = Beside { person: news, gaps, grounds, ..beside(opened, payload, record) };
        match self.writer.add(entries, beside).await? {
            Added::Not { .. } | Added::Stale => Ok(None),
            Added::All => Ok(Some(Answer {
                format: OUTCOME_FORMAT,
                record: Some(record),
                standing: match decision {
                    Decision::Credit => AnswerStanding::Credited,
                    Decision::Review => AnswerStanding::Review,
                    Decision::Reject => AnswerStanding::Rejected,
                },
                reasons: codes,
                receipt,
                certificate: decision == Decision::Credit,
            })),
        }
    }

    /// The credit of a record that its learner does not have yet, each with how often it
    /// was taken back before; and whether there was some that they have.
    pub(super) async fn earned(
        &self,
        payload: &Payload,
        learner: &LearnerRef,
    ) -> Result<(Vec<(CreditEarned, u32)>, bool), IntakeError> {
        let mut earned = Vec::new();
        let mut before = false;
        let looks = payload.claims.iter().map(|claim| {
            let key = credit_key(learner, &claim.accreditor, &claim.accreditor_activity, &claim.credit);
            Look::Mark(format!("credit:{key}"))
        });
        let rows = self.rows.look(looks.collect()).await?;
        for (claim, rows) in payload.claims.iter().zip(rows) {
            let (given, taken) = given(&rows);
            if given > taken {
                before = true;
                continue;
            }
            earned.push((credit(claim), taken));
        }
        Ok((earned, before))
    }

    /// Signs a receipt over when the record was received and decided.
    pub(super) fn receipt(
        &self,
        received: &Received,
        standing: Standing,
        credits: Vec<CreditEarned>,
        (at, decided): (Timestamp, Timestamp),
    ) -> Result<String, IntakeError> {
        let receipt = Receipt {
            format: RECEIPT_FORMAT.to_owned(),
            record: received.record,
            activity: received.activity.clone(),
            standing,
            credits,
            completed: received.completed.clone(),
            received: at,
            decided,
        };
        Ok(self.signer.sign(RECEIPT_TYP, receipt.encode().as_bytes())?)
    }
}

/// How often a credit was given and taken back.
fn given(rows: &[ledger::Found]) -> (u32, u32) {
    let mut count = (0, 0);
    for row in rows {
        match row.entry.fact {
            Fact::Credited { .. } => count.0 += 1,
            Fact::Reversed { .. } => count.1 += 1,
            _ => {}
        }
    }
    count
}

fn credit(claim: &ClaimRecord) -> CreditEarned {
    CreditEarned {
        credit: claim.credit.clone(),
        name: claim.name.clone(),
        accreditor: claim.accreditor.clone(),
        accreditor_activity: claim.accreditor_activity.clone(),
        amount: claim.amount,
    }
}

/// What is kept beside the rows: the separate parts only as they were signed.
fn beside(opened: &Opened, payload: &Payload, record: RecordRef) -> Beside {
    let bundle = &opened.bundle;
    let proof = Proof { jws: bundle.record.clone(), log: bundle.log.clone(), key: bundle.key.clone() };
    let signed = &payload.sheets;
    let sheets = [
        ("learner", &bundle.learner, Some(signed.learner)),
        ("consent", &bundle.consent, signed.consent),
        ("evaluation", &bundle.evaluation, signed.evaluation),
    ];
    Beside {
        proof: Some((record, proof)),
        sheets: sheets
            .into_iter()
            .filter(|(_, text, signed)| text.as_ref().map(|text| Digest::of(&[text.as_bytes()])) == *signed)
            .filter_map(|(part, text, _)| Some((record, part, text.clone()?)))
            // JSON has none, and not every database keeps it.
            .filter(|(_, _, text)| !text.contains('\0'))
            .collect(),
        first_attempts: payload
            .score
            .tests
            .iter()
            .filter_map(|test| {
                let first = test.attempts.first()?;
                Some((record, payload.activity.id.clone(), test.part.clone(), first.passed))
            })
            .collect(),
        ..Beside::default()
    }
}

/// Who the learner says they are, where it is what was signed.
fn sheet(opened: &Opened) -> Option<LearnerSheet> {
    let signed = opened.payload().ok()?.sheets.learner;
    let text = opened.bundle.learner.as_deref()?;
    let sheet = json::read(text).ok().filter(LearnerSheet::is_plain);
    sheet.filter(|_| Digest::of(&[text.as_bytes()]) == signed)
}

pub(super) fn person(learner: LearnerRef, sheet: &LearnerSheet) -> Person {
    Person {
        learner,
        first_name: sheet.first_name.clone(),
        last_name: sheet.last_name.clone(),
        birthday: Some(sheet.birthday),
        profession: Some(sheet.profession.clone()),
        identifiers: sheet.identifiers.clone(),
        roster: false,
    }
}

/// The answer about what is no sound record: nothing is kept of it, so that a copy
/// which arrived whole can still be taken.
fn refused(report: &Report, record: Option<RecordRef>) -> Answer {
    Answer {
        format: OUTCOME_FORMAT,
        record,
        standing: AnswerStanding::Rejected,
        reasons: reasons(report),
        receipt: None,
        certificate: false,
    }
}
