//! Room in a line of the log: whatever can be answered must fit.
//!
//! A line is at most 4,096 bytes and a replay refuses a longer one, so an item whose
//! full answer did not fit could be shown but never answered.

use super::ItemBody;
use crate::id::OptionId;

/// Longest answer in bytes; the rest of the line is for number, times, zone and names.
pub(super) const ANSWER_MAX: usize = 3_072;

/// Bytes of a list of names as JSON.
pub(super) fn names_length<'a>(names: impl Iterator<Item = &'a OptionId>) -> usize {
    names.map(|name| name.as_str().len() + r#""","#.len()).sum()
}

/// Bytes of the longest response that an item takes, as JSON without its frame.
pub(super) fn longest_answer(body: &ItemBody) -> usize {
    match body {
        ItemBody::SingleBest { .. } | ItemBody::ScriptConcordance { .. } | ItemBody::Numeric { .. } => 0,
        ItemBody::MultipleResponse { options, .. } | ItemBody::KeyFeature { options, .. } => {
            names_length(options.iter().map(|option| &option.id))
        }
        ItemBody::Ordering { steps, .. } => names_length(steps.iter().map(|step| &step.id)),
        ItemBody::TrueFalse { statements, .. } => statements
            .iter()
            .map(|statement| statement.id.as_str().len() + r#"{"statement":"","truth":"false"},"#.len())
            .sum(),
        ItemBody::ExtendedMatching { options, stems, .. } => {
            let option = options.iter().map(|option| option.id.as_str().len()).max().unwrap_or(0);
            stems
                .iter()
                .map(|stem| stem.id.as_str().len() + option + r#"{"stem":"","option":""},"#.len())
                .sum()
        }
    }
}
