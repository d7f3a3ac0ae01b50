//! The training examples of all who consent.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::Area;
use crate::{
    api::admin::{self, RemoveAnyExample},
    domain::training::Example,
    ui::components::{FormError, Loaded, Pagination, PostForm, failure, with_status},
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
                    if page.items.is_empty() {
                        return Either::Left(view! { <p class="faded">"There are none."</p> });
                    }
                    let next = page.next_cursor;
                    let items = page.items.into_iter().map(|example| view! { <Shown example remove/> }).collect_view();
                    Either::Right(view! {
                        <ol class="margin-notes">{items}</ol>
                        <Pagination path="/admin/examples" cursor=cursor.get_untracked() next/>
                    })
                }/>
            </section>
        </Area>
    }
}

#[component]
fn Shown(example: Example, remove: ServerAction<RemoveAnyExample>) -> impl IntoView {
    let sentences = example.sentences.into_iter().map(|sentence| view! { <p class="small">{sentence}</p> }).collect_view();
    let label = format!("Remove the example: {}", example.question);
    view! {
        <li>
            <details>
                <summary>{example.question}</summary>
                <div class="stack tight">{sentences}</div>
            </details>
            <footer>
                <span>{example.source.label()}</span>
                <span>{format!("quality {:.2}", example.quality_score)}</span>
                <time datetime=example.created_at.to_rfc3339()>{example.created_at.minute_text()}</time>
                <PostForm action=remove>
                    <input r#type="hidden" name="id" value=example.id.to_string()/>
                    <button class="link small" r#type="submit" aria-label=label>"Remove"</button>
                </PostForm>
            </footer>
        </li>
    }
}
