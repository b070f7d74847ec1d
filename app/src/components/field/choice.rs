//! Rows to pick from: whole rows can be tapped, the native control does the rest.

use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::strings::use_strings;

/// How many rows of a group are picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickKind {
    /// One.
    One,
    /// Any number.
    Many,
}

/// What a row turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Right, and picked.
    RightPicked,
    /// Right, and not picked.
    Right,
    /// Picked, and not right.
    Picked,
    /// What most of a panel chose, and picked.
    ModalPicked,
    /// What most of a panel chose, and not picked.
    Modal,
}

/// `A` for 0, `B` for 1; none past `Z`.
#[must_use]
pub fn letter(place: usize) -> Option<AttrValue> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    LETTERS.get(place..=place).map(AttrValue::Static)
}

/// Props of [`ChoiceRow`].
#[derive(Properties, PartialEq)]
pub struct ChoiceRowProps {
    /// The name of the group, unique in the page.
    pub group: AttrValue,
    /// How many of the group are picked.
    pub kind: PickKind,
    /// Its place in the group, 0 for the first.
    pub place: usize,
    /// Whether it is picked.
    pub picked: bool,
    /// It was picked or, among many, taken back.
    pub onpick: Callback<usize>,
    /// The letter before it.
    #[prop_or_default]
    pub letter: Option<AttrValue>,
    /// What it turned out to be.
    #[prop_or_default]
    pub mark: Option<Mark>,
    /// The words.
    pub children: Html,
}

/// A row.
#[component]
pub fn ChoiceRow(props: &ChoiceRowProps) -> Html {
    let words = &use_strings().play;
    let (kind, square) = match props.kind {
        PickKind::One => ("radio", None),
        PickKind::Many => ("checkbox", Some("choice--many")),
    };
    let picked = props.picked.then_some("choice--picked");
    let lettered = props.letter.is_some().then_some("choice--lettered");
    let (state, mark) = match props.mark {
        Some(Mark::RightPicked) => (Some("choice--right"), Some((Icon::Check, words.mark_right_picked))),
        Some(Mark::Right) => (Some("choice--right"), Some((Icon::Check, words.mark_right))),
        Some(Mark::ModalPicked) => (Some("choice--right"), Some((Icon::Check, words.mark_modal_picked))),
        Some(Mark::Modal) => (Some("choice--right"), Some((Icon::Check, words.mark_modal))),
        Some(Mark::Picked) => (None, Some((Icon::Cross, words.mark_picked))),
        None => (None, None),
    };
    let place = props.place;
    let onchange = props.onpick.reform(move |_: Event| place);
    html! {
        <label class={classes!("choice", square, lettered, picked, state)}>
            <input class="choice__control" type={kind} name={props.group.clone()} checked={props.picked}
                {onchange} />
            if let Some(letter) = &props.letter { <span class="choice__letter">{ letter }</span> }
            <span class="choice__text">
                { props.children.clone() }
                if let Some((icon, word)) = mark {
                    <span class="choice__mark"><Glyph {icon} />{ word }</span>
                }
            </span>
        </label>
    }
}

/// Props of [`Choices`].
#[derive(Properties, PartialEq)]
pub struct ChoicesProps {
    /// What is asked.
    pub legend: Html,
    /// Whether it can still be changed.
    #[prop_or_default]
    pub locked: bool,
    /// What describes the group, by id.
    #[prop_or_default]
    pub described_by: Option<AttrValue>,
    /// The rows.
    pub children: Html,
}

/// A group of rows.
#[component]
pub fn Choices(props: &ChoicesProps) -> Html {
    html! {
        <fieldset class="choices" disabled={props.locked} aria-describedby={props.described_by.clone()}>
            <legend class="choices__legend">{ props.legend.clone() }</legend>
            <div class="choices__rows">{ props.children.clone() }</div>
        </fieldset>
    }
}
