//! Outcomes by Moore's levels, from first attempts. What is here is already suppressed:
//! HTML and CSV show the same and cannot show more.
//! Source of the levels: Moore DE, Green JS, Gallis HA. J Contin Educ Health Prof 2009;29:1-15.

mod asked;
mod gaps;
mod html;
mod items;
mod pairs;
mod participation;
mod plays;
mod tables;

pub use asked::{Asked, AskedFigures, Replies};
pub use gaps::{Finding, gaps};
pub use html::html;
pub use items::{Calibration, ItemFigures, ItemRow, Picked, Reliability, TestFigures, TestRow};
pub use pairs::{About, KnowledgeLevel, PairRow, pairs};
pub use participation::{CreditFigures, Participation};
pub use plays::{DecisionRow, PlayFigures, PlayRow};
pub use tables::csv;

use enduring_core::content::{Block, Content, words};

use super::facts::{Cohort, FindPack, cohorts};
use super::suppress::{GROUP_MIN, Shown};
use super::{Completion, ReportError};

/// The outcomes of one version of an activity.
pub struct Outcomes<'a> {
    /// The pack.
    pub content: &'a Content,
    /// Completions left out since the learner had completed the activity before.
    pub repeated: Shown<usize>,
    /// Learners left out who did not let the provider use their answers.
    pub refused: Shown<usize>,
    /// Everything else; nothing of fewer than five learners.
    pub figures: Shown<Figures>,
}

/// The figures of five learners or more.
pub struct Figures {
    /// Level 1.
    pub participation: Participation,
    /// Levels 2 and, as intentions, 5: the evaluation.
    pub asked: Vec<Asked>,
    /// Level 3: before and after.
    pub pairs: Vec<PairRow>,
    /// Levels 3 and 4: the tests, item by item.
    pub tests: Vec<TestRow>,
    /// Level 4: cases and simulated patients.
    pub plays: Vec<PlayRow>,
}

/// The outcomes of every pack that has completions.
///
/// # Errors
/// [`ReportError`] names the record whose pack is missing or whose log is not whole.
pub fn outcomes<'a>(
    completions: &'a [Completion],
    packs: FindPack<'_, 'a>,
) -> Result<Vec<Outcomes<'a>>, ReportError> {
    Ok(cohorts(completions, packs)?.iter().map(of).collect())
}

/// The outcomes of a cohort.
#[must_use]
pub fn of<'a>(cohort: &Cohort<'a>) -> Outcomes<'a> {
    let figures = || Figures {
        participation: participation::participation(cohort),
        asked: asked::asked(cohort),
        pairs: pairs(cohort),
        tests: items::tests(cohort),
        plays: plays::plays(cohort),
    };
    Outcomes {
        content: cohort.content,
        repeated: Shown::alone(cohort.repeated, || cohort.repeated),
        refused: Shown::alone(cohort.refused, || cohort.refused),
        figures: if cohort.members.len() < GROUP_MIN { Shown::Fewer } else { Shown::Figure(figures()) },
    }
}

/// Prose in one line of plain words, cut where a heading would be too long.
fn line(text: &[Block]) -> String {
    let mut out = String::new();
    for block in text {
        let (Block::Paragraph(inline) | Block::Heading { text: inline, .. }) = block else { continue };
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&words(inline));
    }
    short(&out, 160)
}

/// At most so many characters, cut at a space.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(before, _)| before);
    format!("{}…", whole.trim_end_matches([',', ';', ':', ' ']))
}

/// Part of a whole in percent.
fn percent(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}
