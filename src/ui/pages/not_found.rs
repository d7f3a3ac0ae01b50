//! The page for an address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

/// Nothing is at this address.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::api::house::set_status(crate::domain::ErrorCode::NotFound);
    view! {
        <Title text="Not found"/>
        <div class="page narrow error-page">
            <p class="error-code">"404"</p>
            <h1>"Nothing grows at this address"</h1>
            <p>"The page may have moved, or the link may be broken. Your memories are where you left them."</p>
            <div class="actions">
                <a class="button primary" href="/">"To the beginning"</a>
                <a class="button quiet" href="/catalog">"Browse the catalog"</a>
            </div>
        </div>
    }
}
