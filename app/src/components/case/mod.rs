//! A case: what is known on one side, what to do on the other.

mod chart;
mod debrief;
mod decided;
mod decision;
mod entry;
mod lab;
mod resume;
mod task;
mod trend;

use std::rc::Rc;

use enduring_core::content::Section;
use enduring_core::session::Command;
use enduring_core::session::view::{CaseAsk, CaseView};
use yew::prelude::*;

use crate::components::dialog::{Dialog, Extent};
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::components::wide::use_wide;
use crate::hooks::use_state_eq;
use crate::markup::html;
use crate::strings::strings;
use chart::Chart;
pub use debrief::DebriefView;
pub use lab::LabTable;
use task::Task;

/// How the learner comes to a case or a patient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrival {
    /// Straight from the step before.
    #[default]
    Onward,
    /// After being away: a card says where things stand.
    Resumed,
    /// Once more after it was finished: nothing goes on from here.
    Past,
}

/// The case as it stands. With room for two panes the chart stands beside the task;
/// else it opens over it and closes onto the same place.
#[derive(PartialEq)]
pub struct CaseScene {
    /// The case.
    pub case: Rc<CaseView>,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
    /// Whether the learner comes back to it.
    pub arrival: Arrival,
}

part!(CaseScene, use_case_scene);

#[hook]
fn use_case_scene(props: &CaseScene) -> Html {
    let words = &strings().play;
    let case = &props.case;
    let first = case.chart.iter().find(|entry| entry.is_new).or(case.chart.last());
    let section = use_state_eq(|| first.map_or(Section::History, |entry| entry.entry.section));
    let over = use_state_eq(|| false);
    let wide = use_wide();
    let open = {
        let (section, over) = (section.setter(), over.setter());
        Callback::from(move |to: Option<Section>| {
            if let Some(to) = to {
                section.set(to);
            }
            over.set(true);
        })
    };
    let chart = Chart {
        case: case.clone(),
        section: *section,
        saving: props.saving.clone(),
        send: props.send.clone(),
        onselect: Callback::from(move |to| section.set(to)),
    }
    .view();
    let ended = matches!(case.ask, CaseAsk::Ended { .. });
    html! {
        <div class={if wide && !ended { "panes panes--two" } else { "panes" }}>
            if wide && !ended {
                <aside class="panes__known" aria-label={words.chart}>{ chart }</aside>
            } else if *over && !wide {
                {
                    Dialog {
                        id: AttrValue::Static("chart"),
                        title: AttrValue::Static(words.chart),
                        extent: Extent::Window,
                        onclose: Callback::from(move |()| over.set(false)),
                        children: chart,
                        ..Dialog::default()
                    }
                    .view()
                }
            }
            {
                Task {
                    case: case.clone(),
                    send: props.send.clone(),
                    saving: props.saving.clone(),
                    arrival: props.arrival,
                    open_chart: open,
                }
                .view()
            }
        </div>
    }
}
