//! Home: continue, and the credit so far.

use enduring_core::id::SessionId;
use yew::prelude::*;

use super::notice::{Notice, Tone};
use crate::markup::html;
use crate::route::Route;
use crate::strings::strings;

/// A session that can be gone on with.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenSession {
    /// Which.
    pub session: SessionId,
    /// The activity's title.
    pub title: AttrValue,
    /// Where the learner is.
    pub step: AttrValue,
    /// About how long the rest takes; nothing where there is no way on.
    pub minutes_left: u32,
    /// When it was last worked on, in words.
    pub updated: AttrValue,
}

/// Continue: one tap into the very question.
pub struct ContinueList {
    /// The latest first, those without a way on last.
    pub sessions: Vec<OpenSession>,
}

impl ContinueList {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.home;
        let latest = self.sessions.first().filter(|latest| latest.minutes_left > 0);
        let others = self.sessions.iter().skip(usize::from(latest.is_some()));
        let other = |open: &OpenSession| {
            html! {
                <li>
                    <a class="home__other" href={Route::Play(open.session).hash()}>
                        <span>{ &open.title }</span>
                        <span class="home__note">{ (s.at)(&open.step, open.minutes_left) }</span>
                    </a>
                </li>
            }
        };
        html! {
            <section class="page__section">
                <h2>{ s.proceed }</h2>
                if let Some(latest) = latest {
                    <div class="home__card">
                        <h3>{ &latest.title }</h3>
                        <p>{ (s.at)(&latest.step, latest.minutes_left) }</p>
                        <p class="home__note">{ (s.worked_on)(&latest.updated) }</p>
                        <a class="button button--primary" href={Route::Play(latest.session).hash()}
                            aria-label={(s.proceed_with)(&latest.title)}>{ s.proceed }</a>
                    </div>
                } else {
                    <p>{ s.nothing_open }</p>
                    <p><a class="button button--primary" href={Route::Library.hash()}>{ s.to_library }</a></p>
                }
                if others.len() > 0 {
                    <ul class="home__others">{ for others.map(other) }</ul>
                }
            </section>
        }
    }
}

/// A record that its provider has not confirmed.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenRecord {
    /// Its session.
    pub session: SessionId,
    /// The activity's title.
    pub title: AttrValue,
    /// Where it is, and since when.
    pub standing: AttrValue,
}

/// The credit so far.
pub struct Credits {
    /// Kind of credit and amount claimed.
    pub totals: Vec<(AttrValue, AttrValue)>,
    /// Those not yet credited.
    pub records: Vec<OpenRecord>,
}

impl Credits {
    /// As elements.
    pub fn view(&self) -> Html {
        let s = &strings().frame.home;
        let total = |(name, amount): &(AttrValue, AttrValue)| {
            html! { <li class="home__total"><span class="figures">{ amount }</span><span>{ name }</span></li> }
        };
        let record = |record: &OpenRecord| {
            html! {
                <li>
                    <a class="home__other" href={Route::Record(record.session).hash()}>
                        <span>{ &record.title }</span><span class="home__note">{ &record.standing }</span>
                    </a>
                </li>
            }
        };
        html! {
            <section class="page__section">
                <h2>{ s.credits }</h2>
                if self.records.is_empty() && self.totals.is_empty() {
                    <p>{ s.no_credits }</p>
                } else {
                    if self.totals.is_empty() {
                        <p>{ s.participation_only }</p>
                    } else {
                        <p>{ s.claimed }</p>
                        <ul class="home__totals">{ for self.totals.iter().map(total) }</ul>
                    }
                    if !self.records.is_empty() {
                        { Notice::new(Tone::Info, html! { <ul class="home__others">{ for self.records.iter().map(record) }</ul> }).titled((s.not_credited)(self.records.len())).view() }
                    }
                    <p><a href={Route::Transcript.hash()}>{ s.to_transcript }</a></p>
                }
            </section>
        }
    }
}
