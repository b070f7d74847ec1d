//! The claim, step by step: who I am, what I claim, what I consent to, what I attest to.

use enduring_core::content::{Activity, Consent, OverActive};
use enduring_core::record::{ConsentAnswer, Given, LearnerSheet};
use enduring_core::session::view::ClaimView;
use enduring_core::session::{Claim as Row, Mode};
use yew::prelude::*;

use super::button::Button;
use super::claim_attest::ClaimAttest;
use super::claim_consents::ClaimConsents;
use super::claim_rows::ClaimRows;
use super::claim_who::{ClaimWho, Described};
use super::notice::{Notice, Tone};
use super::saving::Saving;
use crate::components::heading::SceneTitle;
use crate::components::part::{Part, part};
use crate::hooks::{use_effect_with, use_state};
use crate::markup::html;
use crate::strings::strings;
use crate::words;

/// What the learner does.
#[derive(Clone, Debug, PartialEq)]
pub enum Claiming {
    /// Says who they are.
    Describe(Described),
    /// Claims; nothing, for participation only.
    Claim(Vec<Row>),
    /// Answers every consent.
    Consent(Vec<ConsentAnswer>),
    /// Attests and signs.
    Sign,
}

/// The claim.
pub struct Claim {
    /// The claim so far.
    pub view: ClaimView,
    /// The activity; compared by pointer.
    pub activity: std::sync::Arc<Activity>,
    /// What the learner said of themselves, where it is on this device.
    pub learner: Option<LearnerSheet>,
    /// What the learner answered to the consents, where it is on this device.
    pub consents: Vec<ConsentAnswer>,
    /// Where the latest step stands.
    pub saving: Saving,
    /// What the learner does.
    pub onclaim: Callback<Claiming>,
}

impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        std::sync::Arc::ptr_eq(&self.activity, &other.activity)
            && self.view == other.view
            && self.learner == other.learner
            && self.consents == other.consents
            && self.saving == other.saving
    }
}

/// A step of the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Who,
    Credit,
    Consents,
    Attest,
}

part!(Claim, use_claim);

#[hook]
fn use_claim(props: &Claim) -> Html {
    let all = strings();
    let s = &all.frame.claim;
    let again = use_state(|| None::<Step>);
    let front = &props.activity.front;
    let claim = &props.view.claim;
    let due = match (&claim.learner, &claim.claims, &claim.consents) {
        (None, ..) => Step::Who,
        (Some(_), None, _) => Step::Credit,
        (Some(_), Some(_), None) if !front.consents.is_empty() => Step::Consents,
        (Some(_), Some(_), _) => Step::Attest,
    };
    let step = again.filter(|step| *step < due).unwrap_or(due);
    let go = |to: Option<Step>| {
        let again = again.setter();
        Callback::from(move |()| again.set(to))
    };
    let act = {
        let (again, onclaim) = (again.setter(), props.onclaim.clone());
        Callback::from(move |claiming: Claiming| {
            again.set(None);
            onclaim.emit(claiming);
        })
    };
    {
        let first = use_mut_ref(|| true);
        use_effect_with(step, move |_| {
            // Every step after the first brings its own heading into view.
            if !std::mem::replace(&mut *first.borrow_mut(), false) {
                crate::platform::page::focus_id("claim-step");
            }
        });
    }
    let spent = (s.time_spent)(words::minutes(props.view.active), front.minutes.0);
    let change =
        |to: Step, name: &'static str| Button::new(s.change).quiet().named(name).on(go(Some(to))).view();
    let saving = props.saving.clone();
    html! {
        <div class="scene">
            <div class="scene__head claim__head">
                { SceneTitle { scene: AttrValue::Static("claim"), children: html! { { s.title } } }.view() }
                <p>{ &spent }</p>
                if props.view.mode == Mode::NotForCredit {
                    { Notice::new(Tone::Caution, html! { { s.not_for_credit } }).view() }
                }
            </div>
            if step > Step::Who {
                <p class="claim__done">
                    <span>
                        {
                            props
                                .learner
                                .as_ref()
                                .map(|sheet| format!("{} {}", sheet.first_name, sheet.last_name))
                        }
                    </span>
                    { change(Step::Who, s.change_who) }
                </p>
            }
            if step > Step::Credit {
                <p class="claim__done">
                    <span>{ claimed(s, props) }</span>
                    { change(Step::Credit, s.change_credit) }
                </p>
            }
            if step > Step::Consents && !front.consents.is_empty() {
                <p class="claim__done">
                    <span>{ consented(s, &front.consents, &props.consents) }</span>
                    { change(Step::Consents, s.change_consents) }
                </p>
            }
            { match step {
                Step::Who => ClaimWho {
                    professions: front.professions.clone(),
                    identifiers: front.identifiers.clone(),
                    learner: props.learner.clone(),
                    saving,
                    onsave: act.reform(Claiming::Describe),
                }
                .view(),
                Step::Credit => ClaimRows {
                    rows: props.view.rows.clone(),
                    closed: props.view.closed,
                    spent: spent.into(),
                    professions: front.professions.clone(),
                    over_active: props.activity.policy.over_active,
                    saving,
                    onsave: act.reform(Claiming::Claim),
                }
                .view(),
                Step::Consents => {
                    let onsave = act.reform(Claiming::Consent);
                    ClaimConsents { consents: front.consents.clone(), saving, onsave }.view()
                }
                Step::Attest => ClaimAttest {
                    statement: front.attestation.clone(),
                    provider: front.provider.name.clone().into(),
                    saving,
                    onsign: act.reform(|()| Claiming::Sign),
                }
                .view(),
            } }
        </div>
    }
}

/// What is claimed, in one line.
fn claimed(s: &crate::strings::ClaimStrings, props: &Claim) -> String {
    let rows: Vec<String> = props
        .view
        .rows
        .iter()
        .filter_map(|row| row.claimed.map(|amount| (s.amount_of)(amount, &row.offer.name)))
        .collect();
    if rows.is_empty() { s.participation_only.to_owned() } else { rows.join(", ") }
}

/// Every consent with its answer, in one line.
fn consented(s: &crate::strings::ClaimStrings, asked: &[Consent], answers: &[ConsentAnswer]) -> String {
    let answered = |consent: &Consent| {
        let answer = answers.iter().find(|answer| answer.statement == consent.statement.id)?;
        let given = match answer.given {
            Given::Yes => s.given,
            Given::No => s.not_given,
        };
        Some(format!("{}: {given}", (s.consent_to)(&consent.recipient)))
    };
    asked.iter().filter_map(answered).collect::<Vec<_>>().join("; ")
}

/// Whether the policy allows a claim beyond the active time after a confirmation.
pub(super) fn may_confirm(over_active: OverActive) -> bool {
    match over_active {
        OverActive::Confirm => true,
        OverActive::Refuse => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_consent_stands_with_its_answer() {
        let consent = |id: &str, recipient: &str| -> Consent {
            let statement = serde_json::json!({"id": id, "version": "1", "text": []});
            let consent = serde_json::json!({"recipient": recipient, "statement": statement});
            serde_json::from_value(consent).expect("a consent")
        };
        let answer = |id: &str, given: &str| -> ConsentAnswer {
            let answer = serde_json::json!({"statement": id, "version": "1", "given": given});
            serde_json::from_value(answer).expect("an answer")
        };
        let asked = [consent("reporting", "the board"), consent("research", "the society")];
        let answers = [answer("research", "no"), answer("reporting", "yes")];
        let s = &strings().frame.claim;
        assert_eq!(consented(s, &asked, &answers), "Data for the board: yes; Data for the society: no");
        assert_eq!(consented(s, &asked, &[]), "", "an answer that is not known is not made up");
    }
}
