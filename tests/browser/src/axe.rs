//! axe-core on a page: what it reports as a violation, in words.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use xtask::tools::Tools;

use crate::{Engine, Page, Visit};

/// The rules that apply: WCAG 2.2 A and AA, and axe's own best practices. Colors on
/// their way to others, as after a change of the theme, are not judged.
const RUN: &str = r#"
    const done = arguments[arguments.length - 1];
    // A page behind another one has no frames.
    const frame = () => new Promise((go) => { requestAnimationFrame(go); setTimeout(go, 250); });
    const running = () => document.getAnimations().filter((a) => a.effect.getComputedTiming().endTime !== Infinity);
    // What the last change set going begins with the next frame.
    frame().then(frame)
      .then(() => Promise.allSettled(running().map((a) => a.finished)))
      .then(() => axe.run(document, { resultTypes: ["violations"] }))
      .then(
      ({ violations }) => done(violations.map((v) => `${v.id} (${v.impact}): ${v.help}\n` +
        v.nodes.slice(0, 4).map((n) => `    ${n.target.join(" ")}: ${n.failureSummary?.split("\n").slice(1).join(";")}`).join("\n"))),
      (error) => done([String(error)]));
"#;

/// Everything that axe-core objects to on the page as it is.
pub async fn violations(page: &Page) -> Result<Vec<String>> {
    let there: bool = page.js("return typeof axe === 'object'", json!([])).await?;
    if !there {
        let path = Tools::find()?.npm_package("axe-core").join("axe.min.js");
        let axe = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}; `cargo xtask setup` installs it", path.display()))?;
        page.js::<Value>(&format!("{axe}; window.axe = axe; return null"), json!([])).await?;
    }
    page.js_async(RUN, json!([])).await
}

/// Fails with what axe-core objects to, in both themes at three sizes in Chromium; screenshots go to the visit's
/// folder.
pub async fn look(visit: &Visit, page: &Page, name: &str) -> Result<()> {
    let mut found = violations(page).await?;
    if visit.engine == Engine::Chromium {
        for (size, width, height) in [("phone", 360, 740), ("tablet", 820, 1180), ("desk", 1280, 800)] {
            visit.resize(width, height).await?;
            for theme in ["light", "dark"] {
                let media = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
                visit.web()?.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
                found.extend(violations(page).await?);
                let png = visit.web()?.screenshot_as_png().await?;
                std::fs::write(visit.folder.join(format!("{name}-{size}-{theme}.png")), &png)?;
            }
        }
    }
    ensure!(found.is_empty(), "{name}: {}", found.join("\n"));
    Ok(())
}
