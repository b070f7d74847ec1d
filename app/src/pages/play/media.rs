//! Images of the pack, from the cache to addresses that the page can show.

use std::cell::RefCell;
use std::rc::Rc;

use enduring_core::content::Content;
use enduring_core::id::Digest;
use yew::prelude::*;

use crate::components::media::MediaUrl;
use crate::effect::Services;
use crate::few::Few;
use crate::hooks::{use_state, use_tasks};
use crate::platform::share::BlobUrl;

/// What became of a file that was asked for: `None` while it is on its way, or where it is not to be had.
type Asked = Rc<RefCell<Few<String, Option<BlobUrl>>>>;

/// Where images of the pack are found: each is read when it is first shown, and checked again.
#[hook]
pub fn use_pack_media(services: &Services, content: &Content) -> MediaUrl {
    let asked: Rc<Asked> = use_memo(content.digest(), |_| Asked::default());
    let arrived = use_state(|| 0u32);
    let tasks = use_tasks();
    let count = use_mut_ref(|| 0u32);
    let (services, content) = (services.clone(), content.clone());
    let setter = arrived.setter();
    let media = use_memo((*arrived, content.digest()), move |_| {
        MediaUrl(Rc::new(move |path: &str| {
            if let Some(known) = asked.borrow().get(path) {
                return known.as_ref().map(|url| AttrValue::from(url.as_str().to_owned()));
            }
            let file = content.manifest().files.iter().find(|file| file.path == path)?.clone();
            asked.borrow_mut().insert(file.path.clone(), None);
            let (services, asked) = (services.clone(), Rc::clone(&asked));
            let (setter, count) = (setter.clone(), Rc::clone(&count));
            tasks.spawn(async move {
                let Ok(cache) = services.cache() else { return };
                let Ok(Some(bytes)) = cache.blob(file.sha256).await else { return };
                if Digest::of(&[&bytes]) != file.sha256 {
                    return;
                }
                asked.borrow_mut().insert(file.path, BlobUrl::new(&bytes, &file.media_type));
                let mut count = count.borrow_mut();
                *count = count.wrapping_add(1);
                setter.set(*count);
            });
            None
        }))
    });
    (*media).clone()
}
