//! Names that must not appear in parts of the code.

use anyhow::Result;

use super::{
    Check, Finding, Sources,
    code::{self, words},
};

pub const CHECKS: &[Check] = &[
    Check {
        name: "web-types",
        promise: "app/src/platform and app/src/store are the only homes of web types; everything else works \
                  on the project's own types, which is what makes it testable and replaceable",
        look: web_types,
    },
    Check {
        name: "storage-without-yew",
        promise: "app/src/store and app/src/platform hold no Yew types: they serve the page and never draw it",
        look: storage_without_yew,
    },
    Check {
        name: "pure-core",
        promise: "invariant 1: core never asks for the time, randomness, the locale, a file or the network",
        look: pure_core,
    },
    Check {
        name: "no-floats",
        promise: "invariant 1: never a float in anything scored, timed or signed",
        look: no_floats,
    },
    Check {
        name: "nothing-saved-at-unload",
        promise: "invariant 3: nothing is saved at unload (and localStorage was seen to vanish after a kill)",
        look: nothing_saved_at_unload,
    },
    Check {
        name: "no-raw-markup",
        promise: "invariant 6: text from a pack is never markup",
        look: no_raw_markup,
    },
    Check {
        name: "append-only-ledger",
        promise: "invariant 8: the ledger never updates or deletes a row",
        look: append_only_ledger,
    },
    Check {
        name: "expect-not-allow",
        promise: "style: #[expect(lint, reason)] instead of #[allow], so that an exception that is no longer \
                  needed says so",
        look: expect_not_allow,
    },
];

fn web_types(sources: &Sources) -> Result<Vec<Finding>> {
    let elsewhere =
        |file: &&str| !file.starts_with("app/src/platform/") && !file.starts_with("app/src/store/");
    let web = |word: &str| {
        matches!(word, "web_sys" | "js_sys" | "wasm_bindgen" | "wasm_bindgen_futures" | "rexie")
            || word.starts_with("gloo")
    };
    Ok(in_rust(sources, &["app/src/"], web, "a type or function of app/src/platform or app/src/store")
        .into_iter()
        .filter(|finding| elsewhere(&finding.place.as_str()))
        .collect())
}

fn storage_without_yew(sources: &Sources) -> Result<Vec<Finding>> {
    let folders = ["app/src/store/", "app/src/platform/"];
    Ok(in_rust(sources, &folders, |word| word == "yew", "no Yew type"))
}

fn pure_core(sources: &Sources) -> Result<Vec<Finding>> {
    const MODULES: &[&str] = &["env", "fs", "net", "process", "thread", "time"];
    let mut findings = Vec::new();
    for (file, text) in sources.files(&["core/src/"], &[".rs"]) {
        let code = code::rust_without_tests(text);
        for (line, text) in numbered(&code.bare) {
            let found: Vec<&str> = words(text).collect();
            let module = found
                .windows(2)
                .find(|pair| pair[0] == "std" && MODULES.contains(&pair[1]))
                .map(|pair| pair[1]);
            let other =
                found.iter().find(|word| matches!(**word, "rand" | "getrandom" | "Local" | "Utc")).copied();
            if let Some(word) = module.or(other) {
                findings.push(Finding::at(file, line, "data that arrives in an event", format!("`{word}`")));
            }
        }
    }
    Ok(findings)
}

fn no_floats(sources: &Sources) -> Result<Vec<Finding>> {
    let float =
        |word: &str| ["f32", "f64"].iter().any(|name| word == *name || word.ends_with(&format!("_{name}")));
    let mut findings = Vec::new();
    for (file, text) in sources.files(&["core/src/"], &[".rs"]) {
        for (line, text) in numbered(&code::rust_without_tests(text).bare) {
            // Every type of serde's has to be named where it is refused: by the macro, or by a method that drops it.
            let refused = text.contains("forward_to_deserialize_any!")
                || (text.contains("fn serialize_f") && text.contains("(self, _: f"));
            if let Some(word) = words(text).find(|word| float(word)).filter(|_| !refused) {
                findings.push(Finding::at(file, line, "integers", format!("`{word}`")));
            }
        }
    }
    Ok(findings)
}

fn nothing_saved_at_unload(sources: &Sources) -> Result<Vec<Finding>> {
    const NAMES: &[&str] = &[
        "beforeunload",
        "onbeforeunload",
        "onunload",
        "unload",
        "localStorage",
        "local_storage",
        "sessionStorage",
        "session_storage",
        "sendBeacon",
        "send_beacon",
    ];
    Ok(in_code_and_strings(sources, &["app/", "public/"], NAMES, "a strict commit when the answer is given"))
}

fn no_raw_markup(sources: &Sources) -> Result<Vec<Finding>> {
    const NAMES: &[&str] = &[
        "inner_html",
        "set_inner_html",
        "innerHTML",
        "outer_html",
        "set_outer_html",
        "outerHTML",
        "insert_adjacent_html",
        "insertAdjacentHTML",
        "from_html_unchecked",
        "VRaw",
        "srcdoc",
        "set_srcdoc",
        "DOMParser",
        "DomParser",
        "eval",
        "Function",
        "createContextualFragment",
    ];
    let mut findings = in_code_and_strings(sources, &["app/", "public/"], NAMES, "Yew nodes and text nodes");
    // js_sys::Function is a callback; only JavaScript's constructor compiles text.
    findings.retain(|finding| !(finding.found == "`Function`" && finding.place.contains(".rs:")));
    Ok(findings)
}

fn append_only_ledger(sources: &Sources) -> Result<Vec<Finding>> {
    const STATEMENTS: &[&str] = &[
        "update ledger",
        "delete from ledger",
        "drop table ledger",
        "replace into ledger",
        "truncate ledger",
    ];
    let mut findings = Vec::new();
    for (file, text) in sources.files(&["provider/"], &[".rs", ".sql"]) {
        for (line, text) in numbered(text) {
            let plain = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(found) = STATEMENTS.iter().find(|statement| plain.contains(**statement)) {
                findings.push(Finding::at(file, line, "a new row", format!("`{found}`")));
            }
        }
    }
    Ok(findings)
}

fn expect_not_allow(sources: &Sources) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (file, text) in sources.files(&[""], &[".rs"]) {
        for (line, text) in numbered(&code::read(text).bare) {
            let plain: String = text.split_whitespace().collect();
            if plain.contains("#[allow(") || plain.contains("#![allow(") || plain.contains(",allow(") {
                findings.push(Finding::at(file, line, "`#[expect(lint, reason = \"…\")]`", "`allow`"));
            }
        }
    }
    Ok(findings)
}

fn in_rust(sources: &Sources, folders: &[&str], bad: impl Fn(&str) -> bool, expected: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in sources.files(folders, &[".rs"]) {
        for (line, text) in numbered(&code::rust_without_tests(text).bare) {
            if let Some(word) = words(text).find(|word| bad(word)) {
                findings.push(Finding::at(file, line, expected, format!("`{word}`")));
            }
        }
    }
    findings
}

/// Names of the web platform are as dangerous in a string as in code.
fn in_code_and_strings(sources: &Sources, folders: &[&str], names: &[&str], expected: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in sources.files(folders, &[".rs", ".js", ".html"]) {
        let code = if file.ends_with(".html") { text.to_owned() } else { code::read(text).with_strings };
        for (line, text) in numbered(&code) {
            if let Some(word) = words(text).find(|word| names.contains(word)) {
                findings.push(Finding::at(file, line, expected, format!("`{word}`")));
            }
        }
    }
    findings
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Look = fn(&Sources) -> Result<Vec<Finding>>;

    fn places(look: Look, file: &str, text: &str) -> Vec<String> {
        let found = look(&Sources::from([(file, text)])).unwrap();
        found.into_iter().map(|finding| finding.place).collect()
    }

    #[test]
    fn each_check_sees_a_violation_in_its_place() {
        let bad: &[(Look, &str, &str)] = &[
            (web_types, "app/src/pages/home.rs", "use web_sys::Element;"),
            (web_types, "app/src/hooks/x.rs", "gloo_timers::callback::Timeout::new(1, f);"),
            (web_types, "app/src/main.rs", "let x: yew::web_sys::Event;"),
            (storage_without_yew, "app/src/store/journal/x.rs", "use yew::prelude::*;"),
            (storage_without_yew, "app/src/platform/x.rs", "yew::platform::spawn_local(f);"),
            (pure_core, "core/src/a.rs", "let now = std::time::Instant::now();"),
            (pure_core, "core/src/a.rs", "use std::{fs, io};"),
            (pure_core, "core/src/a.rs", "chrono::Utc::now()"),
            (no_floats, "core/src/score/a.rs", "fn mean() -> f64 {"),
            (no_floats, "core/src/score/a.rs", "value.as_f64()"),
            (nothing_saved_at_unload, "app/src/a.rs", "on(\"beforeunload\")"),
            (nothing_saved_at_unload, "app/boot.js", "localStorage.setItem(a, b)"),
            (nothing_saved_at_unload, "public/sw.js", "addEventListener('unload', f)"),
            (no_raw_markup, "app/src/components/a.rs", "Html::from_html_unchecked(text)"),
            (no_raw_markup, "app/boot.js", "e.innerHTML = x"),
            (no_raw_markup, "public/embed.js", "new Function(x)"),
            (append_only_ledger, "provider/src/a.rs", "query(\"UPDATE  ledger SET amount = 1\")"),
            (append_only_ledger, "provider/migrations/1.sql", "delete from ledger"),
            (expect_not_allow, "provider/src/a.rs", "#[allow(dead_code)]"),
            (expect_not_allow, "xtask/src/a.rs", "#![allow(unused)]"),
            (expect_not_allow, "app/src/a.rs", "#[cfg_attr(x, allow(unused))]"),
        ];
        for (look, file, text) in bad {
            assert_eq!(places(*look, file, text), [format!("{file}:1")], "{text}");
        }
    }

    #[test]
    fn what_is_in_order_passes() {
        let good: &[(Look, &str, &str)] = &[
            (web_types, "app/src/platform/page.rs", "use web_sys::Element;"),
            (web_types, "app/src/store/journal/db.rs", "use wasm_bindgen::JsValue;"),
            (web_types, "app/src/pages/home.rs", "// web_sys is in platform"),
            (storage_without_yew, "app/src/pages/home.rs", "use yew::prelude::*;"),
            (
                pure_core,
                "core/src/a.rs",
                "use std::{fmt, str::FromStr};\n#[cfg(test)]\nmod tests { use std::fs; }",
            ),
            (pure_core, "provider/src/a.rs", "std::fs::read(path)"),
            (no_floats, "core/src/a.rs", "/// Not an f64."),
            (no_floats, "core/src/a.rs", "forward_to_deserialize_any! { f32 f64 char }"),
            (no_floats, "core/src/a.rs", "fn serialize_f64(self, _: f64) -> Written {"),
            (nothing_saved_at_unload, "app/boot.js", "addEventListener(\"pagehide\", f)"),
            (no_raw_markup, "app/src/platform/a.rs", "js_sys::Function::new_no_args"),
            (append_only_ledger, "provider/src/a.rs", "\"INSERT INTO ledger VALUES (1)\""),
            (expect_not_allow, "app/src/a.rs", "#[expect(dead_code, reason = \"x\")] // not #[allow(x)]"),
        ];
        for (look, file, text) in good {
            assert_eq!(places(*look, file, text), Vec::<String>::new(), "{text}");
        }
    }
}
