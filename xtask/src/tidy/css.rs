//! Every class that is used is styled, and every class that is styled is used.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{Check, Finding, Sources, code};

pub const CHECKS: &[Check] = &[Check {
    name: "css-classes",
    promise: "style: every class used exists in app/styles, and the reverse; a misspelled class is a layout \
              that nobody sees, a dead one is bytes for every learner",
    look: classes,
}];

fn classes(sources: &Sources) -> Result<Vec<Finding>> {
    let defined = defined(sources);
    let (used, mentioned) = (used(sources), mentioned(sources));
    let unknown = used
        .iter()
        .filter(|(class, _)| !defined.contains_key(*class))
        .map(|(class, place)| Finding::new(place, "a class of app/styles", format!("`{class}`")));
    let dead = defined
        .iter()
        .filter(|(class, _)| !mentioned.contains(*class))
        .map(|(class, place)| Finding::new(place, "a class that app/ uses", format!("`.{class}`")));
    Ok(unknown.chain(dead).collect())
}

/// Classes in `class="…"`, `class={…}` and `classes!(…)`, and any string in the
/// notation `block__element` or `block--modifier`, with the first place of each.
fn used(sources: &Sources) -> BTreeMap<String, String> {
    let mut used = BTreeMap::new();
    for (file, text) in sources.files(&["app/"], &[".rs", ".html", ".js"]) {
        let text = if file.ends_with(".html") { text.to_owned() } else { code::read(text).with_strings };
        let mut add = |offset: usize, names: &str| {
            for class in names.split_whitespace().filter(|name| is_class(name)) {
                let line = text[..offset].matches('\n').count() + 1;
                used.entry(class.to_owned()).or_insert_with(|| format!("{file}:{line}"));
            }
        };
        for (start, _) in text.match_indices("class=") {
            let value = &text[start + 6..];
            let scope =
                if value.starts_with('"') { &value[..closing(value, '"', '"')] } else { braced(value) };
            literals(scope, |literal| add(start, literal));
        }
        for (start, _) in text.match_indices("classes!(") {
            literals(parenthesized(&text[start + 8..]), |literal| add(start, literal));
        }
        if !file.ends_with(".html") {
            for (start, literal) in all_literals(&text) {
                if literal.split_whitespace().all(is_block_notation) {
                    add(start, literal);
                }
            }
        }
    }
    used
}

/// Every word of every string that could name a class.
fn mentioned(sources: &Sources) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (file, text) in sources.files(&["app/"], &[".rs", ".html", ".js"]) {
        let mut add = |text: &str| words.extend(text.split(|c| !is_class_char(c)).map(str::to_owned));
        if file.ends_with(".html") {
            add(text);
        } else {
            code::read(text).strings.iter().for_each(|(_, literal)| add(literal));
        }
    }
    words
}

/// Classes in the selectors of app/styles, with the first place of each.
fn defined(sources: &Sources) -> BTreeMap<String, String> {
    let mut defined = BTreeMap::new();
    for (file, text) in sources.files(&["app/styles/"], &[".css"]) {
        for (line, text) in without_comments(text).lines().enumerate() {
            // Layer names have dots of their own, addresses too.
            if text.trim_start().starts_with("@layer") || text.contains("url(") {
                continue;
            }
            for part in text.split('.').skip(1) {
                let end = part.find(|c| !is_class_char(c)).unwrap_or(part.len());
                let class = &part[..end];
                if is_class(class) {
                    defined.entry(class.to_owned()).or_insert_with(|| format!("{file}:{}", line + 1));
                }
            }
        }
    }
    defined
}

fn without_comments(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        let end = rest[start..].find("*/").map_or(rest.len(), |end| start + end + 2);
        plain.push_str(&rest[..start]);
        plain.extend(rest[start..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    plain + rest
}

fn is_class_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn is_class(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_class_char)
}

/// `block__element`, `block--modifier`: nothing but a class looks like that.
fn is_block_notation(name: &str) -> bool {
    is_class(name) && (name.contains("__") || name.contains("--")) && !name.ends_with(['_', '-'])
}

fn braced(text: &str) -> &str {
    if text.starts_with('{') { &text[..closing(text, '{', '}')] } else { "" }
}

fn parenthesized(text: &str) -> &str {
    &text[..closing(text, '(', ')')]
}

/// The end of what `text` begins with: after the bracket that closes the first.
fn closing(text: &str, open: char, close: char) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == close && (open != close || at > 0) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 1;
            }
        } else if c == open {
            depth += 1;
        }
    }
    text.len()
}

fn literals(scope: &str, mut each: impl FnMut(&str)) {
    for (_, literal) in all_literals(scope) {
        each(literal);
    }
}

/// The string literals of code whose comments are blanked out.
fn all_literals(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('"').map(|start| at + start + 1) {
        let Some(end) = text[start..].find('"').map(|end| start + end) else { break };
        found.push((start, &text[start..end]));
        at = end + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSS: (&str, &str) = (
        "app/styles/card.css",
        "@layer reset, components.card;\n/* .old */\n@layer components {\n  .card { margin: .5rem; }\n  \
         .card__title:hover, p.card--wide > .lead {}\n}",
    );

    fn places(rust: &str) -> Vec<String> {
        let sources = Sources::from([CSS, ("app/src/components/card.rs", rust)]);
        classes(&sources).unwrap().into_iter().map(|finding| finding.to_string()).collect()
    }

    const ALL: &str = "html! { <p class=\"card lead\"><b class={classes!(\"card__title\", wide.then_some(\"card--wide\"))} /></p> }";

    #[test]
    fn what_is_used_and_styled_passes() {
        assert_eq!(places(ALL), Vec::<String>::new());
    }

    #[test]
    fn a_class_without_style_is_found_wherever_it_is_written() {
        for (rust, class) in [
            ("html! { <p class=\"crad\" /> }", "crad"),
            ("html! { <p class={classes!(\"lead\", \"leed\")} /> }", "leed"),
            ("html! { <p class={if wide { \"wide\" } else { \"lead\" }} /> }", "wide"),
            ("let class = match kind { Kind::A => \"card__titel\" };", "card__titel"),
        ] {
            let found = places(&format!("{ALL}\n{rust}"));
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(
                found[0].starts_with("app/src/components/card.rs:2") && found[0].contains(class),
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_style_without_use_is_found() {
        let found = places("html! { <p class=\"card card--wide lead\" /> } // card__title");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("app/styles/card.css:5") && found[0].contains("card__title"),
            "{found:?}"
        );
    }
}
