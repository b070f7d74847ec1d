//! A part whose turn has come.

use enduring_core::session::Command;
use enduring_core::session::view::{Opening, StepKind};
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::Button;
use super::document::prose;
use super::heading::SceneTitle;
use super::saving::Saving;
use crate::components::part::Part;
use crate::markup::html;
use crate::strings::strings;

/// What comes, how long it takes, and one button.
pub struct OpeningScene {
    /// The part.
    pub opening: Opening,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Shown under the introduction, such as the comparison of two tests.
    pub children: Html,
}

impl OpeningScene {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let Opening { part, title, kind, minutes, introduction, .. } = &self.opening;
        let (over, begin, lead) = match kind {
            StepKind::Reading => (words.kind_reading, words.begin_reading, words.lead_reading),
            StepKind::Case => (words.kind_case, words.begin_case, words.lead_case),
            StepKind::Patient => (words.kind_patient, words.begin_patient, words.lead_patient),
            StepKind::Evaluation => (words.kind_evaluation, words.begin_evaluation, words.lead_evaluation),
            // Tests begin from their own start; the others are never a part's.
            StepKind::Test | StepKind::FrontMatter | StepKind::Claim => (words.kind_test, words.begin, ""),
        };
        html! {
            <section class="scene">
                <div class="scene__body">
                    <header class="scene__head">
                        <p class="scene__over figures">
                            if over != title { <span>{ over }</span> }<span>{ (words.about_minutes)(minutes.0) }</span>
                        </p>
                        {
                            SceneTitle { scene: part.to_string().into(), children: html! { { title } } }
                                .view()
                        }
                    </header>
                    if introduction.is_empty() { <div class="prose"><p>{ lead }</p></div> } else { { prose(introduction, 2) } }
                    { self.children.clone() }
                </div>
                {
                    BottomBar::new(
                        Button::new(begin)
                            .primary()
                            .readiness(self.saving.readiness())
                            .on(self.send.reform(|()| Command::EnterPart))
                            .view(),
                        self.saving.clone(),
                    )
                    .view()
                }
            </section>
        }
    }
}
