//! What can go wrong, made to happen.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use xtask::process;
use xtask::serve::Fault;

use crate::{Page, Site};

/// From now on serves a file of a pack with one character changed, until the server is healed: the one after the last
/// point, which in a manifest begins the signature.
pub fn changed(site: &Site, pack: &str, path: &str) -> Result<()> {
    let file = site.root.join("packs").join(pack).join("1.0.0").join(path);
    let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let (before, after) = text.rsplit_once('.').with_context(|| format!("a point in {path}"))?;
    let other = if after.starts_with('1') { '2' } else { '1' };
    let body: String = before.chars().chain(['.', other]).chain(after.chars().skip(1)).collect();
    let end = format!("/{path}");
    site.server.inject(move |request| {
        let body = body.clone().into_bytes();
        request.path.ends_with(&end).then_some(Fault::Instead { media_type: "text/plain", body })
    });
    Ok(())
}

/// From now on the browser gives this page no more room to store in, until [`room`].
pub async fn no_room(page: &Page) -> Result<()> {
    let script = r#"
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
        window.room = () => { IDBObjectStore.prototype.put = put; };
        return true;
    "#;
    page.js::<bool>(script, json!([])).await.map(drop)
}

/// There is room again.
pub async fn room(page: &Page) -> Result<()> {
    page.js::<bool>("window.room(); return true", json!([])).await.map(drop)
}

/// Deploys another version of the player, and waits until the browser has it beside the one that runs.
pub async fn new_version(site: &Site, page: &Page) -> Result<()> {
    let worker = site.root.join("sw.js");
    let text = std::fs::read_to_string(&worker)?;
    let index = text.find("VERSION=\"").context("a version in sw.js")? + "VERSION=\"".len();
    std::fs::write(&worker, format!("{}next-{}", &text[..index], &text[index..]))?;
    site.server.deploy(site.root.clone());
    let update = r#"
        const done = arguments[arguments.length - 1];
        navigator.serviceWorker.getRegistration().then(async (r) => {
          await r.update();
          const wait = () => r.waiting ? done(true)
            : (r.installing ?? r).addEventListener("statechange", wait, { once: true });
          wait();
        });
    "#;
    page.js_async::<bool>(update, json!([])).await.map(drop)
}

/// Opens, from the library, a pack whose signer nobody here knows: the starter, signed with a new key.
///
/// Drivers cannot answer the file picker of an input that is not in the page, so the page is given the file.
pub async fn stranger(site: &Site, folder: &Path, page: &Page) -> Result<()> {
    let pack = strangers_pack(folder)?;
    std::fs::copy(&pack, site.root.join("stranger.enduring"))?;
    site.server.deploy(site.root.clone());
    let script = r#"
        const done = arguments[arguments.length - 1];
        fetch("stranger.enduring").then((answer) => answer.blob()).then((blob) => {
          const chosen = new DataTransfer();
          chosen.items.add(new File([blob], "stranger.enduring"));
          HTMLInputElement.prototype.click = function () {
            delete HTMLInputElement.prototype.click;
            this.files = chosen.files;
            this.dispatchEvent(new Event("change"));
          };
          done(true);
        });
    "#;
    page.js_async::<bool>(script, json!([])).await?;
    page.press("Open a pack from a file").await
}

fn strangers_pack(folder: &Path) -> Result<PathBuf> {
    let enduring = xtask::workspace::target().join("debug/enduring");
    let (source, key) = (folder.join("stranger"), folder.join("stranger.pem"));
    let run = |arguments: &[&Path]| process::run(std::process::Command::new(&enduring).args(arguments));
    run(&["new".as_ref(), &source])?;
    run(&["key".as_ref(), "new".as_ref(), "--out".as_ref(), &key])?;
    run(&[
        "build".as_ref(),
        &source,
        "--archive".as_ref(),
        "--key".as_ref(),
        &key,
        "--out".as_ref(),
        folder,
    ])?;
    let pack = folder.join("stranger-1.0.0.enduring");
    ensure!(pack.exists(), "{}: expected a pack", pack.display());
    Ok(pack)
}

/// The clock of the page is so many days off from now on, and the page goes there.
pub async fn another_day(page: &Page, days: i32, route: &str) -> Result<()> {
    let script = r#"
        const [days] = arguments;
        const Clock = window.trueDate ??= Date;
        const now = () => Clock.now() + days * 86_400_000;
        window.Date = class extends Clock {
          constructor(...at) { super(...(at.length ? at : [now()])); }
          static now() { return now(); }
        };
        return true;
    "#;
    page.js::<bool>(script, json!([days])).await?;
    // By another page, since this one may be it; by its hash, since a page that is loaded has a clock of its own.
    for hash in ["#/nowhere", route] {
        let turn = "delete document.documentElement.dataset.ready; location.hash = arguments[0]; return true";
        page.js::<bool>(turn, json!([hash])).await?;
        page.ready().await?;
    }
    page.at(route.trim_start_matches("#/").split('/').next().unwrap_or_default()).await
}

/// Hides and shows the page, as a learner who looks away, until so many events are saved.
const INTERRUPT: &str = r#"
    const [until, done] = arguments;
    const root = document.documentElement;
    let hidden = false;
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    const turn = () => {
      hidden = !hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    };
    const observer = new MutationObserver(() => {
      if (Number(root.dataset.savedN) < until || hidden) return turn();
      observer.disconnect();
      delete document.hidden;
      done(Number(root.dataset.savedN));
    });
    observer.observe(root, { attributeFilter: ["data-saved-n"] });
    turn();
"#;
/// A session that was interrupted until it has so many events, or more.
pub async fn interrupted(page: &Page, events: u32) -> Result<()> {
    let mut saved = page.saved().await?;
    while saved < events {
        // In portions, since a script may take half a minute.
        let until = events.min(saved + 400);
        saved = page.js_async(INTERRUPT, json!([until])).await?;
        ensure!(saved >= until, "expected {until} events, found {saved}");
    }
    Ok(())
}

/// How many events are stored.
pub async fn events(page: &Page) -> Result<u32> {
    page.js_async(EVENTS, json!([false])).await
}

/// Takes the last event away, as a browser that mends its own store does, once it is noted elsewhere that there were
/// `saved` of them; how many are left. Of one session: it has to be the only one. The page is at rest elsewhere then.
pub async fn lose_event(page: &Page, saved: u32) -> Result<u32> {
    let noted = r#"
        const [saved, done] = arguments;
        const look = async () => {
          const cache = await caches.open("enduring-heads");
          for (const request of await cache.keys()) {
            if ((await (await cache.match(request)).json()).n >= saved) return done(true);
          }
          setTimeout(look, 20);
        };
        look();
    "#;
    page.js_async::<bool>(noted, json!([saved])).await?;
    page.go("#/library").await?;
    Ok(page.js_async::<u32>(EVENTS, json!([true])).await? - 1)
}

/// Takes the event of this number away from the only session, and leaves what comes after it.
pub async fn lose_one_between(page: &Page, n: u32) -> Result<()> {
    let lose = r#"
        const [n, done] = arguments;
        const open = indexedDB.open("enduring-journal");
        open.onsuccess = () => {
          const change = open.result.transaction("events", "readwrite");
          const store = change.objectStore("events");
          store.openKeyCursor().onsuccess = ({ target }) => store.delete([target.result.key[0], n]);
          change.oncomplete = () => { open.result.close(); done(true); };
        };
    "#;
    page.js_async::<bool>(lose, json!([n])).await.map(drop)
}

const EVENTS: &str = r#"
    const [lose, done] = arguments;
    const open = indexedDB.open("enduring-journal");
    open.onsuccess = () => {
      const change = open.result.transaction("events", lose ? "readwrite" : "readonly");
      const store = change.objectStore("events");
      const count = store.count();
      if (lose) store.openKeyCursor(null, "prev").onsuccess = ({ target }) => store.delete(target.result.key);
      change.oncomplete = () => { open.result.close(); done(count.result); };
    };
"#;
