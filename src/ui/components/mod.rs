//! The parts that pages are made of.

mod address;
mod bars;
mod form;
mod fragrance_card;
mod holding_buttons;
mod icon;
mod live;
mod loaded;
mod loaded_page;
mod memory_place;
mod pagination;
mod palette;
mod prefilled;
mod pyramid;
mod recorder;
mod scent_flower;
mod status;
mod taste_moved;

pub use address::address;
pub use bars::{Bar, Bars, category_class, signed};
pub use form::{Field, FormError, PostForm, failure};
pub use fragrance_card::{FragranceCard, in_short, wears};
pub use holding_buttons::HoldingButtons;
pub use icon::{Icon, IconName};
pub use live::{Heard, use_memory_events};
pub use loaded::{ErrorBox, Loaded, Skeleton};
pub use loaded_page::LoadedPage;
pub use memory_place::{memory_place, original};
pub use pagination::Pagination;
pub use palette::Palette;
pub use prefilled::prefilled;
pub use pyramid::{Pyramid, size_of};
pub use recorder::{Recorder, Recording};
pub use scent_flower::{FlowerSize, ScentFlower};
pub use status::with_status;
pub use taste_moved::{TasteMoved, follow, moved, report, target_name};
