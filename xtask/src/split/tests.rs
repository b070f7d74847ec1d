//! A module of seven functions in two parts: each is whole for itself, and nothing is in both.

use std::collections::BTreeMap;

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
    ImportSection, MemorySection, MemoryType, Module, NameMap, NameSection, RefType, TableSection, TableType,
    TypeSection, ValType,
};
use wasmparser::Validator;

use super::{Wasm, plan, plan::Late, split};

/// Functions of the module by number.
const LOG: u32 = 0;
const START: u32 = 1;
const FAR: u32 = 2;
const SHARED: u32 = 3;
const DEEP: u32 = 4;
const LISTED: u32 = 5;
const DROPPED: u32 = 6;
const BRING: u32 = 7;

fn module() -> Vec<u8> {
    module_with(3)
}

/// A table of functions that may grow to `most`. `main` calls a late function and one that both call; another late one has a place in the table, and
/// so has one that is only made for late ones, which `main` calls too.
fn module_with(most: u64) -> Vec<u8> {
    let functions: [(&str, &[u32]); 7] = [
        ("app[0123456789abcdef]::main", &[FAR, SHARED, DROPPED]),
        ("app[0123456789abcdef]::late::far", &[LOG, SHARED, DEEP]),
        ("core::shared", &[]),
        ("alloc::deep", &[]),
        ("<app[0123456789abcdef]::late::Page as app[0123456789abcdef]::Shown>::render", &[DEEP]),
        ("core::ptr::drop_in_place::<app[0123456789abcdef]::late::Page>", &[]),
        ("bringLate", &[]),
    ];
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("./enduring-app_bg.js", "__wbg_log_12", wasm_encoder::EntityType::Function(0));
    let (mut kinds, mut code, mut names) = (FunctionSection::new(), CodeSection::new(), NameMap::new());
    names.append(LOG, "log");
    for (index, (name, calls)) in (START..).zip(functions) {
        // One takes and gives a number, so that a step to it has something to hand on.
        let takes = index == FAR;
        kinds.function(u32::from(takes));
        let mut body = Function::new([]);
        let mut steps = body.instructions();
        for callee in calls {
            if *callee == FAR {
                steps.i32_const(7).call(FAR).drop();
            } else {
                steps.call(*callee);
            }
        }
        if takes {
            steps.local_get(0);
        }
        steps.end();
        code.function(&body);
        names.append(index, name);
    }
    let mut tables = TableSection::new();
    let limits = TableType {
        element_type: RefType::FUNCREF,
        minimum: 3,
        maximum: Some(most),
        table64: false,
        shared: false,
    };
    tables.table(limits);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0).export("main", ExportKind::Func, START);
    exports.export("bringLate", ExportKind::Func, BRING);
    let mut elements = ElementSection::new();
    elements.active(
        Some(0),
        &ConstExpr::i32_const(1),
        Elements::Functions([LISTED, DROPPED].as_slice().into()),
    );
    let mut naming = NameSection::new();
    naming.functions(&names);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&kinds).section(&tables).section(&memories);
    module.section(&exports).section(&elements).section(&code).section(&naming);
    module.finish()
}

fn late<'a>(paths: &[&'a str]) -> Late<'a> {
    Late { paths: paths.to_vec(), small: 0 }
}

fn parts() -> (Vec<u8>, Vec<u8>) {
    let bytes = module();
    Validator::new().validate_all(&bytes).unwrap();
    let glue = BTreeMap::from([("__wbg_log_12".to_owned(), "a".to_owned())]);
    split(&bytes, &Wasm::read(&bytes).unwrap(), &late(&["app::late"]), &glue).unwrap()
}

#[test]
fn a_function_is_late_by_its_path_or_when_only_late_ones_call_it() {
    let plan = plan::plan(&Wasm::read(&module()).unwrap(), &late(&["app::late"]), 3).unwrap();
    assert_eq!(Vec::from_iter(plan.late), [FAR, DEEP, LISTED]);
    // What the first part calls by number, and what has a place in the table.
    assert_eq!(Vec::from_iter(plan.slots), [(FAR, 3), (LISTED, 4)]);
    assert_eq!(Vec::from_iter(plan.lent), [LOG, SHARED]);
}

#[test]
fn what_is_small_stays() {
    let wasm = Wasm::read(&module()).unwrap();
    let small = wasm.function(LISTED).unwrap().size;
    let plan = plan::plan(&wasm, &Late { paths: vec!["app::late"], small }, 3).unwrap();
    assert!(!plan.late.contains(&LISTED) && plan.late.contains(&FAR), "{:?}", plan.late);
}

#[test]
fn both_parts_are_modules_of_their_own() {
    let (first, second) = parts();
    for part in [&first, &second] {
        Validator::new().validate_all(part).unwrap();
    }
    let first = Wasm::read(&first).unwrap();
    assert_eq!(first.imported[0].name, "a");
    assert_eq!(first.tables[0].initial, 5);
    // Every function keeps its number; the one more brings the second part where it is needed.
    assert_eq!(first.functions.len(), 8);
    assert_eq!(first.function(FAR).unwrap().calls, [8]);
    assert_eq!(first.function(DEEP).unwrap().calls, [0; 0]);
    assert_eq!(first.function(8).unwrap().calls, [BRING]);
}

#[test]
fn the_second_part_takes_from_the_first_what_that_exports() {
    let (first, second) = parts();
    let exported: Vec<String> =
        Wasm::read(&first).unwrap().exports.into_iter().map(|(name, ..)| name).collect();
    let mut taken = Vec::new();
    for part in wasmparser::Parser::new(0).parse_all(&second) {
        if let wasmparser::Payload::ImportSection(section) = part.unwrap() {
            taken.extend(section.into_imports().map(|import| import.unwrap().name.to_owned()));
        }
    }
    assert_eq!(taken, ["$a", "$b", "$t$a", "$m$a"]);
    assert!(taken.iter().all(|name| exported.contains(name)), "{exported:?}");
}

#[test]
fn a_list_that_names_nothing_of_the_player_is_an_error() {
    let bytes = module();
    let wasm = Wasm::read(&bytes).unwrap();
    let error = plan::plan(&wasm, &late(&["app::gone"]), 3).err().unwrap().to_string();
    assert!(error.contains("app::gone"), "{error}");
    let glue = BTreeMap::new();
    let error = split(&bytes, &wasm, &late(&["app::late", "bringLate"]), &glue).unwrap_err().to_string();
    assert!(error.contains("is to come first"), "{error}");
}

#[test]
fn a_module_that_cannot_be_split_says_why() {
    let glue = BTreeMap::from([("__wbg_log_12".to_owned(), "a".to_owned())]);
    let grows = module_with(9);
    let refused = |bytes: &[u8], wasm: &Wasm, glue: &BTreeMap<String, String>| {
        format!("{:#}", split(bytes, wasm, &late(&["app::late"]), glue).unwrap_err())
    };
    let error = refused(&grows, &Wasm::read(&grows).unwrap(), &glue);
    assert!(
        error.contains("expected a table of functions that never grows, found limits 3 and Some(9)"),
        "{error}"
    );
    let bytes = module();
    let mut wasm = Wasm::read(&bytes).unwrap();
    let error = refused(&bytes, &wasm, &BTreeMap::new());
    assert!(error.contains("an import without a name"), "{error}");
    wasm.exports.retain(|(name, ..)| name != "bringLate");
    let error = refused(&bytes, &wasm, &glue);
    assert!(error.contains("expected an export `bringLate`, found none"), "{error}");
}
