//! Short names for what the wasm takes from the glue: wasm-bindgen's have a digest each, of no use
//! once both are written, and stand in both.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use super::parts::{GLUE, letters};
use crate::wasm::Imported;

/// The name of the glue's functions in what wasm-bindgen writes.
const MODULE: &str = "\"./enduring-app_bg.js\":";

/// The glue with short names, and which they are.
pub fn shorten(glue: &str, imported: &[Imported]) -> Result<(String, BTreeMap<String, String>)> {
    let mut names = BTreeMap::new();
    let mut glue = replaced(glue, MODULE, &format!("\"{GLUE}\":"))?;
    for (at, Imported { name, .. }) in (0u32..).zip(imported) {
        let short = letters(at);
        glue = replaced(&glue, &format!("{name}:"), &format!("{short}:"))?;
        names.insert(name.clone(), short);
    }
    Ok((glue, names))
}

fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    let found = text.matches(old).count();
    ensure!(found == 1, "the glue: expected `{old}` once, found it {found} times");
    Ok(text.replacen(old, new, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_wasm_takes_has_short_names_in_both() {
        let glue = r#"{__wbg_now_12:()=>1,__wbg_log_34:l};return{"./enduring-app_bg.js":n}"#;
        let imported = ["__wbg_log_34", "__wbg_now_12"].map(|name| Imported { name: name.to_owned(), ty: 0 });
        let (shorter, names) = shorten(glue, &imported).unwrap();
        assert_eq!(shorter, r#"{b:()=>1,a:l};return{"0":n}"#);
        assert_eq!(names["__wbg_now_12"], "b");
    }

    #[test]
    fn a_name_that_the_glue_does_not_have_is_an_error() {
        let unknown = Imported { name: "x".to_owned(), ty: 0 };
        let error = shorten("\"./enduring-app_bg.js\":n", &[unknown]).unwrap_err().to_string();
        assert!(error.contains("expected `x:` once"), "{error}");
    }
}
