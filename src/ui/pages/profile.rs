use leptos::prelude::*;

#[component]
pub fn Profile() -> impl IntoView {
    view! { <div class="page"><h1>"Profile"</h1></div> }
}
