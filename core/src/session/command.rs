//! Commands: what the learner tries.

use serde::{Deserialize, Serialize};

use crate::id::{ActionId, DecisionId, Digest, EntryId, ItemId, LinkId, OptionId, ProfessionId};

use super::event::{Certain, Claim, OwnView, PatientDose, Response};

/// What the learner, or the page on the learner's behalf, tries. Written down only
/// in tests; never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// The page was loaded anew.
    Resume {
        /// Version of the player.
        player: String,
    },
    /// A minute passed.
    Beat,
    /// The page was hidden.
    Hide,
    /// The page is visible again.
    Show,
    /// The front matter is on the screen.
    ShowFrontMatter,
    /// "This was shown to me".
    AcknowledgeFrontMatter,
    /// Begins the next part.
    EnterPart,
    /// Turns to a page of the reading.
    TurnTo {
        /// 0 for the first.
        page: u16,
    },
    /// Begins an attempt.
    StartAttempt,
    /// Goes to an item of the attempt.
    GoTo {
        /// Which.
        item: ItemId,
    },
    /// Answers an item.
    Answer {
        /// Which.
        item: ItemId,
        /// With what.
        response: Response,
        /// How certain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        certainty: Option<Certain>,
    },
    /// The time of the item shown is over.
    ExpireItem,
    /// The time of the attempt is over.
    ExpireAttempt,
    /// Hands the attempt in.
    Submit,
    /// Opens an entry of the chart.
    OpenChart {
        /// Which.
        entry: EntryId,
    },
    /// Takes a way on.
    Follow {
        /// Which.
        link: LinkId,
    },
    /// Decides.
    Decide {
        /// Which.
        decision: DecisionId,
        /// What, in any order.
        picks: Vec<OptionId>,
    },
    /// Plays the case again.
    RestartCase,
    /// Asks for something at the bedside.
    Act {
        /// What.
        action: ActionId,
        /// How much and how.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dose: Option<PatientDose>,
    },
    /// Waits at the bedside.
    Wait {
        /// Virtual seconds at most.
        seconds: u16,
    },
    /// Says how the encounter went.
    Reflect {
        /// How.
        view: OwnView,
    },
    /// Plays the encounter again.
    RestartPatient,
    /// Answers a question of the evaluation.
    AnswerQuestion {
        /// Which.
        question: ItemId,
        /// SHA-256 of the answer's exact text.
        answer: Digest,
    },
    /// Finishes the part.
    FinishPart,
    /// Says who they are.
    Describe {
        /// SHA-256 of the learner sheet.
        sheet: Digest,
        /// Profession.
        profession: ProfessionId,
    },
    /// Answers the consents.
    AnswerConsents {
        /// SHA-256 of the consent sheet.
        sheet: Digest,
    },
    /// Claims credit.
    Claim {
        /// A row per kind of credit.
        claims: Vec<Claim>,
    },
    /// Attests, to the activity's statement.
    Attest,
    /// Completes the session.
    Complete,
}
