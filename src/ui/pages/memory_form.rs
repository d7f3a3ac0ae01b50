use leptos::prelude::*;

#[component]
pub fn NewMemory() -> impl IntoView {
    view! { <div class="page"><h1>"New"</h1></div> }
}

#[component]
pub fn EditMemory() -> impl IntoView {
    view! { <div class="page"><h1>"Edit"</h1></div> }
}
