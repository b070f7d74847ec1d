//! The corpus in the player's own wasm, in three engines: the same bytes as natively.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use enduring_browser_tests::{Visit, journeys};
use enduring_core::encode::base64url;
use serde_json::{Value, json};

journeys! { corpus_in_wasm }

/// Replays in the page with the instance that plays, over packs that are sent as base64url.
const REPLAY: &str = r#"
    const [js, manifest, activity, log] = arguments;
    const done = arguments[arguments.length - 1];
    const bytes = (t) => Uint8Array.from(atob(t.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    import(js).then((glue) => done(glue.replayLog(bytes(manifest), bytes(activity), log)), (e) => done("! " + e));
"#;

async fn corpus_in_wasm(visit: &mut Visit) -> Result<()> {
    let page = visit.page()?;
    page.go("#/").await?;
    let js: String = page
        .js(
            "return new URL(document.querySelector('script[data-js]').dataset.js, document.baseURI).href",
            json!([]),
        )
        .await?;
    let corpus = xtask::workspace::root().join("tests/corpus");
    let cases = cases(&corpus)?;
    ensure!(cases.len() >= 25, "expected at least 25 sessions, found {}", cases.len());
    for case in cases {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let expected: Value = serde_json::from_str(&read(&case.join("expected.json"))?)?;
        let pack = corpus.join("packs").join(expected["pack"].as_str().context("a pack")?);
        let manifest = base64url(&std::fs::read(pack.join("manifest.json"))?);
        let activity = base64url(&std::fs::read(pack.join("activity.bin"))?);
        let log = read(&case.join("log.jsonl"))?;
        let found: String = page.js_async(REPLAY, json!([js, manifest, activity, log])).await?;
        let lines: Vec<&str> = found.split('\n').collect();
        let [accepted, broken, state, score] = lines.as_slice() else { anyhow::bail!("{name}: {found}") };
        let head = format!("{} {}", expected["events"], expected["head"].as_str().unwrap_or_default());
        ensure!(broken.is_empty(), "{name}: {broken}");
        ensure!(*accepted == head, "{name}: expected {head}, found {accepted}");
        ensure!(expected["state_sha256"] == **state, "{name}: another state");
        ensure!(*score == read(&case.join("score.json"))?.trim_end(), "{name}: another score");
    }
    Ok(())
}

fn cases(corpus: &Path) -> Result<Vec<PathBuf>> {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(corpus)
        .with_context(|| format!("reading {}", corpus.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    cases.retain(|case| case.join("expected.json").exists());
    cases.sort();
    Ok(cases)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
