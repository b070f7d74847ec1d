//! One question of the evaluation.

use enduring_core::content::{Label, Need, Question, QuestionBody};
use enduring_core::id::{ItemId, OptionId};
use enduring_core::record::EvaluationReply;
use yew::prelude::*;

use super::document::phrase;
use super::field::{ChoiceRow, Choices, PickKind, TextField};
use crate::markup::html;
use crate::strings::strings;

/// A question with its answer.
pub struct EvaluationQuestion {
    /// The question.
    pub question: Question,
    /// 1 for the first.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// What was answered.
    pub reply: Option<EvaluationReply>,
    /// What is answered.
    pub onreply: Callback<(ItemId, EvaluationReply)>,
}

impl EvaluationQuestion {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.evaluation;
        let question = &self.question;
        let optional = (question.need == Need::Optional).then_some(s.optional);
        let legend = html! {
            <>
                <span class="evaluation__number">{ (s.number)(self.number, self.of) }{ optional }</span>
                <span class="evaluation__text">{ phrase(&question.text) }</span>
            </>
        };
        let reply = {
            let (onreply, id) = (self.onreply.clone(), question.id.clone());
            Callback::from(move |reply: EvaluationReply| onreply.emit((id.clone(), reply)))
        };
        let id: AttrValue = format!("question-{}", question.id).into();
        match &question.body {
            QuestionBody::Likert { labels } => likert(&id, legend, labels, self.reply.as_ref(), &reply),
            QuestionBody::Scale { from, to, low, high } => {
                let (from, to) = (*from, *to);
                let chosen = match &self.reply {
                    Some(EvaluationReply::Number(number)) => Some(*number),
                    _ => None,
                };
                let point = |number: u8| {
                    let onchange = reply.reform(move |_: Event| EvaluationReply::Number(number));
                    html! {
                        <label class="evaluation__point">
                            <input type="radio" name={id.clone()} checked={chosen == Some(number)} {onchange} />
                            <span class="figures">{ number }</span>
                        </label>
                    }
                };
                Choices {
                    legend,
                    children: html! { <><div class="evaluation__scale">{ for (from..=to).map(point) }</div>
                    <p class="evaluation__ends">
                        <span>{ format!("{from}: {low}") }</span><span>{ format!("{to}: {high}") }</span>
                    </p></> },
                    ..Choices::default()
                }
                .view()
            }
            QuestionBody::FreeText { max_chars } => {
                let value = match &self.reply {
                    Some(EvaluationReply::Text(text)) => text.clone(),
                    _ => String::new(),
                };
                Choices {
                    legend,
                    children: TextField {
                        id,
                        label: AttrValue::Static(s.your_words),
                        value: value.into(),
                        max_chars: Some(*max_chars),
                        oninput: reply.reform(EvaluationReply::Text),
                        ..TextField::default()
                    }
                    .lines(),
                    ..Choices::default()
                }
                .view()
            }
            QuestionBody::Commitment { statements, max_chars } => {
                commitment(s.own_words, &id, legend, (statements, *max_chars), self.reply.as_ref(), &reply)
            }
        }
    }
}

fn likert(
    id: &AttrValue,
    legend: Html,
    labels: &[Label],
    answer: Option<&EvaluationReply>,
    reply: &Callback<EvaluationReply>,
) -> Html {
    let ids: Vec<OptionId> = labels.iter().map(|label| label.id.clone()).collect();
    let onpick = {
        let reply = reply.clone();
        Callback::from(move |place: usize| {
            if let Some(id) = ids.get(place) {
                reply.emit(EvaluationReply::Label(id.clone()));
            }
        })
    };
    let row = |(place, label): (usize, &Label)| {
        let picked = matches!(answer, Some(EvaluationReply::Label(chosen)) if *chosen == label.id);
        ChoiceRow {
            group: id.clone(),
            kind: PickKind::One,
            place,
            picked,
            onpick: onpick.clone(),
            children: html! { { &label.text } },
            ..ChoiceRow::default()
        }
        .view()
    };
    Choices { legend, children: html! { { for labels.iter().enumerate().map(row) } }, ..Choices::default() }
        .view()
}

fn commitment(
    own_words: &'static str,
    id: &AttrValue,
    legend: Html,
    (statements, max_chars): (&[Label], u16),
    answer: Option<&EvaluationReply>,
    reply: &Callback<EvaluationReply>,
) -> Html {
    let (chosen, text) = match answer {
        Some(EvaluationReply::Commitment { statements, text }) => (statements.clone(), text.clone()),
        _ => (Vec::new(), String::new()),
    };
    let ids: Vec<OptionId> = statements.iter().map(|label| label.id.clone()).collect();
    let onpick = {
        let (chosen, text, reply) = (chosen.clone(), text.clone(), reply.clone());
        Callback::from(move |place: usize| {
            // In the order of the activity, whatever the order of ticking.
            let picked = |at: usize, id: &OptionId| (at == place) != chosen.contains(id);
            let statements =
                ids.iter().enumerate().filter(|(at, id)| picked(*at, id)).map(|(_, id)| id.clone()).collect();
            reply.emit(EvaluationReply::Commitment { statements, text: text.clone() });
        })
    };
    let row = |(place, label): (usize, &Label)| {
        ChoiceRow {
            group: id.clone(),
            kind: PickKind::Many,
            place,
            picked: chosen.contains(&label.id),
            onpick: onpick.clone(),
            children: html! { { &label.text } },
            ..ChoiceRow::default()
        }
        .view()
    };
    let oninput = {
        let chosen = chosen.clone();
        reply.reform(move |text| EvaluationReply::Commitment { statements: chosen.clone(), text })
    };
    Choices {
        legend,
        children: html! { <>{ for statements.iter().enumerate().map(row) }
        {
            TextField {
                id: format!("{id}-words").into(),
                label: own_words.into(),
                value: text.into(),
                max_chars: Some(max_chars),
                oninput,
                ..TextField::default()
            }
            .lines()
        }</> },
        ..Choices::default()
    }
    .view()
}
