//! Reads how large each function of a wasm file is and which crate it is from.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;
const FUNCTION_IMPORT: u8 = 0;
const FUNCTION_NAMES: u8 = 1;

/// Bytes of code by crate, largest first.
pub fn by_crate(wasm: &[u8]) -> Result<Vec<(String, usize)>> {
    let mut sums: HashMap<String, usize> = HashMap::new();
    for (name, size) in functions(wasm)? {
        if let Some(name) = crate_of(&name) {
            *sums.entry(name).or_default() += size;
        }
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(sums)
}

/// The first path in the name: `core::fmt::write` is of `core`,
/// `<yew::Html as core::fmt::Debug>::fmt` of `yew` and `<&T as serde::Serialize>`
/// of `serde`. None for what wasm-bindgen reads and removes.
fn crate_of(symbol: &str) -> Option<String> {
    let path = format!("{:#}", rustc_demangle::demangle(symbol));
    if path.starts_with("__wbindgen_describe") || path.contains("::describe::WasmDescribe") {
        return None;
    }
    let first = path.match_indices("::").find_map(|(at, _)| {
        let name = path[..at].rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        (!name.is_empty()).then_some(name)
    });
    Some(first.unwrap_or("(without a crate)").to_owned())
}

/// Names and sizes of the functions with a body.
fn functions(wasm: &[u8]) -> Result<Vec<(String, usize)>> {
    ensure!(wasm.starts_with(b"\0asm\x01\0\0\0"), "expected a wasm module of version 1, found another file");
    let mut module = Reader(&wasm[8..]);
    let (mut imported, mut sizes, mut names) = (0, Vec::new(), HashMap::new());
    while !module.0.is_empty() {
        let (id, mut body) = (module.byte()?, module.sized()?);
        match id {
            IMPORT => imported = body.function_imports()?,
            CODE => {
                for _ in 0..body.number()? {
                    sizes.push(body.sized()?.0.len());
                }
            }
            CUSTOM if body.text()? == "name" => names = body.function_names()?,
            _ => {}
        }
    }
    ensure!(!names.is_empty(), "expected the names of the functions, found none");
    let named = sizes
        .into_iter()
        .enumerate()
        .map(|(at, size)| (names.get(&(imported + at)).cloned().unwrap_or_default(), size));
    Ok(named.collect())
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().context("the wasm file ends too early")?;
        self.0 = rest;
        Ok(*first)
    }

    /// An unsigned LEB128 number.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        anyhow::bail!("expected a number of at most five bytes, found a longer one")
    }

    fn sized(&mut self) -> Result<Reader<'a>> {
        let length = self.number()?;
        ensure!(length <= self.0.len(), "expected {length} bytes, found {}", self.0.len());
        let (body, rest) = self.0.split_at(length);
        self.0 = rest;
        Ok(Reader(body))
    }

    fn text(&mut self) -> Result<String> {
        Ok(String::from_utf8_lossy(self.sized()?.0).into_owned())
    }

    /// How many of the imports are functions; they come first in the numbering.
    fn function_imports(&mut self) -> Result<usize> {
        let mut functions = 0;
        for _ in 0..self.number()? {
            self.sized()?;
            self.sized()?;
            let kind = self.byte()?;
            match kind {
                FUNCTION_IMPORT => {
                    self.number()?;
                    functions += 1;
                }
                // A table is an element type and limits, a global a type and a flag.
                1 => {
                    self.byte()?;
                    self.limits()?;
                }
                2 => self.limits()?,
                3 => {
                    self.byte()?;
                    self.byte()?;
                }
                other => anyhow::bail!("expected an import of kind 0 to 3, found {other}"),
            }
        }
        Ok(functions)
    }

    fn limits(&mut self) -> Result<()> {
        let bounded = self.byte()? & 1 == 1;
        self.number()?;
        if bounded {
            self.number()?;
        }
        Ok(())
    }

    fn function_names(&mut self) -> Result<HashMap<usize, String>> {
        let mut names = HashMap::new();
        while !self.0.is_empty() {
            let (kind, mut body) = (self.byte()?, self.sized()?);
            if kind == FUNCTION_NAMES {
                for _ in 0..body.number()? {
                    names.insert(body.number()?, body.text()?);
                }
            }
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One imported function, two with bodies of 2 and 4 bytes, all named.
    fn module() -> Vec<u8> {
        let section = |id: u8, body: &[u8]| [&[id, body.len() as u8], body].concat();
        let text = |text: &str| [&[text.len() as u8], text.as_bytes()].concat();
        let import = [&[1][..], &text("env"), &text("log"), &[0, 0]].concat();
        let code = [2, 2, 0, 0x0b, 4, 0, 0x41, 0, 0x0b];
        let names = [
            &[3, 0][..],
            &text("log"),
            &[1],
            &text("serde::de::read"),
            &[2],
            &text("<yew::Html as core::fmt::Debug>::fmt"),
        ]
        .concat();
        let name = [text("name"), section(1, &names)].concat();
        [b"\0asm\x01\0\0\0".to_vec(), section(2, &import), section(10, &code), section(0, &name)].concat()
    }

    #[test]
    fn code_is_counted_by_the_crate_of_its_name() {
        let sums = by_crate(&module()).unwrap();
        assert_eq!(sums, [("yew".to_owned(), 4), ("serde".to_owned(), 2)]);
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
