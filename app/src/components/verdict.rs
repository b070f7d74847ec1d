//! The verdict on a record: whose and what it is, integrity, decision, and every check by name.

use enduring_core::record::{Check, Code, Decision, Integrity, Outcome, Report};
use yew::prelude::*;

use super::definitions::definitions;
use super::icon::{Icon, glyph};
use super::notice::{Notice, Tone};
use crate::markup::html;
use crate::route::Route;
use crate::strings::{VerifyStrings, strings};
use crate::words;

/// The verdict on the record from that place, headed by what the record says of itself, where it can be read.
pub fn verdict(place: &str, name: &str, report: &Report) -> Html {
    let all = strings();
    let s = &all.verify;
    let (tone, integrity, decision) = said(report, s);
    let waits = report.waits_for_pack();
    let fact = |name, text: String| (AttrValue::Static(name), html! { { text } });
    let mut facts = Vec::new();
    if let Some(payload) = &report.payload {
        let of = &payload.activity;
        facts.push(fact(s.activity, format!("{} {}, {}", of.id, of.version, of.provider)));
        facts.push(fact(s.completed, words::local_date(all, &payload.completed)));
        facts.push(fact(s.record, payload.id.to_string()));
    }
    let odd =
        report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed | Outcome::Flagged));
    html! {
        <section class="page__section verdict__record">
            <h3>{ if name.is_empty() { place } else { name } }</h3>
            if !name.is_empty() { <p class="verdict__place">{ place }</p> }
            {
                Notice::new(tone, html! { <><p>{ decision }</p><ul>{ for odd.map(check) }</ul>
                if waits { <p><a href={Route::Library.hash()}>{ all.frame.home.to_library }</a></p> }</> })
                .titled(integrity)
                .view()
            }
            if !facts.is_empty() { { definitions(&facts) } }
            <details class="verdict__checks">
                <summary>{ (s.checks)(report.checks.len()) }</summary>
                <ul>{ for report.checks.iter().map(check) }</ul>
            </details>
        </section>
    }
}

/// Tone, integrity and decision. Without its pack a record is neither sound nor wrong, and what is no record was
/// never signed; core calls both invalid.
fn said(report: &Report, s: &VerifyStrings) -> (Tone, &'static str, &'static str) {
    let shape = |check: &Check| {
        check.outcome == Outcome::Failed && matches!(check.code, Code::BundleSize | Code::BundleShape)
    };
    if report.waits_for_pack() {
        return (Tone::Caution, s.waits, s.waits_text);
    }
    if report.checks.iter().any(shape) {
        return (Tone::Fault, s.no_record, s.no_record_text);
    }
    let integrity = match report.integrity {
        Integrity::Invalid => s.invalid,
        // Nobody is enrolled here: no record is more than valid.
        Integrity::Valid | Integrity::Trusted => s.valid,
    };
    match report.decision {
        // Not the green of credit: that is the provider's, who knows whose the key is.
        Decision::Credit => (Tone::Info, integrity, s.credit),
        Decision::Review => (Tone::Caution, integrity, s.review),
        Decision::Reject => (Tone::Fault, integrity, s.reject),
    }
}

fn check(check: &Check) -> Html {
    let s = &strings().verify;
    let (icon, word) = match check.outcome {
        Outcome::Passed => (Icon::Check, s.passed),
        Outcome::Failed => (Icon::Cross, s.failed),
        Outcome::Flagged => (Icon::Warning, s.flagged),
        Outcome::Skipped => (Icon::Half, s.skipped),
    };
    html! {
        <li class="verdict__check">
            { glyph(icon) }
            <span>
                <strong>{ word }</strong>{ ": " }{ check.code.words() }{ " " }
                <code>{ check.code.code() }</code>
                if !check.detail.is_empty() { <span class="verdict__detail">{ &check.detail }</span> }
            </span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use enduring_core::measure::Timestamp;
    use enduring_core::record::{
        Enrolment, Evidence, Handling, PackTrust, SignatureCheck, VerifyPolicy, judge, open,
    };

    use super::*;
    use crate::strings::EN;

    #[test]
    fn a_record_without_its_pack_is_neither_intact_nor_changed() {
        let text = include_str!("../../../tests/vectors/valid/two-credits/record.enduring-record.json");
        let opened = open(text).expect("a record");
        let mut evidence = Evidence {
            signature: SignatureCheck::Good,
            content: None,
            pack: PackTrust::Stranger,
            enrolment: Enrolment::Unknown,
            now: Timestamp(0),
            received: None,
            rehearsals: Handling::Review,
        };
        let words =
            |evidence: &Evidence<'_>| said(&judge(&opened, evidence, &VerifyPolicy::default()), &EN.verify);
        assert_eq!(words(&evidence), (Tone::Caution, EN.verify.waits, EN.verify.waits_text));
        evidence.signature = SignatureCheck::Bad;
        assert_eq!(words(&evidence), (Tone::Fault, EN.verify.invalid, EN.verify.reject));
    }

    #[test]
    fn what_is_no_record_is_not_called_changed() {
        let report = open("PNG").expect_err("no record");
        assert_eq!(said(&report, &EN.verify).1, EN.verify.no_record);
    }
}
