//! Rust's standard library for `wasm32-unknown-unknown`.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use crate::{process, step::Step};

const TARGET: &str = "wasm32-unknown-unknown";

pub fn ensure() -> Result<()> {
    let step = Step {
        what: "the wasm32-unknown-unknown target of Rust",
        about: "10 seconds",
        remedy: "run `rustup target add wasm32-unknown-unknown`. Where rustup does not reach its \
                 server, Debian has a matching pair: `apt-get install --no-install-recommends \
                 rustc-web cargo-web rust-web-src rust-web-llvm lld-22`, then build the standard \
                 library once with `RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes cargo build \
                 -Z build-std=std,panic_abort,test --target wasm32-unknown-unknown` and copy its \
                 rlibs to `rustc --print target-libdir --target wasm32-unknown-unknown`",
    };
    step.ensure(present, || process::run(Command::new("rustup").args(["target", "add", TARGET])))
}

fn present() -> bool {
    let libdir =
        process::output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    let Ok(entries) = libdir.and_then(|dir| Ok(PathBuf::from(dir.trim()).read_dir()?)) else {
        return false;
    };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}
