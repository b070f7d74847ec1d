//! Rows to pick from: whole rows can be tapped, the native control does the rest.

use yew::prelude::*;

use crate::components::icon::{Icon, glyph};
use crate::markup::html;
use crate::strings::strings;

/// How many rows of a group are picked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PickKind {
    /// One.
    #[default]
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

/// A row.
#[derive(Default)]
pub struct ChoiceRow {
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
    pub letter: Option<AttrValue>,
    /// What it turned out to be.
    pub mark: Option<Mark>,
    /// The words.
    pub children: Html,
}

impl ChoiceRow {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let (kind, square) = match self.kind {
            PickKind::One => ("radio", None),
            PickKind::Many => ("checkbox", Some("choice--many")),
        };
        let picked = self.picked.then_some("choice--picked");
        let lettered = self.letter.is_some().then_some("choice--lettered");
        let (state, mark) = match self.mark {
            Some(Mark::RightPicked) => (Some("choice--right"), Some((Icon::Check, words.mark_right_picked))),
            Some(Mark::Right) => (Some("choice--right"), Some((Icon::Check, words.mark_right))),
            Some(Mark::ModalPicked) => (Some("choice--right"), Some((Icon::Check, words.mark_modal_picked))),
            Some(Mark::Modal) => (Some("choice--right"), Some((Icon::Check, words.mark_modal))),
            Some(Mark::Picked) => (None, Some((Icon::Cross, words.mark_picked))),
            None => (None, None),
        };
        let class = [Some("choice"), square, lettered, picked, state].into_iter().flatten();
        let class = class.collect::<Vec<_>>().join(" ");
        let place = self.place;
        let onchange = self.onpick.reform(move |_: Event| place);
        html! {
            <label {class}>
                <input class="choice__control" type={kind} name={self.group.clone()} checked={self.picked}
                    {onchange} />
                if let Some(letter) = &self.letter { <span class="choice__letter">{ letter }</span> }
                <span class="choice__text">
                    { self.children.clone() }
                    if let Some((icon, word)) = mark {
                        <span class="choice__mark">{ glyph(icon) }{ word }</span>
                    }
                </span>
            </label>
        }
    }
}

/// A group of rows.
#[derive(Default)]
pub struct Choices {
    /// What is asked.
    pub legend: Html,
    /// Whether it can still be changed.
    pub locked: bool,
    /// What describes the group, by id.
    pub described_by: Option<AttrValue>,
    /// The rows.
    pub children: Html,
}

impl Choices {
    /// As elements.
    pub fn view(&self) -> Html {
        html! {
            <fieldset class="choices" disabled={self.locked} aria-describedby={self.described_by.clone()}>
                <legend class="choices__legend">{ self.legend.clone() }</legend>
                <div class="choices__rows">{ self.children.clone() }</div>
            </fieldset>
        }
    }
}
