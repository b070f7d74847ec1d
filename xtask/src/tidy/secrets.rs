//! Keys, and names of the machine that somebody happened to work on.

use anyhow::Result;

use super::{
    Check, Finding, Sources,
    code::{self, words},
};

pub const CHECKS: &[Check] = &[
    Check {
        name: "device-keys-stay",
        promise: "invariant 9: the private key of a device is never extractable",
        look: device_keys_stay,
    },
    Check {
        name: "no-private-keys",
        promise: "invariant 9: a provider's key is never in the browser, nor in the repository",
        look: no_private_keys,
    },
    Check {
        name: "no-places",
        promise: "the project builds anywhere: lock files name no host to fetch from, texts no home folder",
        look: no_places,
    },
];

/// `generateKey(algorithm, extractable, usages)` with `true`, and the formats in
/// which a private key would leave.
fn device_keys_stay(sources: &Sources) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (file, text) in sources.files(&["app/", "public/"], &[".rs", ".js"]) {
        let code = code::read(text);
        for name in ["generate_key", "generateKey"] {
            for (at, _) in code.bare.match_indices(name) {
                let call = code.bare[at..].split([';', '?']).next().unwrap_or_default();
                if words(call).any(|word| matches!(word, "true" | "TRUE")) {
                    let line = code.bare[..at].matches('\n').count() + 1;
                    findings.push(Finding::at(file, line, "extractable: false", "true"));
                }
            }
        }
        for (line, literal) in &code.strings {
            if literal == "pkcs8" {
                findings.push(Finding::at(file, *line, "no format of private keys", "`pkcs8`"));
            }
        }
    }
    Ok(findings)
}

fn no_private_keys(sources: &Sources) -> Result<Vec<Finding>> {
    // In two parts, or this file would be found.
    let mark = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
    let mut findings = Vec::new();
    for (file, text) in sources.files(&[""], &[""]) {
        // Worked examples of the tests are signed by keys that everyone may know.
        if file.starts_with("tests/") || file.starts_with("provider/tests/") {
            continue;
        }
        for (at, _) in
            text.match_indices(&mark).filter(|(at, _)| is_followed_by_key(&text[at + mark.len()..]))
        {
            let line = text[..at].matches('\n').count() + 1;
            findings.push(Finding::at(file, line, "no key", "a private key"));
        }
    }
    Ok(findings)
}

/// Code that writes keys has the mark too; a key has a line of Base64 after it.
fn is_followed_by_key(text: &str) -> bool {
    let body = text.trim_start_matches(['\\', 'n', '\r', '\n', ' ']);
    body.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/')).count() >= 40
}

fn no_places(sources: &Sources) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (file, text) in sources.files(&[""], &["package-lock.json"]) {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| line.contains("\"resolved\"")) {
            findings.push(Finding::at(file, at + 1, "integrity without an address", line.trim()));
        }
    }
    for (file, text) in sources.files(&[""], &["Cargo.lock"]) {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| line.starts_with("source = ")) {
            if line != "source = \"registry+https://github.com/rust-lang/crates.io-index\"" {
                findings.push(Finding::at(file, at + 1, "crates.io", line));
            }
        }
    }
    for (file, text) in sources.files(&[""], &[".rs", ".toml", ".md", ".js", ".json", ".sh", "run"]) {
        for (at, line) in text.lines().enumerate() {
            let home = ["home", "Users"].iter().find(|dir| line.contains(&format!(" /{dir}/")));
            if home.is_some() {
                findings.push(Finding::at(file, at + 1, "a path inside the checkout", line.trim()));
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
        let key = ["-----BEGIN ", "PRIVATE KEY-----\n", &"MIGHAgEA".repeat(8)].concat();
        let home = &["see /", "home/ann/enduring"].concat();
        let bad: &[(Look, &str, &str)] = &[
            (
                device_keys_stay,
                "app/src/platform/keys.rs",
                "crypto.generate_key_with_object(\n  &p256,\n  true,\n  &uses)?;",
            ),
            (device_keys_stay, "app/boot.js", "await crypto.subtle.generateKey(p256, true, uses);"),
            (device_keys_stay, "app/src/platform/keys.rs", "crypto.export_key(\"pkcs8\", &key)"),
            (no_private_keys, "public/key.pem", &key),
            (no_private_keys, "app/src/a.rs", &key),
            (no_places, "xtask/tools/package-lock.json", "\"resolved\": \"https://example.org/a.tgz\","),
            (no_places, "Cargo.lock", "source = \"git+https://example.org/a\""),
            (no_places, "docs/a.md", home),
        ];
        for (look, file, text) in bad {
            assert_eq!(count(*look, file, text), 1, "{text}");
        }
    }

    #[test]
    fn what_is_in_order_passes() {
        let mark = ["-----BEGIN ", "PRIVATE KEY-----\n-----END"].concat();
        let key = ["-----BEGIN ", "PRIVATE KEY-----\n", &"MIGHAgEA".repeat(8)].concat();
        let good: &[(Look, &str, &str)] = &[
            (
                device_keys_stay,
                "app/src/platform/keys.rs",
                "crypto.generate_key_with_object(&p256, false, &uses)?;",
            ),
            (device_keys_stay, "app/src/platform/keys.rs", "crypto.import_key(\"jwk\", &public, true)?;"),
            (no_private_keys, "tests/vectors/key.pem", &key),
            (no_private_keys, "provider/src/key/pem.rs", &mark),
            (no_places, "Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\""),
        ];
        for (look, file, text) in good {
            assert_eq!(count(*look, file, text), 0, "{text}");
        }
    }
}
