//! What the person's good answers have become.

use leptos::{either::Either, prelude::*};

use crate::{
    api::training::{self, RemoveExample},
    ui::components::{ExampleNote, FormError, Loaded, failure},
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
                    let items = page.items.into_iter().map(|example| view! { <ExampleNote example remove/> }).collect_view();
                    Either::Right(view! {
                        <ol class="margin-notes">{items}</ol>
                        {more.then(|| view! { <p class="faded small">"These are the newest; older ones follow as you remove them."</p> })}
                    })
                }/>
            </div>
        </section>
    }
}
