//! The payload of a record: a pure function of pack and log, with what only the
//! device knows beside. The verifier computes it again and compares.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::content::Content;
use crate::id::{ActivityId, CreditId, Digest, ProfessionId, SessionId, StatementId};
use crate::measure::{Credit, Millis};
use crate::score::{Score, report};
use crate::session::{Head, Mode, Moment, Phase, State};

/// The format of payload and bundle. Stored; never reuse.
pub const RECORD_FORMAT: &str = "enduring-record/1";
/// The header type of a signed record. Stored; never reuse.
pub const RECORD_TYP: &str = "enduring-record+jwt";

/// What a device signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    /// [`RECORD_FORMAT`].
    pub format: String,
    /// The random identity of the session; with the header's `kid`, of the record.
    pub id: SessionId,
    /// The pack.
    pub activity: Activities,
    /// What the session was for.
    pub mode: Mode,
    /// The rules it is replayed under.
    pub rules: u16,
    /// The learner's profession.
    pub profession: ProfessionId,
    /// First event.
    pub started: Moment,
    /// When the last requirement was met. Its local date is the completion date.
    pub completed: Moment,
    /// Last event.
    pub signed: Moment,
    /// Active time that counted.
    pub active: Millis,
    /// What was shown before the start.
    pub front_matter: FrontMatterRecord,
    /// Attempts and scores as claimed.
    pub score: Score,
    /// A row per kind of credit claimed; none for participation only.
    pub claims: Vec<ClaimRecord>,
    /// What was attested to.
    pub attestation: Attestation,
    /// Digests of the separate parts.
    pub sheets: Sheets,
    /// The log.
    pub log: LogRecord,
    /// How the record was signed.
    pub signing: Signing,
}

impl Payload {
    /// Whether each of its times has a date.
    pub(super) fn has_dates(&self) -> bool {
        let times = [&self.started, &self.front_matter.acknowledged, &self.completed, &self.signed];
        times.into_iter().all(|moment| moment.at.has_date())
    }
}

/// The pack of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activities {
    /// The activity.
    pub id: ActivityId,
    /// Its version.
    pub version: String,
    /// The pack digest.
    pub digest: Digest,
    /// The provider by name.
    pub provider: String,
}

/// The front matter of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatterRecord {
    /// SHA-256 of `front-matter.txt`.
    pub digest: Digest,
    /// When it was acknowledged.
    pub acknowledged: Moment,
}

/// A claim of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimRecord {
    /// Which.
    pub credit: CreditId,
    /// What it is called.
    pub name: String,
    /// Who grants it.
    pub accreditor: String,
    /// The accreditor's number for the activity.
    pub accreditor_activity: String,
    /// The most that can be claimed.
    pub maximum: Credit,
    /// Claims are multiples of this.
    pub step: Credit,
    /// What is claimed.
    pub amount: Credit,
    /// The designation statement.
    pub statement: StatementId,
    /// Its version.
    pub statement_version: String,
}

/// The attestation of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// The statement.
    pub statement: StatementId,
    /// Its version.
    pub version: String,
}

/// Digests of the separate parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheets {
    /// Of the learner sheet.
    pub learner: Digest,
    /// Of the consent sheet; `null` where the activity asks for none.
    pub consent: Option<Digest>,
    /// Of the evaluation sheet; `null` where the activity has none.
    pub evaluation: Option<Digest>,
}

/// The log of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRecord {
    /// How many events.
    pub length: u32,
    /// The hash of the last.
    pub head: Digest,
}

/// How a record was signed: what only the device knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// Version of the player.
    pub player: String,
    /// What is known of the key.
    pub assurance: Assurance,
    /// Where it was played.
    pub place: Place,
}

/// What is known of a device's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// It is stored on the device and cannot be read out.
    Stored,
    /// The device could not store it: it was made for this record only.
    SessionOnly,
}

/// Where a session was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In a page of its own.
    OwnPage,
    /// In a frame of the page of that origin.
    Embedded(String),
}

/// The session has no record yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the session is not complete")]
pub struct Incomplete;

/// The payload of a completed session. `evaluation` is the digest of the evaluation
/// sheet, where the activity has an evaluation.
///
/// # Errors
/// [`Incomplete`] before the last event.
pub fn payload(
    content: &Content,
    state: &State,
    head: Head,
    evaluation: Option<Digest>,
    signing: Signing,
) -> Result<Payload, Incomplete> {
    payload_of(content, state, report(content, state), head, evaluation, signing)
}

/// [`payload`] of a session whose score was computed already.
pub(super) fn payload_of(
    content: &Content,
    state: &State,
    score: Score,
    head: Head,
    evaluation: Option<Digest>,
    signing: Signing,
) -> Result<Payload, Incomplete> {
    let Phase::Completed(completion) = &state.phase else { return Err(Incomplete) };
    let activity = content.activity();
    let claim = &completion.claim;
    let (learner, profession) = claim.learner.clone().ok_or(Incomplete)?;
    let (statement, version) = claim.attested.clone().ok_or(Incomplete)?;
    let claims = claim.claims.iter().flatten().filter_map(|row| {
        let offer = activity.front.credits.iter().find(|offer| offer.id == row.credit)?;
        Some(ClaimRecord {
            credit: offer.id.clone(),
            name: offer.name.clone(),
            accreditor: offer.accreditor.clone(),
            accreditor_activity: offer.accreditor_activity.clone(),
            maximum: offer.maximum,
            step: offer.step,
            amount: row.amount,
            statement: offer.designation.id.clone(),
            statement_version: offer.designation.version.clone(),
        })
    });
    Ok(Payload {
        format: RECORD_FORMAT.to_owned(),
        id: state.started.session,
        activity: Activities {
            id: activity.id.clone(),
            version: activity.version.clone(),
            digest: content.digest(),
            provider: activity.front.provider.name.clone(),
        },
        mode: state.started.mode,
        rules: state.started.rules,
        profession,
        started: state.clock.first.clone(),
        completed: state.requirements_met().cloned().ok_or(Incomplete)?,
        signed: completion.at.clone(),
        active: state.clock.active,
        front_matter: FrontMatterRecord {
            digest: content.front_matter(),
            acknowledged: state.acknowledged.clone().ok_or(Incomplete)?,
        },
        score,
        claims: claims.collect(),
        attestation: Attestation { statement, version },
        sheets: Sheets { learner, consent: claim.consents, evaluation },
        log: LogRecord { length: head.n, head: head.hash },
        signing,
    })
}

impl Payload {
    /// The exact bytes to sign.
    #[must_use]
    pub fn encode(&self) -> String {
        crate::json::write(self)
    }

    /// Whether everything is the same but score, claims and profession, which are judged for themselves.
    pub(super) fn has_facts_of(&self, other: &Self) -> bool {
        let Self {
            format,
            id,
            activity,
            mode,
            rules,
            profession: _,
            started,
            completed,
            signed,
            active,
            front_matter,
            score: _,
            claims: _,
            attestation,
            sheets,
            log,
            signing,
        } = other;
        (&self.format, &self.id, &self.activity, &self.mode, &self.rules)
            == (format, id, activity, mode, rules)
            && (&self.started, &self.completed, &self.signed, &self.active)
                == (started, completed, signed, active)
            && (&self.front_matter, &self.attestation) == (front_matter, attestation)
            && (&self.sheets, &self.log, &self.signing) == (sheets, log, signing)
    }
}
