//! Where something can be read.

use enduring_core::content::Reference;
use yew::prelude::*;

use super::document::OutLink;
use crate::markup::html;
use crate::strings::strings;

/// A numbered list of references.
pub struct References {
    /// The references; with none, nothing is shown.
    pub references: Vec<Reference>,
    /// The level of the heading: `h2`, `h3` or `h4`.
    pub heading: &'static str,
}

impl References {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        if self.references.is_empty() {
            return Html::default();
        }
        let entry = |reference: &Reference| match &reference.url {
            Some(url) => {
                html! { <li>{ OutLink { to: url.clone().into(), children: html! { { &reference.text } } }.view() }</li> }
            }
            None => html! { <li>{ &reference.text }</li> },
        };
        let heading = self.heading;
        html! {
            <div class="references">
                <@{heading}>{ words.references }</@>
                <ol>{ for self.references.iter().map(entry) }</ol>
            </div>
        }
    }
}
