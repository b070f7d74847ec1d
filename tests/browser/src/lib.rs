//! Whole-user journeys over WebDriver in Chromium, Firefox and WebKit.
//!
//! A journey is a function over a [`Visit`]: a site of its own and a browser on
//! it. [`journeys!`] makes one test of it per engine. Nothing sleeps: every wait
//! is for a mark that the player sets when it is ready.

pub mod axe;
pub mod driver;
pub mod engine;
pub mod lossy;
pub mod memory;
pub mod mishap;
pub mod page;
pub mod provider;
pub mod served;
pub mod site;
pub mod trace;
pub mod visit;
pub mod walk;

pub use engine::Engine;
pub use page::Page;
pub use site::Site;
pub use visit::{Visit, run};

/// Makes a test per engine of each journey: `journeys! { first_visit, offline }`.
#[macro_export]
macro_rules! journeys {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn chromium() { $crate::run($crate::Engine::Chromium, stringify!($name), super::$name); }
            #[test]
            fn firefox() { $crate::run($crate::Engine::Firefox, stringify!($name), super::$name); }
            #[test]
            fn webkit() { $crate::run($crate::Engine::WebKit, stringify!($name), super::$name); }
        }
    )+};
}
