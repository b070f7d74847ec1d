//! What is picked and not answered yet. It lives in the page alone; an answer is
//! what the view tells.

use enduring_core::content::Truth;
use enduring_core::id::OptionId;
use enduring_core::measure::Decimal;
use enduring_core::session::view::{ItemBodyView, ItemView, OptionView, Pick};
use enduring_core::session::{Match, Response, TruthAnswer};

/// What is picked so far.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// One option, or none yet.
    One(Option<OptionId>),
    /// Some options.
    Many(Vec<OptionId>),
    /// A judgement for each statement, in the order shown.
    Truths(Vec<Option<Truth>>),
    /// An option for each stem, in the order shown.
    Matches(Vec<Option<OptionId>>),
    /// All steps, in the order made.
    Order(Vec<OptionId>),
    /// What was typed.
    Number(String),
}

/// Why a draft is not an answer yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing is picked.
    NothingPicked,
    /// More is picked than allowed.
    TooMany(u16),
    /// So many statements are not judged.
    Statements(usize),
    /// So many stems have no option.
    Stems(usize),
    /// Nothing is typed.
    NoNumber,
    /// A comma that could part thousands as well as decimals.
    AmbiguousComma,
    /// What is typed is not a number.
    NotANumber,
    /// How certain it is was not said.
    Certainty,
}

impl Draft {
    /// What was answered, or nothing yet.
    #[must_use]
    pub fn open(item: &ItemView) -> Self {
        let response = item.response.as_ref();
        match &item.body {
            ItemBodyView::Options { pick: Pick::One, .. } | ItemBodyView::Concordance { .. } => {
                Self::One(match response {
                    Some(Response::Choice(choice)) => Some(choice.clone()),
                    _ => None,
                })
            }
            ItemBodyView::Options { .. } => Self::Many(match response {
                Some(Response::Choices(picks)) => picks.clone(),
                _ => Vec::new(),
            }),
            ItemBodyView::Statements(statements) => {
                let given = match response {
                    Some(Response::Truths(truths)) => truths.as_slice(),
                    _ => &[],
                };
                let of = |shown: &OptionView| given.iter().find(|t| t.statement == shown.id).map(|t| t.truth);
                Self::Truths(statements.iter().map(of).collect())
            }
            ItemBodyView::Matching { stems, .. } => {
                let given = match response {
                    Some(Response::Matches(matches)) => matches.as_slice(),
                    _ => &[],
                };
                let of =
                    |shown: &OptionView| given.iter().find(|m| m.stem == shown.id).map(|m| m.option.clone());
                Self::Matches(stems.iter().map(of).collect())
            }
            ItemBodyView::Steps(steps) => Self::Order(match response {
                Some(Response::Order(order)) => order.clone(),
                _ => steps.iter().map(|step| step.id.clone()).collect(),
            }),
            ItemBodyView::Number { .. } => Self::Number(match response {
                Some(Response::Number(number)) => number.to_string(),
                _ => String::new(),
            }),
        }
    }

    /// The draft as an answer.
    ///
    /// # Errors
    /// The [`Gap`] that keeps it from being one.
    pub fn response(&self, body: &ItemBodyView) -> Result<Response, Gap> {
        match self {
            Self::One(choice) => choice.clone().map(Response::Choice).ok_or(Gap::NothingPicked),
            Self::Many(picks) if picks.is_empty() => Err(Gap::NothingPicked),
            Self::Many(picks) => match body {
                ItemBodyView::Options { pick: Pick::Many(Some(most)), .. }
                    if picks.len() > usize::from(*most) =>
                {
                    Err(Gap::TooMany(*most))
                }
                _ => Ok(Response::Choices(in_order(picks, options(body)))),
            },
            Self::Truths(truths) => {
                let ItemBodyView::Statements(statements) = body else { return Err(Gap::NothingPicked) };
                let judged = statements.iter().zip(truths).filter_map(|(shown, truth)| {
                    Some(TruthAnswer { statement: shown.id.clone(), truth: (*truth)? })
                });
                whole(judged.collect(), statements.len()).map(Response::Truths).map_err(Gap::Statements)
            }
            Self::Matches(matches) => {
                let ItemBodyView::Matching { stems, .. } = body else { return Err(Gap::NothingPicked) };
                let matched = stems.iter().zip(matches).filter_map(|(stem, option)| {
                    Some(Match { stem: stem.id.clone(), option: option.clone()? })
                });
                whole(matched.collect(), stems.len()).map(Response::Matches).map_err(Gap::Stems)
            }
            Self::Order(order) => Ok(Response::Order(order.clone())),
            Self::Number(text) => {
                let unit = if let ItemBodyView::Number { unit } = body { unit.as_str() } else { "" };
                number(text, unit).map(Response::Number)
            }
        }
    }

    /// With the option at this place picked or, among several, taken back.
    #[must_use]
    pub fn pick(&self, options: &[OptionView], place: usize) -> Self {
        let Some(option) = options.get(place) else { return self.clone() };
        match self {
            Self::One(_) => Self::One(Some(option.id.clone())),
            Self::Many(picks) if picks.contains(&option.id) => {
                Self::Many(picks.iter().filter(|pick| **pick != option.id).cloned().collect())
            }
            Self::Many(picks) => Self::Many(picks.iter().cloned().chain([option.id.clone()]).collect()),
            Self::Truths(_) | Self::Matches(_) | Self::Order(_) | Self::Number(_) => self.clone(),
        }
    }

    /// Whether the option is picked.
    #[must_use]
    pub fn has(&self, option: &OptionId) -> bool {
        match self {
            Self::One(choice) => choice.as_ref() == Some(option),
            Self::Many(picks) => picks.contains(option),
            Self::Truths(_) | Self::Matches(_) | Self::Order(_) | Self::Number(_) => false,
        }
    }
}

/// The options that a key of the keyboard can pick, if any.
#[must_use]
pub fn options(body: &ItemBodyView) -> &[OptionView] {
    match body {
        ItemBodyView::Options { options, .. } | ItemBodyView::Concordance { scale: options, .. } => options,
        ItemBodyView::Statements(_)
        | ItemBodyView::Matching { .. }
        | ItemBodyView::Steps(_)
        | ItemBodyView::Number { .. } => &[],
    }
}

fn in_order(picks: &[OptionId], options: &[OptionView]) -> Vec<OptionId> {
    options.iter().map(|option| &option.id).filter(|id| picks.contains(id)).cloned().collect()
}

/// All of them, or how many are missing.
fn whole<T>(found: Vec<T>, of: usize) -> Result<Vec<T>, usize> {
    match of.saturating_sub(found.len()) {
        0 => Ok(found),
        missing => Err(missing),
    }
}

/// Reads a number as people type it: spaces around it, the unit of its field after it, a
/// true minus sign, and a comma before decimals, unless exactly three digits follow it.
///
/// # Errors
/// [`Gap::NoNumber`], [`Gap::AmbiguousComma`] or [`Gap::NotANumber`].
pub fn number(text: &str, unit: &str) -> Result<Decimal, Gap> {
    // A unit that begins with a digit cannot be told from the number.
    let unit = if unit.starts_with(char::is_numeric) { "" } else { unit };
    let text = text.trim();
    let text = text.strip_suffix(unit).unwrap_or(text).trim_end().replace('\u{2212}', "-");
    if text.is_empty() {
        return Err(Gap::NoNumber);
    }
    if let Some((_, fraction)) = text.split_once(',')
        && (fraction.len() == 3 || fraction.contains([',', '.']))
    {
        return Err(Gap::AmbiguousComma);
    }
    Decimal::parse(&text.replace(',', ".")).ok_or(Gap::NotANumber)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_before_decimals_is_read_and_one_that_may_part_thousands_is_asked_about() {
        let read = |text| number(text, "mg").map(|number| number.to_string());
        assert_eq!(read("7,4").as_deref(), Ok("7.4"));
        assert_eq!(read(" \u{2212}1.50 ").as_deref(), Ok("-1.5"));
        assert_eq!(read("0,25").as_deref(), Ok("0.25"));
        assert_eq!(read("1,500"), Err(Gap::AmbiguousComma));
        assert_eq!(read("1,500.5"), Err(Gap::AmbiguousComma));
        assert_eq!(read("  "), Err(Gap::NoNumber));
        assert_eq!(read("7.4 mmol"), Err(Gap::NotANumber));
        assert_eq!(read("0,4 mg").as_deref(), Ok("0.4"));
        assert_eq!(read("0.4mg ").as_deref(), Ok("0.4"));
        assert_eq!(read("mg"), Err(Gap::NoNumber));
    }

    #[test]
    fn picks_come_in_the_order_shown_and_a_stated_maximum_holds() {
        let option = |name: &str| OptionView {
            id: OptionId::new(name).expect("a name"),
            text: enduring_core::content::Document::from([]),
        };
        let options = vec![option("a"), option("b"), option("c")];
        let body = ItemBodyView::Options { options: options.clone(), pick: Pick::Many(Some(2)) };
        let two = Draft::Many(Vec::new()).pick(&options, 2).pick(&options, 0);
        let names = |ids: &[&str]| ids.iter().map(|id| OptionId::new(*id).expect("a name")).collect();
        assert_eq!(two.response(&body), Ok(Response::Choices(names(&["a", "c"]))));
        assert_eq!(two.pick(&options, 1).response(&body), Err(Gap::TooMany(2)));
        let none = two.pick(&options, 0).pick(&options, 2);
        assert_eq!(none.response(&body), Err(Gap::NothingPicked));
    }
}
