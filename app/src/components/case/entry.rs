//! An entry of the chart.

use enduring_core::session::Command;
use enduring_core::session::view::ChartEntry;
use yew::prelude::*;

use super::lab::LabTable;
use crate::components::button::Button;
use crate::components::document::prose;
use crate::components::icon::{Icon, glyph};
use crate::components::saving::Saving;
use crate::markup::html;
use crate::strings::strings;

/// An entry: closed with its title until it is opened, which the case takes note of.
pub struct EntryCard {
    /// The entry.
    pub entry: ChartEntry,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

impl EntryCard {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let ChartEntry { entry, results, is_new, opened } = &self.entry;
        let id = entry.id.clone();
        let open = self.send.reform(move |()| Command::OpenChart { entry: id.clone() });
        html! {
            <article class="entry">
                <header class="entry__head">
                    <h3>{ &entry.title }</h3>
                    <p class="entry__time figures">
                        if *is_new { <span class="entry__new">{ glyph(Icon::New) }{ words.new }</span> }
                        <span>{ &entry.time }</span>
                    </p>
                </header>
                if *opened {
                    if !entry.text.is_empty() { { prose(&entry.text, 4) } }
                    if !results.is_empty() {
                        { LabTable { title: entry.title.clone().into(), results: results.clone() }.view() }
                    }
                } else {
                    {
                        Button::new([words.open_entry, &entry.title].join(": "))
                            .readiness(self.saving.readiness())
                            .on(open)
                            .view()
                    }
                }
            </article>
        }
    }
}
