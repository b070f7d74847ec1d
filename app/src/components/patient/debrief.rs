//! An encounter looked back on: first as the learner saw it, then as it was.

use std::rc::Rc;

use enduring_core::content::{CaseGate, Document, EndingQuality};
use enduring_core::session::view::{Debriefed, LineKind, LineView, PatientDebrief, PatientView, StepTaken};
use enduring_core::session::{Command, How, OwnView};
use yew::prelude::*;

use super::Stake;
use super::curves::Curves;
use super::known;
use super::lines;
use super::words::clock;
use crate::components::bottom_bar::BottomBar;
use crate::components::button::{Button, Weight};
use crate::components::document::prose;
use crate::components::field::{ChoiceRow, Choices};
use crate::components::heading::SceneTitle;
use crate::components::icon::Icon;
use crate::components::item::points;
use crate::components::notice::{Notice, Tone};
use crate::components::part::{Part, keyed, part};
use crate::components::references::References;
use crate::components::saving::Saving;
use crate::hooks::use_state_eq;
use crate::markup::html;
use crate::strings::{PatientStrings, strings};

const VIEWS: [OwnView; 3] = [OwnView::Well, OwnView::Mixed, OwnView::Badly];

fn view_words(view: OwnView, words: &PatientStrings) -> &'static str {
    match view {
        OwnView::Well => words.own_well,
        OwnView::Mixed => words.own_mixed,
        OwnView::Badly => words.own_badly,
    }
}

/// How it ended, and how the learner thinks it went, before anything is judged.
#[derive(PartialEq)]
pub struct Reflecting {
    /// What stands above the title.
    pub over: Html,
    /// How it ended.
    pub ending: String,
    /// What is told.
    pub text: Document,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

part!(Reflecting, use_reflecting);

#[hook]
fn use_reflecting(props: &Reflecting) -> Html {
    let words = &strings().patient;
    let picked = use_state_eq(|| None::<usize>);
    let hint = use_state_eq(AttrValue::default);
    let onpick = {
        let (picked, hint) = (picked.setter(), hint.setter());
        Callback::from(move |place: usize| {
            picked.set(Some(place));
            hint.set(AttrValue::default());
        })
    };
    let look = {
        let (send, picked, hint) = (props.send.clone(), *picked, hint.setter());
        Callback::from(move |()| match picked.and_then(|place| VIEWS.get(place)) {
            Some(view) => send.emit(Command::Reflect { view: *view }),
            None => hint.set(AttrValue::Static(words.own_needed)),
        })
    };
    let row = |(place, view): (usize, &OwnView)| {
        let row = ChoiceRow {
            group: AttrValue::Static("own-view"),
            place,
            picked: *picked == Some(place),
            onpick: onpick.clone(),
            children: html! { { view_words(*view, words) } },
            ..ChoiceRow::default()
        };
        keyed(&place.to_string(), row.view())
    };
    html! {
        <section class="scene">
            <div class="scene__body">
                { props.over.clone() }
                { SceneTitle { scene: AttrValue::Static("ended"), children: html! { { &props.ending } } }.view() }
                { prose(&props.text, 2) }
                {
                    Choices {
                        legend: html! { { words.own_view } },
                        children: html! { { for VIEWS.iter().enumerate().map(row) } },
                        ..Choices::default()
                    }
                    .view()
                }
            </div>
            {
                BottomBar::new(
                    Button::new(words.see_debrief).primary().readiness(props.saving.readiness()).on(look).view(),
                    props.saving.clone(),
                )
                .hint((*hint).clone())
                .view()
            }
        </section>
    }
}

/// The debrief.
#[derive(PartialEq)]
pub struct Debriefing {
    /// What stands above the title.
    pub over: Html,
    /// The patient.
    pub patient: Rc<PatientView>,
    /// The debrief.
    pub debrief: Rc<PatientDebrief>,
    /// Makes the curves.
    pub course: Callback<(), Option<Debriefed>>,
    /// Begins a practice after so many steps.
    pub onpractice: Option<Callback<usize>>,
    /// What is at stake: but for the session, there is no way on but back.
    pub stake: Stake,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

part!(Debriefing, use_debriefing);

#[hook]
fn use_debriefing(props: &Debriefing) -> Html {
    let words = &strings().patient;
    let debrief = &props.debrief;
    let course = use_memo((), |()| props.course.emit(()));
    let decisive: Vec<&LineView> = debrief.decisive.iter().filter_map(|at| debrief.lines.get(*at)).collect();
    let well: Vec<&LineView> = debrief.lines.iter().filter(|line| went_well(line)).collect();
    html! {
        <section class="scene">
            <div class="scene__body">
                { props.over.clone() }
                { SceneTitle { scene: AttrValue::Static("debrief"), children: html! { { words.debrief } } }.view() }
                { course_lines(debrief, words) }
                { prose(&debrief.text, 2) }
                if !well.is_empty() {
                    <section class="section section--ruled">
                        <h2>{ strings().play.went_well }</h2>
                        <ul class="well">{ for well.iter().map(|line| html! { <li>{ &line.title }{ lines::when(line, words) }</li> }) }</ul>
                    </section>
                }
                if !decisive.is_empty() {
                    <section class="section section--ruled">
                        <h2>{ words.decisive }</h2>
                        { for decisive.iter().map(|line| lines::line(line, lines::Fold::Open, words)) }
                    </section>
                }
                if let Some(course) = course.as_ref() { { Curves { course: course.clone() }.view() } }
                <section class="section section--ruled">
                    <h2>{ words.rubric }</h2>
                    { for debrief.lines.iter().filter(|line| !decisive.contains(line)).map(|line| lines::line(line, lines::Fold::Closed, words)) }
                </section>
                <section class="take-home">
                    <h2>{ words.take_home }</h2>
                    <p>{ &debrief.take_home }</p>
                </section>
                { known::timeline(&props.patient) }
                { References { references: debrief.references.clone(), heading: "h2" }.view() }
                if let Some(practice) = &props.onpractice { { again(&debrief.steps, practice, words) } }
            </div>
            if props.stake == Stake::Session { { way_on(props, words) } }
        </section>
    }
}

fn went_well(line: &LineView) -> bool {
    line.how == How::Met && matches!(line.kind, LineKind::Timely | LineKind::Sequence)
}

/// The course in three lines: how it ended, what it earned, what the learner thought.
fn course_lines(debrief: &PatientDebrief, words: &PatientStrings) -> Html {
    let play = &strings().play;
    let quality = match debrief.quality {
        EndingQuality::Best => play.ending_best,
        EndingQuality::Fair => play.ending_fair,
        EndingQuality::Poor => play.ending_poor,
    };
    let earned = (play.points_of)(&points(debrief.points), &points(debrief.possible));
    let earned = match debrief.gate {
        CaseGate::Ending => earned,
        CaseGate::Threshold(threshold) => [earned, (play.needed)(threshold.0)].join(". "),
    };
    html! {
        <section class="section">
            <h2>{ play.course }</h2>
            <ul class="course figures">
                <li><strong>{ &debrief.ending }</strong>{ ". " }{ quality }</li>
                <li>{ earned }</li>
                <li>{ words.you_thought }{ " " }{ view_words(debrief.own, words) }</li>
            </ul>
            if !debrief.gate_met {
                { Notice::new(Tone::Caution, html! { { play.play_again_words } }).titled(play.not_yet_enough).view() }
            }
        </section>
    }
}

fn way_on(props: &Debriefing, words: &PatientStrings) -> Html {
    let debrief = &props.debrief;
    let readiness = props.saving.readiness();
    let weight = if debrief.gate_met { Weight::Secondary } else { Weight::Primary };
    let again = html! {
        <>
            if debrief.replayable {
                {
                    Button::new(words.from_start)
                        .weight(weight)
                        .icon(Icon::Again)
                        .readiness(readiness)
                        .on(props.send.reform(|()| Command::RestartPatient))
                        .view()
                }
            }
        </>
    };
    let on = Button::new(strings().play.go_on)
        .primary()
        .readiness(readiness)
        .on(props.send.reform(|()| Command::FinishPart))
        .view();
    if debrief.gate_met {
        BottomBar::new(on, props.saving.clone()).others(again).view()
    } else {
        BottomBar::new(again, props.saving.clone()).view()
    }
}

/// Any step can be taken another way, beside the session.
fn again(steps: &[StepTaken], practice: &Callback<usize>, words: &PatientStrings) -> Html {
    let entry = |step: &StepTaken| {
        let place = step.place;
        html! {
            <li>
                { Button::new([clock(step.at).as_str(), &step.title].join(" \u{b7} ")).quiet().on(practice.reform(move |()| place)).view() }
            </li>
        }
    };
    html! {
        <details class="fold">
            <summary class="fold__head">
                <span class="fold__title">{ words.try_from_step }</span>
                <span class="fold__state">{ words.not_kept }</span>
            </summary>
            <ul class="acts__list">{ for steps.iter().map(entry) }</ul>
        </details>
    }
}
