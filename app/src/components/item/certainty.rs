//! How certain an answer is.

use enduring_core::content::Certainty;
use enduring_core::session::Certain;
use yew::prelude::*;

use crate::strings::use_strings;

/// Props of [`CertaintyChips`].
#[derive(Properties, PartialEq)]
pub struct CertaintyChipsProps {
    /// Whether it is asked.
    pub asked: Certainty,
    /// What was said.
    pub certain: Option<Certain>,
    /// It was said.
    #[prop_or_default]
    pub onchange: Callback<Certain>,
    /// Whether it can no longer be changed.
    #[prop_or_default]
    pub locked: bool,
    /// Unique in the page.
    pub group: AttrValue,
}

/// Three chips.
#[component]
pub fn CertaintyChips(props: &CertaintyChipsProps) -> Html {
    let words = &use_strings().play;
    let legend = match props.asked {
        Certainty::Off => return Html::default(),
        Certainty::Optional => words.certainty_optional,
        Certainty::Required => words.certainty_required,
    };
    let chip = |certain: Certain, (label, odds): (&'static str, &'static str)| {
        let onchange = props.onchange.reform(move |_: Event| certain);
        html! {
            <label class="segment">
                <input class="segment__control" type="radio" name={props.group.clone()}
                    checked={props.certain == Some(certain)} {onchange} />
                <span>{ label }<span class="segment__aside">{ odds }</span></span>
            </label>
        }
    };
    html! {
        <fieldset disabled={props.locked}>
            <legend class="choices__legend">{ legend }</legend>
            <div class="segments">
                { chip(Certain::C1, words.c1) }
                { chip(Certain::C2, words.c2) }
                { chip(Certain::C3, words.c3) }
            </div>
        </fieldset>
    }
}
