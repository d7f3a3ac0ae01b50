//! The account: who one is here, where one is signed in, what may be done with one's data.

mod browser;
mod data;
mod examples;
mod sessions;
pub(super) mod usage;

use leptos::prelude::*;
use leptos_meta::Title;

use self::{
    data::{DeleteAccount, Export},
    examples::Examples,
    sessions::Sessions,
    usage::Usage,
};
use crate::{
    api::{
        self,
        accounts::{self, Consent, RevokeSession, SignOut},
    },
    domain::account::{Role, User},
    ui::{
        components::{FormError, LeavingForm, Loaded, PostForm, Privacy, failure, promise},
        layout::SignedIn,
    },
};

/// The page of the account.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let account = Resource::new_blocking(|| (), |()| accounts::me());
    let consent = ServerAction::<Consent>::new();
    let revoke = ServerAction::<RevokeSession>::new();
    let sessions = Resource::new(move || revoke.version().get(), |_| accounts::sessions());
    let usage = Resource::new(|| (), |()| api::usage::get());
    view! {
        <Title text="Settings"/>
        <SignedIn>
            <div class="page settings">
                <header class="page-head">
                    <h1>"Settings"</h1>
                </header>
                <Loaded resource=account render=|user| view! { <Account user/> }/>
                <Privacy/>
                <Appearance/>
                <Sessions sessions revoke/>
                <Loaded resource=account render=move |user| view! { <TrainingConsent given=user.consent_training consent/> }/>
                <Loaded resource=usage render=|report| view! { <Usage report/> }/>
                <Examples consents=consent.version()/>
                <Export/>
                <DeleteAccount/>
            </div>
        </SignedIn>
    }
}

#[component]
fn Account(user: User) -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    let house = (user.role == Role::Admin).then(|| view! { " · " <a href="/admin">"The house"</a> });
    view! {
        <section class="section setting" aria-labelledby="account-heading">
            <div>
                <h2 id="account-heading">"You"</h2>
            </div>
            <div class="stack">
                <dl class="facts">
                    <div><dt>"Name"</dt><dd dir="auto">{user.name}</dd></div>
                    <div><dt>"Email"</dt><dd>{user.email}</dd></div>
                    <div><dt>"Here since"</dt><dd>{user.created_at.date_text()}</dd></div>
                    <div><dt>"Role"</dt><dd>{user.role.label()}</dd></div>
                </dl>
                <p class="small">
                    <a href="/profile">"Your taste"</a> " · " <a href="/memories">"Your memories"</a> " · "
                    <a href="/ask/history">"Your questions"</a> " · " <a href="/collection">"Your collection"</a> {house}
                </p>
                <FormError error=failure(sign_out)/>
                <LeavingForm action=sign_out>
                    <button class="button" r#type="submit">"Sign out"</button>
                </LeavingForm>
            </div>
        </section>
    }
}

#[component]
fn Appearance() -> impl IntoView {
    view! {
        <section class="section setting" aria-labelledby="appearance-heading">
            <div>
                <h2 id="appearance-heading">"Day and night"</h2>
            </div>
            <p>"The paper follows your system, until you choose for yourself with the moon at the top of the page."</p>
        </section>
    }
}

#[component]
fn TrainingConsent(given: bool, consent: ServerAction<Consent>) -> impl IntoView {
    let saved = move || consent.value().with(|v| v.as_ref().and_then(|v| v.as_ref().ok()).map(|user| user.consent_training));
    let notice = move || {
        saved().map(|given| {
            let words =
                if given { "Saved: good answers may teach the model." } else { "Saved: nothing of yours teaches the model." };
            view! { <p class="notice good">{words}</p> }
        })
    };
    let choice = move |value: bool, words: &'static str| {
        view! {
            <label class="check">
                <input r#type="radio" name="training" value=value.to_string() checked=value == given/>
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <section class="section setting" aria-labelledby="consent-heading">
            <div class="stack tight">
                <h2 id="consent-heading">"Learning from your answers"</h2>
                <p class="faded">
                    "Your own taste is learned either way. This is about the models that serve everybody in this house: with your "
                    "consent, your reactions are weighed for its ranking, and answers that you liked become examples, which whoever runs the "
                    "house can read. " {promise().of_examples()} " You can take it back, and the examples go with it. What a model has "
                    "learned by then stays in it until the next one is trained."
                </p>
            </div>
            <PostForm action=consent class="form" label="Learning from your answers">
                <FormError error=failure(consent)/>
                <fieldset>
                    <legend class="visually-hidden">"May good answers become examples?"</legend>
                    {choice(true, "Yes, answers I liked may become examples")}
                    {choice(false, "No, keep them out of it")}
                </fieldset>
                <div class="actions">
                    <button class="button" r#type="submit">"Save the choice"</button>
                    <div role="status">{notice}</div>
                </div>
            </PostForm>
        </section>
    }
}
