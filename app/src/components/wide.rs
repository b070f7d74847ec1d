//! Whether there is room for two panes.

use yew::prelude::*;

use crate::hooks::{use_effect_with, use_state_eq};
use crate::platform::element::MediaWatch;

/// Whether two panes fit side by side: a tablet held upright, or more.
#[hook]
pub fn use_wide() -> bool {
    let wide = use_state_eq(|| false);
    {
        let wide = wide.setter();
        use_effect_with((), move |()| {
            let watch = MediaWatch::new("(min-width: 48rem)", move |holds| wide.set(holds));
            move || drop(watch)
        });
    }
    *wide
}
