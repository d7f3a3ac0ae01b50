//! What stands in the place of something that is still loading, or that could not be loaded.

use leptos::{either::Either, prelude::*};

use crate::domain::{AppError, AppResult, ErrorCode};

/// Shows what a resource holds: faint lines while it loads, a sentence if it could not be loaded.
#[component]
pub fn Loaded<T, F, V>(resource: Resource<AppResult<T>>, render: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| view! { <Skeleton/> }>
            {move || {
                let render = render.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => Either::Left(render(value)),
                        Err(error) => Either::Right(view! { <ErrorBox error/> }),
                    }
                })
            }}
        </Transition>
    }
}

/// The sheet with faint lines.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton sheet" aria-busy="true" aria-label="Loading">
            <span class="line"></span>
            <span class="line"></span>
            <span class="line"></span>
            <span class="line short"></span>
        </div>
    }
}

/// Says what happened, what was kept, and what to do. On the server it also sets the page's status.
#[component]
pub fn ErrorBox(error: AppError) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::api::house::set_status(error.code());
    let (heading, way_out, path) = match error.code() {
        ErrorCode::NotFound => ("Nothing grows here", "Back to the beginning", "/"),
        ErrorCode::Unauthenticated => ("Please sign in", "Sign in", "/sign-in"),
        _ => ("That did not work", "Try again", ""),
    };
    // The router would stay where it is and fetch nothing; the browser loads the page anew.
    let rel = path.is_empty().then_some("external");
    view! {
        <div class="error-box" role="alert">
            <h2>{heading}</h2>
            <p>{error.message().to_owned()}</p>
            <div class="actions">
                <a class="button" href=path rel=rel>{way_out}</a>
            </div>
        </div>
    }
}
