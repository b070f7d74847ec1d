//! What is asked, by kind.

use std::rc::Rc;

use enduring_core::session::view::{ItemBodyView, ItemView};
use yew::prelude::*;

use super::draft::Draft;
use super::matching::matching;
use super::number::number_field;
use super::options::{Options, concordance};
use super::statements::statements;
use super::steps::Steps;
use crate::components::part::Part;

/// What is asked, with what is picked; once revealed, with the key in its place.
#[derive(Clone, PartialEq)]
pub struct ItemBody {
    /// The item.
    pub item: Rc<ItemView>,
    /// What is picked so far.
    pub draft: Draft,
    /// It was changed.
    pub onchange: Callback<Draft>,
    /// Whether it can no longer be changed.
    pub locked: bool,
    /// The id of the stem.
    pub stem: AttrValue,
}

impl ItemBody {
    /// As elements.
    pub fn view(&self) -> Html {
        match &self.item.body {
            ItemBodyView::Options { .. } => Options(self.clone()).view(),
            ItemBodyView::Statements(asked) => statements(self, asked),
            ItemBodyView::Matching { options, stems } => matching(self, options, stems),
            ItemBodyView::Steps(_) => Steps(self.clone()).view(),
            ItemBodyView::Number { unit } => number_field(self, unit),
            ItemBodyView::Concordance { hypothesis, finding, scale } => {
                concordance(self, hypothesis, finding, scale)
            }
        }
    }
}
