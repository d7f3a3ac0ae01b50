//! An answer, as it was given.

mod chips;
mod order;
mod rating;
mod sheet;
mod why;

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

pub use chips::{RefinableChips, UnderstoodChips};
pub use sheet::{RecommendationSheet, Words};

use self::{rating::RatingForm, sheet::Settled};
use super::ask::Letter;
use crate::{
    api::{ask, collection, feedback},
    domain::{answer::LoggedAnswer, memory::first_words},
    ui::{
        components::{FormError, LoadedPage, failure},
        layout::SignedIn,
    },
};

/// The page of one question with its answer.
#[component]
pub fn Answer() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id")).unwrap_or_default());
    let answer = Resource::new_blocking(move || id.get(), ask::get);
    view! {
        <SignedIn>
            <div class="page ask">
                <LoadedPage resource=answer what="Answer" render=anew/>
            </div>
        </SignedIn>
    }
}

/// Built anew for each answer: what was typed and clicked in one is not carried into the next. (What a function of its own gives
/// is never written over what stood there before.)
fn anew(logged: LoggedAnswer) -> impl IntoView {
    move || view! { <Letters logged=logged.clone()/> }
}

#[component]
fn Letters(logged: LoggedAnswer) -> impl IntoView {
    let LoggedAnswer { answer, asked_at, rating, .. } = logged;
    let query_id = answer.query_id.clone();
    // Without JavaScript, what went wrong with one of the small forms is told once, on top.
    let refused = [
        failure(ServerAction::<feedback::React>::new()),
        failure(ServerAction::<collection::Set>::new()),
        failure(ServerAction::<ask::Refine>::new()),
    ];
    let refused = Signal::derive(move || refused.iter().find_map(|error| error.get()));
    let suggestions = if answer.recommendations.is_empty() {
        Either::Left(view! {
            <div class="empty">
                <p>"Nothing in the catalog keeps to all of that. Take something out of what was understood, or ask again."</p>
                <a class="button primary" href="#query">"Ask again"</a>
            </div>
        })
    } else {
        let turning_points = order::turning_points(&answer.recommendations);
        let sheets = answer
            .recommendations
            .into_iter()
            .zip(turning_points)
            .map(|(recommendation, turning_point)| {
                let settled = Settled { query_id: query_id.clone(), turning_point };
                view! { <li><RecommendationSheet recommendation settled/></li> }
            })
            .collect_view();
        Either::Right(view! { <ol class="answers">{sheets}</ol> })
    };
    view! {
        <Title text=first_words(&answer.query)/>
        <header class="page-head">
            <p class="eyebrow">
                "Asked on " <time datetime=asked_at.to_rfc3339()>{asked_at.date_text()}</time>
            </p>
            <h1 class="question">{answer.query}</h1>
        </header>
        <FormError error=refused/>
        <RefinableChips query_id=query_id.clone() chips=answer.chips/>
        <Words text=answer.answer/>
        {answer.notice.map(|notice| view! { <p class="faded small" role="status">{notice}</p> })}
        <section aria-label="Suggestions">
            <h2 class="visually-hidden">"Suggestions"</h2>
            {suggestions}
        </section>
        <div class="columns answer-end">
            <section class="section">
                <h2>"How good was this answer?"</h2>
                <RatingForm query_id rating/>
            </section>
            <section class="section">
                <h2>"Ask something else"</h2>
                <Letter label="Your next question"/>
                <p class="small">
                    <a href="/ask/history">"Earlier questions"</a>
                </p>
            </section>
        </div>
    }
}
