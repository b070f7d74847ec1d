//! The item shown: picking, answering, what came of it, and the way on.

use std::rc::Rc;

use enduring_core::content::{Back, Reveal};
use enduring_core::id::ItemId;
use enduring_core::session::view::TestRun;
use enduring_core::session::{Certain, Command};
use yew::prelude::*;

use super::action::{self, Picked, Primary};
use super::navigator::Navigator;
use crate::components::bottom_bar::BottomBar;
use crate::components::button::Button;
use crate::components::dialog::Dialog;
use crate::components::item::{
    CertaintyChips, Draft, Gap, ItemBody, Outcome, Stem, options, outcome_word, spoken,
};
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::hooks::{use_effect_with, use_state_eq};
use crate::markup::html;
use crate::platform::element;
use crate::platform::page::{self, Urgency};
use crate::strings::strings;

/// The item shown. What is picked stays here until it is answered; what is shown as
/// answered comes from the view alone.
#[derive(PartialEq)]
pub struct ItemForm {
    /// The attempt and the item shown. Another item takes another key.
    pub run: Rc<TestRun>,
    /// The head of the scene.
    pub over: Html,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

part!(ItemForm, use_item_form);

#[hook]
fn use_item_form(props: &ItemForm) -> Html {
    let words = &strings().play;
    let run = &props.run;
    let item = use_memo(run.clone(), |run| run.item.clone());
    let draft = use_state_eq(|| Draft::open(&item));
    let certain = use_state_eq(|| item.certain);
    let hint = use_state_eq(AttrValue::default);
    let confirming = use_state_eq(|| false);
    // An order that was never touched is asked about once: it may be right as it stands.
    let touched = use_state_eq(|| item.response.is_some());
    let then = use_mut_ref(|| None::<Command>);
    let known = use_mut_ref(|| item.clone());
    let offered = use_mut_ref(|| (action::primary(run, Picked::AsAnswered), Picked::AsAnswered));
    let (form, heading) = (use_node_ref(), use_node_ref());

    // The view changed: the answer is on the disk, from this page or from another.
    {
        let (draft, certain, hint) = (draft.setter(), certain.setter(), hint.setter());
        let touched = touched.setter();
        let (then, known, send, heading) = (then.clone(), known, props.send.clone(), heading.clone());
        use_effect_with(item.clone(), move |item| {
            let before = known.replace(item.clone());
            if before == *item {
                return;
            }
            draft.set(Draft::open(item));
            certain.set(item.certain);
            hint.set(AttrValue::default());
            touched.set(item.response.is_some());
            if let Some(command) = then.borrow_mut().take() {
                send.emit(command);
            } else if let (None, Some(feedback)) = (&before.feedback, &item.feedback) {
                let (word, _) = outcome_word(feedback.outcome, words);
                page::announce(&[word, &spoken(item, feedback, words)].join(". "), Urgency::Polite);
                element::focus(heading.get());
            } else if before.item == item.item && item.response.is_some() {
                page::announce(words.answer_saved, Urgency::Polite);
            }
        });
    }

    let picked = if *draft == Draft::open(&item) && *certain == item.certain {
        Picked::AsAnswered
    } else {
        Picked::Anew
    };
    // What was pressed stays as it was until all that it does is done: between an answer and the step to the next item
    // the view has the answer and still the old item.
    let pressed = props.saving.is_busy() || then.borrow().is_some();
    if !pressed {
        *offered.borrow_mut() = (action::primary(run, picked), picked);
    }
    let (primary, picked) = offered.borrow().clone();
    let answer = answer(run, &draft, *certain);
    let send = {
        let (send, busy) = (props.send.clone(), props.saving.is_busy());
        move |command: Command| {
            if !busy {
                send.emit(command);
            }
        }
    };
    // Sends the answer, and what comes after it once it is on the disk.
    let answer_then = {
        let (send, hint, then, answer) = (send.clone(), hint.setter(), then, answer.clone());
        let (touched, draft) = (touched.setter(), draft.setter());
        move |after: Option<Command>| match &answer {
            Ok(_) if matches!(&*draft.now(), Draft::Order(_)) && !*touched.now() => {
                touched.set(true);
                hint.set(words.order_untouched.into());
            }
            Ok(command) => {
                *then.borrow_mut() = after;
                send(command.clone());
            }
            Err(gap) => hint.set((words.gap)(*gap).into()),
        }
    };
    let go = {
        let keeps =
            picked == Picked::Anew && !run.is_final && run.reveal != Reveal::AfterItem && answer.is_ok();
        let (send, answer_then) = (send.clone(), answer_then.clone());
        Callback::from(move |item: ItemId| match keeps {
            true => answer_then(Some(Command::GoTo { item })),
            false => send(Command::GoTo { item }),
        })
    };
    let hand_in = {
        let (send, confirming, open) = (send.clone(), confirming.setter(), action::open(run));
        Callback::from(move |()| match open {
            0 => send(Command::Submit),
            _ => confirming.set(true),
        })
    };
    let following = run.slots.get(usize::from(run.item.number)).map(|slot| slot.item.clone());
    let act = {
        let (primary, go, hand_in) = (primary.clone(), go.clone(), hand_in.clone());
        move || match &primary {
            Primary::Check | Primary::Answer => answer_then(None),
            Primary::AnswerAndGo => answer_then(following.clone().map(|item| Command::GoTo { item })),
            Primary::GoTo(item) | Primary::FirstOpen(item) => go.emit(item.clone()),
            Primary::HandIn => hand_in.emit(()),
        }
    };
    let onsubmit = move |event: SubmitEvent| {
        event.prevent_default();
        act();
    };
    let locked = run.is_final || item.feedback.is_some();
    let onkeydown = {
        let (item, draft, form, hint) = (item.clone(), draft.setter(), form.clone(), hint.setter());
        move |event: KeyboardEvent| {
            let place = element::plain_key(&event).filter(|_| !locked).and_then(element::place_of_key);
            if let Some(place) = place.filter(|place| options(&item.body).len() > *place) {
                draft.set(draft.now().pick(options(&item.body), place));
                hint.set(AttrValue::default());
                element::focus_nth(form.get(), ".choice__control", u32::try_from(place).unwrap_or(0));
            }
        }
    };
    let onchange = {
        let (draft, hint, touched) = (draft.setter(), hint.setter(), touched.setter());
        Callback::from(move |changed| {
            draft.set(changed);
            touched.set(true);
            hint.set(AttrValue::default());
        })
    };
    let oncertain = {
        let (certain, hint) = (certain.setter(), hint.setter());
        Callback::from(move |changed| {
            certain.set(Some(changed));
            hint.set(AttrValue::default());
        })
    };
    let readiness = props.saving.readiness();
    let label = match &primary {
        Primary::Check => words.check,
        Primary::AnswerAndGo => words.answer_and_go,
        Primary::Answer => words.save_answer,
        Primary::GoTo(_) => words.next,
        Primary::FirstOpen(_) => words.to_open_question,
        Primary::HandIn => words.hand_in,
    };
    let to = |item: &Option<ItemId>, label: &'static str| match item.clone() {
        Some(item) => {
            Button::new(label).quiet().readiness(readiness).on(go.reform(move |()| item.clone())).view()
        }
        None => Html::default(),
    };
    let may_skip = matches!(primary, Primary::Check | Primary::AnswerAndGo) && picked == Picked::AsAnswered;
    let may_hand_in = run.can_submit && primary != Primary::HandIn && picked == Picked::AsAnswered;
    let others = html! {
        <>
            { to(&run.previous, words.previous) }
            if may_skip { { to(&run.next, words.skip) } }
            if may_hand_in {
                { Button::new(words.hand_in).quiet().readiness(readiness).on(hand_in).view() }
            }
        </>
    };
    let confirm = {
        let send = send.clone();
        Callback::from(move |()| send(Command::Submit))
    };
    html! {
        <form class="scene" ref={form} novalidate=true {onsubmit} {onkeydown}>
            <div class="scene__body">
                { props.over.clone() }
                { Stem { item: item.clone(), id: AttrValue::Static("stem") }.view() }
                {
                    ItemBody {
                        item: item.clone(),
                        draft: (*draft).clone(),
                        onchange,
                        locked,
                        stem: AttrValue::Static("stem"),
                    }
                    .view()
                }
                {
                    CertaintyChips {
                        asked: item.certainty,
                        certain: *certain,
                        onchange: oncertain,
                        locked,
                        group: AttrValue::Static("certainty"),
                    }
                    .view()
                }
                { Outcome { item: item.clone(), heading }.view() }
                <div class="navigator__ways">{ others }</div>
                if run.back == Back::Free && run.slots.len() > 1 { { Navigator { run: run.clone(), go }.view() } }
            </div>
            {
                BottomBar::new(
                    Button::new(label).primary().readiness(readiness).view(),
                    props.saving.clone(),
                )
                .hint((*hint).clone())
                .view()
            }
            if *confirming {
                {
                    Dialog {
                        id: AttrValue::Static("hand-in"),
                        title: AttrValue::Static(words.hand_in_open_title),
                        onclose: Callback::from(move |()| confirming.set(false)),
                        actions: Button::new(words.hand_in).primary().readiness(readiness).on(confirm).view(),
                        children: html! { <p>{ (words.hand_in_open)(action::open(run)) }</p> },
                        ..Dialog::default()
                    }
                    .view()
                }
            }
        </form>
    }
}

/// The command that answers, or why there is none yet.
fn answer(run: &TestRun, draft: &Draft, certain: Option<Certain>) -> Result<Command, Gap> {
    let response = draft.response(&run.item.body)?;
    if run.item.certainty == enduring_core::content::Certainty::Required && certain.is_none() {
        return Err(Gap::Certainty);
    }
    Ok(Command::Answer { item: run.item.item.clone(), response, certainty: certain })
}
