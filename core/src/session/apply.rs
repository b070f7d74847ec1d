//! The one way in which an event changes a state. Every event is first checked
//! against everything that it needs, then made; so a refused event leaves the
//! state as it was.

use super::clock::{Clock, Visibility};
use super::command::Command;
use super::event::{EVENTS_MAX, EVENTS_RESERVED, Entry, Event, LINE_MAX, LOG_MAX, Mode, Stamp, Started};
use super::log::{encode, origin};
use super::patient::WAIT_MAX;
use super::refusal::Refusal;
use super::state::{Completion, Phase, State};
use super::{claim, flow};
use crate::content::{Content, RULES};
use crate::measure::Millis;

/// The state after the first event.
///
/// # Errors
/// The rule that the beginning breaks.
pub fn begin(content: &Content, entry: &Entry) -> Result<State, Refusal> {
    let Event::Started(started) = &entry.event else { return Err(Refusal::NotTheFirst) };
    if entry.n != 1 {
        return Err(Refusal::OutOfSequence);
    }
    check_start(content, started, entry)?;
    Ok(State {
        started: started.clone(),
        seed: origin(started.pack, started.session),
        n: 1,
        clock: Clock::begin(entry)?,
        acknowledged: None,
        finished: Vec::new(),
        phase: Phase::FrontMatter,
    })
}

fn check_start(content: &Content, started: &Started, entry: &Entry) -> Result<(), Refusal> {
    let activity = content.activity();
    if started.pack != content.digest()
        || started.activity != activity.id
        || started.version != activity.version
    {
        return Err(Refusal::OtherPack);
    }
    if started.rules != content.rules() || started.rules != RULES {
        return Err(Refusal::OtherRules);
    }
    let dates = &activity.front.dates;
    match started.mode {
        Mode::Credit | Mode::Rehearsal if entry.at < dates.opens => Err(Refusal::NotYetReleased),
        Mode::Credit | Mode::Rehearsal if entry.at >= dates.closes => Err(Refusal::Terminated),
        Mode::Credit | Mode::Rehearsal | Mode::NotForCredit => Ok(()),
    }
}

/// The entry that a command makes, which [`apply`] will take, and which fits into a line.
///
/// # Errors
/// The rule that refuses it.
pub fn decide(content: &Content, state: &State, command: Command, stamp: Stamp) -> Result<Entry, Refusal> {
    let event = event_of(content, state, command)?;
    let n = state.n.saturating_add(1);
    when(n <= EVENTS_MAX - EVENTS_RESERVED || !waits_a_little(&event), Refusal::LogFull)?;
    let entry =
        Entry { n, at: stamp.at, offset: stamp.offset, zone: stamp.zone, active: stamp.active, event };
    check(content, state, &entry)?;
    when(encode(&entry).len() <= LINE_MAX, Refusal::LineTooLong)?;
    Ok(entry)
}

/// Whether a player adds an entry to a log that takes so many bytes in a bundle with it: see [`LOG_MAX`]. Not asked of
/// a log that is replayed: one that was written without it still holds.
///
/// # Errors
/// [`Refusal::LogFull`].
pub fn room(bundled: usize, entry: &Entry) -> Result<(), Refusal> {
    let kept_for = finishes(&entry.event) && !waits_a_little(&entry.event);
    when(bundled <= LOG_MAX || kept_for, Refusal::LogFull)
}

/// A patient's time runs by itself in small steps, which must not eat what is kept for finishing. Logs that did so
/// still hold.
fn waits_a_little(event: &Event) -> bool {
    matches!(event, Event::PatientWaited { seconds } if *seconds < WAIT_MAX)
}

/// Applies an entry: whole, or not at all.
///
/// # Errors
/// The rule that refuses it; the state is then as it was.
pub fn apply(content: &Content, state: &mut State, entry: &Entry) -> Result<(), Refusal> {
    let active = check(content, state, entry)?;
    state.clock.advance(entry, active);
    state.n = entry.n;
    change(content, state, entry);
    Ok(())
}

/// The active time that counts once the entry is applied, if it can be.
fn check(content: &Content, state: &State, entry: &Entry) -> Result<Millis, Refusal> {
    if matches!(state.phase, Phase::Completed(_)) {
        return Err(Refusal::AlreadyCompleted);
    }
    if entry.n != state.n.saturating_add(1) {
        return Err(Refusal::OutOfSequence);
    }
    if entry.n > EVENTS_MAX || entry.n > EVENTS_MAX - EVENTS_RESERVED && !finishes(&entry.event) {
        return Err(Refusal::LogFull);
    }
    let active = state.clock.check(entry, content.activity().policy.idle_cutoff)?;
    match &entry.event {
        Event::Started(_) => Err(Refusal::NotTheFirst),
        Event::Resumed { .. } | Event::Heartbeat => Ok(()),
        Event::Hidden => when(state.clock.visibility == Visibility::Visible, Refusal::AlreadyHidden),
        Event::Visible => when(state.clock.visibility == Visibility::Hidden, Refusal::AlreadyVisible),
        Event::FrontMatterShown { digest } => match state.phase {
            Phase::FrontMatter | Phase::FrontMatterShown => {
                when(*digest == content.front_matter(), Refusal::OtherFrontMatter)
            }
            Phase::Part(_) | Phase::Claim(_) | Phase::Completed(_) => Err(Refusal::FrontMatterDone),
        },
        Event::FrontMatterAcknowledged { digest } => match state.phase {
            Phase::FrontMatter => Err(Refusal::FrontMatterNotShown),
            Phase::FrontMatterShown => when(*digest == content.front_matter(), Refusal::OtherFrontMatter),
            Phase::Part(_) | Phase::Claim(_) | Phase::Completed(_) => Err(Refusal::FrontMatterDone),
        },
        Event::LearnerDescribed { .. }
        | Event::ConsentsAnswered { .. }
        | Event::Claimed { .. }
        | Event::Attested { .. }
        | Event::Completed => match &state.phase {
            Phase::Claim(claiming) => claim::check(content, state, claiming, active, &entry.event),
            Phase::FrontMatter | Phase::FrontMatterShown | Phase::Part(_) | Phase::Completed(_) => {
                Err(Refusal::ClaimLater)
            }
        },
        Event::PartEntered { .. }
        | Event::PageShown { .. }
        | Event::AttemptStarted { .. }
        | Event::ItemShown { .. }
        | Event::Answered { .. }
        | Event::ItemExpired { .. }
        | Event::AttemptExpired
        | Event::AttemptSubmitted
        | Event::ChartOpened { .. }
        | Event::LinkFollowed { .. }
        | Event::Decided { .. }
        | Event::CaseRestarted
        | Event::PatientActed { .. }
        | Event::PatientWaited { .. }
        | Event::PatientReflected { .. }
        | Event::PatientRestarted
        | Event::QuestionAnswered { .. }
        | Event::PartFinished { .. } => match &state.phase {
            Phase::FrontMatter | Phase::FrontMatterShown => Err(Refusal::FrontMatterFirst),
            Phase::Part(part) => flow::check(content, state, part, active, entry),
            Phase::Claim(_) | Phase::Completed(_) => Err(Refusal::NotThisPart),
        },
    }
    .map(|()| active)
}

/// Makes a checked entry's change.
fn change(content: &Content, state: &mut State, entry: &Entry) {
    match &entry.event {
        Event::Started(_) | Event::Resumed { .. } | Event::Heartbeat => {
            state.clock.visibility = Visibility::Visible;
        }
        Event::Hidden => state.clock.visibility = Visibility::Hidden,
        Event::Visible => state.clock.visibility = Visibility::Visible,
        Event::FrontMatterShown { .. } => state.phase = Phase::FrontMatterShown,
        Event::FrontMatterAcknowledged { .. } => {
            state.acknowledged = Some(entry.moment());
            state.phase = flow::next_phase(content, &state.finished);
        }
        Event::LearnerDescribed { .. }
        | Event::ConsentsAnswered { .. }
        | Event::Claimed { .. }
        | Event::Attested { .. } => {
            if let Phase::Claim(claiming) = &mut state.phase {
                claim::change(claiming, &entry.event);
            }
        }
        Event::Completed => {
            if let Phase::Claim(claiming) = &mut state.phase {
                let claim = std::mem::take(claiming);
                state.phase = Phase::Completed(Completion { claim, at: entry.moment() });
            }
        }
        Event::PartEntered { .. }
        | Event::PageShown { .. }
        | Event::AttemptStarted { .. }
        | Event::ItemShown { .. }
        | Event::Answered { .. }
        | Event::ItemExpired { .. }
        | Event::AttemptExpired
        | Event::AttemptSubmitted
        | Event::ChartOpened { .. }
        | Event::LinkFollowed { .. }
        | Event::Decided { .. }
        | Event::CaseRestarted
        | Event::PatientActed { .. }
        | Event::PatientWaited { .. }
        | Event::PatientReflected { .. }
        | Event::PatientRestarted
        | Event::QuestionAnswered { .. }
        | Event::PartFinished { .. } => flow::change(content, state, entry),
    }
}

/// Events that the last places of a full log are kept for.
fn finishes(event: &Event) -> bool {
    match event {
        Event::Resumed { .. }
        | Event::AttemptExpired
        | Event::AttemptSubmitted
        | Event::PatientWaited { .. }
        | Event::PatientReflected { .. }
        | Event::PartEntered { .. }
        | Event::PartFinished { .. }
        | Event::QuestionAnswered { .. }
        | Event::LearnerDescribed { .. }
        | Event::ConsentsAnswered { .. }
        | Event::Claimed { .. }
        | Event::Attested { .. }
        | Event::Completed => true,
        Event::Started(_)
        | Event::Heartbeat
        | Event::Hidden
        | Event::Visible
        | Event::FrontMatterShown { .. }
        | Event::FrontMatterAcknowledged { .. }
        | Event::PageShown { .. }
        | Event::AttemptStarted { .. }
        | Event::ItemShown { .. }
        | Event::Answered { .. }
        | Event::ItemExpired { .. }
        | Event::ChartOpened { .. }
        | Event::LinkFollowed { .. }
        | Event::Decided { .. }
        | Event::CaseRestarted
        | Event::PatientActed { .. }
        | Event::PatientRestarted => false,
    }
}

fn event_of(content: &Content, state: &State, command: Command) -> Result<Event, Refusal> {
    let front = content.front_matter();
    Ok(match command {
        Command::Resume { player } => Event::Resumed { player },
        Command::Beat => Event::Heartbeat,
        Command::Hide => Event::Hidden,
        Command::Show => Event::Visible,
        Command::ShowFrontMatter => Event::FrontMatterShown { digest: front },
        Command::AcknowledgeFrontMatter => Event::FrontMatterAcknowledged { digest: front },
        Command::EnterPart => Event::PartEntered { part: flow::turn(content, state)?.id.clone() },
        Command::FinishPart => Event::PartFinished { part: flow::turn(content, state)?.id.clone() },
        Command::TurnTo { page } => Event::PageShown { page },
        Command::StartAttempt => Event::AttemptStarted { attempt: flow::next_attempt(state)? },
        Command::GoTo { item } => Event::ItemShown { item },
        Command::Answer { item, response, certainty } => {
            let response = flow::as_written(content, &item, response);
            Event::Answered { item, response, certainty }
        }
        Command::ExpireItem => Event::ItemExpired { item: flow::shown_item(state)? },
        Command::ExpireAttempt => Event::AttemptExpired,
        Command::Submit => Event::AttemptSubmitted,
        Command::OpenChart { entry } => Event::ChartOpened { entry },
        Command::Follow { link } => Event::LinkFollowed { link },
        Command::Decide { decision, picks } => {
            let picks = flow::in_order(content, state, &decision, picks);
            Event::Decided { decision, picks }
        }
        Command::RestartCase => Event::CaseRestarted,
        Command::Act { action, dose } => Event::PatientActed { action, dose },
        Command::Wait { seconds } => Event::PatientWaited { seconds },
        Command::Reflect { view } => Event::PatientReflected { view },
        Command::RestartPatient => Event::PatientRestarted,
        Command::AnswerQuestion { question, answer } => Event::QuestionAnswered { question, answer },
        Command::Describe { sheet, profession } => Event::LearnerDescribed { sheet, profession },
        Command::AnswerConsents { sheet } => Event::ConsentsAnswered { sheet },
        Command::Claim { claims } => Event::Claimed { claims },
        Command::Attest => {
            let statement = &content.activity().front.attestation;
            Event::Attested { statement: statement.id.clone(), version: statement.version.clone() }
        }
        Command::Complete => Event::Completed,
    })
}

/// Refuses unless a rule is kept.
#[expect(clippy::fn_params_excessive_bools, reason = "a condition, as of `assert!`")]
pub(super) fn when(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}
