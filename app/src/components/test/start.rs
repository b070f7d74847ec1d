//! Before a test: its settings in words.

use enduring_core::content::{Back, Certainty, Reveal, TestPolicy, TestRole, Unanswered};
use enduring_core::measure::Minutes;
use enduring_core::session::Command;
use enduring_core::session::view::TestStart;
use yew::prelude::*;

use crate::components::bottom_bar::BottomBar;
use crate::components::button::Button;
use crate::components::clock;
use crate::components::definitions::definitions;
use crate::components::document::prose;
use crate::components::heading::SceneTitle;
use crate::components::part::Part;
use crate::components::saving::Saving;
use crate::markup::html;
use crate::strings::{PlayStrings, strings};

/// What the test is for and what holds in it.
pub struct TestStartScene {
    /// The test.
    pub start: TestStart,
    /// About how long it takes, where it has not been entered: one press does both.
    pub unentered: Option<Minutes>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Shown under the introduction, such as the comparison of two tests.
    pub children: Html,
}

impl TestStartScene {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let TestStart { part, title, role, introduction, policy } = &self.start;
        let (send, unentered) = (self.send.clone(), self.unentered);
        // Where entering could not be saved, the attempt still waits behind it.
        let again = unentered.is_some() && matches!(self.saving, Saving::Failed { .. });
        let begin = Callback::from(move |()| {
            if unentered.is_some() {
                send.emit(Command::EnterPart);
            }
            if !again {
                send.emit(Command::StartAttempt);
            }
        });
        html! {
            <section class="scene">
                <div class="scene__body">
                    <header class="scene__head">
                        <p class="scene__over figures">
                            if role_words(*role, words) != title { <span>{ role_words(*role, words) }</span> }
                            if let Some(minutes) = unentered { <span>{ (words.about_minutes)(minutes.0) }</span> }
                        </p>
                        {
                            SceneTitle { scene: part.to_string().into(), children: html! { { title } } }
                                .view()
                        }
                    </header>
                    { prose(introduction, 2) }
                    { self.children.clone() }
                    <section class="section">
                        <h2>{ words.how_it_works }</h2>
                        { definitions(&entries(*role, policy, words)) }
                    </section>
                </div>
                {
                    BottomBar::new(
                        Button::new(words.begin)
                            .primary()
                            .readiness(self.saving.readiness())
                            .on(begin)
                            .view(),
                        self.saving.clone(),
                    )
                    .view()
                }
            </section>
        }
    }
}

/// The settings that matter to the learner, name and fact.
fn entries(role: TestRole, policy: &TestPolicy, words: &PlayStrings) -> Vec<(AttrValue, Html)> {
    let mut entries: Vec<(AttrValue, Html)> = Vec::new();
    let mut say = |name: &'static str, fact: String| {
        entries.push((AttrValue::Static(name), html! { { fact } }));
    };
    match policy.threshold {
        None => {
            let told = if role == TestRole::Pre { words.not_graded_pre } else { words.not_graded };
            say(words.grading, told.to_owned());
        }
        Some(threshold) => {
            say(words.grading, (words.to_pass)(threshold.0));
            say(words.attempts, policy.attempts.map_or(words.attempts_free.to_owned(), words.attempts_most));
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
        Certainty::Optional | Certainty::Required => say(words.certainty, words.certainty_note.to_owned()),
    }
    if policy.unanswered == Unanswered::Allow {
        say(words.unanswered, words.unanswered_earn_nothing.to_owned());
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
