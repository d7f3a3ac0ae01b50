//! What stands around every page: masthead, navigation, colophon, who is signed in, day and night.

mod arrival;
mod current_user;
mod masthead;
mod theme;

pub use arrival::FocusOnArrival;
pub use current_user::{CurrentUser, SignedIn, current_user, provide_current_user};
pub use masthead::{Colophon, Masthead, SkipLink};
pub use theme::{ThemeButton, theme};
