//! Where something can be read.

use enduring_core::content::Reference;
use yew::prelude::*;

use super::document::OutLink;
use crate::strings::use_strings;

/// Props of [`References`].
#[derive(Properties, PartialEq)]
pub struct ReferencesProps {
    /// The references; with none, nothing is shown.
    pub references: Vec<Reference>,
    /// The level of the heading: `h2`, `h3` or `h4`.
    #[prop_or(AttrValue::Static("h3"))]
    pub heading: AttrValue,
}

/// A numbered list of references.
#[component]
pub fn References(props: &ReferencesProps) -> Html {
    let words = &use_strings().play;
    if props.references.is_empty() {
        return Html::default();
    }
    let entry = |reference: &Reference| match &reference.url {
        Some(url) => html! { <li><OutLink to={url.clone()}>{ &reference.text }</OutLink></li> },
        None => html! { <li>{ &reference.text }</li> },
    };
    let heading = props.heading.to_string();
    html! {
        <div class="references">
            <@{heading}>{ words.references }</@>
            <ol>{ for props.references.iter().map(entry) }</ol>
        </div>
    }
}
