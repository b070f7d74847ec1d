//! How certain an answer is.

use enduring_core::content::Certainty;
use enduring_core::session::Certain;
use yew::prelude::*;

use crate::markup::html;
use crate::strings::strings;

/// Three chips.
pub struct CertaintyChips {
    /// Whether it is asked.
    pub asked: Certainty,
    /// What was said.
    pub certain: Option<Certain>,
    /// It was said.
    pub onchange: Callback<Certain>,
    /// Whether it can no longer be changed.
    pub locked: bool,
    /// Unique in the page.
    pub group: AttrValue,
}

impl CertaintyChips {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let legend = match self.asked {
            Certainty::Off => return Html::default(),
            Certainty::Optional => words.certainty_optional,
            Certainty::Required => words.certainty_required,
        };
        let chip = |certain: Certain, (label, odds): (&'static str, &'static str)| {
            let onchange = self.onchange.reform(move |_: Event| certain);
            html! {
                <label class="segment">
                    <input class="segment__control" type="radio" name={self.group.clone()}
                        checked={self.certain == Some(certain)} {onchange} />
                    <span>{ label }<span class="segment__aside">{ odds }</span></span>
                </label>
            }
        };
        html! {
            <fieldset disabled={self.locked}>
                <legend class="choices__legend">{ legend }</legend>
                <div class="segments">
                    { chip(Certain::C1, words.c1) }
                    { chip(Certain::C2, words.c2) }
                    { chip(Certain::C3, words.c3) }
                </div>
            </fieldset>
        }
    }
}
