//! How far along: a bar with its words.

use yew::prelude::*;

/// Props of [`Progress`].
#[derive(Properties, PartialEq)]
pub struct ProgressProps {
    /// What is measured, in words with its numbers, such as `3 of 8`.
    pub label: AttrValue,
    /// So much is done.
    pub done: u32,
    /// Of so much.
    pub of: u32,
    /// Whether the words stand beside the bar or are only read out.
    #[prop_or_default]
    pub caption: Caption,
}

/// Where the words of a bar are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caption {
    /// Beside the bar.
    #[default]
    Shown,
    /// Somewhere else on the page already.
    ReadOut,
}

/// A bar.
#[component]
pub fn Progress(props: &ProgressProps) -> Html {
    let bar = html! {
        <progress class="progress__bar" value={props.done.to_string()} max={props.of.max(1).to_string()}
            aria-label={props.label.clone()} />
    };
    match props.caption {
        Caption::Shown => html! {
            <div class="progress">
                { bar }
                <span class="progress__label figures" aria-hidden="true">{ &props.label }</span>
            </div>
        },
        Caption::ReadOut => html! { <div class="progress">{ bar }</div> },
    }
}
