//! The result of a test.

use std::rc::Rc;

use enduring_core::content::TestRole;
use enduring_core::measure::{Millis, Percent, Points};
use enduring_core::score::AttemptScore;
use enduring_core::session::Command;
use enduring_core::session::view::{NextAttempt, TestResult};
use yew::prelude::*;

use super::review::Review;
use crate::components::bottom_bar::BottomBar;
use crate::components::button::Button;
use crate::components::clock::{SceneClock, span};
use crate::components::data_table::DataTable;
use crate::components::heading::SceneTitle;
use crate::components::item::points;
use crate::components::notice::{Notice, Tone};
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::hooks::use_effect_with;
use crate::markup::html;
use crate::platform;
use crate::route::Route;
use crate::strings::{PlayStrings, strings};

/// The score in counts and words, what can follow, and the items.
#[derive(PartialEq)]
pub struct TestResultScene {
    /// The result.
    pub result: Rc<TestResult>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// The time.
    pub clock: SceneClock,
    /// Shown under the score, such as the comparison of two tests.
    pub children: Html,
}

part!(TestResultScene, use_test_result_scene);

#[hook]
fn use_test_result_scene(props: &TestResultScene) -> Html {
    let words = &strings().play;
    let TestResult { part, title, role, threshold, attempts, passed, next, items } = &*props.result;
    let wait = use_wait(*next, &props.clock);
    let latest = attempts.last();
    let heading = match (threshold, passed) {
        (None, _) => words.test_done,
        (Some(_), true) => words.passed,
        (Some(_), false) => not_passed(*next, words),
    };
    let readiness = props.saving.readiness();
    let send = |label: &'static str, command: Command| {
        let onclick = props.send.reform(move |()| command.clone());
        Button::new(label).primary().readiness(readiness).on(onclick).view()
    };
    let action = match (next, wait) {
        (NextAttempt::NotNeeded, _) => Some(send(words.go_on, Command::FinishPart)),
        (NextAttempt::From { .. }, None) => Some(send(words.try_again, Command::StartAttempt)),
        (NextAttempt::NoneLeft, _) => Some(html! {
            <a class="button button--primary" href={Route::Home.hash()}>{ words.to_home }</a>
        }),
        (NextAttempt::From { .. }, Some(_)) => None,
    };
    let unrevealed = match (role, next) {
        (TestRole::Pre, _) => words.answers_after_post,
        (TestRole::Post | TestRole::Practice, NextAttempt::From { .. }) => words.reveal_passing,
        (TestRole::Post | TestRole::Practice, NextAttempt::NotNeeded | NextAttempt::NoneLeft) => {
            words.reveal_never
        }
    };
    html! {
        <section class="scene">
            <div class="scene__body">
                <header class="scene__head">
                    <p class="scene__over"><span>{ title }</span></p>
                    {
                        SceneTitle {
                            scene: [part.as_str(), "result", &attempts.len().to_string()].join("/").into(),
                            children: html! { { heading } },
                        }
                        .view()
                    }
                </header>
                if let Some(score) = latest {
                    <div class="score">
                        { earned(score, attempts, *threshold, words) }
                    </div>
                }
                { follows(*next, wait, &props.clock, words) }
                { props.children.clone() }
                if attempts.len() > 1 { { table(attempts, *threshold, words) } }
                if items.is_empty() {
                    <p class="scene__note">{ unrevealed }</p>
                } else {
                    <section class="section section--ruled">
                        <h2>{ words.your_answers }</h2>
                        { Review { items: items.clone() }.view() }
                    </section>
                }
            </div>
            if let Some(action) = action { { BottomBar::new(html! { { action } }, props.saving.clone()).view() } }
        </section>
    }
}

/// How long until another attempt; told anew every quarter minute until it is over.
#[hook]
fn use_wait(next: NextAttempt, clock: &SceneClock) -> Option<Millis> {
    let tick = use_force_update();
    let wait = match next {
        NextAttempt::From { at, .. } => at.since(clock.now.emit(())).filter(|wait| wait.0 > 0),
        NextAttempt::NotNeeded | NextAttempt::NoneLeft => None,
    };
    use_effect_with(wait.is_some(), move |waits| {
        let interval = waits.then(|| platform::timer::every(15_000, move || tick.force_update()));
        move || drop(interval)
    });
    wait
}

/// What was earned beside what is needed, in one unit.
fn earned(
    score: &AttemptScore,
    attempts: &[AttemptScore],
    threshold: Option<Percent>,
    words: &PlayStrings,
) -> Html {
    let needed = needed(score, threshold);
    let parts = attempts.iter().any(has_parts);
    html! {
        <>
            <p class="score__count figures">{ scored(score, attempts, threshold) }</p>
            if let Some(needed) = needed { <p class="figures">{ (words.points_needed)(&points(needed)) }</p> }
            if parts { <p>{ words.parts_earn }</p> }
        </>
    }
}

fn needed(score: &AttemptScore, threshold: Option<Percent>) -> Option<Points> {
    threshold.map(|percent| Points(score.possible.0 * u32::from(percent.0) / 100))
}

fn has_parts(score: &AttemptScore) -> bool {
    score.points != Points(u32::from(score.right) * Points::FULL.0)
}

/// An attempt in the unit of all attempts at its test: items, or points where parts of an item earned some, or
/// what is needed is no whole number of items.
pub fn scored(score: &AttemptScore, attempts: &[AttemptScore], threshold: Option<Percent>) -> String {
    let words = &strings().play;
    let needed = needed(score, threshold);
    let broken = needed.is_some_and(|needed| needed.0 % Points::FULL.0 > 0);
    if broken || attempts.iter().any(has_parts) {
        (words.points_of)(&points(rounded(score.points, needed)), &points(score.possible))
    } else {
        (words.right_of)(score.right, score.items)
    }
}

/// To a tenth of a point, unless that would tell the other side of what is needed.
fn rounded(points: Points, needed: Option<Points>) -> Points {
    let tenths = Points((points.0 + 50) / 100 * 100);
    match needed {
        Some(needed) if (tenths >= needed) != (points >= needed) => points,
        Some(_) | None => tenths,
    }
}

fn not_passed(next: NextAttempt, words: &PlayStrings) -> &'static str {
    match next {
        NextAttempt::From { .. } => words.not_passed_yet,
        NextAttempt::NotNeeded | NextAttempt::NoneLeft => words.not_passed,
    }
}

fn follows(next: NextAttempt, wait: Option<Millis>, clock: &SceneClock, words: &PlayStrings) -> Html {
    match next {
        NextAttempt::NotNeeded => Html::default(),
        NextAttempt::NoneLeft => {
            Notice::new(Tone::Caution, html! { { words.none_left_words } }).titled(words.none_left).view()
        }
        NextAttempt::From { at, left } => Notice::new(
            Tone::Info,
            html! { <>if let Some(left) = left { <p>{ (words.attempts_left)(left) }</p> }
            if let Some(wait) = wait {
                <p>{ (words.possible_from)(&clock.written(at, words), &span(wait, words)) }</p>
            }</> },
        )
        .titled(words.another_attempt)
        .view(),
    }
}

fn table(attempts: &[AttemptScore], threshold: Option<Percent>, words: &PlayStrings) -> Html {
    let row = |(place, score): (usize, &AttemptScore)| {
        vec![
            html! { { (words.attempt_number)(u16::try_from(place + 1).unwrap_or(u16::MAX)) } },
            html! { { scored(score, attempts, threshold) } },
            html! { { if score.passed { words.passed } else { words.not_passed } } },
        ]
    };
    DataTable {
        caption: AttrValue::Static(words.attempts),
        head: vec![
            AttrValue::Static(words.attempt),
            AttrValue::Static(words.score),
            AttrValue::Static(words.result),
        ],
        rows: attempts.iter().enumerate().map(row).collect::<Vec<_>>(),
    }
    .view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_has_one_unit_at_every_attempt() {
        let attempt = |points, right| AttemptScore {
            points: Points(points),
            possible: Points(8_000),
            right,
            items: 8,
            passed: false,
            objectives: Vec::new(),
        };
        let (whole, parts) = (attempt(7_000, 7), attempt(1_700, 0));
        let half = Some(Percent(50));
        assert_eq!(scored(&whole, std::slice::from_ref(&whole), half), "7 of 8 right");
        assert_eq!(
            scored(&whole, std::slice::from_ref(&whole), Some(Percent(60))),
            "7 of 8 points",
            "4.8 are needed"
        );
        for (score, told) in [(&whole, "7 of 8 points"), (&parts, "1.7 of 8 points")] {
            assert_eq!(scored(score, &[whole.clone(), parts.clone()], half), told);
        }
    }

    #[test]
    fn points_are_told_to_a_tenth_that_agrees_with_what_they_came_to() {
        let needed = Some(Points(6_000));
        for (earned, told) in
            [(167, 200), (5_667, 5_700), (5_999, 5_999), (6_000, 6_000), (6_333, 6_300), (8_000, 8_000)]
        {
            assert_eq!(rounded(Points(earned), needed), Points(told));
        }
        assert_eq!(rounded(Points(5_999), None), Points(6_000));
        // 75% of seven.
        assert_eq!(rounded(Points(5_250), Some(Points(5_250))), Points(5_300));
    }
}
