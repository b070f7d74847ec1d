//! A part whose turn has come.

use enduring_core::session::Command;
use enduring_core::session::view::{Opening, StepKind};
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::{Button, Weight};
use super::document::Prose;
use super::heading::SceneTitle;
use super::saving::Saving;
use crate::strings::use_strings;

/// Props of [`OpeningScene`].
#[derive(Properties, PartialEq)]
pub struct OpeningSceneProps {
    /// The part.
    pub opening: Opening,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Shown under the introduction, such as the comparison of two tests.
    #[prop_or_default]
    pub children: Html,
}

/// What comes, how long it takes, and one button.
#[component]
pub fn OpeningScene(props: &OpeningSceneProps) -> Html {
    let words = &use_strings().play;
    let Opening { part, title, kind, minutes, introduction } = &props.opening;
    let (over, begin) = match kind {
        StepKind::Reading => (words.kind_reading, words.begin_reading),
        StepKind::Case => (words.kind_case, words.begin_case),
        StepKind::Evaluation => (words.kind_evaluation, words.begin),
        StepKind::Test | StepKind::FrontMatter | StepKind::Claim => (words.kind_test, words.begin),
    };
    html! {
        <section class="scene">
            <div class="scene__body">
                <header class="scene__head">
                    <p class="scene__over figures">
                        <span>{ over }</span><span>{ (words.about_minutes)(minutes.0) }</span>
                    </p>
                    <SceneTitle scene={part.to_string()}>{ title }</SceneTitle>
                </header>
                <Prose document={introduction.clone()} />
                { props.children.clone() }
            </div>
            <BottomBar saving={props.saving.clone()}>
                <Button label={begin} weight={Weight::Primary} readiness={props.saving.readiness()}
                    onclick={props.send.reform(|()| Command::EnterPart)} />
            </BottomBar>
        </section>
    }
}
