use leptos::prelude::*;

#[component]
pub fn Fragrance() -> impl IntoView {
    view! { <div class="page"><h1>"Fragrance"</h1></div> }
}
