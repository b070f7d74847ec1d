//! Facts by name.

use yew::prelude::*;

/// Props of [`Definitions`].
#[derive(Properties, PartialEq)]
pub struct DefinitionsProps {
    /// Name and fact.
    pub entries: Vec<(AttrValue, Html)>,
}

/// A list of facts by name.
#[component]
pub fn Definitions(props: &DefinitionsProps) -> Html {
    html! {
        <dl class="definitions">
            { for props.entries.iter().map(|(name, fact)| html! {
                <div class="definitions__entry">
                    <dt class="definitions__name">{ name }</dt>
                    <dd class="definitions__fact">{ fact.clone() }</dd>
                </div>
            }) }
        </dl>
    }
}
