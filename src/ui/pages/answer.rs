use leptos::prelude::*;

#[component]
pub fn Answer() -> impl IntoView {
    view! { <div class="page"><h1>"Answer"</h1></div> }
}
