//! An image of the pack, which enlarges.

use enduring_core::content::Image;
use yew::prelude::*;

use crate::components::dialog::{Dialog, Extent};
use crate::components::icon::{Icon, glyph};
use crate::components::media::use_media;
use crate::components::part::{Part, part};
use crate::hooks::use_state;
use crate::markup::html;
use crate::strings::strings;

/// An image in its place; pressed, it takes the whole window. Until the file is at
/// hand, what it shows stands there in words.
#[derive(PartialEq)]
pub struct Figure {
    /// The image.
    pub image: Image,
}

part!(Figure, use_figure);

#[hook]
fn use_figure(props: &Figure) -> Html {
    let words = &strings().play;
    let Image { file, alt, caption, width, height } = &props.image;
    let large = use_state(|| false);
    let url = use_media(file);
    let set = |open: bool| {
        let large = large.setter();
        Callback::from(move |()| large.set(open))
    };
    let picture = |url: &AttrValue, class: &'static str| {
        html! {
            <img {class} src={url.clone()} alt={alt.clone()}
                width={width.to_string()} height={height.to_string()} decoding="async" />
        }
    };
    html! {
        <figure class="figure">
            if let Some(url) = &url {
                <button type="button" class="figure__open" onclick={set(true).reform(|_: MouseEvent| ())}>
                    { picture(url, "figure__image") }
                    <span class="figure__enlarge">{ glyph(Icon::Enlarge) }{ words.enlarge }</span>
                </button>
                if *large {
                    {
                        Dialog {
                            title: AttrValue::Static(words.image),
                            id: AttrValue::Static("figure-title"),
                            extent: Extent::Window,
                            onclose: set(false),
                            children: html! { <>{ picture(url, "figure__large") }
                            <p>{ caption }</p></> },
                            ..Dialog::default()
                        }
                        .view()
                    }
                }
            } else {
                <p class="figure__words">{ words.image_words }{ " " }{ alt }</p>
            }
            if !caption.is_empty() { <figcaption class="figure__caption">{ caption }</figcaption> }
        </figure>
    }
}
