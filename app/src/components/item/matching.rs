//! Extended matching: an option for every stem.

use enduring_core::session::view::{KeyView, OptionView};
use yew::prelude::*;

use super::body::ItemBody;
use super::draft::Draft;
use crate::components::document::{phrase, plain, prose};
use crate::components::field::{Select, letter};
use crate::components::icon::{Icon, glyph};
use crate::markup::html;
use crate::strings::strings;

/// The options once, then each stem with a list to select from.
pub fn matching(props: &ItemBody, options: &[OptionView], stems: &[OptionView]) -> Html {
    let words = &strings().play;
    let Draft::Matches(matches) = &props.draft else { return Html::default() };
    let key = match props.item.feedback.as_ref().map(|feedback| &feedback.key) {
        Some(KeyView::Matches(key)) => key.as_slice(),
        _ => &[],
    };
    let lettered = |(place, option): (usize, &OptionView)| -> (AttrValue, AttrValue) {
        let words = [letter(place).unwrap_or_default().as_str(), &plain(&option.text)].join(". ");
        (option.id.to_string().into(), words.into())
    };
    let choices: Vec<_> = options.iter().enumerate().map(lettered).collect();
    let stem = |(place, stem): (usize, &OptionView)| {
        let picked = matches.get(place).cloned().flatten();
        let onchange = {
            let (onchange, matches, options) = (props.onchange.clone(), matches.clone(), options.to_vec());
            Callback::from(move |value: String| {
                let mut matches = matches.clone();
                if let Some(matched) = matches.get_mut(place) {
                    *matched = options.iter().find(|o| o.id.as_str() == value).map(|o| o.id.clone());
                }
                onchange.emit(Draft::Matches(matches));
            })
        };
        let right = key.iter().find(|known| known.stem == stem.id).map(|known| &known.option);
        let right_words = right.and_then(|right| choices.iter().find(|(id, _)| *id == *right.as_str()));
        html! {
            <li class="match" key={stem.id.as_str()}>
                { prose(&stem.text, 3) }
                {
                    Select {
                        id: [props.stem.as_str(), stem.id.as_str()].join("-").into(),
                        label: (words.match_label)(place + 1).into(),
                        options: choices.clone(),
                        value: picked.as_ref().map(|id| id.to_string()).unwrap_or_default().into(),
                        nothing: AttrValue::Static(words.select_one),
                        disabled: props.locked,
                        onchange,
                        ..Select::default()
                    }
                    .view()
                }
                if let Some((_, right_words)) = right_words {
                    <p class={if picked.as_ref() == right { "verdict verdict--right" } else { "verdict" }}>
                        { glyph(if picked.as_ref() == right { Icon::Check } else { Icon::Cross }) }
                        <span>{ words.right_answer }{ " " }{ right_words }</span>
                    </p>
                }
            </li>
        }
    };
    html! {
        <div class="matching">
            <h2 class="matching__lead">{ words.match_options }</h2>
            <ol class="matching__options" type="A">
                { for options.iter().map(|option| html! { <li>{ phrase(&option.text) }</li> }) }
            </ol>
            <ol class="matching__stems">{ for stems.iter().enumerate().map(stem) }</ol>
        </div>
    }
}
