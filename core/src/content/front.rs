//! Front matter: what accreditation wants shown before the learner starts.
//! Source: the accreditors' rules collected in `docs/accreditation.md`.

use serde::{Deserialize, Serialize};

use super::Document;
use crate::id::{CreditId, GapId, IdentifierId, ObjectiveId, ProfessionId, StatementId};
use crate::measure::{Credit, Minutes, Timestamp};

/// Everything shown, in the order in which it is shown, before the acknowledgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// Who provides the activity.
    pub provider: Provider,
    /// The accreditation statement, filled from a locked template.
    pub accreditation: Statement,
    /// The designation statement of each kind of credit, filled from a locked template.
    pub credits: Vec<CreditOffer>,
    /// True to its sources but a sample: names the banner to show on every step.
    pub sample: Option<String>,
    /// For whom it is.
    pub audience: String,
    /// Everyone in control of content, those with nothing to disclose included.
    pub people: Vec<Person>,
    /// How relevant relationships were mitigated.
    pub mitigation: Document,
    /// Commercial support; empty for none, which is then said.
    pub support: Vec<Support>,
    /// Release, review and termination.
    pub dates: Dates,
    /// Estimated time to complete, the basis of the amount of credit.
    pub minutes: Minutes,
    /// How to take part and to complete.
    pub method: Document,
    /// What is needed to use it.
    pub requirements: Document,
    /// Privacy policy.
    pub privacy: Document,
    /// Sources.
    pub bibliography: Vec<Reference>,
    /// The attestation in the provider's words.
    pub attestation: Statement,
    /// Consents asked at the claim, each apart.
    pub consents: Vec<Consent>,
    /// Identifiers asked at the claim.
    pub identifiers: Vec<Identifier>,
    /// Professions to choose from at the claim.
    pub professions: Vec<Profession>,
}

/// A provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    /// Name as the public knows it.
    pub name: String,
    /// Joint provider, if any.
    pub joint: Option<String>,
    /// Where to ask: an e-mail address or a telephone number.
    pub contact: String,
    /// Home page.
    pub url: Option<String>,
}

/// A text whose wording is versioned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The template or statement.
    pub id: StatementId,
    /// Its version, such as `2026-01`.
    pub version: String,
    /// The words.
    pub text: Document,
}

/// One kind of credit that a learner may claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreditOffer {
    /// Its name in claims.
    pub id: CreditId,
    /// What it is called, such as `practice points`.
    pub name: String,
    /// The accreditor who grants it.
    pub accreditor: String,
    /// The accreditor's number for this activity.
    pub accreditor_activity: String,
    /// The most that can be claimed.
    pub maximum: Credit,
    /// Claims are multiples of this.
    pub step: Credit,
    /// For whom; others receive a participation certificate.
    pub professions: Vec<ProfessionId>,
    /// The designation statement.
    pub designation: Statement,
}

/// A person in control of content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Degrees, post and place.
    pub credentials: String,
    /// What the person did.
    pub roles: Vec<Role>,
    /// Financial relationships of the last 24 months; empty for none.
    pub relationships: Vec<Relationship>,
    /// When the person signed off, ISO date.
    pub signed_off: String,
}

/// A role in making the activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Planned it.
    Planner,
    /// Wrote it.
    Author,
    /// Reviewed it as a peer.
    Reviewer,
    /// Approved it for the provider.
    Approver,
}

/// A financial relationship with an ineligible company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relationship {
    /// The company, by name only.
    pub company: String,
    /// What kind, such as `consultant`.
    pub nature: String,
    /// True until it ended.
    pub ongoing: Ongoing,
}

/// Whether a relationship lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ongoing {
    /// It lasts.
    Yes,
    /// It ended within the look-back.
    Ended,
}

/// Support from an ineligible company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Support {
    /// The company, by name only.
    pub company: String,
    /// `grant`, or what was given in kind.
    pub nature: String,
}

/// The dates of an enduring material. Both ends are inclusive in the provider's zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dates {
    /// ISO date.
    pub release: String,
    /// ISO date of the latest review.
    pub review: String,
    /// ISO date.
    pub termination: String,
    /// IANA zone of the provider.
    pub zone: String,
    /// First instant of the release date there.
    pub opens: Timestamp,
    /// First instant after the termination date there.
    pub closes: Timestamp,
}

/// A published source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Authors, title, journal, year.
    pub text: String,
    /// `https:` address, if any.
    pub url: Option<String>,
}

/// A consent, asked apart from everything else and never ticked beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consent {
    /// To whom data would go.
    pub recipient: String,
    /// The words.
    pub statement: Statement,
}

/// An identifier that the provider needs in order to report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identifier {
    /// Its name in the learner sheet.
    pub id: IdentifierId,
    /// What it is called.
    pub label: String,
    /// What it looks like and where to find it.
    pub hint: String,
    /// Whether a claim can do without.
    pub need: Need,
}

/// Whether something must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It must be.
    Required,
    /// It may be.
    Optional,
}

/// A profession to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profession {
    /// Its name in claims.
    pub id: ProfessionId,
    /// What it is called.
    pub label: String,
}

/// A professional practice gap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// Its name.
    pub id: GapId,
    /// The difference between what is done and what should be.
    pub text: String,
    /// How it was found.
    pub method: String,
    /// When, ISO date or year.
    pub date: String,
    /// Where it can be read.
    pub source: String,
}

/// A learning objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Objective {
    /// Its name.
    pub id: ObjectiveId,
    /// What the learner will be able to do.
    pub text: String,
    /// The gap it closes.
    pub gap: GapId,
}
