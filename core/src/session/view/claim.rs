//! The claim as it may be shown.

use crate::content::{Content, CreditOffer};
use crate::id::{Digest, ProfessionId};
use crate::measure::{Credit, Millis};
use crate::score::{Score, report};
use crate::session::claim::{ClaimState, check_claimable, covered};
use crate::session::event::{Mode, Moment};
use crate::session::refusal::Refusal;
use crate::session::state::State;

/// The claim.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimView {
    /// What was said so far.
    pub claim: ClaimState,
    /// Active time.
    pub active: Millis,
    /// A row per kind of credit.
    pub rows: Vec<ClaimRow>,
    /// Why nothing can be claimed in this session, if so.
    pub closed: Option<Refusal>,
    /// What the session is for.
    pub mode: Mode,
    /// When the last requirement was met.
    pub met: Option<Moment>,
    /// The score.
    pub score: Score,
}

/// One kind of credit.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimRow {
    /// The offer.
    pub offer: CreditOffer,
    /// Whether the learner can claim it.
    pub eligibility: Eligibility,
    /// What the active time covers, at most the maximum.
    pub covered: Credit,
    /// What is claimed.
    pub claimed: Option<Credit>,
}

/// Whether a learner can claim a kind of credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eligibility {
    /// The profession was not said yet.
    Unknown,
    /// Yes.
    Eligible,
    /// It is for other professions; a participation certificate follows.
    OtherProfession,
}

impl CreditOffer {
    /// Whether it is for the profession.
    #[must_use]
    pub fn is_for(&self, profession: &ProfessionId) -> bool {
        self.professions.contains(profession)
    }
}

pub(super) fn view(content: &Content, state: &State) -> ClaimView {
    let claim = state.claim().cloned().unwrap_or_default();
    let active = state.clock.active;
    let eligibility = |offer: &CreditOffer| match &claim.learner {
        None => Eligibility::Unknown,
        Some((_, profession)) if offer.is_for(profession) => Eligibility::Eligible,
        Some(_) => Eligibility::OtherProfession,
    };
    let row = |offer: &CreditOffer| ClaimRow {
        offer: offer.clone(),
        eligibility: eligibility(offer),
        covered: covered(active, offer.step).min(offer.maximum),
        claimed: claim
            .claims
            .iter()
            .flatten()
            .find(|claimed| claimed.credit == offer.id)
            .map(|claimed| claimed.amount),
    };
    ClaimView {
        rows: content.activity().front.credits.iter().map(row).collect(),
        active,
        closed: check_claimable(content, state, active).err(),
        mode: state.started.mode,
        met: state.requirements_met().cloned(),
        score: report(content, state),
        claim,
    }
}

impl ClaimView {
    /// The sheets that the log binds: learner and consents.
    #[must_use]
    pub fn sheets(&self) -> (Option<Digest>, Option<Digest>) {
        (self.claim.learner.as_ref().map(|(sheet, _)| *sheet), self.claim.consents)
    }
}
