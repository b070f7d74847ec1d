//! A session as it went, by replaying its log: what was seen, what was answered and how
//! well, how long it took, and where the times are odd.

use enduring_core::content::{
    Activity, Block, Choice, Content, Document, ItemBody, NodeStep, PartBody, words,
};
use enduring_core::id::{ItemId, OptionId};
use enduring_core::json;
use enduring_core::measure::{Millis, Points};
use enduring_core::session::{
    AnomalyKind, Certain, Entry, Event, Mode, OwnView, PartState, Phase, Replay, Response, State, replay_on,
};

use super::when;

/// Longest text of a line.
const TEXT_MAX: usize = 140;
/// A page that was hidden, or shut, for less is not told.
const REST_MIN: u64 = 5_000;

/// A session in stretches, one for each part of the flow.
pub struct Timeline {
    /// What came first, first.
    pub stretches: Vec<Stretch>,
    /// Why the replay ended before the log did.
    pub broken: Option<String>,
}

/// What belongs together.
pub struct Stretch {
    /// The part by its title, or what else it is.
    pub title: String,
    /// Minutes that were planned for it.
    pub planned: Option<u32>,
    /// Active time that counted.
    pub active: Millis,
    /// What happened.
    pub lines: Vec<Line>,
}

/// Something that happened.
pub struct Line {
    /// The number of the event.
    pub n: u32,
    /// Local time.
    pub at: String,
    /// Active time since the line before, or on the item.
    pub took: Millis,
    /// What.
    pub what: String,
    /// More of it; may be empty.
    pub detail: String,
    /// What to make of it.
    pub mark: Mark,
}

/// What to make of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    Plain,
    /// Wholly right.
    Correct,
    /// In part.
    Partly,
    /// Not right.
    Wrong,
    /// The learner was away.
    Away,
    /// The times are odd.
    Odd,
}

impl Stretch {
    fn new(title: &str, planned: Option<u32>) -> Self {
        Self { title: title.to_owned(), planned, active: Millis(0), lines: Vec::new() }
    }
}

/// Replays a log line by line and tells what happened.
pub fn timeline(content: &Content, log: &str) -> Timeline {
    let mut told = Timeline { stretches: vec![Stretch::new("Before the start", None)], broken: None };
    let mut replay = Replay { state: None, head: None, broken: None };
    let mut seen = Seen::default();
    for text in log.split_terminator('\n') {
        let before = replay.state.as_ref().map_or(Millis(0), |state| state.clock.active);
        replay = replay_on(content, replay, [text]);
        if let Some((n, broken)) = &replay.broken {
            told.broken = Some(format!("event {n}: {broken}"));
            break;
        }
        let (Some(state), Ok(entry)) = (&replay.state, json::read::<Entry>(text)) else { break };
        if let Event::PartEntered { part } = &entry.event {
            let part = content.part(part).map(|(_, part)| part);
            let (title, minutes) =
                part.map_or(("Part", None), |part| (part.title.as_str(), Some(part.minutes.0)));
            told.stretches.push(Stretch::new(title, minutes));
        } else if matches!(state.phase, Phase::Claim(_)) && !seen.claiming && !is_finish(&entry.event) {
            seen.claiming = true;
            told.stretches.push(Stretch::new("Claim", None));
        }
        if let Some(stretch) = told.stretches.last_mut() {
            let gained = Millis(state.clock.active.0.saturating_sub(before.0));
            stretch.active = Millis(stretch.active.0.saturating_add(gained.0));
            seen.since = Millis(seen.since.0.saturating_add(gained.0));
            stretch.lines.extend(away(&mut seen, &entry));
            stretch.lines.extend(odd(state, &entry));
            if let Some((what, detail, mark, took)) = tell(content, state, &entry) {
                let took = took.unwrap_or(seen.since);
                seen.since = Millis(0);
                stretch.lines.push(line(&entry, took, what, detail, mark));
            }
        }
        seen.last = Some(entry.at);
    }
    told.stretches.retain(|stretch| !stretch.lines.is_empty());
    told
}

/// What the line before left behind.
#[derive(Default)]
struct Seen {
    since: Millis,
    hidden: Option<enduring_core::measure::Timestamp>,
    last: Option<enduring_core::measure::Timestamp>,
    claiming: bool,
}

fn is_finish(event: &Event) -> bool {
    matches!(event, Event::PartFinished { .. })
}

fn line(entry: &Entry, took: Millis, what: String, detail: String, mark: Mark) -> Line {
    Line { n: entry.n, at: when::clock(entry.at, entry.offset), took, what, detail, mark }
}

/// Time away: the page hidden, or shut and opened again.
fn away(seen: &mut Seen, entry: &Entry) -> Option<Line> {
    let (since, what) = match entry.event {
        Event::Hidden => {
            seen.hidden = Some(entry.at);
            return None;
        }
        Event::Visible => (seen.hidden.take()?, "Page out of sight"),
        Event::Resumed { .. } => (seen.hidden.take().or(seen.last)?, "Left and came back"),
        _ => return None,
    };
    let gone = entry.at.since(since).filter(|gone| gone.0 >= REST_MIN)?;
    let detail = "not counted as active time".to_owned();
    Some(line(entry, gone, format!("{what} for {}", when::span(gone)), detail, Mark::Away))
}

fn odd(state: &State, entry: &Entry) -> Vec<Line> {
    let here = state.clock.anomalies.iter().filter(|anomaly| anomaly.n == entry.n);
    here.map(|anomaly| {
        let what = match anomaly.kind {
            AnomalyKind::ClockBackwards => "The clock went back by",
            AnomalyKind::ActiveExceedsWall => "More active time than the clock shows, by",
        };
        line(entry, Millis(0), format!("{what} {}", when::span(anomaly.by)), String::new(), Mark::Odd)
    })
    .collect()
}

type Told = (String, String, Mark, Option<Millis>);

/// What an event says; `None` for what is told otherwise.
fn tell(content: &Content, state: &State, entry: &Entry) -> Option<Told> {
    let activity = content.activity();
    let plain = |what: &str| Some((what.to_owned(), String::new(), Mark::Plain, None));
    let more = |what: &str, detail: String| Some((what.to_owned(), detail, Mark::Plain, None));
    match &entry.event {
        Event::Heartbeat
        | Event::Hidden
        | Event::Visible
        | Event::Resumed { .. }
        | Event::PartEntered { .. } => None,
        Event::Started(started) => more(
            "Session began",
            match started.mode {
                Mode::Credit => format!("for credit, version {}", started.version),
                Mode::NotForCredit => format!("not for credit, version {}", started.version),
                Mode::Rehearsal => format!("a rehearsal, version {}", started.version),
            },
        ),
        Event::FrontMatterShown { .. } => plain("Front matter shown"),
        Event::FrontMatterAcknowledged { .. } => plain("Front matter acknowledged"),
        Event::PageShown { page } => more("Page shown", page_title(content, state, *page)),
        Event::AttemptStarted { attempt } => plain(&format!("Attempt {attempt} began")),
        Event::ItemShown { item } => more("Item shown", stem(content, item)),
        Event::Answered { item, response, certainty } => {
            Some(answered(content, state, item, response, *certainty))
        }
        Event::ItemExpired { item } => more("Time for the item ran out", stem(content, item)),
        Event::AttemptExpired => plain("Time for the attempt ran out"),
        Event::AttemptSubmitted => Some(submitted(state)),
        Event::ChartOpened { entry } => more("Chart opened", chart(activity, entry.as_str())),
        Event::LinkFollowed { link } => more("Went on", link_text(activity, link.as_str())),
        Event::Decided { decision, picks } => Some(decided(activity, state, decision, picks)),
        Event::CaseRestarted => plain("Case begun again"),
        Event::PatientActed { action, dose } => {
            let title = patients(activity)
                .find_map(|patient| patient.actions.iter().find(|known| known.id == *action));
            let title = title.map_or(action.as_str(), |action| action.title.as_str());
            let dose = dose.as_ref().map(|dose| format!("{} {}", dose.amount, dose.route));
            more(&format!("Bedside: {title}"), dose.unwrap_or_default())
        }
        Event::PatientWaited { seconds } => {
            plain(&format!("Bedside: waited {seconds} s of the patient's time"))
        }
        Event::PatientReflected { view } => more(
            "Said how it went",
            match view {
                OwnView::Well => "well".to_owned(),
                OwnView::Mixed => "with something to do better".to_owned(),
                OwnView::Badly => "badly".to_owned(),
            },
        ),
        Event::PatientRestarted => plain("Patient begun again"),
        Event::QuestionAnswered { .. } => plain("Question of the evaluation answered"),
        Event::PartFinished { .. } => plain("Part finished"),
        Event::LearnerDescribed { profession, .. } => more("Said who they are", profession.to_string()),
        Event::ConsentsAnswered { .. } => plain("Consents answered"),
        Event::Claimed { claims } => {
            let claims: Vec<_> =
                claims.iter().map(|claim| format!("{} {}", claim.amount, claim.credit)).collect();
            more(
                "Claimed",
                if claims.is_empty() { "participation only".to_owned() } else { claims.join(", ") },
            )
        }
        Event::Attested { .. } => plain("Attested"),
        Event::Completed => plain("Record made ready"),
    }
}

fn answered(
    content: &Content,
    state: &State,
    item: &ItemId,
    response: &Response,
    certainty: Option<Certain>,
) -> Told {
    let answer = match &state.phase {
        Phase::Part(PartState::Test(test)) => test.running().and_then(|attempt| {
            attempt.slots.iter().find(|slot| slot.item == *item).and_then(|slot| slot.answer.as_ref())
        }),
        _ => None,
    };
    let (mark, took) =
        answer.map_or((Mark::Plain, None), |answer| (of_points(answer.points), Some(answer.after)));
    let sure = certainty.map_or("", |certainty| match certainty {
        Certain::C1 => ", unsure",
        Certain::C2 => ", fairly sure",
        Certain::C3 => ", sure",
    });
    let what = format!("Answered{sure}: {}", chosen(content, item, response));
    (what, stem(content, item), mark, took)
}

fn of_points(points: Points) -> Mark {
    match points {
        Points(0) => Mark::Wrong,
        points if points >= Points::FULL => Mark::Correct,
        _ => Mark::Partly,
    }
}

fn submitted(state: &State) -> Told {
    let attempt = match &state.phase {
        Phase::Part(PartState::Test(test)) => test.attempts.last(),
        _ => None,
    };
    let detail = attempt.map_or_else(String::new, |attempt| {
        let passed = if attempt.passed { "passed" } else { "not passed" };
        format!("{} of {} points, {passed}", thousandths(attempt.points), thousandths(attempt.possible))
    });
    ("Handed in".to_owned(), detail, Mark::Plain, None)
}

fn thousandths(points: Points) -> String {
    let text = format!("{}.{:03}", points.0 / 1_000, points.0 % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn decided(
    activity: &Activity,
    state: &State,
    decision: &enduring_core::id::DecisionId,
    picks: &[OptionId],
) -> Told {
    let known = activity.parts.iter().find_map(|part| match &part.body {
        PartBody::Case(case) => case.decision(decision),
        _ => None,
    });
    let pick = |id: &OptionId| {
        let option = known.and_then(|known| known.options.iter().find(|option| option.id == *id));
        option.map_or_else(|| id.to_string(), |option| text(&option.text))
    };
    let picked: Vec<String> = picks.iter().map(pick).collect();
    let round = match &state.phase {
        Phase::Part(PartState::Case(case)) => {
            case.rounds.iter().rev().find(|round| round.decision == *decision)
        }
        _ => None,
    };
    let mark = round.map_or(Mark::Plain, |round| match (round.points.0, round.possible.0) {
        (_, 0) => Mark::Plain,
        (0, _) => Mark::Wrong,
        (points, possible) if points >= possible => Mark::Correct,
        _ => Mark::Partly,
    });
    let what =
        format!("Decided: {}", if picked.is_empty() { "nothing".to_owned() } else { picked.join("; ") });
    (what, known.map_or_else(String::new, |known| text(&known.prompt)), mark, None)
}

fn patients(activity: &Activity) -> impl Iterator<Item = &enduring_core::content::patient::Patient> {
    activity.parts.iter().filter_map(|part| match &part.body {
        PartBody::Patient(patient) => Some(patient.as_ref()),
        _ => None,
    })
}

fn page_title(content: &Content, state: &State, page: u16) -> String {
    let part = content.activity().parts.get(state.finished.len());
    let title = part.and_then(|part| match &part.body {
        PartBody::Reading(reading) => reading.pages.get(usize::from(page)).map(|page| page.title.clone()),
        _ => None,
    });
    title.unwrap_or_else(|| format!("page {}", u32::from(page) + 1))
}

fn chart(activity: &Activity, id: &str) -> String {
    let title = activity.parts.iter().find_map(|part| match &part.body {
        PartBody::Case(case) => case.chart.iter().find(|entry| entry.id.as_str() == id),
        _ => None,
    });
    title.map_or_else(|| id.to_owned(), |entry| entry.title.clone())
}

fn link_text(activity: &Activity, id: &str) -> String {
    let nodes = activity.parts.iter().filter_map(|part| match &part.body {
        PartBody::Case(case) => Some(&case.nodes),
        _ => None,
    });
    let links = nodes.flatten().filter_map(|node| match &node.step {
        NodeStep::Links(links) => Some(links),
        NodeStep::Decision(_) | NodeStep::Ending(_) => None,
    });
    let link = links.flatten().find(|link| link.id.as_str() == id);
    link.map_or_else(|| id.to_owned(), |link| link.text.clone())
}

fn stem(content: &Content, item: &ItemId) -> String {
    content.item(item).map_or_else(|| item.to_string(), |known| text(&known.stem))
}

/// What was answered, in the words of the options.
fn chosen(content: &Content, item: &ItemId, response: &Response) -> String {
    let body = content.item(item).map(|item| &item.body);
    let option =
        |id: &OptionId| body.and_then(|body| option_text(body, id)).unwrap_or_else(|| id.to_string());
    let several = |ids: &[OptionId], between| ids.iter().map(option).collect::<Vec<_>>().join(between);
    match response {
        Response::Choice(id) => option(id),
        Response::Choices(ids) => several(ids, "; "),
        Response::Order(ids) => several(ids, " → "),
        Response::Truths(truths) => {
            let truth = |truth: &enduring_core::session::TruthAnswer| {
                let is = match truth.truth {
                    enduring_core::content::Truth::True => "true",
                    enduring_core::content::Truth::False => "false",
                };
                format!("{is}: {}", option(&truth.statement))
            };
            truths.iter().map(truth).collect::<Vec<_>>().join("; ")
        }
        Response::Matches(matches) => {
            let pairs =
                matches.iter().map(|pair| format!("{} → {}", option(&pair.stem), option(&pair.option)));
            pairs.collect::<Vec<_>>().join("; ")
        }
        Response::Number(number) => match body {
            Some(ItemBody::Numeric { unit, .. }) => format!("{number} {unit}"),
            _ => number.to_string(),
        },
    }
}

fn option_text(body: &ItemBody, id: &OptionId) -> Option<String> {
    let among =
        |options: &[Choice]| options.iter().find(|option| option.id == *id).map(|option| text(&option.text));
    match body {
        ItemBody::SingleBest { options, .. }
        | ItemBody::MultipleResponse { options, .. }
        | ItemBody::KeyFeature { options, .. } => among(options),
        ItemBody::Ordering { steps, .. } => among(steps),
        ItemBody::TrueFalse { statements, .. } => {
            statements.iter().find(|statement| statement.id == *id).map(|statement| text(&statement.text))
        }
        ItemBody::ExtendedMatching { options, stems, .. } => {
            among(options).or_else(|| stems.iter().find(|stem| stem.id == *id).map(|stem| text(&stem.text)))
        }
        ItemBody::ScriptConcordance { scale, .. } => {
            scale.iter().find(|option| option.id == *id).map(|option| text(&option.text))
        }
        ItemBody::Numeric { .. } => None,
    }
}

/// The beginning of a prose text, without its form.
pub fn text(document: &Document) -> String {
    let mut out = String::new();
    for block in document.iter() {
        if let Block::Paragraph(text) | Block::Heading { text, .. } = block {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&words(text));
        }
    }
    if out.chars().count() > TEXT_MAX {
        out = out.chars().take(TEXT_MAX).collect();
        out.push('…');
    }
    out
}
