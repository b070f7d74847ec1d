//! A case looked back on.

use std::rc::Rc;

use enduring_core::content::{CaseGate, EndingQuality};
use enduring_core::session::Command;
use enduring_core::session::view::{CaseAsk, CaseView, Debrief, DebriefDecision, ExpertLine};
use yew::prelude::*;

use super::decided::DecisionLookedBackOn;
use crate::components::bottom_bar::BottomBar;
use crate::components::button::{Button, Weight};
use crate::components::document::{Phrase, Prose};
use crate::components::icon::Icon;
use crate::components::item::points;
use crate::components::notice::{Notice, Tone};
use crate::components::references::References;
use crate::components::saving::Saving;
use crate::strings::{PlayStrings, use_strings};

/// So many moments are called decisive.
const DECISIVE: usize = 2;

/// Props of [`Ended`].
#[derive(Properties, PartialEq)]
pub struct EndedProps {
    /// The case, which has ended.
    pub case: Rc<CaseView>,
    /// What stands before the debrief.
    pub over: Html,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

/// The ending, the debrief, and the way on.
#[component]
pub fn Ended(props: &EndedProps) -> Html {
    let words = &use_strings().play;
    let CaseAsk::Ended { ending, debrief, gate_met } = &props.case.ask else { return Html::default() };
    let readiness = props.saving.readiness();
    let quality = match ending.quality {
        EndingQuality::Best => words.ending_best,
        EndingQuality::Fair => words.ending_fair,
        EndingQuality::Poor => words.ending_poor,
    };
    html! {
        <section class="scene">
            <div class="scene__body">
                { props.over.clone() }
                <section class="section section--ruled">
                    <h2>{ words.course }</h2>
                    <ul class="course figures">
                        <li><strong>{ &ending.title }</strong>{ " " }{ quality }</li>
                        <li>{ (words.decisions_as_expert)(as_expert(debrief).count(), debrief.decisions.len()) }</li>
                        <li>{ score(debrief, words) }</li>
                    </ul>
                    if !*gate_met {
                        <Notice tone={Tone::Caution} title={words.not_yet_enough}>{ words.play_again_words }</Notice>
                    }
                </section>
                <DebriefView debrief={(**debrief).clone()} />
            </div>
            <BottomBar saving={props.saving.clone()}>
                if *gate_met {
                    <Button label={words.go_on} weight={Weight::Primary} {readiness}
                        onclick={props.send.reform(|()| Command::FinishPart)} />
                } else {
                    <Button label={words.play_again} weight={Weight::Primary} icon={Icon::Again} {readiness}
                        onclick={props.send.reform(|()| Command::RestartCase)} />
                }
            </BottomBar>
        </section>
    }
}

/// Props of [`DebriefView`].
#[derive(Properties, PartialEq)]
pub struct DebriefViewProps {
    /// The debrief.
    pub debrief: Debrief,
}

/// What went well, the decisive moments, every decision, and the expert's way.
#[component]
pub fn DebriefView(props: &DebriefViewProps) -> Html {
    let words = &use_strings().play;
    let debrief = &props.debrief;
    let well: Vec<&DebriefDecision> = as_expert(debrief).collect();
    let decisive = decisive(debrief);
    html! {
        <>
            <Prose document={debrief.text.clone()} />
            if !well.is_empty() {
                <section class="section section--ruled">
                    <h2>{ words.went_well }</h2>
                    <ul class="well">{ for well.iter().map(|decision| html! {
                        <li>
                            <strong>{ &decision.node_title }</strong>
                            { for decision.picks.iter().map(|pick| html! {
                                <Phrase document={pick.text.clone()} />
                            }) }
                        </li>
                    }) }</ul>
                </section>
            }
            if !decisive.is_empty() {
                <section class="section section--ruled">
                    <h2>{ words.decisive }</h2>
                    { for decisive.iter().map(|decision| html! {
                        <DecisionLookedBackOn decision={(*decision).clone()} open=true />
                    }) }
                </section>
            }
            <section class="section section--ruled">
                <h2>{ words.every_decision }</h2>
                { for debrief.decisions.iter().filter(|decision| !decisive.contains(decision)).map(|decision| html! {
                    <DecisionLookedBackOn decision={decision.clone()} />
                }) }
            </section>
            if !debrief.expert.is_empty() {
                <section class="section section--ruled">
                    <h2>{ words.expert_way }</h2>
                    <ol class="expert">{ for debrief.expert.iter().map(expert) }</ol>
                </section>
            }
            <References references={debrief.references.clone()} heading="h2" />
        </>
    }
}

fn expert(line: &ExpertLine) -> Html {
    html! {
        <li>
            <strong>{ &line.node_title }</strong>
            { for line.did.iter().map(|did| html! { <Phrase document={did.clone()} /> }) }
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
    costly.sort_by_key(|decision| (!decision.harmful, u32::MAX - missed(decision)));
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
