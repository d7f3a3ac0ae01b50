//! The icons: thin lines on a grid of 20 × 20, in the colour of the text beside them.
//!
//! An icon never speaks alone: a word stands beside it, or its control has an `aria-label`.

use leptos::prelude::*;

use crate::domain::memory::MemoryType;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    Memory,
    Ask,
    Garden,
    Profile,
    Catalog,
    Collection,
    Settings,
    Search,
    Add,
    Edit,
    Delete,
    Like,
    Dislike,
    Own,
    Wish,
    Bought,
    Close,
    Back,
    Next,
    Undo,
    Sun,
    Moon,
    Lock,
    Warning,
    Check,
    Photo,
    Document,
    Voice,
    Camera,
    Download,
    Play,
    Pause,
    Stop,
}

impl IconName {
    /// The lines, as SVG path data.
    fn lines(self) -> &'static str {
        match self {
            // A sheet with a pressed sprig.
            Self::Memory => {
                "M4.5 2.5h11v15h-11zM10 14.5V7M10 11.5c-2.2 0-3-1.2-3-2.8 2 0 3 .9 3 2.8zM10 9.8c2.2 0 3-1.2 3-2.8-2 0-3 .9-3 2.8z"
            }
            // A letter.
            Self::Ask => "M2.5 5h15v10.5h-15zM2.5 5.5l7.5 5.6 7.5-5.6",
            // Three flowers on one thread.
            Self::Garden => {
                "M5 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM15 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 16.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 6l6 1.1M5.6 7.4l1.7 5.2M13.6 8.9l-4.2 4.2"
            }
            // Five petals.
            Self::Profile => {
                "M10 8.4c-2-1.6-2.2-4.2 0-5.9 2.2 1.7 2 4.3 0 5.9zM11.6 9.5c.9-2.4 3.3-3.4 5.6-1.8-.9 2.6-3.4 3.2-5.6 1.8zM11 11.4c2.6.1 4.2 2.1 3.5 4.8-2.7.1-4.1-2.1-3.5-4.8zM9 11.4c.6 2.7-.8 4.9-3.5 4.8-.7-2.7.9-4.7 3.5-4.8zM8.4 9.5c-2.2 1.4-4.7.8-5.6-1.8 2.3-1.6 4.7-.6 5.6 1.8z"
            }
            // An open book.
            Self::Catalog => {
                "M10 5.2C8.2 3.9 5.5 3.5 2.5 3.8v11.7c3-.3 5.7.1 7.5 1.4 1.8-1.3 4.5-1.7 7.5-1.4V3.8c-3-.3-5.7.1-7.5 1.4zM10 5.2v11.7"
            }
            // A shelf of flasks.
            Self::Collection => "M2.5 16.5h15M4 16.5v-6h4.5v6M5.2 10.5V8h2.1v2.5M11.5 16.5v-8.5h4.5v8.5M12.7 8V4.5h2.1V8",
            Self::Settings => {
                "M2.5 6h8M14.5 6h3M2.5 14h3M9.5 14h8M12.5 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7.5 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
            }
            Self::Search => "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4.5 4.5",
            Self::Add => "M10 3.5v13M3.5 10h13",
            // A pen.
            Self::Edit => "M3.5 16.5l.8-3.6 9.4-9.4 2.8 2.8-9.4 9.4zM11.7 5.5l2.8 2.8",
            Self::Delete => "M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11.5h8.4L15 5.5M8.5 8.5v5.5M11.5 8.5v5.5",
            Self::Like => {
                "M10 16.5C5 12.8 3 10.3 3 7.7 3 5.6 4.6 4 6.5 4c1.5 0 2.8.9 3.5 2.3C10.7 4.9 12 4 13.5 4 15.4 4 17 5.6 17 7.7c0 2.6-2 5.1-7 8.8z"
            }
            // A thorn on its stem.
            Self::Dislike => {
                "M6 17.5c1.5-5 1.5-10 0-15M6.9 7c2.6.2 5-.7 7.1-3-.3 3.8-2.9 6.6-6.8 6.8M7 13.2c1.9.3 3.7-.2 5.3-1.6-.3 2.6-2.2 4.4-5.7 4.3"
            }
            // A flask.
            Self::Own => "M8 2.5h4v3H8zM9 5.5v2.2M11 5.5v2.2M5 7.7h10v9.8H5zM5 12h10",
            // A bookmark.
            Self::Wish => "M5.5 3h9v14L10 13.5 5.5 17z",
            // A paper bag.
            Self::Bought => "M4 6.5h12l.8 11H3.2zM7 9V5.5a3 3 0 0 1 6 0V9",
            Self::Close => "M4.5 4.5l11 11M15.5 4.5l-11 11",
            Self::Back => "M16.5 10h-13M8.5 5l-5 5 5 5",
            Self::Next => "M3.5 10h13M11.5 5l5 5-5 5",
            Self::Undo => "M7 3.5L3.5 7 7 10.5M3.5 7h8a4.7 4.7 0 0 1 0 9.4H7",
            Self::Sun => {
                "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4"
            }
            Self::Moon => "M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z",
            Self::Lock => "M4.5 9h11v8.5h-11zM7 9V6a3 3 0 0 1 6 0v3M10 12.5v1.8",
            Self::Warning => "M10 3l7.5 13.5h-15zM10 8v4M10 13.9v.4",
            Self::Check => "M3.5 10.5l4.3 4.3 8.7-9.6",
            // Hills in a frame.
            Self::Photo => {
                "M2.5 4h15v12.5h-15zM2.5 13.5l4.3-4 3.4 3.2 2.5-2.2 4.8 4.3M13.4 8.4a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4z"
            }
            // A page with a folded corner and lines.
            Self::Document => "M4.5 2.5h7.5l3.5 3.5v11.5h-11zM12 2.5V6h3.5M7 9.5h6M7 12h6M7 14.5h4",
            // A microphone.
            Self::Voice => {
                "M10 12.2a2.5 2.5 0 0 0 2.5-2.5V5a2.5 2.5 0 0 0-5 0v4.7a2.5 2.5 0 0 0 2.5 2.5zM5 9.5a5 5 0 0 0 10 0M10 14.5v3M7.5 17.5h5"
            }
            Self::Camera => "M2.5 6.5h3.3l1.4-2.2h5.6l1.4 2.2h3.3v10h-15zM10 14a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8z",
            Self::Download => "M10 3v10M5.8 9.3L10 13.4l4.2-4.1M3.5 16.8h13",
            Self::Play => "M6 3.8v12.4L16 10z",
            Self::Pause => "M7 4.5v11M13 4.5v11",
            Self::Stop => "M5.5 5.5h9v9h-9z",
        }
    }
}

impl From<MemoryType> for IconName {
    fn from(kind: MemoryType) -> Self {
        match kind {
            MemoryType::Text => Self::Memory,
            MemoryType::Image => Self::Photo,
            MemoryType::Pdf => Self::Document,
            MemoryType::Audio => Self::Voice,
        }
    }
}

/// Draws an icon.
#[component]
pub fn Icon(name: IconName) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
            <path d=name.lines() />
        </svg>
    }
}
