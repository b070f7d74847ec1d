//! The front matter: shown whole, then acknowledged.

use std::sync::Arc;

use enduring_core::session::{Command, Phase};
use yew::prelude::*;

use crate::components::bottom_bar::BottomBar;
use crate::components::button::Button;
use crate::components::front::FrontMatterText;
use crate::components::heading::SceneTitle;
use crate::components::part::{Part, part};
use crate::components::saving::Saving;
use crate::hooks::use_effect_with;
use crate::markup::html;
use crate::session::{Role, Snapshot};
use crate::strings::strings;

/// The front matter.
#[derive(PartialEq)]
pub struct FrontScene {
    /// The session as it stands.
    pub snapshot: Snapshot,
    /// Where commands go.
    pub send: Callback<Command>,
    /// Where the latest one stands.
    pub saving: Saving,
}

part!(FrontScene, use_front_scene);

#[hook]
fn use_front_scene(props: &FrontScene) -> Html {
    let s = &strings().frame.front;
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
        <section class="scene front__scene">
            <div class="scene__body">
                <header class="scene__head">
                    <p class="scene__over">{ s.title }</p>
                    {
                        SceneTitle {
                            scene: AttrValue::Static("front-matter"),
                            children: html! { { &activity.title } },
                        }
                        .view()
                    }
                    <p class="scene__note">{ s.intro }</p>
                </header>
                <div lang={language}>{ FrontMatterText { activity }.view() }</div>
            </div>
            {
                BottomBar::new(
                    Button::new(s.acknowledge)
                        .primary()
                        .readiness(props.saving.readiness())
                        .on(props.send.reform(|()| Command::AcknowledgeFrontMatter))
                        .view(),
                    props.saving.clone(),
                )
                .view()
            }
        </section>
    }
}
