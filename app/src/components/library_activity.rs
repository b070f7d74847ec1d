//! The activity page: what it is, for whom, how long, what it is worth, whether it is here, and one button.

use enduring_core::content::Summary;
use yew::prelude::*;

use super::button::{Button, Readiness, Weight};
use super::definitions::Definitions;
use super::notice::{Notice, Tone};
use super::progress::Progress;
use crate::strings::use_strings;
use crate::words;

/// How far a download is.
#[derive(Clone, Debug, PartialEq)]
pub struct Loading {
    /// In words: "412 kB of 3 MB".
    pub words: AttrValue,
    /// Thousandths.
    pub done: u32,
}

/// Props of [`ActivityPage`].
#[derive(Properties, PartialEq)]
pub struct ActivityPageProps {
    /// What the pack says.
    pub summary: Summary,
    /// Offline state with size, in words.
    pub presence: AttrValue,
    /// Why it gives no credit, if so.
    #[prop_or_default]
    pub no_credit: Option<AttrValue>,
    /// What went wrong, what is safe, what to do.
    #[prop_or_default]
    pub fault: Option<AttrValue>,
    /// A download that runs.
    #[prop_or_default]
    pub loading: Option<Loading>,
    /// The one thing to do.
    pub action: AttrValue,
    /// Whether it can be done now.
    #[prop_or_default]
    pub readiness: Readiness,
    /// Does it.
    pub onact: Callback<()>,
    /// Ends the download.
    pub oncancel: Callback<()>,
    /// Other things to do, in the text's place.
    #[prop_or_default]
    pub others: Html,
}

/// The activity page.
#[component]
pub fn ActivityPage(props: &ActivityPageProps) -> Html {
    let all = use_strings();
    let s = &all.frame.library;
    let summary = &props.summary;
    let accredited = summary.credits.iter().map(|credit| {
        html! { <li>{ (s.granted)(credit.maximum, &credit.name, &credit.accreditor) }</li> }
    });
    let facts: Vec<(AttrValue, Html)> = vec![
        (s.audience.into(), html! { { &summary.audience } }),
        (s.time.into(), html! { { (s.minutes)(summary.minutes.0) } }),
        (s.credit.into(), html! { <ul class="library__credits">{ for accredited }</ul> }),
        (s.until.into(), html! { { words::iso_date(all, &summary.termination) } }),
        (s.provider.into(), html! { { &summary.provider } }),
        (s.offline.into(), html! { { &props.presence } }),
    ];
    html! {
        <div class="page activity" lang={summary.language.clone()}>
            <header class="page__head">
                <h1 tabindex="-1">{ &summary.title }</h1>
                <p class="page__lead">{ &summary.summary }</p>
            </header>
            if let Some(sample) = &summary.sample {
                <Notice tone={Tone::Caution} title={sample.clone()}>{ s.sample }</Notice>
            }
            if let Some(reason) = &props.no_credit {
                <Notice tone={Tone::Caution} title={s.no_credit}>{ reason }</Notice>
            }
            if let Some(fault) = &props.fault {
                <Notice tone={Tone::Fault}>{ fault }</Notice>
            }
            <div class="page__actions">
                if let Some(loading) = &props.loading {
                    <Progress label={loading.words.clone()} done={loading.done} of={1_000} />
                    <Button label={s.cancel} onclick={props.oncancel.clone()} />
                } else {
                    <Button label={props.action.clone()} weight={Weight::Primary} readiness={props.readiness}
                        onclick={props.onact.clone()} />
                    { props.others.clone() }
                }
            </div>
            <Definitions entries={facts} />
            <section class="page__section">
                <h2>{ s.objectives }</h2>
                <ul>{ for summary.objectives.iter().map(|text| html! { <li>{ text }</li> }) }</ul>
            </section>
        </div>
    }
}
