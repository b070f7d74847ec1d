//! A finished part once more: the items of a test with what the policy reveals by now,
//! the debrief of a case or a patient, or the front matter.

use std::rc::Rc;

use enduring_core::id::{PartId, SessionId};
use enduring_core::session::view::{LookedBack, look_back};
use enduring_core::session::{Phase, replay};
use yew::prelude::*;

use super::play::{AtBedside, Within, use_pack_media};
use crate::components::case::{Arrival, CaseScene};
use crate::components::front::FrontMatterText;
use crate::components::media::with_media;
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::components::shell_async::{Failed, empty, waiting};
use crate::components::test::Review;
use crate::effect::{Services, content_of};
use crate::hooks::{Load, Shown, use_load, use_page, use_state};
use crate::markup::html;
use crate::route::Route;
use crate::strings::{Strings, strings};

/// Stands in the address where the front matter is read again. A part of this name comes before it.
pub(super) const FRONT_MATTER: &str = "front-matter";

/// A test, a case, a patient or the front matter once more.
#[derive(PartialEq)]
pub struct LookBack {
    /// What all pages share.
    pub services: Services,
    /// The session.
    pub session: SessionId,
    /// The part.
    pub part: PartId,
}

struct Opened {
    within: Within,
    /// Nothing: the front matter.
    once_more: Option<LookedBack>,
}

impl Opened {
    fn title(&self) -> &str {
        match &self.once_more {
            Some(LookedBack::Test(result)) => &result.title,
            Some(LookedBack::Case(case)) => &case.title,
            Some(LookedBack::Patient(patient)) => &patient.title,
            None => strings().frame.front.title,
        }
    }
}

part!(LookBack, use_look_back);

#[hook]
fn use_look_back(props: &LookBack) -> Html {
    let all = strings();
    let s = &all.frame.play_bar;
    let again = use_state(|| 0u32);
    let (services, session, part) = (props.services.clone(), props.session, props.part.clone());
    let opened = use_load(*again, move |_| async move { open(&services, session, &part, all).await });
    let title = match &opened {
        Load::Ready(opened) => opened.title().to_owned(),
        Load::Waiting | Load::Failed(_) => s.look_back.to_owned(),
    };
    let shown = if matches!(opened, Load::Waiting) { Shown::Waiting } else { Shown::Ready };
    use_page(&Route::LookBack(session, props.part.clone()), &title, shown);
    let again = again.setter();
    let onretry = Callback::from(move |()| again.next());
    match opened {
        Load::Waiting => html! { <div class="page">{ waiting(s.waiting) }</div> },
        Load::Failed(error) => html! {
            <div class="page"><h1 tabindex="-1">{ s.look_back }</h1>{ Failed { onretry: Some(onretry), children: html! { { &*error } } }.view() }</div>
        },
        Load::Ready(opened) => {
            Seen { services: props.services.clone(), session, opened: Seeing(opened) }.view()
        }
    }
}

/// Compared by pointer.
#[derive(Clone)]
struct Seeing(Rc<Opened>);

impl PartialEq for Seeing {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(PartialEq)]
struct Seen {
    services: Services,
    session: SessionId,
    opened: Seeing,
}

part!(Seen, use_seen);

#[hook]
fn use_seen(props: &Seen) -> Html {
    let s = &strings().frame.play_bar;
    let Opened { within, once_more } = &*props.opened.0;
    let media = use_pack_media(&props.services, &within.content);
    let (route, words) = if matches!(within.state.phase, Phase::Completed(_)) {
        (Route::Record(props.session), s.to_record)
    } else {
        (Route::Play(props.session), s.to_session)
    };
    let back = html! { <p><a href={route.hash()}>{ words }</a></p> };
    let (send, saving, arrival) = (Callback::noop(), Saving::Saved, Arrival::Past);
    let under = |scene: Html| html! { <><div class="play__said">{ back.clone() }</div>{ scene }</> };
    let titled = |shown: Html| {
        html! {
            <div class="page">
                <header class="page__head">
                    <p class="page__over">{ s.look_back }</p>
                    <h1 tabindex="-1">{ props.opened.0.title() }</h1>
                    { back.clone() }
                </header>
                { shown }
            </div>
        }
    };
    let page = match once_more {
        Some(LookedBack::Test(result)) if result.items.is_empty() => {
            titled(empty(html! { <p>{ s.look_back_later }</p> }))
        }
        Some(LookedBack::Test(result)) => titled(Review { items: result.items.clone() }.view()),
        None => {
            let activity = within.content.activity().clone();
            let language = activity.language.clone();
            titled(html! { <div lang={language}>{ FrontMatterText { activity }.view() }</div> })
        }
        Some(LookedBack::Case(case)) => under(CaseScene { case: case.clone(), send, saving, arrival }.view()),
        Some(LookedBack::Patient(patient)) => under(
            AtBedside { session: within.clone(), patient: patient.clone(), send, saving, arrival }.view(),
        ),
    };
    with_media(media, page)
}

async fn open(
    services: &Services,
    session: SessionId,
    part: &PartId,
    all: &'static Strings,
) -> Result<Opened, String> {
    let faults = &all.frame.faults;
    let content = content_of(services, session).await;
    let content = content.map_err(|error| (faults.pack)(&error.to_string()))?;
    let log = services.journal.log(session).await.map_err(|error| (faults.store)(&error))?;
    let replayed = replay(&content, &log.lines.join("\n"));
    if let Some((n, why)) = &replayed.broken {
        return Err((faults.broken)(*n, &why.to_string()));
    }
    let gone = || all.frame.play_bar.gone.to_owned();
    let state = replayed.state.ok_or_else(gone)?;
    let once_more = look_back(&content, &state, part);
    if once_more.is_none() && part.as_str() != FRONT_MATTER {
        return Err(gone());
    }
    Ok(Opened { within: Within { content, state: Rc::new(state) }, once_more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_matter_has_an_address() {
        let part = PartId::new(FRONT_MATTER).expect("an id");
        let route = Route::LookBack(SessionId([7; 16]), part);
        assert_eq!(Route::parse(&route.hash()), route);
    }
}
