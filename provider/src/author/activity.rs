//! `activity.toml` and everything that it leads to.

use enduring_core::content::*;
use enduring_core::id::{GapId, ObjectiveId, ProfessionId, is_name};

use super::case::{play, prove};
use super::diagnostic::Problem;
use super::fields::Fields;
use super::flow::{Flow, policy};
use super::front::{Bibliography, front, minutes};
use super::items::ItemFiles;
use super::names::{ReferenceId, Scope};
use super::patient::{Rehearsal, rehearse};
use super::source::{Folder, Span};
use super::whole::whole;

/// Reads the folder; `None` when `activity.toml` cannot be read at all.
pub fn read(folder: &Folder, rehearsal: &Rehearsal) -> Option<Activity> {
    let gaps = needs(folder);
    let read = folder.toml("activity.toml", None, |fields| activity(fields, gaps));
    if read.is_none() {
        let scope = Scope::activity();
        folder.names.opaque::<ObjectiveId>(&scope);
        folder.names.opaque::<ProfessionId>(&scope);
        folder.names.opaque::<ReferenceId>(&scope);
        ItemFiles::read(folder, &Bibliography::default());
    }
    folder.names.resolve(folder);
    let (activity, flow) = read?;
    for draft in flow.cases.iter().filter(|draft| !folder.has_errors_under(&draft.folder)) {
        prove(folder, draft);
    }
    let places: Vec<Span> = flow.parts.iter().map(|(_, place)| place.clone()).collect();
    whole(folder, &activity, &places);
    folder.media.report_unused(folder);
    if folder.errors() > 0 {
        return None;
    }
    // What the checks above let through must be playable; core has the last word.
    for fault in check(&activity) {
        folder.report(Problem::file("activity.toml", format!("the activity cannot be played: {fault}")));
    }
    for draft in flow.cases.iter().filter(|_| folder.errors() == 0) {
        play(folder, draft, &activity);
    }
    for draft in flow.patients.iter().filter(|_| folder.errors() == 0) {
        rehearse(folder, draft, rehearsal);
    }
    Some(activity)
}

fn needs(folder: &Folder) -> Vec<Gap> {
    let gaps = folder.toml("needs.toml", None, |fields| {
        let gaps: Vec<Gap> = fields.tables("gap").iter().map(gap).collect();
        if gaps.is_empty() {
            fields.report(
                Problem::file("needs.toml", "no professional practice gap")
                    .expected("at least one table [[gap]]"),
            );
        }
        gaps
    });
    if gaps.is_none() {
        folder.names.opaque::<GapId>(&Scope::activity());
    }
    gaps.unwrap_or_default()
}

fn gap(fields: &Fields) -> Gap {
    Gap {
        id: fields.define("id", &Scope::activity()),
        text: fields.text("text"),
        method: fields.text("method"),
        date: fields.text("date"),
        source: fields.text("source"),
    }
}

fn activity(fields: &Fields, gaps: Vec<Gap>) -> (Activity, Flow) {
    let bibliography = Bibliography::read(fields);
    let items = ItemFiles::read(fields.folder, &bibliography);
    let title = fields.text("title");
    let objectives: Vec<Objective> = fields
        .tables("objective")
        .iter()
        .map(|table| Objective {
            id: table.define("id", &Scope::activity()),
            text: table.text("text"),
            gap: table.mention("gap", &Scope::activity()),
        })
        .collect();
    if objectives.is_empty() {
        fields.report(
            Problem::file("activity.toml", "no learning objective")
                .expected("at least one table [[objective]]"),
        );
    }
    let flow = Flow::read(fields, &bibliography);
    if flow.parts.is_empty() {
        fields.report(
            Problem::file("activity.toml", "the flow is empty").expected("at least one table [[part]]"),
        );
    }
    let minutes = minutes(fields);
    if let Some(minutes) = minutes {
        flow.fits(fields, minutes);
    }
    let mut activity = Activity {
        content_version: CONTENT_VERSION,
        id: fields.define("id", &Scope::inside("the activity itself")),
        version: version(fields),
        language: language(fields),
        summary: fields.text("summary"),
        front: front(fields, &title, minutes, &bibliography),
        title,
        policy: policy(fields, minutes),
        gaps,
        objectives,
        items: items.items,
        banks: items.banks,
        forms: items.forms,
        parts: flow.parts.iter().map(|(part, _)| part.clone()).collect(),
    };
    activity.content_version = activity.needed_version();
    (activity, flow)
}

/// A version is a folder name of the pack, so it has the shape of a name.
fn version(fields: &Fields) -> String {
    let Some(text) = fields.required_raw("version", "\"1.0.0\"") else { return String::new() };
    if !is_name(&text.text) {
        fields.report(
            Problem::error(&text.span, "not a version")
                .expected("up to 64 characters from a-z, 0-9, '.', '_' and '-', as \"1.0.0\"")
                .found(format!("`{}`", text.text)),
        );
    }
    text.text
}

fn language(fields: &Fields) -> String {
    let Some(text) = fields.required_raw("language", "\"en\"") else { return String::new() };
    let mut subtags = text.text.split('-');
    let primary = subtags.next().unwrap_or_default();
    let sound = (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_lowercase())
        && subtags.all(|tag| (2..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !sound {
        fields.report(
            Problem::error(&text.span, "not a language tag")
                .expected("a BCP 47 tag, as \"en\" or \"pt-BR\"")
                .found(format!("`{}`", text.text)),
        );
    }
    text.text
}
