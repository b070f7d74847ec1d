//! The scenes with made-up views, to look at while styling: one state for each hash, such as `#single`.
//! It is not part of the player. `cargo build --example gallery --target wasm32-unknown-unknown`, then wasm-bindgen.

#![expect(clippy::fn_params_excessive_bools, reason = "made-up views, for the eye only")]

mod case;
mod items;
mod tests;

use std::rc::Rc;

use enduring_app::components::case::{Arrival, CaseScene};
use enduring_app::components::clock::SceneClock;
use enduring_app::components::media::MediaUrl;
use enduring_app::components::opening::OpeningScene;
use enduring_app::components::part::Part;
use enduring_app::components::reading::ReadingScene;
use enduring_app::components::saving::Saving;
use enduring_app::components::test::{ComparisonPicture, TestResultScene, TestRunScene, TestStartScene};
use enduring_core::content::{Block, Document, Inline};
use enduring_core::measure::{Millis, Minutes, Timestamp, UtcOffset};
use enduring_core::session::Command;
use enduring_core::session::view::TestRun;
use yew::prelude::*;

/// A paragraph.
fn p(text: &str) -> Document {
    Document::from([Block::Paragraph(vec![Inline::Text(text.into())])])
}

fn main() {
    yew::Renderer::<Gallery>::new().render();
}

#[component]
fn Gallery() -> Html {
    let name = web_sys::window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
    let name = name.trim_start_matches('#').to_owned();
    let media = MediaUrl(Rc::new(|_: &str| Some(items::PICTURE.into())));
    html! {
        <ContextProvider<MediaUrl> context={media}>
            <main><State {name} /></main>
        </ContextProvider<MediaUrl>>
    }
}

#[derive(Properties, PartialEq)]
struct StateProps {
    name: AttrValue,
}

#[component]
fn State(props: &StateProps) -> Html {
    let send = Callback::from(|_: Command| ());
    let saved = Saving::Saved;
    let clock = use_memo((), |()| SceneClock {
        now: Callback::from(|()| Timestamp(1_795_300_000_000)),
        offset: Callback::from(|_| UtcOffset(60)),
        since: Callback::from(|()| Millis(0)),
    });
    let clock = (*clock).clone();
    let scene = props.name.as_str();
    if let Some(run) = items::named(scene.trim_end_matches("+")) {
        let run = if scene.ends_with('+') { items::answered(run) } else { run };
        return html! { <Playing run={Rc::new(run)} {clock} /> };
    }
    match scene {
        "opening" => {
            OpeningScene { opening: tests::opening(), send, saving: saved, children: Html::default() }.view()
        }
        "reading" => ReadingScene { reading: tests::reading(), send, saving: saved }.view(),
        "start" => {
            let (start, unentered) = (tests::start(), Some(Minutes(8)));
            TestStartScene { start, unentered, send, saving: saved, children: Html::default() }.view()
        }
        "failed" => {
            let saving = Saving::Failed { words: "Storage on this device is full. What was saved is safe. Free space, or save your work to a file, then try again.".into(), actions: Html::default() };
            TestRunScene { run: Rc::new(items::single()), send, clock, saving }.view()
        }
        "passed" | "wait" | "none-left" => {
            let children = match scene {
                "passed" => ComparisonPicture { comparison: tests::comparison() }.view(),
                _ => Html::default(),
            };
            TestResultScene { result: Rc::new(tests::result(scene)), send, saving: saved, clock, children }
                .view()
        }
        _ => {
            let arrival = if scene == "resumed" { Arrival::Resumed } else { Arrival::Onward };
            CaseScene { case: Rc::new(case::named(scene)), send, saving: saved, arrival }.view()
        }
    }
}

#[derive(Properties, PartialEq)]
struct PlayingProps {
    run: Rc<TestRun>,
    clock: SceneClock,
}

/// A run that takes answers, as the player would after the commit.
#[component]
fn Playing(props: &PlayingProps) -> Html {
    let run = use_state(|| props.run.clone());
    let send = {
        let run = run.clone();
        Callback::from(move |command: Command| {
            if let Command::Answer { response, certainty, .. } = command {
                let mut next = (**run).clone();
                next.item.response = Some(response);
                next.item.certain = certainty;
                run.set(Rc::new(items::revealed(next)));
            }
        })
    };
    TestRunScene { run: (*run).clone(), send, saving: Saving::Saved, clock: props.clock.clone() }.view()
}
