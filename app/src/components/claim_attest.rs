//! The attestation in the provider's words, and the signature.

use enduring_core::content::Statement;
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::{Button, Readiness};
use super::document::prose;
use super::saving::Saving;
use crate::markup::html;
use crate::strings::strings;

/// The attestation.
pub struct ClaimAttest {
    /// What is attested to.
    pub statement: Statement,
    /// Whose words they are.
    pub provider: AttrValue,
    /// Where the latest step stands.
    pub saving: Saving,
    /// Attests and signs.
    pub onsign: Callback<()>,
}

impl ClaimAttest {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.claim;
        let readiness = if self.saving.is_busy() { Readiness::Busy } else { Readiness::Ready };
        html! {
            <>
                <section class="claim__step">
                    <h2 id="claim-step" tabindex="-1">{ s.attest }</h2>
                    <p>{ (s.attest_whose)(&self.provider) }</p>
                    <blockquote class="claim__attestation">
                        { prose(&self.statement.text, 3) }
                    </blockquote>
                    <p>{ s.sign_what }</p>
                </section>
                {
                    BottomBar::new(
                        Button::new(s.sign).primary().readiness(readiness).on(self.onsign.clone()).view(),
                        self.saving.clone(),
                    )
                    .view()
                }
            </>
        }
    }
}
