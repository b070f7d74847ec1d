//! The bedside: what happens in a second, and what it comes to. Numbers that are
//! expected here were worked out by hand or, where it says so, by Python.

use enduring_core::content::patient::*;
use enduring_core::content::{Content, EndingQuality};
use enduring_core::id::{Digest, PartId};
use enduring_core::measure::{Amount, Points, Seconds};
use enduring_core::session::view::{
    LineKind, LookedBack, PatientAsk, PatientView, Scene, encounter, look_back, patient_course, view,
};
use enduring_core::session::{
    Bedside, Command, Happening, How, OwnView, PartState, Phase, Spent, State, apply, begin, decide, minutes,
    practice, practise,
};

use super::learner::{Device, Wait, at_bedside, rightly};
use super::packs;
use super::packs::bedside::*;

fn quiet() -> Patient {
    Patient { beginning: Vec::new(), rules: Vec::new(), ..patient() }
}

fn play(patient: &Patient, script: &[ScriptStep]) -> Bedside {
    let mut bedside = Bedside::begin(patient);
    bedside.play(patient, script, &mut |_| {});
    bedside
}

fn give(action: ActionAt, millionths: i64, route: u16) -> ScriptStep {
    ScriptStep::Act { action, dose: Some(Given { amount: Amount(millionths), route: RouteAt(route) }) }
}

fn wait(seconds: u32) -> ScriptStep {
    ScriptStep::Wait(Seconds(seconds))
}

fn value(bedside: &Bedside, variable: VariableAt) -> Amount {
    bedside.levels[variable.at()].value
}

fn quality(patient: &Patient, bedside: &Bedside) -> Option<EndingQuality> {
    bedside.ending.map(|at| patient.endings[at.at()].quality)
}

/// Python: `40 + 60 * 2 ** (-t / 240)` at 240 and 480 seconds; the fold in whole
/// millionths and a coefficient of 24 bits come within a hundredth.
#[test]
fn first_order_goes_half_of_the_way_in_a_half_life() {
    let patient = Patient { rules: Vec::new(), endings: quiet().endings, ..patient() };
    let bedside = play(&patient, &[wait(240)]);
    assert!((value(&bedside, SBP).0 - 70_000_000).abs() < 10_000, "{:?}", value(&bedside, SBP));
    let bedside = play(&patient, &[wait(480)]);
    assert!((value(&bedside, SBP).0 - 55_000_000).abs() < 10_000, "{:?}", value(&bedside, SBP));
    assert_eq!(value(&bedside, VariableAt(2)).0, value(&bedside, SBP).0 / 2, "a formula follows");
}

#[test]
fn a_straight_line_ends_where_it_leads() {
    let patient = patient();
    let hr = |seconds| value(&play(&Patient { rules: Vec::new(), ..patient.clone() }, &[wait(seconds)]), HR);
    assert_eq!(hr(60), amount(113), "from 110 by 0.05 a second");
    assert_eq!(hr(599), Amount(139_950_000));
}

/// 1 mg by vein: nothing for 5 s, whole at 10 s, wanes from 60 s, gone at 120 s. With
/// half at 1 mg and 120 at most it shifts by 60.
#[test]
fn a_dose_rises_acts_wanes_and_is_gone() {
    let patient = quiet();
    let mut script = vec![give(PRESSOR, 1_000_000, 1)];
    // The nurse is asked for 5 s and takes 40 s: given at second 45.
    script.push(wait(40));
    let at = |seconds: u32| {
        let mut script = script.clone();
        if seconds > 0 {
            script.push(wait(seconds));
        }
        let bedside = play(&patient, &script);
        assert_eq!(bedside.time, Seconds(45 + seconds));
        value(&bedside, SBP).0 - 100_000_000
    };
    assert_eq!(at(0), 0);
    assert_eq!(at(5), 0);
    // At 7 s two fifths of the dose act: 120 * 0.4 / 1.4.
    assert_eq!(at(7), 34_285_680);
    assert_eq!(at(10), 60_000_000);
    assert_eq!(at(60), 60_000_000);
    // At 90 s half of the dose acts: 120 * 0.5 / 1.5.
    assert_eq!(at(90), 39_999_960);
    assert_eq!(at(120), 0);
}

/// Two doses of 1 mg act as 2 mg: 120 * 2 / 3, not twice 60.
#[test]
fn doses_add_up_before_they_saturate() {
    let patient = quiet();
    let once = [give(PRESSOR, 2_000_000, 1), wait(40), wait(20)];
    let twice = [give(PRESSOR, 1_000_000, 1), give(PRESSOR, 1_000_000, 1), wait(600), wait(600), wait(10)];
    let (once, twice) = (play(&patient, &once), play(&patient, &twice));
    assert_eq!(value(&once, SBP).0 - 100_000_000, 79_999_920);
    assert_eq!(value(&twice, SBP), value(&once, SBP));
    assert_eq!(twice.tally(PRESSOR).total, amount(2));
}

#[test]
fn a_rate_acts_while_it_runs_and_fades_when_it_stops() {
    let patient = quiet();
    let on = [give(OXYGEN, 10_000_000, 0), wait(600), wait(100)];
    let bedside = play(&patient, &on);
    assert_eq!((value(&bedside, HR), bedside.tally(OXYGEN).total), (amount(100), amount(10)));
    let off: Vec<_> = on.into_iter().chain([give(OXYGEN, 0, 0), wait(600), wait(15)]).collect();
    let bedside = play(&patient, &off);
    // All or nothing: half faded still acts.
    assert_eq!((value(&bedside, HR), bedside.tally(OXYGEN).total), (amount(100), Amount(0)));
    let gone: Vec<_> = off.into_iter().chain([wait(15)]).collect();
    let bedside = play(&patient, &gone);
    assert_eq!((value(&bedside, HR), bedside.acting.len()), (amount(110), 0));
}

/// The blocker halves what the injection into the muscle does: 60 / 2 at 1 mg, halved.
#[test]
fn an_interaction_changes_an_effect() {
    let patient = quiet();
    let script = [act(BLOCKER), give(PRESSOR, 1_000_000, 0), wait(600), wait(130)];
    assert_eq!(value(&play(&patient, &script), SBP), amount(115));
    assert_eq!(value(&play(&patient, &script[1..]), SBP), amount(130));
}

#[test]
fn people_work_side_by_side_and_one_thing_after_the_other() {
    let patient = quiet();
    let mut bedside = Bedside::begin(&patient);
    let script = [act(MONITOR), act(BLOOD), act(LOOK)];
    bedside.play(&patient, &script, &mut |_| {});
    // Asking takes 5 s each; looking takes the learner's own 20 s meanwhile.
    assert_eq!(bedside.time, Seconds(30));
    assert_eq!(bedside.tally(MONITOR).last, None, "asked at 0, begun at 5, done at 35");
    assert_eq!(bedside.free(&patient, Actor::Nurse), Seconds(55), "then blood, to 55");
    assert_eq!(bedside.free(&patient, Actor::You), Seconds(30));
    bedside.wait(&patient, Seconds(600), &mut |_| {});
    assert_eq!(bedside.time, Seconds(35), "a wait ends when something is done");
    bedside.wait(&patient, Seconds(600), &mut |_| {});
    assert_eq!((bedside.time, bedside.tally(BLOOD).last), (Seconds(55), Some(Seconds(55))));
}

#[test]
fn a_report_tells_the_state_at_sampling() {
    let patient = quiet();
    let script = [act(BLOOD), wait(600), act(LOOK), act(FLUID), wait(600), wait(600)];
    let bedside = play(&patient, &script);
    // Sampled at 25, lowered by fluid at 25 + 20 + 5 + 120, reported at 205.
    assert_eq!((value(&bedside, LACTATE), bedside.time), (amount(2), Seconds(205)));
    let sample = &bedside.samples[0];
    assert_eq!(
        (sample.taken, sample.due, sample.values.as_slice()),
        (Seconds(25), Seconds(205), &[amount(3)][..])
    );
    assert_eq!(sample.finding, Some(0));
    assert!(bedside.tally(BLOOD).reported);
}

#[test]
fn a_rule_fires_after_it_held_and_again_after_its_rest() {
    let patient = patient();
    let mut bedside = Bedside::begin(&patient);
    for _ in 0..10 {
        bedside.wait(&patient, Seconds(600), &mut |_| {});
    }
    let fired: Vec<u32> = bedside
        .story
        .iter()
        .filter(|told| told.what == Happening::Rule(RuleAt(0)))
        .map(|told| told.at.0)
        .collect();
    // Below 80 from second 141 on: 40 + 60 * 2 ** (-141 / 240) = 79.93; held for 5 s.
    assert_eq!(fired.get(..3), Some(&[146, 266, 386][..]));
}

#[test]
fn every_ending_is_reached() {
    let patient = patient();
    let end = |script: &[ScriptStep]| {
        let mut bedside = play(&patient, script);
        while bedside.ending.is_none() {
            bedside.wait(&patient, Seconds(600), &mut |_| {});
        }
        let ending = &patient.endings[bedside.ending.expect("an ending").at()];
        (ending.id.to_string(), bedside.time.0)
    };
    assert_eq!(end(&patient.expert).0, "stable");
    assert_eq!(end(&[act(GO_HOME)]), ("home".to_owned(), 0));
    assert_eq!(end(&[]).0, "arrest");
    let pressed = [give(PRESSOR, 2_000_000, 0)];
    assert_eq!(end(&pressed), ("over".to_owned(), 1_200));
    let recovering: Vec<_> =
        pressed.into_iter().chain([wait(600), wait(600), wait(600)]).chain([act(HAND_OVER)]).collect();
    assert_eq!(end(&recovering).0, "handed-over");
}

#[test]
fn what_the_expert_does_earns_everything() {
    let patient = patient();
    let bedside = play(&patient, &patient.expert);
    assert_eq!(quality(&patient, &bedside), Some(EndingQuality::Best));
    assert_eq!(bedside.score(&patient), (Points(10_000), Points(10_000)));
}

#[test]
fn late_earns_half_and_too_late_nothing() {
    let patient = quiet();
    let judged = |idle: u32| {
        let bedside = play(&patient, &[act(LOOK), wait(idle), give(PRESSOR, 1_000_000, 0), wait(600)]);
        let judged = bedside.judge(&patient, 0, &patient.rubric.lines[0]);
        (judged.how, judged.earned)
    };
    // Looked at 20, given 45 s after it was asked for, within 120 s of looking.
    assert_eq!(judged(75), (How::Met, Points(4_000)));
    assert_eq!(judged(76), (How::Late, Points(2_000)));
    assert_eq!(judged(195), (How::Late, Points(2_000)));
    assert_eq!(judged(196), (How::Not, Points(0)));
    let before = play(&patient, &[give(PRESSOR, 1_000_000, 0), wait(600), act(LOOK)]);
    assert_eq!(before.judge(&patient, 0, &patient.rubric.lines[0]).how, How::Met, "before the window opened");
    assert_eq!(before.judge(&patient, 1, &patient.rubric.lines[1]).how, How::Not, "the wrong order");
}

#[test]
fn a_critical_harm_caps_the_whole() {
    let patient = patient();
    let mut script = patient.expert.clone();
    script.insert(4, act(BLOCKER));
    let bedside = play(&patient, &script);
    let (points, possible) = bedside.score(&patient);
    assert!(points <= Points(4_000), "{points:?} of {possible:?}");
    assert!(!points.reach(enduring_core::measure::Percent(60), possible));
}

#[test]
fn a_dose_over_its_limits_is_given_and_noted() {
    let patient = quiet();
    let over = |script: &[ScriptStep]| play(&patient, script).tally(PRESSOR).over_limit;
    assert!(!over(&[give(PRESSOR, 2_000_000, 0), wait(600)]));
    assert!(over(&[give(PRESSOR, 2_000_001, 0), wait(600)]), "too much at once");
    assert!(
        over(&[give(PRESSOR, 1_000_000, 0), give(PRESSOR, 1_000_000, 0), wait(600), wait(600)]),
        "too soon"
    );
    let five = [
        give(PRESSOR, 2_000_000, 0),
        wait(600),
        wait(100),
        give(PRESSOR, 2_000_000, 0),
        wait(600),
        wait(100),
    ];
    assert!(!over(&five));
    let six: Vec<_> = five.into_iter().chain([give(PRESSOR, 1_000, 0), wait(600)]).collect();
    assert!(over(&six), "too much in all");
}

#[test]
fn doing_nothing_spares_orders_and_earns_nothing_for_it() {
    let patient = patient();
    let idle = play(&patient, &vec![wait(600); 10]);
    assert_eq!(idle.score(&patient).0, Points(0));
    for (at, line) in patient.rubric.lines.iter().enumerate() {
        assert_eq!(idle.judge(&patient, at, line).earned, Points(0), "the lines agree with the total");
    }
    let home = play(&patient, &[act(GO_HOME)]);
    assert_eq!(home.score(&patient).0, Points(2_000), "one act, few orders");
}

#[test]
fn amounts_saturate_and_never_fail() {
    let far = Amount::MAX;
    assert_eq!((far.plus(far), Amount(-far.0).minus(far)), (far, Amount(-far.0)));
    assert_eq!((far.times(far), far.times(Amount(-far.0))), (far, Amount(-far.0)));
    assert_eq!((far.by(Amount(1)), far.by(Amount(0)), Amount(7).by(far)), (far, Amount(0), Amount(0)));
    assert_eq!(Amount(i64::MIN).plus(Amount(i64::MIN)), Amount(-far.0));
    assert_eq!(
        (Amount(1_500_000).decimal(0).to_string(), Amount(-1_450_000).decimal(1).to_string()),
        ("2".to_owned(), "-1.5".to_owned())
    );
    assert_eq!(Amount(36_640_000).decimal(1).to_string(), "36.6");
}

/// A session up to the bedside.
fn arrived() -> (enduring_core::content::Content, State, Device) {
    let content = packs::named("bedside");
    let mut device = Device::default();
    let mut state = begin(&content, &device.start(&content, 3)).expect("a session begins");
    for _ in 0..3 {
        let command = rightly(&content, &state).expect("a way on");
        step(&content, &mut state, &mut device, command).expect("taken");
    }
    (content, state, device)
}

fn step(
    content: &enduring_core::content::Content,
    state: &mut State,
    device: &mut Device,
    command: Command,
) -> Result<(), enduring_core::session::Refusal> {
    device.pass(Wait::Visible(4_000));
    let entry = decide(content, state, command, device.stamp())?;
    apply(content, state, &entry).expect("what was decided is taken");
    Ok(())
}

fn bedside(state: &State) -> &Bedside {
    match &state.phase {
        Phase::Part(PartState::Patient(patient)) => &patient.bedside,
        other => panic!("at the bedside, not {other:?}"),
    }
}

#[test]
fn hidden_variables_and_the_rubric_stay_hidden_until_the_learner_said_how_it_went() {
    let (content, mut state, mut device) = arrived();
    loop {
        let Scene::Patient(patient) = view(&content, &state).scene else { panic!("a patient") };
        assert!(patient.vitals.iter().all(|vital| vital.label != "lactate" && vital.label != "blocked"));
        let Phase::Part(PartState::Patient(at)) = &state.phase else { panic!("a patient") };
        let course = patient_course(&super::packs::bedside::patient(), at);
        match patient.ask {
            PatientAsk::Next | PatientAsk::Reflect { .. } => {
                assert_eq!(course, None);
                let shown = format!("{patient:?}");
                assert!(!shown.contains(packs::KEY_ONLY), "{shown}");
            }
            PatientAsk::Debrief(debrief) => {
                assert_eq!((debrief.lines.len(), debrief.gate_met), (8, true));
                let order = debrief.lines.iter().find(|line| line.kind == LineKind::Sequence);
                let order = order.expect("a sequence");
                assert!(order.at.is_some() && order.at <= order.then, "both times: {order:?}");
                assert!(
                    order.expert.is_some() && order.expert <= order.expert_then,
                    "the expert's: {order:?}"
                );
                let course = course.expect("a course");
                assert_eq!(course.curves.len(), 4, "what a monitor can show");
                assert_eq!(course.own, course.expert);
                break;
            }
        }
        let command = rightly(&content, &state).expect("a way on");
        step(&content, &mut state, &mut device, command).expect("taken");
    }
}

/// What was read at the end of the encounter is read again, from the part after it to
/// the completed session, and nothing of it while the encounter still runs.
#[test]
fn a_finished_patient_can_be_looked_back_on_from_any_later_step() {
    let (content, mut state, mut device) = arrived();
    let place = state.finished.len();
    let id = content.activity().parts[place].id.clone();
    let mut debrief = None;
    let mut later = 0;
    while let Some(command) = rightly(&content, &state) {
        let back = looked_back(&content, &state, &id);
        match view(&content, &state).scene {
            Scene::Patient(patient) => {
                assert_eq!(back, None, "it is still at hand");
                debrief = Some(*patient);
            }
            _ => {
                later += 1;
                assert_eq!(back, debrief);
                let (_, played) = encounter(&content, &state, &id).expect("a finished one");
                let course = patient_course(&super::packs::bedside::patient(), played).expect("a course");
                assert_eq!(course.own, course.expert);
            }
        }
        step(&content, &mut state, &mut device, command).expect("taken");
    }
    assert!(later > 1 && matches!(state.phase, Phase::Completed(_)), "{later} at {:?}", state.phase);
    let back = looked_back(&content, &state, &id);
    assert!(matches!(back.as_ref().map(|back| &back.ask), Some(PatientAsk::Debrief(_))));
    assert_eq!(back, debrief);
    for (other, part) in content.activity().parts.iter().enumerate().filter(|(other, _)| *other != place) {
        assert_eq!(looked_back(&content, &state, &part.id), None, "part {other} is not a patient");
    }
}

fn looked_back(content: &Content, state: &State, part: &PartId) -> Option<PatientView> {
    match look_back(content, state, part)? {
        LookedBack::Patient(patient) => Some((*patient).clone()),
        LookedBack::Test(_) | LookedBack::Case(_) => None,
    }
}

/// A thousand encounters by chance, every virtual minute of each. The digest is frozen:
/// another one under the same rules number breaks signed records.
#[test]
fn a_thousand_encounters_stay_as_they_are() {
    let patient = patient();
    let mut seed = 1u32;
    let mut dice = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    };
    let mut all = Digest([0; 32]);
    let mut endings = vec![0u32; patient.endings.len()];
    for _ in 0..1_000 {
        let mut bedside = Bedside::begin(&patient);
        while bedside.ending.is_none() {
            let at = match dice() % 100 {
                0 => GO_HOME,
                1 => HAND_OVER,
                pick @ 2..=50 => ActionAt(u16::try_from(pick % 7).expect("small")),
                _ => ActionAt(u16::MAX),
            };
            match patient.actions.get(at.at()) {
                Some(action) if bedside.offers(at, action) && bedside.jobs.len() < 40 => {
                    let dose = action.dose.as_ref().map(|_| Given {
                        amount: Amount(i64::from(dice() % 5_000_000)),
                        route: RouteAt(u16::try_from(dice() as usize % action.routes.len()).expect("small")),
                    });
                    bedside.act(&patient, at, dose, &mut |_| {});
                }
                Some(_) | None => bedside.wait(&patient, Seconds(1 + dice() % 200), &mut |_| {}),
            }
        }
        endings[bedside.ending.expect("an ending").at()] += 1;
        all = Digest::of(&[&all.0, &minutes(&patient, &bedside.steps).0]);
    }
    assert!(endings.iter().all(|count| *count > 0), "{endings:?}");
    assert_eq!(all.to_string(), FROZEN);
}

const FROZEN: &str = "59bac35e6c4223cec8d6eb12065f8f54b61ab6b15a304365751acea9fe1357a8";

/// Whatever is tried at the bedside, a refused step leaves it as it was.
#[test]
fn refusals_at_the_bedside_leave_it_as_it_was() {
    let (content, mut state, mut device) = arrived();
    let before = state.clone();
    let wrong = [
        (r#"{"act":{"action":"nothing"}}"#, "patient.action"),
        (r#"{"act":{"action":"fluid"}}"#, "patient.not_offered"),
        (r#"{"act":{"action":"pressor"}}"#, "patient.dose"),
        (r#"{"act":{"action":"look","dose":{"amount":"1","route":"im"}}}"#, "patient.dose"),
        (r#"{"act":{"action":"pressor","dose":{"amount":"0","route":"im"}}}"#, "patient.dose"),
        (r#"{"act":{"action":"pressor","dose":{"amount":"-1","route":"im"}}}"#, "patient.dose"),
        (r#"{"act":{"action":"pressor","dose":{"amount":"2000.001","route":"im"}}}"#, "patient.dose"),
        (r#"{"act":{"action":"pressor","dose":{"amount":"1","route":"po"}}}"#, "patient.dose"),
        (r#"{"wait":{"seconds":0}}"#, "patient.wait"),
        (r#"{"wait":{"seconds":3601}}"#, "patient.wait"),
        (r#"{"reflect":{"view":"well"}}"#, "patient.running"),
        (r#""restart_patient""#, "patient.running"),
        (r#""finish_part""#, "patient.running"),
        (r#"{"follow":{"link":"on"}}"#, "part.kind"),
    ];
    for (command, code) in wrong {
        let command: Command = serde_json::from_str(command).expect("a command");
        let refused = step(&content, &mut state, &mut device, command.clone()).expect_err("refused");
        assert_eq!((refused.code(), &state), (code, &before), "{command:?}");
    }
    let home = serde_json::from_str(r#"{"act":{"action":"go-home"}}"#).expect("a command");
    step(&content, &mut state, &mut device, home).expect("taken");
    assert!(bedside(&state).ending.is_some());
    let after = [
        (Command::Wait { seconds: 1 }, "patient.ended"),
        (Command::RestartPatient, "patient.reflect"),
        (Command::FinishPart, "patient.reflect"),
    ];
    for (command, code) in after {
        let refused = step(&content, &mut state, &mut device, command).expect_err("refused");
        assert_eq!(refused.code(), code);
    }
    step(&content, &mut state, &mut device, Command::Reflect { view: OwnView::Badly }).expect("taken");
    let refused = step(&content, &mut state, &mut device, Command::FinishPart).expect_err("refused");
    assert_eq!(refused.code(), "part.unfinished", "the gate is not met");
    step(&content, &mut state, &mut device, Command::RestartPatient).expect("taken");
    assert_eq!((bedside(&state).time, bedside(&state).ending), (Seconds(0), None));
}

/// What is possible is taken, and what the view says of its time is what passes.
#[test]
fn the_cost_in_time_is_seen_before_it_is_spent() {
    let (content, mut state, mut device) = arrived();
    for how in 0..400u32 {
        let Scene::Patient(patient) = view(&content, &state).scene else { panic!("a patient") };
        let Some(command) = at_bedside(&patient, how.wrapping_mul(2_654_435_761)).pop() else { break };
        let passes = match &command {
            Command::Act { action, .. } => {
                let known = patient.actions.iter().find(|known| known.action == *action);
                known.map(|known| known.passes)
            }
            _ => None,
        };
        for known in &patient.actions {
            assert!(known.spent.is_none() || !known.possible, "for once: {known:?}");
            assert!(known.spent != Some(Spent::Done) || known.done > 0, "it was done: {known:?}");
        }
        let before = patient.time;
        if step(&content, &mut state, &mut device, command).is_err() {
            continue;
        }
        if let (Some(passes), Phase::Part(PartState::Patient(now))) = (passes, &state.phase)
            && now.bedside.ending.is_none()
        {
            assert_eq!(now.bedside.time.0, before.0 + passes.0);
        }
    }
}

/// Whatever a stranger's pack says, a second stays total and short: each of these is refused.
#[test]
fn a_patient_that_could_not_be_simulated_is_not_opened() {
    type Flaw = (&'static str, fn(&mut Patient));
    let flaws: &[Flaw] = &[
        ("no variable", |it| it.variables.clear()),
        ("no stage", |it| it.stages.clear()),
        ("no ending when time is over", |it| it.endings.retain(|ending| ending.kind != EndingKind::TimeOut)),
        ("two of them", |it| it.endings.push(it.endings[4].clone())),
        ("no time", |it| it.limit = Seconds(0)),
        ("more than a day", |it| it.limit = Seconds(LIMIT_MAX + 1)),
        ("begins out of its range", |it| it.variables[0].initial = amount(251)),
        ("the same name twice", |it| it.variables[1].id = it.variables[0].id.clone()),
        ("an unknown variable", |it| it.beginning.push(Change::Show(VariableAt(6)))),
        ("an unknown action", |it| it.rules[0].when = Guard::Done(ActionAt(9))),
        ("an unknown ending", |it| it.actions[8].changes = vec![Change::End(EndingAt(5))]),
        ("an unknown stage", |it| it.rules[0].changes = vec![Change::Stage(StageAt(2))]),
        ("an unknown rule", |it| it.endings[0].when = Guard::Fired(RuleAt(3))),
        ("a stage that leads to a stage", |it| it.stages[1].changes = vec![Change::Stage(StageAt(0))]),
        ("an unknown variable deep down", |it| {
            it.variables[2].formula = Some(n(1).join(v(VariableAt(60)), Op::Least));
        }),
        ("a formula without steps", |it| it.variables[2].formula = Some(Formula::of(Vec::new()))),
        ("a formula that ends with two numbers", |it| {
            it.variables[2].formula = Some(Formula::of(vec![Op::Time, Op::Time]));
        }),
        ("a formula that adds what is not there", |it| {
            it.variables[2].formula = Some(Formula::of(vec![Op::Time, Op::Sum, Op::Time]));
        }),
        ("a formula that keeps too much", |it| {
            let high = [vec![Op::Time; STACK_MAX + 1], vec![Op::Sum; STACK_MAX]].concat();
            it.variables[2].formula = Some(Formula::of(high));
        }),
        ("a rule without rest", |it| it.rules[0].again = Some(Seconds(0))),
        ("a dose without a route", |it| it.actions[3].routes.clear()),
        ("two ways without a dose", |it| it.actions[0].routes = it.actions[2].routes.clone()),
        ("an effect that wanes before it acts", |it| it.actions[2].routes[0].effects[0].wanes = Seconds(1)),
        ("an unknown route in the rubric", |it| {
            it.rubric.lines[0].measure = Measure::Sequence {
                first: vec![Deed { route: Some(RouteAt(2)), ..deed(PRESSOR) }],
                then: Vec::new(),
            };
        }),
        ("a dose for what takes none", |it| {
            it.expert.push(ScriptStep::Act {
                action: LOOK,
                dose: Some(Given { amount: amount(1), route: RouteAt(0) }),
            });
        }),
        ("too many rules", |it| it.rules = vec![it.rules[0].clone(); 257]),
        ("an endless formula", |it| {
            let step = n(0).join(n(1), Op::Sum);
            let many = (0..10_000).fold(step, |sum, _| sum.join(n(1), Op::Sum));
            it.variables[2].formula = Some(many);
        }),
        ("an endless condition", |it| {
            let many = vec![Guard::Less(n(1), n(2)); 10_000];
            it.endings[0].when = Guard::All(many);
        }),
        ("a share above the whole", |it| it.endings[0].share = 1_001),
    ];
    for (what, spoil) in flaws {
        let mut activity = activity();
        let enduring_core::content::PartBody::Patient(patient) = &mut activity.parts[0].body else {
            panic!("a patient")
        };
        spoil(patient);
        assert!(packs::open(&activity).is_err(), "{what}");
    }
    assert!(packs::open(&activity()).is_ok());
    assert!(packs::open(&enduring_core::content::Activity { content_version: 1, ..activity() }).is_err());
}

/// From any step of an encounter one can try what else could have been done.
#[test]
fn a_practice_goes_on_from_a_step_and_leaves_the_session_alone() {
    let patient = patient();
    let whole = practice(&patient, &patient.expert);
    assert_eq!(whole.bedside.ending, Some(EndingAt(0)));
    let before = practice(&patient, &patient.expert[..2]);
    let home = serde_json::from_str(r#"{"act":{"action":"go-home"}}"#).expect("a command");
    let after = practise(&patient, &before, home).expect("taken");
    assert_eq!((after.bedside.ending, before.bedside.ending), (Some(EndingAt(3)), None));
    assert!(practise(&patient, &after, Command::Wait { seconds: 1 }).is_err());
    assert!(practise(&patient, &before, Command::FinishPart).is_err(), "nothing of it counts");
}
