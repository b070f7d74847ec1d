//! An entry of the chart.

use enduring_core::session::Command;
use enduring_core::session::view::ChartEntry;
use yew::prelude::*;

use super::lab::LabTable;
use crate::components::button::Button;
use crate::components::document::Prose;
use crate::components::icon::{Glyph, Icon};
use crate::components::saving::Saving;
use crate::strings::use_strings;

/// Props of [`EntryCard`].
#[derive(Properties, PartialEq)]
pub struct EntryCardProps {
    /// The entry.
    pub entry: ChartEntry,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

/// An entry: closed with its title until it is opened, which the case takes note of.
#[component]
pub fn EntryCard(props: &EntryCardProps) -> Html {
    let words = &use_strings().play;
    let ChartEntry { entry, results, is_new, opened } = &props.entry;
    let id = entry.id.clone();
    let open = props.send.reform(move |()| Command::OpenChart { entry: id.clone() });
    html! {
        <article class="entry">
            <header class="entry__head">
                <h3>{ &entry.title }</h3>
                <p class="entry__time figures">
                    if *is_new { <span class="entry__new"><Glyph icon={Icon::New} />{ words.new }</span> }
                    <span>{ &entry.time }</span>
                </p>
            </header>
            if *opened {
                if !entry.text.is_empty() { <Prose document={entry.text.clone()} top={4} /> }
                if !results.is_empty() {
                    <LabTable title={entry.title.clone()} results={results.clone()} />
                }
            } else {
                <Button label={words.open_entry} name={[words.open_entry, &entry.title].join(": ")}
                    readiness={props.saving.readiness()} onclick={open} />
            }
        </article>
    }
}
