//! What a scripted learner answers to an item: right as often as the profile says.

use enduring_core::content::{Choice, ItemBody, Truth};
use enduring_core::id::OptionId;
use enduring_core::measure::Decimal;
use enduring_core::session::{Match, Response, TruthAnswer};

use super::dice::Dice;

/// An answer, each thing that it asks known in `knows` of a hundred cases.
pub(super) fn answer(body: &ItemBody, knows: usize, dice: &mut Dice<'_>) -> Response {
    match body {
        ItemBody::SingleBest { options, key } => {
            Response::Choice(one(&ids(options), key.clone(), knows, dice))
        }
        ItemBody::ScriptConcordance { scale, .. } => {
            let modal = scale.iter().max_by_key(|point| point.votes);
            let all: Vec<OptionId> = scale.iter().map(|point| point.id.clone()).collect();
            match modal {
                Some(modal) => Response::Choice(one(&all, modal.id.clone(), knows, dice)),
                None => Response::Choices(all),
            }
        }
        ItemBody::MultipleResponse { options, key, max_picks, .. } => {
            let most = max_picks.map_or(options.len(), usize::from);
            Response::Choices(several(&ids(options), key, most, knows, dice))
        }
        ItemBody::KeyFeature { options, key, max_picks } => {
            Response::Choices(several(&ids(options), key, usize::from(*max_picks), knows, dice))
        }
        ItemBody::TrueFalse { statements, .. } => Response::Truths(
            statements
                .iter()
                .map(|statement| TruthAnswer {
                    statement: statement.id.clone(),
                    truth: if dice.happens(knows) { statement.truth } else { other(statement.truth) },
                })
                .collect(),
        ),
        ItemBody::ExtendedMatching { options, stems, .. } => {
            let all = ids(options);
            Response::Matches(
                stems
                    .iter()
                    .map(|stem| Match {
                        stem: stem.id.clone(),
                        option: one(&all, stem.key.clone(), knows, dice),
                    })
                    .collect(),
            )
        }
        ItemBody::Ordering { steps, .. } => {
            let mut order = ids(steps);
            if !dice.happens(knows) {
                let place = dice.below(order.len().saturating_sub(1));
                order.swap(place, place + 1);
            }
            Response::Order(order)
        }
        ItemBody::Numeric { key, .. } => {
            let ten_times = Decimal::parse(&format!("{key}0")).filter(|_| !key.to_string().contains('.'));
            let wrong = ten_times.or_else(|| Decimal::parse("0")).unwrap_or(*key);
            Response::Number(if dice.happens(knows) { *key } else { wrong })
        }
    }
}

fn other(truth: Truth) -> Truth {
    match truth {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
    }
}

fn ids(options: &[Choice]) -> Vec<OptionId> {
    options.iter().map(|option| option.id.clone()).collect()
}

fn one(all: &[OptionId], key: OptionId, knows: usize, dice: &mut Dice<'_>) -> OptionId {
    if dice.happens(knows) {
        return key;
    }
    let wrong: Vec<OptionId> = all.iter().filter(|id| **id != key).cloned().collect();
    dice.pick(&wrong).cloned().unwrap_or(key)
}

/// At most `most` options: of the key those that are known, of the others one for
/// each that is not.
fn several(
    all: &[OptionId],
    key: &[OptionId],
    most: usize,
    knows: usize,
    dice: &mut Dice<'_>,
) -> Vec<OptionId> {
    let known: Vec<&OptionId> = key.iter().filter(|_| dice.happens(knows)).collect();
    let wrong: Vec<OptionId> = all.iter().filter(|id| !key.contains(id)).cloned().collect();
    let instead = dice.some(&wrong, key.len() - known.len());
    let mut picks: Vec<OptionId> =
        all.iter().filter(|id| known.contains(id) || instead.contains(id)).cloned().collect();
    picks.truncate(most.max(1));
    if picks.is_empty() {
        picks.extend(dice.pick(all).cloned());
    }
    picks
}
