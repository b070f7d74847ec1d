//! The transcript.

use std::rc::Rc;

use enduring_core::order::sort_by;
use enduring_core::session::Mode;
use yew::prelude::*;

use super::record::RECEIPT_MAX;
use super::whereabouts::{not_taken, whereabouts};
use crate::components::button::Button;
use crate::components::field::Select;
use crate::components::notice::{Notice, Tone};
use crate::components::part::part;
use crate::components::shell_async::{Failed, empty, waiting};
use crate::components::transcript::{Completed, Ledger};
use crate::effect::Services;
use crate::hooks::{Load, Shown, State, use_effect_with, use_load, use_news, use_page, use_state, use_tasks};
use crate::intake::courier::take_receipt;
use crate::markup::html;
use crate::platform::files::{self, Picked};
use crate::platform::{page, root, share};
use crate::records::{self, Record, completion_day};
use crate::route::Route;
use crate::strings::{Strings, strings};
use crate::words;

/// The transcript.
#[derive(PartialEq)]
pub struct Transcript {
    /// What all pages share.
    pub services: Services,
}

part!(Transcript, use_transcript);

#[hook]
fn use_transcript(props: &Transcript) -> Html {
    let all = strings();
    let s = &all.frame.transcript;
    let again = use_state(|| 0u32);
    let year = use_state(String::new);
    let said = use_state(|| None::<String>);
    let tasks = use_tasks();
    let news = use_news(&props.services);
    {
        let (services, tasks, said) = (props.services.clone(), tasks.clone(), said.setter());
        use_effect_with((), move |()| {
            let dropped = files::on_drop(move |dropped| {
                let (services, said) = (services.clone(), said.clone());
                tasks.spawn(async move {
                    for file in dropped {
                        said.set(taken(&services, &file).await);
                    }
                });
            });
            move || drop(dropped)
        });
    }
    let receipt = {
        let (services, said) = (props.services.clone(), said.setter());
        Callback::from(move |()| {
            let (services, said) = (services.clone(), said.clone());
            tasks.spawn(async move {
                if let Some(file) = files::pick(".jws").await {
                    said.set(taken(&services, &file).await);
                }
            });
        })
    };
    let loaded = {
        let journal = props.services.journal.clone();
        use_load((*again, news), move |_| async move { records::all(&journal).await })
    };
    let shown = if matches!(loaded, Load::Waiting) { Shown::Waiting } else { Shown::Ready };
    use_page(&Route::Transcript, s.title, shown);
    let again = again.setter();
    let onretry = Callback::from(move |()| again.next());
    let body = match &loaded {
        Load::Waiting => waiting(s.waiting),
        Load::Failed(error) => {
            Failed { onretry: Some(onretry), children: html! { { (all.frame.faults.store)(error) } } }.view()
        }
        Load::Ready(records) if records.is_empty() => empty(html! { <p>{ s.empty }</p> }),
        Load::Ready(records) => ready(all, records, &year),
    };
    html! {
        <div class="page transcript">
            <header class="page__head">
                <h1 tabindex="-1">{ s.title }</h1>
                <p class="page__lead">{ s.lead }</p>
            </header>
            <div role="status">
                if let Some(said) = &*said { { Notice::new(Tone::Caution, html! { { said } }).view() } }
            </div>
            { body }
            <section class="page__section transcript__tools">
                <p>{ all.intake.receipt_text }</p>
                <div class="page__actions">{ Button::new(all.intake.load_receipt).on(receipt).view() }</div>
                <p>{ all.verify.link_text }</p>
                <p><a href={Route::Verify.hash()}>{ all.verify.link }</a></p>
            </section>
        </div>
    }
}

/// Takes a receipt from a file and goes to its record; or what is to be said.
async fn taken(services: &Services, file: &Picked) -> Option<String> {
    let text = file.text(RECEIPT_MAX).await.unwrap_or_default();
    match take_receipt(services, &text).await {
        Ok(session) => {
            page::go(&Route::Record(session).hash());
            None
        }
        Err(error) => Some(not_taken(&error)),
    }
}

fn ready(all: &'static Strings, records: &Rc<Vec<Record>>, year: &State<String>) -> Html {
    let s = &all.frame.transcript;
    let year_of = |record: &Record| words::year_of(completion_day(record));
    let mut years: Vec<_> = records.iter().map(year_of).collect();
    sort_by(&mut years, |one, other| other.cmp(one));
    years.dedup();
    let options = years.iter().map(|year| (year.to_string().into(), year.to_string().into()));
    let chosen: Rc<Vec<Record>> = match year.parse::<i32>() {
        Ok(year) => Rc::new(records.iter().filter(|record| year_of(record) == year).cloned().collect()),
        Err(_) => Rc::clone(records),
    };
    let totals = records::totals(chosen.iter());
    let totals = totals.into_iter().map(|(name, sum)| (name.into(), words::credit(sum).into()));
    let onchange = {
        let year = year.setter();
        Callback::from(move |text: String| year.set(text))
    };
    let save = |media_type: &'static str, extension: &'static str, text: fn(&[Record]) -> String| {
        let chosen = Rc::clone(&chosen);
        Callback::from(move |()| {
            let text = text(&chosen);
            let name = format!("enduring-transcript.{extension}");
            // Where the browser does not let it out, no file appears, and it can be asked for again.
            let _ = share::save(&share::Outgoing { name: &name, media_type, bytes: text.as_bytes() });
        })
    };
    let tools = html! {
        <div class="page__actions transcript__tools">
            {
                Select {
                    id: AttrValue::Static("year"),
                    label: AttrValue::Static(s.year),
                    options: options.collect::<Vec<_>>(),
                    value: (**year).clone().into(),
                    nothing: AttrValue::Static(s.all_years),
                    onchange,
                    ..Select::default()
                }
                .view()
            }
            { Button::new(s.print).on(Callback::from(|()| root::print())).view() }
            { Button::new(s.csv).on(save("text/csv", "csv", as_csv)).view() }
            { Button::new(s.json).on(save("application/json", "json", as_json)).view() }
        </div>
    };
    if chosen.is_empty() {
        return html! { <>{ tools }<p>{ s.none_in_year }</p></> };
    }
    Ledger {
        rows: chosen.iter().map(|record| row(all, record)).collect::<Vec<_>>(),
        totals: totals.collect::<Vec<_>>(),
        tools,
    }
    .view()
}

fn as_csv(records: &[Record]) -> String {
    records::csv(&records::lines(records))
}

fn as_json(records: &[Record]) -> String {
    enduring_core::json::write_lines(&records::lines(records))
}

fn row(all: &'static Strings, record: &Record) -> Completed {
    let s = &all.frame.transcript;
    let facts = &record.facts;
    let mut claims: Vec<AttrValue> =
        facts.claims.iter().map(|claim| (s.claim)(claim.amount, &claim.name).into()).collect();
    if facts.mode == Mode::NotForCredit {
        claims.push(AttrValue::Static(s.not_for_credit));
    }
    Completed {
        session: record.session,
        date: words::local_date(all, &facts.completed).into(),
        title: record.title.clone().into(),
        provider: (s.provider)(&facts.activity.provider).into(),
        claims,
        standing: whereabouts(all, record).into(),
    }
}
