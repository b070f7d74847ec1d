//! What is known: how the patient looks and speaks, what is under way, what came back,
//! what happened.

use enduring_core::content::patient::Speaker;
use enduring_core::measure::Seconds;
use enduring_core::session::view::{PatientView, Pending, PendingKind, ReportView, StoryLine, Teller};
use yew::prelude::*;

use super::words::{clock, span};
use crate::components::case::LabTable;
use crate::components::document::prose;
use crate::components::icon::{Icon, glyph};
use crate::components::part::keyed;
use crate::markup::html;
use crate::strings::{PatientStrings, strings};

/// How the patient looks, and what they say.
pub fn presence(patient: &PatientView) -> Html {
    let words = &strings().patient;
    html! {
        <section class="presence" aria-label={words.patient}>
            { prose(&patient.appearance, 2) }
            if !patient.words.is_empty() { <div class="presence__words">{ prose(&patient.words, 2) }</div> }
        </section>
    }
}

/// What came with the learner's latest step.
pub fn news(patient: &PatientView) -> Html {
    let from = patient.story.len().saturating_sub(patient.news);
    let lines = patient.story.get(from..).unwrap_or_default();
    // What was begun and is done already is told once.
    let told = lines.iter().filter(|line| {
        line.teller != Teller::Begun
            || !lines.iter().any(|other| other.teller == Teller::Done && other.title == line.title)
    });
    html! { { for told.map(|line| story_line(line, patient)) } }
}

fn story_line(line: &StoryLine, patient: &PatientView) -> Html {
    let words = &strings().patient;
    let (icon, who) = match line.teller {
        Teller::Begun => (Some(Icon::Clock), words.begun),
        Teller::Done => (Some(Icon::Check), words.done),
        Teller::Report => (Some(Icon::New), words.report),
        Teller::Says(speaker) => (None, speaker_word(speaker, words)),
    };
    let report = (line.teller == Teller::Report)
        .then(|| patient.reports.iter().rev().find(|it| it.arrived == line.at && it.title == line.title))
        .flatten();
    html! {
        <div class="told">
            <p class="told__head">
                <span class="told__at figures">{ clock(line.at) }</span>
                if let Some(icon) = icon { { glyph(icon) } }
                <span>
                    if !line.title.is_empty() { <strong>{ &line.title }</strong>{ " " } }
                    { who }
                </span>
            </p>
            { prose(&line.text, 3) }
            if let Some(report) = report { { results(report) } }
        </div>
    }
}

fn speaker_word(speaker: Speaker, words: &PatientStrings) -> &'static str {
    match speaker {
        Speaker::Narrator => "",
        Speaker::Patient => words.patient,
        Speaker::Nurse => words.nurse,
        Speaker::Family => words.family,
        Speaker::Colleague => words.colleague,
    }
}

fn results(report: &ReportView) -> Html {
    if report.results.is_empty() {
        return Html::default();
    }
    LabTable { title: report.title.clone().into(), results: report.results.clone() }.view()
}

/// What is under way and awaited, with the time that it still takes.
pub fn pending(patient: &PatientView) -> Html {
    let words = &strings().patient;
    if patient.pending.is_empty() {
        return Html::default();
    }
    let entry = |pending: &Pending| {
        let left = span(Seconds(pending.due.0.saturating_sub(patient.time.0)), words);
        let state = match pending.kind {
            PendingKind::Queued => words.queued,
            PendingKind::Doing => words.doing,
            PendingKind::Awaited => words.awaited,
        };
        html! {
            <li class="pending__entry">
                <span>{ &pending.title }</span>
                <span class="pending__left figures">{ state }{ left }</span>
            </li>
        }
    };
    html! {
        <section class="pending">
            <h2 class="pending__title">{ words.under_way }</h2>
            <ul class="pending__list">{ for patient.pending.iter().map(entry) }</ul>
        </section>
    }
}

/// Reports, the latest first and open.
pub fn reports(patient: &PatientView) -> Html {
    let words = &strings().patient;
    if patient.reports.is_empty() {
        return Html::default();
    }
    let last = patient.reports.len() - 1;
    let entry = |(place, report): (usize, &ReportView)| {
        keyed(
            &place.to_string(),
            html! {
                <details class="fold" open={place == last}>
                    <summary class="fold__head">
                        <span class="fold__title">{ &report.title }</span>
                        <span class="fold__state figures">{ (words.taken_at)(&clock(report.taken)) }</span>
                    </summary>
                    <div class="fold__body">{ prose(&report.finding, 3) }{ results(report) }</div>
                </details>
            },
        )
    };
    html! {
        <section class="section">
            <h2>{ words.reports }</h2>
            { for patient.reports.iter().enumerate().rev().map(entry) }
        </section>
    }
}

/// Everything that happened, the first first.
pub fn timeline(patient: &PatientView) -> Html {
    let words = &strings().patient;
    html! {
        <details class="fold">
            <summary class="fold__head">
                <span class="fold__title">{ words.timeline }</span>
                <span class="fold__state figures">{ patient.story.len() }</span>
            </summary>
            <div class="fold__body">
                <div class="told">{ prose(&patient.opening, 3) }</div>
                { for patient.story.iter().map(|line| story_line(line, patient)) }
            </div>
        </details>
    }
}
