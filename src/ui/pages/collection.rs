use leptos::prelude::*;

#[component]
pub fn Collection() -> impl IntoView {
    view! { <div class="page"><h1>"Collection"</h1></div> }
}
