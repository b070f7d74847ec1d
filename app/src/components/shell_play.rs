//! The frame of the play page: where am I, what is saved, the steps, what must be said on every step.

use enduring_core::session::view::{RailStep, StepKind, StepStatus};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use super::saving::Saving;
use super::shell::SkipLink;
use crate::route::Route;
use crate::strings::use_strings;

/// Props of [`PlayBar`].
#[derive(Properties, PartialEq)]
pub struct PlayBarProps {
    /// The activity's title.
    pub title: AttrValue,
    /// The steps.
    pub steps: Vec<StepLink>,
    /// About how much is left.
    pub minutes_left: u32,
    /// Where the latest answer stands.
    pub saving: Saving,
    /// Said on every step: a sample, not for credit, the last days.
    #[prop_or_default]
    pub banners: Html,
    /// The scene.
    pub children: Html,
}

/// A step, and where it can be seen again.
#[derive(Clone, Debug, PartialEq)]
pub struct StepLink {
    /// The step.
    pub step: RailStep,
    /// Where to look back at it.
    pub back: Option<Route>,
}

/// The frame.
#[component]
pub fn PlayBar(props: &PlayBarProps) -> Html {
    let s = &use_strings().frame.play_bar;
    html! {
        <div class="shell">
            <SkipLink />
            <header>
                <div class="play-bar">
                    <a class="play-bar__back" href={Route::Home.hash()}>{ s.back }</a>
                    <p class="play-bar__title">{ &props.title }</p>
                    <SavedState saving={props.saving.clone()} />
                </div>
                <Rail steps={props.steps.clone()} minutes_left={props.minutes_left} />
                { props.banners.clone() }
            </header>
            <main id="main" class="shell__page" tabindex="-1">{ props.children.clone() }</main>
        </div>
    }
}

/// Props of [`SavedState`].
#[derive(Properties, PartialEq)]
pub struct SavedStateProps {
    /// Where the latest answer stands.
    pub saving: Saving,
}

/// What is on the device: the commit, and nothing but the commit.
#[component]
pub fn SavedState(props: &SavedStateProps) -> Html {
    let s = &use_strings().frame.play_bar;
    let (class, icon, word) = match &props.saving {
        Saving::Saved => ("saved saved--saved", Some(Icon::Check), s.saved),
        Saving::Saving => ("saved", None, s.saving),
        Saving::Failed { .. } => ("saved saved--failed", Some(Icon::Warning), s.not_saved),
    };
    html! {
        <p {class}>
            if let Some(icon) = icon { <Glyph {icon} /> }
            <span>{ word }</span>
        </p>
    }
}

/// The name of a step.
#[must_use]
pub fn step_name(s: &crate::strings::PlayBarStrings, step: &RailStep) -> String {
    match step.kind {
        StepKind::FrontMatter => s.front_matter.to_owned(),
        StepKind::Claim => s.claim.to_owned(),
        StepKind::Reading | StepKind::Test | StepKind::Case | StepKind::Evaluation => step.title.clone(),
    }
}

#[derive(Properties, PartialEq)]
struct RailProps {
    steps: Vec<StepLink>,
    minutes_left: u32,
}

/// All steps: done ones lead back where that is possible, later ones say what comes first.
#[component]
fn Rail(props: &RailProps) -> Html {
    let s = &use_strings().frame.play_bar;
    let now = props.steps.iter().position(|link| link.step.status == StepStatus::Now);
    let place = now.map_or(props.steps.len(), |now| now + 1);
    let here = now.and_then(|now| props.steps.get(now)).map(|link| step_name(s, &link.step));
    let before = here.clone().unwrap_or_default();
    let entry = |link: &StepLink| {
        let name = step_name(s, &link.step);
        let (class, current, note) = match link.step.status {
            StepStatus::Done => ("rail__step rail__step--done", None, s.done.to_owned()),
            StepStatus::Now => ("rail__step rail__step--now", Some("step"), (s.minutes)(link.step.minutes.0)),
            StepStatus::Later => ("rail__step", None, (s.comes_after)(&before)),
        };
        html! {
            <li {class} aria-current={current}>
                if link.step.status == StepStatus::Done { <Glyph icon={Icon::Check} /> }
                if let Some(back) = &link.back {
                    <a href={back.hash()}>{ name }</a>
                } else {
                    <span>{ name }</span>
                }
                <span class="rail__note">{ note }</span>
            </li>
        }
    };
    html! {
        <nav class="rail" aria-label={s.steps}>
            <details>
                <summary>
                    <span class="rail__here">
                        { (s.step_of)(place, props.steps.len(), &here.unwrap_or_default()) }
                    </span>
                    <span class="rail__left figures">{ (s.minutes_left)(props.minutes_left) }</span>
                </summary>
                <ol class="rail__steps">{ for props.steps.iter().map(entry) }</ol>
            </details>
        </nav>
    }
}
