//! Word that something came from a provider, or was saved after its page was left.

use yew::prelude::*;

use super::state::{use_effect_with, use_state};
use crate::effect::Services;

/// A number that changes whenever there is news: load anew then.
#[hook]
pub fn use_news(services: &Services) -> u32 {
    let count = use_state(|| 0u32);
    let last = use_mut_ref(|| 0u32);
    {
        let (news, count) = (services.news.clone(), count.setter());
        use_effect_with((), move |()| {
            let hearing = news.add(move || {
                let mut last = last.borrow_mut();
                *last = last.wrapping_add(1);
                count.set(*last);
            });
            move || drop(hearing)
        });
    }
    *count
}
