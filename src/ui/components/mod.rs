//! The parts that pages are made of.

mod form;
mod icon;
mod loaded;
mod scent_flower;

pub use form::{Field, FormError, PostForm, failure};
pub use icon::{Icon, IconName};
pub use loaded::{ErrorBox, Loaded, Skeleton};
pub use scent_flower::{FlowerSize, ScentFlower};
