//! The verdict on a record: whose and what it is, integrity, decision, and every check by name.

use enduring_core::record::{Check, Decision, Integrity, Outcome, Report};
use yew::prelude::*;

use super::definitions::definitions;
use super::icon::{Icon, glyph};
use super::notice::{Notice, Tone};
use crate::markup::html;
use crate::strings::strings;
use crate::words;

/// The verdict on the record from that place, headed by what the record says of itself, where it can be read.
pub fn verdict(place: &str, name: &str, report: &Report) -> Html {
    let all = strings();
    let s = &all.verify;
    let integrity = match report.integrity {
        Integrity::Invalid => s.invalid,
        // Nobody is enrolled here: no record is more than valid.
        Integrity::Valid | Integrity::Trusted => s.valid,
    };
    let (tone, decision) = match report.decision {
        // Not the green of credit: that is the provider's, who knows whose the key is.
        Decision::Credit => (Tone::Info, s.credit),
        Decision::Review => (Tone::Caution, s.review),
        Decision::Reject => (Tone::Fault, s.reject),
    };
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
                Notice::new(tone, html! { <><p>{ decision }</p><ul>{ for odd.map(check) }</ul></> })
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
