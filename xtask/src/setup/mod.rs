//! Installs what a bare machine lacks, each thing only if it is missing.

mod cargo_tools;
mod debian;
mod npm;
mod python;
mod wasm_target;

use anyhow::Result;

use crate::tools::Tools;

/// What the tools are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Building the player: the wasm target, Trunk, wasm-bindgen, wasm-opt.
    Player,
    /// Driving the three browser engines.
    Browsers,
    /// Checking our signatures with libraries that we did not write.
    Judges,
    /// Running the ledger on a database server.
    Databases,
    /// Measuring large ledgers on every kind of database.
    LargeLedgers,
}

/// Everything, as `cargo xtask setup` and `cargo xtask test` want it.
pub const EVERYTHING: &[Purpose] = &[Purpose::Player, Purpose::Browsers, Purpose::Judges, Purpose::Databases];

/// Installs what is missing for `purposes` and says where the tools are.
pub fn ensure(purposes: &[Purpose]) -> Result<Tools> {
    let tools = Tools::find()?;
    let _one_at_a_time = tools.lock()?;
    npm::ensure(&tools)?;
    for purpose in purposes {
        match purpose {
            Purpose::Player => {
                wasm_target::ensure()?;
                cargo_tools::ensure_trunk(&tools)?;
                cargo_tools::ensure_wasm_bindgen(&tools)?;
            }
            Purpose::Browsers => {
                debian::ensure_browsers()?;
                cargo_tools::ensure_geckodriver(&tools)?;
            }
            Purpose::Judges => python::ensure(&tools)?,
            Purpose::Databases => debian::ensure_postgres()?,
            Purpose::LargeLedgers => {
                debian::ensure_postgres()?;
                debian::ensure_sqlite()?;
            }
        }
    }
    Ok(tools)
}
