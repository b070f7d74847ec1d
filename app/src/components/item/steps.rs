//! Steps to put in order.

use enduring_core::id::OptionId;
use enduring_core::session::view::{ItemBodyView, KeyView};
use yew::prelude::*;

use super::body::ItemBody;
use super::draft::Draft;
use crate::components::button::{Button, Readiness};
use crate::components::document::{phrase, plain};
use crate::components::icon::{Icon, glyph};
use crate::components::part::part;
use crate::hooks::{use_effect_with, use_state};
use crate::markup::html;
use crate::platform::element;
use crate::platform::page::{self, Urgency};
use crate::strings::strings;

/// Steps, each with a button up and a button down.
#[derive(PartialEq)]
pub struct Steps(pub ItemBody);

part!(Steps, use_steps);

#[hook]
fn use_steps(part: &Steps) -> Html {
    let props = &part.0;
    let words = &strings().play;
    let moved = use_state(|| None::<(usize, Way)>);
    let node = use_node_ref();
    {
        // The focus follows the step, to the button that moved it.
        let node = node.clone();
        use_effect_with(*moved, move |moved| {
            if let Some((place, way)) = *moved {
                let nth = place * 2 + usize::from(way == Way::Down);
                element::focus_nth(node.get(), "button", u32::try_from(nth).unwrap_or(0));
            }
        });
    }
    let ItemBodyView::Steps(steps) = &props.item.body else { return Html::default() };
    let Draft::Order(order) = &props.draft else { return Html::default() };
    let text = |id: &OptionId| steps.iter().find(|step| step.id == *id).map(|step| step.text.clone());
    let last = order.len().saturating_sub(1);
    let shift = |place: usize, way: Way| {
        let (order, onchange) = (order.clone(), props.onchange.clone());
        let (moved, told) = (moved.setter(), words.step_moved);
        Callback::from(move |()| {
            let to = way.from(place).min(order.len().saturating_sub(1));
            let mut order = order.clone();
            order.swap(place, to);
            page::announce(&told(to + 1, order.len()), Urgency::Polite);
            moved.set(Some((to, way)));
            onchange.emit(Draft::Order(order));
        })
    };
    let key = match props.item.feedback.as_ref().map(|feedback| &feedback.key) {
        Some(KeyView::Order(key)) => key.as_slice(),
        _ => &[],
    };
    let row = |(place, id): (usize, &OptionId)| {
        let text = text(id).unwrap_or_else(|| [].into());
        let name = |word: &'static str| [word, &plain(&text)].join(": ");
        // At an end too the button keeps the focus: the next press must not undo the last.
        let until = |end: usize| if place == end { Readiness::Still } else { Readiness::Ready };
        html! {
            <li class="step" key={id.as_str()}>
                <span class="step__number figures" aria-hidden="true">{ place + 1 }</span>
                <span class="step__text">{ phrase(&text) }</span>
                if !props.locked {
                    <span class="step__moves">
                        {
                            Button::new(words.up)
                                .named(name(words.move_up))
                                .icon(Icon::Up)
                                .readiness(until(0))
                                .on(shift(place, Way::Up))
                                .view()
                        }
                        {
                            Button::new(words.down)
                                .named(name(words.move_down))
                                .icon(Icon::Down)
                                .readiness(until(last))
                                .on(shift(place, Way::Down))
                                .view()
                        }
                    </span>
                }
                if let Some(right) = key.iter().position(|known| known == id) {
                    <span class={if right == place { "verdict verdict--right" } else { "verdict" }}>
                        { glyph(if right == place { Icon::Check } else { Icon::Cross }) }
                        {
                            if right == place {
                                AttrValue::Static(words.in_place)
                            } else {
                                ((words.belongs_at)(right + 1)).into()
                            }
                        }
                    </span>
                }
            </li>
        }
    };
    html! {
        <div role="group" aria-describedby={props.stem.clone()}>
            <p class="choices__legend">{ words.put_in_order }</p>
            <ol class="steps__list" ref={node}>{ for order.iter().enumerate().map(row) }</ol>
        </div>
    }
}

/// Which way a step moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Way {
    fn from(self, place: usize) -> usize {
        match self {
            Self::Up => place.saturating_sub(1),
            Self::Down => place + 1,
        }
    }
}
