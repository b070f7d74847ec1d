//! The one chain of a record's states: on this device, sent, received, credited, reported. Each link dated.

use yew::prelude::*;

use super::icon::{Icon, glyph};
use crate::markup::html;

/// A link of the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its name.
    pub name: AttrValue,
    /// When it was reached, in words; `None` while it was not.
    pub reached: Option<AttrValue>,
    /// What is said in place of the date while it was not.
    pub pending: &'static str,
}

/// The chain.
pub struct Chain {
    /// The links, in order.
    pub links: Vec<Link>,
}

impl Chain {
    /// As elements.
    pub fn view(&self) -> Html {
        let link = |link: &Link| match &link.reached {
            Some(date) => html! {
                <li class="chain__link chain__link--reached">
                    { glyph(Icon::Check) }<span>{ &link.name }</span>
                    <span class="chain__date">{ date }</span>
                </li>
            },
            None => html! {
                <li class="chain__link">
                    <span>{ &link.name }</span><span class="chain__date">{ link.pending }</span>
                </li>
            },
        };
        html! { <ol class="chain">{ for self.links.iter().map(link) }</ol> }
    }
}
