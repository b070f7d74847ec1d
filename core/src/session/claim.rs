//! The claim: who the learner is, what is claimed, and the attestation.

use serde::{Deserialize, Serialize};

use super::apply::when;
use super::event::{Claim, Event, Mode};
use super::refusal::Refusal;
use super::state::State;
use crate::content::{CREDIT_HOUR, Content, MinimumTime, OverActive};
use crate::id::{Digest, ProfessionId, StatementId};
use crate::measure::{Credit, Millis};

/// A claim in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimState {
    /// Digest of the learner sheet, and the profession.
    pub learner: Option<(Digest, ProfessionId)>,
    /// Digest of the consent sheet.
    pub consents: Option<Digest>,
    /// What is claimed; empty for participation only.
    pub claims: Option<Vec<Claim>>,
    /// Statement and version attested to.
    pub attested: Option<(StatementId, String)>,
}

/// The most credit that active time covers, in the activity's steps rounded up to
/// the next one, so that the last minutes count as the accreditors count them.
#[must_use]
pub fn covered(active: Millis, step: Credit) -> Credit {
    let hundredths = active.0.saturating_mul(u64::from(CREDIT_HOUR.0)).div_ceil(3_600_000);
    let step = u64::from(step.0.max(1));
    Credit(u32::try_from(hundredths.div_ceil(step).saturating_mul(step)).unwrap_or(u32::MAX))
}

pub(super) fn check(
    content: &Content,
    state: &State,
    claim: &ClaimState,
    active: Millis,
    event: &Event,
) -> Result<(), Refusal> {
    let front = &content.activity().front;
    match event {
        Event::LearnerDescribed { profession, .. } => {
            when(front.professions.iter().any(|known| known.id == *profession), Refusal::NoSuchProfession)
        }
        Event::ConsentsAnswered { .. } => when(claim.learner.is_some(), Refusal::DescribeFirst),
        Event::Claimed { claims } => {
            let Some((_, profession)) = &claim.learner else { return Err(Refusal::DescribeFirst) };
            if !claims.is_empty() {
                check_claimable(content, state, active)?;
            }
            for (place, row) in claims.iter().enumerate() {
                let doubled = claims.iter().take(place).any(|earlier| earlier.credit == row.credit);
                let offer = front.credits.iter().find(|offer| offer.id == row.credit && !doubled);
                let offer = offer.ok_or(Refusal::NoSuchCredit)?;
                when(offer.professions.contains(profession), Refusal::NotEligible)?;
                let step = offer.step.0.max(1);
                let sound = row.amount.0 > 0 && row.amount <= offer.maximum && row.amount.0 % step == 0;
                when(sound, Refusal::BadAmount)?;
                if content.activity().policy.over_active == OverActive::Refuse {
                    when(row.amount <= covered(active, offer.step), Refusal::OverActive)?;
                }
            }
            Ok(())
        }
        Event::Attested { statement, version } => {
            when(claim.claims.is_some(), Refusal::ClaimIncomplete)?;
            let known = &front.attestation;
            when(*statement == known.id && *version == known.version, Refusal::OtherStatement)
        }
        Event::Completed => {
            let whole = claim.learner.is_some()
                && claim.claims.is_some()
                && claim.attested.is_some()
                && (claim.consents.is_some() || front.consents.is_empty());
            when(whole, Refusal::ClaimIncomplete)
        }
        _ => Err(Refusal::ClaimLater),
    }
}

/// Whether this session can claim anything at all.
pub(super) fn check_claimable(content: &Content, state: &State, active: Millis) -> Result<(), Refusal> {
    when(state.started.mode != Mode::NotForCredit, Refusal::NotForCredit)?;
    let dates = &content.activity().front.dates;
    let met = state.requirements_met().map_or(state.clock.last.at, |moment| moment.at);
    when(met >= dates.opens, Refusal::NotYetReleased)?;
    when(met < dates.closes, Refusal::Terminated)?;
    match content.activity().policy.minimum_time {
        MinimumTime::None | MinimumTime::Review(_) => Ok(()),
        MinimumTime::Block(minutes) => when(active >= Millis::minutes(minutes), Refusal::TooShort),
    }
}

pub(super) fn change(claim: &mut ClaimState, event: &Event) {
    match event {
        Event::LearnerDescribed { sheet, profession } => {
            let same = claim.learner.as_ref().is_some_and(|(_, known)| known == profession);
            claim.learner = Some((*sheet, profession.clone()));
            if !same {
                claim.claims = None;
                claim.attested = None;
            }
        }
        Event::ConsentsAnswered { sheet } => claim.consents = Some(*sheet),
        Event::Claimed { claims } => {
            claim.claims = Some(claims.clone());
            claim.attested = None;
        }
        Event::Attested { statement, version } => claim.attested = Some((statement.clone(), version.clone())),
        _ => {}
    }
}
