//! Judging a record. Two answers that are never mixed: *integrity*, is this what
//! was signed; and *decision*, what a provider's policy makes of it. Every check is
//! named; no total is believed.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::bundle::{BUNDLE_MAX, Bundle};
use super::code::Code;
use super::jws::Compact;
use super::key::PublicKey;
use super::parts::{all_answered, answers_match, missing};
use super::payload::{Assurance, Payload, RECORD_FORMAT, RECORD_TYP, payload_of};
use super::policy::{Handling, VerifyPolicy};
use super::sheet::{ConsentSheet, LearnerSheet};
use crate::content::{Content, MinimumTime};
use crate::id::{Digest, SessionId};
use crate::json::{self, JsonError};
use crate::measure::{Millis, Timestamp};
use crate::score::{Score, report};
use crate::session::{
    AttemptOutcome, Claim, EVENTS_MAX, Head, Mode, PartOutcome, Phase, Replay, State, chain, covered, origin,
    replay,
};

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Not as it should be.
    Failed,
    /// For a person to look at.
    Flagged,
    /// Not possible, or not needed, with what is at hand.
    Skipped,
}

/// A check that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub code: Code,
    /// How it went.
    pub outcome: Outcome,
    /// Expected and found, or a reason; empty where there is nothing to say.
    pub detail: String,
}

/// Is this what was signed?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// No.
    Invalid,
    /// Yes, by the key that came along.
    Valid,
    /// Yes, by a key that is enrolled.
    Trusted,
}

/// What the policy makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Creditable at once.
    Credit,
    /// For a person to decide.
    Review,
    /// Not creditable.
    Reject,
}

/// A verdict with everything that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The record, where it could be read.
    pub id: Option<SessionId>,
    /// The thumbprint of its key, where it could be read.
    pub kid: Option<Digest>,
    /// Is this what was signed?
    pub integrity: Integrity,
    /// What the policy makes of it.
    pub decision: Decision,
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// The payload, where it could be read.
    pub payload: Option<Payload>,
    /// The score that the replay computed.
    pub recomputed: Option<Score>,
}

impl Report {
    /// Whether all that can be checked without the pack is as it should be, and the pack is
    /// not at hand: then it is neither sound nor wrong, and is judged again with the pack.
    #[must_use]
    pub fn waits_for_pack(&self) -> bool {
        let last = self.checks.last();
        last.is_some_and(|last| last.code == Code::PackKnown && last.outcome == Outcome::Flagged)
    }
}

/// A bundle taken apart: its signature is to be checked next.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The bundle.
    pub bundle: Bundle,
    /// The signed document.
    pub compact: Compact,
    /// The key that came along.
    pub key: PublicKey,
    /// The payload, once it was asked for.
    payload: OnceLock<Result<Payload, JsonError>>,
}

/// What the caller found about the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// It is the key's.
    Good,
    /// It is not.
    Bad,
}

/// What the caller knows of a pack's signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackTrust {
    /// Signed by an issuer that is trusted.
    Trusted,
    /// Signed by somebody else, or not checked.
    Stranger,
}

/// What the caller knows of the device's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enrolment {
    /// It is enrolled.
    Enrolled,
    /// It is not, or there is no list.
    Unknown,
}

/// What is at hand for judging.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The signature.
    pub signature: SignatureCheck,
    /// The pack of the digest that the record names.
    pub content: Option<&'a Content>,
    /// Its signer.
    pub pack: PackTrust,
    /// The device's key.
    pub enrolment: Enrolment,
    /// Now.
    pub now: Timestamp,
    /// When the record was received, if that is known.
    pub received: Option<Timestamp>,
    /// Whether rehearsals are wanted.
    pub rehearsals: Handling,
}

/// Takes a bundle apart.
///
/// # Errors
/// A whole report: integrity invalid, decision reject, with the check that failed.
pub fn open(text: &str) -> Result<Opened, Box<Report>> {
    let mut judge = Judge::default();
    match judge.open(text) {
        Some(opened) => Ok(opened),
        None => Err(Box::new(judge.finish())),
    }
}

impl Opened {
    /// The digest of the pack that the record names, before anything about it is
    /// believed: for finding the pack.
    #[must_use]
    pub fn pack(&self) -> Option<Digest> {
        self.payload().ok().map(|payload| payload.activity.digest)
    }

    /// The payload as it is written, read once; nothing about it is believed yet.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn payload(&self) -> Result<&Payload, &JsonError> {
        self.payload.get_or_init(|| json::read_bytes(&self.compact.payload)).as_ref()
    }
}

/// Judges an opened bundle.
#[must_use]
pub fn judge(opened: &Opened, evidence: &Evidence<'_>, policy: &VerifyPolicy) -> Report {
    let mut judge = Judge { kid: Some(opened.compact.kid), ..Judge::default() };
    judge.pass(Code::BundleSize);
    judge.pass(Code::BundleShape);
    judge.pass(Code::RecordShape);
    judge.pass(Code::KeyMatch);
    judge.record(opened, evidence, policy);
    judge.finish()
}

#[derive(Default)]
struct Judge {
    id: Option<SessionId>,
    kid: Option<Digest>,
    checks: Vec<Check>,
    payload: Option<Payload>,
    recomputed: Option<Score>,
    enrolled: Option<Enrolment>,
}

impl Judge {
    fn note(&mut self, code: Code, outcome: Outcome, detail: impl Into<String>) {
        self.checks.push(Check { code, outcome, detail: detail.into() });
    }

    fn pass(&mut self, code: Code) {
        self.note(code, Outcome::Passed, "");
    }

    fn fail(&mut self, code: Code, detail: impl Into<String>) {
        self.note(code, Outcome::Failed, detail);
    }

    fn same<T: PartialEq + std::fmt::Display>(&mut self, code: Code, expected: &T, found: &T) {
        if expected == found {
            self.pass(code);
        } else {
            self.fail(code, format!("expected {expected}, found {found}"));
        }
    }

    /// Something that the policy handles.
    fn handle(&mut self, code: Code, handling: Handling, oddity: Option<String>) {
        match (oddity, handling) {
            (None, _) => self.pass(code),
            (Some(detail), Handling::Accept) => self.note(code, Outcome::Passed, detail),
            (Some(detail), Handling::Review) => self.note(code, Outcome::Flagged, detail),
        }
    }

    fn open(&mut self, text: &str) -> Option<Opened> {
        if text.len() > BUNDLE_MAX {
            self.fail(Code::BundleSize, format!("expected at most {BUNDLE_MAX} bytes, found {}", text.len()));
            return None;
        }
        self.pass(Code::BundleSize);
        let bundle: Bundle = match json::read(text) {
            Ok(bundle) => bundle,
            Err(error) => {
                self.fail(Code::BundleShape, error.to_string());
                return None;
            }
        };
        if bundle.format != RECORD_FORMAT {
            self.fail(Code::BundleShape, format!("expected {RECORD_FORMAT}, found {:?}", bundle.format));
            return None;
        }
        self.pass(Code::BundleShape);
        let compact = match Compact::parse(&bundle.record, RECORD_TYP) {
            Ok(compact) => compact,
            Err(error) => {
                self.fail(Code::RecordShape, error.to_string());
                return None;
            }
        };
        self.kid = Some(compact.kid);
        self.pass(Code::RecordShape);
        let key = bundle.key.key();
        let Some(key) = key.filter(|key| key.thumbprint() == compact.kid) else {
            self.fail(Code::KeyMatch, "expected a P-256 key whose thumbprint is kid");
            return None;
        };
        Some(Opened { bundle, compact, key, payload: OnceLock::new() })
    }

    fn record(&mut self, opened: &Opened, evidence: &Evidence<'_>, policy: &VerifyPolicy) {
        if evidence.signature == SignatureCheck::Bad {
            return self.fail(Code::Signature, "");
        }
        self.pass(Code::Signature);
        self.enrolled = Some(evidence.enrolment);
        let claimed = match opened.payload() {
            Ok(payload) => payload,
            Err(error) => return self.fail(Code::PayloadShape, error.to_string()),
        };
        if claimed.format != RECORD_FORMAT {
            return self
                .fail(Code::PayloadShape, format!("expected {RECORD_FORMAT}, found {:?}", claimed.format));
        }
        if !claimed.has_dates() {
            return self.fail(Code::PayloadShape, "expected times of the years 1 to 9998, found another");
        }
        self.id = Some(claimed.id);
        self.payload = Some(claimed.clone());
        self.pass(Code::PayloadShape);
        let log = opened.bundle.log.as_str();
        let replay = evidence.content.map(|content| replay(content, log));
        if !self.log_is_signed(claimed, log, replay.as_ref()) {
            return;
        }
        let (Some(content), Some(replay)) = (evidence.content, replay) else {
            let wanted = format!("get the pack of digest {} and verify again", claimed.activity.digest);
            return self.note(Code::PackKnown, Outcome::Flagged, wanted);
        };
        self.same(Code::PackKnown, &claimed.activity.digest, &content.digest());
        let Some(state) = self.replay(content, replay) else { return };
        self.payload_is_computed(content, &state, claimed);
        self.parts(content, claimed, &state, &opened.bundle, policy);
        self.decide(content, &state, claimed, evidence, policy);
    }

    /// A replay of the whole log from the same h0 has the chain's hashes already.
    fn log_is_signed(&mut self, claimed: &Payload, log: &str, replayed: Option<&Replay>) -> bool {
        let read_to_end = replayed.filter(|replay| replay.broken.is_none()).and_then(|replay| replay.head);
        let lines = match read_to_end.and_then(|head| usize::try_from(head.n).ok()) {
            Some(lines) => lines,
            None => log.split_terminator('\n').count(),
        };
        let expected = usize::try_from(claimed.log.length).unwrap_or(usize::MAX);
        if lines != expected || claimed.log.length > EVENTS_MAX || !log.ends_with('\n') {
            self.fail(Code::LogShape, format!("expected {expected} lines, each with its LF, found {lines}"));
            return false;
        }
        self.pass(Code::LogShape);
        let origin = origin(claimed.activity.digest, claimed.id);
        let whole = replayed.filter(|replay| replay.state.as_ref().is_some_and(|state| state.seed == origin));
        let head = match whole.and_then(|replay| replay.head).filter(|head| head.n == claimed.log.length) {
            Some(head) => head.hash,
            None => log.split_terminator('\n').fold(origin, chain),
        };
        self.same(Code::LogChain, &claimed.log.head, &head);
        claimed.log.head == head
    }

    fn replay(&mut self, content: &Content, replay: Replay) -> Option<State> {
        if let Some((n, broken)) = replay.broken {
            self.fail(Code::Replay, format!("event {n}: {broken}"));
            return None;
        }
        self.pass(Code::Replay);
        let state = replay.state?;
        self.recomputed = Some(report(content, &state));
        match &state.phase {
            Phase::Completed(_) => self.pass(Code::Complete),
            Phase::FrontMatter | Phase::FrontMatterShown | Phase::Part(_) | Phase::Claim(_) => {
                self.fail(Code::Complete, "the log ends before completion");
                return None;
            }
        }
        Some(state)
    }

    fn payload_is_computed(&mut self, content: &Content, state: &State, claimed: &Payload) {
        let head = Head { n: claimed.log.length, hash: claimed.log.head };
        let (evaluation, signing) = (claimed.sheets.evaluation, claimed.signing.clone());
        // Its score was computed already, and is compared where it is.
        let Ok(own) = payload_of(content, state, Score::default(), head, evaluation, signing) else {
            return self.fail(Code::Complete, "the log ends before completion");
        };
        if self.recomputed.as_ref() == Some(&claimed.score) {
            self.pass(Code::ScoreMatch);
        } else {
            self.fail(Code::ScoreMatch, "the claimed score differs from the recomputed one");
        }
        if own.claims == claimed.claims && own.profession == claimed.profession {
            self.pass(Code::ClaimsMatch);
        } else {
            self.fail(Code::ClaimsMatch, "the claims differ from those of the log");
        }
        if own.has_facts_of(claimed) {
            self.pass(Code::Facts);
        } else {
            self.fail(Code::Facts, "times, front matter, attestation or parts differ from the log");
        }
    }

    fn parts(
        &mut self,
        content: &Content,
        claimed: &Payload,
        state: &State,
        bundle: &Bundle,
        policy: &VerifyPolicy,
    ) {
        let sheets = &claimed.sheets;
        if self.part(Code::LearnerPart, Some(sheets.learner), bundle.learner.as_deref(), policy) {
            let sheet = bundle.learner.as_deref().and_then(|text| json::read::<LearnerSheet>(text).ok());
            match sheet {
                Some(sheet) if sheet.profession != claimed.profession || !sheet.birthday.is_possible() => {
                    self.fail(Code::LearnerPart, "profession or birthday contradict the record");
                }
                Some(sheet) if !sheet.is_plain() => {
                    self.fail(Code::LearnerPart, "a name or number is no plain line, or nobody is named");
                }
                Some(sheet) => match missing(&content.activity().front.identifiers, &sheet) {
                    Some(id) => {
                        self.fail(Code::LearnerPart, format!("expected the identifier {id}, found none"))
                    }
                    None => self.pass(Code::LearnerPart),
                },
                None => self.fail(Code::LearnerPart, "not a learner sheet"),
            }
        }
        if self.part(Code::ConsentPart, sheets.consent, bundle.consent.as_deref(), policy) {
            match bundle.consent.as_deref().map(json::read::<ConsentSheet>) {
                Some(Ok(sheet)) if !all_answered(content, &sheet) => {
                    self.fail(
                        Code::ConsentPart,
                        "expected an answer to every consent of the activity, in its order",
                    );
                }
                Some(Ok(_)) => self.pass(Code::ConsentPart),
                Some(Err(_)) | None => self.fail(Code::ConsentPart, "not a consent sheet"),
            }
        }
        if self.part(Code::EvaluationPart, sheets.evaluation, bundle.evaluation.as_deref(), policy) {
            match bundle.evaluation.as_deref().map(|text| answers_match(text, state)) {
                Some(true) => self.pass(Code::EvaluationPart),
                Some(false) | None => self.fail(Code::EvaluationPart, "the answers are not those of the log"),
            }
        }
    }

    /// Whether the part is there and is the one that was signed.
    fn part(
        &mut self,
        code: Code,
        digest: Option<Digest>,
        text: Option<&str>,
        policy: &VerifyPolicy,
    ) -> bool {
        match (digest, text) {
            (None, None) => {
                self.note(code, Outcome::Skipped, "the activity asks for none");
                false
            }
            (None, Some(_)) => {
                self.fail(code, "a part that the record does not name");
                false
            }
            (Some(_), None) => {
                self.handle(code, policy.withheld, Some("withheld".to_owned()));
                false
            }
            (Some(expected), Some(text)) => {
                let found = Digest::of(&[text.as_bytes()]);
                if expected != found {
                    self.fail(code, format!("expected SHA-256 {expected}, found {found}"));
                }
                expected == found
            }
        }
    }

    fn decide(
        &mut self,
        content: &Content,
        state: &State,
        claimed: &Payload,
        evidence: &Evidence<'_>,
        policy: &VerifyPolicy,
    ) {
        let oddity = |odd: bool, words: &str| odd.then(|| words.to_owned());
        let unknown = evidence.enrolment == Enrolment::Unknown;
        self.handle(Code::Enrolled, policy.self_identified, oddity(unknown, "only the key that came along"));
        match evidence.pack {
            PackTrust::Trusted => self.pass(Code::PackTrust),
            PackTrust::Stranger => self.fail(Code::PackTrust, "the pack's signer is not among the issuers"),
        }
        let lower = claimed.signing.assurance == Assurance::SessionOnly;
        self.handle(Code::KeyAssurance, policy.session_only_key, oddity(lower, "made for this record only"));
        match (state.started.mode, evidence.rehearsals) {
            (Mode::Rehearsal, Handling::Accept) => {
                self.note(Code::Rehearsal, Outcome::Passed, "a rehearsal, as wanted")
            }
            (Mode::Rehearsal, Handling::Review) => self.fail(Code::Rehearsal, "a scripted learner"),
            (Mode::Credit | Mode::NotForCredit, _) => self.pass(Code::Rehearsal),
        }
        match state.started.mode {
            Mode::NotForCredit => self.fail(Code::ForCredit, "played as not for credit"),
            Mode::Credit | Mode::Rehearsal => self.pass(Code::ForCredit),
        }
        let dates = &content.activity().front.dates;
        if claimed.completed.at >= dates.opens && claimed.completed.at < dates.closes {
            self.pass(Code::Dates);
        } else {
            self.fail(Code::Dates, format!("expected {} to {}", dates.release, dates.termination));
        }
        let latest = evidence.received.unwrap_or(evidence.now);
        let ahead = claimed.signed.at.since(latest).filter(|ahead| ahead.0 > CLOCK_SLACK);
        self.handle(
            Code::Future,
            Handling::Review,
            ahead.map(|ahead| format!("{} s ahead", ahead.0 / 1_000)),
        );
        match evidence.received {
            Some(received) => {
                let late = received >= dates.closes;
                self.handle(Code::Received, policy.received_late, oddity(late, "received after termination"));
            }
            None => self.note(Code::Received, Outcome::Skipped, "the time of receipt is not known"),
        }
        let anomalies = state.clock.anomaly_count;
        self.handle(
            Code::Clock,
            policy.clock_anomaly,
            (anomalies > 0).then(|| format!("anomalies: {anomalies}")),
        );
        self.effort(content, state, policy);
        let over = |claim: &Claim| {
            let offer = content.activity().front.credits.iter().find(|offer| offer.id == claim.credit);
            offer.is_some_and(|offer| claim.amount > covered(state.clock.active, offer.step))
        };
        let claims = state.claim().and_then(|claim| claim.claims.as_deref()).unwrap_or_default();
        self.handle(
            Code::OverActive,
            policy.over_active,
            oddity(claims.iter().any(over), "more than the active time covers"),
        );
    }

    fn effort(&mut self, content: &Content, state: &State, policy: &VerifyPolicy) {
        let active = state.clock.active;
        let estimate = Millis::minutes(content.activity().front.minutes);
        let share = Millis(estimate.0 * u64::from(policy.least_time.0) / 100);
        let least = match content.activity().policy.minimum_time {
            MinimumTime::Review(minutes) | MinimumTime::Block(minutes) => Millis::minutes(minutes).max(share),
            MinimumTime::None => share,
        };
        let short =
            (active < least).then(|| format!("expected {} s, found {} s", least.0 / 1_000, active.0 / 1_000));
        self.handle(Code::LeastTime, policy.short, short);
        let (mut fast, mut all) = (0u64, 0u64);
        for answer in
            attempts(state).flat_map(|attempt| attempt.slots.iter().filter_map(|slot| slot.answer.as_ref()))
        {
            all += 1;
            fast += u64::from(answer.after < policy.fast_answer);
        }
        let many = all > 0 && fast * 100 >= all * u64::from(policy.fast_share.0).max(1);
        self.handle(Code::FastAnswers, policy.fast, many.then(|| format!("{fast} of {all} answers")));
    }

    fn finish(self) -> Report {
        let broken = |check: &Check| check.outcome == Outcome::Failed && check.code < Code::Enrolled;
        let reached = self.checks.iter().any(|check| check.code == Code::Enrolled);
        let integrity = if self.checks.iter().any(broken) || !reached {
            Integrity::Invalid
        } else if self.enrolled == Some(Enrolment::Enrolled) {
            Integrity::Trusted
        } else {
            Integrity::Valid
        };
        let has = |outcome| self.checks.iter().any(|check| check.outcome == outcome);
        let decision = if has(Outcome::Failed) {
            Decision::Reject
        } else if has(Outcome::Flagged) {
            Decision::Review
        } else {
            Decision::Credit
        };
        Report {
            id: self.id,
            kid: self.kid,
            integrity,
            decision,
            checks: self.checks,
            payload: self.payload,
            recomputed: self.recomputed,
        }
    }
}

/// A device's clock may be ahead of the verifier's by five minutes.
const CLOCK_SLACK: u64 = 300_000;

fn attempts(state: &State) -> impl Iterator<Item = &AttemptOutcome> {
    state.finished.iter().flat_map(|part| match &part.outcome {
        PartOutcome::Test(test) => test.attempts.as_slice(),
        PartOutcome::Reading
        | PartOutcome::Case(_)
        | PartOutcome::Evaluation(_)
        | PartOutcome::Patient(_) => &[],
    })
}
