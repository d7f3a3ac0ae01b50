use leptos::prelude::*;

#[component]
pub fn MemoryPage() -> impl IntoView {
    view! { <div class="page"><h1>"MemoryPage"</h1></div> }
}
