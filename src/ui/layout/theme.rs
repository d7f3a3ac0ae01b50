//! Day and night: the system's choice, until the person makes their own.

use leptos::prelude::*;

use crate::ui::components::{Icon, IconName};

/// The theme that the person chose, for the first paint: `day`, `night`, or nothing.
pub fn theme() -> Option<&'static str> {
    #[cfg(feature = "ssr")]
    {
        let cookies = crate::api::house::request_header(axum::http::header::COOKIE);
        let chosen = |theme| cookies.split(';').any(|c| c.trim() == format!("theme={theme}"));
        ["day", "night"].into_iter().find(|t| chosen(*t))
    }
    #[cfg(not(feature = "ssr"))]
    None
}

/// Switches between day and night, and remembers it in a cookie for the next first paint.
#[component]
pub fn ThemeButton() -> impl IntoView {
    let switch = move |_| {
        #[cfg(feature = "hydrate")]
        switch_theme();
    };
    view! {
        <button class="icon-button" r#type="button" aria-label="Switch between day and night" on:click=switch>
            <Icon name=IconName::Moon/>
        </button>
    }
}

#[cfg(feature = "hydrate")]
fn switch_theme() {
    let Some(root) = document().document_element() else { return };
    let prefers_dark = || window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|m| m.matches());
    let is_night = match root.get_attribute("data-theme").as_deref() {
        Some("night") => true,
        Some("day") => false,
        _ => prefers_dark(),
    };
    let next = if is_night { "day" } else { "night" };
    let _ = root.set_attribute("data-theme", next);
    let cookie = format!("theme={next}; Path=/; Max-Age=31536000; SameSite=Lax");
    let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
}
