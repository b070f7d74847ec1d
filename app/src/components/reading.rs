//! A page of a reading.

use enduring_core::session::Command;
use enduring_core::session::view::ReadingView;
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::Button;
use super::document::prose;
use super::heading::SceneTitle;
use super::progress::{Caption, Progress};
use super::saving::Saving;
use crate::components::part::Part;
use crate::markup::html;
use crate::strings::strings;

/// A page of a reading, with the way on and back.
pub struct ReadingScene {
    /// The page.
    pub reading: ReadingView,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

impl ReadingScene {
    /// As elements.
    pub fn view(&self) -> Html {
        let words = &strings().play;
        let reading = &self.reading;
        let page = reading.page;
        let turn = |to: u16| self.send.reform(move |()| Command::TurnTo { page: to });
        let readiness = self.saving.readiness();
        let place = (words.page_of)(page + 1, reading.of);
        let (onward, act) = if page + 1 < reading.of {
            (words.next_page, turn(page + 1))
        } else {
            (words.go_on, self.send.reform(|()| Command::FinishPart))
        };
        let others = html! {
            if page > 0 { { Button::new(words.previous_page).readiness(readiness).on(turn(page - 1)).view() } }
        };
        html! {
            <section class="scene">
                <div class="scene__body">
                    <header class="scene__head">
                        if reading.of > 1 { <p class="scene__over figures"><span>{ &place }</span></p> }
                        {
                            SceneTitle {
                                scene: [reading.part.as_str(), &page.to_string()].join("/").into(),
                                children: html! { { &reading.title } },
                            }
                            .view()
                        }
                        if reading.of > 1 {
                            {
                                Progress {
                                    label: place.clone().into(),
                                    done: u32::from(page) + 1,
                                    of: u32::from(reading.of),
                                    caption: Caption::ReadOut,
                                }
                                .view()
                            }
                        }
                    </header>
                    { prose(&reading.text, 2) }
                </div>
                {
                    BottomBar::new(
                        Button::new(onward).primary().readiness(readiness).on(act).view(),
                        self.saving.clone(),
                    )
                    .others(others)
                    .view()
                }
            </section>
        }
    }
}
