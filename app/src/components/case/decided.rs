//! A decision looked back on.

use enduring_core::session::view::{DebriefDecision, OptionView};
use yew::prelude::*;

use crate::components::document::{Phrase, Prose};
use crate::components::icon::{Glyph, Icon};
use crate::components::item::points;
use crate::components::references::References;
use crate::strings::use_strings;

/// Props of [`DecisionLookedBackOn`].
#[derive(Properties, PartialEq)]
pub struct DecisionLookedBackOnProps {
    /// The decision.
    pub decision: DebriefDecision,
    /// Whether it is unfolded at first.
    #[prop_or_default]
    pub open: bool,
}

/// What was asked, what was picked beside what was best, and why.
#[component]
pub fn DecisionLookedBackOn(props: &DecisionLookedBackOnProps) -> Html {
    let words = &use_strings().play;
    let decision = &props.decision;
    let (icon, word) = if decision.harmful {
        (Icon::Warning, words.harmful)
    } else if decision.points >= decision.possible {
        (Icon::Check, words.as_expert)
    } else {
        (Icon::Half, words.otherwise_than_expert)
    };
    let list = |title: &'static str, options: &[OptionView]| {
        html! {
            <div class="decided__list">
                <h3>{ title }</h3>
                <ul>{ for options.iter().map(|option| html! {
                    <li><Phrase document={option.text.clone()} /></li>
                }) }</ul>
            </div>
        }
    };
    html! {
        <details class="fold" open={props.open}>
            <summary class="fold__head">
                <span class="fold__title">{ &decision.node_title }</span>
                <span class="fold__state figures">
                    <Glyph {icon} />
                    { word }{ " \u{b7} " }
                    { (words.points_of)(&points(decision.points), &points(decision.possible)) }
                </span>
            </summary>
            <div class="fold__body decided">
                <Prose document={decision.prompt.clone()} top={4} />
                <div class="decided__both">
                    { list(words.you_chose, &decision.picks) }
                    { list(words.best_was, &decision.best) }
                </div>
                <h3>{ words.why }</h3>
                <Prose document={decision.rationale.clone()} top={5} />
                <References references={decision.references.clone()} />
            </div>
        </details>
    }
}
