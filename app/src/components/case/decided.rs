//! A decision looked back on.

use enduring_core::session::view::{DebriefDecision, OptionView};
use yew::prelude::*;

use crate::components::document::{phrase, prose};
use crate::components::icon::{Icon, glyph};
use crate::components::item::points;
use crate::components::references::References;
use crate::markup::html;
use crate::strings::strings;

/// What was asked, what was picked beside what was best, and why.
pub struct DecisionLookedBackOn {
    /// The decision.
    pub decision: DebriefDecision,
    /// Whether it is unfolded at first.
    pub open: bool,
}

impl DecisionLookedBackOn {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let decision = &self.decision;
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
                        <li>{ phrase(&option.text) }</li>
                    }) }</ul>
                </div>
            }
        };
        html! {
            <details class="fold" open={self.open}>
                <summary class="fold__head">
                    <span class="fold__title">{ &decision.node_title }</span>
                    <span class="fold__state figures">
                        { glyph(icon) }
                        { word }{ " \u{b7} " }
                        { (words.points_of)(&points(decision.points), &points(decision.possible)) }
                    </span>
                </summary>
                <div class="fold__body decided">
                    { prose(&decision.prompt, 4) }
                    <div class="decided__both">
                        { list(words.you_chose, &decision.picks) }
                        { list(words.best_was, &decision.best) }
                    </div>
                    <h3>{ words.why }</h3>
                    { prose(&decision.rationale, 5) }
                    { References { references: decision.references.clone(), heading: "h3" }.view() }
                </div>
            </details>
        }
    }
}
