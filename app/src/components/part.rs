//! A part of the page with state of its own.
//!
//! What has no state is a struct of what it shows with a method `view`. A part has
//! hooks as well, and its `view` looks the same from outside. All parts are
//! one component to Yew: its machinery is compiled once, not once a part, which
//! is more than half of what a learner downloads otherwise (decision 0007).

use std::any::{Any, type_name};
use std::rc::Rc;

use yew::functional::{Hook, HookContext};
use yew::prelude::*;

use crate::markup::html;
use yew::virtual_dom::{Key, VChild};

/// A part of the page with state of its own: what it is given, and how it looks.
pub trait Part: PartialEq + 'static {
    /// As elements; `use_…` hooks run on `hooks`, always the same ones in the same order.
    fn render(&self, hooks: &mut HookContext) -> Html;

    /// In its place in the page: it keeps its state as long as the same part stands there.
    fn view(self) -> Html
    where
        Self: Sized,
    {
        alone(Rc::new(self), type_name::<Self>())
    }

    /// Among others of its kind: it keeps its state as long as one with the key stands there.
    fn keyed(self, key: &str) -> Html
    where
        Self: Sized,
    {
        among(Rc::new(self), type_name::<Self>(), key)
    }
}

// Not inlined, nor the one below: the places are many.
#[inline(never)]
fn alone(part: Rc<dyn Shown>, name: &str) -> Html {
    // A list of its own, so that the key does not meet those of its neighbors.
    html! { <>{ slot(part, Key::from(name)) }</> }
}

#[inline(never)]
fn among(part: Rc<dyn Shown>, name: &str, key: &str) -> Html {
    slot(part, Key::from([name, key].join(" ")))
}

fn slot(part: Rc<dyn Shown>, key: Key) -> Html {
    VChild::<Slot>::new(SlotProps { part }, Some(key)).into()
}

/// Elements among others of their kind: they stay the same elements as long as the key stands there.
pub fn keyed(key: &str, shown: Html) -> Html {
    html! { <key={key.to_owned()}>{ shown }</> }
}

/// Makes a part of a struct and the hook that shows it: `part!(Dialog, use_dialog);`.
macro_rules! part {
    ($part:ty, $hook:path) => {
        impl $crate::components::part::Part for $part {
            fn render(&self, hooks: &mut yew::functional::HookContext) -> yew::Html {
                yew::functional::Hook::run($hook(self), hooks)
            }
        }
    };
}
pub(crate) use part;

/// [`Part`] behind a pointer.
trait Shown {
    fn render(&self, hooks: &mut HookContext) -> Html;
    fn equals(&self, other: &dyn Shown) -> bool;
    fn any(&self) -> &dyn Any;
}

impl<P: Part> Shown for P {
    fn render(&self, hooks: &mut HookContext) -> Html {
        Part::render(self, hooks)
    }

    fn equals(&self, other: &dyn Shown) -> bool {
        other.any().downcast_ref() == Some(self)
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone, Properties)]
struct SlotProps {
    part: Rc<dyn Shown>,
}

impl PartialEq for SlotProps {
    fn eq(&self, other: &Self) -> bool {
        self.part.equals(&*other.part)
    }
}

/// Where a part stands. Its key tells which, so that Yew never shows a part with the state of another.
#[component]
fn Slot(props: &SlotProps) -> Html {
    use_part(&*props.part)
}

/// Runs the hooks of the part as those of the slot.
struct Running<'a>(&'a dyn Shown);

fn use_part(part: &dyn Shown) -> Running<'_> {
    Running(part)
}

impl Hook for Running<'_> {
    type Output = Html;

    fn run(self, hooks: &mut HookContext) -> Html {
        self.0.render(hooks)
    }
}
