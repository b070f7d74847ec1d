//! Where a case stands, for those who come back to it.

use std::rc::Rc;

use enduring_core::session::view::{CaseAsk, CaseView};
use yew::prelude::*;

use crate::components::document::plain;
use crate::markup::html;
use crate::strings::{PlayStrings, strings};

/// The patient in two lines, what changed last, the next step.
pub struct ResumeCard {
    /// The case.
    pub case: Rc<CaseView>,
}

impl ResumeCard {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let case = &self.case;
        html! {
            <section class="resume" aria-label={words.where_you_left}>
                <p class="resume__patient">{ &case.patient }</p>
                <p><strong>{ words.changed_last }</strong>{ " " }{ changed(case) }</p>
                <p><strong>{ words.next_step }</strong>{ " " }{ next(case, words) }</p>
            </section>
        }
    }
}

fn changed(case: &CaseView) -> String {
    match (case.story.last(), case.chart.iter().rev().find(|entry| entry.is_new)) {
        (Some(story), _) => plain(story),
        (None, Some(entry)) => entry.entry.title.clone(),
        (None, None) => case.node_title.clone(),
    }
}

fn next(case: &CaseView, words: &PlayStrings) -> String {
    match &case.ask {
        CaseAsk::Decision { prompt, .. } => plain(prompt),
        CaseAsk::Links(_) => words.read_and_go_on.to_owned(),
        CaseAsk::Ended { .. } => words.look_back.to_owned(),
    }
}
