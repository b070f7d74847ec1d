//! Before a test: its settings in words.

use enduring_core::content::{Back, Certainty, Reveal, TestPolicy, TestRole, Unanswered};
use enduring_core::session::Command;
use enduring_core::session::view::TestStart;
use yew::prelude::*;

use crate::components::bottom_bar::BottomBar;
use crate::components::button::{Button, Weight};
use crate::components::clock;
use crate::components::definitions::Definitions;
use crate::components::document::Prose;
use crate::components::heading::SceneTitle;
use crate::components::saving::Saving;
use crate::strings::{PlayStrings, use_strings};

/// Props of [`TestStartScene`].
#[derive(Properties, PartialEq)]
pub struct TestStartSceneProps {
    /// The test.
    pub start: TestStart,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

/// What the test is for and what holds in it.
#[component]
pub fn TestStartScene(props: &TestStartSceneProps) -> Html {
    let words = &use_strings().play;
    let TestStart { part, title, role, introduction, policy } = &props.start;
    html! {
        <section class="scene">
            <div class="scene__body">
                <header class="scene__head">
                    <p class="scene__over"><span>{ role_words(*role, words) }</span></p>
                    <SceneTitle scene={part.to_string()}>{ title }</SceneTitle>
                </header>
                <Prose document={introduction.clone()} />
                <section class="section">
                    <h2>{ words.how_it_works }</h2>
                    <Definitions entries={entries(policy, words)} />
                </section>
            </div>
            <BottomBar saving={props.saving.clone()}>
                <Button label={words.begin} weight={Weight::Primary} readiness={props.saving.readiness()}
                    onclick={props.send.reform(|()| Command::StartAttempt)} />
            </BottomBar>
        </section>
    }
}

/// The settings that matter to the learner, name and fact.
fn entries(policy: &TestPolicy, words: &PlayStrings) -> Vec<(AttrValue, Html)> {
    let mut entries: Vec<(AttrValue, Html)> = Vec::new();
    let mut say = |name: &'static str, fact: String| {
        entries.push((AttrValue::Static(name), html! { { fact } }));
    };
    match policy.threshold {
        None => say(words.grading, words.not_graded.into()),
        Some(threshold) => {
            say(words.grading, (words.to_pass)(threshold.0));
            say(words.attempts, policy.attempts.map_or(words.attempts_free.into(), words.attempts_most));
            if policy.cool_down.0 > 0 && policy.attempts != Some(1) {
                say(words.wait, (words.wait_after)(&clock::span(policy.cool_down, words)));
            }
        }
    }
    say(words.answers_shown, reveal(policy, words).into());
    say(
        words.going_back,
        match (policy.back, policy.reveal) {
            (Back::Locked, _) => words.back_locked,
            (Back::Free, Reveal::AfterItem) => words.back_until_checked,
            (Back::Free, Reveal::Never | Reveal::AfterAttempt | Reveal::AfterPassing) => words.back_free,
        }
        .into(),
    );
    if let Some(limit) = policy.attempt_limit {
        say(words.time, (words.time_attempt)(&clock::span(limit, words)));
    }
    if let Some(limit) = policy.item_limit {
        say(words.time, (words.time_item)(&clock::running(limit)));
    }
    match policy.certainty {
        Certainty::Off => {}
        Certainty::Optional | Certainty::Required => say(words.certainty, words.certainty_note.into()),
    }
    if policy.unanswered == Unanswered::Allow {
        say(words.unanswered, words.unanswered_earn_nothing.into());
    }
    entries
}

fn reveal(policy: &TestPolicy, words: &PlayStrings) -> &'static str {
    match policy.reveal {
        Reveal::Never => words.reveal_never,
        Reveal::AfterItem => words.reveal_item,
        Reveal::AfterAttempt => words.reveal_attempt,
        Reveal::AfterPassing => words.reveal_passing,
    }
}

pub(super) fn role_words(role: TestRole, words: &PlayStrings) -> &'static str {
    match role {
        TestRole::Pre => words.role_pre,
        TestRole::Post => words.role_post,
        TestRole::Practice => words.role_practice,
    }
}
