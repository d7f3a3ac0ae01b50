//! What the person's good answers have become.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::training::{self, RemoveExample},
    ui::components::{ExampleNote, FormError, Loaded, Pagination, failure},
};

/// The examples that were made of the person's answers, each with a way to remove it. `consents` has a value for each change of
/// the consent.
#[component]
pub fn Examples(#[prop(into)] consents: Signal<usize>) -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor")).unwrap_or_default());
    let remove = ServerAction::<RemoveExample>::new();
    let examples = Resource::new(
        move || (cursor.get(), consents.get(), remove.version().get()),
        |(cursor, ..)| async move { training::list(Some(cursor.clone())).await.map(|page| (cursor, page)) },
    );
    view! {
        <section class="section setting" aria-labelledby="examples-heading" id="examples">
            <div class="stack tight">
                <h2 id="examples-heading">"Examples made of your answers"</h2>
                <p class="faded">
                    "Names, addresses, links and numbers are taken out by rules, which do not find everything: a name that stands "
                    "alone can stay. Read them, and remove what should not be there. A deleted memory takes its examples with it."
                </p>
            </div>
            <div class="stack">
                <FormError error=failure(remove)/>
                <Loaded resource=examples render=move |(cursor, page)| {
                    let list = if page.items.is_empty() {
                        let words = if cursor.is_empty() { "There are none." } else { "There are no older ones." };
                        Either::Left(view! { <p class="faded">{words}</p> })
                    } else {
                        let items = page.items.into_iter().map(|example| view! { <ExampleNote example remove/> }).collect_view();
                        Either::Right(view! { <ol class="margin-notes">{items}</ol> })
                    };
                    view! {
                        {list}
                        <Pagination path="/settings" cursor next=page.next_cursor place="examples"/>
                    }
                }/>
            </div>
        </section>
    }
}
