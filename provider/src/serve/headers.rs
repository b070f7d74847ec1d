//! The response headers, as the `_headers` file of a build says them. The one in
//! `docs/hosting/`, which `cargo xtask tidy` holds in step with the development
//! server, stands in where a site brings none.

use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;

/// The file that a build brings; it is read and never served.
pub const HEADERS_FILE: &str = "_headers";
const USUAL: &str = include_str!("../../../docs/hosting/_headers");

/// Why a `_headers` file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HeadersError {
    /// A line that is neither a pattern nor a header.
    #[error("{HEADERS_FILE}:{line}: expected a path or an indented `name: value`, found {found:?}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// No headers for everything: a site without its security headers is not served.
    #[error("{HEADERS_FILE}: expected headers for /*, found none")]
    Everywhere,
}

/// Headers by pattern, in the order of the file.
#[derive(Clone, Debug)]
pub struct Rules(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    before: String,
    /// What follows the `*`; none for an exact path.
    after: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Rules {
    /// Reads a `_headers` file.
    ///
    /// # Errors
    /// [`HeadersError`].
    pub fn parse(text: &str) -> Result<Self, HeadersError> {
        let mut rules: Vec<Rule> = Vec::new();
        for (place, line) in text.lines().enumerate() {
            let refuse = || HeadersError::Line { line: place + 1, found: line.to_owned() };
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if line.starts_with(char::is_whitespace) {
                let (name, value) = content.split_once(':').ok_or_else(refuse)?;
                let name = HeaderName::from_str(name.trim()).map_err(|_| refuse())?;
                let value = HeaderValue::from_str(value.trim()).map_err(|_| refuse())?;
                rules.last_mut().ok_or_else(refuse)?.headers.push((name, value));
            } else if content.starts_with('/') {
                let (before, after) = match content.split_once('*') {
                    None => (content, None),
                    Some((before, after)) => (before, Some(after.to_owned())),
                };
                rules.push(Rule { before: before.to_owned(), after, headers: Vec::new() });
            } else {
                return Err(refuse());
            }
        }
        let rules = Self(rules);
        if rules.everywhere().next().is_none() { Err(HeadersError::Everywhere) } else { Ok(rules) }
    }

    /// The rules of every deployment.
    ///
    /// # Errors
    /// None that can happen: the text is this project's.
    pub fn usual() -> Result<Self, HeadersError> {
        Self::parse(USUAL)
    }

    /// What is sent with every answer.
    pub fn everywhere(&self) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
        self.0.iter().filter(|rule| rule.is_everywhere()).flat_map(|rule| &rule.headers)
    }

    /// Adds what belongs to a path beyond what is sent with every answer; in the place
    /// of what is there already.
    pub fn apply(&self, path: &str, headers: &mut HeaderMap) {
        for rule in self.0.iter().filter(|rule| !rule.is_everywhere() && rule.matches(path)) {
            for (name, value) in &rule.headers {
                headers.insert(name.clone(), value.clone());
            }
        }
    }
}

impl Rule {
    fn is_everywhere(&self) -> bool {
        self.before == "/" && self.after.as_deref() == Some("")
    }

    fn matches(&self, path: &str) -> bool {
        match &self.after {
            None => path == self.before,
            Some(after) => {
                path.strip_prefix(self.before.as_str()).is_some_and(|rest| rest.ends_with(after.as_str()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rules: &Rules, path: &str, name: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        rules.apply(path, &mut headers);
        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    }

    #[test]
    fn the_rules_of_every_deployment_are_read() {
        let rules = Rules::usual().expect("rules");
        let names: Vec<_> = rules.everywhere().map(|(name, _)| name.as_str()).collect();
        for name in ["content-security-policy", "referrer-policy", "x-content-type-options"] {
            assert!(names.contains(&name), "{name}");
        }
        assert_eq!(of(&rules, "/sw.js", "cache-control").as_deref(), Some("no-cache"));
        assert_eq!(of(&rules, "/a/b.wasm", "content-type").as_deref(), Some("application/wasm"));
        assert_eq!(of(&rules, "/a/b.png", "content-type"), None);
        assert_eq!(of(&rules, "/sw.jsx", "cache-control"), None);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line() {
        for (bad, line) in [("/*\n  a b\n", 2), ("  a: b\n", 1), ("/*\n  a: b\nx\n", 3)] {
            let found = Rules::parse(bad).expect_err(bad);
            assert!(matches!(found, HeadersError::Line { line: at, .. } if at == line), "{found}");
        }
        for bad in ["", "/*\n", "/a\n  a: b\n"] {
            assert_eq!(Rules::parse(bad).err(), Some(HeadersError::Everywhere), "{bad:?}");
        }
    }
}
