//! The expert's path, played through the same engine as a learner's session.

use enduring_core::content::*;
use enduring_core::id::SessionId;
use enduring_core::measure::{Millis, Timestamp, UtcOffset};
use enduring_core::session::{
    CaseState, Command, Entry, Event, Mode, PartState, Phase, Refusal, Stamp, Started, State, apply, begin,
    decide,
};

use super::super::diagnostic::Problem;
use super::super::source::{Folder, Span};
use super::Draft;
use crate::pack::Assembled;

/// Plays the expert's path of a case and reports where it cannot be followed, where
/// it does not end, or ends short of the best.
pub fn play(folder: &Folder, draft: &Draft, activity: &Activity) {
    let Some(mut session) = Session::enter(draft, activity) else {
        folder.report(Problem::file(
            &format!("{}/case.toml", draft.folder),
            "the case cannot be entered by the session engine",
        ));
        return;
    };
    for (step, place) in draft.case.expert.iter().zip(&draft.expert) {
        if let Err((refusal, expected)) = session.take(&draft.case, step) {
            folder.report(
                Problem::error(place, "the expert cannot do this")
                    .expected(expected)
                    .found(refusal.to_string()),
            );
            return;
        }
    }
    let Some(last) = draft.expert.last() else { return };
    judge(folder, draft, last, session.case());
}

fn judge(folder: &Folder, draft: &Draft, last: &Span, state: Option<&CaseState>) {
    let Some(state) = state else { return };
    let case = &draft.case;
    let ending = state.ending(case);
    match ending.map(|ending| ending.quality) {
        Some(EndingQuality::Best) => {}
        Some(EndingQuality::Fair | EndingQuality::Poor) => {
            let found = ending.map(|ending| ending.id.to_string()).unwrap_or_default();
            folder.report(
                Problem::error(last, "the expert's path does not end at its best")
                    .expected("an ending with quality = \"best\"")
                    .found(format!("the ending `{found}`")),
            );
            return;
        }
        None => {
            let found = state.path.last().map(ToString::to_string).unwrap_or_default();
            folder.report(
                Problem::error(last, "the expert's path stops before an ending")
                    .expected("steps up to an ending")
                    .found(format!("the node `{found}`")),
            );
            return;
        }
    }
    let (points, possible) = state.points(case);
    if !state.gate_met(case) {
        folder.report(
            Problem::error(&draft.gate, "the expert would not pass this gate")
                .expected("a threshold that the expert's path reaches")
                .found(format!("{} of {} thousandths of a point", points.0, possible.0)),
        );
    } else if points < possible {
        folder.report(
            Problem::warning(last, "the expert's path misses points")
                .expected(format!("{} thousandths of a point", possible.0))
                .found(points.0.to_string()),
        );
    }
}

/// A session over an activity that has this case alone.
struct Session {
    content: Content,
    state: State,
}

impl Session {
    fn enter(draft: &Draft, activity: &Activity) -> Option<Self> {
        let mut alone = activity.clone();
        alone.parts.retain(|part| part.id == draft.part);
        alone.content_version = alone.needed_version();
        let opens = alone.front.dates.opens;
        let pack = Assembled::new(&alone, &std::collections::BTreeMap::new()).ok()?;
        let content = Content::open(&pack.payload, pack.file(ACTIVITY_FILE)?).ok()?;
        let started = Started {
            pack: content.digest(),
            session: SessionId([0; 16]),
            activity: alone.id.clone(),
            version: alone.version.clone(),
            rules: content.rules(),
            player: concat!("enduring ", env!("CARGO_PKG_VERSION")).to_owned(),
            mode: Mode::Rehearsal,
        };
        let stamp = stamp(opens);
        let first = Entry {
            n: 1,
            at: stamp.at,
            offset: stamp.offset,
            zone: stamp.zone,
            active: stamp.active,
            event: Event::Started(started),
        };
        let state = begin(&content, &first).ok()?;
        let mut session = Self { content, state };
        for command in [Command::ShowFrontMatter, Command::AcknowledgeFrontMatter, Command::EnterPart] {
            session.command(command).ok()?;
        }
        Some(session)
    }

    fn command(&mut self, command: Command) -> Result<(), Refusal> {
        let stamp = stamp(self.content.activity().front.dates.opens);
        let entry = decide(&self.content, &self.state, command, stamp)?;
        apply(&self.content, &mut self.state, &entry)
    }

    fn case(&self) -> Option<&CaseState> {
        if let Phase::Part(PartState::Case(state)) = &self.state.phase { Some(state) } else { None }
    }

    /// Takes a step, or says what was refused and what could have been done.
    fn take(&mut self, case: &Case, step: &ExpertStep) -> Result<(), (Refusal, String)> {
        let Some(state) = self.case() else { return Err((Refusal::NotThisPart, String::new())) };
        let node = state.path.last().map(ToString::to_string).unwrap_or_default();
        let names =
            |list: Vec<String>| list.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let expected = match (state.decision(case), state.ending(case)) {
            (Some(decision), _) => {
                let options = decision.options.iter().map(|option| option.id.to_string()).collect();
                format!(
                    "`decide` with {} to {} of {} at node `{node}`",
                    decision.min_picks,
                    decision.max_picks,
                    names(options)
                )
            }
            (None, Some(_)) => format!("no further step: node `{node}` is an ending"),
            (None, None) => {
                let links = state.links(case).map(|link| link.id.to_string()).collect();
                format!("`follow` with one of {} at node `{node}`", names(links))
            }
        };
        let command = match step {
            ExpertStep::Follow(link) => Command::Follow { link: link.clone() },
            ExpertStep::Decide(picks) => match state.decision(case) {
                Some(decision) => Command::Decide { decision: decision.id.clone(), picks: picks.clone() },
                None => return Err((Refusal::NoSuchDecision, expected)),
            },
        };
        self.command(command).map_err(|refusal| (refusal, expected))
    }
}

fn stamp(at: Timestamp) -> Stamp {
    Stamp { at, offset: UtcOffset(0), zone: "Etc/UTC".to_owned(), active: Millis(0) }
}
