//! The frame of every page but the play page: the name, the ways to the other pages, the page itself.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::notice::{Notice, Tone};
use crate::platform::page;
use crate::route::Route;
use crate::strings::use_strings;

/// Props of [`Shell`].
#[derive(Properties, PartialEq)]
pub struct ShellProps {
    /// Where we are.
    pub route: Route,
    /// Said above every page: losses, a journal that is newer than the player.
    #[prop_or_default]
    pub warnings: Html,
    /// A new version waits; taking it loads the page again.
    #[prop_or_default]
    pub onupdate: Option<Callback<()>>,
    /// The page.
    pub children: Html,
}

/// The frame.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let s = &use_strings().frame.shell;
    let places = [
        (Route::Home, s.home),
        (Route::Library, s.library),
        (Route::Transcript, s.transcript),
        (Route::Data, s.data),
    ];
    let link = |(route, name): (Route, &'static str)| {
        let here = (route == props.route).then_some("page");
        html! { <li><a class="shell__link" href={route.hash()} aria-current={here}>{ name }</a></li> }
    };
    html! {
        <div class="shell">
            <SkipLink />
            <header class="shell__bar">
                <a class="shell__mark" href={Route::Home.hash()}>{ s.product }</a>
                <nav class="shell__nav" aria-label={s.pages}><ul>{ for places.map(link) }</ul></nav>
            </header>
            if let Some(onupdate) = &props.onupdate {
                <div class="shell__said" role="status">
                    <Notice title={s.update_title}>
                        <p>{ s.update }</p>
                        <Button label={s.update_now} onclick={onupdate.clone()} />
                    </Notice>
                </div>
            }
            { props.warnings.clone() }
            <main id="main" class="shell__page" tabindex="-1">{ props.children.clone() }</main>
        </div>
    }
}

/// The first stop of the keyboard: past everything, to the page.
#[component]
pub fn SkipLink() -> Html {
    let s = &use_strings().frame.shell;
    let skip = Callback::from(|()| page::focus_id("main"));
    html! {
        <div class="shell__skip">
            <Button label={s.skip} weight={Weight::Secondary} onclick={skip} />
        </div>
    }
}

/// Props of [`Warning`].
#[derive(Properties, PartialEq)]
pub struct WarningProps {
    /// What happened, what is safe, what to do.
    pub children: Html,
    /// It was read.
    #[prop_or_default]
    pub onread: Option<Callback<()>>,
}

/// Something that every page has to say.
#[component]
pub fn Warning(props: &WarningProps) -> Html {
    let s = &use_strings().frame.shell;
    html! {
        <div class="shell__said">
            <Notice tone={Tone::Fault}>
                { props.children.clone() }
                if let Some(onread) = &props.onread {
                    <Button label={s.understood} onclick={onread.clone()} />
                }
            </Notice>
        </div>
    }
}
