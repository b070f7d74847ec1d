//! The one chain of a record's states: on this device, exported, received, credited, reported. Each link dated.

use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::strings::use_strings;

/// A link of the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its name.
    pub name: AttrValue,
    /// When it was reached, in words; `None` while it was not.
    pub reached: Option<AttrValue>,
}

/// Props of [`Chain`].
#[derive(Properties, PartialEq)]
pub struct ChainProps {
    /// The links, in order.
    pub links: Vec<Link>,
}

/// The chain.
#[component]
pub fn Chain(props: &ChainProps) -> Html {
    let s = &use_strings().frame.done;
    let link = |link: &Link| match &link.reached {
        Some(date) => html! {
            <li class="chain__link chain__link--reached">
                <Glyph icon={Icon::Check} /><span>{ &link.name }</span>
                <span class="chain__date">{ date }</span>
            </li>
        },
        None => html! {
            <li class="chain__link">
                <span>{ &link.name }</span><span class="chain__date">{ s.not_yet }</span>
            </li>
        },
    };
    html! { <ol class="chain">{ for props.links.iter().map(link) }</ol> }
}
