//! What a wasm module consists of: its functions, what they are called and whom they call.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result, ensure};
use wasmparser::{
    ElementItems, ExternalKind, FuncType, GlobalType, KnownCustom, MemoryType, Name, Operator, Parser,
    Payload, TableType, TypeRef,
};

/// A module, as far as its parts are told apart here.
#[derive(Default)]
pub struct Wasm {
    /// The types of functions.
    pub types: Vec<FuncType>,
    /// The imported functions, which come first in the numbering.
    pub imported: Vec<Imported>,
    /// The functions with a body.
    pub functions: Vec<Function>,
    /// Name, kind and index of what is exported.
    pub exports: Vec<(String, ExternalKind, u32)>,
    /// The functions that have a place in a table: they can be called by anyone.
    pub listed: BTreeSet<u32>,
    /// The function that runs at once.
    pub start: Option<u32>,
    /// Tables.
    pub tables: Vec<TableType>,
    /// Memories.
    pub memories: Vec<MemoryType>,
    /// Globals.
    pub globals: Vec<GlobalType>,
}

/// A function of somebody else's.
pub struct Imported {
    /// Its name there.
    pub name: String,
    /// Its type.
    pub ty: u32,
}

/// A function with a body.
pub struct Function {
    /// Its type.
    pub ty: u32,
    /// Its name in the source, or nothing.
    pub name: String,
    /// The bytes of its body.
    pub size: usize,
    /// Whom it calls by number, or hands on.
    pub calls: Vec<u32>,
}

impl Wasm {
    /// Reads a module that has the names of its functions.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let mut wasm = Self::default();
        let (mut types, mut bodies, mut names) = (Vec::new(), Vec::new(), HashMap::new());
        for part in Parser::new(0).parse_all(bytes) {
            match part? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        wasm.types.push(ty?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        match import.ty {
                            TypeRef::Func(ty) => {
                                wasm.imported.push(Imported { name: import.name.to_owned(), ty });
                            }
                            other => anyhow::bail!("expected imports of functions alone, found {other:?}"),
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    types = section.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::TableSection(section) => {
                    for table in section {
                        wasm.tables.push(table?.ty);
                    }
                }
                Payload::MemorySection(section) => {
                    wasm.memories = section.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        wasm.globals.push(global?.ty);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        wasm.exports.push((export.name.to_owned(), export.kind, export.index));
                    }
                }
                Payload::StartSection { func, .. } => wasm.start = Some(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        let ElementItems::Functions(listed) = element?.items else { continue };
                        for function in listed {
                            wasm.listed.insert(function?);
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let mut operators = body.get_operators_reader()?;
                    let mut calls = Vec::new();
                    while !operators.eof() {
                        if let Operator::Call { function_index }
                        | Operator::ReturnCall { function_index }
                        | Operator::RefFunc { function_index } = operators.read()?
                        {
                            calls.push(function_index);
                        }
                    }
                    let range = body.range();
                    bodies.push((usize::try_from(range.end - range.start)?, calls));
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(sections) = section.as_known() {
                        for section in sections {
                            let Name::Function(functions) = section? else { continue };
                            for naming in functions {
                                let naming = naming?;
                                names.insert(naming.index, plain(naming.name));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        ensure!(!names.is_empty(), "expected the names of the functions, found none");
        let imported = u32::try_from(wasm.imported.len())?;
        for (index, (ty, (size, calls))) in (imported..).zip(types.into_iter().zip(bodies)) {
            let name = names.remove(&index).unwrap_or_default();
            wasm.functions.push(Function { ty, name, size, calls });
        }
        Ok(wasm)
    }

    /// The function with a body of that index; `None` for an imported one.
    pub fn function(&self, index: u32) -> Option<&Function> {
        let at = usize::try_from(index).ok()?.checked_sub(self.imported.len())?;
        self.functions.get(at)
    }

    /// The index and the function of each that has a body.
    pub fn bodies(&self) -> impl Iterator<Item = (u32, &Function)> {
        (0u32..).skip(self.imported.len()).zip(&self.functions)
    }

    /// The type of the function of that index.
    pub fn type_of(&self, index: u32) -> Result<u32> {
        let imported = usize::try_from(index).ok().and_then(|at| self.imported.get(at));
        match (imported, self.function(index)) {
            (Some(imported), _) => Ok(imported.ty),
            (None, Some(function)) => Ok(function.ty),
            (None, None) => Err(anyhow::anyhow!("there is no function {index}")),
        }
    }

    /// The index of the function that is exported by that name.
    pub fn exported(&self, name: &str) -> Result<u32> {
        let export =
            self.exports.iter().find(|(known, kind, _)| known == name && *kind == ExternalKind::Func);
        export.map(|(.., index)| *index).with_context(|| format!("expected an export `{name}`, found none"))
    }
}

/// Bytes of code by crate, largest first.
pub fn by_crate(wasm: &[u8]) -> Result<Vec<(String, usize)>> {
    let mut sums: HashMap<String, usize> = HashMap::new();
    for function in Wasm::read(wasm)?.functions {
        if let Some(name) = crate_of(&function.name) {
            *sums.entry(name).or_default() += function.size;
        }
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(sums)
}

/// The path in the source: `core::fmt::write` for `_RNv…`, and for `core[c5930c85a12de822]::fmt::write`.
fn plain(name: &str) -> String {
    let mut name = format!("{:#}", rustc_demangle::demangle(name));
    while let Some((from, to)) = disambiguator(&name) {
        name.replace_range(from..to, "");
    }
    name
}

/// Where the number of a crate stands in brackets.
fn disambiguator(name: &str) -> Option<(usize, usize)> {
    name.match_indices('[').find_map(|(from, _)| {
        let to = from + name[from..].find(']')? + 1;
        let inner = &name[from + 1..to - 1];
        let is_one = inner.len() > 8 && inner.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then_some((from, to))
    })
}

/// The first path in the name: `core::fmt::write` is of `core`,
/// `<yew::Html as core::fmt::Debug>::fmt` of `yew` and `<&T as serde::Serialize>`
/// of `serde`. None for what wasm-bindgen reads and removes.
fn crate_of(path: &str) -> Option<String> {
    if path.starts_with("__wbindgen_describe") || path.contains("::describe::WasmDescribe") {
        return None;
    }
    let first = path.match_indices("::").find_map(|(at, _)| {
        let name = path[..at].rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        (!name.is_empty()).then_some(name)
    });
    Some(first.unwrap_or("(without a crate)").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One imported function, two with bodies of 2 and 4 bytes, all named.
    fn module() -> Vec<u8> {
        let section = |id: u8, body: &[u8]| [&[id, body.len() as u8], body].concat();
        let text = |text: &str| [&[text.len() as u8], text.as_bytes()].concat();
        let types = [1, 0x60, 0, 0];
        let import = [&[1][..], &text("env"), &text("log"), &[0, 0]].concat();
        let functions = [2, 0, 0];
        let code = [2, 2, 0, 0x0b, 4, 0, 0x10, 1, 0x0b];
        let names = [
            &[3, 0][..],
            &text("log"),
            &[1],
            &text("serde::de::read"),
            &[2],
            &text("<yew[0123456789abcdef]::Html as core::fmt::Debug>::fmt"),
        ]
        .concat();
        let name = [text("name"), section(1, &names)].concat();
        let sections = [
            section(1, &types),
            section(2, &import),
            section(3, &functions),
            section(10, &code),
            section(0, &name),
        ];
        [b"\0asm\x01\0\0\0".to_vec(), sections.concat()].concat()
    }

    #[test]
    fn code_is_counted_by_the_crate_of_its_name() {
        let sums = by_crate(&module()).unwrap();
        assert_eq!(sums, [("yew".to_owned(), 4), ("serde".to_owned(), 2)]);
    }

    #[test]
    fn a_function_is_known_by_its_index_with_whom_it_calls() {
        let wasm = Wasm::read(&module()).unwrap();
        assert!(wasm.function(0).is_none());
        assert_eq!(wasm.function(2).unwrap().calls, [1]);
        assert_eq!(wasm.function(2).unwrap().name, "<yew::Html as core::fmt::Debug>::fmt");
        assert!(wasm.type_of(2).is_ok() && wasm.type_of(3).is_err());
    }

    #[test]
    fn the_crate_is_the_first_of_the_name() {
        let crates =
            ["core::fmt::write", "<&T as serde::Serialize>::x", "<char>::escape", "main"].map(crate_of);
        let expected =
            ["core", "serde", "(without a crate)", "(without a crate)"].map(|name| Some(name.to_owned()));
        assert_eq!(crates, expected);
        assert_eq!(crate_of("<&T as wasm_bindgen::describe::WasmDescribe>::describe"), None);
    }

    #[test]
    fn a_file_that_ends_too_early_is_an_error() {
        let module = module();
        for length in 9..module.len() - 1 {
            assert!(by_crate(&module[..length]).is_err(), "{length}");
        }
        assert!(by_crate(b"<!DOCTYPE html>").is_err());
    }
}
