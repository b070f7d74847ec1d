//! The activity that `enduring new` writes: complete, small, and built as it is.

macro_rules! starter {
    ($($path:literal)+) => {
        [$(($path, include_str!(concat!("../starter/", $path)))),+]
    };
}

/// The files of the starter activity.
pub const STARTER: [(&str, &str); 15] = starter! {
    "activity.toml"
    "needs.toml"
    "evaluation.toml"
    "items/tests.toml"
    "reading/why.md"
    "case/case.toml"
    "case/chart.toml"
    "case/arrival.md"
    "case/first-step.md"
    "case/delayed.md"
    "case/well.md"
    "case/harmed.md"
    "media/thigh.svg"
    "SOURCES.md"
    "README.md"
};
