//! The corpus in the player's own wasm, in three engines: the same bytes as natively.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use enduring_browser_tests::site::copy;
use enduring_browser_tests::{Visit, journeys};
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
    const replayed = async () => {
      const { js, wasm, cases } = JSON.parse(await text("corpus/list.json"));
      const glue = await import(new URL(js, location.href));
      await glue.default({ module_or_path: new URL(wasm, location.href) });
      const found = {};
      for (const { name, pack } of cases) {
        const at = `corpus/packs/${pack}/`;
        found[name] = glue.replayLog(await bytes(at + "manifest.json"), await bytes(at + "activity.bin"), await text(`corpus/${name}/log.jsonl`));
      }
      return JSON.stringify(found);
    };
    const shown = document.querySelector("pre");
    shown.textContent = await replayed().catch((error) => `${error}\n${error.stack}`);
"#;

async fn corpus_in_wasm(visit: &mut Visit) -> Result<()> {
    let corpus = xtask::workspace::root().join("tests/corpus");
    let root = visit.site.root.clone();
    copy(&corpus, &root.join("corpus"))?;
    let cases = cases(&corpus)?;
    ensure!(cases.len() >= 25, "expected at least 25 sessions, found {}", cases.len());
    let list: Vec<Value> = cases.iter().map(|case| json!({"name": case.name, "pack": case.pack})).collect();
    let (js, wasm) = player(&root)?;
    let list = json!({"js": js, "wasm": wasm, "cases": list});
    std::fs::write(root.join("corpus/list.json"), list.to_string())?;
    std::fs::write(root.join("corpus.html"), PAGE)?;
    std::fs::write(root.join("corpus.js"), SCRIPT)?;
    visit.site.server.deploy(root);

    let page = visit.page()?;
    page.web().goto(format!("{}/corpus.html", visit.site.server.url())).await?;
    let shown = "return document.querySelector('pre')?.textContent || null";
    let found: String = page.until("the corpus replayed", shown, json!([])).await?;
    let found: Value = serde_json::from_str(&found).with_context(|| format!("the page says {found:?}"))?;
    for Case { name, expected, score, .. } in cases {
        let lines: Vec<&str> = found[&name].as_str().unwrap_or_default().split('\n').collect();
        let [accepted, broken, state, scored] = lines.as_slice() else { bail!("{name}: {lines:?}") };
        let head = format!("{} {}", expected["events"], expected["head"].as_str().unwrap_or_default());
        ensure!(broken.is_empty(), "{name}: {broken}");
        ensure!(*accepted == head, "{name}: expected {head}, found {accepted}");
        ensure!(expected["state_sha256"] == **state, "{name}: another state");
        ensure!(*scored == score.trim_end(), "{name}: another score");
    }
    Ok(())
}

/// The names of the player's glue and wasm.
fn player(root: &Path) -> Result<(String, String)> {
    for entry in std::fs::read_dir(root).with_context(|| format!("reading {}", root.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix("_bg.wasm") {
            return Ok((format!("{stem}.js"), name));
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
