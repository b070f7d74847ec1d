//! What a provider has to tell of an activity: over the step in progress, and on the activity's page.

use enduring_core::id::Digest;
use enduring_core::record::NoticeKind;
use yew::prelude::*;

use crate::components::button::Button;
use crate::components::dialog::Dialog;
use crate::components::notice::{Notice, Tone};
use crate::components::part::{Part, part};
use crate::components::shell_banner::banner;
use crate::effect::Services;
use crate::hooks::{Load, use_load, use_news, use_state, use_tasks};
use crate::intake::tickets::{Kept, acknowledge, notices};
use crate::markup::html;
use crate::platform::clock;
use crate::strings::strings;
use crate::words;

/// Notices over the step in progress: a banner on every step, and a dialog until it was acknowledged.
/// They change nothing of the session.
#[derive(PartialEq)]
pub struct StepNotices {
    /// What all pages share.
    pub services: Services,
    /// The activity.
    pub activity: String,
    /// The version at work.
    pub pack: Digest,
}

part!(StepNotices, use_step_notices);

#[hook]
fn use_step_notices(props: &StepNotices) -> Html {
    let all = strings();
    let s = &all.intake;
    let tasks = use_tasks();
    let again = use_state(|| 0u32);
    // Closed without a word of acknowledgement: it comes back with the next visit.
    let closed = use_state(|| false);
    let news = use_news(&props.services);
    let found = {
        let (journal, activity) = (props.services.journal.clone(), props.activity.clone());
        let pack = props.pack;
        use_load((*again, news), move |_| async move { notices(&journal, &activity, Some(pack)).await })
    };
    let Load::Ready(found) = found else { return Html::default() };
    let unread = found.iter().find(|kept| !kept.read && !*closed);
    let dialog = unread.map(|kept| {
        let id = kept.notice.id;
        let read = {
            let (journal, again, tasks) = (props.services.journal.clone(), again.setter(), tasks.clone());
            Callback::from(move |()| {
                let (journal, again) = (journal.clone(), again.clone());
                tasks.spawn(async move {
                    // Where it cannot be kept it is shown once more.
                    let _ = acknowledge(&journal, id, clock::now().at).await;
                    again.next();
                });
            })
        };
        let onclose = {
            let closed = closed.setter();
            Callback::from(move |()| closed.set(true))
        };
        Dialog {
            id: AttrValue::Static("provider-notice"),
            title: AttrValue::Static(title(kept)),
            actions: Button::new(all.frame.shell.understood).primary().on(read).view(),
            onclose,
            children: html! { <><p>{ &kept.notice.text }</p>
            <p>{ (s.issued)(&words::date(all, kept.notice.issued)) }</p></> },
            ..Dialog::default()
        }
        .keyed(&id.to_string())
    });
    let line =
        |kept: &Kept| banner(html! { <><strong>{ title(kept) }</strong>{ ": " }{ &kept.notice.text }</> });
    html! { <>{ for found.iter().map(line) }{ dialog }</> }
}

fn title(kept: &Kept) -> &'static str {
    let s = &strings().intake;
    match kept.notice.kind {
        NoticeKind::Safety => s.safety,
        NoticeKind::Withdrawn => s.withdrawn,
    }
}

/// Notices on the activity's page.
pub fn told(found: &[Kept]) -> Html {
    let all = strings();
    let s = &all.intake;
    let one = |kept: &Kept| {
        let text = html! {
            <>
                <p>{ &kept.notice.text }</p>
                if kept.notice.kind == NoticeKind::Withdrawn { <p>{ s.withdrawn_text }</p> }
                <p>{ (s.issued)(&words::date(all, kept.notice.issued)) }</p>
            </>
        };
        Notice::new(Tone::Caution, text).titled(title(kept)).view()
    };
    html! { { for found.iter().map(one) } }
}
