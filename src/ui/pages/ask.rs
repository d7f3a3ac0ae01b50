use leptos::prelude::*;

#[component]
pub fn Ask() -> impl IntoView {
    view! { <div class="page"><h1>"Ask"</h1></div> }
}
