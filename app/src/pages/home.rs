//! Home: into the very question with one tap; credit so far. No request is made here.

use enduring_core::content::Manifest;
use enduring_core::measure::Timestamp;
use enduring_core::session::Mode;
use yew::prelude::*;

use super::whereabouts::came_to;
use crate::components::button::Button;
use crate::components::home::{ContinueList, Credits, OpenRecord, OpenSession};
use crate::components::notice::{Notice, Tone};
use crate::components::part::{Part, part};
use crate::components::shell_async::{Failed, waiting};
use crate::effect::Services;
use crate::hooks::{Load, Shown, use_effect_with, use_load, use_news, use_page, use_state, use_tasks};
use crate::intake::Standing as Became;
use crate::markup::html;
use crate::pack::payload_of;
use crate::platform::{clock, install, late, page};
use crate::records::{self, Record};
use crate::route::Route;
use crate::session::PINNED_MANIFEST;
use crate::store::StoreError;
use crate::store::journal::{Stage, latest_first};
use crate::strings::{Strings, strings};
use crate::words;

const DAY: i64 = 86_400_000;

/// Home.
#[derive(PartialEq)]
pub struct Home {
    /// What all pages share.
    pub services: Services,
}

struct Kept {
    sessions: Vec<OpenSession>,
    /// None where what reads records did not come.
    signed: Option<Signed>,
}

struct Signed {
    totals: Vec<(AttrValue, AttrValue)>,
    records: Vec<OpenRecord>,
}

part!(Home, use_home);

#[hook]
fn use_home(props: &Home) -> Html {
    let all = strings();
    let s = &all.frame.home;
    let again = use_state(|| 0u32);
    let news = use_news(&props.services);
    let kept = {
        let services = props.services.clone();
        use_load((*again, news), move |_| async move { kept(&services, all).await })
    };
    let shown = if matches!(kept, Load::Waiting) { Shown::Waiting } else { Shown::Ready };
    use_page(&Route::Home, s.title, shown);
    let again = again.setter();
    let onretry = Callback::from(move |()| again.next());
    html! {
        <div class="page home">
            <h1 tabindex="-1">{ s.title }</h1>
            { match &kept {
                Load::Waiting => waiting(s.waiting),
                Load::Failed(error) => {
                    Failed { onretry: Some(onretry), children: html! { { (all.frame.faults.store)(error) } } }.view()
                }
                Load::Ready(kept) => html! {
                    <>
                        { ContinueList { sessions: kept.sessions.clone() }.view() }
                        { match &kept.signed {
                            Some(Signed { totals, records }) => {
                                Credits { totals: totals.clone(), records: records.clone() }.view()
                            }
                            None => Failed {
                                onretry: Some(Callback::from(|()| page::reload())),
                                children: html! { { all.frame.shell.away } },
                            }
                            .view(),
                        } }
                        { Install.view() }
                    </>
                },
            } }
        </div>
    }
}

async fn kept(services: &Services, all: &'static Strings) -> Result<Kept, StoreError> {
    let mut open = services.journal.sessions().await?;
    let signed = open.iter().any(|(_, row)| row.stage == Stage::Finished);
    open.retain(|(_, row)| row.stage == Stage::Open);
    latest_first(&mut open);
    let (mut open, over): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|(_, row)| row.summary.minutes_left.0 > 0);
    open.extend(over);
    let sessions = open.into_iter().map(|(session, row)| OpenSession {
        session,
        title: row.summary.title.into(),
        step: row.summary.step.into(),
        minutes_left: row.summary.minutes_left.0,
        updated: words::date(all, row.summary.updated).into(),
    });
    // Nothing is signed before its session is finished, and what reads records comes later than this page.
    let signed = if !signed {
        Some(Signed { totals: Vec::new(), records: Vec::new() })
    } else if late::here().await.is_ok() {
        Some(signed_so_far(services, all).await?)
    } else {
        None
    };
    Ok(Kept { sessions: sessions.collect(), signed })
}

async fn signed_so_far(services: &Services, all: &'static Strings) -> Result<Signed, StoreError> {
    let records = records::all(&services.journal).await?;
    let totals = records::totals(&records);
    let mut open = Vec::new();
    for record in records.iter().filter(|record| record.standing.became() != Some(Became::Credited)) {
        open.push(open_record(services, all, record).await);
    }
    let totals = totals.into_iter().map(|(name, sum)| (name.into(), words::credit(sum).into()));
    Ok(Signed { totals: totals.collect(), records: open })
}

/// Where a record is that is not credited, and until when it can be, while that can still be missed.
async fn open_record(services: &Services, all: &'static Strings, record: &Record) -> OpenRecord {
    let s = &all.frame.home;
    let now = clock::now().at;
    let ago = |at: Timestamp| now.0.saturating_sub(at.0) / DAY;
    let mut standing = came_to(all, &record.standing).unwrap_or_else(|| match record.standing.exported {
        Some(at) => (s.standing_exported)(&words::date(all, at), ago(at)),
        None => {
            let at = record.facts.signed.at;
            (s.standing_unsent)(&words::date(all, at), ago(at))
        }
    });
    let counts = record.facts.mode != Mode::NotForCredit && record.standing.answer.is_none();
    if counts && let Some(day) = last_day(services, record).await {
        standing.push_str("; ");
        standing.push_str(&(all.intake.at_unsent)(&words::iso_date(all, &day)));
    }
    OpenRecord { session: record.session, title: record.title.clone().into(), standing: standing.into() }
}

/// The date of termination, from the manifest that is pinned to the session.
async fn last_day(services: &Services, record: &Record) -> Option<String> {
    let manifest = services.journal.pinned(record.session, PINNED_MANIFEST).await.ok()??;
    let manifest = Manifest::read(&payload_of(&manifest).ok()?).ok()?;
    Some(manifest.summary.termination)
}

/// A hint where the browser offers to install, and where iOS needs a word before.
#[derive(PartialEq)]
struct Install;

part!(Install, use_install);

#[hook]
fn use_install(_props: &Install) -> Html {
    let s = &strings().frame.home;
    let tasks = use_tasks();
    let offer = use_state(install::offer);
    {
        let offer = offer.setter();
        use_effect_with((), move |()| {
            let listener = install::on_offer(move || offer.set(install::offer()));
            move || drop(listener)
        });
    }
    let install = {
        let offer = offer.setter();
        Callback::from(move |()| {
            let offer = offer.clone();
            tasks.spawn(async move {
                install::accept().await;
                offer.set(install::offer());
            });
        })
    };
    match *offer {
        install::Offer::None => Html::default(),
        install::Offer::Prompt => Notice::new(
            Tone::Info,
            html! { <><p>{ s.install }</p>{ Button::new(s.install_now).on(install).view() }</> },
        )
        .titled(s.install_title)
        .view(),
        install::Offer::ByHand => {
            Notice::new(Tone::Info, html! { { s.install_ios } }).titled(s.install_title).view()
        }
    }
}
