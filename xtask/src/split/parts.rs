//! Writes the two parts.
//!
//! The first part is the module as it was, with every function under its number. A function
//! that moved is left as a step to its place in the table, where the second part puts it; one
//! that only moved functions call is left empty, for wasm-opt to take away. The second part
//! takes memory, tables, globals and functions from the exports of the first.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context, Result, ensure};
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, ImportSection, Module, TableSection, TypeSection,
};
use wasmparser::{Parser, Payload};

use super::plan::Plan;
use crate::wasm::Wasm;

/// Whose functions the first part takes: the glue's.
pub const GLUE: &str = "0";
/// Whose exports the second part takes; short, since it stands there a thousand times.
const FROM: &str = "1";

/// What both parts are written from.
pub struct Split<'a> {
    pub bytes: &'a [u8],
    pub wasm: &'a Wasm,
    pub plan: &'a Plan,
    /// The table of functions.
    pub table: u32,
    /// The function of the first part that brings the second at once.
    pub bring: u32,
    /// What the imports are called from here on, by the names that wasm-bindgen gave them.
    pub glue: &'a BTreeMap<String, String>,
}

impl Split<'_> {
    /// The module without what moved.
    pub fn first(&self) -> Result<Vec<u8>> {
        let unit = self.wasm.types.iter().position(|ty| ty.params().is_empty() && ty.results().is_empty());
        let unit = u32::try_from(unit.context("expected a type of functions that take and give nothing")?)?;
        let imported = u32::try_from(self.wasm.imported.len())?;
        let next = imported + u32::try_from(self.wasm.functions.len())?;
        let mut first = First { split: self, at: imported, tables: 0, unit, need: next };
        let mut module = Module::new();
        first.parse_core_module(&mut module, Parser::new(0), self.bytes).context("writing the first part")?;
        Ok(module.finish())
    }

    /// What moved, for the exports of the first part.
    pub fn second(&self) -> Result<Vec<u8>> {
        let mut same = RoundtripReencoder;
        let (mut types, mut imports, mut functions) =
            (TypeSection::new(), ImportSection::new(), FunctionSection::new());
        let (mut elements, mut code) = (ElementSection::new(), CodeSection::new());
        for (at, lent) in (0u32..).zip(&self.plan.lent) {
            imports.import(FROM, &name("", at), EntityType::Function(self.wasm.type_of(*lent)?));
        }
        for (at, table) in (0u32..).zip(&self.wasm.tables) {
            let mut ty = same.table_type(*table)?;
            // However far it has grown by then.
            ty.maximum = if at == self.table { grown(ty.maximum, self.slots()?) } else { ty.maximum };
            imports.import(FROM, &name("t$", at), EntityType::Table(ty));
        }
        for (at, memory) in (0u32..).zip(&self.wasm.memories) {
            imports.import(FROM, &name("m$", at), EntityType::Memory(same.memory_type(*memory)?));
        }
        for (at, global) in (0u32..).zip(&self.wasm.globals) {
            imports.import(FROM, &name("g$", at), EntityType::Global(same.global_type(*global)?));
        }
        let numbers: BTreeMap<u32, u32> =
            self.plan.lent.iter().chain(&self.plan.late).copied().zip(0..).collect();
        for late in &self.plan.late {
            functions.function(self.wasm.type_of(*late)?);
        }
        if let Some(first) = self.plan.slots.values().min() {
            let placed: Vec<u32> = self.plan.slots.keys().map(|late| numbers[late]).collect();
            let offset = ConstExpr::i32_const(i32::try_from(*first)?);
            elements.active(Some(self.table), &offset, Elements::Functions(placed.into()));
        }
        let mut second = Second { numbers };
        let mut at = u32::try_from(self.wasm.imported.len())?;
        for part in Parser::new(0).parse_all(self.bytes) {
            match part? {
                Payload::TypeSection(section) => same.parse_type_section(&mut types, section)?,
                Payload::CodeSectionEntry(body) => {
                    if self.plan.late.contains(&at) {
                        second.parse_function_body(&mut code, body).context("writing the second part")?;
                    }
                    at += 1;
                }
                _ => {}
            }
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&elements).section(&code);
        Ok(module.finish())
    }

    fn slots(&self) -> Result<u64> {
        Ok(u64::try_from(self.plan.slots.len())?)
    }
}

/// The name of an export of the first part that is there for the second: its kind and its number. No
/// name of wasm-bindgen's begins so.
fn name(kind: &str, at: u32) -> String {
    ["$", kind, &letters(at)].concat()
}

/// A number in letters.
pub fn letters(mut at: u32) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.push(char::from(LETTERS[(at % 52) as usize]));
        at /= 52;
        if at == 0 {
            return name;
        }
    }
}

fn grown(limit: Option<u64>, by: u64) -> Option<u64> {
    limit.map(|limit| limit + by)
}

/// What no module of wasm-bindgen's has.
#[derive(Debug)]
struct Odd(&'static str);

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unexpected: {}", self.0)
    }
}

impl std::error::Error for Odd {}

struct First<'a> {
    split: &'a Split<'a>,
    /// The next function with a body.
    at: u32,
    /// Tables so far.
    tables: u32,
    /// The type of functions that take and give nothing.
    unit: u32,
    /// The function that sees to it that the second part is there: one more than there were.
    need: u32,
}

impl First<'_> {
    /// Brings the second part where its first place in the table is empty.
    fn needing(&self) -> Option<Function> {
        let slot = i32::try_from(*self.split.plan.slots.values().min()?).ok()?;
        let mut need = Function::new([]);
        let mut steps = need.instructions();
        steps.i32_const(slot).table_get(self.split.table).ref_is_null();
        steps.if_(wasm_encoder::BlockType::Empty).call(self.split.bring).end().end();
        Some(need)
    }

    /// What is left of a function that moved.
    fn left(&self, index: u32) -> Option<Function> {
        let mut left = Function::new([]);
        let mut steps = left.instructions();
        let Some(slot) = self.split.plan.slots.get(&index) else {
            steps.unreachable().end();
            return Some(left);
        };
        let ty = self.split.wasm.type_of(index).ok()?;
        let params = self.split.wasm.types.get(usize::try_from(ty).ok()?)?.params().len();
        steps.call(self.need);
        for param in 0..u32::try_from(params).ok()? {
            steps.local_get(param);
        }
        steps.i32_const(i32::try_from(*slot).ok()?).call_indirect(self.split.table, ty).end();
        Some(left)
    }
}

impl Reencode for First<'_> {
    type Error = Odd;

    fn parse_table(
        &mut self,
        tables: &mut TableSection,
        mut table: wasmparser::Table<'_>,
    ) -> Result<(), Error<Self::Error>> {
        if self.tables == self.split.table {
            let more = self.split.slots().map_err(|_| Error::UserError(Odd("too many functions")))?;
            table.ty.initial += more;
            table.ty.maximum = grown(table.ty.maximum, more);
        }
        self.tables += 1;
        utils::parse_table(self, tables, table)
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        for import in section.into_imports() {
            let import = import?;
            let name = self.split.glue.get(import.name);
            let name = name.ok_or(Error::UserError(Odd("an import without a name")))?;
            imports.import(GLUE, name, self.entity_type(import.ty)?);
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        utils::parse_function_section(self, functions, section)?;
        functions.function(self.unit);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        utils::parse_export_section(self, exports, section)?;
        let (plan, wasm) = (self.split.plan, self.split.wasm);
        for (at, lent) in (0u32..).zip(&plan.lent) {
            exports.export(&name("", at), ExportKind::Func, *lent);
        }
        let all = |count: usize| 0..u32::try_from(count).unwrap_or_default();
        for at in all(wasm.tables.len()) {
            exports.export(&name("t$", at), ExportKind::Table, at);
        }
        for at in all(wasm.memories.len()) {
            exports.export(&name("m$", at), ExportKind::Memory, at);
        }
        for at in all(wasm.globals.len()) {
            exports.export(&name("g$", at), ExportKind::Global, at);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        utils::parse_code_section(self, code, section)?;
        code.function(
            &self.needing().ok_or(Error::UserError(Odd("a second part that the first never calls")))?,
        );
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: wasmparser::FunctionBody<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let index = self.at;
        self.at += 1;
        if !self.split.plan.late.contains(&index) {
            return utils::parse_function_body(self, code, body);
        }
        code.function(&self.left(index).ok_or(Error::UserError(Odd("a function without a type")))?);
        Ok(())
    }
}

struct Second {
    /// Old numbers to new.
    numbers: BTreeMap<u32, u32>,
}

impl Reencode for Second {
    type Error = Odd;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Self::Error>> {
        self.numbers.get(&index).copied().ok_or(Error::UserError(Odd("a call of what is in neither part")))
    }
}

/// The table that holds functions.
pub fn table_of(wasm: &Wasm) -> Result<u32> {
    let at = wasm.tables.iter().position(|table| table.element_type.is_func_ref());
    let at = at.context("expected a table of functions, found none")?;
    let table = &wasm.tables[at];
    ensure!(
        table.maximum.is_none_or(|maximum| maximum == table.initial),
        "expected a table of functions that never grows, found limits {} and {:?}",
        table.initial,
        table.maximum
    );
    Ok(u32::try_from(at)?)
}
