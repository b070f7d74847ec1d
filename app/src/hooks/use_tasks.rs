//! Tasks with the lifetime of a component.

use yew::prelude::*;

use super::state::use_effect_with;
use crate::platform::tasks::Tasks;

/// Tasks that end with the component.
#[hook]
pub fn use_tasks() -> Tasks {
    let tasks = use_memo((), |()| Tasks::default());
    let stopping = (*tasks).clone();
    use_effect_with((), move |()| move || stopping.stop());
    (*tasks).clone()
}
