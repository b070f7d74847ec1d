//! Which functions come later, and how those of the first part reach them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use wasmparser::ExternalKind;

use crate::wasm::Wasm;

/// What moves to the second part.
pub struct Plan {
    /// The functions that move.
    pub late: BTreeSet<u32>,
    /// Where in the table the first part finds those of them that it calls.
    pub slots: BTreeMap<u32, u32>,
    /// The functions of the first part that the second calls.
    pub lent: BTreeSet<u32>,
}

/// What is late.
pub struct Late<'a> {
    /// Paths of the source.
    pub paths: Vec<&'a str>,
    /// What has no more bytes stays: it would gain little, and is as likely as not the same as something else.
    pub small: usize,
}

/// A function is late if it is of one of these paths, or if nobody calls it but late ones. One that only
/// has such a path in its name, for what it is made for, is late unless an early one calls it by number:
/// functions of the same steps are one, under the name of any of them.
pub fn plan(wasm: &Wasm, Late { paths, small }: &Late<'_>, first_slot: u32) -> Result<Plan> {
    let large = |index: u32| wasm.function(index).filter(|function| function.size > *small);
    let named = |index: u32| {
        large(index).is_some_and(|function| paths.iter().any(|path| function.name.contains(path)))
    };
    let of_them = |index: u32| {
        let path = large(index).map(|function| function.name.trim_start_matches(['<', '&', '(', '[']));
        path.is_some_and(|path| paths.iter().any(|late| path.starts_with(late)))
    };
    let exported = wasm.exports.iter().filter(|(_, kind, _)| *kind == ExternalKind::Func);
    let exported: Vec<u32> = exported.map(|(.., index)| *index).collect();
    let roots = exported.iter().chain(&wasm.listed).chain(&wasm.start).copied();
    let mut early = BTreeSet::new();
    let mut ahead: Vec<u32> = roots.filter(|index| !named(*index)).collect();
    while let Some(index) = ahead.pop() {
        if let Some(function) = wasm.function(index)
            && early.insert(index)
        {
            ahead.extend(function.calls.iter().filter(|callee| !of_them(**callee)));
        }
    }
    let late: BTreeSet<u32> =
        wasm.bodies().map(|(index, _)| index).filter(|index| !early.contains(index)).collect();
    ensure!(!late.is_empty(), "expected functions of {paths:?}, found none");
    let calls = |of: &BTreeSet<u32>| -> BTreeSet<u32> {
        of.iter()
            .filter_map(|index| wasm.function(*index))
            .flat_map(|function| function.calls.clone())
            .collect()
    };
    let reached: BTreeSet<u32> =
        calls(&early).into_iter().chain(wasm.listed.iter().copied()).chain(exported).collect();
    let slots = reached.intersection(&late).copied().zip(first_slot..).collect();
    let lent = calls(&late).difference(&late).copied().collect();
    Ok(Plan { late, slots, lent })
}
