//! Tables that are wider than a phone.

use leptos::prelude::*;

/// A table that scrolls inside its own region, which the keyboard reaches and assistive technology names.
#[component]
pub fn TableRegion(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <div class="table-scroll" role="region" aria-label=label tabindex="0">
            <table>{children()}</table>
        </div>
    }
}
