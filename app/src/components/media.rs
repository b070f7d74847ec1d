//! Where images of the pack are found.

use std::rc::Rc;

use yew::prelude::*;

type Find = dyn Fn(&str) -> Option<AttrValue>;

/// From a path in the pack to an address that an `<img>` can take; a context that
/// the page provides. `None` while the file is on its way, or when it is missing.
#[derive(Clone)]
pub struct MediaUrl(pub Rc<Find>);

impl PartialEq for MediaUrl {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Elements that find the images of the pack.
pub fn with_media(media: MediaUrl, shown: Html) -> Html {
    yew::html! { <ContextProvider<MediaUrl> context={media}>{ shown }</ContextProvider<MediaUrl>> }
}

/// The address of a file of the pack.
#[hook]
pub fn use_media(file: &str) -> Option<AttrValue> {
    use_context::<MediaUrl>().and_then(|media| (media.0)(file))
}
