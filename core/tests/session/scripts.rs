//! Scripts of learners at the bedside of the sample patients: `tests/patients` has what
//! they do, and each is a session of the corpus with the rubric that comes of it.

use std::{env, fs, path::PathBuf};

use enduring_core::content::patient::{Action, Patient};
use enduring_core::content::{Content, PartBody};
use enduring_core::id::{ActionId, RouteId};
use enduring_core::measure::Decimal;
use enduring_core::session::view::{PatientAsk, Scene, view};
use enduring_core::session::{Command, OwnView, PatientDose, apply, begin, decide};
use serde::Deserialize;

use super::corpus::pack;
use super::learner::{Device, Wait, rightly};

#[derive(Deserialize)]
struct Script {
    title: String,
    shows: String,
    script: Vec<String>,
}

/// Each script is a session `PACK-NAME`, whose commands are written from it.
#[test]
fn scripts_are_sessions_of_the_corpus() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let mut scripts = 0;
    for name in ["anaphylaxis", "sepsis"] {
        let content = pack(name);
        let mut files: Vec<PathBuf> = fs::read_dir(root.join("patients").join(name))
            .expect("a folder of scripts")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        for file in files {
            let text = fs::read_to_string(&file).expect("a script");
            let script: Script =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let session = format!("{name}-{}", file.file_stem().expect("a name").to_string_lossy());
            let folder = root.join("corpus").join(&session);
            let case = format!(
                "title = {:?}\npack = {name:?}\nshows = {:?}\nknown_failure = false\n",
                script.title, script.shows
            );
            let commands = commands(&content, &script.script, &session);
            for (file, expected) in [("case.toml", case), ("commands.jsonl", commands)] {
                let path = folder.join(file);
                let found = fs::read_to_string(&path).unwrap_or_default();
                if found != expected && env::var("UPDATE_CORPUS").is_ok() {
                    fs::create_dir_all(&folder).expect("a folder");
                    fs::write(&path, &expected).expect("written");
                } else {
                    assert_eq!(found, expected, "{}", path.display());
                }
            }
            scripts += 1;
        }
    }
    assert_eq!(scripts, 15, "an expert and flawed learners for each");
}

/// The lines of a session: everything else rightly, the bedside by the script, and then
/// how it went and the way on, where there is one.
fn commands(content: &Content, script: &[String], session: &str) -> String {
    // 2026-12-01T09:00:00-05:00, within the dates of the samples.
    let mut device = Device { at: 1_796_133_600_000, active: 0 };
    let first = device.start(content, 7);
    let mut state = begin(content, &first).expect("a session begins");
    let mut lines =
        vec![format!(r#"{{"start":{{"at":"2026-12-01T09:00:00-05:00","session":"{}"}}}}"#, "07".repeat(16))];
    let mut steps = script.iter();
    loop {
        let command = match view(content, &state).scene {
            Scene::Patient(patient) => match &patient.ask {
                PatientAsk::Next => match steps.next() {
                    Some(step) => step_of(the_patient(content), step),
                    None => Command::Wait { seconds: 3_600 },
                },
                PatientAsk::Reflect { .. } => Command::Reflect { view: OwnView::Mixed },
                PatientAsk::Debrief(debrief) if debrief.gate_met => Command::FinishPart,
                PatientAsk::Debrief(_) => break,
            },
            Scene::Completed(_) => break,
            _ => rightly(content, &state).unwrap_or_else(|| panic!("{session}: a way on")),
        };
        device.pass(Wait::Visible(9_000));
        let entry = decide(content, &state, command.clone(), device.stamp())
            .unwrap_or_else(|refusal| panic!("{session}: {command:?}: {refusal}"));
        apply(content, &mut state, &entry).expect("what was decided is taken");
        let command = serde_json::to_string(&command).expect("JSON writes");
        lines.push(format!(r#"{{"after":"9s","do":{command}}}"#));
    }
    assert!(steps.next().is_none(), "{session}: the encounter ended before the script");
    lines.join("\n") + "\n"
}

fn the_patient(content: &Content) -> &Patient {
    let patient = content.activity().parts.iter().find_map(|part| match &part.body {
        PartBody::Patient(patient) => Some(&**patient),
        PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Evaluation(_) => None,
    });
    patient.expect("a patient")
}

/// `wait 2 min`, `monitor`, `epinephrine 0.5 mg im`.
fn step_of(patient: &Patient, step: &str) -> Command {
    let words: Vec<&str> = step.split_whitespace().collect();
    if let ["wait", span @ ..] = words.as_slice() {
        let seconds = span.chunks(2).map(|pair| {
            let number: u16 = pair[0].parse().expect("a whole number");
            number
                * match pair[1] {
                    "s" => 1,
                    "min" => 60,
                    "h" => 3_600,
                    other => panic!("the unit {other:?}"),
                }
        });
        return Command::Wait { seconds: seconds.sum() };
    }
    let action = patient.actions.iter().find(|action| action.id.as_str() == words[0]);
    let action = action.unwrap_or_else(|| panic!("the action of {step:?}"));
    let dose = action.dose.as_ref().map(|sheet| {
        let unit = sheet.unit.split_whitespace().count();
        PatientDose {
            amount: Decimal::parse(words[1]).expect("an amount"),
            route: route_of(action, words.get(2 + unit).copied()),
        }
    });
    Command::Act { action: ActionId::new(words[0]).expect("a name"), dose }
}

fn route_of(action: &Action, named: Option<&str>) -> RouteId {
    let route = named.unwrap_or_else(|| action.routes[0].id.as_str());
    RouteId::new(route).expect("a name")
}
