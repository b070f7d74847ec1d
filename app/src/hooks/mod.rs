//! What components use of the browser and of the journal, with the lifetime of the component.

mod load;
mod state;
mod use_news;
mod use_route;
mod use_session;
mod use_tasks;

pub use load::{Load, use_load};
pub use state::{Setter, State, use_effect_with, use_state, use_state_eq};
pub use use_news::use_news;
pub use use_route::{Shown, use_page, use_route};
pub use use_session::{UseSession, use_session};
pub use use_tasks::use_tasks;
