//! The page: what it may contain and whom it may ask.

use anyhow::Result;

use super::{Check, Finding, Sources, code};
use crate::hosting;

pub const CHECKS: &[Check] = &[
    Check {
        name: "no-inline-code",
        promise: "the Content-Security-Policy has no inline script or style, so neither has the page",
        look: no_inline_code,
    },
    Check {
        name: "no-style-attribute",
        promise: "no `style=` attribute: custom properties are set through the element's style object",
        look: no_style_attribute,
    },
    Check { name: "no-third-party", promise: "no third-party request of any kind", look: no_third_party },
    Check {
        name: "hosting-documents",
        promise: "docs/hosting says exactly the headers that our own server and tests use",
        look: hosting_documents,
    },
    Check {
        name: "sample-wording",
        promise: "samples use a fictional accreditor and practice points, never the AMA credit phrase",
        look: sample_wording,
    },
];

fn no_inline_code(sources: &Sources) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (file, text) in sources.files(&["app/", "public/"], &[".html", ".svg"]) {
        for (at, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            let script = lower.contains("<script") && !lower.contains(" src=");
            let style = lower.contains("<style") && file.ends_with(".html");
            let handler = attributes(&lower).any(|name| name.starts_with("on") && name.len() > 4);
            if script || style || handler || lower.contains("javascript:") {
                findings.push(Finding::at(file, at + 1, "a file of its own", line.trim()));
            }
        }
    }
    Ok(findings)
}

/// The names before `=`.
fn attributes(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices('=').filter_map(|(at, _)| {
        let before = line[..at].rsplit(|c: char| !c.is_ascii_alphabetic()).next()?;
        let start = at - before.len();
        line[..start].ends_with(' ').then_some(before)
    })
}

fn no_style_attribute(sources: &Sources) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (file, text) in sources.files(&["app/"], &[".rs", ".html"]) {
        let code = if file.ends_with(".html") { text.to_owned() } else { code::read(text).with_strings };
        for (at, line) in code.lines().enumerate() {
            let attribute = line.contains(" style=") || line.trim_start().starts_with("style=");
            if attribute || line.contains("set_attribute(\"style\"") {
                findings.push(Finding::at(file, at + 1, "a class, or a custom property", line.trim()));
            }
        }
    }
    Ok(findings)
}

fn no_third_party(sources: &Sources) -> Result<Vec<Finding>> {
    const ENDINGS: &[&str] = &[".rs", ".js", ".css", ".html", ".svg", ".webmanifest", ".json"];
    let mut findings = Vec::new();
    for (file, text) in sources.files(&["app/", "public/"], ENDINGS) {
        let code =
            if file.ends_with(".rs") { code::rust_without_tests(text).with_strings } else { text.to_owned() };
        for (at, line) in code.lines().enumerate() {
            if let Some(address) = foreign(line) {
                findings.push(Finding::at(file, at + 1, "an address of this site", address));
            }
        }
    }
    Ok(findings)
}

/// An address with a host. Names of XML namespaces are never fetched.
fn foreign(line: &str) -> Option<&str> {
    ["http://", "https://", "ws://", "wss://"].iter().find_map(|scheme| {
        line.match_indices(scheme).find_map(|(at, _)| {
            let address = line[at..].split(['"', '\'', '`', ' ', ')', '<']).next()?;
            let host = &address[scheme.len()..];
            let named = host.starts_with(|c: char| c.is_ascii_alphanumeric());
            (named && !host.starts_with("www.w3.org/")).then_some(address)
        })
    })
}

fn hosting_documents(sources: &Sources) -> Result<Vec<Finding>> {
    let differs = |(path, text): &(&'static str, String)| sources.file(path) != Some(text.as_str());
    Ok(hosting::documents()
        .iter()
        .filter(|document| differs(document))
        .map(|(path, _)| Finding::new(*path, "what `cargo xtask tidy --write` writes", "another text"))
        .collect())
}

fn sample_wording(sources: &Sources) -> Result<Vec<Finding>> {
    const PHRASES: &[&str] = &["ama pra", "category 1 credit", "american medical association designates"];
    let mut findings = Vec::new();
    for (file, text) in sources.files(&["content-packs/"], &[""]) {
        for (at, line) in text.lines().enumerate() {
            let plain = line.to_lowercase().replace(['*', '_'], "");
            if let Some(phrase) = PHRASES.iter().find(|phrase| plain.contains(**phrase)) {
                findings.push(Finding::at(file, at + 1, "practice points", format!("`{phrase}`")));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Look = fn(&Sources) -> Result<Vec<Finding>>;

    fn count(look: Look, file: &str, text: &str) -> usize {
        look(&Sources::from([(file, text)])).unwrap().len()
    }

    #[test]
    fn each_check_sees_a_violation() {
        let bad: &[(Look, &str, &str)] = &[
            (no_inline_code, "app/index.html", "<script>start()</script>"),
            (no_inline_code, "app/index.html", "<style>p{}</style>"),
            (no_inline_code, "app/index.html", "<body onload=\"start()\">"),
            (no_inline_code, "app/index.html", "<a href=\"javascript:start()\">"),
            (no_inline_code, "public/icons/a.svg", "<svg><script>x</script></svg>"),
            (no_style_attribute, "app/index.html", "<p style=\"color:red\">"),
            (no_style_attribute, "app/src/components/a.rs", "html! { <p style={width} /> }"),
            (no_style_attribute, "app/src/platform/a.rs", "e.set_attribute(\"style\", x)"),
            (no_third_party, "app/index.html", "<link href=\"https://fonts.example/x.css\">"),
            (no_third_party, "app/styles/a.css", "@import url(http://cdn.example/a.css);"),
            (no_third_party, "app/src/a.rs", "fetch(\"https://api.example/v1\")"),
            (no_third_party, "public/sw.js", "fetch('wss://x.example')"),
            (sample_wording, "content-packs/a/activity.toml", "for 1.0 *AMA PRA Category 1 Credit*™"),
        ];
        for (look, file, text) in bad {
            assert_eq!(count(*look, file, text), 1, "{text}");
        }
    }

    #[test]
    fn what_is_in_order_passes() {
        let good: &[(Look, &str, &str)] = &[
            (no_inline_code, "app/index.html", "<script type=\"module\" src=\"boot.js\"></script>"),
            (no_inline_code, "app/index.html", "<meta content=\"width=device-width, one=1\">"),
            (
                no_style_attribute,
                "app/src/components/a.rs",
                "html! { <p class=\"lead\" /> } // no style= here",
            ),
            (no_third_party, "public/icons/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            (no_third_party, "app/index.html", "an address that begins with https://.</p>"),
            (sample_wording, "content-packs/a/activity.toml", "1.0 practice points; a category of one"),
        ];
        for (look, file, text) in good {
            assert_eq!(count(*look, file, text), 0, "{text}");
        }
    }

    #[test]
    fn a_document_that_says_other_headers_is_found() {
        let mut texts = hosting::documents();
        let as_sources = |texts: &[(&'static str, String); 3]| {
            Sources::from([0, 1, 2].map(|at| (texts[at].0, texts[at].1.as_str())))
        };
        assert!(hosting_documents(&as_sources(&texts)).unwrap().is_empty());
        texts[1].1 = texts[1].1.replace("no-referrer", "origin");
        assert_eq!(hosting_documents(&as_sources(&texts)).unwrap()[0].place, "docs/hosting/Caddyfile");
    }
}
