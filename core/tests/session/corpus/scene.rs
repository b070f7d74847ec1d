//! What may be seen after a step, in few words: enough to see in the expected file
//! whose key is revealed when.

use enduring_core::content::Content;
use enduring_core::session::State;
use enduring_core::session::view::{
    CaseAsk, CaseView, ClaimView, ItemBodyView, ItemView, LookedBack, NextAttempt, OptionView, PatientAsk,
    PatientView, Scene, TestResult, TestRun, VitalView, look_back, view,
};
use serde::Serialize;

/// What may be seen.
#[derive(Serialize)]
pub struct Seen {
    /// What is on.
    scene: String,
    /// The items whose key and rationale are in view, here or looking back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    revealed: Vec<String>,
    /// The decisions that are looked back on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    debriefed: Vec<String>,
}

pub fn seen(content: &Content, state: &State) -> Seen {
    let view = view(content, state);
    let mut seen = Seen { scene: words(&view.scene), revealed: Vec::new(), debriefed: Vec::new() };
    seen.scene(&view.scene);
    for part in &content.activity().parts {
        match look_back(content, state, &part.id) {
            Some(LookedBack::Test(result)) => seen.items(&result.items),
            Some(LookedBack::Case(case)) => seen.case(&case),
            Some(LookedBack::Patient(_)) | None => {}
        }
    }
    seen
}

impl Seen {
    fn scene(&mut self, scene: &Scene) {
        match scene {
            Scene::TestRun(run) => self.items(std::slice::from_ref(&run.item)),
            Scene::TestResult(result) => self.items(&result.items),
            Scene::Case(case) => self.case(case),
            Scene::Patient(patient) => {
                if let PatientAsk::Debrief(debrief) = &patient.ask {
                    self.debriefed.extend(debrief.lines.iter().map(|it| it.title.clone()));
                }
            }
            Scene::FrontMatter
            | Scene::Opening(_)
            | Scene::Reading(_)
            | Scene::TestStart(_)
            | Scene::Evaluation(_)
            | Scene::Claim(_)
            | Scene::Completed(_) => {}
        }
    }

    fn case(&mut self, case: &CaseView) {
        if let CaseAsk::Ended { debrief, .. } = &case.ask {
            self.debriefed.extend(debrief.decisions.iter().map(|it| it.decision.to_string()));
        }
    }

    fn items(&mut self, items: &[ItemView]) {
        let revealed = items.iter().filter(|item| item.feedback.is_some());
        self.revealed.extend(revealed.map(|item| item.item.to_string()));
    }
}

fn words(scene: &Scene) -> String {
    match scene {
        Scene::FrontMatter => "front matter".to_owned(),
        Scene::Opening(opening) => format!("before {}", opening.part),
        Scene::Reading(reading) => format!("{}: page {} of {}", reading.part, reading.page + 1, reading.of),
        Scene::TestStart(start) => format!("{}: start", start.part),
        Scene::TestRun(run) => running(run),
        Scene::TestResult(result) => handed_in(result),
        Scene::Case(case) => in_case(case),
        Scene::Patient(patient) => at_bedside(patient),
        Scene::Evaluation(it) => {
            let state = if it.whole { "whole" } else { "open" };
            format!("{}: {} answered, {state}", it.part, it.answers.answers.len())
        }
        Scene::Claim(claim) => format!("claim{}", claiming(claim)),
        Scene::Completed(claim) => format!("completed{}", claiming(claim)),
    }
}

fn running(run: &TestRun) -> String {
    let all = run.slots.iter().map(|slot| slot.item.as_str()).collect::<Vec<_>>().join(" ");
    let options = options(&run.item.body).iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(" ");
    let mut words = format!("{} {}: {} of {all}; {options}", run.part, run.attempt, run.item.item);
    if run.is_final {
        words.push_str(", final");
    }
    for (left, of) in [(run.item_left, "item"), (run.attempt_left, "attempt")] {
        if let Some(left) = left {
            words.push_str(&format!(", {} ms left for the {of}", left.0));
        }
    }
    words
}

/// In the order shown.
fn options(body: &ItemBodyView) -> &[OptionView] {
    match body {
        ItemBodyView::Options { options, .. } | ItemBodyView::Matching { options, .. } => options,
        ItemBodyView::Statements(options) | ItemBodyView::Steps(options) => options,
        ItemBodyView::Concordance { scale, .. } => scale,
        ItemBodyView::Number { .. } => &[],
    }
}

fn handed_in(result: &TestResult) -> String {
    let last = result
        .attempts
        .last()
        .map_or_else(String::new, |attempt| format!("{} of {}", attempt.points.0, attempt.possible.0));
    let next = match result.next {
        NextAttempt::NotNeeded => "passed".to_owned(),
        NextAttempt::NoneLeft => "none left".to_owned(),
        NextAttempt::From { at, left: None } => format!("again from {}", at.0),
        NextAttempt::From { at, left: Some(left) } => format!("again from {}, {left} left", at.0),
    };
    format!("{} after {}: {last}, {next}", result.part, result.attempts.len())
}

fn in_case(case: &CaseView) -> String {
    let ask = match &case.ask {
        CaseAsk::Links(links) => {
            links.iter().map(|link| link.link.to_string()).collect::<Vec<_>>().join(" | ")
        }
        CaseAsk::Decision { decision, .. } => format!("decide {decision}"),
        CaseAsk::Ended { ending, debrief, gate_met } => {
            let gate = if *gate_met { "gate met" } else { "gate not met" };
            format!("ended {}, {} of {}, {gate}", ending.id, debrief.points.0, debrief.possible.0)
        }
    };
    let chart = case.chart.iter().map(|entry| {
        let id = entry.entry.id.as_str();
        if entry.opened { id.to_owned() } else { format!("{id}*") }
    });
    let chart = chart.collect::<Vec<_>>().join(" ");
    format!(
        "{} {}: {}; {ask}; chart: {chart}; told: {}",
        case.part,
        case.play,
        case.node_title,
        case.story.len()
    )
}

fn at_bedside(patient: &PatientView) -> String {
    let vital = |it: &VitalView| {
        let alarm = it.alarm.map_or("", |_| "!");
        format!("{} {}{alarm}", it.label, it.value)
    };
    let vitals = patient.vitals.iter().map(vital).collect::<Vec<_>>().join(", ");
    let pending = patient.pending.iter().map(|it| format!("{} at {}", it.title, it.due.0));
    let pending = pending.collect::<Vec<_>>().join(", ");
    let last = patient
        .story
        .last()
        .map_or_else(String::new, |line| format!("{:?} {} at {}", line.teller, line.title, line.at.0));
    let ask = match &patient.ask {
        PatientAsk::Next => {
            let possible = patient.actions.iter().filter(|action| action.possible);
            possible.map(|action| action.action.to_string()).collect::<Vec<_>>().join(" | ")
        }
        PatientAsk::Reflect { ending, .. } => format!("reflect on {ending}"),
        PatientAsk::Debrief(it) => {
            let gate = if it.gate_met { "gate met" } else { "gate not met" };
            format!("ended {}, {} of {}, {gate}", it.ending, it.points.0, it.possible.0)
        }
    };
    format!(
        "{} {} at {} s: [{vitals}] told: {} ({last}); pending: [{pending}]; reports: {}; {ask}",
        patient.part,
        patient.play,
        patient.time.0,
        patient.story.len(),
        patient.reports.len()
    )
}

fn claiming(claim: &ClaimView) -> String {
    let closed = claim.closed.map_or_else(String::new, |refusal| format!(", closed by {}", refusal.code()));
    let rows = claim.rows.iter().map(|row| {
        let claimed = row.claimed.map_or_else(|| "-".to_owned(), |amount| amount.to_string());
        format!(", {}: {:?}, covered {}, claimed {claimed}", row.offer.id, row.eligibility, row.covered)
    });
    format!(" after {} ms{closed}{}", claim.active.0, rows.collect::<String>())
}
