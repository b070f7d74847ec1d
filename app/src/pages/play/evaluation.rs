//! The evaluation: every answer is a digest in the log and a text beside it, in one transaction.

use enduring_core::encode::hex;
use enduring_core::id::ItemId;
use enduring_core::record::{EvaluationAnswer, EvaluationReply, SheetText};
use enduring_core::session::Command;
use enduring_core::session::view::EvaluationView;
use yew::prelude::*;

use super::Handle;
use crate::components::evaluation::{Evaluation, Replies};
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::components::shell_async::waiting;
use crate::effect::Services;
use crate::hooks::{use_effect_with, use_state, use_tasks};
use crate::platform::random;
use crate::session::{Snapshot, answer_name, read_along};
use crate::strings::strings;

/// The evaluation.
#[derive(PartialEq)]
pub struct EvaluationScene {
    /// What all pages share.
    pub services: Services,
    /// The questions.
    pub view: EvaluationView,
    /// The session as it stands.
    pub snapshot: Snapshot,
    /// The session.
    pub session: Handle,
    /// Where the latest answer stands.
    pub saving: Saving,
}

part!(EvaluationScene, use_evaluation_scene);

#[hook]
fn use_evaluation_scene(props: &EvaluationScene) -> Html {
    let s = &strings().frame.play_bar;
    let tasks = use_tasks();
    let replies = use_state(|| None::<Replies>);
    // The same map for several answers that are handed on at once.
    let latest = use_mut_ref(Replies::default);
    {
        let (journal, session) = (props.services.journal.clone(), props.snapshot.state.started.session);
        let answered: Vec<ItemId> = props.view.answers.answers.iter().map(|(id, _)| id.clone()).collect();
        let (replies, latest) = (replies.setter(), latest.clone());
        use_effect_with(read_along(&props.snapshot), move |_| {
            tasks.spawn(async move {
                let mut known = Replies::default();
                for id in answered {
                    // A text that was erased leaves its question to be answered anew.
                    let text = journal.sheet(session, &answer_name(&id)).await.ok().flatten();
                    let answer =
                        text.and_then(|text| enduring_core::json::read::<EvaluationAnswer>(&text).ok());
                    if let Some(answer) = answer {
                        known.insert(id, answer.reply);
                    }
                }
                latest.replace(known.clone());
                replies.set(Some(known));
            });
        });
    }
    let Some(known) = (*replies).clone() else { return waiting(s.waiting) };
    let onanswer = {
        let (session, replies) = (props.session.clone(), replies.setter());
        Callback::from(move |(id, reply): (ItemId, EvaluationReply)| {
            let answer = EvaluationAnswer {
                salt: hex(&random::bytes::<16>()),
                question: id.clone(),
                reply: reply.clone(),
            };
            let sheet = SheetText::of(&answer);
            let command = Command::AnswerQuestion { question: id.clone(), answer: sheet.digest };
            session.0.attempt(command, vec![(answer_name(&id), sheet.text)]);
            let mut next = latest.borrow_mut();
            next.insert(id, reply);
            replies.set(Some(next.clone()));
        })
    };
    let onfinish = {
        let session = props.session.clone();
        Callback::from(move |()| session.0.attempt(Command::FinishPart, Vec::new()))
    };
    let title = props.snapshot.content.part(&props.view.part).map(|(_, part)| part.title.clone());
    Evaluation {
        view: props.view.clone(),
        title: title.unwrap_or_default().into(),
        replies: known,
        saving: props.saving.clone(),
        onanswer,
        onfinish,
    }
    .view()
}
