//! The corpus in the player's own wasm, in three engines: the same bytes as natively.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use enduring_browser_tests::site::copy;
use enduring_browser_tests::{Visit, journeys};
use serde_json::{Value, json};

journeys! { corpus_in_wasm }

/// A page of the same site that starts the player's wasm without the player, and
/// replays every case. A script of WebDriver's could not: Firefox runs those in a
/// sandbox that has no modules.
const PAGE: &str = r#"<!DOCTYPE html><meta charset="utf-8"><title>Corpus</title><script type="module" src="corpus.js"></script>"#;
const SCRIPT: &str = r#"
    const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
    const text = async (path) => (await fetch(path)).text();
    const shell = new DOMParser().parseFromString(await text("index.html"), "text/html");
    const { js, wasm } = shell.querySelector("script[data-wasm]").dataset;
    const glue = await import(new URL(js, location.href));
    await glue.default({ module_or_path: new URL(wasm, location.href) });
    const found = {};
    for (const { name, pack } of JSON.parse(await text("corpus/list.json"))) {
      const at = `corpus/packs/${pack}/`;
      found[name] = glue.replayLog(await bytes(at + "manifest.json"), await bytes(at + "activity.bin"), await text(`corpus/${name}/log.jsonl`));
    }
    const shown = document.createElement("pre");
    shown.textContent = JSON.stringify(found);
    document.body.append(shown);
"#;

async fn corpus_in_wasm(visit: &mut Visit) -> Result<()> {
    let corpus = xtask::workspace::root().join("tests/corpus");
    let root = visit.site.root.clone();
    copy(&corpus, &root.join("corpus"))?;
    let cases = cases(&corpus)?;
    ensure!(cases.len() >= 25, "expected at least 25 sessions, found {}", cases.len());
    let list: Vec<Value> = cases.iter().map(|case| json!({"name": case.name, "pack": case.pack})).collect();
    std::fs::write(root.join("corpus/list.json"), serde_json::to_string(&list)?)?;
    std::fs::write(root.join("corpus.html"), PAGE)?;
    std::fs::write(root.join("corpus.js"), SCRIPT)?;
    visit.site.server.deploy(root);

    let page = visit.page()?;
    page.web().goto(format!("{}/corpus.html", visit.site.server.url())).await?;
    let shown = "return document.querySelector('pre')?.textContent ?? null";
    let found: String = page.until("the corpus replayed", shown, json!([])).await?;
    let found: Value = serde_json::from_str(&found)?;
    for Case { name, expected, score, .. } in cases {
        let lines: Vec<&str> = found[&name].as_str().unwrap_or_default().split('\n').collect();
        let [accepted, broken, state, scored] = lines.as_slice() else { anyhow::bail!("{name}: {lines:?}") };
        let head = format!("{} {}", expected["events"], expected["head"].as_str().unwrap_or_default());
        ensure!(broken.is_empty(), "{name}: {broken}");
        ensure!(*accepted == head, "{name}: expected {head}, found {accepted}");
        ensure!(expected["state_sha256"] == **state, "{name}: another state");
        ensure!(*scored == score.trim_end(), "{name}: another score");
    }
    Ok(())
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
