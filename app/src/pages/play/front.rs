//! The front matter: shown whole, then acknowledged.

use std::sync::Arc;

use enduring_core::session::{Command, Phase};
use yew::prelude::*;

use crate::components::bottom_bar::BottomBar;
use crate::components::button::{Button, Weight};
use crate::components::front::FrontMatterText;
use crate::components::heading::SceneTitle;
use crate::components::saving::Saving;
use crate::session::{Role, Snapshot};
use crate::strings::use_strings;

/// Props of [`FrontScene`].
#[derive(Properties, PartialEq)]
pub struct FrontSceneProps {
    /// The session as it stands.
    pub snapshot: Snapshot,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

/// The front matter.
#[component]
pub fn FrontScene(props: &FrontSceneProps) -> Html {
    let s = &use_strings().frame.front;
    let activity = Arc::clone(props.snapshot.content.activity());
    let unsaid = props.snapshot.state.phase == Phase::FrontMatter && props.snapshot.role == Role::Writer;
    {
        let send = props.send.clone();
        use_effect_with(unsaid, move |unsaid| {
            if *unsaid {
                send.emit(Command::ShowFrontMatter);
            }
        });
    }
    let language = activity.language.clone();
    html! {
        <section class="scene">
            <div class="scene__body">
                <header class="scene__head">
                    <p class="scene__over">{ s.title }</p>
                    <SceneTitle scene="front-matter">{ &activity.title }</SceneTitle>
                    <p class="scene__note">{ s.intro }</p>
                </header>
                <div lang={language}><FrontMatterText {activity} /></div>
            </div>
            <BottomBar saving={props.saving.clone()}>
                <Button label={s.acknowledge} weight={Weight::Primary} readiness={props.saving.readiness()}
                    onclick={props.send.reform(|()| Command::AcknowledgeFrontMatter)} />
            </BottomBar>
        </section>
    }
}
