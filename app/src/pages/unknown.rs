//! An address that names nothing.

use yew::prelude::*;

use crate::hooks::{Shown, use_page};
use crate::route::Route;
use crate::strings::use_strings;

/// Props of [`Unknown`].
#[derive(Properties, PartialEq)]
pub struct UnknownProps {
    /// What the address says.
    pub path: String,
}

/// An address that names nothing.
#[component]
pub fn Unknown(props: &UnknownProps) -> Html {
    let s = &use_strings().frame.shell;
    use_page(&Route::Unknown(props.path.clone()), s.unknown, Shown::Ready);
    html! {
        <div class="page">
            <h1 tabindex="-1">{ s.unknown }</h1>
            <p>{ (s.unknown_text)(&props.path) }</p>
            <p><a class="button button--primary" href={Route::Home.hash()}>{ s.to_home }</a></p>
        </div>
    }
}
