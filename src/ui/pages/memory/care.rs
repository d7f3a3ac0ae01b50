//! What a person can do with a memory: try again, stop, edit, delete.

use leptos::prelude::*;

use super::deed::Deed;
use crate::{
    api::memories::{Cancel, Delete, Retry},
    domain::ids::MemoryId,
    ui::components::{FormError, Icon, IconName, PostForm},
};

/// Why a memory could not be understood, and the way on.
#[component]
pub fn Failed(id: MemoryId, reason: Option<String>, has_file: bool, retry: Deed<Retry>) -> impl IntoView {
    let reason = reason.unwrap_or_else(|| "Something went wrong while it was being read.".to_owned());
    view! {
        <div class="error-box" role="alert">
            <h2>"This memory is not understood yet"</h2>
            <p>{reason}</p>
            <p>{if has_file { "Your file is kept as you gave it." } else { "Your words are kept as you wrote them." }}</p>
            <FormError error=retry.error/>
            <div class="actions">
                <PostForm action=retry.action>
                    <input r#type="hidden" name="id" value=id.to_string()/>
                    <button class="button primary" r#type="submit">"Try again"</button>
                </PostForm>
            </div>
        </div>
    }
}

/// Under the stages: how to look again without JavaScript, and how to stop.
#[component]
pub fn WhileReading(id: MemoryId, cancel: Deed<Cancel>) -> impl IntoView {
    view! {
        <FormError error=cancel.error/>
        <div class="actions">
            <a class="button small" href=format!("/memories/{id}") rel="external">"Look again"</a>
            <PostForm action=cancel.action>
                <input r#type="hidden" name="id" value=id.to_string()/>
                <button class="button small quiet" r#type="submit">"Stop"</button>
            </PostForm>
        </div>
    }
}

/// Editing and, one step further away, deleting.
#[component]
pub fn Care(id: MemoryId, has_file: bool, delete: Deed<Delete>) -> impl IntoView {
    let what = if has_file { "The file, its words" } else { "Its words" };
    view! {
        <div class="actions">
            <a class="button" href=format!("/memories/{id}/edit")>
                <Icon name=IconName::Edit/>
                <span>"Edit"</span>
            </a>
        </div>
        <details id="delete-memory">
            <summary>"Delete this memory"</summary>
            <div class="stack">
                <p>
                    {what}
                    " and everything that was understood will be gone, and your taste will be as if it had never been here. "
                    "This cannot be undone."
                </p>
                <FormError error=delete.error/>
                <PostForm action=delete.action>
                    <input r#type="hidden" name="id" value=id.to_string()/>
                    <button class="button danger" r#type="submit">"Delete for good"</button>
                </PostForm>
            </div>
        </details>
    }
}
