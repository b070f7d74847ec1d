//! Before a session goes on of which less is here than was saved.

use yew::prelude::*;

use crate::components::part::part;
use crate::hooks::{Shown, use_page};
use crate::markup::html;
use crate::route::Route;
use crate::strings::strings;

/// The page; what was lost is told above it, as on every page.
#[derive(PartialEq)]
pub struct Lost {
    /// Where we are.
    pub route: Route,
    /// The activity's title.
    pub title: String,
}

part!(Lost, use_lost);

#[hook]
fn use_lost(props: &Lost) -> Html {
    let s = &strings().frame.shell;
    use_page(&props.route, &props.title, Shown::Ready);
    html! {
        <div class="page">
            <h1 tabindex="-1">{ &props.title }</h1>
            <p>{ s.lost }</p>
            <p><a class="button" href={Route::Data.hash()}>{ s.data }</a></p>
        </div>
    }
}
