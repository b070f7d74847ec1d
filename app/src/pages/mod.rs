//! The pages: one file per route. They wire data to components.

mod activity;
mod data;
mod home;
mod library;
mod look_back;
mod play;
mod record;
mod transcript;
mod unknown;

pub use activity::Activity;
pub use data::Data;
pub use home::Home;
pub use library::Library;
pub use look_back::LookBack;
pub use play::Play;
pub use record::Record;
pub use transcript::Transcript;
pub use unknown::Unknown;
