//! The three engines, and what each wants to be told.

use std::path::Path;

use serde_json::{Value, json};

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium by chromedriver.
    Chromium,
    /// Firefox by geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser by WebKitWebDriver: the engine of iPhone and iPad.
    WebKit,
}

impl Engine {
    /// Its name in file names and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The command that starts its driver on a port. Firefox wants a second port.
    pub fn driver(self, port: u16, second: u16) -> Vec<String> {
        let words: &[String] = &match self {
            Self::Chromium => vec!["chromedriver".to_owned(), format!("--port={port}")],
            Self::Firefox => vec![
                "geckodriver".to_owned(),
                "--host=127.0.0.1".to_owned(),
                format!("--port={port}"),
                format!("--websocket-port={second}"),
            ],
            Self::WebKit => vec![
                "xvfb-run".to_owned(),
                "-a".to_owned(),
                "-s".to_owned(),
                "-screen 0 1400x1600x24".to_owned(),
                "WebKitWebDriver".to_owned(),
                "--host=127.0.0.1".to_owned(),
                format!("--port={port}"),
            ],
        };
        words.to_vec()
    }

    /// What a session asks of the driver. WebKitGTK keeps no profile.
    pub fn capabilities(self, profile: &Path) -> Value {
        match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:chromeOptions": {
                    "binary": "/usr/bin/chromium",
                    "args": [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--window-size=1280,800",
                        format!("--user-data-dir={}", profile.display()),
                    ],
                },
                "goog:loggingPrefs": {"browser": "ALL"},
            }),
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": "/usr/bin/firefox-esr",
                    "args": ["-headless", "-profile", profile.display().to_string()],
                    "prefs": {"dom.disable_beforeunload": true},
                },
            }),
            Self::WebKit => json!({
                "webkitgtk:browserOptions": {
                    "binary": "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
                    "args": ["--automation", "--full-screen"],
                },
            }),
        }
    }

    /// Files that a killed browser leaves in its profile and that keep it from starting.
    pub fn locks(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["SingletonLock", "SingletonSocket", "SingletonCookie"],
            Self::Firefox => &["lock", ".parentlock"],
            Self::WebKit => &[],
        }
    }
}
