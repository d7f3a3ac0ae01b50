//! Where reading begins after a change of pages.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

/// Moves the focus to the text when another page is reached without loading it, as browsers do by themselves where they load
/// one: the tab key and screen readers begin there, and not where something stood that is gone.
#[component]
pub fn FocusOnArrival(
    /// What holds the pages.
    main: NodeRef<html::Main>,
) -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let here = path.get();
        if before.is_some_and(|before| before != here)
            && let Some(main) = main.get_untracked()
        {
            // Focusing scrolls, but where a page is entered is for the router to say.
            let (x, y) = (window().scroll_x(), window().scroll_y());
            let _ = main.focus();
            if let (Ok(x), Ok(y)) = (x, y) {
                window().scroll_to_with_x_and_y(x, y);
            }
        }
        here
    });
}
