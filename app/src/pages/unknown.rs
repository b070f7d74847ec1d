//! An address that names nothing.

use yew::prelude::*;

use crate::components::part::part;
use crate::hooks::{Shown, use_page};
use crate::markup::html;
use crate::route::Route;
use crate::strings::strings;

/// An address that names nothing.
#[derive(PartialEq)]
pub struct Unknown {
    /// What the address says.
    pub path: String,
}

part!(Unknown, use_unknown);

#[hook]
fn use_unknown(props: &Unknown) -> Html {
    let s = &strings().frame.shell;
    use_page(&Route::Unknown(props.path.clone()), s.unknown, Shown::Ready);
    html! {
        <div class="page">
            <h1 tabindex="-1">{ s.unknown }</h1>
            <p>{ (s.unknown_text)(&props.path) }</p>
            <p><a class="button button--primary" href={Route::Home.hash()}>{ s.to_home }</a></p>
        </div>
    }
}
