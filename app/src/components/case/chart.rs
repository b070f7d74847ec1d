//! The chart, by section.

use std::rc::Rc;

use enduring_core::content::Section;
use enduring_core::session::Command;
use enduring_core::session::view::{CaseView, ChartEntry};
use yew::prelude::*;

use super::entry::EntryCard;
use crate::components::icon::{Icon, glyph};
use crate::components::part::{keyed, part};
use crate::components::saving::Saving;
use crate::markup::html;
use crate::platform::element;
use crate::strings::{PlayStrings, strings};

/// The sections in the order of the tabs.
const SECTIONS: [Section; 5] =
    [Section::History, Section::Examination, Section::Laboratory, Section::Imaging, Section::Notes];

/// Tabs with a mark on what is new; the newest entry of a section stands first.
#[derive(PartialEq)]
pub struct Chart {
    /// The case.
    pub case: Rc<CaseView>,
    /// The section shown.
    pub section: Section,
    /// Another section was selected.
    pub onselect: Callback<Section>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

part!(Chart, use_chart);

#[hook]
fn use_chart(props: &Chart) -> Html {
    let words = &strings().play;
    let tabs = use_node_ref();
    let of = |section: Section| props.case.chart.iter().filter(move |entry| entry.entry.section == section);
    let onkeydown = {
        let (tabs, onselect, now) = (tabs.clone(), props.onselect.clone(), place(props.section));
        move |event: KeyboardEvent| {
            let last = SECTIONS.len() - 1;
            let to = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => (now + 1) % SECTIONS.len(),
                "ArrowLeft" | "ArrowUp" => now.checked_sub(1).unwrap_or(last),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            if let Some(section) = SECTIONS.get(to) {
                onselect.emit(*section);
                element::focus_nth(tabs.get(), "button", u32::try_from(to).unwrap_or(0));
            }
        }
    };
    let tab = |section: &Section| {
        let section = *section;
        let new = of(section).filter(|entry| entry.is_new).count();
        let shown = section == props.section;
        html! {
            <button type="button" role="tab" class="tab" id={id("tab", section)}
                aria-selected={if shown { "true" } else { "false" }} aria-controls="chart-panel"
                tabindex={if shown { "0" } else { "-1" }}
                onclick={props.onselect.reform(move |_: MouseEvent| section)}>
                <span>{ section_words(section, words) }</span>
                if new > 0 {
                    <span class="tab__new figures">{ glyph(Icon::New) }{ (words.new_count)(new) }</span>
                }
            </button>
        }
    };
    let entry = |entry: &ChartEntry| {
        let card = EntryCard { entry: entry.clone(), saving: props.saving.clone(), send: props.send.clone() };
        keyed(entry.entry.id.as_str(), card.view())
    };
    let mut entries: Vec<Html> = of(props.section).map(entry).collect();
    entries.reverse();
    html! {
        <div class="chart">
            <div class="tabs" role="tablist" aria-label={words.chart_sections} ref={tabs} {onkeydown}>
                { for SECTIONS.iter().map(tab) }
            </div>
            <div class="chart__panel" role="tabpanel" id="chart-panel" tabindex="0"
                aria-labelledby={id("tab", props.section)}>
                if entries.is_empty() { <p class="chart__empty">{ words.chart_empty }</p> }
                { for entries }
            </div>
        </div>
    }
}

fn place(section: Section) -> usize {
    SECTIONS.iter().position(|known| *known == section).unwrap_or(0)
}

fn id(prefix: &str, section: Section) -> String {
    [prefix, &place(section).to_string()].join("-")
}

pub(super) fn section_words(section: Section, words: &PlayStrings) -> &'static str {
    match section {
        Section::History => words.history,
        Section::Examination => words.examination,
        Section::Laboratory => words.laboratory,
        Section::Imaging => words.imaging,
        Section::Notes => words.notes,
    }
}
