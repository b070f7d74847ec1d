//! The corpus in the player's own wasm, in three engines: the same bytes as natively.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use enduring_browser_tests::site::copy;
use enduring_browser_tests::{Visit, journeys};
use enduring_core::content::Content;
use enduring_core::id::{RouteId, SessionId};
use enduring_core::measure::{Decimal, Millis, Timestamp, UtcOffset};
use enduring_core::session::view::{PatientAsk, PatientView, Scene, view};
use enduring_core::session::{
    Command, Entry, Event, Mode, PatientDose, Phase, Stamp, Started, apply, begin, decide, encode, minutes_of,
};
use serde_json::{Value, json};

journeys! { corpus_in_wasm }

/// A page of the same site that starts the player's wasm without the player, and
/// replays every case. A script of WebDriver's could not: Firefox runs those in a
/// sandbox that has no modules.
const PAGE: &str = r#"<!DOCTYPE html><meta charset="utf-8"><title>Corpus</title><pre></pre><script type="module" src="corpus.js"></script>"#;
/// Shows what was found, or what went wrong.
const SCRIPT: &str = r#"
    const answer = async (path) => {
      const response = await fetch(path);
      if (!response.ok) throw new Error(`${path}: expected status 200, found ${response.status}`);
      return response;
    };
    const bytes = async (path) => new Uint8Array(await (await answer(path)).arrayBuffer());
    const text = async (path) => (await answer(path)).text();
    // Step by step: an engine that is never let go does not get to its optimizing
    // compiler, and a page that tells how far it is can be waited for as long as it goes on.
    const shown = document.querySelector("pre");
    let steps = 0;
    const step = () => {
      shown.dataset.steps = ++steps;
      return new Promise((resolve) => setTimeout(resolve));
    };
    const replayed = async () => {
      const { js, wasm, late, cases } = JSON.parse(await text("corpus/list.json"));
      const glue = await import(new URL(js, location.href));
      const first = await glue.default({ module_or_path: new URL(wasm, location.href) });
      await WebAssembly.instantiateStreaming(answer(late), { 1: first });
      const found = {};
      for (const { name, pack } of cases) {
        const at = `corpus/packs/${pack}/`;
        await step();
        found[name] = glue.replayLog(await bytes(at + "manifest.json"), await bytes(at + "activity.bin"), await text(`corpus/${name}/log.jsonl`));
      }
      const at = "corpus/packs/bedside/";
      const [manifest, activity] = [await bytes(at + "manifest.json"), await bytes(at + "activity.bin")];
      found.encounters = [];
      for (const log of JSON.parse(await text("corpus/encounters.json"))) {
        await step();
        found.encounters.push(glue.replayLog(manifest, activity, log).split("\n")[4]);
      }
      return JSON.stringify(found);
    };
    shown.textContent = await replayed().catch((error) => `${error}\n${error.stack}`);
"#;

async fn corpus_in_wasm(visit: &mut Visit) -> Result<()> {
    let corpus = xtask::workspace::root().join("tests/corpus");
    let root = visit.site.root.clone();
    copy(&corpus, &root.join("corpus"))?;
    let cases = cases(&corpus)?;
    ensure!(cases.len() >= 25, "expected at least 25 sessions, found {}", cases.len());
    let list: Vec<Value> = cases.iter().map(|case| json!({"name": case.name, "pack": case.pack})).collect();
    let [js, wasm, late] = player(&root)?;
    let list = json!({"js": js, "wasm": wasm, "late": late, "cases": list});
    std::fs::write(root.join("corpus/list.json"), list.to_string())?;
    let encounters = encounters(&corpus)?;
    let logs: Vec<&str> = encounters.iter().map(|(log, _)| log.as_str()).collect();
    std::fs::write(root.join("corpus/encounters.json"), json!(logs).to_string())?;
    std::fs::write(root.join("corpus.html"), PAGE)?;
    std::fs::write(root.join("corpus.js"), SCRIPT)?;
    visit.site.server.deploy(root);

    let page = visit.page()?;
    page.web().goto(format!("{}/corpus.html", visit.site.server.url())).await?;
    let mut steps = 0;
    let found = loop {
        let more = "const pre = document.querySelector('pre');
            return pre?.textContent || Number(pre?.dataset.steps) > arguments[0]
                ? [pre.textContent, Number(pre.dataset.steps)] : null";
        let (text, done): (String, u32) =
            page.until(&format!("more than {steps} steps"), more, json!([steps])).await?;
        if !text.is_empty() {
            break text;
        }
        steps = done;
    };
    let found: Value = serde_json::from_str(&found).with_context(|| format!("the page says {found:?}"))?;
    for Case { name, expected, score, .. } in cases {
        let lines: Vec<&str> = found[&name].as_str().unwrap_or_default().split('\n').collect();
        let [accepted, broken, state, scored, minutes] = lines.as_slice() else { bail!("{name}: {lines:?}") };
        let head = format!("{} {}", expected["events"], expected["head"].as_str().unwrap_or_default());
        ensure!(broken.is_empty(), "{name}: {broken}");
        ensure!(*accepted == head, "{name}: expected {head}, found {accepted}");
        ensure!(expected["state_sha256"] == **state, "{name}: another state");
        ensure!(*scored == score.trim_end(), "{name}: another score");
        let patient = expected["minutes"].as_str().unwrap_or_default();
        ensure!(patient == *minutes, "{name}: another virtual minute");
    }
    let minutes: Vec<String> = encounters.into_iter().map(|(_, minutes)| minutes).collect();
    ensure!(
        found["encounters"] == json!(minutes),
        "a virtual minute of an encounter by chance is another one"
    );
    Ok(())
}

/// A thousand encounters by chance, each a log and the digest of its virtual minutes.
fn encounters(corpus: &Path) -> Result<Vec<(String, String)>> {
    let read = |file: &str| std::fs::read(corpus.join("packs/bedside").join(file));
    let content = Content::open(&read("manifest.json")?, &read("activity.bin")?)?;
    let mut dice = Dice(1);
    (0..1_000).map(|session| encounter(&content, session, &mut dice)).collect()
}

struct Dice(u32);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % bound.max(1)
    }
}

fn encounter(content: &Content, session: u16, dice: &mut Dice) -> Result<(String, String)> {
    let [high, low] = session.to_be_bytes();
    let started = Started {
        session: SessionId([high, low, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        pack: content.digest(),
        activity: content.activity().id.clone(),
        version: content.activity().version.clone(),
        rules: content.rules(),
        player: "1.0.0".to_owned(),
        mode: Mode::Credit,
    };
    let mut at = 1_772_460_000_000;
    let mut stamp = || {
        at += 3_000;
        Stamp {
            at: Timestamp(at),
            offset: UtcOffset(-300),
            zone: "America/New_York".to_owned(),
            active: Millis(0),
        }
    };
    let Stamp { at, offset, zone, active } = stamp();
    let first = Entry { n: 1, at, offset, zone, active, event: Event::Started(started) };
    let mut state = begin(content, &first)?;
    let mut log = encode(&first) + "\n";
    loop {
        let command = match view(content, &state).scene {
            Scene::FrontMatter if state.phase == Phase::FrontMatter => Command::ShowFrontMatter,
            Scene::FrontMatter => Command::AcknowledgeFrontMatter,
            Scene::Opening(_) => Command::EnterPart,
            Scene::Patient(patient) if patient.ask == PatientAsk::Next => at_bedside(&patient, dice)?,
            _ => break,
        };
        // Too much at once is refused; time goes on.
        let entry = decide(content, &state, command, stamp())
            .or_else(|_| decide(content, &state, Command::Wait { seconds: 60 }, stamp()))?;
        apply(content, &mut state, &entry)?;
        log.push_str(&(encode(&entry) + "\n"));
    }
    let minutes = minutes_of(content, &state).context("a patient")?;
    Ok((log, minutes.to_string()))
}

/// Waits, or does something that is possible; to end it all comes last in the list and seldom.
fn at_bedside(patient: &PatientView, dice: &mut Dice) -> Result<Command> {
    let possible: Vec<_> = patient.actions.iter().filter(|action| action.possible).collect();
    let pick = dice.below(possible.len() * 2);
    let Some(action) = possible.get(pick).filter(|_| pick + 1 < possible.len() || dice.below(8) == 0) else {
        return Ok(Command::Wait { seconds: u16::try_from(1 + dice.below(200))? });
    };
    let dose = match &action.dose {
        Some(sheet) => {
            let route = &sheet.routes[dice.below(sheet.routes.len())];
            let amount = ["0.25", "1", "2.5", "12"][dice.below(4)];
            let amount = Decimal::parse(amount).context("a number")?;
            Some(PatientDose { amount, route: RouteId::new(route.id.as_str())? })
        }
        None => None,
    };
    Ok(Command::Act { action: action.action.clone(), dose })
}

/// The names of the player's glue and of the two parts of its wasm.
fn player(root: &Path) -> Result<[String; 3]> {
    for entry in std::fs::read_dir(root).with_context(|| format!("reading {}", root.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix("_bg.wasm") {
            let (player, hash) = stem.rsplit_once('-').context("a digest in the name")?;
            return Ok([format!("{stem}.js"), name.clone(), format!("{player}-late-{hash}.wasm")]);
        }
    }
    bail!("{}: expected the player's wasm", root.display())
}

struct Case {
    name: String,
    pack: String,
    expected: Value,
    score: String,
}

fn cases(corpus: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(corpus).with_context(|| format!("reading {}", corpus.display()))? {
        let folder = entry?.path();
        if folder.join("expected.json").exists() {
            let expected: Value = serde_json::from_str(&read(&folder.join("expected.json"))?)?;
            cases.push(Case {
                name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                pack: expected["pack"].as_str().context("a pack")?.to_owned(),
                score: read(&folder.join("score.json"))?,
                expected,
            });
        }
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(cases)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
