//! What is kept of a person: taking it along, and having it gone.

use leptos::prelude::*;

use crate::{
    api::{accounts::Delete, take_along},
    ui::components::{Field, FormError, LeavingForm, failure},
};

/// Hands the person everything that is kept of them, as a file.
#[component]
pub fn Export() -> impl IntoView {
    view! {
        <section class="section setting" aria-labelledby="export-heading">
            <div class="stack tight">
                <h2 id="export-heading">"Everything that is yours"</h2>
                <p class="faded">
                    "One archive with your photos, documents and recordings as you gave them, and a readable file of the rest: your "
                    "memories, what was understood of them, your questions, your taste and its story."
                </p>
            </div>
            <div class="stack">
                <div class="actions">
                    // The browser follows it, not the router: it is a file and no page.
                    <a class="button" href=take_along::PATH rel="external" download=take_along::NAME>"Download everything"</a>
                </div>
                <p class="faded small">"A .tar file, which every computer can open. It may take a while if you have given many files."</p>
            </div>
        </section>
    }
}

/// Deletes the account, one step away and with the password.
#[component]
pub fn DeleteAccount() -> impl IntoView {
    let delete = ServerAction::<Delete>::new();
    let error = failure(delete);
    view! {
        <section class="section setting danger-zone" aria-labelledby="delete-heading">
            <div class="stack tight">
                <h2 id="delete-heading">"Leaving"</h2>
                <p class="faded">"You may want to download everything first."</p>
            </div>
            <details id="delete-account" open=move || error.get().is_some()>
                <summary>"Delete your account"</summary>
                <div class="stack">
                    <p>"Your memories, your taste and your account will be gone from this house at once. This cannot be undone."</p>
                    <LeavingForm action=delete class="form" label="Delete your account">
                        <FormError error fields=&["password"]/>
                        <Field name="password" label="Your password" error>
                            <input
                                id="password"
                                name="password"
                                r#type="password"
                                autocomplete="current-password"
                                maxlength="256"
                                required
                                autofocus=move || error.get().is_some()
                                aria-describedby="password-error"
                            />
                        </Field>
                        <div class="actions">
                            <button class="button danger" r#type="submit">"Delete everything"</button>
                        </div>
                    </LeavingForm>
                </div>
            </details>
        </section>
    }
}
