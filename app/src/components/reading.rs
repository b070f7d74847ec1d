//! A page of a reading.

use enduring_core::session::Command;
use enduring_core::session::view::ReadingView;
use yew::prelude::*;

use super::bottom_bar::BottomBar;
use super::button::{Button, Weight};
use super::document::Prose;
use super::heading::SceneTitle;
use super::progress::{Caption, Progress};
use super::saving::Saving;
use crate::strings::use_strings;

/// Props of [`ReadingScene`].
#[derive(Properties, PartialEq)]
pub struct ReadingSceneProps {
    /// The page.
    pub reading: ReadingView,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

/// A page of a reading, with the way on and back.
#[component]
pub fn ReadingScene(props: &ReadingSceneProps) -> Html {
    let words = &use_strings().play;
    let reading = &props.reading;
    let page = reading.page;
    let turn = |to: u16| props.send.reform(move |()| Command::TurnTo { page: to });
    let readiness = props.saving.readiness();
    let place = (words.page_of)(page + 1, reading.of);
    let (onward, act) = if page + 1 < reading.of {
        (words.next_page, turn(page + 1))
    } else {
        (words.go_on, props.send.reform(|()| Command::FinishPart))
    };
    let others = html! {
        if page > 0 { <Button label={words.previous_page} {readiness} onclick={turn(page - 1)} /> }
    };
    html! {
        <section class="scene">
            <div class="scene__body">
                <header class="scene__head">
                    <p class="scene__over figures"><span>{ &place }</span></p>
                    <SceneTitle scene={[reading.part.as_str(), &page.to_string()].join("/")}>
                        { &reading.title }
                    </SceneTitle>
                    <Progress label={place.clone()} done={u32::from(page) + 1} of={u32::from(reading.of)}
                        caption={Caption::ReadOut} />
                </header>
                <Prose document={reading.text.clone()} />
            </div>
            <BottomBar {others} saving={props.saving.clone()}>
                <Button label={onward} weight={Weight::Primary} {readiness} onclick={act} />
            </BottomBar>
        </section>
    }
}
