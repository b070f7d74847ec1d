//! axe-core on every screen of `screens/list.txt`, in three engines; in Chromium at
//! three sizes, in both themes, and with text of twice the size. `UPDATE_SCREENS=1`
//! keeps screenshots there.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use enduring_browser_tests::walk::{Aim, Stop, Walker};
use enduring_browser_tests::{Engine, Page, Visit, axe, journeys, mishap};
use serde_json::json;

journeys! { screens_are_accessible }

/// Width and height in CSS pixels: a phone, a tablet, a desk.
const SIZES: [(&str, u32, u32); 3] = [("phone", 360, 740), ("tablet", 820, 1180), ("desk", 1280, 800)];
const THEMES: [&str; 2] = ["light", "dark"];
const PNEUMONIA: &str = "community-acquired-pneumonia";

/// The most of every kind of credit, which is more than the minutes of a walk cover.
const CLAIM_MOST: &str = r#"
    for (const field of document.querySelectorAll("select")) {
      field.value = [...field.options].at(-1).value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return true;
"#;

struct Screen {
    name: String,
    way: String,
    what: String,
}

fn folder() -> PathBuf {
    xtask::workspace::root().join("tests/browser/screens")
}

fn list() -> Result<Vec<Screen>> {
    // A list of one's own looks at a few of them alone.
    let list = std::env::var_os("ENDURING_SCREENS").map_or_else(|| folder().join("list.txt"), PathBuf::from);
    let text = std::fs::read_to_string(list).context("reading the list of screens")?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (name, way) =
                line.split_once(" | ").with_context(|| format!("expected a way in {line:?}"))?;
            let (way, what) = way.split_once(' ').unwrap_or((way, ""));
            Ok(Screen { name: name.to_owned(), way: way.to_owned(), what: what.to_owned() })
        })
        .collect()
}

async fn screens_are_accessible(visit: &mut Visit) -> Result<()> {
    let page = visit.page()?;
    let mut walker = Walker::of(&visit.site.root, PNEUMONIA)?;
    visit.resize(360, 740).await?;
    let mut found = Vec::new();
    for screen in list()? {
        if screen.way == "begin" && !screen.what.is_empty() {
            walker = Walker::of(&visit.site.root, &screen.what)?;
        }
        walker.aim = if screen.way == "fail" { Aim::Wrong } else { Aim::Right };
        let first = page.web().window().await?;
        reach(visit, &page, &walker, &screen)
            .await
            .with_context(|| format!("on the way to {}", screen.name))?;
        look(visit, &page, &screen, &mut found).await?;
        if page.web().window().await? != first {
            page.web().close_window().await?;
            page.web().switch_to_window(first).await?;
        }
    }
    ensure!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
    Ok(())
}

async fn reach(visit: &Visit, page: &Page, walker: &Walker, screen: &Screen) -> Result<()> {
    match screen.way.as_str() {
        "go" => page.go(&screen.what).await,
        "press" => page.press(&screen.what).await,
        // What is pressed leads to another page.
        "open" => {
            page.js::<bool>("return delete document.documentElement.dataset.ready", json!([])).await?;
            page.press(&screen.what).await?;
            page.ready().await.map(drop)
        }
        "begin" => walker.begin(page).await,
        "walk" => walker.walk(page, &Stop::CanPress(screen.what.clone().leak())).await,
        "field" => walker.walk(page, &Stop::Reads(screen.what.clone())).await,
        "ending" => walker.walk(page, &Stop::Reads("The expert's way".to_owned())).await,
        "fail" => walker.walk(page, &Stop::CanPress(screen.what.clone().leak())).await,
        "result" => walker.walk(page, &Stop::Reads("Before and after".to_owned())).await,
        "answer" => {
            walker.answer(page).await?;
            page.press(&screen.what).await?;
            page.reads("Correct").await
        }
        "along" => {
            let here = page.web().current_url().await?;
            let second = page.web().new_tab().await?;
            page.web().switch_to_window(second).await?;
            page.web().goto(here.as_str()).await?;
            page.reads(&screen.what).await
        }
        "scroll" => {
            let script = "const h = [...document.querySelectorAll('h2')].find((h) => h.innerText.trim() === arguments[0]); h?.scrollIntoView(); return h ? true : null";
            page.until::<bool>(&screen.what, script, json!([screen.what])).await.map(drop)
        }
        "sheet" => {
            page.fill("Search actions", &screen.what).await?;
            page.act(&screen.what).await
        }
        "practice" => {
            page.press("Try another way from a step").await?;
            page.press(&screen.what).await?;
            page.reads("Nothing is saved or counted").await
        }
        "refused" => {
            mishap::changed(&visit.site, PNEUMONIA, &screen.what)?;
            page.press("Get this activity").await?;
            page.reads("Nothing was stored").await?;
            visit.site.server.heal();
            Ok(())
        }
        "full" => {
            walker.answer(page).await?;
            mishap::no_room(page).await?;
            page.press("Save and go on").await?;
            page.reads(&screen.what).await
        }
        "room" => {
            mishap::room(page).await?;
            page.press("Try again").await?;
            page.reads(&screen.what).await
        }
        "lost" => {
            let here: String = page.js("return location.hash", json!([])).await?;
            mishap::lose_event(page, page.saved().await?).await?;
            page.web().goto("about:blank").await?;
            page.go(&here).await?;
            page.reads(&screen.what).await
        }
        "beyond" => {
            page.js::<bool>(CLAIM_MOST, json!([])).await?;
            page.press("Continue").await?;
            page.reads(&screen.what).await
        }
        // Firefox keeps what a test puts in the place of the clock from the page.
        "day" if visit.engine == Engine::Firefox => Ok(()),
        "day" => {
            let (days, route) = screen.what.split_once(' ').context("expected days and a route")?;
            mishap::another_day(page, days.parse()?, route).await
        }
        "stranger" => {
            page.go("#/library").await?;
            mishap::stranger(&visit.site, &visit.folder, page).await?;
            page.reads(&screen.what).await
        }
        "update" => {
            page.go("#/").await?;
            page.reload().await?;
            mishap::new_version(&visit.site, page).await?;
            page.reads(&screen.what).await
        }
        "crash" => {
            page.js::<bool>("location.hash = '#/debug/panic'; return true", json!([])).await?;
            page.reads(&screen.what).await
        }
        "signed" => walker.walk(page, &Stop::Signed).await,
        other => bail!("expected a known way, found {other:?}"),
    }
}

async fn look(visit: &Visit, page: &Page, screen: &Screen, found: &mut Vec<String>) -> Result<()> {
    // What was pressed may lead to another page: it is there once it has its heading.
    let there = "return document.querySelector('h1') && !document.querySelector('[aria-busy=true],[data-saving]') ? true : null";
    page.until::<bool>("the page with its heading", there, json!([])).await?;
    if visit.engine != Engine::Chromium {
        let violations = axe::violations(page).await?;
        found.extend(violations.into_iter().map(|violation| format!("{}: {violation}", screen.name)));
        return Ok(());
    }
    for (size, width, height) in SIZES {
        visit.resize(width, height).await?;
        for theme in THEMES {
            let media = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
            visit.web()?.cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
            judge(page, &format!("{} ({size}, {theme})", screen.name), found).await?;
            keep(visit, screen, size, theme).await?;
        }
    }
    visit.resize(360, 740).await?;
    text_size(page, "200%").await?;
    judge(page, &format!("{} (phone, text of twice the size)", screen.name), found).await?;
    keep(visit, screen, "phone", "twice").await?;
    text_size(page, "").await
}

async fn text_size(page: &Page, size: &str) -> Result<()> {
    let script = "document.documentElement.style.fontSize = arguments[0]; return true";
    page.js::<bool>(script, json!([size])).await.map(drop)
}

async fn judge(page: &Page, what: &str, found: &mut Vec<String>) -> Result<()> {
    let wide = "const page = document.documentElement; return page.scrollWidth > page.clientWidth || [...document.querySelectorAll('dialog[open]')].some((dialog) => dialog.scrollWidth > dialog.clientWidth)";
    if page.js::<bool>(wide, json!([])).await? {
        found.push(format!("{what}: the page or its dialog scrolls sideways"));
    }
    // What is saved is in sight however far the page is scrolled.
    let gone = "scrollTo(0, document.documentElement.scrollHeight); const bar = document.querySelector('.play-bar')?.getBoundingClientRect(); return innerHeight >= 480 && bar !== undefined && (bar.top < -1 || bar.bottom <= 0)";
    let far: f64 = page.js("return scrollY", json!([])).await?;
    if page.js::<bool>(gone, json!([])).await? {
        found.push(format!("{what}: the saved state is scrolled out of sight"));
    }
    page.js::<bool>("scrollTo(0, arguments[0]); return true", json!([far])).await?;
    found.extend(axe::violations(page).await?.into_iter().map(|violation| format!("{what}: {violation}")));
    Ok(())
}

/// Keeps what a person should look at: every screen in the target folder, and with
/// `UPDATE_SCREENS` the committed ones too.
async fn keep(visit: &Visit, screen: &Screen, size: &str, theme: &str) -> Result<()> {
    let png = visit.web()?.screenshot_as_png().await?;
    let name = format!("{}-{size}-{theme}.png", screen.name);
    let shots = visit.folder.join("screens");
    std::fs::create_dir_all(&shots)?;
    std::fs::write(shots.join(&name), &png)?;
    let committed = matches!((size, theme), ("phone", "light") | ("desk", "dark"));
    if committed && std::env::var_os("UPDATE_SCREENS").is_some() {
        std::fs::write(folder().join(&name), &png)?;
    }
    Ok(())
}
