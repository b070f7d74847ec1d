//! What a learner downloads, and the gate on it.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{
    digest,
    encode::{self, Coding},
    player, wasm, workspace,
};

/// What the whole app shell may cost on the wire, Brotli 11 (the crate `brotli`).
pub const BUDGET: usize = 170_000;
/// What fails now: the player is over its budget, and is to get smaller.
/// `docs/decisions/0007-over-the-size-budget.md` says why and what is next.
pub const GATE: usize = 477_500;
/// What fails now of what a first visit waits for: the page, its style, the scripts that start it, and
/// the first part of the wasm (decision 0013).
const FIRST_GATE: usize = 208_400;

/// One file of the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    name: String,
    raw: usize,
    wire: usize,
}

/// Prints what every file costs and what the wasm consists of; fails over the gate.
pub fn check() -> Result<()> {
    let files = measure(&player::folder())?;
    for File { name, raw, wire } in &files {
        println!("{:>8.1} KB on the wire {:>8.1} KB raw  {name}", kb(*wire), kb(*raw));
    }
    let total: usize = files.iter().map(|file| file.wire).sum();
    println!(
        "{:>8.1} KB on the wire in all, budget {:.0} KB, gate {:.0} KB",
        kb(total),
        kb(BUDGET),
        kb(GATE)
    );
    let first: usize = files.iter().filter(|file| comes_first(&file.name)).map(|file| file.wire).sum();
    println!("{:>8.1} KB of it before the first page, gate {:.0} KB", kb(first), kb(FIRST_GATE));
    if total > BUDGET {
        println!("OVER BUDGET by {:.1} KB", kb(total - BUDGET));
    }
    contributors()?;
    within("what a first visit waits for", first, FIRST_GATE)?;
    within("the app shell", total, GATE)
}

/// Whether a first visit waits for it.
fn comes_first(name: &str) -> bool {
    let asked_later = name == "sw.js" || name == "rescue.js" || name.contains("-late-");
    !asked_later && [".html", ".css", ".js", ".wasm"].iter().any(|ending| name.ends_with(ending))
}

fn within(what: &str, found: usize, gate: usize) -> Result<()> {
    ensure!(
        found <= gate,
        "{what}: expected at most {:.1} KB on the wire, found {:.1} KB",
        kb(gate),
        kb(found)
    );
    Ok(())
}

/// Every file that a first visit and the service worker fetch, largest first.
/// Hosts compress text and wasm, and leave pictures as they are.
fn measure(player: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for name in digest::files(player).context("there is no player: run `cargo xtask player`")? {
        let bytes = fs::read(player.join(&name)).with_context(|| format!("reading {name}"))?;
        let wire =
            if is_picture(&name) { bytes.len() } else { encode::encode(Coding::Brotli, &bytes)?.len() };
        files.push(File { name, raw: bytes.len(), wire });
    }
    files.sort_by_key(|file| std::cmp::Reverse(file.wire));
    Ok(files)
}

fn is_picture(name: &str) -> bool {
    [".png", ".webp", ".avif", ".jpg", ".ico", ".woff2"].iter().any(|ending| name.ends_with(ending))
}

/// The crates that the wasm consists of, from the build before wasm-opt, which
/// still has the names of the functions.
fn contributors() -> Result<()> {
    let path = workspace::target().join("wasm32-unknown-unknown/release/enduring-app.wasm");
    let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    println!("the largest parts of the wasm, raw, before wasm-opt:");
    for (name, size) in wasm::by_crate(&bytes)?.into_iter().take(12) {
        println!("{:>8.1} KB  {name}", kb(size));
    }
    Ok(())
}

fn kb(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_closes_one_byte_over() {
        assert!(within("the app shell", GATE, GATE).is_ok());
        let error = within("the app shell", GATE + 1, GATE).unwrap_err().to_string();
        assert!(error.contains(&format!("{:.1} KB", kb(GATE))), "{error}");
    }

    #[test]
    fn a_first_visit_waits_for_the_first_part_alone() {
        let shell =
            ["index.html", "boot.js", "rescue.js", "sw.js", "a-1f_bg.wasm", "a-late-1f.wasm", "icons/a.svg"];
        let first: Vec<_> = shell.into_iter().filter(|name| comes_first(name)).collect();
        assert_eq!(first, ["index.html", "boot.js", "a-1f_bg.wasm"]);
    }

    #[test]
    fn text_counts_compressed_and_pictures_as_they_are() {
        let dir = std::env::temp_dir().join(format!("size-{}", std::process::id()));
        fs::create_dir_all(dir.join("icons")).unwrap();
        fs::write(dir.join("app.js"), "let a = 1;\n".repeat(1000)).unwrap();
        fs::write(dir.join("icons/a.png"), [0; 500]).unwrap();
        let files = measure(&dir).unwrap();
        fs::remove_dir_all(&dir).unwrap();
        assert_eq!(files[0], File { name: "icons/a.png".to_owned(), raw: 500, wire: 500 });
        assert_eq!((files[1].raw, files[1].wire < 60), (11_000, true));
    }
}
