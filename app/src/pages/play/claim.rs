//! The claim: sheets bound to the log by digest, then the signature.

use enduring_core::encode::hex;
use enduring_core::json;
use enduring_core::record::{ConsentAnswer, ConsentSheet, LearnerSheet, SheetText};
use enduring_core::session::Command;
use enduring_core::session::view::ClaimView;
use yew::prelude::*;

use super::Handle;
use crate::components::claim::{Claim, Claiming};
use crate::components::claim_who::Described;
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::components::shell_async::waiting;
use crate::effect::Services;
use crate::hooks::{use_effect_with, use_state, use_tasks};
use crate::platform::random;
use crate::session::{CONSENT, LEARNER, Snapshot, read_along};
use crate::strings::strings;

/// The claim.
#[derive(PartialEq)]
pub struct ClaimScene {
    /// What all pages share.
    pub services: Services,
    /// The claim so far.
    pub view: ClaimView,
    /// The session as it stands.
    pub snapshot: Snapshot,
    /// The session.
    pub session: Handle,
    /// Where the latest step stands.
    pub saving: Saving,
}

part!(ClaimScene, use_claim_scene);

#[hook]
fn use_claim_scene(props: &ClaimScene) -> Html {
    let s = &strings().frame.play_bar;
    let tasks = use_tasks();
    let sheets = use_state(|| None::<(Option<LearnerSheet>, Vec<ConsentAnswer>)>);
    {
        let (journal, session) = (props.services.journal.clone(), props.snapshot.state.started.session);
        let sheets = sheets.setter();
        use_effect_with(read_along(&props.snapshot), move |_| {
            tasks.spawn(async move {
                // A sheet that was erased is written anew.
                let text = journal.sheet(session, LEARNER).await.ok().flatten();
                let learner = text.and_then(|text| json::read(&text).ok());
                let text = journal.sheet(session, CONSENT).await.ok().flatten();
                let consents = text.and_then(|text| json::read::<ConsentSheet>(&text).ok());
                sheets.set(Some((learner, consents.map(|sheet| sheet.answers).unwrap_or_default())));
            });
        });
    }
    let Some((learner, consents)) = (*sheets).clone() else { return waiting(s.waiting) };
    let onclaim = {
        let (session, sheets) = (props.session.clone(), sheets.setter());
        let (known, given) = (learner.clone(), consents.clone());
        let attested = props.view.claim.attested.is_some();
        Callback::from(move |claiming: Claiming| match claiming {
            Claiming::Describe(described) => {
                let sheet = sheet_of(described);
                let text = SheetText::of(&sheet);
                let command = Command::Describe { sheet: text.digest, profession: sheet.profession.clone() };
                session.0.attempt(command, vec![(LEARNER.to_owned(), text.text)]);
                sheets.set(Some((Some(sheet), given.clone())));
            }
            Claiming::Claim(claims) => session.0.attempt(Command::Claim { claims }, Vec::new()),
            Claiming::Consent(answers) => {
                let sheet = ConsentSheet { salt: salt(), answers };
                let text = SheetText::of(&sheet);
                let command = Command::AnswerConsents { sheet: text.digest };
                session.0.attempt(command, vec![(CONSENT.to_owned(), text.text)]);
                sheets.set(Some((known.clone(), sheet.answers)));
            }
            Claiming::Sign => {
                if !attested {
                    session.0.attempt(Command::Attest, Vec::new());
                }
                session.0.sign();
            }
        })
    };
    Claim {
        view: props.view.clone(),
        activity: props.snapshot.content.activity().clone(),
        learner,
        consents,
        saving: props.saving.clone(),
        onclaim,
    }
    .view()
}

fn salt() -> String {
    hex(&random::bytes::<16>())
}

fn sheet_of(described: Described) -> LearnerSheet {
    let Described { first_name, last_name, profession, birthday, identifiers } = described;
    LearnerSheet { salt: salt(), first_name, last_name, profession, birthday, identifiers }
}
