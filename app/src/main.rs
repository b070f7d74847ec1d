//! Starts the player: the panic hook first, then the page.

#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use enduring_app::App;
use enduring_app::platform::{crash, install, page};

fn main() {
    // Before the renderer, which would otherwise install its own.
    yew::set_custom_panic_hook(Box::new(crash::report));
    crash::obey_debug_command();
    install::listen();
    if let Some(root) = page::element("app") {
        yew::Renderer::<App>::with_root(root).render();
    }
}
