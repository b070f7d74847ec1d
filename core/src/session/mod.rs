//! A session: one pass through one pack version by one learner, as a log of events.
//!
//! A [`Command`] is what the learner tries; [`decide`] turns it into an [`Event`]
//! or names the [`Refusal`]; [`apply`] is the only way in which an event changes a
//! [`State`]; [`replay`] is the one fold over it, on resume, for scoring and for
//! the verifier. Nothing here asks for the time or for chance.

mod apply;
mod case;
mod chance;
mod claim;
mod clock;
mod command;
mod evaluation;
mod event;
mod flow;
mod line;
mod log;
mod patient;
mod reading;
mod refusal;
mod state;
mod test;

pub use apply::{apply, begin, decide, room};
pub use case::{Arrival, CaseState, Disclosed, Round, best_ending, judge};
pub use chance::Chance;
pub use claim::{ClaimState, covered};
pub use clock::{Anomaly, AnomalyKind, Clock, Visibility};
pub use command::Command;
pub use evaluation::EvaluationState;
pub use event::{
    Certain, Claim, EVENTS_MAX, EVENTS_RESERVED, Entry, Event, LINE_MAX, LOG_MAX, Match, Mode, Moment,
    OwnView, PatientDose, Response, Stamp, Started, TruthAnswer,
};
pub use log::{Broken, Head, Replay, bundled, chain, encode, origin, replay, replay_on};
pub use patient::{
    Acting, Bedside, Firing, Happening, How, Job, Judged, Level, Mark, Observer, PLAYS_MAX, PatientState,
    Played, Sample, Spent, Tally, Told, WAIT_MAX, minutes, minutes_of, practice, practise,
};
pub use reading::ReadingState;
pub use refusal::Refusal;
pub use state::{Completion, PartOutcome, PartResult, PartState, Phase, State};
pub mod view;
pub use test::{Answer, Attempt, AttemptOutcome, Slot, TestPhase, TestState};
