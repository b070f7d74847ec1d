//! Consents: apart from everything else, each for itself, none ticked beforehand.

use enduring_core::content::Consent;
use enduring_core::record::{ConsentAnswer, Given};
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::{Button, Readiness};
use super::document::prose;
use super::field::{ChoiceRow, Choices, PickKind};
use super::saving::Saving;
use crate::components::part::part;
use crate::hooks::use_state;
use crate::markup::html;
use crate::strings::strings;

/// The consents.
#[derive(PartialEq)]
pub struct ClaimConsents {
    /// What is asked.
    pub consents: Vec<Consent>,
    /// Where the latest step stands.
    pub saving: Saving,
    /// The answers, all of them.
    pub onsave: Callback<Vec<ConsentAnswer>>,
}

part!(ClaimConsents, use_claim_consents);

#[hook]
fn use_claim_consents(props: &ClaimConsents) -> Html {
    let s = &strings().frame.claim;
    let given = use_state(|| vec![Given::No; props.consents.len()]);
    let consent = |(place, consent): (usize, &Consent)| {
        let picked = given.get(place) == Some(&Given::Yes);
        let onpick = {
            let given = given.setter();
            Callback::from(move |_: usize| {
                let mut next = (*given.now()).clone();
                if let Some(answer) = next.get_mut(place) {
                    *answer = match answer {
                        Given::Yes => Given::No,
                        Given::No => Given::Yes,
                    };
                }
                given.set(next);
            })
        };
        let legend = html! { { (s.consent_to)(&consent.recipient) } };
        Choices {
            legend,
            children: html! { <>{ prose(&consent.statement.text, 3) }
            {
                ChoiceRow {
                    group: format!("consent-{}", consent.statement.id).into(),
                    kind: PickKind::Many,
                    place: 0,
                    picked,
                    onpick,
                    children: html! { { s.agree } },
                    ..ChoiceRow::default()
                }
                .view()
            }</> },
            ..Choices::default()
        }
        .view()
    };
    let save = {
        let (given, consents, onsave) = (given.setter(), props.consents.clone(), props.onsave.clone());
        Callback::from(move |()| {
            let answer = |(consent, given): (&Consent, &Given)| ConsentAnswer {
                statement: consent.statement.id.clone(),
                version: consent.statement.version.clone(),
                given: *given,
            };
            onsave.emit(consents.iter().zip(given.now().iter()).map(answer).collect());
        })
    };
    let readiness = if props.saving.is_busy() { Readiness::Busy } else { Readiness::Ready };
    html! {
        <>
            <section class="claim__step">
                <h2 id="claim-step" tabindex="-1">{ s.consents }</h2>
                <p>{ s.consents_why }</p>
                { for props.consents.iter().enumerate().map(consent) }
            </section>
            {
                BottomBar::new(
                    Button::new(s.go_on).primary().readiness(readiness).on(save).view(),
                    props.saving.clone(),
                )
                .view()
            }
        </>
    }
}
