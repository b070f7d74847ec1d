//! The evaluation on one page: every answer is kept as soon as it is given.

use enduring_core::content::{Linkage, Need, Question, QuestionBody};
use enduring_core::id::ItemId;
use enduring_core::record::EvaluationReply;
use enduring_core::session::view::EvaluationView;
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::{Button, Readiness};
use super::evaluation_question::EvaluationQuestion;
use super::notice::{Notice, Tone};
use super::saving::Saving;
use crate::components::part::{keyed, part};
use crate::few::Few;
use crate::hooks::{use_effect_with, use_state};
use crate::markup::html;
use crate::platform::{root, timer, watch};
use crate::strings::strings;

/// How long after its first key a text is kept, in milliseconds, and again while it is written on.
const PAUSE: u32 = 1_500;

/// Questions with their answers.
pub type Replies = Few<ItemId, EvaluationReply>;

/// The evaluation.
#[derive(PartialEq)]
pub struct Evaluation {
    /// The questions.
    pub view: EvaluationView,
    /// The part's title.
    pub title: AttrValue,
    /// The answers that are on this device already.
    pub replies: Replies,
    /// Where the latest answer stands.
    pub saving: Saving,
    /// An answer to keep.
    pub onanswer: Callback<(ItemId, EvaluationReply)>,
    /// The part is finished.
    pub onfinish: Callback<()>,
}

part!(Evaluation, use_evaluation);

#[hook]
fn use_evaluation(props: &Evaluation) -> Html {
    let s = &strings().frame.evaluation;
    let evaluation = &props.view.evaluation;
    // Texts that were changed here and not handed on yet.
    let drafts = use_state(Replies::default);
    let hint = use_state(|| AttrValue::Static(""));
    let hand_on = {
        let (drafts, onanswer) = (drafts.setter(), props.onanswer.clone());
        Callback::from(move |()| {
            let handed = drafts.now();
            if !handed.is_empty() {
                drafts.set(Replies::default());
                for draft in (*handed).clone() {
                    onanswer.emit(draft);
                }
            }
        })
    };
    {
        let hand_on = hand_on.clone();
        use_effect_with(drafts.is_empty(), move |none| {
            let pause = (!none).then(|| timer::after(PAUSE, move || hand_on.emit(())));
            move || drop(pause)
        });
    }
    {
        // Whoever looks away or leaves may not come back.
        let hand_on = hand_on.clone();
        use_effect_with((), move |()| {
            let hidden = {
                let hand_on = hand_on.clone();
                watch::on_visibility(move |_| hand_on.emit(()))
            };
            move || {
                drop(hidden);
                hand_on.emit(());
            }
        });
    }
    let reply_of = |id: &ItemId| drafts.get(id).or_else(|| props.replies.get(id)).cloned();
    let onreply = {
        let (drafts, onanswer) = (drafts.setter(), props.onanswer.clone());
        Callback::from(move |(id, reply): (ItemId, EvaluationReply)| match &reply {
            EvaluationReply::Label(_) | EvaluationReply::Number(_) => onanswer.emit((id, reply)),
            EvaluationReply::Text(_) | EvaluationReply::Commitment { .. } => {
                let mut next = (*drafts.now()).clone();
                next.insert(id, reply);
                drafts.set(next);
                root::mark(root::SAVING, Some(""));
            }
        })
    };
    let open: Vec<usize> = evaluation
        .questions
        .iter()
        .enumerate()
        .filter(|(_, question)| {
            question.need == Need::Required && !is_answered(question, reply_of(&question.id))
        })
        .map(|(place, _)| place + 1)
        .collect();
    let finish = {
        let (hand_on, hint, onfinish) = (hand_on.clone(), hint.setter(), props.onfinish.clone());
        let missing = (!open.is_empty()).then(|| AttrValue::from((s.still_open)(&open)));
        Callback::from(move |()| match &missing {
            Some(missing) => hint.set(missing.clone()),
            None => {
                hand_on.emit(());
                onfinish.emit(());
            }
        })
    };
    let readiness = if props.saving.is_busy() { Readiness::Busy } else { Readiness::Ready };
    let question = |(place, question): (usize, &Question)| {
        let shown = EvaluationQuestion {
            question: question.clone(),
            number: place + 1,
            of: evaluation.questions.len(),
            reply: reply_of(&question.id),
            onreply: onreply.clone(),
        };
        keyed(question.id.as_str(), shown.view())
    };
    html! {
        <div class="scene">
            <div class="scene__body">
                <div class="scene__head"><h1 tabindex="-1">{ &props.title }</h1></div>
                { Notice::new(Tone::Info, html! { { match evaluation.linkage {
                    Linkage::Named => s.named,
                    Linkage::Confidential => s.confidential,
                } } }).view() }
                { for evaluation.questions.iter().enumerate().map(question) }
            </div>
            {
                BottomBar::new(
                    Button::new(s.finish).primary().readiness(readiness).on(finish).view(),
                    props.saving.clone(),
                )
                .hint((*hint).clone())
                .view()
            }
        </div>
    }
}

/// A commitment counts once something is ticked or written; a text once it is not blank.
fn is_answered(question: &Question, reply: Option<EvaluationReply>) -> bool {
    match (&question.body, reply) {
        (QuestionBody::FreeText { .. }, Some(EvaluationReply::Text(text))) => !text.trim().is_empty(),
        (QuestionBody::Commitment { .. }, Some(EvaluationReply::Commitment { statements, text })) => {
            !statements.is_empty() || !text.trim().is_empty()
        }
        (_, reply) => reply.is_some(),
    }
}
