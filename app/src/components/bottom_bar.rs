//! The bar at the bottom: one primary action within thumb reach.

use yew::html::IntoPropValue;
use yew::prelude::*;

use crate::markup::html;

use super::notice::{Notice, Tone};
use super::saving::Saving;

/// The bar at the bottom.
pub struct BottomBar {
    primary: Html,
    others: Html,
    hint: AttrValue,
    saving: Saving,
}

impl BottomBar {
    /// With the primary action and where the latest commit stands: a failed one is told.
    pub fn new(primary: Html, saving: Saving) -> Self {
        Self { primary, others: Html::default(), hint: AttrValue::default(), saving }
    }

    /// Other actions, before it.
    pub fn others(mut self, others: Html) -> Self {
        self.others = others;
        self
    }

    /// Why the primary action could not be done; announced when it changes.
    pub fn hint(mut self, hint: impl IntoPropValue<AttrValue>) -> Self {
        self.hint = hint.into_prop_value();
        self
    }

    /// As elements.
    pub fn view(self) -> Html {
        html! {
            <div class="bottom-bar">
                if let Saving::Failed { words, actions } = self.saving {
                    { Notice::new(Tone::Fault, html! { <>{ words }{ actions }</> }).view() }
                }
                <p class="bottom-bar__hint" role="status">{ self.hint }</p>
                <div class="bottom-bar__actions">
                    { self.others }
                    <div class="bottom-bar__main">{ self.primary }</div>
                </div>
            </div>
        }
    }
}
