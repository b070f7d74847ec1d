//! Every credit that was earned, a row each, for the provider's own books. Learners are
//! opaque; who they are is the learner report's business.

use std::collections::BTreeSet;

use super::cells::{Cell, Sheet};
use super::{Completion, ReportFile};

const HEAD: [&str; 12] = [
    "learner",
    "record",
    "activity",
    "version",
    "profession",
    "completed",
    "credit",
    "name",
    "accreditor",
    "accreditor activity",
    "amount",
    "decided",
];

/// The file `credits.csv`. A completion without credit has a row without credit.
#[must_use]
pub fn credits(completions: &[Completion]) -> ReportFile {
    let mut sheet = Sheet::new(&HEAD);
    let mut seen = BTreeSet::new();
    for completion in completions {
        if !seen.insert((completion.record.kid, completion.record.id)) {
            continue;
        }
        let activity = &completion.payload.activity;
        let about = || {
            [
                Cell::text(completion.learner.to_string()),
                Cell::text(completion.record.id.to_string()),
                Cell::text(activity.id.to_string()),
                Cell::text(&activity.version),
                Cell::text(completion.payload.profession.to_string()),
                completion.completed_on().map_or(Cell::Empty, |date| Cell::Number(date.to_string())),
            ]
        };
        let decided = || Cell::Number(crate::time::text(completion.decided));
        for credit in &completion.credits {
            let earned = [
                Cell::text(credit.credit.to_string()),
                Cell::text(&credit.name),
                Cell::text(&credit.accreditor),
                Cell::text(&credit.accreditor_activity),
                Cell::Number(credit.amount.to_string()),
                decided(),
            ];
            sheet.row(about().into_iter().chain(earned));
        }
        if completion.credits.is_empty() {
            let none = [Cell::Empty, Cell::text("participation"), Cell::Empty, Cell::Empty, Cell::Empty];
            sheet.row(about().into_iter().chain(none).chain([decided()]));
        }
    }
    ReportFile::new("credits.csv", sheet.finish())
}
