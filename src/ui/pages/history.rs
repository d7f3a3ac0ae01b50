//! The questions that were asked.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::ask,
    domain::{answer::AskedQuestion, page::Page},
    ui::{
        components::{Loaded, Pagination},
        layout::SignedIn,
    },
};

/// The page of earlier questions, newest first.
#[component]
pub fn History() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor")).unwrap_or_default());
    let questions = Resource::new_blocking(move || cursor.get(), |cursor| ask::history(Some(cursor)));
    view! {
        <Title text="Earlier questions"/>
        <SignedIn>
            <div class="page narrow">
                <header class="page-head">
                    <p class="eyebrow">"Ask"</p>
                    <h1>"Earlier questions"</h1>
                </header>
                <Loaded resource=questions render=move |page| view! { <Questions page cursor=cursor.get_untracked()/> }/>
            </div>
        </SignedIn>
    }
}

#[component]
fn Questions(page: Page<AskedQuestion>, cursor: String) -> impl IntoView {
    if page.items.is_empty() {
        return Either::Left(view! {
            <div class="empty">
                <p>"You have not asked anything yet."</p>
                <a class="button primary" href="/ask">"Ask for a perfume"</a>
            </div>
        });
    }
    let next = page.next_cursor;
    let questions = page.items.into_iter().map(|question| view! { <Asked question/> }).collect_view();
    Either::Right(view! {
        <ol class="margin-notes">{questions}</ol>
        <Pagination path="/ask/history" cursor next/>
    })
}

#[component]
fn Asked(question: AskedQuestion) -> impl IntoView {
    let AskedQuestion { query_id, query, asked_at, rating } = question;
    view! {
        <li>
            <p>
                <a href=format!("/ask/{query_id}")>{query}</a>
            </p>
            <footer>
                <time datetime=asked_at.to_rfc3339()>{asked_at.date_text()}</time>
                <span>{rating.map_or_else(|| "not rated".to_owned(), |n| format!("rated {n} of 5"))}</span>
            </footer>
        </li>
    }
}
