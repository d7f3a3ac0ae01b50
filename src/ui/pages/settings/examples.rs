//! What the person's good answers have become.

use leptos::{either::Either, prelude::*};

use crate::{
    api::training::{self, RemoveExample},
    domain::training::Example,
    ui::components::{FormError, Loaded, PostForm, failure},
};

/// The examples that were made of the person's answers, each with a way to remove it. `consents` has a value for each change of
/// the consent.
#[component]
pub fn Examples(#[prop(into)] consents: Signal<usize>) -> impl IntoView {
    let remove = ServerAction::<RemoveExample>::new();
    let examples = Resource::new(move || (consents.get(), remove.version().get()), |_| training::list(None));
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
                <Loaded resource=examples render=move |page| {
                    if page.items.is_empty() {
                        return Either::Left(view! { <p class="faded">"There are none."</p> });
                    }
                    let more = page.next_cursor.is_some();
                    let items = page.items.into_iter().map(|example| view! { <Made example remove/> }).collect_view();
                    Either::Right(view! {
                        <ol class="margin-notes">{items}</ol>
                        {more.then(|| view! { <p class="faded small">"These are the newest; older ones follow as you remove them."</p> })}
                    })
                }/>
            </div>
        </section>
    }
}

#[component]
fn Made(example: Example, remove: ServerAction<RemoveExample>) -> impl IntoView {
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
                <time datetime=example.created_at.to_rfc3339()>{example.created_at.date_text()}</time>
                <PostForm action=remove>
                    <input r#type="hidden" name="id" value=example.id.to_string()/>
                    <button class="link small" r#type="submit" aria-label=label>"Remove"</button>
                </PostForm>
            </footer>
        </li>
    }
}
