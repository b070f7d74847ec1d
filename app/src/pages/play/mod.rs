//! The play page: the session at work, its frame and its scene.

mod banners;
mod bedside;
mod claim;
mod evaluation;
mod front;
mod media;
mod scene;

use std::rc::Rc;

use enduring_core::id::{PartId, SessionId};
use enduring_core::session::view::{StepKind, StepStatus};
use enduring_core::session::{Command, Phase};
use yew::prelude::*;

use super::look_back::FRONT_MATTER;
use super::notices::StepNotices;
use crate::components::button::Button;
use crate::components::case::Arrival;
use crate::components::media::with_media;
use crate::components::notice::{Notice, Tone};
use crate::components::part::{Part, part};
use crate::components::saving::Saving as Shown;
use crate::components::shell::Shell;
use crate::components::shell_async::{Failed, waiting};
use crate::components::shell_play::{PlayBar, StepLink};
use crate::effect::{Services, save_work};
use crate::hooks::{Shown as Standing, UseSession, use_effect_with, use_page, use_session, use_tasks};
use crate::markup::html;
use crate::platform::{page, root};
use crate::route::Route;
use crate::session::{Role, Said, Saving, Snapshot, Unusable};
use crate::store::StoreError;
use crate::strings::{Strings, strings};
use banners::Banners;
pub(super) use bedside::{AtBedside, Within};
pub(super) use media::use_pack_media;
use scene::Scenery;

/// The play page.
#[derive(PartialEq)]
pub struct Play {
    /// What all pages share.
    pub services: Services,
    /// Which session.
    pub session: SessionId,
}

part!(Play, use_play);

#[hook]
fn use_play(props: &Play) -> Html {
    let all = strings();
    let s = &all.frame.play_bar;
    let route = Route::Play(props.session);
    let session = use_session(&props.services, all, props.session);
    let title = match &session.shown {
        Some(Ok(snapshot)) => snapshot.content.activity().title.clone(),
        Some(Err(Unusable::Store(StoreError::Absent))) => s.gone_title.to_owned(),
        Some(Err(_)) => s.not_opened_title.to_owned(),
        None => s.waiting.to_owned(),
    };
    let standing = if session.shown.is_some() { Standing::Ready } else { Standing::Waiting };
    use_page(&route, &title, standing);
    let saved = match &session.shown {
        Some(Ok(snapshot)) => Some(snapshot.head.n),
        Some(Err(_)) | None => None,
    };
    use_effect_with(saved, |saved| root::mark("saved-n", saved.map(|n| n.to_string()).as_deref()));
    use_effect_with((), |()| || root::mark("saved-n", None));
    match &session.shown {
        None => {
            let children = html! { <div class="page">{ waiting(s.waiting) }</div> };
            Shell { route, children, warnings: Html::default(), onupdate: None }.view()
        }
        Some(Err(unusable)) => Shell { route, children: html! { <div class="page">
                    <h1 tabindex="-1">{ title }</h1>
                    {
                        Failed { children: html! { { words_of(all, unusable) } }, ..Failed::default() }
                            .view()
                    }
                    <p><a class="button button--primary" href={Route::Data.hash()}>{ all.frame.shell.data }</a></p>
                </div> }, warnings: Html::default(), onupdate: None }.view(),
        Some(Ok(snapshot)) => AtWork {
            services: props.services.clone(),
            snapshot: snapshot.clone(),
            session: Handle(session.clone()),
        }
        .view(),
    }
}

/// Why a session cannot be opened, in words.
fn words_of(all: &'static Strings, unusable: &Unusable) -> String {
    let faults = &all.frame.faults;
    match unusable {
        Unusable::Store(error) => (faults.store)(error),
        Unusable::Broken { n, why } => (faults.broken)(*n, &why.to_string()),
        Unusable::Pack { found } => (faults.pack)(found),
    }
}

/// Compared by the session that it leads to.
#[derive(Clone)]
pub(super) struct Handle(pub UseSession);

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        match (self.0.work(), other.0.work()) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

#[derive(PartialEq)]
struct AtWork {
    services: Services,
    snapshot: Snapshot,
    session: Handle,
}

part!(AtWork, use_at_work);

#[hook]
fn use_at_work(props: &AtWork) -> Html {
    let all = strings();
    let snapshot = &props.snapshot;
    let tasks = use_tasks();
    let media = use_pack_media(&props.services, &snapshot.content);
    // The scene that the page opened with is one that the learner comes back to.
    let first = use_mut_ref(|| snapshot.head.n);
    let arrival = if *first.borrow() == snapshot.head.n { Arrival::Resumed } else { Arrival::Onward };
    let completed = matches!(snapshot.state.phase, Phase::Completed(_));
    let session = snapshot.state.started.session;
    use_effect_with(completed, move |completed| {
        if *completed {
            page::go(&Route::Record(session).hash());
        }
    });
    let send = {
        let session = props.session.clone();
        Callback::from(move |command: Command| session.0.attempt(command, Vec::new()))
    };
    let retry = {
        let session = props.session.clone();
        Callback::from(move |()| session.0.retry())
    };
    let take_over = {
        let session = props.session.clone();
        Callback::from(move |()| session.0.take_over())
    };
    let save = Callback::from(move |()| {
        tasks.spawn(async move {
            // The file itself is the answer.
            let _ = save_work(Some(session)).await;
        });
    });
    let saving = shown(all, &snapshot.saving, || unsaved(all, retry, save));
    let reading = snapshot.role == Role::Reader && !completed;
    let scene = Scenery {
        services: props.services.clone(),
        snapshot: snapshot.clone(),
        session: props.session.clone(),
        send,
        saving: saving.clone(),
        arrival,
    }
    .view();
    let children = html! {
        if reading { { along(all, take_over) } }
        { said(all, snapshot) }
        if reading {
            <fieldset class="play__along" disabled=true>{ scene }</fieldset>
        } else {
            { scene }
        }
    };
    let bar = PlayBar {
        title: snapshot.content.activity().title.clone().into(),
        steps: steps(snapshot),
        minutes_left: snapshot.view.minutes_left.0,
        saving: saving.clone(),
        banners: html! {
            <>
                { Banners { snapshot: snapshot.clone() }.view() }
                {
                    StepNotices {
                        services: props.services.clone(),
                        activity: snapshot.content.activity().id.to_string(),
                        pack: snapshot.content.digest(),
                    }
                    .view()
                }
            </>
        },
        children,
    };
    with_media(media, bar.view())
}

fn along(all: &'static Strings, take_over: Callback<()>) -> Html {
    let s = &all.frame.play_bar;
    html! {
        <div class="play__said">
            { Notice::new(Tone::Info, html! { <><p>{ s.reading_along_text }</p>
                { Button::new(s.take_over).on(take_over).view() }</> }).titled(s.reading_along).view() }
        </div>
    }
}

fn unsaved(all: &'static Strings, retry: Callback<()>, save: Callback<()>) -> Html {
    let s = &all.frame.play_bar;
    html! {
        <div class="play__actions">
            { Button::new(s.retry).on(retry).view() }
            { Button::new(s.save_session).on(save).view() }
        </div>
    }
}

fn said(all: &'static Strings, snapshot: &Snapshot) -> Html {
    let s = &all.frame.play_bar;
    let words = match snapshot.said {
        None => return html! { <div role="status"></div> },
        Some(Said::MovedOn) => s.moved_on.to_owned(),
        Some(Said::Refused(refusal)) => (s.refused)(refusal),
    };
    html! {
        <div class="play__said" role="status">{ Notice::new(Tone::Caution, html! { { words } }).view() }</div>
    }
}

/// Where the latest step stands, for those who show it.
fn shown(all: &'static Strings, saving: &Saving, actions: impl FnOnce() -> Html) -> Shown {
    let faults = &all.frame.faults;
    let words = match saving {
        Saving::Saved => return Shown::Saved,
        Saving::Saving => return Shown::Saving,
        Saving::Failed(error) => (faults.storing)(error),
        Saving::Unsigned(unsigned) => (faults.unsigned)(&unsigned.to_string()),
    };
    Shown::Failed { words: words.into(), actions: actions() }
}

/// The steps; the front matter and finished tests, cases and patients can be looked at again.
fn steps(snapshot: &Snapshot) -> Vec<StepLink> {
    let session = snapshot.state.started.session;
    let link = |step: &enduring_core::session::view::RailStep| {
        let part = match step.kind {
            StepKind::FrontMatter => PartId::new(FRONT_MATTER).ok(),
            StepKind::Test | StepKind::Case | StepKind::Patient => step.part.clone(),
            StepKind::Reading | StepKind::Evaluation | StepKind::Claim => None,
        };
        let part = part.filter(|_| step.status == StepStatus::Done);
        StepLink { step: step.clone(), back: part.map(|part| Route::LookBack(session, part)) }
    };
    snapshot.view.rail.iter().map(link).collect()
}
