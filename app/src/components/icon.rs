//! A dozen icons. Each stands beside a word and is hidden from screen readers.

use yew::prelude::*;

use crate::markup::html;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Right, saved, done.
    Check,
    /// Not right.
    Cross,
    /// Partly right.
    Half,
    /// Something to know.
    Info,
    /// Something to look out for.
    Warning,
    /// Time.
    Clock,
    /// Up, above.
    Up,
    /// Down, below.
    Down,
    /// The chart.
    Chart,
    /// Something new.
    New,
    /// Leaves the player.
    Leave,
    /// Makes larger.
    Enlarge,
    /// Closes.
    Close,
    /// Again.
    Again,
}

impl Icon {
    /// Strokes on a grid of 24.
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M4 12.5l5.5 5.5L20 6.5",
            Self::Cross | Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Half => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 3v18M15 5v14M18 6.5v11",
            Self::Info => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 11v6M12 7v.5",
            Self::Warning => "M12 3.5L2.5 20h19zM12 10v5M12 17.2v.5",
            Self::Clock => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 7v5l3.5 2",
            Self::Up => "M12 20V5M5.5 11.5L12 5l6.5 6.5",
            Self::Down => "M12 4v15M5.5 12.5L12 19l6.5-6.5",
            Self::Chart => "M8 4H5v17h14V4h-3M8 2.5h8v4H8zM8.5 11h7M8.5 15h5",
            Self::New => "M12 7a5 5 0 1 0 0 10a5 5 0 1 0 0-10z",
            Self::Leave => "M18 13.5V20H4V6h6.5M14 4h6v6M20 4l-9 9",
            Self::Enlarge => {
                "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM15.5 15.5L21 21M10.5 7.5v6M7.5 10.5h6"
            }
            Self::Again => "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.5M20 4v5.5h-5.5",
        }
    }
}

/// An icon.
pub fn glyph(icon: Icon) -> Html {
    let class = if icon == Icon::New { "icon icon--filled" } else { "icon" };
    html! {
        <svg {class} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={icon.path()} />
        </svg>
    }
}
