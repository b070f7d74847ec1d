//! What happens next with a record: send it, wait, read what became of it.

use enduring_core::measure::Timestamp;
use enduring_core::record::Receipt;
use yew::prelude::*;

use crate::components::button::{Button, Weight};
use crate::components::icon::Icon;
use crate::components::notice::{Notice, Tone};
use crate::intake::{Answer, Enrolment, Reason, Sending, Standing, Trouble, host};
use crate::markup::html;
use crate::platform::watch::{Network, network};
use crate::records;
use crate::strings::{Strings, strings};
use crate::words;

/// What can be done with a record.
#[derive(Clone, PartialEq)]
pub enum Act {
    /// Send it to this address, with the enrolment or plain.
    Send(String, Enrolment),
    /// Save it to a file.
    Save,
    /// Open the share sheet.
    Share,
    /// Save its certificate.
    Certificate(&'static str),
    /// Ask its provider to have a person look again.
    Appeal,
    /// Load a receipt from a file.
    Receipt,
    /// Save the receipt.
    Keep,
}

/// What happens next.
pub struct Next<'a> {
    /// Where the record is.
    pub standing: &'a records::Standing,
    /// Its receipt.
    pub receipt: Option<&'a Receipt>,
    /// The addresses that take records; none where this one cannot be sent.
    pub intakes: &'a [String],
    /// The page's own host.
    pub here: &'a str,
    /// The provider by name.
    pub provider: &'a str,
    /// How to reach the provider; empty where that is not known here any more.
    pub contact: &'a str,
    /// The last day on which it counts, in words; empty likewise.
    pub by: &'a str,
    /// The name on the enrolment that goes with it.
    pub enrolled: Option<&'a str>,
    /// Whether there is a share sheet for files.
    pub shareable: bool,
    /// Does it.
    pub act: Callback<Act>,
}

impl Next<'_> {
    /// As elements.
    pub fn view(&self) -> Html {
        let all = strings();
        let s = &all.intake;
        let done = &all.frame.done;
        let (said, first) = match (&self.standing.answer, &self.standing.sending) {
            (Some(answer), _) => (self.answered(all, answer), self.certificates(answer)),
            (None, Some(sending)) => self.on_its_way(all, sending),
            (None, None) if self.intakes.is_empty() => {
                let text = (done.next_text)(self.provider, self.contact, self.by);
                (html! { <p>{ text }</p> }, Vec::new())
            }
            (None, None) => self.to_send(),
        };
        let save = Button::new(done.save).icon(Icon::Down).weight(if first.is_empty() {
            Weight::Primary
        } else {
            Weight::Secondary
        });
        // Where the provider has a server, its receipts come from there.
        let open = self.intakes.is_empty()
            && !matches!(self.standing.became(), Some(Standing::Credited | Standing::Reversed));
        html! {
            <>
                { said }
                <div class="page__actions">
                    { for first.into_iter().map(Button::view) }
                    { save.on(self.does(Act::Save)).view() }
                    if self.shareable { { Button::new(done.share).on(self.does(Act::Share)).view() } }
                </div>
                if let Some(at) = self.standing.exported {
                    <p class="done__note">{ done.exported }{ ": " }{ date(all, at) }</p>
                }
                if open {
                    <p class="done__note">{ s.receipt_text }</p>
                    <div class="page__actions">
                        { Button::new(s.load_receipt).quiet().on(self.does(Act::Receipt)).view() }
                    </div>
                }
            </>
        }
    }

    fn does(&self, act: Act) -> Callback<()> {
        self.act.reform(move |()| act.clone())
    }

    fn send(&self, label: String, to: &str, enrolment: Enrolment) -> Button {
        Button::new(label).on(self.does(Act::Send(to.to_owned(), enrolment)))
    }

    fn to_send(&self) -> (Html, Vec<Button>) {
        let s = &strings().intake;
        let texts = self.intakes.iter().map(|to| html! { <p>{ (s.send_text)(self.provider, host(to)) }</p> });
        let said = html! {
            <>
                { for texts }
                <p>{ (s.send_by)(self.by) }</p>
                if let Some(name) = self.enrolled { <p>{ (s.enrolled_as)(name) }</p> }
            </>
        };
        let mut buttons = Vec::new();
        for to in self.intakes {
            let elsewhere = Some(host(to)).filter(|host| *host != self.here);
            let button = self.send((s.send_to)(self.provider, elsewhere), to, Enrolment::Along);
            buttons.push(if buttons.is_empty() { button.primary() } else { button });
        }
        (said, buttons)
    }

    fn on_its_way(&self, all: &'static Strings, sending: &Sending) -> (Html, Vec<Button>) {
        let s = &all.intake;
        let there = host(&sending.to);
        let since = (s.on_its_way)(there, &date(all, sending.asked));
        if !self.intakes.contains(&sending.to) {
            let (to_send, buttons) = self.to_send();
            let moved = Notice::new(Tone::Caution, html! { { (s.moved)(there) } }).view();
            return (html! { <>{ moved }{ to_send }</> }, buttons);
        }
        let why = match sending.trouble {
            None => String::new(),
            Some(Trouble::NoAnswer) => (s.no_answer)(there),
            Some(Trouble::NoOutcome) => (s.no_outcome)(there),
            Some(Trouble::Busy) => (s.busy)(there),
            Some(Trouble::Receipt) => (s.bad_receipt)(there),
            Some(Trouble::Refused) => (s.refused)(there, &sending.told),
            Some(Trouble::Ticket) => (s.ticket_refused)(there, &sending.told),
        };
        let (tone, title) = match sending.trouble {
            None | Some(Trouble::NoAnswer) if network() == Network::Offline => (Tone::Caution, s.offline),
            None => (Tone::Info, s.sending),
            Some(_) => (Tone::Caution, s.not_sent),
        };
        let said = html! {
            <>
                if !why.is_empty() { <p>{ &why }</p> }
                <p>{ since }</p>
                if !sending.is_stopped() { <p>{ s.goes_by_itself }</p> }
                <p>{ (s.send_by)(self.by) }</p>
            </>
        };
        let label = if sending.is_stopped() { s.again } else { s.now };
        let mut buttons = Vec::new();
        if sending.trouble == Some(Trouble::Ticket) {
            buttons.push(self.send(s.plain.to_owned(), &sending.to, Enrolment::Left).primary());
        }
        if sending.trouble.is_some() {
            buttons.push(self.send(label.to_owned(), &sending.to, sending.enrolment()));
        }
        (Notice::new(tone, said).titled(title).view(), buttons)
    }

    fn answered(&self, all: &'static Strings, answer: &Answer) -> Html {
        let s = &all.intake;
        let why =
            |reason: &Reason| (s.reason)(&reason.code).map_or_else(|| reason.words.clone(), str::to_owned);
        let reasons = html! {
            if !answer.reasons.is_empty() {
                <ul>{ for answer.reasons.iter().map(|reason| html! { <li>{ why(reason) }</li> }) }</ul>
            }
        };
        let who = match self.contact {
            "" => self.provider.to_owned(),
            contact => format!("{} ({contact})", self.provider),
        };
        let (tone, title, text) = match answer.standing {
            Standing::Credited => return self.credited(all),
            Standing::Review => (Tone::Info, s.review, (s.review_text)(&date(all, answer.received))),
            Standing::Rejected => (Tone::Caution, s.rejected, (s.rejected_text)(&who)),
            Standing::Reversed => (Tone::Caution, s.reversed, (s.reversed_text)(&who)),
        };
        Notice::new(tone, html! { <>{ reasons }<p>{ text }</p></> }).titled(title).view()
    }

    fn credited(&self, all: &'static Strings) -> Html {
        let s = &all.intake;
        let Some(receipt) = self.receipt else { return Html::default() };
        let credit = |earned: &enduring_core::record::CreditEarned| {
            html! { <li>{ (s.credit)(earned.amount, &earned.name, &earned.accreditor) }</li> }
        };
        let credits = html! {
            <>
                if receipt.credits.is_empty() {
                    <p>{ s.participation }</p>
                } else {
                    <ul>{ for receipt.credits.iter().map(credit) }</ul>
                }
                <p>{ (s.decided)(&date(all, receipt.decided)) }</p>
                if !receipt.credits.is_empty() { <p>{ (s.after_credit)(self.provider) }</p> }
            </>
        };
        let title = if receipt.credits.is_empty() { s.title_participation } else { s.credited };
        Notice::new(Tone::Good, credits).titled(title).view()
    }

    fn certificates(&self, answer: &Answer) -> Vec<Button> {
        use crate::intake::courier::{BADGE, PDF};
        let s = &strings().intake;
        let open = |sending: &Sending| self.intakes.contains(&sending.to);
        match answer.standing {
            Standing::Rejected | Standing::Reversed if self.standing.sending.as_ref().is_some_and(open) => {
                return vec![Button::new(s.appeal).on(self.does(Act::Appeal))];
            }
            Standing::Credited if answer.certificate => {}
            Standing::Credited => {
                return vec![Button::new(s.save_receipt).primary().icon(Icon::Down).on(self.does(Act::Keep))];
            }
            _ => return Vec::new(),
        }
        let button = |label: &'static str, name| Button::new(label).on(self.does(Act::Certificate(name)));
        vec![button(s.certificate, PDF).primary().icon(Icon::Down), button(s.badge, BADGE)]
    }
}

fn date(all: &'static Strings, at: Timestamp) -> String {
    words::date(all, at)
}
