//! What an answer to one item earns.

use crate::content::{Choice, ItemBody, PartScoring};
use crate::id::OptionId;
use crate::measure::Points;
use crate::order::repeated;
use crate::session::{Refusal, Response};

/// How an answer went, in words that a learner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All of it is right.
    Correct,
    /// Some of it is right.
    Partly,
    /// None of it is right.
    NotCorrect,
}

impl Outcome {
    /// From the points earned.
    #[must_use]
    pub fn of(points: Points) -> Self {
        match points {
            Points(0) => Self::NotCorrect,
            points if points >= Points::FULL => Self::Correct,
            Points(_) => Self::Partly,
        }
    }
}

/// Whether a response is one that the item can take.
///
/// # Errors
/// [`Refusal::BadResponse`] for another kind, unknown or doubled options or an
/// incomplete answer; [`Refusal::TooManyPicks`] above a stated maximum. A short
/// menu takes more picks than its maximum, and then earns nothing.
pub fn fits(body: &ItemBody, response: &Response) -> Result<(), Refusal> {
    let sound = match (body, response) {
        (ItemBody::SingleBest { options, .. }, Response::Choice(choice)) => has(options, choice),
        (ItemBody::ScriptConcordance { scale, .. }, Response::Choice(choice)) => {
            scale.iter().any(|point| point.id == *choice)
        }
        (ItemBody::MultipleResponse { options, max_picks, .. }, Response::Choices(picks)) => {
            if max_picks.is_some_and(|most| picks.len() > usize::from(most)) {
                return Err(Refusal::TooManyPicks);
            }
            !picks.is_empty() && distinct(picks) && picks.iter().all(|pick| has(options, pick))
        }
        (ItemBody::KeyFeature { options, .. }, Response::Choices(picks)) => {
            !picks.is_empty() && distinct(picks) && picks.iter().all(|pick| has(options, pick))
        }
        (ItemBody::TrueFalse { statements, .. }, Response::Truths(truths)) => {
            truths.len() == statements.len()
                && statements.iter().zip(truths).all(|(statement, truth)| statement.id == truth.statement)
        }
        (ItemBody::ExtendedMatching { options, stems, .. }, Response::Matches(matches)) => {
            matches.len() == stems.len()
                && stems
                    .iter()
                    .zip(matches)
                    .all(|(stem, found)| stem.id == found.stem && has(options, &found.option))
        }
        (ItemBody::Ordering { steps, .. }, Response::Order(order)) => {
            order.len() == steps.len() && distinct(order) && order.iter().all(|step| has(steps, step))
        }
        (ItemBody::Numeric { .. }, Response::Number(_)) => true,
        (
            ItemBody::SingleBest { .. }
            | ItemBody::ScriptConcordance { .. }
            | ItemBody::MultipleResponse { .. }
            | ItemBody::KeyFeature { .. }
            | ItemBody::TrueFalse { .. }
            | ItemBody::ExtendedMatching { .. }
            | ItemBody::Ordering { .. }
            | ItemBody::Numeric { .. },
            Response::Choice(_)
            | Response::Choices(_)
            | Response::Truths(_)
            | Response::Matches(_)
            | Response::Order(_)
            | Response::Number(_),
        ) => false,
    };
    if sound { Ok(()) } else { Err(Refusal::BadResponse) }
}

/// What a response that [`fits`] earns: 0 to 1,000 thousandths.
#[must_use]
pub fn points(body: &ItemBody, response: &Response) -> Points {
    match (body, response) {
        (ItemBody::SingleBest { key, .. }, Response::Choice(choice)) => {
            part(PartScoring::AllOrNothing, [choice == key])
        }
        (ItemBody::MultipleResponse { options, key, scoring, .. }, Response::Choices(picks)) => part(
            *scoring,
            options.iter().map(|option| key.contains(&option.id) == picks.contains(&option.id)),
        ),
        (ItemBody::TrueFalse { statements, scoring }, Response::Truths(truths)) => part(
            *scoring,
            statements.iter().zip(truths).map(|(statement, found)| statement.truth == found.truth),
        ),
        (ItemBody::ExtendedMatching { stems, scoring, .. }, Response::Matches(matches)) => {
            part(*scoring, stems.iter().zip(matches).map(|(stem, found)| stem.key == found.option))
        }
        (ItemBody::Ordering { steps, scoring }, Response::Order(order)) => {
            part(*scoring, steps.iter().zip(order).map(|(step, found)| step.id == *found))
        }
        (ItemBody::Numeric { key, tolerance, .. }, Response::Number(number)) => {
            part(PartScoring::AllOrNothing, [number.within(*tolerance, *key)])
        }
        (ItemBody::ScriptConcordance { scale, .. }, Response::Choice(choice)) => {
            // Source: Charlin et al. 2000: votes for the option over votes for the modal one.
            let votes = scale.iter().find(|point| point.id == *choice).map_or(0, |point| point.votes);
            let modal = scale.iter().map(|point| point.votes).max().unwrap_or(0);
            Points::share(u32::from(votes), u32::from(modal))
        }
        (ItemBody::KeyFeature { key, max_picks, .. }, Response::Choices(picks)) => {
            // Source: Page, Bordage, Allen 1995: too many picks and the item earns nothing.
            if picks.len() > usize::from(*max_picks) {
                return Points(0);
            }
            part(PartScoring::PerPart, key.iter().map(|feature| picks.contains(feature)))
        }
        (
            ItemBody::SingleBest { .. }
            | ItemBody::ScriptConcordance { .. }
            | ItemBody::MultipleResponse { .. }
            | ItemBody::KeyFeature { .. }
            | ItemBody::TrueFalse { .. }
            | ItemBody::ExtendedMatching { .. }
            | ItemBody::Ordering { .. }
            | ItemBody::Numeric { .. },
            Response::Choice(_)
            | Response::Choices(_)
            | Response::Truths(_)
            | Response::Matches(_)
            | Response::Order(_)
            | Response::Number(_),
        ) => Points(0),
    }
}

fn part(scoring: PartScoring, judged: impl IntoIterator<Item = bool>) -> Points {
    let (mut right, mut all) = (0, 0);
    for is_right in judged {
        all += 1;
        right += u32::from(is_right);
    }
    match scoring {
        PartScoring::AllOrNothing if right < all => Points(0),
        PartScoring::AllOrNothing | PartScoring::PerPart => Points::share(right, all),
    }
}

fn has(options: &[Choice], id: &OptionId) -> bool {
    options.iter().any(|option| option.id == *id)
}

fn distinct(ids: &[OptionId]) -> bool {
    let names: Vec<&str> = ids.iter().map(OptionId::as_str).collect();
    !repeated(&names).contains(&true)
}
