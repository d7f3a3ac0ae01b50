//! Signing in and signing up.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::accounts::{SignIn as SignInCall, SignUp as SignUpCall},
    ui::{
        components::{Field, FormError, PostForm, failure},
        layout::current_user,
    },
};

/// Where to go after signing in, as a hidden field.
#[component]
fn Next() -> impl IntoView {
    let query = use_query_map();
    move || query.with(|q| q.get("next")).map(|next| view! { <input r#type="hidden" name="next" value=next/> })
}

/// A link to the sister page that keeps where to go afterwards.
fn with_next(path: &'static str) -> impl Fn() -> String {
    let query = use_query_map();
    move || query.with(|q| q.get("next")).map_or_else(|| path.to_owned(), |next| format!("{path}?next={next}"))
}

/// Signs in.
#[component]
pub fn SignIn() -> impl IntoView {
    let action = ServerAction::<SignInCall>::new();
    let error = failure(action);
    let user = current_user().0;
    Effect::new(move |_| {
        if action.value().with(|v| matches!(v, Some(Ok(_)))) {
            user.refetch();
        }
    });
    view! {
        <Title text="Sign in"/>
        <div class="page narrow auth">
            <header class="page-head">
                <h1>"Welcome back"</h1>
            </header>
            <div class="sheet lifted">
                <PostForm action class="form">
                    <Next/>
                    <FormError error fields=&["email", "password"]/>
                    <Field name="email" label="Email" error>
                        <input id="email" name="email" r#type="email" autocomplete="username" required maxlength="254" autofocus/>
                    </Field>
                    <Field name="password" label="Password" error>
                        <input id="password" name="password" r#type="password" autocomplete="current-password" required maxlength="256"/>
                    </Field>
                    <div class="actions">
                        <button class="button primary" r#type="submit">"Sign in"</button>
                    </div>
                </PostForm>
            </div>
            <p class="auth-switch">"New here? " <a href=with_next("/sign-up")>"Make an account"</a></p>
        </div>
    }
}

/// Makes an account.
#[component]
pub fn SignUp() -> impl IntoView {
    let action = ServerAction::<SignUpCall>::new();
    let error = failure(action);
    let user = current_user().0;
    Effect::new(move |_| {
        if action.value().with(|v| matches!(v, Some(Ok(_)))) {
            user.refetch();
        }
    });
    view! {
        <Title text="Make an account"/>
        <div class="page narrow auth">
            <header class="page-head">
                <h1>"Begin your herbarium"</h1>
                <p class="lede">"Your memories stay on this machine. Nobody else reads them."</p>
            </header>
            <div class="sheet lifted">
                <PostForm action class="form">
                    <Next/>
                    <FormError error fields=&["name", "email", "password"]/>
                    <Field name="name" label="What should we call you?" error>
                        <input id="name" name="name" autocomplete="name" required maxlength="120" autofocus/>
                    </Field>
                    <Field name="email" label="Email" error>
                        <input id="email" name="email" r#type="email" autocomplete="username" required maxlength="254"/>
                    </Field>
                    <Field name="password" label="Password" hint="At least 10 characters. A sentence is a good one." error>
                        <input
                            id="password"
                            name="password"
                            r#type="password"
                            autocomplete="new-password"
                            aria-describedby="password-hint"
                            required
                            minlength="10"
                            maxlength="256"
                        />
                    </Field>
                    <div class="actions">
                        <button class="button primary" r#type="submit">"Make an account"</button>
                    </div>
                </PostForm>
            </div>
            <p class="auth-switch">"Already here? " <a href=with_next("/sign-in")>"Sign in"</a></p>
        </div>
    }
}
