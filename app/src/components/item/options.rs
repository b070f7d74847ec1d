//! Options to pick from: single best answer, multiple response, key-feature menu,
//! script concordance.

use enduring_core::content::Block;
use enduring_core::session::view::{Feedback, ItemBodyView, KeyView, OptionView, Pick};
use yew::prelude::*;

use super::body::ItemBody;
use super::draft::Draft;
use crate::components::document::{phrase, prose};
use crate::components::field::{ChoiceRow, Choices, Mark, PickKind, letter};
use crate::components::notice::{Notice, Tone};
use crate::components::part::{keyed, part};
use crate::hooks::use_effect_with;
use crate::markup::html;
use crate::platform::page::{self, Urgency};
use crate::strings::strings;

/// Options with letters.
#[derive(PartialEq)]
pub struct Options(pub ItemBody);

part!(Options, use_options);

#[hook]
fn use_options(part: &Options) -> Html {
    let props = &part.0;
    let words = &strings().play;
    let (options, pick) = match &props.item.body {
        ItemBodyView::Options { options, pick } => (options.as_slice(), *pick),
        _ => (&[][..], Pick::One),
    };
    let picked = options.iter().filter(|option| props.draft.has(&option.id)).count();
    let (kind, ask, most) = match pick {
        Pick::One => (PickKind::One, AttrValue::Static(words.pick_one), None),
        Pick::Many(None) => (PickKind::Many, AttrValue::Static(words.pick_all), None),
        Pick::Many(Some(most)) => {
            (PickKind::Many, (words.picks_of)(picked, 0, most).into(), Some((most, words.too_many)))
        }
        Pick::Menu(most) => {
            (PickKind::Many, (words.picks_of)(picked, 0, most).into(), Some((most, words.menu_earns_nothing)))
        }
    };
    let too_many = most.filter(|(most, _)| picked > usize::from(*most) && !props.locked);
    let warning = too_many.map(|(most, warn)| AttrValue::from(warn(most)));
    use_effect_with(warning.clone(), |warning| {
        if let Some(warning) = warning {
            page::announce(warning, Urgency::Polite);
        }
    });
    html! {
        <>
            {
                Choices {
                    legend: html! { <span class="figures">{ ask }</span> },
                    locked: props.locked,
                    described_by: Some(props.stem.clone()),
                    children: rows(props, options, kind),
                }
                .view()
            }
            if let Some(warning) = warning {
                { Notice::new(Tone::Caution, html! { { warning } }).view() }
            }
        </>
    }
}

/// Script concordance: hypothesis, finding, a scale.
pub fn concordance(props: &ItemBody, hypothesis: &[Block], finding: &[Block], scale: &[OptionView]) -> Html {
    let words = &strings().play;
    html! {
        <>
            <div class="concordance">
                <h2 class="concordance__lead">{ words.hypothesis }</h2>
                { prose(hypothesis, 3) }
                <h2 class="concordance__lead">{ words.finding }</h2>
                { prose(finding, 3) }
            </div>
            {
                Choices {
                    legend: html! { { words.concordance_ask } },
                    locked: props.locked,
                    described_by: Some(props.stem.clone()),
                    children: rows(props, scale, PickKind::One),
                }
                .view()
            }
        </>
    }
}

fn rows(props: &ItemBody, options: &[OptionView], kind: PickKind) -> Html {
    let onpick = {
        let (draft, onchange, options) = (props.draft.clone(), props.onchange.clone(), options.to_vec());
        Callback::from(move |place| onchange.emit(draft.pick(&options, place)))
    };
    let row = |(place, option): (usize, &OptionView)| {
        let row = ChoiceRow {
            group: props.stem.clone(),
            kind,
            place,
            picked: props.draft.has(&option.id),
            onpick: onpick.clone(),
            letter: letter(place),
            mark: props.item.feedback.as_ref().and_then(|feedback| mark(feedback, &props.draft, option)),
            children: html! { <>{ phrase(&option.text) }
            { panel(props.item.feedback.as_ref(), option) }</> },
        };
        keyed(option.id.as_str(), row.view())
    };
    options.iter().enumerate().map(row).collect()
}

fn mark(feedback: &Feedback, draft: &Draft, option: &OptionView) -> Option<Mark> {
    let panel = matches!(feedback.key, KeyView::Panel(_));
    match (feedback.key.has(&option.id), draft.has(&option.id)) {
        (true, true) if panel => Some(Mark::ModalPicked),
        (true, false) if panel => Some(Mark::Modal),
        (true, true) => Some(Mark::RightPicked),
        (true, false) => Some(Mark::Right),
        (false, true) => Some(Mark::Picked),
        (false, false) => None,
    }
}

/// How many of the panel chose it.
fn panel(feedback: Option<&Feedback>, option: &OptionView) -> Html {
    let Some(KeyView::Panel(votes)) = feedback.map(|feedback| &feedback.key) else { return Html::default() };
    let all: u16 = votes.iter().map(|(_, votes)| votes).sum();
    let own = votes.iter().find(|(id, _)| *id == option.id).map_or(0, |(_, votes)| *votes);
    html! { <span class="choice__aside figures">{ (strings().play.panel_votes)(own, all) }</span> }
}
