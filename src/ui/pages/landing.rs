use leptos::prelude::*;

#[component]
pub fn Landing() -> impl IntoView {
    view! { <div class="page"><h1>"Landing"</h1></div> }
}
