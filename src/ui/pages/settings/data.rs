//! What is kept of a person: taking it along, and having it gone.

use leptos::prelude::*;

use crate::{
    api::accounts::Delete,
    domain::AppError,
    ui::{
        components::{Field, FormError, PostForm, failure},
        layout::{CurrentUser, current_user},
    },
};

/// Hands the person everything that is kept of them, as a file.
#[component]
pub fn Export() -> impl IntoView {
    let export = Action::new_local(|_: &()| download());
    let problem = move || {
        let error = export.value().get().and_then(Result::err)?;
        Some(view! { <p class="notice warn" role="alert">{error.message().to_owned()}</p> })
    };
    view! {
        <section class="section setting" aria-labelledby="export-heading">
            <div class="stack tight">
                <h2 id="export-heading">"Everything that is yours"</h2>
                <p class="faded">"Your memories, what was understood of them, your questions, your taste and its story, in one file."</p>
            </div>
            <div class="stack">
                {problem}
                <div class="actions">
                    <button
                        class="button"
                        r#type="button"
                        aria-busy=move || export.pending().get().then_some("true")
                        on:click=move |_| {
                            export.dispatch(());
                        }
                    >
                        "Download as JSON"
                    </button>
                </div>
                <noscript>
                    <p class="faded small">"The download is put together in your browser, which needs JavaScript."</p>
                </noscript>
            </div>
        </section>
    }
}

/// Fetches the export and lets the browser save it.
async fn download() -> Result<(), AppError> {
    #[cfg(feature = "hydrate")]
    {
        let archive = crate::api::accounts::export().await?;
        let text = serde_json::to_string_pretty(&archive).map_err(|_| AppError::internal())?;
        save_as("flowery.json", &text)
            .map_err(|_| AppError::unavailable("The browser did not take the file. Please try again."))?;
    }
    Ok(())
}

/// Offers a text to the person as a file.
#[cfg(feature = "hydrate")]
fn save_as(name: &str, text: &str) -> Result<(), wasm_bindgen::JsValue> {
    use wasm_bindgen::JsCast;

    let blob = web_sys::Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into()))?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}

/// Deletes the account, one step away and with the password.
#[component]
pub fn DeleteAccount() -> impl IntoView {
    let delete = ServerAction::<Delete>::new();
    let error = failure(delete);
    let CurrentUser(current) = current_user();
    Effect::new(move |_| {
        if delete.value().with(|v| matches!(v, Some(Ok(_)))) {
            current.refetch();
        }
    });
    view! {
        <section class="section setting danger-zone" aria-labelledby="delete-heading">
            <div class="stack tight">
                <h2 id="delete-heading">"Leaving"</h2>
                <p class="faded">"You may want to download everything first."</p>
            </div>
            <details id="delete-account" open=move || error.get().is_some()>
                <summary>"Delete your account"</summary>
                <div class="stack">
                    <p>"Your memories, your taste and your account will be gone from this machine at once. This cannot be undone."</p>
                    <PostForm action=delete class="form" label="Delete your account">
                        <FormError error fields=&["password"]/>
                        <Field name="password" label="Your password" error>
                            <input
                                id="password"
                                name="password"
                                r#type="password"
                                autocomplete="current-password"
                                maxlength="256"
                                required
                                aria-describedby="password-error"
                            />
                        </Field>
                        <div class="actions">
                            <button class="button danger" r#type="submit">"Delete everything"</button>
                        </div>
                    </PostForm>
                </div>
            </details>
        </section>
    }
}
