//! A page whose heading comes with what it loads.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

use super::{ErrorBox, Skeleton};
use crate::domain::AppResult;

/// As [`super::Loaded`], for content that holds the page's own heading: while it loads, and where it could not be loaded,
/// `what` is the heading.
#[component]
pub fn LoadedPage<T, F, V>(resource: Resource<AppResult<T>>, #[prop(into)] what: &'static str, render: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=move || view! { <h1 class="visually-hidden">{what}</h1> <Skeleton/> }>
            {move || {
                let render = render.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => Either::Left(render(value)),
                        Err(error) => Either::Right(view! {
                            <Title text=what/>
                            <h1 class="visually-hidden">{what}</h1>
                            <ErrorBox error/>
                        }),
                    }
                })
            }}
        </Transition>
    }
}
