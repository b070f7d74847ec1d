//! The pages: one file per route. They wire data to components.

mod activity;
mod data;
mod enrol;
mod home;
mod library;
mod look_back;
mod lost;
mod notices;
mod play;
mod record;
mod record_next;
mod transcript;
mod unknown;
mod verify;
mod whereabouts;

pub use activity::Activity;
pub use data::Data;
pub use enrol::Enrol;
pub use home::Home;
pub use library::{Library, trust};
pub use look_back::LookBack;
pub use lost::Lost;
pub use play::Play;
pub use record::Record;
pub use transcript::Transcript;
pub use unknown::Unknown;
pub use verify::Verify;
