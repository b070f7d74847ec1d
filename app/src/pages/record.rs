//! A signed record: what it says, where it is, what next, and a look back.

use std::rc::Rc;

use enduring_core::content::{Content, Part, PartBody};
use enduring_core::id::SessionId;
use enduring_core::measure::Timestamp;
use enduring_core::record::{Assurance, Bundle, LearnerSheet, Receipt};
use enduring_core::session::view::{LookedBack, comparison, look_back};
use enduring_core::session::{Mode, State, replay};
use yew::prelude::*;

use super::record_next::{Act, Next};
use super::whereabouts::not_taken;
use crate::components::done::{Done, NEXT};
use crate::components::done_chain::Link;
use crate::components::notice::{Notice, Tone};
use crate::components::part::part;
use crate::components::shell_async::{Failed, waiting};
use crate::components::test::{ComparisonPicture, scored};
use crate::effect::{Services, content_of};
use crate::hooks::{Load, Shown, use_effect_with, use_load, use_news, use_page, use_state, use_tasks};
use crate::intake::signed::kept_receipt;
use crate::intake::{Standing as Became, courier, host, tickets};
use crate::markup::html;
use crate::platform::files::{self, Picked};
use crate::platform::{clock, net, page, share};
use crate::records::{self, Facts, Standing};
use crate::route::Route;
use crate::store::journal::Summary;
use crate::strings::{Strings, strings};
use crate::words;

/// Largest receipt in bytes.
pub(super) const RECEIPT_MAX: u64 = 64 * 1024;

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
    title: String,
    text: String,
    facts: Facts,
    learner: Option<LearnerSheet>,
    standing: Standing,
    receipt: Option<Receipt>,
    /// None once the pinned files went with a receipt and the pack is not on this device.
    replayed: Option<(Content, State)>,
    intakes: Vec<String>,
    enrolled: Option<String>,
}

part!(Record, use_record);

#[hook]
fn use_record(props: &Record) -> Html {
    let all = strings();
    let s = &all.frame.done;
    let again = use_state(|| 0u32);
    let said = use_state(|| None::<String>);
    let tasks = use_tasks();
    let news = use_news(&props.services);
    let (services, session) = (props.services.clone(), props.session);
    let opened = use_load((*again, news), move |_| async move { open(&services, session, all).await });
    let title = match &opened {
        Load::Ready(opened) => heading(all, opened),
        Load::Waiting => s.title,
        Load::Failed(_) => s.title_not_opened,
    };
    let shown = if matches!(opened, Load::Waiting) { Shown::Waiting } else { Shown::Ready };
    use_page(&Route::Record(session), title, shown);
    let again = again.setter();
    let reload = Callback::from(move |()| again.next());
    {
        let (services, tasks, said) = (props.services.clone(), tasks.clone(), said.setter());
        use_effect_with((), move |()| {
            let dropped = files::on_drop(move |dropped| {
                let (services, said) = (services.clone(), said.clone());
                tasks.spawn(async move {
                    for file in dropped {
                        said.set(receipt_of(&services, session, &file).await);
                    }
                });
            });
            move || drop(dropped)
        });
    }
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
    let act = {
        let (opened, tasks, said) = (Rc::clone(&opened), tasks.clone(), said.setter());
        let services = props.services.clone();
        Callback::from(move |act: Act| {
            let (opened, reload, services) = (Rc::clone(&opened), reload.clone(), services.clone());
            let said = said.clone();
            tasks.spawn(async move {
                said.set(done(&services, &opened, session, act).await);
                reload.emit(());
            });
        })
    };
    let front = opened.replayed.as_ref().map(|(content, _)| &content.activity().front);
    let name = name_of(&opened, session);
    let by = front.map(|front| words::iso_date(all, &front.dates.termination)).unwrap_or_default();
    let next = Next {
        standing: &opened.standing,
        receipt: opened.receipt.as_ref(),
        intakes: &opened.intakes,
        here: &net::resolve("./").map(|here| host(&here).to_owned()).unwrap_or_default(),
        provider: &opened.facts.activity.provider,
        contact: front.map_or("", |front| front.provider.contact.as_str()),
        by: &by,
        enrolled: opened.enrolled.as_deref(),
        shareable: share::can_share(&outgoing(&name, &opened.text)),
        act,
    };
    Done {
        title: opened.title.clone().into(),
        heading: title.into(),
        lead: lead(all, &opened).into(),
        next: html! {
            <>
                <div role="status">
                    if let Some(said) = &*said { { Notice::new(Tone::Caution, html! { { said } }).view() } }
                </div>
                { next.view() }
            </>
        },
        facts: facts(all, session, &opened),
        chain: chain(all, &opened),
        children: html! { { back(all, session, &opened) } },
    }
    .view()
}

/// What the record is by now.
fn heading(all: &'static Strings, opened: &Opened) -> &'static str {
    let (s, i) = (&all.frame.done, &all.intake);
    match opened.standing.became() {
        Some(Became::Credited) if opened.facts.claims.is_empty() => i.title_participation,
        Some(Became::Credited) => i.title_credited,
        Some(Became::Review) => i.title_review,
        Some(Became::Rejected) => i.title_rejected,
        Some(Became::Reversed) => i.title_reversed,
        None if opened.facts.mode == Mode::NotForCredit => s.title_not_for_credit,
        None => s.title,
    }
}

fn lead(all: &'static Strings, opened: &Opened) -> String {
    let (s, i) = (&all.frame.done, &all.intake);
    let lead = match opened.standing.became() {
        Some(Became::Credited) => i.lead_credited,
        Some(Became::Review) => i.lead_review,
        Some(Became::Rejected) => i.lead_rejected,
        Some(Became::Reversed) => i.lead_reversed,
        None => s.lead,
    };
    lead(&opened.facts.activity.provider)
}

/// Does it, and gives what is to be said of it, if anything.
async fn done(services: &Services, opened: &Opened, session: SessionId, act: Act) -> Option<String> {
    let all = strings();
    match act {
        Act::Send(to, enrolment) => {
            let sent = courier::send(services, session, to, enrolment).await;
            // The button goes; what came of it is read from here.
            page::focus_id(NEXT);
            sent.err().map(|error| (all.frame.faults.store)(&error))
        }
        Act::Save | Act::Share => {
            let way = if act == Act::Save { Way::File } else { Way::Share };
            if send_out(opened, session, way).await {
                // Where the date cannot be kept, the chain shows it as not exported, which is the safe side.
                let _ = records::exported(&services.journal, session, clock::now().at).await;
            }
            None
        }
        Act::Certificate(name) => {
            let Some(bytes) = courier::certificate(services, session, name).await else {
                return Some(all.intake.no_certificate.to_owned());
            };
            let media_type = if name == courier::PDF { "application/pdf" } else { "application/vc+jwt" };
            let saved = share::save(&share::Outgoing { name, media_type, bytes: &bytes });
            saved.is_none().then(|| all.frame.shell.not_saved_file.to_owned())
        }
        Act::Keep => {
            let receipt = opened.standing.answer.as_ref()?.receipt.as_deref()?;
            let name = name_of(opened, session).replace("record.json", "receipt.jws");
            let saved = share::save(&share::Outgoing {
                name: &name,
                media_type: "application/jose",
                bytes: receipt.as_bytes(),
            });
            saved.is_none().then(|| all.frame.shell.not_saved_file.to_owned())
        }
        Act::Appeal => {
            let host = host(&opened.standing.sending.as_ref()?.to).to_owned();
            match courier::appeal(services, session).await {
                Ok(true) => None,
                Ok(false) => Some((all.intake.not_appealed)(&host)),
                Err(error) => Some((all.frame.faults.store)(&error)),
            }
        }
        Act::Receipt => {
            let picked = files::pick(".jws").await?;
            receipt_of(services, session, &picked).await
        }
    }
}

/// Takes a receipt from a file; goes to its record where it is of another one than that which is shown.
async fn receipt_of(services: &Services, shown: SessionId, file: &Picked) -> Option<String> {
    let text = file.text(RECEIPT_MAX).await.unwrap_or_default();
    match courier::take_receipt(services, &text).await {
        Ok(session) => {
            if session != shown {
                page::go(&Route::Record(session).hash());
            }
            None
        }
        Err(error) => Some(not_taken(&error)),
    }
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
    format!("{}-{short}.enduring-record.json", opened.facts.activity.id)
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
    let mut facts = records::facts(&bundle).ok_or_else(unreadable)?;
    let standing = records::standing(&services.journal, session).await.map_err(store)?;
    let receipt = standing.answer.as_ref().and_then(|answer| kept_receipt(answer.receipt.as_deref()?));
    let replayed = match content_of(services, session).await {
        Ok(content) => {
            let replayed = replay(&content, &bundle.log);
            if let Some((n, why)) = &replayed.broken {
                return Err((faults.broken)(*n, &why.to_string()));
            }
            Some((content, replayed.state.ok_or_else(unreadable)?))
        }
        // With a receipt the record counts without the pack.
        Err(_) if receipt.is_some() => None,
        Err(error) => return Err((faults.pack)(&error.to_string())),
    };
    let learner = bundle.learner.as_deref().and_then(|sheet| enduring_core::json::read(sheet).ok());
    let Summary { title, sample, .. } = services.journal.session(session).await.map_err(store)?.summary;
    facts.mark(sample.as_deref());
    let intakes = match facts.mode {
        Mode::NotForCredit => Vec::new(),
        _ => courier::intakes(services).await,
    };
    let held = tickets::tickets(&services.journal).await.map_err(store)?;
    let enrolled = tickets::ticket_for(&held, &facts.activity.provider, &facts.activity.id);
    let enrolled = enrolled.map(|(_, ticket)| ticket.name.clone());
    Ok(Opened { title, text, facts, learner, standing, receipt, replayed, intakes, enrolled })
}

fn chain(all: &'static Strings, opened: &Opened) -> Vec<Link> {
    let s = &all.frame.done;
    let standing = &opened.standing;
    let link = |name, at: Option<Timestamp>| Link {
        name: AttrValue::Static(name),
        reached: at.map(|at| AttrValue::from(words::date(all, at))),
        pending: s.not_yet,
    };
    let credited = opened.receipt.as_ref().filter(|_| standing.became() == Some(Became::Credited));
    let mut links = vec![link(s.on_device, Some(opened.facts.signed.at))];
    // What goes to a provider without a server is given to it, not sent.
    if standing.sending.is_some() || (standing.answer.is_none() && !opened.intakes.is_empty()) {
        links.push(link(all.intake.sent, standing.sent()));
    }
    links.push(link(s.received, standing.answer.as_ref().map(|answer| answer.received)));
    links.push(link(s.credited, credited.map(|receipt| receipt.decided)));
    // No provider tells this device when it reports.
    let pending = if credited.is_some() { all.intake.not_told } else { s.not_yet };
    links.push(Link { pending, ..link(s.reported, None) });
    links
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
        (AttrValue::Static(s.activity), text(opened.title.clone())),
        (AttrValue::Static(s.completed), text(words::local_date(all, &facts.completed))),
        (AttrValue::Static(s.active), text((s.minutes)(words::minutes(facts.active)))),
        (AttrValue::Static(s.claimed), text(claimed)),
    ];
    let tests = opened.replayed.iter().flat_map(|(content, state)| {
        let tests = enduring_core::score::report(content, state).tests;
        tests.into_iter().map(move |test| (content, test))
    });
    for (content, test) in tests {
        let (Some((_, part)), Some(last)) = (content.part(&test.part), test.attempts.last()) else {
            continue;
        };
        let threshold = match &part.body {
            PartBody::Test(test) => test.policy.threshold,
            PartBody::Reading(_) | PartBody::Case(_) | PartBody::Evaluation(_) | PartBody::Patient(_) => None,
        };
        let score = scored(last, &test.attempts, threshold);
        rows.push((part.title.clone().into(), text((s.test)(&score, test.attempts.len()))));
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

/// Before and after by objective, the tests with their answers, the cases and the patients.
fn back(all: &'static Strings, session: SessionId, opened: &Opened) -> Html {
    let s = &all.frame.done;
    let Some((content, state)) = &opened.replayed else { return Html::default() };
    let told = |part: &Part| match look_back(content, state, &part.id)? {
        LookedBack::Test(result) => (!result.items.is_empty()).then(|| (s.look_back_at)(&part.title)),
        LookedBack::Case(_) | LookedBack::Patient(_) => Some((s.look_back_on)(&part.title)),
    };
    let parts = content.activity().parts.iter().filter_map(|part| Some((&part.id, told(part)?)));
    html! {
        <section class="page__section">
            <h2>{ s.look_back }</h2>
            <ul>{ for parts.map(|(part, told)| html! {
                <li>
                    <a href={Route::LookBack(session, part.clone()).hash()}>{ told }</a>
                </li>
            }) }</ul>
            if let Some(comparison) = comparison(content, state) {
                { ComparisonPicture { comparison }.view() }
            }
        </section>
    }
}
