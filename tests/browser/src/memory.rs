//! The memory of the page's process, as Linux counts it.

use std::collections::HashMap;
use std::fs;

use anyhow::{Context, Result};
use serde_json::json;

use crate::Page;

/// The process of the page among those that the driver started, directly or not: the
/// one whose processor time grows most while the page spins.
pub async fn process(page: &Page, driver: u32) -> Result<u32> {
    let renderers = renderers(driver)?;
    let before: Vec<u64> = renderers.iter().map(|pid| time(*pid)).collect();
    let spin = "for (const end = performance.now() + 300; performance.now() < end;); return true";
    page.js::<bool>(spin, json!([])).await?;
    let grown = renderers.iter().zip(before).map(|(pid, before)| (time(*pid).saturating_sub(before), *pid));
    grown.max().map(|(_, pid)| pid).context("expected a process with --type=renderer, found none")
}

/// Memory that no other process has, in megabytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Private {
    /// All of it: `Private_Clean` and `Private_Dirty`.
    pub whole: f64,
    /// What the process wrote: `Private_Dirty`. The rest is read from files, above all the
    /// browser's own program, and counts only as long as no other browser runs.
    pub written: f64,
}

/// The private memory of a process.
pub fn private(pid: u32) -> Result<Private> {
    let file = format!("/proc/{pid}/smaps_rollup");
    let text = fs::read_to_string(&file).with_context(|| format!("reading {file}"))?;
    of_rollup(&text)
        .with_context(|| format!("{file}: expected Private_Clean and Private_Dirty, found {text}"))
}

/// Reads `Private_Clean:       1234 kB`, and the same for dirty.
fn of_rollup(rollup: &str) -> Option<Private> {
    let megabytes = |name: &str| {
        let rest = rollup.lines().find_map(|line| line.strip_prefix(name))?;
        Some(rest.split_whitespace().next()?.parse::<f64>().ok()? / 1_024.0)
    };
    let written = megabytes("Private_Dirty:")?;
    Some(Private { whole: megabytes("Private_Clean:")? + written, written })
}

fn renderers(driver: u32) -> Result<Vec<u32>> {
    let mut parents = HashMap::new();
    for entry in fs::read_dir("/proc").context("reading /proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        // A process that has just ended is none of the page's.
        if let Some(parent) = fields(pid).first().and_then(|parent| u32::try_from(*parent).ok()) {
            parents.insert(pid, parent);
        }
    }
    let started = |pid: &u32| {
        let mut at = *pid;
        while let Some(parent) = parents.get(&at) {
            if *parent == driver {
                return true;
            }
            at = *parent;
        }
        false
    };
    let renders = |pid: &u32| {
        fs::read(format!("/proc/{pid}/cmdline"))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains("--type=renderer"))
    };
    Ok(parents.keys().copied().filter(|pid| started(pid) && renders(pid)).collect())
}

/// Processor time so far, in ticks.
fn time(pid: u32) -> u64 {
    let fields = fields(pid);
    fields.get(10).zip(fields.get(11)).map_or(0, |(user, system)| user + system)
}

/// The numbers of `/proc/PID/stat` after the state: the parent first, eleventh and
/// twelfth the time in user and in system mode.
fn fields(pid: u32) -> Vec<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name of the program stands in brackets and may hold anything.
    let Some((_, rest)) = text.rsplit_once(") ") else { return Vec::new() };
    rest.split_whitespace().skip(1).map(|field| field.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_private_is_added_up() {
        let rollup =
            "Rss:  99999 kB\nPrivate_Clean:   1000 kB\nPrivate_Dirty:   24 kB\nPrivate_Hugetlb: 7 kB\n";
        assert_eq!(of_rollup(rollup), Some(Private { whole: 1.0, written: 0.0234375 }));
        assert_eq!(of_rollup("Rss: 1 kB"), None);
    }

    #[test]
    fn this_process_has_a_parent_and_took_time() {
        let own = std::process::id();
        assert_eq!(fields(own).first().copied(), Some(u64::from(std::os::unix::process::parent_id())));
        let since = std::time::Instant::now();
        while since.elapsed().as_millis() < 50 {}
        assert!(time(own) > 0);
    }
}
