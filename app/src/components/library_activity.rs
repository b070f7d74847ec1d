//! The activity page: what it is, for whom, how long, what it is worth, whether it is here, and one button.

use enduring_core::content::Summary;
use yew::prelude::*;

use super::button::{Button, Readiness};
use super::definitions::definitions;
use super::notice::{Notice, Tone};
use super::progress::Progress;
use crate::markup::html;
use crate::strings::strings;
use crate::words;

/// How far a download is.
#[derive(Clone, Debug, PartialEq)]
pub struct Loading {
    /// In words: "412 kB of 3 MB".
    pub words: AttrValue,
    /// Thousandths.
    pub done: u32,
}

/// The activity page.
pub struct ActivityPage {
    /// What the pack says.
    pub summary: Summary,
    /// Offline state with size, in words.
    pub presence: AttrValue,
    /// Why it gives no credit, if so.
    pub no_credit: Option<AttrValue>,
    /// What the provider has to tell.
    pub notices: Html,
    /// What went wrong, what is safe, what to do.
    pub fault: Option<AttrValue>,
    /// A download that runs.
    pub loading: Option<Loading>,
    /// The one thing to do.
    pub action: AttrValue,
    /// Whether it can be done now.
    pub readiness: Readiness,
    /// Does it.
    pub onact: Callback<()>,
    /// Ends the download.
    pub oncancel: Callback<()>,
    /// Other things to do, in the text's place.
    pub others: Html,
}

impl ActivityPage {
    /// As elements.
    pub fn view(&self) -> Html {
        let all = strings();
        let s = &all.frame.library;
        let summary = &self.summary;
        let accredited = summary.credits.iter().map(|credit| {
            html! { <li>{ (s.granted)(credit.maximum, &credit.name, &credit.accreditor) }</li> }
        });
        let mut facts: Vec<(AttrValue, Html)> = vec![
            (AttrValue::Static(s.audience), html! { { &summary.audience } }),
            (AttrValue::Static(s.time), html! { { (s.minutes)(summary.minutes.0) } }),
            (AttrValue::Static(s.credit), html! { <ul class="library__credits">{ for accredited }</ul> }),
            (AttrValue::Static(s.until), html! { { words::iso_date(all, &summary.termination) } }),
            (AttrValue::Static(s.provider), html! { { &summary.provider } }),
            (AttrValue::Static(s.offline), html! { { &self.presence } }),
        ];
        if self.no_credit.is_some() {
            // Nothing is promised beside the reason why nothing is earned.
            facts.drain(2..4);
        }
        html! {
            <div class="page activity" lang={summary.language.clone()}>
                <header class="page__head">
                    <h1 tabindex="-1">{ &summary.title }</h1>
                    <p class="page__lead">{ &summary.summary }</p>
                </header>
                if let Some(sample) = &summary.sample {
                    { Notice::new(Tone::Caution, html! { { s.sample } }).titled(sample.clone()).view() }
                }
                { self.notices.clone() }
                if let Some(reason) = &self.no_credit {
                    { Notice::new(Tone::Caution, html! { { reason } }).titled(s.no_credit).view() }
                }
                if let Some(fault) = &self.fault {
                    { Notice::new(Tone::Fault, html! { { fault } }).view() }
                }
                <div class="page__actions">
                    if let Some(loading) = &self.loading {
                        {
                            Progress {
                                label: loading.words.clone(),
                                done: loading.done,
                                of: 1_000,
                                ..Progress::default()
                            }
                            .view()
                        }
                        { Button::new(s.cancel).on(self.oncancel.clone()).view() }
                    } else if self.readiness != Readiness::Off {
                        {
                            Button::new(self.action.clone())
                                .primary()
                                .readiness(self.readiness)
                                .on(self.onact.clone())
                                .view()
                        }
                        { self.others.clone() }
                    }
                </div>
                { definitions(&facts) }
                <section class="page__section">
                    <h2>{ s.objectives }</h2>
                    <ul>{ for summary.objectives.iter().map(|text| html! { <li>{ text }</li> }) }</ul>
                </section>
            </div>
        }
    }
}
