//! Signing in and signing up.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};

use crate::{
    api::{
        accounts::{SignIn as SignInCall, SignUp as SignUpCall},
        set_aside::typed,
    },
    domain::typed::FormName,
    ui::{
        components::{Field, FormError, PostForm, failure, promise},
        layout::current_user,
    },
};

/// Where to go after signing in, as a hidden field.
#[component]
fn Next() -> impl IntoView {
    let next = next();
    move || next().map(|next| view! { <input r#type="hidden" name="next" value=decoded(&next)/> })
}

/// Says, to somebody who shared a file while signed out, why it is not here.
#[component]
fn SharedBefore() -> impl IntoView {
    let shared = use_query_map().with_untracked(|query| query.get_str("shared").is_some());
    shared.then(|| {
        view! {
            <p class="notice" role="status">
                "Nothing was kept of what you shared: Flowery did not know yet whose it is. Please sign in, and share it again."
            </p>
        }
    })
}

/// A link to the sister page that keeps where to go afterwards.
fn with_next(path: &'static str) -> impl Fn() -> String {
    let next = next();
    move || next().map_or_else(|| path.to_owned(), |next| format!("{path}?next={next}"))
}

/// Where to go after signing in, still encoded. Read from the address itself: the router's map decodes a value twice, which
/// would cut a question off at its first `&`.
fn next() -> impl Fn() -> Option<String> + Clone {
    let search = use_location().search;
    move || search.with(|s| s.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("next=")).map(str::to_owned))
}

/// Takes one layer of percent-encoding away.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|c| char::from(*c).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(16 * high + low);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Signs in.
#[component]
pub fn SignIn() -> impl IntoView {
    let action = ServerAction::<SignInCall>::new();
    let error = failure(action);
    let typed = SharedValue::new(|| typed(FormName::Account)).into_inner();
    let typed_email = typed.get("email");
    let user = current_user().0;
    Effect::new(move |_| {
        // Known at once: the page that comes next asks who is there.
        if let Some(Ok(person)) = action.value().get() {
            user.set(Some(Some(person)));
        }
    });
    view! {
        <Title text="Sign in"/>
        <div class="page narrow auth">
            <header class="page-head">
                <h1>"Welcome back"</h1>
            </header>
            <SharedBefore/>
            <div class="sheet lifted">
                <PostForm action class="form">
                    <Next/>
                    <FormError error fields=&["email", "password"]/>
                    <Field name="email" label="Email" error>
                        <input id="email" name="email" value=typed_email r#type="email" autocomplete="username" required maxlength="254" autofocus/>
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
    let typed = SharedValue::new(|| typed(FormName::Account)).into_inner();
    let promise = promise();
    let (typed_name, typed_email) = (typed.get("name"), typed.get("email"));
    let user = current_user().0;
    Effect::new(move |_| {
        // Known at once: the page that comes next asks who is there.
        if let Some(Ok(person)) = action.value().get() {
            user.set(Some(Some(person)));
        }
    });
    view! {
        <Title text="Make an account"/>
        <div class="page narrow auth">
            <header class="page-head">
                <h1>"Begin your herbarium"</h1>
                <p class="lede">{promise.of_keeping()}" "{promise.of_sending()}</p>
            </header>
            <div class="sheet lifted">
                <PostForm action class="form">
                    <Next/>
                    <FormError error fields=&["name", "email", "password"]/>
                    <Field name="name" label="What should we call you?" error>
                        <input id="name" name="name" value=typed_name autocomplete="name" required maxlength="120" autofocus/>
                    </Field>
                    <Field name="email" label="Email" error>
                        <input id="email" name="email" value=typed_email r#type="email" autocomplete="username" required maxlength="254"/>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_layer_of_encoding_is_taken_away() {
        assert_eq!(decoded("/ask%3Fq%3Drain%2526tea%2Bmilk"), "/ask?q=rain%26tea+milk");
        assert_eq!(decoded("100%25 %C3%BC %zz %+1 %4"), "100% ü %zz %+1 %4");
    }
}
