//! The attestation in the provider's words, and the signature.

use enduring_core::content::Statement;
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::{Button, Readiness, Weight};
use super::document::Prose;
use super::saving::Saving;
use crate::strings::use_strings;

/// Props of [`ClaimAttest`].
#[derive(Properties, PartialEq)]
pub struct ClaimAttestProps {
    /// What is attested to.
    pub statement: Statement,
    /// Whose words they are.
    pub provider: AttrValue,
    /// Where the latest step stands.
    pub saving: Saving,
    /// Attests and signs.
    pub onsign: Callback<()>,
}

/// The attestation.
#[component]
pub fn ClaimAttest(props: &ClaimAttestProps) -> Html {
    let s = &use_strings().frame.claim;
    let readiness = if props.saving.is_busy() { Readiness::Busy } else { Readiness::Ready };
    html! {
        <>
            <section class="claim__step">
                <h2 id="claim-step" tabindex="-1">{ s.attest }</h2>
                <p>{ (s.attest_whose)(&props.provider) }</p>
                <blockquote class="claim__attestation">
                    <Prose document={props.statement.text.clone()} top={3} />
                </blockquote>
                <p>{ s.sign_what }</p>
            </section>
            <BottomBar saving={props.saving.clone()}>
                <Button label={s.sign} weight={Weight::Primary} {readiness} onclick={props.onsign.clone()} />
            </BottomBar>
        </>
    }
}
