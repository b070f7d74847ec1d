//! The frame of the play page: where am I, what is saved, the steps, what must be said on every step.

use enduring_core::session::view::{RailStep, StepKind, StepStatus};
use yew::prelude::*;

use super::icon::{Icon, glyph};
use super::saving::Saving;
use super::shell::SkipLink;
use crate::markup::html;
use crate::route::Route;
use crate::strings::strings;

/// The frame.
pub struct PlayBar {
    /// The activity's title.
    pub title: AttrValue,
    /// The steps.
    pub steps: Vec<StepLink>,
    /// About how much is left.
    pub minutes_left: u32,
    /// Where the latest answer stands.
    pub saving: Saving,
    /// Said on every step: a sample, not for credit, the last days.
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

impl PlayBar {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.play_bar;
        html! {
            <div class="shell">
                { SkipLink.view() }
                <header>
                    <div class="play-bar">
                        <a class="play-bar__back" href={Route::Home.hash()}>{ s.back }</a>
                        <p class="play-bar__title">{ &self.title }</p>
                        { SavedState { saving: self.saving.clone() }.view() }
                    </div>
                    { Rail { steps: self.steps.clone(), minutes_left: self.minutes_left }.view() }
                    { self.banners.clone() }
                </header>
                <main id="main" class="shell__page" tabindex="-1">{ self.children.clone() }</main>
            </div>
        }
    }
}

/// What is on the device: the commit, and nothing but the commit.
pub struct SavedState {
    /// Where the latest answer stands.
    pub saving: Saving,
}

impl SavedState {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.play_bar;
        let (class, icon, word) = match &self.saving {
            Saving::Saved => ("saved saved--saved", Some(Icon::Check), s.saved),
            Saving::Saving => ("saved", None, s.saving),
            Saving::Failed { .. } => ("saved saved--failed", Some(Icon::Warning), s.not_saved),
        };
        html! {
            <p {class} aria-busy={matches!(self.saving, Saving::Saving).then_some("true")}>
                if let Some(icon) = icon { { glyph(icon) } }
                <span>{ word }</span>
            </p>
        }
    }
}

/// The name of a step.
#[must_use]
pub fn step_name(s: &crate::strings::PlayBarStrings, step: &RailStep) -> String {
    match step.kind {
        StepKind::FrontMatter => s.front_matter.to_owned(),
        StepKind::Claim => s.claim.to_owned(),
        StepKind::Reading | StepKind::Test | StepKind::Case | StepKind::Patient | StepKind::Evaluation => {
            step.title.clone()
        }
    }
}

/// All steps: done ones lead back where that is possible, later ones say what comes first.
struct Rail {
    steps: Vec<StepLink>,
    minutes_left: u32,
}

impl Rail {
    /// As elements.
    fn view(&self) -> Html {
        let s = &strings().frame.play_bar;
        let now = self.steps.iter().position(|link| link.step.status == StepStatus::Now);
        let place = now.map_or(self.steps.len(), |now| now + 1);
        let here = now.and_then(|now| self.steps.get(now)).map(|link| step_name(s, &link.step));
        // A step is at hand and no time is left: no attempt is.
        let over = now.is_some() && self.minutes_left == 0;
        let mut before = String::new();
        let entry = |link: &StepLink| {
            let name = step_name(s, &link.step);
            let (class, current, note) = match link.step.status {
                StepStatus::Done => ("rail__step rail__step--done", None, s.done.to_owned()),
                StepStatus::Now if over => {
                    ("rail__step rail__step--now", Some("step"), s.not_passed.to_owned())
                }
                StepStatus::Now => {
                    ("rail__step rail__step--now", Some("step"), (s.minutes)(link.step.minutes.0))
                }
                StepStatus::Later if over => ("rail__step", None, s.not_reached.to_owned()),
                StepStatus::Later => ("rail__step", None, (s.comes_after)(&before)),
            };
            before.clone_from(&name);
            html! {
                <li {class} aria-current={current}>
                    if link.step.status == StepStatus::Done { { glyph(Icon::Check) } }
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
                            { (s.step_of)(place, self.steps.len(), &here.unwrap_or_default()) }
                        </span>
                        if !over {
                            <span class="rail__left figures">{ (s.minutes_left)(self.minutes_left) }</span>
                        }
                    </summary>
                    <ol class="rail__steps">{ for self.steps.iter().map(entry) }</ol>
                </details>
            </nav>
        }
    }
}
