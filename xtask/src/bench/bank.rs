//! Packs of a bank of items and little else, a small and a large one: what the player costs
//! must not grow with what is drawn from.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace;

/// Items of one file.
const FILE: usize = 1_000;
/// How many items the banks hold. Twenty are drawn from each.
const SIZES: [usize; 2] = [20, 5_000];

const PARTS: &str = r#"
[[part]]
id = "questions"
kind = "test"
title = "Questions"
minutes = 12
role = "practice"
introduction = "Twenty items, each explained at once."
draw = { bank = "all", count = 20 }
[part.policy]
threshold = "none"
attempts = 1
shuffle_options = true
reveal = "after-item"
back = "free"
certainty = "off"
unanswered = "refuse"

[[part]]
id = "evaluation"
kind = "evaluation"
title = "Evaluation"
minutes = 2
file = "evaluation.toml"
"#;

/// Writes the authors' folders into `folder`.
pub fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    SIZES.iter().map(|size| source(folder, *size)).collect()
}

fn source(folder: &Path, size: usize) -> Result<PathBuf> {
    let sample = workspace::root().join("content-packs/item-kinds");
    let source = folder.join(format!("bench-{size}"));
    fs::create_dir_all(source.join("items")).with_context(|| format!("making {}", source.display()))?;
    for file in ["needs.toml", "evaluation.toml"] {
        fs::copy(sample.join(file), source.join(file)).with_context(|| format!("copying {file}"))?;
    }
    let front = fs::read_to_string(sample.join("activity.toml"))?;
    let (front, _) = front.split_once("\n[[part]]").context("a part in the sample's activity.toml")?;
    let front = front.replacen("id = \"item-kinds\"", &format!("id = \"bench-{size}\""), 1);
    let title = |line: &str| match line.starts_with("title = ") {
        true => format!("title = \"A bank of {size} items\"\n"),
        false => format!("{line}\n"),
    };
    let front: String = front.lines().map(title).collect();
    fs::write(source.join("activity.toml"), front + PARTS)?;
    let names: Vec<String> = (0..size).map(|n| format!("\"sum-{n}\"")).collect();
    let bank = format!("[[bank]]\nid = \"all\"\nitems = [{}]\n", names.join(", "));
    fs::write(source.join("items/bank.toml"), bank)?;
    // A file of an author holds a megabyte.
    for first in (0..size).step_by(FILE) {
        let items: String = (first..size.min(first + FILE)).map(item).collect();
        fs::write(source.join(format!("items/from-{first}.toml")), items)?;
    }
    Ok(source)
}

fn item(n: usize) -> String {
    let (rate, hours) = (20 + n % 90, 2 + n / 90);
    let whole = rate * hours;
    let mut text = format!(
        "[[item]]\nid = \"sum-{n}\"\nkind = \"single-best\"\nobjectives = [\"first-minutes\"]\n\
         stem = \"Sum {n}. A pump gives {rate} mL an hour for {hours} hours and is then stopped. How much was given?\"\n\
         rationale = \"{rate} mL an hour for {hours} hours are {whole} mL.\"\nreferences = [\"aha-2020\"]\nkey = \"a\"\n"
    );
    for (id, amount) in [("a", whole), ("b", whole + rate), ("c", whole + 2 * rate), ("d", whole + 10 * rate)]
    {
        let _ = write!(text, "[[item.option]]\nid = \"{id}\"\ntext = \"{amount} mL\"\n");
    }
    text + "\n"
}
