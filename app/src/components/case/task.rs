//! What to do: what followed, what happens, what is asked.

use std::rc::Rc;

use enduring_core::content::Section;
use enduring_core::session::Command;
use enduring_core::session::view::{CaseAsk, CaseView, ChartEntry, LinkView};
use yew::prelude::*;

use super::Arrival;
use super::chart::section_words;
use super::debrief::Ended;
use super::decision::DecisionForm;
use super::resume::ResumeCard;
use crate::components::bottom_bar::BottomBar;
use crate::components::button::{Button, Weight};
use crate::components::document::prose;
use crate::components::heading::SceneTitle;
use crate::components::icon::Icon;
use crate::components::part::Part;
use crate::components::saving::Saving;
use crate::markup::html;
use crate::strings::{PlayStrings, strings};

/// What followed from the last decision first, then what happens, then what is asked.
pub struct Task {
    /// The case.
    pub case: Rc<CaseView>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Whether the learner comes back to it.
    pub arrival: Arrival,
    /// Shows the chart, at a section.
    pub open_chart: Callback<Option<Section>>,
}

impl Task {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let case = &self.case;
        let scene = [case.part.as_str(), &case.play.to_string(), &case.step.to_string()].join("/");
        let body = html! {
            <>
                <header class="scene__head">
                    <p class="scene__over figures">
                        <span>{ &case.title }</span>
                        if case.play > 1 { <span>{ (words.play_number)(case.play) }</span> }
                    </p>
                    {
                        SceneTitle {
                            scene: scene.clone().into(),
                            children: html! { { &case.node_title } },
                        }
                        .view()
                    }
                    if !case.counters.is_empty() { { counters(&case.counters, words) } }
                </header>
                if self.arrival == Arrival::Resumed { { ResumeCard { case: case.clone() }.view() } }
                if !case.story.is_empty() {
                    <div class="story" role="group" aria-label={words.what_followed}>
                        { for case.story.iter().map(|told| prose(told, 2)) }
                    </div>
                }
                { prose(&case.text, 2) }
                if !matches!(case.ask, CaseAsk::Ended { .. }) {
                    { new_entries(&case.chart, &self.open_chart, words) }
                }
            </>
        };
        let readiness = self.saving.readiness();
        let chart = html! {
            <span class="case__to-chart">
                { Button::new(words.chart).icon(Icon::Chart).on(self.open_chart.reform(|()| None)).view() }
            </span>
        };
        let follow = |link: &LinkView, weight: Weight| {
            let id = link.link.clone();
            let onclick = self.send.reform(move |()| Command::Follow { link: id.clone() });
            Button::new(link.text.clone()).weight(weight).readiness(readiness).on(onclick).view()
        };
        match &case.ask {
            CaseAsk::Links(links) => {
                let onward = match links.as_slice() {
                    [link] => follow(link, Weight::Primary),
                    _ => Html::default(),
                };
                html! {
                    <section class="scene panes__task">
                        <div class="scene__body">
                            { body }
                            if links.len() > 1 {
                                <div class="ways" role="group" aria-label={words.ways_on}>
                                    { for links.iter().map(|link| follow(link, Weight::Secondary)) }
                                </div>
                            }
                        </div>
                        { BottomBar::new(onward, self.saving.clone()).others(chart).view() }
                    </section>
                }
            }
            CaseAsk::Decision { .. } => DecisionForm {
                case: case.clone(),
                over: body,
                others: chart,
                send: self.send.clone(),
                saving: self.saving.clone(),
            }
            .keyed(&scene),
            CaseAsk::Ended { .. } => Ended {
                case: case.clone(),
                over: body,
                send: self.send.clone(),
                saving: self.saving.clone(),
                arrival: self.arrival,
            }
            .view(),
        }
    }
}

fn counters(counters: &[(String, i32)], words: &PlayStrings) -> Html {
    let entry = |(label, value): &(String, i32)| {
        let (label, value) = (words.counter)(label, *value);
        html! {
            <div class="counters__entry">
                <dt class="counters__name">{ label }</dt>
                <dd class="figures">{ value }</dd>
            </div>
        }
    };
    html! { <dl class="counters">{ for counters.iter().map(entry) }</dl> }
}

/// An entry's title with its section, where the title does not name that already.
fn titled(title: &str, section: &str) -> String {
    if title.to_ascii_lowercase().contains(&section.to_ascii_lowercase()) {
        title.to_owned()
    } else {
        [title, section].join(" \u{b7} ")
    }
}

fn new_entries(chart: &[ChartEntry], open: &Callback<Option<Section>>, words: &PlayStrings) -> Html {
    let new: Vec<&ChartEntry> = chart.iter().filter(|entry| entry.is_new).collect();
    if new.is_empty() {
        return Html::default();
    }
    let entry = |entry: &&ChartEntry| {
        let section = entry.entry.section;
        let label = titled(&entry.entry.title, section_words(section, words));
        html! {
            <li>
                {
                    Button::new(label)
                        .quiet()
                        .icon(Icon::New)
                        .on(open.reform(move |()| Some(section)))
                        .view()
                }
            </li>
        }
    };
    html! {
        <div class="news">
            <h2 class="news__title">{ words.new_in_chart }</h2>
            <ul class="news__list">{ for new.iter().map(entry) }</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::titled;

    #[test]
    fn a_section_is_said_once() {
        assert_eq!(titled("History", "History"), "History");
        assert_eq!(titled("Vital signs and examination", "Examination"), "Vital signs and examination");
        assert_eq!(titled("Blood tests", "Laboratory"), "Blood tests \u{b7} Laboratory");
    }
}
