//! Learners for the properties: what can be tried in a state, by chance or rightly,
//! and the device that it is tried on.

use enduring_core::content::patient::ScriptStep;
use enduring_core::content::{Certainty, Content, Item, ItemBody, PartBody, Truth, Worth};
use enduring_core::id::{Digest, OptionId, RouteId, SessionId};
use enduring_core::measure::{Credit, Decimal, Millis, Timestamp, UtcOffset};
use enduring_core::session::view::{
    CaseAsk, CaseView, ClaimView, NextAttempt, PatientAsk, PatientView, Scene, TestRun, view,
};
use enduring_core::session::{
    Certain, Claim, Command, Entry, Event, Match, Mode, OwnView, PartState, PatientDose, Phase, Response,
    Stamp, Started, State, TruthAnswer,
};
use proptest::prelude::*;

/// The last option of `picks` says which, so that shrinking finds the simplest.
fn nth<T>(list: &[T], pick: u32) -> Option<&T> {
    list.get(pick as usize % list.len().max(1))
}

/// Something a learner does: which of the things that can be tried, how, and when.
#[derive(Clone, Debug)]
pub struct Move {
    pub pick: u32,
    pub how: u32,
    pub wait: Wait,
}

#[derive(Clone, Copy, Debug)]
pub enum Wait {
    /// In front of the page.
    Visible(u32),
    /// Away.
    Away(u32),
    /// The clock is set back.
    Back(u32),
}

pub fn moves(most: usize) -> impl Strategy<Value = Vec<Move>> {
    let wait = prop_oneof![
        8 => (0u32..40_000).prop_map(Wait::Visible),
        2 => (40_000u32..300_000).prop_map(Wait::Visible),
        1 => (0u32..200_000_000).prop_map(Wait::Away),
        1 => (0u32..10_000_000).prop_map(Wait::Back),
    ];
    let one = (any::<u32>(), any::<u32>(), wait).prop_map(|(pick, how, wait)| Move { pick, how, wait });
    prop::collection::vec(one, 0..most)
}

/// A device that the session is on.
#[derive(Clone, Debug)]
pub struct Device {
    pub at: i64,
    pub active: u64,
}

impl Default for Device {
    /// 2026-03-02T09:00:00-05:00.
    fn default() -> Self {
        Self { at: 1_772_460_000_000, active: 0 }
    }
}

impl Device {
    pub fn pass(&mut self, wait: Wait) {
        match wait {
            Wait::Visible(span) => {
                self.at += i64::from(span);
                self.active += u64::from(span);
            }
            Wait::Away(span) => self.at += i64::from(span),
            Wait::Back(span) => self.at -= i64::from(span),
        }
    }

    pub fn stamp(&self) -> Stamp {
        Stamp {
            at: Timestamp(self.at),
            offset: UtcOffset(-300),
            zone: "America/New_York".to_owned(),
            active: Millis(self.active),
        }
    }

    pub fn entry(&self, n: u32, event: Event) -> Entry {
        let Stamp { at, offset, zone, active } = self.stamp();
        Entry { n, at, offset, zone, active, event }
    }

    pub fn start(&self, content: &Content, session: u8) -> Entry {
        let activity = content.activity();
        let started = Started {
            session: SessionId([session; 16]),
            pack: content.digest(),
            activity: activity.id.clone(),
            version: activity.version.clone(),
            rules: content.rules(),
            player: "1.0.0".to_owned(),
            mode: Mode::Credit,
        };
        self.entry(1, Event::Started(started))
    }
}

/// What the screen offers, and what a page may send by itself.
pub fn offered(content: &Content, state: &State, how: u32) -> Vec<Command> {
    let mut offered = match view(content, state).scene {
        Scene::FrontMatter => vec![Command::ShowFrontMatter, Command::AcknowledgeFrontMatter],
        Scene::Opening(_) => vec![Command::EnterPart],
        Scene::Reading(reading) => {
            vec![Command::TurnTo { page: reading.page + 1 }, Command::TurnTo { page: 0 }, Command::FinishPart]
        }
        Scene::TestStart(_) => vec![Command::StartAttempt],
        Scene::TestRun(run) => in_test(content, &run, how),
        Scene::TestResult(result) => match result.next {
            NextAttempt::NotNeeded => vec![Command::FinishPart],
            NextAttempt::From { .. } => vec![Command::StartAttempt],
            NextAttempt::NoneLeft => Vec::new(),
        },
        Scene::Case(case) => in_case(&case, how),
        Scene::Patient(patient) => at_bedside(&patient, how),
        Scene::Evaluation(it) => {
            let question = nth(&it.evaluation.questions, how).expect("a question").id.clone();
            let answer = Digest::of(&[&how.to_be_bytes()]);
            vec![Command::AnswerQuestion { question, answer }, Command::FinishPart]
        }
        Scene::Claim(claim) => claiming(content, &claim, how),
        Scene::Completed(_) => Vec::new(),
    };
    if !matches!(view(content, state).scene, Scene::Completed(_)) {
        offered.extend([Command::Beat, Command::Hide, Command::Show]);
        offered.push(Command::Resume { player: "1.0.1".to_owned() });
    }
    offered
}

fn in_test(content: &Content, run: &TestRun, how: u32) -> Vec<Command> {
    let item = content.item(&run.item.item).expect("an item of the pack");
    let certainty = match run.item.certainty {
        Certainty::Off => None,
        Certainty::Optional if how & 1 == 0 => None,
        Certainty::Optional | Certainty::Required => {
            nth(&[Certain::C1, Certain::C2, Certain::C3], how).copied()
        }
    };
    let answer = |response| Command::Answer { item: item.id.clone(), response, certainty };
    let mut offered = vec![answer(right(item)), answer(any_response(item, how)), Command::Submit];
    offered.extend(run.next.iter().chain(&run.previous).map(|item| Command::GoTo { item: item.clone() }));
    offered.extend([Command::ExpireItem, Command::ExpireAttempt]);
    offered
}

fn in_case(case: &CaseView, how: u32) -> Vec<Command> {
    let mut offered = match &case.ask {
        CaseAsk::Links(links) => {
            links.iter().map(|link| Command::Follow { link: link.link.clone() }).collect()
        }
        CaseAsk::Decision { decision, options, min_picks, max_picks, .. } => {
            let count = u32::from(*min_picks) + how % u32::from(max_picks - min_picks + 1);
            let picks =
                (0..count as usize).filter_map(|n| options.get((how as usize / 4 + n) % options.len()));
            let picks = picks.map(|option| option.id.clone()).collect();
            vec![Command::Decide { decision: decision.clone(), picks }]
        }
        CaseAsk::Ended { .. } => vec![Command::FinishPart, Command::RestartCase],
    };
    offered.extend(nth(&case.chart, how).map(|entry| Command::OpenChart { entry: entry.entry.id.clone() }));
    offered
}

/// An action that is possible, with a dose by chance, or a wait; at the end what comes then.
pub fn at_bedside(patient: &PatientView, how: u32) -> Vec<Command> {
    match &patient.ask {
        PatientAsk::Next => {
            let possible: Vec<_> = patient.actions.iter().filter(|action| action.possible).collect();
            let seconds = [1, 10, 60, 300][how as usize / 7 % 4];
            let mut offered = vec![Command::Wait { seconds }];
            offered.extend(nth(&possible, how / 3).map(|action| Command::Act {
                action: action.action.clone(),
                dose: action.dose.as_ref().map(|sheet| {
                    PatientDose {
                        amount: Decimal::parse(["0.5", "1", "2", "15"][how as usize / 11 % 4])
                            .expect("a number"),
                        route: RouteId::new(nth(&sheet.routes, how / 5).expect("a route").id.as_str())
                            .expect("a name"),
                    }
                }),
            }));
            offered
        }
        PatientAsk::Reflect { .. } => {
            let view = nth(&[OwnView::Well, OwnView::Mixed, OwnView::Badly], how).copied();
            vec![Command::Reflect { view: view.expect("a view") }]
        }
        PatientAsk::Debrief(_) => vec![Command::FinishPart, Command::RestartPatient],
    }
}

/// What the expert does next.
fn patient_rightly(content: &Content, view: &PatientView, state: &State) -> Command {
    let (_, part) = content.part(&view.part).expect("a part of the pack");
    let (PartBody::Patient(patient), Phase::Part(PartState::Patient(at))) = (&part.body, &state.phase) else {
        panic!("a patient in its part")
    };
    match &view.ask {
        PatientAsk::Next => match patient.expert.get(at.bedside.steps.len()) {
            Some(ScriptStep::Act { action, dose }) => {
                let action = &patient.actions[action.at()];
                let dose = dose.map(|given| PatientDose {
                    amount: given.amount.decimal(6),
                    route: action.routes[given.route.at()].id.clone(),
                });
                if view.actions.iter().any(|known| known.action == action.id && known.possible) {
                    Command::Act { action: action.id.clone(), dose }
                } else {
                    Command::Wait { seconds: 60 }
                }
            }
            Some(ScriptStep::Wait(seconds)) => Command::Wait { seconds: seconds.0 as u16 },
            None => Command::Wait { seconds: 600 },
        },
        PatientAsk::Reflect { .. } => Command::Reflect { view: OwnView::Well },
        PatientAsk::Debrief(debrief) if debrief.gate_met => Command::FinishPart,
        PatientAsk::Debrief(_) => Command::RestartPatient,
    }
}

fn claiming(content: &Content, claim: &ClaimView, how: u32) -> Vec<Command> {
    let front = &content.activity().front;
    let profession = nth(&front.professions, how).expect("a profession").id.clone();
    let row = nth(&claim.rows, how / 8).expect("a credit");
    let amount = Credit(row.offer.step.0 * (1 + how % 4));
    let some = vec![Claim { credit: row.offer.id.clone(), amount }];
    vec![
        Command::Describe { sheet: Digest::of(&[b"learner"]), profession },
        Command::AnswerConsents { sheet: Digest::of(&[b"consents"]) },
        Command::Claim { claims: some },
        Command::Claim { claims: Vec::new() },
        Command::Attest,
        Command::Complete,
    ]
}

/// What nobody offers: any command with any name of the pack.
pub fn wild(content: &Content, how: u32) -> Command {
    let activity = content.activity();
    let detail = how / 16;
    let item = nth(&activity.items, detail);
    let case = activity.parts.iter().find_map(|part| match &part.body {
        PartBody::Case(case) => Some(case),
        PartBody::Reading(_) | PartBody::Test(_) | PartBody::Evaluation(_) | PartBody::Patient(_) => None,
    });
    let any = match how % 16 {
        0 => Some(Command::ShowFrontMatter),
        1 => Some(Command::AcknowledgeFrontMatter),
        2 => Some(Command::EnterPart),
        3 => Some(Command::FinishPart),
        4 => Some(Command::StartAttempt),
        5 => Some(Command::TurnTo { page: detail as u16 }),
        6 => item.map(|item| Command::GoTo { item: item.id.clone() }),
        7 => item.map(|item| Command::Answer {
            item: item.id.clone(),
            response: any_response(nth(&activity.items, detail / 3).unwrap_or(item), detail),
            certainty: None,
        }),
        8 => Some(Command::ExpireItem),
        9 => Some(Command::Submit),
        10 => case
            .and_then(|case| nth(&case.chart, detail))
            .map(|entry| Command::OpenChart { entry: entry.id.clone() }),
        11 => Some(Command::RestartCase),
        12 => Some(Command::Attest),
        13 => Some(Command::Complete),
        14 => Some(Command::Resume { player: "x".repeat(detail as usize % 5_000) }),
        _ => Some(Command::ExpireAttempt),
    };
    any.unwrap_or(Command::Beat)
}

/// The right answer, from the pack.
pub fn right(item: &Item) -> Response {
    match &item.body {
        ItemBody::SingleBest { key, .. } => Response::Choice(key.clone()),
        ItemBody::MultipleResponse { key, .. } | ItemBody::KeyFeature { key, .. } => {
            Response::Choices(key.clone())
        }
        ItemBody::TrueFalse { statements, .. } => Response::Truths(
            statements.iter().map(|it| TruthAnswer { statement: it.id.clone(), truth: it.truth }).collect(),
        ),
        ItemBody::ExtendedMatching { stems, .. } => Response::Matches(
            stems.iter().map(|it| Match { stem: it.id.clone(), option: it.key.clone() }).collect(),
        ),
        ItemBody::Ordering { steps, .. } => Response::Order(steps.iter().map(|it| it.id.clone()).collect()),
        ItemBody::Numeric { key, .. } => Response::Number(*key),
        ItemBody::ScriptConcordance { scale, .. } => {
            let modal = scale.iter().max_by_key(|it| it.votes).expect("a point");
            Response::Choice(modal.id.clone())
        }
    }
}

/// Some answer, by chance; most fit.
fn any_response(item: &Item, how: u32) -> Response {
    let some = |ids: Vec<OptionId>| -> Vec<OptionId> {
        ids.into_iter()
            .enumerate()
            .filter(|(place, _)| how >> (place % 32) & 1 == 1)
            .map(|(_, id)| id)
            .collect()
    };
    match &item.body {
        ItemBody::SingleBest { options, .. } => {
            Response::Choice(nth(options, how).expect("an option").id.clone())
        }
        ItemBody::MultipleResponse { options, .. } | ItemBody::KeyFeature { options, .. } => {
            Response::Choices(some(options.iter().map(|it| it.id.clone()).collect()))
        }
        ItemBody::TrueFalse { statements, .. } => {
            let judged = statements.iter().enumerate().map(|(place, it)| TruthAnswer {
                statement: it.id.clone(),
                truth: if how >> (place % 32) & 1 == 1 { Truth::True } else { Truth::False },
            });
            Response::Truths(judged.collect())
        }
        ItemBody::ExtendedMatching { options, stems, .. } => {
            let matched = stems.iter().enumerate().map(|(place, it)| Match {
                stem: it.id.clone(),
                option: nth(options, how >> (place % 16)).expect("an option").id.clone(),
            });
            Response::Matches(matched.collect())
        }
        ItemBody::Ordering { steps, .. } => {
            let mut order: Vec<OptionId> = steps.iter().map(|it| it.id.clone()).collect();
            let places = order.len();
            order.rotate_left(how as usize % places);
            Response::Order(order)
        }
        ItemBody::Numeric { .. } => {
            Response::Number(Decimal::parse(&format!("{}.{}", how % 100, how % 10)).expect("a number"))
        }
        ItemBody::ScriptConcordance { scale, .. } => {
            Response::Choice(nth(scale, how).expect("a point").id.clone())
        }
    }
}

/// What somebody who knows the key does next; `None` at the end, or where none can be tried.
pub fn rightly(content: &Content, state: &State) -> Option<Command> {
    Some(match view(content, state).scene {
        Scene::FrontMatter => match state.phase {
            enduring_core::session::Phase::FrontMatter => Command::ShowFrontMatter,
            _ => Command::AcknowledgeFrontMatter,
        },
        Scene::Opening(_) => Command::EnterPart,
        Scene::Reading(reading) if reading.all_seen => Command::FinishPart,
        Scene::Reading(reading) => Command::TurnTo { page: reading.page + 1 },
        Scene::TestStart(_) => Command::StartAttempt,
        Scene::TestRun(run) => test_rightly(content, &run),
        Scene::TestResult(result) => match result.next {
            NextAttempt::NotNeeded => Command::FinishPart,
            NextAttempt::From { .. } => Command::StartAttempt,
            NextAttempt::NoneLeft => return None,
        },
        Scene::Case(case) => case_rightly(content, &case),
        Scene::Patient(patient) => patient_rightly(content, &patient, state),
        Scene::Evaluation(it) => {
            let open =
                it.evaluation.questions.iter().find(|question| it.answers.answered(&question.id).is_none());
            match open {
                Some(question) => {
                    Command::AnswerQuestion { question: question.id.clone(), answer: Digest::of(&[b"yes"]) }
                }
                None => Command::FinishPart,
            }
        }
        Scene::Claim(claim) => claim_rightly(content, &claim),
        Scene::Completed(_) => return None,
    })
}

fn test_rightly(content: &Content, run: &TestRun) -> Command {
    if run.attempt_left == Some(Millis(0)) {
        return Command::ExpireAttempt;
    }
    let open = run.slots.iter().find(|slot| !slot.settled);
    match open {
        Some(slot) if slot.item == run.item.item && run.item_left == Some(Millis(0)) => Command::ExpireItem,
        Some(slot) if slot.item == run.item.item => Command::Answer {
            item: slot.item.clone(),
            response: right(content.item(&slot.item).expect("an item")),
            certainty: (run.item.certainty != Certainty::Off).then_some(Certain::C3),
        },
        Some(slot) if slot.open => Command::GoTo { item: slot.item.clone() },
        // Forward only, and an item was left out before: on to the next, or to the end.
        Some(_) | None => match run.next.clone().filter(|_| open.is_some()) {
            Some(item) => Command::GoTo { item },
            None => Command::Submit,
        },
    }
}

fn case_rightly(content: &Content, case: &CaseView) -> Command {
    match &case.ask {
        CaseAsk::Links(links) => Command::Follow { link: links.last().expect("a way on").link.clone() },
        CaseAsk::Decision { decision, max_picks, .. } => {
            let known = content.activity().parts.iter().find_map(|part| match &part.body {
                PartBody::Case(case) => case.decision(decision),
                PartBody::Reading(_) | PartBody::Test(_) | PartBody::Evaluation(_) | PartBody::Patient(_) => {
                    None
                }
            });
            let known = known.expect("a decision of the pack");
            let earns = known.options.iter().filter(|option| matches!(option.worth, Worth::Earns(_)));
            let picks = earns.take(usize::from(*max_picks)).map(|option| option.id.clone()).collect();
            Command::Decide { decision: decision.clone(), picks }
        }
        CaseAsk::Ended { gate_met: true, .. } => Command::FinishPart,
        CaseAsk::Ended { gate_met: false, .. } => Command::RestartCase,
    }
}

fn claim_rightly(content: &Content, view: &ClaimView) -> Command {
    let front = &content.activity().front;
    if view.claim.learner.is_none() {
        let profession = front.professions.first().expect("a profession").id.clone();
        return Command::Describe { sheet: Digest::of(&[b"learner"]), profession };
    }
    if view.claim.consents.is_none() && !front.consents.is_empty() {
        return Command::AnswerConsents { sheet: Digest::of(&[b"consents"]) };
    }
    if view.claim.claims.is_none() {
        return Command::Claim { claims: Vec::new() };
    }
    if view.claim.attested.is_none() { Command::Attest } else { Command::Complete }
}
