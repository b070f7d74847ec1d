//! The verdict on a record: integrity, decision, and every check by name.

use enduring_core::record::{Check, Decision, Integrity, Outcome, Report};
use yew::prelude::*;

use super::definitions::definitions;
use super::icon::{Icon, glyph};
use super::notice::{Notice, Tone};
use crate::markup::html;
use crate::strings::strings;
use crate::words;

/// The verdict on the record from that place.
pub fn verdict(place: &str, report: &Report) -> Html {
    let all = strings();
    let s = &all.verify;
    let integrity = match report.integrity {
        Integrity::Invalid => s.invalid,
        Integrity::Valid => s.valid,
        Integrity::Trusted => s.trusted,
    };
    let (tone, decision) = match report.decision {
        Decision::Credit => (Tone::Good, s.credit),
        Decision::Review => (Tone::Caution, s.review),
        Decision::Reject => (Tone::Fault, s.reject),
    };
    let fact = |name, text: String| (AttrValue::Static(name), html! { { text } });
    let mut facts = vec![fact(s.integrity, integrity.to_owned()), fact(s.decision, decision.to_owned())];
    if let Some(payload) = &report.payload {
        let of = &payload.activity;
        let claims: Vec<String> =
            payload.claims.iter().map(|claim| format!("{} {}", claim.amount, claim.name)).collect();
        facts.push(fact(s.activity, format!("{} {}, {}", of.id, of.version, of.provider)));
        facts.push(fact(s.completed, words::local_date(all, &payload.completed)));
        facts.push(fact(s.claimed, claims.join(", ")));
        facts.push(fact(s.record, payload.id.to_string()));
    }
    let odd =
        report.checks.iter().filter(|check| matches!(check.outcome, Outcome::Failed | Outcome::Flagged));
    html! {
        <section class="page__section verdict">
            <h3 class="verdict__place">{ place }</h3>
            {
                Notice::new(tone, html! { <><p>{ integrity }</p><ul>{ for odd.map(check) }</ul></> })
                    .titled(decision)
                    .view()
            }
            { definitions(&facts) }
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
