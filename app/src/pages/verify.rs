//! Checking records in the browser: without a server, without signing in, with the verdicts of the command line.

use std::cell::RefCell;
use std::rc::Rc;

use enduring_core::content::Content;
use enduring_core::id::Digest;
use enduring_core::record::{
    BUNDLE_MAX, Check, Code, Decision, Enrolment, Evidence, Handling, Integrity, LearnerSheet, Outcome,
    PackTrust, Report, SignatureCheck, VerifyPolicy, judge, open,
};
use yew::prelude::*;

use super::library::trust;
use crate::components::button::{Button, Readiness};
use crate::components::notice::{Notice, Tone};
use crate::components::part::part;
use crate::components::shell_async::empty;
use crate::components::verdict::verdict;
use crate::effect::Services;
use crate::hooks::{Shown, use_effect_with, use_page, use_state, use_tasks};
use crate::markup::html;
use crate::pack::load::{content_of_file, kept_content, look_at_file};
use crate::pack::{Deployment, Signer, look_at};
use crate::platform::files::{self, Picked};
use crate::platform::{clock, keys};
use crate::route::Route;
use crate::strings::strings;

/// Largest file with a record on each line.
const LINES_MAX: u64 = 64 * 1024 * 1024;
/// What can be picked.
const ACCEPT: &str = ".json,.jsonl,.ndjson,.enduring";

/// The page that checks records.
#[derive(PartialEq)]
pub struct Verify {
    /// What all pages share.
    pub services: Services,
}

/// A pack that came with the records.
type Pack = (Content, PackTrust);
/// A record's text, if it is one, and where it came from.
type Source = (Rc<str>, Result<Rc<str>, Code>);

/// What was read so far. Nothing of it is stored.
#[derive(Default)]
struct Read {
    packs: Vec<Pack>,
    records: Vec<Source>,
}

/// What is shown.
#[derive(Default)]
struct Results {
    packs: usize,
    /// Where a record came from, what it says of itself, and the verdict.
    verdicts: Vec<(Rc<str>, String, Report)>,
    /// Files that are no packs, and why.
    refused: Vec<(String, String)>,
}

part!(Verify, use_verify);

#[hook]
fn use_verify(props: &Verify) -> Html {
    let all = strings();
    let s = &all.verify;
    let tasks = use_tasks();
    let results = use_state(|| None::<Rc<Results>>);
    let busy = use_state(|| false);
    let read = use_mut_ref(Read::default);
    use_page(&Route::Verify, s.title, Shown::Ready);
    let take = {
        let (services, tasks) = (props.services.clone(), tasks.clone());
        let (busy, results) = (busy.setter(), results.setter());
        Callback::from(move |files: Vec<Picked>| {
            if files.is_empty() {
                return;
            }
            let (services, read) = (services.clone(), Rc::clone(&read));
            let (busy, results) = (busy.clone(), results.clone());
            busy.set(true);
            tasks.spawn(async move {
                let found = check(&services, &read, files).await;
                results.set(Some(Rc::new(found)));
                busy.set(false);
            });
        })
    };
    {
        let take = take.clone();
        use_effect_with((), move |()| {
            let dropped = files::on_drop(move |files| take.emit(files));
            move || drop(dropped)
        });
    }
    let choose = Callback::from(move |()| {
        let take = take.clone();
        tasks.spawn(async move { take.emit(files::pick_all(ACCEPT).await) });
    });
    let found = match results.as_deref() {
        None => empty(html! { <p>{ s.empty }</p> }),
        Some(results) => told(results),
    };
    html! {
        <div class="page">
            <header class="page__head">
                <h1 tabindex="-1">{ s.title }</h1>
                <p class="page__lead">{ s.lead }</p>
            </header>
            <div class="page__actions">
                {
                    Button::new(if *busy { s.checking } else { s.choose })
                        .primary()
                        .readiness(if *busy { Readiness::Busy } else { Readiness::Ready })
                        .on(choose)
                        .view()
                }
            </div>
            <p>{ s.drop }</p>
            <div role="status">{ found }</div>
            <p>{ s.policy }</p>
        </div>
    }
}

fn told(results: &Results) -> Html {
    let s = &strings().verify;
    let refused = results.refused.iter().map(|(name, why)| html! { <p>{ (s.pack_refused)(name, why) }</p> });
    html! {
        <>
            if !results.refused.is_empty() {
                { Notice::new(Tone::Fault, html! { { for refused } }).view() }
            }
            if results.packs > 0 { <p>{ (s.packs)(results.packs) }</p> }
            if !results.verdicts.is_empty() {
                <h2>{ (s.results)(results.verdicts.len()) }</h2>
                { for results.verdicts.iter().map(|(place, name, report)| verdict(place, name, report)) }
            }
        </>
    }
}

/// Reads files and judges the latest records with every pack so far: a pack may come after its records.
async fn check(services: &Services, read: &RefCell<Read>, files: Vec<Picked>) -> Results {
    let known = trust(services).await;
    let mut results = Results::default();
    let mut records = Vec::new();
    for file in &files {
        let name = file.name();
        if name.ends_with(".enduring") {
            match pack(file, known.as_ref()).await {
                Ok(pack) => read.borrow_mut().packs.push(pack),
                Err(why) => results.refused.push((name, why)),
            }
        } else if name.ends_with(".jsonl") || name.ends_with(".ndjson") {
            let text = file.text(LINES_MAX).await.unwrap_or_default();
            let (lines, before) = (text.split('\n').enumerate(), records.len());
            let lines = lines.filter(|(_, line)| !line.trim().is_empty());
            records.extend(lines.map(|(n, line)| (format!("{name}:{}", n + 1).into(), Ok(line.into()))));
            if records.len() == before {
                records.push((name.into(), Err(Code::BundleShape)));
            }
        } else {
            let text = match file.size() {
                size if size > BUNDLE_MAX as u64 => Err(Code::BundleSize),
                size => file.text(size).await.map(Rc::from).ok_or(Code::BundleShape),
            };
            records.push((name.into(), text));
        }
    }
    let (records, packs) = {
        let mut read = read.borrow_mut();
        if !records.is_empty() {
            read.records = records;
        }
        (read.records.clone(), read.packs.clone())
    };
    results.packs = packs.len();
    for (place, text) in records {
        let (name, report) = match text {
            Ok(text) => judged(services, known.as_ref(), &packs, &text).await,
            Err(code) => (String::new(), refused(code)),
        };
        results.verdicts.push((place, name, report));
    }
    results
}

async fn pack(file: &Picked, known: Option<&Deployment>) -> Result<Pack, String> {
    let said = |error| (strings().frame.library.refused)(&error);
    let offer = look_at_file(file, known).await.map_err(said)?;
    let content = content_of_file(file, &offer).await.map_err(said)?;
    Ok((content, trusted(offer.signer)))
}

fn trusted(signer: Signer) -> PackTrust {
    match signer {
        Signer::Trusted => PackTrust::Trusted,
        Signer::Stranger(_) => PackTrust::Stranger,
    }
}

/// A verdict on what core never sees.
fn refused(code: Code) -> Report {
    Report {
        id: None,
        kid: None,
        integrity: Integrity::Invalid,
        decision: Decision::Reject,
        checks: vec![Check { code, outcome: Outcome::Failed, detail: String::new() }],
        payload: None,
        recomputed: None,
    }
}

/// The verdict of core with what is at hand, as `enduring verify` has it without options, and what the record
/// says of itself.
async fn judged(
    services: &Services,
    known: Option<&Deployment>,
    packs: &[Pack],
    text: &str,
) -> (String, Report) {
    let opened = match open(text) {
        Ok(opened) => opened,
        Err(report) => return (String::new(), *report),
    };
    let compact = &opened.compact;
    let signed = keys::verify(&opened.key, &compact.signature, compact.signing_input.as_bytes()).await;
    let mut pack = None;
    if let (Ok(true), Some(digest)) = (&signed, opened.pack()) {
        pack = at_hand(services, known, packs, digest).await;
    }
    let evidence = Evidence {
        signature: if signed == Ok(true) { SignatureCheck::Good } else { SignatureCheck::Bad },
        content: pack.as_ref().map(|(content, _)| content),
        pack: pack.as_ref().map_or(PackTrust::Stranger, |(_, trust)| *trust),
        enrolment: Enrolment::Unknown,
        now: clock::now().at,
        received: None,
        rehearsals: Handling::Review,
    };
    let report = judge(&opened, &evidence, &VerifyPolicy::default());
    (named(opened.bundle.learner.as_deref(), evidence.content, &report), report)
}

/// Learner, activity and credit, as far as the record has them.
fn named(learner: Option<&str>, content: Option<&Content>, report: &Report) -> String {
    let sheet = learner.and_then(|sheet| enduring_core::json::read::<LearnerSheet>(sheet).ok());
    let mut parts: Vec<String> = Vec::new();
    parts.extend(sheet.map(|sheet| format!("{} {}", sheet.first_name, sheet.last_name)));
    if let Some(payload) = &report.payload {
        parts.push(
            content.map_or_else(|| payload.activity.id.to_string(), |known| known.activity().title.clone()),
        );
        parts.extend(payload.claims.iter().map(|claim| format!("{} {}", claim.amount, claim.name)));
    }
    parts.join(" · ")
}

/// The pack of that digest: one that came along, the trusted ones first, else the one on this device.
async fn at_hand(
    services: &Services,
    known: Option<&Deployment>,
    packs: &[Pack],
    digest: Digest,
) -> Option<Pack> {
    let copy = |only: Option<PackTrust>| {
        packs.iter().find(|(content, trust)| content.digest() == digest && only.is_none_or(|of| of == *trust))
    };
    if let Some(pack) = copy(Some(PackTrust::Trusted)).or_else(|| copy(None)) {
        return Some(pack.clone());
    }
    let (content, manifest) = kept_content(&*services.cache().ok()?, digest).await?;
    let signer = look_at(manifest, known).await.ok()?.signer;
    Some((content, trusted(signer)))
}

#[cfg(test)]
mod tests {
    use enduring_core::measure::Timestamp;

    use super::*;

    #[test]
    fn a_record_is_headed_by_what_it_says_of_itself() {
        let text = include_str!("../../../tests/vectors/valid/two-credits/record.enduring-record.json");
        let opened = open(text).expect("a record");
        let evidence = Evidence {
            signature: SignatureCheck::Good,
            content: None,
            pack: PackTrust::Stranger,
            enrolment: Enrolment::Unknown,
            now: Timestamp(0),
            received: None,
            rehearsals: Handling::Review,
        };
        let report = judge(&opened, &evidence, &VerifyPolicy::default());
        assert_eq!(
            named(opened.bundle.learner.as_deref(), None, &report),
            "Hazel Fictional-000001 · vectors · 0.25 practice points · 0.50 maintenance points"
        );
        assert_eq!(named(None, None, &refused(Code::BundleSize)), "");
    }
}
