//! Events: what happened, as written into the log. Wire names are stored; never
//! reuse or rename one.

use serde::{Deserialize, Serialize};

use crate::content::Truth;
use crate::id::{
    ActionId, ActivityId, CreditId, DecisionId, Digest, EntryId, ItemId, LinkId, OptionId, PartId,
    ProfessionId, RouteId, SessionId, StatementId,
};
use crate::measure::{Credit, Decimal, Millis, Timestamp, UtcOffset};

/// Most events in a log.
pub const EVENTS_MAX: u32 = 4_096;
/// The last so many are kept for finishing.
pub const EVENTS_RESERVED: u32 = 64;
/// Longest line in bytes, without its LF.
pub const LINE_MAX: usize = 4_096;

/// Most bytes that a log takes in a bundle, where it is a string of JSON, before a player refuses all but finishing.
/// The rest of [`BUNDLE_MAX`](crate::record::BUNDLE_MAX) is kept for that and for what goes with the log: lines of
/// whatever length that is allowed would make a record that nobody takes.
pub const LOG_MAX: usize = 768 * 1024;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 1 for the first.
    pub n: u32,
    /// Wall clock.
    pub at: Timestamp,
    /// Minutes east of UTC there and then.
    pub offset: UtcOffset,
    /// IANA zone as the device had it; at most 64 characters.
    pub zone: String,
    /// Visible monotonic time since the session began, over all page loads.
    pub active: Millis,
    /// What happened.
    pub event: Event,
}

/// When something happens: everything that [`decide`](super::decide) cannot know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Wall clock.
    pub at: Timestamp,
    /// Minutes east of UTC.
    pub offset: UtcOffset,
    /// IANA zone.
    pub zone: String,
    /// Visible monotonic time since the session began, over all page loads.
    pub active: Millis,
}

/// A moment of the session, as its record tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Wall clock.
    pub at: Timestamp,
    /// Minutes east of UTC.
    pub offset: UtcOffset,
    /// IANA zone.
    pub zone: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// The session began. Always the first event, and only that.
    Started(Started),
    /// A page was loaded anew, or another tab took over.
    Resumed {
        /// Version of the player from here on.
        player: String,
    },
    /// The page was visible for another minute.
    Heartbeat,
    /// The page was hidden.
    Hidden,
    /// The page was visible again.
    Visible,
    /// The front matter was shown.
    FrontMatterShown {
        /// SHA-256 of `front-matter.txt` of the pack.
        digest: Digest,
    },
    /// The learner acknowledged that it was shown.
    FrontMatterAcknowledged {
        /// SHA-256 of `front-matter.txt` of the pack.
        digest: Digest,
    },
    /// A part of the flow was begun.
    PartEntered {
        /// Which.
        part: PartId,
    },
    /// A page of a reading was shown.
    PageShown {
        /// Its number, 0 for the first.
        page: u16,
    },
    /// An attempt at a test was begun.
    AttemptStarted {
        /// Its number, 1 for the first.
        attempt: u16,
    },
    /// An item was shown.
    ItemShown {
        /// Which.
        item: ItemId,
    },
    /// An item was answered.
    Answered {
        /// Which.
        item: ItemId,
        /// With what.
        response: Response,
        /// How certain, where asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        certainty: Option<Certain>,
    },
    /// The time of the item shown ran out.
    ItemExpired {
        /// Which.
        item: ItemId,
    },
    /// The time of the attempt ran out; it is handed in as it stands.
    AttemptExpired,
    /// The attempt was handed in.
    AttemptSubmitted,
    /// An entry of the chart was opened.
    ChartOpened {
        /// Which.
        entry: EntryId,
    },
    /// A way on was taken.
    LinkFollowed {
        /// Which.
        link: LinkId,
    },
    /// A decision was made.
    Decided {
        /// Which.
        decision: DecisionId,
        /// What was picked, in the order of the options.
        picks: Vec<OptionId>,
    },
    /// The case is played again from its start.
    CaseRestarted,
    /// Something was asked for at the bedside; virtual time passed with it.
    PatientActed {
        /// What.
        action: ActionId,
        /// How much and how, where it takes a dose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dose: Option<PatientDose>,
    },
    /// Virtual time passed, until something asked for attention but no longer than this.
    PatientWaited {
        /// Virtual seconds.
        seconds: u16,
    },
    /// The encounter ended, and the learner said how it went before the debrief was shown.
    PatientReflected {
        /// How it went.
        view: OwnView,
    },
    /// The encounter is played again from its start.
    PatientRestarted,
    /// A question of the evaluation was answered.
    QuestionAnswered {
        /// Which.
        question: ItemId,
        /// SHA-256 of the answer's exact text, which is kept apart.
        answer: Digest,
    },
    /// A part of the flow was finished.
    PartFinished {
        /// Which.
        part: PartId,
    },
    /// The learner said who they are.
    LearnerDescribed {
        /// SHA-256 of the learner sheet, which is kept apart.
        sheet: Digest,
        /// Profession, which says what can be claimed.
        profession: ProfessionId,
    },
    /// The learner answered every consent, each for itself.
    ConsentsAnswered {
        /// SHA-256 of the consent sheet, which is kept apart.
        sheet: Digest,
    },
    /// The learner claimed credit; nothing, where nothing can be claimed.
    Claimed {
        /// A row per kind of credit.
        claims: Vec<Claim>,
    },
    /// The learner attested.
    Attested {
        /// To which statement.
        statement: StatementId,
        /// In which wording.
        version: String,
    },
    /// The session is complete. Always the last event.
    Completed,
}

/// The beginning of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Started {
    /// The random identity of the session.
    pub session: SessionId,
    /// The digest of the pack that it is pinned to.
    pub pack: Digest,
    /// The activity.
    pub activity: ActivityId,
    /// The version of the activity.
    pub version: String,
    /// The rules number that it is replayed under.
    pub rules: u16,
    /// Version of the player.
    pub player: String,
    /// What it is for.
    pub mode: Mode,
}

/// What a session is for. Fixed at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Credit.
    Credit,
    /// Not for credit: chosen by the learner, or the pack is a stranger's or out of its dates.
    NotForCredit,
    /// A scripted learner.
    Rehearsal,
}

/// An answer to an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Response {
    /// One option: single best answer, script concordance.
    Choice(OptionId),
    /// Several options, in the order of the item: multiple response, key feature.
    Choices(Vec<OptionId>),
    /// A judgement on every statement.
    Truths(Vec<TruthAnswer>),
    /// An option for every stem.
    Matches(Vec<Match>),
    /// All steps in the learner's order.
    Order(Vec<OptionId>),
    /// A number.
    Number(Decimal),
}

/// A judgement on a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TruthAnswer {
    /// The statement.
    pub statement: OptionId,
    /// The judgement.
    pub truth: Truth,
}

/// An option for a stem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The stem.
    pub stem: OptionId,
    /// The option.
    pub option: OptionId,
}

/// How certain an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certain {
    /// Unsure: below 67 percent.
    C1,
    /// Fairly sure.
    C2,
    /// Sure: above 80 percent.
    C3,
}

/// A dose as the learner gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientDose {
    /// How much, in the unit of the action.
    pub amount: Decimal,
    /// By which way.
    pub route: RouteId,
}

/// How an encounter went, as the learner saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnView {
    /// Well.
    Well,
    /// With something to do better.
    Mixed,
    /// Badly.
    Badly,
}

/// A claim of one kind of credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Which.
    pub credit: CreditId,
    /// How much.
    pub amount: Credit,
}

impl Entry {
    /// Its moment.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment { at: self.at, offset: self.offset, zone: self.zone.clone() }
    }
}
