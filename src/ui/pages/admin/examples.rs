//! The training examples of all who consent.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::Area;
use crate::{
    api::admin::{self, RemoveAnyExample},
    ui::components::{ExampleNote, FormError, Loaded, Pagination, failure, with_status},
};

/// What a language model would learn from.
#[component]
pub fn AdminExamples() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor")).unwrap_or_default());
    let remove = ServerAction::<RemoveAnyExample>::new();
    let examples = Resource::new_blocking(
        move || (cursor.get(), remove.version().get()),
        |(cursor, _)| async move { with_status(admin::examples(Some(cursor)).await) },
    );
    view! {
        <Area title="Examples" lede="Answers that people let a language model learn from. Names and contact data were taken out by rules.">
            <FormError error=failure(remove)/>
            <section class="section">
                <Loaded resource=examples render=move |page| {
                    let cursor = cursor.get_untracked();
                    let list = if page.items.is_empty() {
                        let words = if cursor.is_empty() { "There are none." } else { "There are no older ones." };
                        Either::Left(view! { <p class="faded">{words}</p> })
                    } else {
                        let note = |example| view! { <ExampleNote example remove for_operator=true/> };
                        let items = page.items.into_iter().map(note).collect_view();
                        Either::Right(view! { <ol class="margin-notes">{items}</ol> })
                    };
                    view! {
                        {list}
                        <Pagination path="/admin/examples" cursor next=page.next_cursor/>
                    }
                }/>
            </section>
        </Area>
    }
}
