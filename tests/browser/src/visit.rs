//! A visit: one browser with one profile on one site.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use thirtyfour::{Capabilities, WebDriver};

use crate::driver::Driver;
use crate::{Engine, Page, Site, trace};

/// How long one WebDriver command may take.
const COMMAND: Duration = Duration::from_secs(120);

/// A browser on a site.
pub struct Visit {
    /// The engine.
    pub engine: Engine,
    /// The site.
    pub site: Site,
    /// A folder of the test's own: the profile and what it saves.
    pub folder: PathBuf,
    /// Whether the browser traces what it does, from when it is opened next.
    pub traced: bool,
    driver: Option<Driver>,
    web: Option<WebDriver>,
}

/// Runs a journey in an engine; a failure leaves a screenshot and the page's text.
pub fn run<F>(engine: Engine, name: &'static str, journey: F)
where
    F: AsyncFnOnce(&mut Visit) -> Result<()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let outcome = runtime.context("starting the threads of a journey").and_then(|runtime| {
        runtime.block_on(async {
            let mut visit = Visit::begin(engine, name).await?;
            let outcome = journey(&mut visit).await;
            if outcome.is_err() {
                visit.keep_evidence(name).await;
            }
            visit.end().await;
            outcome
        })
    });
    if let Err(error) = outcome {
        panic!("{name} in {}: {error:?}", engine.name());
    }
}

impl Visit {
    async fn begin(engine: Engine, name: &str) -> Result<Self> {
        let folder = xtask::workspace::target().join("journeys").join(format!("{name}-{}", engine.name()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("profile"))?;
        let site = Site::copy(&folder)?;
        let mut visit = Self { engine, site, folder, traced: false, driver: None, web: None };
        visit.open().await?;
        Ok(visit)
    }

    /// Opens the browser on the same profile.
    pub async fn open(&mut self) -> Result<()> {
        let profile = self.profile();
        for lock in self.engine.locks() {
            let _ = std::fs::remove_file(profile.join(lock));
        }
        let driver = Driver::start(self.engine)?;
        let mut capabilities = Capabilities::new();
        let mut wanted = self.engine.capabilities(&profile);
        if self.traced {
            wanted = trace::capabilities(wanted);
        }
        if let Value::Object(members) = wanted {
            for (key, value) in members {
                capabilities.set(&key, value)?;
            }
        }
        let web = WebDriver::builder(&driver.url, capabilities).request_timeout(COMMAND).await;
        self.web = Some(web.with_context(|| format!("opening {}", self.engine.name()))?);
        self.driver = Some(driver);
        Ok(())
    }

    /// Closes the browser in an orderly way.
    pub async fn close(&mut self) {
        if let Some(web) = self.web.take() {
            let _ = web.quit().await;
        }
        self.driver = None;
    }

    /// Kills browser and driver, as a pulled battery would, and opens it again.
    pub async fn kill_and_reopen(&mut self) -> Result<()> {
        if let Some(driver) = &mut self.driver {
            driver.kill();
        }
        kill_by_profile(&self.profile());
        if let Some(web) = self.web.take() {
            // Its session is gone; asking for an orderly end would only wait.
            std::mem::forget(web);
        }
        self.driver = None;
        self.open().await
    }

    fn profile(&self) -> PathBuf {
        self.folder.join("profile")
    }

    /// The page.
    pub fn page(&self) -> Result<Page> {
        self.page_at(&self.site.server.url())
    }

    /// The page where another server has it.
    pub fn page_at(&self, origin: &str) -> Result<Page> {
        let web = self.web.clone().context("the browser is closed")?;
        Ok(Page::new(web, origin.to_owned()))
    }

    /// The WebDriver session itself.
    pub fn web(&self) -> Result<&WebDriver> {
        self.web.as_ref().context("the browser is closed")
    }

    /// The process of the driver, whose descendants the browser's are.
    pub fn driver(&self) -> Result<u32> {
        Ok(self.driver.as_ref().context("the browser is closed")?.pid())
    }

    /// Sets the size of the viewport in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let web = self.web()?;
        let (mut outer_width, mut outer_height) = (width, height);
        for _ in 0..3 {
            web.set_window_rect(0, 0, outer_width, outer_height).await?;
            let inner: (u32, u32) =
                web.execute("return [innerWidth, innerHeight]", vec![]).await?.convert()?;
            if inner == (width, height) {
                break;
            }
            outer_width = (outer_width + width).saturating_sub(inner.0);
            outer_height = (outer_height + height).saturating_sub(inner.1);
        }
        Ok(())
    }

    async fn keep_evidence(&self, name: &str) {
        let Some(web) = &self.web else { return };
        let stem = self.folder.join(name);
        let _ = web.screenshot(&stem.with_extension("png")).await;
        if let Ok(text) = web.execute("return location.href + '\\n' + document.body.innerText", vec![]).await
        {
            eprintln!("{name} in {}:\n{}", self.engine.name(), text.json().as_str().unwrap_or_default());
        }
        eprintln!("evidence: {}", stem.with_extension("png").display());
    }

    async fn end(&mut self) {
        self.close().await;
        let _ = std::fs::remove_dir_all(self.profile());
    }
}

/// Kills every process that was given this profile, and waits until they are gone.
fn kill_by_profile(profile: &Path) {
    let pattern = profile.display().to_string();
    let found = || {
        std::process::Command::new("pgrep").args(["-f", &pattern]).output().is_ok_and(|o| o.status.success())
    };
    let _ = std::process::Command::new("pkill").args(["-KILL", "-f", &pattern]).status();
    while found() {
        std::thread::yield_now();
    }
}
