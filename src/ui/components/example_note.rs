//! A training example, where it can be read and removed.

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use server_fn::{Http, ServerFn};

use super::PostForm;
use crate::{
    api::codec::PostAny,
    domain::{AppError, training::Example},
};

/// One example: its question, which opens its sentences, with what `remove`, which takes its `id`, does away with.
#[component]
pub fn ExampleNote<S, O>(
    example: Example,
    remove: ServerAction<S>,
    /// With how good it is held to be, and to the minute.
    #[prop(optional)]
    for_operator: bool,
) -> impl IntoView
where
    S: ServerFn<Protocol = Http<PostAny, O>, Error = AppError> + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    O: 'static,
{
    let sentences = example.sentences.into_iter().map(|sentence| view! { <p class="small">{sentence}</p> }).collect_view();
    let made = if for_operator { example.created_at.minute_text() } else { example.created_at.date_text() };
    let label = format!("Remove the example: {}", example.question);
    view! {
        <li>
            <details>
                <summary>{example.question}</summary>
                <div class="stack tight">{sentences}</div>
            </details>
            <footer>
                <span>{example.source.label()}</span>
                {for_operator.then(|| view! { <span>{format!("quality {:.2}", example.quality_score)}</span> })}
                <time datetime=example.created_at.to_rfc3339()>{made}</time>
                <PostForm action=remove>
                    <input r#type="hidden" name="id" value=example.id.to_string()/>
                    <button class="link small" r#type="submit" aria-label=label>"Remove"</button>
                </PostForm>
            </footer>
        </li>
    }
}
