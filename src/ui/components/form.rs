//! Forms that work before the wasm has loaded, and better after.

use leptos::{ev::SubmitEvent, form::FromFormData, html, prelude::*};
use leptos_router::hooks::use_query_map;
use serde::de::DeserializeOwned;
use server_fn::{Http, ServerFn, error::ServerFnUrlError};

use crate::{
    api::codec::PostAny,
    domain::{AppError, ErrorCode},
};

/// A form that posts to a server function. Without JavaScript the browser posts it; with JavaScript the action does.
#[component]
pub fn PostForm<S, O>(
    action: ServerAction<S>,
    #[prop(optional, into)] class: String,
    #[prop(optional, into)] id: String,
    /// Said by assistive technology where no heading names the form.
    #[prop(optional, into)]
    label: String,
    /// The form, for who has it reset.
    #[prop(optional)]
    form_ref: NodeRef<html::Form>,
    children: Children,
) -> impl IntoView
where
    S: ServerFn<Protocol = Http<PostAny, O>, Error = AppError> + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    O: 'static,
{
    let submit = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        // What is on its way is not sent twice, nor is anything beside it that rests on what it changes.
        if action.pending().get_untracked() {
            return;
        }
        match S::from_event(&event) {
            Ok(arguments) => {
                action.dispatch(arguments);
            }
            Err(_) => {
                let message = "A field could not be read: please check the numbers and dates.";
                action.value().set(Some(Err(AppError::new(ErrorCode::BadInput, message))));
            }
        }
    };
    let given = |text: String| (!text.is_empty()).then_some(text);
    view! {
        <form
            method="post"
            action=S::url()
            class=given(class)
            id=given(id)
            aria-label=given(label)
            aria-busy=move || action.pending().get().then_some("true")
            on:submit=submit
            node_ref=form_ref
        >
            {children()}
        </form>
    }
}

/// A form that the browser posts itself, scripts or not, and after which it loads the next page from the beginning: for leaving,
/// where nothing of what this page holds may go on.
#[component]
pub fn LeavingForm<S, O>(
    /// Never dispatched: it names the call, and [`failure`] finds its error in the address.
    action: ServerAction<S>,
    #[prop(optional, into)] class: String,
    /// Said by assistive technology where no heading names the form.
    #[prop(optional, into)]
    label: String,
    children: Children,
) -> impl IntoView
where
    S: ServerFn<Protocol = Http<PostAny, O>, Error = AppError> + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    O: 'static,
{
    let _ = action;
    let given = |text: String| (!text.is_empty()).then_some(text);
    view! { <form method="post" action=S::url() class=given(class) aria-label=given(label)>{children()}</form> }
}

/// What went wrong with a form's last try: from the action, or (without JavaScript) from the address that the browser was
/// sent back to.
pub fn failure<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let query = use_query_map();
    Signal::derive(move || match action.value().get() {
        Some(result) => result.err(),
        None => query.with(|q| {
            let ours = q.get_str("__path") == Some(S::PATH);
            q.get_str("__err").filter(|_| ours).map(ServerFnUrlError::<AppError>::decode_err)
        }),
    })
}

/// The same for one of several forms that call alike: the address does not tell which of them it was, so the page does.
pub fn failure_here<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().with(|value| value.as_ref()?.as_ref().err().cloned()))
}

/// The sentence for an error that belongs to no single field.
#[component]
pub fn FormError(
    #[prop(into)] error: Signal<Option<AppError>>,
    /// The fields that show their own errors.
    #[prop(optional)]
    fields: &'static [&'static str],
) -> impl IntoView {
    move || {
        let error = error.get().filter(|e| !e.field().is_some_and(|f| fields.contains(&f)))?;
        Some(view! { <p class="notice warn" role="alert">{error.message().to_owned()}</p> })
    }
}

/// A labelled field with its hint and its error. The control itself comes as children and must carry `id=name`.
#[component]
pub fn Field(
    /// The argument's name, and the control's id.
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] optional: bool,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<AppError>>,
    children: Children,
) -> impl IntoView {
    let mine = move || error.get().filter(|e| e.field() == Some(name)).map(|e| e.message().to_owned());
    view! {
        <div class="field" class:invalid=move || mine().is_some()>
            <label for=name>
                {label}
                {optional.then(|| view! { " " <span class="optional">"optional"</span> })}
            </label>
            {children()}
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
            {move || mine().map(|message| view! { <p class="error" id=format!("{name}-error") role="alert">{message}</p> })}
        </div>
    }
}
