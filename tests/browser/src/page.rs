//! A page as a person meets it: by words, not by selectors.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use thirtyfour::{By, Key, WebDriver, WebElement};

/// How long anything may take to appear, on a machine with more to do.
const PATIENCE: Duration = Duration::from_secs(75);
/// So many keys lead anywhere on a page.
const MOST_KEYS: usize = 200;
/// How often a condition is asked; every ask is a round trip to the browser.
const ASK: Duration = Duration::from_millis(25);

/// Finds what a person would press or read, by role and accessible name.
const FIND: &str = r#"
const [kind, words] = arguments;
const seen = (e) => e.checkVisibility ? e.checkVisibility() : e.getClientRects().length > 0;
const name = (e) => (e.getAttribute("aria-label") ?? e.innerText ?? "").replace(/\s+/g, " ").trim();
const lists = {
  press: "button:not(:disabled), a[href], summary, [role=button], [role=tab]",
  option: "label",
  heading: "h1, h2, h3",
};
const all = [...document.querySelectorAll(lists[kind])].filter(seen);
const open = document.querySelector("dialog[open]");
const within = open ? all.filter((e) => open.contains(e)) : all;
return within.find((e) => name(e) === words) ?? within.find((e) => name(e).startsWith(words))
  ?? within.find((e) => name(e).includes(words)) ?? null;
"#;

/// Words as the scripts here read them from a page: every run of spaces is one.
fn plain(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// With what a person works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hands {
    Pointer,
    Keyboard,
}

/// The page in a browser.
#[derive(Clone)]
pub struct Page {
    web: WebDriver,
    origin: String,
    hands: Hands,
}

impl Page {
    pub(crate) fn new(web: WebDriver, origin: String) -> Self {
        Self { web, origin, hands: Hands::Pointer }
    }

    /// The same page for somebody who has no pointer: everything is reached by Tab and the arrows.
    #[must_use]
    pub fn by_keyboard(&self) -> Self {
        Self { hands: Hands::Keyboard, ..self.clone() }
    }

    /// The WebDriver session.
    pub fn web(&self) -> &WebDriver {
        &self.web
    }

    /// Goes to a hash route and waits until it is ready.
    pub async fn go(&self, route: &str) -> Result<()> {
        let from: String = self.js("return document.documentElement?.dataset.ready ?? ''", json!([])).await?;
        if !from.is_empty() {
            self.js::<Value>("delete document.documentElement.dataset.ready; return null", json!([])).await?;
        }
        // Firefox keeps the page for a change of hash only: then the player sets the mark anew.
        self.web.goto(format!("{}/{route}", self.origin)).await?;
        self.ready().await.map(drop)
    }

    /// Loads the page anew. Firefox's own refresh command would pass the service worker by.
    pub async fn reload(&self) -> Result<()> {
        let here = self.web.current_url().await?;
        self.web.goto("about:blank").await?;
        self.web.goto(here.as_str()).await?;
        self.ready().await.map(drop)
    }

    /// Waits until a route is ready and gives its name.
    pub async fn ready(&self) -> Result<String> {
        let script = "return document.documentElement.dataset.ready || null";
        let route = self.until("a route to be ready", script, json!([])).await?;
        self.never_stood_still().await?;
        Ok(route)
    }

    /// The player stands still where it calls what comes later and was not waited for (`app/late.txt`).
    async fn never_stood_still(&self) -> Result<()> {
        let script = "return document.documentElement.dataset.lateNow === undefined";
        let waited: bool = self.js(script, json!([])).await?;
        ensure!(waited, "expected what comes later to be waited for; it was called before, see the console");
        Ok(())
    }

    /// Waits until this route is ready.
    pub async fn at(&self, route: &str) -> Result<()> {
        let script = "return document.documentElement.dataset.ready === arguments[0] || null";
        self.until::<bool>(&format!("the route {route}"), script, json!([route])).await?;
        self.never_stood_still().await
    }

    /// Waits until the text can be read on the page.
    pub async fn reads(&self, words: &str) -> Result<()> {
        let script = "return document.body.innerText.replace(/\\s+/g, ' ').includes(arguments[0]) || null";
        self.until::<bool>(&format!("the words {words:?}"), script, json!([plain(words)])).await.map(drop)
    }

    /// Whether the text can be read now.
    pub async fn has(&self, words: &str) -> Result<bool> {
        self.js(
            "return document.body.innerText.replace(/\\s+/g, ' ').includes(arguments[0])",
            json!([plain(words)]),
        )
        .await
    }

    /// Presses what has this name, as soon as it can be pressed.
    pub async fn press(&self, name: &str) -> Result<()> {
        self.click("press", name).await.with_context(|| format!("pressing {name:?}"))
    }

    /// Presses the action of a simulated patient with exactly this title.
    pub async fn act(&self, title: &str) -> Result<()> {
        let script = r#"
            const clean = (t) => t.replace(/\s+/g, " ").replace("\u2026", "").trim();
            return [...document.querySelectorAll(".act:not(:disabled)")].filter((e) => e.checkVisibility())
              .find((e) => clean(e.querySelector(".act__title").innerText) === arguments[0]) ?? null;
        "#;
        let row = self.wait_for(&format!("the action {title:?}"), script, json!([plain(title)])).await?;
        self.take(&row).await.with_context(|| format!("pressing {title:?}"))
    }

    /// Presses what has this name, if it is there now and stays until it is pressed.
    pub async fn press_if_there(&self, name: &str) -> Result<bool> {
        let Some(element) = self.element(FIND, json!(["press", plain(name)])).await? else {
            return Ok(false);
        };
        Ok(self.take(&element).await.is_ok())
    }

    /// Chooses the option with these words.
    pub async fn choose(&self, words: &str) -> Result<()> {
        self.click("option", words).await.with_context(|| format!("choosing {words:?}"))
    }

    /// Chooses the option with these words in the group that asks this, and waits until it is chosen.
    pub async fn choose_within(&self, group: &str, words: &str) -> Result<()> {
        let script = r#"
            const clean = (t) => t.replace(/\s+/g, " ").trim();
            const [group, words] = arguments;
            const fieldset = [...document.querySelectorAll("fieldset:not(:has(fieldset))")].find((f) => clean(f.innerText).includes(group));
            return [...(fieldset?.querySelectorAll("label") ?? [])].find((l) => clean(l.innerText) === words) ?? null;
        "#;
        let label = self
            .wait_for(&format!("{words:?} under {group:?}"), script, json!([plain(group), plain(words)]))
            .await?;
        let checked = "return arguments[0].querySelector('input').checked";
        if !self.web.execute(checked, vec![label.to_json()?]).await?.convert::<bool>()? {
            self.take(&label).await.with_context(|| format!("choosing {words:?} under {group:?}"))?;
        }
        let chosen = r#"
            const clean = (t) => t.replace(/\s+/g, " ").trim();
            const [group, words] = arguments;
            const fieldset = [...document.querySelectorAll("fieldset:not(:has(fieldset))")].find((f) => clean(f.innerText).includes(group));
            const label = [...(fieldset?.querySelectorAll("label") ?? [])].find((l) => clean(l.innerText) === words);
            return label?.querySelector("input").checked || null;
        "#;
        self.until::<bool>(
            &format!("{words:?} chosen under {group:?}"),
            chosen,
            json!([plain(group), plain(words)]),
        )
        .await
        .map(drop)
    }

    /// Types into the field with this label.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let script = r#"
            const clean = (t) => (t ?? "").replace(/\s+/g, " ").trim();
            const fields = [...document.querySelectorAll("input, textarea, select")].filter((e) => e.checkVisibility());
            const of = (e) => clean([...(e.labels ?? [])].map((l) => l.innerText).join(" ") || e.getAttribute("aria-label"));
            return fields.find((e) => of(e) === arguments[0]) ?? fields.find((e) => of(e).startsWith(arguments[0])) ?? null;
        "#;
        let field = self.wait_for(&format!("a field {label:?}"), script, json!([plain(label)])).await?;
        self.set(&field, text).await.with_context(|| format!("typing into {label:?}"))
    }

    /// Gives a field its text, or one of its options by words or value.
    pub async fn set(&self, field: &WebElement, text: &str) -> Result<()> {
        if self.hands == Hands::Keyboard {
            return self.type_into(field, text).await;
        }
        if field.tag_name().await? == "select" {
            let choose = "const [field, words] = arguments; const o = [...field.options].find((o) => o.text === words || o.value === words); field.value = o.value; field.dispatchEvent(new Event('input', {bubbles: true})); field.dispatchEvent(new Event('change', {bubbles: true}));";
            self.web.execute(choose, vec![field.to_json()?, json!(text)]).await?;
            return Ok(());
        }
        // Clear of what stays at the edges of the window: WebKit types into nothing that is covered.
        self.center(field).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Presses what saves a file, and gives its name and text instead of leaving it to the browser.
    pub async fn saves(&self, button: &str) -> Result<(String, String)> {
        let catch = r#"
            const { createObjectURL } = URL, { click } = HTMLAnchorElement.prototype;
            let text = null;
            window.savedFile = null;
            HTMLAnchorElement.prototype.click = function () {
              if (!this.download) return click.call(this);
              HTMLAnchorElement.prototype.click = click;
              text.then((text) => { window.savedFile = [this.download, text]; });
            };
            URL.createObjectURL = (blob) => {
              text = blob.text();
              URL.createObjectURL = createObjectURL;
              return createObjectURL.call(URL, blob);
            };
            return true;
        "#;
        self.js::<bool>(catch, json!([])).await?;
        self.press(button).await?;
        self.until("a file to be saved", "return window.savedFile", json!([])).await
    }

    /// Presses a key on whatever has the focus.
    pub async fn key(&self, key: Key) -> Result<()> {
        self.web.action_chain().key_down(key.clone()).key_up(key).perform().await.context("pressing a key")
    }

    /// The visible heading of level 1.
    pub async fn heading(&self) -> Result<String> {
        Ok(self.web.find(By::Css("h1")).await?.text().await?)
    }

    /// Number of the last event that the page says is saved.
    pub async fn saved(&self) -> Result<u32> {
        let script = "const s = document.documentElement.dataset.savedN; return s ? Number(s) : null";
        self.until("a saved event", script, json!([])).await
    }

    /// Runs a script and converts what it returns.
    pub async fn js<T: serde::de::DeserializeOwned>(&self, script: &str, arguments: Value) -> Result<T> {
        let arguments = arguments.as_array().cloned().unwrap_or_default();
        Ok(self.web.execute(script, arguments).await?.convert()?)
    }

    /// Runs an asynchronous script, whose last argument is the callback.
    pub async fn js_async<T: serde::de::DeserializeOwned>(
        &self,
        script: &str,
        arguments: Value,
    ) -> Result<T> {
        let arguments = arguments.as_array().cloned().unwrap_or_default();
        Ok(self.web.execute_async(script, arguments).await?.convert()?)
    }

    /// Waits until a script returns something.
    pub async fn until<T: serde::de::DeserializeOwned>(
        &self,
        what: &str,
        script: &str,
        arguments: Value,
    ) -> Result<T> {
        let since = Instant::now();
        loop {
            // A page that is being replaced answers with an error: ask again.
            if let Ok(Some(found)) = self.js::<Option<T>>(script, arguments.clone()).await {
                return Ok(found);
            }
            if since.elapsed() > PATIENCE {
                bail!("expected {what} within {} seconds", PATIENCE.as_secs());
            }
            tokio::time::sleep(ASK).await;
        }
    }

    /// Clicks what is found; what was replaced between finding and clicking is found again.
    async fn click(&self, kind: &str, words: &str) -> Result<()> {
        for _ in 0..5 {
            let element = self.find(kind, words).await?;
            if self.take(&element).await.is_ok() {
                return Ok(());
            }
        }
        let element = self.find(kind, words).await?;
        self.take(&element).await
    }

    /// Presses what was found: a button, a link, or the label of something to choose.
    pub async fn take(&self, element: &WebElement) -> Result<()> {
        if self.hands == Hands::Pointer {
            self.center(element).await?;
            return Ok(element.click().await?);
        }
        match self.reach(element).await?.as_str() {
            "open" => self.key(Key::Space).await,
            "chosen" => Ok(()),
            _ => self.key(Key::Enter).await,
        }
    }

    /// Goes to an element by Tab, and within a group by the arrows, which choose on the way. Says whether it is
    /// something to choose that is `open` or `chosen`, or anything else that is `there`.
    async fn reach(&self, element: &WebElement) -> Result<String> {
        let script = r#"
            const [found] = arguments, wanted = found.control ?? found, now = document.activeElement;
            if (now === wanted && wanted.type === "radio") return wanted.checked ? "chosen" : "open";
            if (now === wanted) return wanted.type === "checkbox" ? "open" : "there";
            const group = now?.type === "radio" && wanted.type === "radio" && now.name === wanted.name;
            // Never past the end, behind which the browser's own bars are.
            const behind = Node.DOCUMENT_POSITION_FOLLOWING & wanted.compareDocumentPosition(now ?? document.body);
            if (group) return behind ? "up" : "down";
            return behind ? "back" : "on";
        "#;
        for keys in 0..MOST_KEYS {
            let at: String = self.web.execute(script, vec![element.to_json()?]).await?.convert()?;
            match at.as_str() {
                // WebKit's driver goes back from some elements to nowhere; there the way on leads around.
                "back" if keys < MOST_KEYS / 4 => {
                    let chain = self.web.action_chain().key_down(Key::Shift).key_down(Key::Tab);
                    chain.key_up(Key::Tab).key_up(Key::Shift).perform().await?;
                }
                "on" | "back" => self.key(Key::Tab).await?,
                "up" => self.key(Key::Up).await?,
                "down" => self.key(Key::Down).await?,
                _ => return Ok(at),
            }
        }
        bail!("expected to reach it within {MOST_KEYS} keys")
    }

    async fn type_into(&self, field: &WebElement, text: &str) -> Result<()> {
        self.reach(field).await?;
        if field.tag_name().await? != "select" {
            let chain = self.web.action_chain().key_down(Key::Control).send_keys("a").key_up(Key::Control);
            return Ok(chain.send_keys(text).perform().await?);
        }
        let script = r#"
            const [field, wanted] = arguments, chosen = field.options[field.selectedIndex];
            return [chosen?.text, chosen?.value].includes(wanted);
        "#;
        self.key(Key::Home).await?;
        for _ in 0..MOST_KEYS {
            if self.web.execute(script, vec![field.to_json()?, json!(text)]).await?.convert()? {
                return Ok(());
            }
            self.key(Key::Down).await?;
        }
        bail!("expected to choose {text:?} within {MOST_KEYS} keys")
    }

    /// Scrolls it to the middle, clear of the bars above and below.
    async fn center(&self, element: &WebElement) -> Result<()> {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.web.execute(script, vec![element.to_json()?]).await.map(drop).context("scrolling")
    }

    async fn find(&self, kind: &str, words: &str) -> Result<WebElement> {
        self.wait_for(&format!("{kind} {words:?}"), FIND, json!([kind, plain(words)])).await
    }

    /// Waits for what a script finds.
    pub async fn wait_for(&self, what: &str, script: &str, arguments: Value) -> Result<WebElement> {
        let since = Instant::now();
        loop {
            if let Ok(Some(element)) = self.element(script, arguments.clone()).await {
                return Ok(element);
            }
            if since.elapsed() > PATIENCE {
                bail!("expected {what} within {} seconds", PATIENCE.as_secs());
            }
            tokio::time::sleep(ASK).await;
        }
    }

    async fn element(&self, script: &str, arguments: Value) -> Result<Option<WebElement>> {
        let arguments = arguments.as_array().cloned().unwrap_or_default();
        let found = self.web.execute(script, arguments).await?;
        if found.json().is_null() { Ok(None) } else { Ok(Some(found.element()?)) }
    }
}
