//! An enrolment that came as a link: checked without a network, and used only when the learner says so.

use enduring_core::record::Ticket;
use yew::prelude::*;

use super::library::trust;
use super::whereabouts::not_signed;
use crate::components::button::Button;
use crate::components::definitions::definitions;
use crate::components::notice::{Notice, Tone};
use crate::components::part::part;
use crate::components::shell_async::waiting;
use crate::effect::Services;
use crate::hooks::{Load, Shown, use_load, use_page, use_state, use_tasks};
use crate::intake::{NotSigned, signed, tickets};
use crate::markup::html;
use crate::platform::clock;
use crate::route::Route;
use crate::strings::strings;
use crate::words;

/// An enrolment by link.
#[derive(PartialEq)]
pub struct Enrol {
    /// What all pages share.
    pub services: Services,
    /// The ticket as it came.
    pub ticket: String,
}

/// A ticket that was checked.
struct Checked {
    ticket: Ticket,
    /// Whether it is on this device.
    held: bool,
}

part!(Enrol, use_enrol);

#[hook]
fn use_enrol(props: &Enrol) -> Html {
    let all = strings();
    let s = &all.intake;
    let again = use_state(|| 0u32);
    let fault = use_state(|| None::<String>);
    let tasks = use_tasks();
    let checked = {
        let (services, text) = (props.services.clone(), props.ticket.clone());
        use_load(*again, move |_| async move { check(&services, &text).await })
    };
    let shown = if matches!(checked, Load::Waiting) { Shown::Waiting } else { Shown::Ready };
    let title = if matches!(checked, Load::Failed(_)) { s.enrol_refused } else { s.enrol };
    use_page(&Route::Enrol(props.ticket.clone()), title, shown);
    let body = match &checked {
        Load::Waiting => waiting(s.enrol_waiting),
        Load::Failed(why) => html! {
            <>
                { Notice::new(Tone::Fault, html! { { why.as_str() } }).view() }
                { onward("button button--primary", all.frame.home.to_library) }
            </>
        },
        Load::Ready(checked) => {
            let onuse = {
                let (services, text, again) = (props.services.clone(), props.ticket.clone(), again.setter());
                let (ticket, fault) = (checked.ticket.clone(), fault.setter());
                Callback::from(move |()| {
                    let (services, text, again) = (services.clone(), text.clone(), again.clone());
                    let (ticket, fault) = (ticket.clone(), fault.clone());
                    tasks.spawn(async move {
                        let kept = tickets::keep_ticket(&services.journal, &text, &ticket).await;
                        fault.set(kept.err().map(|error| (all.frame.faults.store)(&error)));
                        again.next();
                    });
                })
            };
            offered(checked, onuse)
        }
    };
    html! {
        <div class="page">
            <header class="page__head"><h1 tabindex="-1">{ title }</h1></header>
            if let Some(fault) = &*fault { { Notice::new(Tone::Fault, html! { { fault } }).view() } }
            { body }
        </div>
    }
}

fn offered(checked: &Checked, onuse: Callback<()>) -> Html {
    let all = strings();
    let s = &all.intake;
    let ticket = &checked.ticket;
    let activity = match &ticket.activity {
        Some(activity) => activity.to_string(),
        None => (s.all_activities)(&ticket.provider),
    };
    let fact = |name, text: String| (AttrValue::Static(name), html! { { text } });
    let facts = [
        fact(s.provider, ticket.provider.clone()),
        fact(s.name, ticket.name.clone()),
        fact(s.activity, activity),
        fact(s.expires, words::date(all, ticket.expires)),
    ];
    html! {
        <>
            <p>{ s.enrol_lead }</p>
            { definitions(&facts) }
            if checked.held {
                { Notice::new(Tone::Good, html! { <><p>{ (s.enrolled)(&ticket.provider) }</p>
                    <p>{ onward("", all.frame.home.to_library) }</p></> }).view() }
            } else {
                <div class="page__actions">
                    { Button::new((s.use_enrolment)(&ticket.provider)).primary().on(onuse).view() }
                    { onward("button", s.not_now) }
                </div>
            }
        </>
    }
}

/// The way to the library.
fn onward(class: &'static str, words: &'static str) -> Html {
    html! { <a {class} href={Route::Library.hash()}>{ words }</a> }
}

/// The ticket, if it can be used; else why not.
async fn check(services: &Services, text: &str) -> Result<Checked, String> {
    let all = strings();
    let said = |why: NotSigned| match why {
        NotSigned::Stranger(_) => (all.intake.enrol_bad)(&not_signed(&why)),
        NotSigned::Shape | NotSigned::Signature | NotSigned::OtherRecord => {
            all.intake.enrol_damaged.to_owned()
        }
    };
    let known = trust(services).await.ok_or_else(|| said(NotSigned::Stranger(String::new())))?;
    let ticket = signed::ticket(text, &known).await.map_err(said)?;
    let held = tickets::tickets(&services.journal).await.map_err(|error| (all.frame.faults.store)(&error))?;
    let held = held.iter().any(|(_, other)| other.id == ticket.id);
    if !held && ticket.expires <= clock::now().at {
        return Err((all.intake.enrol_expired)(&words::date(all, ticket.expires), &ticket.provider));
    }
    Ok(Checked { ticket, held })
}
