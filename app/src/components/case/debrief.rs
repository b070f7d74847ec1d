//! A case looked back on.

use std::rc::Rc;

use enduring_core::content::{CaseGate, EndingQuality};
use enduring_core::order::sort_by;
use enduring_core::session::Command;
use enduring_core::session::view::{CaseAsk, CaseView, Debrief, DebriefDecision, ExpertLine};
use yew::prelude::*;

use super::Arrival;
use super::decided::DecisionLookedBackOn;
use crate::components::bottom_bar::BottomBar;
use crate::components::button::Button;
use crate::components::document::{phrase, prose};
use crate::components::icon::Icon;
use crate::components::item::points;
use crate::components::notice::{Notice, Tone};
use crate::components::references::References;
use crate::components::saving::Saving;
use crate::markup::html;
use crate::strings::{PlayStrings, strings};

/// So many moments are called decisive.
const DECISIVE: usize = 2;

/// The ending, the debrief, and the way on.
pub struct Ended {
    /// The case, which has ended.
    pub case: Rc<CaseView>,
    /// What stands before the debrief.
    pub over: Html,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Whether it is looked back on: then there is no way on.
    pub arrival: Arrival,
}

impl Ended {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let CaseAsk::Ended { ending, debrief, gate_met } = &self.case.ask else { return Html::default() };
        let readiness = self.saving.readiness();
        let quality = match ending.quality {
            EndingQuality::Best => words.ending_best,
            EndingQuality::Fair => words.ending_fair,
            EndingQuality::Poor => words.ending_poor,
        };
        html! {
            <section class="scene">
                <div class="scene__body">
                    { self.over.clone() }
                    <section class="section section--ruled">
                        <h2>{ words.course }</h2>
                        <ul class="course figures">
                            <li><strong>{ &ending.title }</strong>{ ". " }{ quality }</li>
                            <li>{ (words.decisions_as_expert)(as_expert(debrief).count(), debrief.decisions.len()) }</li>
                            <li>{ score(debrief, words) }</li>
                        </ul>
                        if !*gate_met {
                            {
                                Notice::new(Tone::Caution, html! { { words.play_again_words } })
                                    .titled(words.not_yet_enough)
                                    .view()
                            }
                        }
                    </section>
                    { DebriefView { debrief: (**debrief).clone() }.view() }
                </div>
                if self.arrival != Arrival::Past { { BottomBar::new(html! { <>if *gate_met {
                        {
                            Button::new(words.go_on)
                                .primary()
                                .readiness(readiness)
                                .on(self.send.reform(|()| Command::FinishPart))
                                .view()
                        }
                    } else {
                        {
                            Button::new(words.play_again)
                                .primary()
                                .icon(Icon::Again)
                                .readiness(readiness)
                                .on(self.send.reform(|()| Command::RestartCase))
                                .view()
                        }
                    }</> }, self.saving.clone()).view() } }
            </section>
        }
    }
}

/// What went well, the decisive moments, every decision, and the expert's way.
pub struct DebriefView {
    /// The debrief.
    pub debrief: Debrief,
}

impl DebriefView {
    /// As elements.
    pub fn view(&self) -> Html {
        let opened = |decision: &&DebriefDecision| {
            DecisionLookedBackOn { decision: (*decision).clone(), open: true }.view()
        };
        let folded = |decision: &DebriefDecision| {
            DecisionLookedBackOn { decision: decision.clone(), open: false }.view()
        };
        let words = &strings().play;
        let debrief = &self.debrief;
        let well: Vec<&DebriefDecision> = as_expert(debrief).collect();
        let decisive = decisive(debrief);
        html! {
            <>
                { prose(&debrief.text, 2) }
                if !well.is_empty() {
                    <section class="section section--ruled">
                        <h2>{ words.went_well }</h2>
                        <ul class="well">{ for well.iter().map(|decision| html! {
                            <li>
                                <strong>{ &decision.node_title }</strong>
                                { for decision.picks.iter().map(|pick| phrase(&pick.text)) }
                            </li>
                        }) }</ul>
                    </section>
                }
                if !decisive.is_empty() {
                    <section class="section section--ruled">
                        <h2>{ words.decisive }</h2>
                        { for decisive.iter().map(opened) }
                    </section>
                }
                <section class="section section--ruled">
                    <h2>{ words.every_decision }</h2>
                    { for debrief.decisions.iter().filter(|decision| !decisive.contains(decision))
                        .map(folded) }
                </section>
                if !debrief.expert.is_empty() {
                    <section class="section section--ruled">
                        <h2>{ words.expert_way }</h2>
                        <ol class="expert">{ for debrief.expert.iter().map(expert) }</ol>
                    </section>
                }
                { References { references: debrief.references.clone(), heading: "h2" }.view() }
            </>
        }
    }
}

fn expert(line: &ExpertLine) -> Html {
    html! {
        <li>
            <strong>{ &line.node_title }</strong>
            { for line.did.iter().map(|did| phrase(did)) }
        </li>
    }
}

/// Decisions that earned all they could.
fn as_expert(debrief: &Debrief) -> impl Iterator<Item = &DebriefDecision> {
    debrief.decisions.iter().filter(|decision| !decision.harmful && decision.points >= decision.possible)
}

/// The decisions that cost the most: harmful ones first, then by points missed.
fn decisive(debrief: &Debrief) -> Vec<&DebriefDecision> {
    let missed = |decision: &DebriefDecision| decision.possible.0.saturating_sub(decision.points.0);
    let mut costly: Vec<_> =
        debrief.decisions.iter().filter(|decision| decision.harmful || missed(decision) > 0).collect();
    let rank = |decision: &DebriefDecision| (!decision.harmful, u32::MAX - missed(decision));
    sort_by(&mut costly, |one, other| rank(one).cmp(&rank(other)));
    costly.truncate(DECISIVE);
    costly
}

fn score(debrief: &Debrief, words: &PlayStrings) -> String {
    let earned = (words.points_of)(&points(debrief.points), &points(debrief.possible));
    match debrief.gate {
        CaseGate::Ending => earned,
        CaseGate::Threshold(threshold) => [earned, (words.needed)(threshold.0)].join(". "),
    }
}
