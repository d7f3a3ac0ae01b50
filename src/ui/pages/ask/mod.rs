//! Asking: a letter, and the answer growing under it.

mod letter;
#[cfg(feature = "hydrate")]
mod stream;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

pub use letter::Letter;

use crate::ui::{components::address, layout::SignedIn};

/// What one may ask, to begin with.
const EXAMPLES: [&str; 4] = [
    "Something that smells like rain on warm stone, without patchouli, under 80 €",
    "Like Terre d'Hermès, but softer",
    "My grandmother's kitchen in winter, for the evening",
    "A quiet iris for work that is not sweet",
];

/// The page on which a question is asked.
#[component]
pub fn Ask() -> impl IntoView {
    view! {
        <Title text="Ask"/>
        <SignedIn>
            <Question/>
        </SignedIn>
    }
}

#[component]
fn Question() -> impl IntoView {
    let query = use_query_map();
    let prefilled = Memo::new(move |_| query.with(|q| q.get("q")).unwrap_or_default());
    view! {
        <div class="page narrow ask">
            <header class="page-head">
                <h1>"Ask"</h1>
                <p class="lede">"In your own words: a memory, a place, a note you miss or cannot bear, a price, a perfume to start from."</p>
            </header>
            <Letter label="What are you looking for?" prefilled>
                <ul class="examples" aria-label="Examples">
                    {EXAMPLES.map(|example| view! { <li><a href=address("/ask", &[("q", example)])>{example}</a></li> }).collect_view()}
                </ul>
                <p class="small">
                    <a href="/ask/history">"Earlier questions"</a>
                </p>
            </Letter>
        </div>
    }
}
