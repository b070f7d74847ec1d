//! What is asked, by kind.

use std::rc::Rc;

use enduring_core::session::view::{ItemBodyView, ItemView};
use yew::prelude::*;

use super::draft::Draft;
use super::matching::Matching;
use super::number::Number;
use super::options::{Concordance, Options};
use super::statements::Statements;
use super::steps::Steps;

/// Props of every kind of item.
#[derive(Clone, Properties, PartialEq)]
pub struct BodyProps {
    /// The item.
    pub item: Rc<ItemView>,
    /// What is picked so far.
    pub draft: Draft,
    /// It was changed.
    #[prop_or_default]
    pub onchange: Callback<Draft>,
    /// Whether it can no longer be changed.
    #[prop_or_default]
    pub locked: bool,
    /// The id of the stem.
    pub stem: AttrValue,
}

/// What is asked, with what is picked; once revealed, with the key in its place.
#[component]
pub fn ItemBody(props: &BodyProps) -> Html {
    let props = props.clone();
    match &props.item.body {
        ItemBodyView::Options { .. } => html! { <Options ..props /> },
        ItemBodyView::Statements(_) => html! { <Statements ..props /> },
        ItemBodyView::Matching { .. } => html! { <Matching ..props /> },
        ItemBodyView::Steps(_) => html! { <Steps ..props /> },
        ItemBodyView::Number { .. } => html! { <Number ..props /> },
        ItemBodyView::Concordance { .. } => html! { <Concordance ..props /> },
    }
}
