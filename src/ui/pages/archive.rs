use leptos::prelude::*;

#[component]
pub fn Archive() -> impl IntoView {
    view! { <div class="page"><h1>"Archive"</h1></div> }
}
