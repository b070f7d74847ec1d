//! The expert's script, step by step: each must be possible when its turn comes.

use enduring_core::content::EndingQuality;
use enduring_core::content::patient::{EndingAt, Patient, PatientEnding, ScriptStep};
use enduring_core::measure::Points;
use enduring_core::session::Bedside;

use super::super::super::diagnostic::Problem;
use super::super::super::source::Folder;
use super::super::Draft;
use super::clock;
use super::run::{Refused, take};

/// What the expert came to.
pub struct Expert {
    /// The end.
    pub bedside: Bedside,
    /// Earned.
    pub points: Points,
    /// Possible.
    pub possible: Points,
}

/// Plays the script; `None` with a diagnostic where it cannot be followed.
pub fn play(folder: &Folder, draft: &Draft) -> Option<Expert> {
    let patient = &draft.patient;
    let mut bedside = Bedside::begin(patient);
    for (step, place) in patient.expert.iter().zip(&draft.expert) {
        if let Err(refused) = take(patient, &mut bedside, step) {
            let (expected, found) = why(patient, &bedside, step, &refused);
            folder.report(Problem::error(place, "the expert cannot do this").expected(expected).found(found));
            return None;
        }
    }
    let last = draft.expert.last()?;
    let Some(ending) = ending(patient, bedside.ending) else {
        let stage = patient.stages.get(bedside.stage.at()).map_or("", |stage| stage.id.as_str());
        folder.report(
            Problem::error(last, "the expert's script stops before an ending")
                .expected("steps up to an ending, such as a last \"wait 10 min\"")
                .found(format!("stage `{stage}` at {}", clock(bedside.time)))
                .help(Some("a wait ends early when something asks for attention: wait again".to_owned())),
        );
        return None;
    };
    if ending.quality != EndingQuality::Best {
        folder.report(
            Problem::error(last, "the expert's script does not end at its best")
                .expected("an ending with quality = \"best\"")
                .found(format!("the ending `{}` at {}", ending.id, clock(bedside.time))),
        );
        return None;
    }
    let (points, possible) = bedside.score(patient);
    if !patient.gate.met(points, possible) {
        folder.report(
            Problem::error(&draft.gate, "the expert would not pass this gate")
                .expected("a threshold that the expert's script reaches")
                .found(of(points, possible)),
        );
    }
    Some(Expert { bedside, points, possible })
}

/// Points of those possible, in words.
pub fn of(points: Points, possible: Points) -> String {
    format!("{} of {} thousandths of a point", points.0, possible.0)
}

/// The ending at a place.
pub fn ending(patient: &Patient, at: Option<EndingAt>) -> Option<&PatientEnding> {
    patient.endings.get(at?.at())
}

/// What was expected instead of a step, and what was found.
fn why(patient: &Patient, bedside: &Bedside, step: &ScriptStep, refused: &Refused) -> (String, String) {
    let now = clock(bedside.time);
    let action = match step {
        ScriptStep::Act { action, .. } => patient.actions.get(action.at()),
        ScriptStep::Wait(_) => None,
    };
    let name = action.map_or("", |action| action.id.as_str());
    match refused {
        Refused::Ended => {
            let ending = ending(patient, bedside.ending).map_or("", |ending| ending.id.as_str());
            ("no further step".to_owned(), format!("the ending `{ending}` at {now}"))
        }
        Refused::NoRoom => {
            ("a step for which there is room".to_owned(), format!("too much under way at {now}"))
        }
        Refused::NotOffered => {
            let reason = match action.map(|action| action.otherwise.as_str()) {
                None | Some("") => "its `when` does not hold, or it was done once already".to_owned(),
                Some(otherwise) => format!("“{otherwise}”"),
            };
            (format!("something that is possible at {now}"), format!("`{name}` is not: {reason}"))
        }
    }
}
