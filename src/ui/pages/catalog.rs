use leptos::prelude::*;

#[component]
pub fn Catalog() -> impl IntoView {
    view! { <div class="page"><h1>"Catalog"</h1></div> }
}
