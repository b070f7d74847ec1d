//! What is said on every step: a sample, not for credit, the last days.

use enduring_core::session::Mode;
use yew::prelude::*;

use crate::components::shell_banner::banner;
use crate::markup::html;
use crate::platform::clock;
use crate::session::Snapshot;
use crate::strings::strings;
use crate::words;

/// The date of termination is said on every step in the last seven days.
const LAST_DAYS: i64 = 7 * 86_400_000;

/// The banners.
pub struct Banners {
    /// The session.
    pub snapshot: Snapshot,
}

impl Banners {
    /// As elements.
    pub fn view(&self) -> Html {
        let all = strings();
        let s = &all.frame.play_bar;
        let front = &self.snapshot.content.activity().front;
        let mode = self.snapshot.state.started.mode;
        let date = || words::iso_date(all, &front.dates.termination);
        let met = self.snapshot.state.requirements_met();
        let left = front.dates.closes.0.saturating_sub(clock::now().at.0);
        let last = match (mode, met, left) {
            // Nothing can end that is not for credit, or complete already.
            (Mode::NotForCredit, ..) | (_, Some(_), _) => None,
            (_, None, ..=0) => Some((s.ended)(&date())),
            (_, None, ..=LAST_DAYS) => Some((s.last_day)(&date())),
            (_, None, _) => None,
        };
        html! {
            <>
                if let Some(sample) = &front.sample { { banner(html! { { sample } }) } }
                if mode == Mode::NotForCredit { { banner(html! { { s.not_for_credit } }) } }
                if let Some(last) = last { { banner(html! { { last } }) } }
            </>
        }
    }
}
