//! Who may depend on whom, by what `cargo tree` prints.

use std::{collections::BTreeSet, process::Command};

use anyhow::Result;

use super::{Check, Finding, Sources};
use crate::{process, workspace};

pub const CHECKS: &[Check] = &[
    Check {
        name: "core-dependencies",
        promise: "core depends on serde, postcard, sha2, chrono without its clock and thiserror, \
                  and on nothing else without a decision note",
        look: core_dependencies,
    },
    Check {
        name: "app-dependencies",
        promise: "the player's wasm has no parser of Markdown or TOML, no router and no signature code: a new \
                  dependency is a decision, weighed in bytes",
        look: app_dependencies,
    },
    Check {
        name: "fronts-apart",
        promise: "core is below app and provider, and app and provider never meet",
        look: fronts_apart,
    },
];

const HERE: &str = "xtask/src/tidy/dependencies.rs";

/// What core names itself, then what those bring.
const CORE: &[&str] = &[
    "chrono",
    "enduring-core",
    "postcard",
    "serde",
    "sha2",
    "thiserror",
    // chrono
    "num-traits",
    // postcard
    "cobs",
    // serde, thiserror
    "proc-macro2",
    "quote",
    "serde_core",
    "serde_derive",
    "syn",
    "thiserror-impl",
    "unicode-ident",
    // sha2
    "block-buffer",
    "cfg-if",
    "cpufeatures",
    "crypto-common",
    "digest",
    "hybrid-array",
    "libc",
    "typenum",
];

/// What the player may name itself. Its core is held by [`CORE`].
const APP: &[&str] = &[
    "chrono",
    "enduring-core",
    "fast_qr",
    "gloo-events",
    "gloo-file",
    "gloo-net",
    "gloo-timers",
    "js-sys",
    "postcard",
    "rexie",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
    "yew",
];

fn core_dependencies(_: &Sources) -> Result<Vec<Finding>> {
    let found = tree("enduring-core", &["-e", "normal", "--target", "all"])?;
    let mut findings = outside(&found, CORE);
    let gone = CORE.iter().filter(|name| !found.contains(**name));
    findings
        .extend(gone.map(|name| Finding::new(HERE, "no package that core has lost", format!("`{name}`"))));
    Ok(findings)
}

fn app_dependencies(_: &Sources) -> Result<Vec<Finding>> {
    let direct =
        tree("enduring-app", &["-e", "normal", "--depth", "1", "--target", "wasm32-unknown-unknown"])?;
    Ok(outside(&direct, &[APP, &["enduring-app"]].concat()))
}

fn fronts_apart(_: &Sources) -> Result<Vec<Finding>> {
    let flags = ["-e", "normal,build,dev", "--target", "all"];
    let app = tree("enduring-app", &flags)?;
    let provider = tree("enduring-provider", &flags)?;
    let core = tree("enduring-core", &flags)?;
    let meets = |package: &str, tree: &BTreeSet<String>, others: &[&str]| -> Vec<Finding> {
        let found = others.iter().filter(|other| tree.contains(**other));
        found.map(|other| Finding::new(package, "no dependency on the other front", *other)).collect()
    };
    let mut findings = meets("app/Cargo.toml", &app, &["enduring-provider"]);
    findings.extend(meets("provider/Cargo.toml", &provider, &["enduring-app"]));
    findings.extend(meets("core/Cargo.toml", &core, &["enduring-app", "enduring-provider"]));
    Ok(findings)
}

/// The names of all packages below `package`, itself included.
fn tree(package: &str, flags: &[&str]) -> Result<BTreeSet<String>> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(workspace::root()).args(["tree", "--package", package, "--prefix", "none"]);
    Ok(names(&process::output(cargo.args(["--format", "{p}"]).args(flags))?))
}

fn names(tree: &str) -> BTreeSet<String> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn outside(found: &BTreeSet<String>, allowed: &[&str]) -> Vec<Finding> {
    let unlisted = found.iter().filter(|name| !allowed.contains(&name.as_str()));
    unlisted.map(|name| Finding::new(HERE, "a package of the list", format!("`{name}`"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_outside_the_list_is_found() {
        let tree = names("enduring-core v0.1.0 (/x)\nserde v1.0.0\nserde v1.0.0 (*)\nrand v0.9.0\n\n");
        let found = outside(&tree, CORE);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].found, "`rand`");
    }

    #[test]
    fn the_list_of_core_has_no_clock_no_chance_and_no_web() {
        for name in
            ["getrandom", "rand", "iana-time-zone", "js-sys", "web-sys", "wasm-bindgen", "tokio", "libm"]
        {
            assert!(!CORE.contains(&name), "{name}");
        }
    }
}
