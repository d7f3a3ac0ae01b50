//! A person's taste: their flower, what they have stated, and the story of how it came to be.

mod analytics;
mod avoids;
mod certainty;
mod portrait;
mod stated;
mod story;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{
    analytics::Counted,
    avoids::Avoids,
    certainty::Certainty,
    portrait::Portrait,
    stated::{Shown, Stated},
    story::Story,
};
use crate::{
    api::profile::{self, Undo, Update},
    domain::profile::Profile as Taste,
    ui::{
        components::{FormError, Loaded, failure},
        layout::SignedIn,
    },
};

/// The actions that move the profile from its own page.
#[derive(Clone, Copy)]
struct Changes {
    /// What is said outright.
    state: ServerAction<Update>,
    /// What is to be kept out.
    avoid: ServerAction<Update>,
    undo: ServerAction<Undo>,
}

/// The page of a person's taste.
#[component]
pub fn Profile() -> impl IntoView {
    let changes = Changes { state: ServerAction::new(), avoid: ServerAction::new(), undo: ServerAction::new() };
    let shown = Shown::new();
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor")).unwrap_or_default());
    let versions = move || (changes.state.version().get(), changes.avoid.version().get(), changes.undo.version().get());
    let taste = Resource::new_blocking(versions, |_| profile::get());
    let story = Resource::new_blocking(move || (cursor.get(), versions()), |(cursor, _)| profile::history(Some(cursor)));
    let errors = [failure(changes.state), failure(changes.avoid), failure(changes.undo)];
    let error = Signal::derive(move || errors.iter().find_map(|error| error.get()));
    view! {
        <Title text="Your taste"/>
        <SignedIn>
            <div class="page profile">
                <header class="page-head">
                    <p class="eyebrow">"Profile"</p>
                    <h1>"Your taste"</h1>
                    <p class="lede">"Grown out of what you remember, ask and say. All of it can be corrected."</p>
                </header>
                <FormError error fields=&["budget_max"]/>
                <Loaded resource=taste render=move |taste| view! { <Grown taste changes shown/> }/>
                <section class="section" id="story">
                    <h2>"The story of change"</h2>
                    <Loaded resource=story render=move |page| view! { <Story page cursor=cursor.get_untracked() undo=changes.undo/> }/>
                </section>
            </div>
        </SignedIn>
    }
}

#[component]
fn Grown(taste: Taste, changes: Changes, shown: Shown) -> impl IntoView {
    view! {
        <Portrait taste=taste.clone()/>
        <div class="columns">
            <section class="section">
                <h2>"Kept out"</h2>
                <Avoids taste=taste.clone() update=changes.avoid/>
            </section>
            <section class="section">
                <h2>"What you have said"</h2>
                <Stated taste=taste.clone() update=changes.state shown/>
            </section>
        </div>
        <Certainty taste=taste.clone()/>
        <section class="section">
            <h2>"Counted"</h2>
            <Counted taste/>
        </section>
    }
}
