//! A test: before it, its items one by one, its result, and how two compare.

mod action;
mod comparison;
mod form;
mod navigator;
mod result;
mod review;
mod run;
mod start;
mod time_left;

pub use comparison::ComparisonPicture;
pub use result::{TestResultScene, scored};
pub use review::Review;
pub use run::TestRunScene;
pub use start::TestStartScene;
