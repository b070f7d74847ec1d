//! Facts by name.

use yew::prelude::*;

use crate::markup::html;

/// A list of facts by name.
pub fn definitions(entries: &[(AttrValue, Html)]) -> Html {
    html! {
        <dl class="definitions">
            { for entries.iter().map(|(name, fact)| html! {
                <div class="definitions__entry">
                    <dt class="definitions__name">{ name }</dt>
                    <dd class="definitions__fact">{ fact.clone() }</dd>
                </div>
            }) }
        </dl>
    }
}
