//! What the one button of an activity does: downloads what is missing, and begins. It comes later (`late.txt`).

use std::rc::Rc;

use yew::prelude::*;

use super::Known;
use crate::effect::{Services, begin_session};
use crate::hooks::Setter;
use crate::pack::load::fetch;
use crate::pack::{Offer, PackError, PackFault};
use crate::pages::library::trust;
use crate::platform::page;
use crate::route::Route;
use crate::session::Later;
use crate::strings::Strings;

/// What the one button leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The session begins.
    Begin,
    /// Nothing more: it was fetched for later.
    Stay,
}

/// What a download and a beginning work with.
pub struct Work {
    pub services: Services,
    pub words: &'static Strings,
    pub known: Rc<Known>,
    pub busy: Setter<bool>,
    pub loading: Setter<Option<(u64, u64)>>,
    pub fault: Setter<Option<AttrValue>>,
    pub reload: Callback<()>,
}

/// Downloads, begins, and shows what became of it.
#[inline(never)]
pub fn run(work: Work, after: After) -> Later<'static, ()> {
    Box::pin(async move {
        let s = &work.words.frame.library;
        let offer = match whole(&work, after).await {
            Ok(offer) => offer,
            Err(error) => {
                work.loading.set(None);
                work.busy.set(false);
                work.fault.set(Some((s.refused)(&error).into()));
                work.reload.emit(());
                return;
            }
        };
        work.loading.set(None);
        match after {
            After::Stay => work.reload.emit(()),
            After::Begin => match begin_session(&work.services, work.words, &offer).await {
                // The button stays as it is: the page goes.
                Ok(session) => return page::go(&Route::Play(session).hash()),
                Err(error) => work.fault.set(Some((s.not_begun)(&error.to_string()).into())),
            },
        }
        work.busy.set(false);
    })
}

/// The pack, fetched as far as it is not here.
async fn whole(work: &Work, after: After) -> Result<Offer, PackError> {
    let one = &work.known.one;
    let provider = &one.summary.provider;
    match (&one.here, &one.listed) {
        (Some(offer), _) if one.is_whole() => Ok(offer.clone()),
        (_, Some(listed)) => {
            let cache = work.services.cache().map_err(|error| PackFault::from(error).of(provider))?;
            let unknown = || PackFault::Network { found: "no deployment.json".to_owned() }.of(provider);
            let deployment = trust(&work.services).await.ok_or_else(unknown)?;
            let loading = work.loading.clone();
            let progress = move |here, whole| loading.set(Some((here, whole)));
            let (offer, opened) = fetch(&cache, listed, &deployment, progress).await?;
            if after == After::Begin {
                work.services.opened.replace(opened);
            }
            Ok(offer)
        }
        (Some(_), None) | (None, None) => Err(PackFault::File.of(provider)),
    }
}
