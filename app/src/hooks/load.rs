//! Data that comes later.

use std::rc::Rc;

use yew::prelude::*;

use super::state::{use_effect_with, use_state};
use super::use_tasks;

/// Data that is on its way, here, or not to be had.
#[derive(Debug)]
pub enum Load<T, E> {
    /// On its way.
    Waiting,
    /// Here.
    Ready(Rc<T>),
    /// Not to be had, and why.
    Failed(Rc<E>),
}

impl<T, E> Clone for Load<T, E> {
    fn clone(&self) -> Self {
        match self {
            Self::Waiting => Self::Waiting,
            Self::Ready(data) => Self::Ready(Rc::clone(data)),
            Self::Failed(error) => Self::Failed(Rc::clone(error)),
        }
    }
}

/// Loads when the component appears and whenever `deps` change.
/// What was loaded before stays until the new data is here.
#[hook]
pub fn use_load<T, E, D, F>(deps: D, load: impl FnOnce(&D) -> F + 'static) -> Load<T, E>
where
    T: 'static,
    E: 'static,
    D: PartialEq + 'static,
    F: Future<Output = Result<T, E>> + 'static,
{
    let state = use_state(|| Load::Waiting);
    let tasks = use_tasks();
    {
        let state = state.setter();
        use_effect_with(deps, move |deps| {
            tasks.stop();
            let future = load(deps);
            tasks.spawn(async move {
                state.set(match future.await {
                    Ok(data) => Load::Ready(Rc::new(data)),
                    Err(error) => Load::Failed(Rc::new(error)),
                });
            });
        });
    }
    (*state).clone()
}
