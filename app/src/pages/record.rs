//! A signed record: what it says, where it is, what next, and a look back.

use std::rc::Rc;

use enduring_core::content::PartBody;
use enduring_core::id::SessionId;
use enduring_core::record::{Assurance, Bundle, LearnerSheet};
use enduring_core::session::view::{comparison, look_back};
use enduring_core::session::{Mode, State, replay};
use yew::prelude::*;

use crate::components::done::Done;
use crate::components::done_chain::Link;
use crate::components::part::part;
use crate::components::shell_async::{Failed, waiting};
use crate::components::test::ComparisonPicture;
use crate::effect::Services;
use crate::hooks::{Load, Shown, use_load, use_page, use_tasks};
use crate::markup::html;
use crate::platform::{clock, share};
use crate::records::{self, Facts, Standing};
use crate::route::Route;
use crate::session::pinned;
use crate::strings::{Strings, strings};
use crate::words;

/// A signed record.
#[derive(PartialEq)]
pub struct Record {
    /// What all pages share.
    pub services: Services,
    /// Its session.
    pub session: SessionId,
}

/// A record with the session that it proves.
struct Opened {
    text: String,
    facts: Facts,
    learner: Option<LearnerSheet>,
    standing: Standing,
    content: enduring_core::content::Content,
    state: State,
}

part!(Record, use_record);

#[hook]
fn use_record(props: &Record) -> Html {
    let all = strings();
    let s = &all.frame.done;
    let again = use_state(|| 0u32);
    let tasks = use_tasks();
    let (services, session) = (props.services.clone(), props.session);
    let opened = use_load(*again, move |_| async move { open(&services, session, all).await });
    let title = match &opened {
        Load::Ready(opened) if opened.facts.mode == Mode::NotForCredit => s.title_not_for_credit,
        Load::Ready(_) | Load::Waiting => s.title,
        Load::Failed(_) => s.title_not_opened,
    };
    let shown = if matches!(opened, Load::Waiting) { Shown::Waiting } else { Shown::Ready };
    use_page(&Route::Record(session), title, shown);
    let reload = Callback::from(move |()| again.set(again.wrapping_add(1)));
    let opened = match opened {
        Load::Waiting => {
            return html! { <div class="page">{ waiting(all.frame.transcript.waiting) }</div> };
        }
        Load::Failed(error) => {
            return html! {
                <div class="page"><h1 tabindex="-1">{ title }</h1>{ Failed { onretry: Some(reload), children: html! { { &*error } } }.view() }</div>
            };
        }
        Load::Ready(opened) => opened,
    };
    let leave = |way: Way| {
        let (opened, tasks, reload) = (Rc::clone(&opened), tasks.clone(), reload.clone());
        let journal = props.services.journal.clone();
        Callback::from(move |()| {
            let (opened, reload, journal) = (Rc::clone(&opened), reload.clone(), journal.clone());
            tasks.spawn(async move {
                if send_out(&opened, session, way).await {
                    // Where the date cannot be kept, the chain shows it as not exported, which is the safe side.
                    let _ = records::exported(&journal, session, clock::now().at).await;
                    reload.emit(());
                }
            });
        })
    };
    let front = &opened.content.activity().front;
    Done {
        title: opened.content.activity().title.clone().into(),
        heading: title.into(),
        facts: facts(all, session, &opened),
        provider: front.provider.name.clone().into(),
        contact: front.provider.contact.clone().into(),
        chain: chain(all, &opened),
        by: words::iso_date(all, &front.dates.termination).into(),
        shareable: share::can_share(&outgoing(&name_of(&opened, session), &opened.text)),
        onsave: leave(Way::File),
        onshare: leave(Way::Share),
        children: html! { { back(all, session, &opened) } },
    }
    .view()
}

/// How a record leaves.
#[derive(Clone, Copy)]
enum Way {
    File,
    Share,
}

/// The media type of a bundle.
const MEDIA_TYPE: &str = "application/json";

fn outgoing<'a>(name: &'a str, text: &'a str) -> share::Outgoing<'a> {
    share::Outgoing { name, media_type: MEDIA_TYPE, bytes: text.as_bytes() }
}

fn name_of(opened: &Opened, session: SessionId) -> String {
    let short: String = session.to_string().chars().take(8).collect();
    format!("{}-{short}.record.json", opened.facts.activity.id)
}

/// Whether it left this device.
async fn send_out(opened: &Opened, session: SessionId, way: Way) -> bool {
    let name = name_of(opened, session);
    let outgoing = outgoing(&name, &opened.text);
    match way {
        Way::File => share::save(&outgoing).is_some(),
        Way::Share => match share::share(&outgoing).await {
            share::Shared::Taken => true,
            share::Shared::Dismissed => false,
            share::Shared::Unavailable => share::save(&outgoing).is_some(),
        },
    }
}

async fn open(services: &Services, session: SessionId, all: &'static Strings) -> Result<Opened, String> {
    let faults = &all.frame.faults;
    let store = |error| (faults.store)(&error);
    let text = services.journal.record(session).await.map_err(store)?;
    let text = text.ok_or_else(|| all.frame.play_bar.gone.to_owned())?;
    let unreadable = || (faults.pack)("its record cannot be read");
    let bundle: Bundle = enduring_core::json::read(&text).map_err(|_| unreadable())?;
    let facts = records::facts(&bundle).ok_or_else(unreadable)?;
    let content = pinned(&services.journal, session).await;
    let content = content.map_err(|error| (faults.pack)(&error.to_string()))?;
    let replayed = replay(&content, &bundle.log);
    if let Some((n, why)) = &replayed.broken {
        return Err((faults.broken)(*n, &why.to_string()));
    }
    let state = replayed.state.ok_or_else(unreadable)?;
    let learner = bundle.learner.as_deref().and_then(|sheet| enduring_core::json::read(sheet).ok());
    let standing = records::standing(&services.journal, session).await.map_err(store)?;
    Ok(Opened { text, facts, learner, standing, content, state })
}

fn chain(all: &'static Strings, opened: &Opened) -> Vec<Link> {
    let s = &all.frame.done;
    let date = |at| AttrValue::from(words::date(all, at));
    vec![
        Link { name: AttrValue::Static(s.on_device), reached: Some(date(opened.facts.signed.at)) },
        Link { name: AttrValue::Static(s.exported), reached: opened.standing.exported.map(date) },
        Link { name: AttrValue::Static(s.received), reached: None },
        Link { name: AttrValue::Static(s.credited), reached: None },
        Link { name: AttrValue::Static(s.reported), reached: None },
    ]
}

/// What was signed, in plain words.
fn facts(all: &'static Strings, session: SessionId, opened: &Opened) -> Vec<(AttrValue, Html)> {
    let s = &all.frame.done;
    let facts = &opened.facts;
    let name = opened.learner.as_ref().map_or_else(
        || s.sheet_erased.to_owned(),
        |sheet| format!("{} {}", sheet.first_name, sheet.last_name),
    );
    let claimed: Vec<String> = facts
        .claims
        .iter()
        .map(|claim| format!("{} {} ({})", claim.amount, claim.name, claim.accreditor))
        .collect();
    let claimed = match (facts.mode, claimed.is_empty()) {
        (Mode::NotForCredit, _) => s.not_for_credit.to_owned(),
        (_, true) => s.participation.to_owned(),
        (_, false) => claimed.join(", "),
    };
    let text = |text: String| html! { { text } };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (AttrValue::Static(s.name), text(name)),
        (AttrValue::Static(s.activity), text(opened.content.activity().title.clone())),
        (AttrValue::Static(s.completed), text(words::local_date(all, &facts.completed))),
        (AttrValue::Static(s.active), text((s.minutes)(words::minutes(opened.state.clock.active)))),
        (AttrValue::Static(s.claimed), text(claimed)),
    ];
    for test in enduring_core::score::report(&opened.content, &opened.state).tests {
        let title = opened.content.part(&test.part).map(|(_, part)| part.title.clone()).unwrap_or_default();
        if let Some(last) = test.attempts.last() {
            rows.push((title.into(), text((s.test)(last.right, last.items, test.attempts.len()))));
        }
    }
    let key = match facts.signing.assurance {
        Assurance::Stored => s.key_stored,
        Assurance::SessionOnly => s.key_session,
    };
    rows.push((AttrValue::Static(s.key), text(key.to_owned())));
    rows.push((
        AttrValue::Static(s.record_id),
        html! { <code class="done__id">{ session.to_string() }</code> },
    ));
    rows
}

/// Before and after by objective, and the tests with their answers.
fn back(all: &'static Strings, session: SessionId, opened: &Opened) -> Html {
    let s = &all.frame.done;
    let tests = opened.content.activity().parts.iter().filter(|part| matches!(part.body, PartBody::Test(_)));
    let tests = tests.filter(|part| {
        look_back(&opened.content, &opened.state, &part.id).is_some_and(|result| !result.items.is_empty())
    });
    html! {
        <section class="page__section">
            <h2>{ s.look_back }</h2>
            <ul>{ for tests.map(|part| html! {
                <li>
                    <a href={Route::LookBack(session, part.id.clone()).hash()}>{ (s.look_back_at)(&part.title) }</a>
                </li>
            }) }</ul>
            if let Some(comparison) = comparison(&opened.content, &opened.state) {
                { ComparisonPicture { comparison }.view() }
            }
        </section>
    }
}
