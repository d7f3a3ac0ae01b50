//! The archive: a herbarium of memories.

mod cards;
mod filters;
mod query;

use leptos::{
    either::{Either, EitherOf3},
    html,
    prelude::*,
};
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map};

use self::{
    cards::{Herbarium, Years},
    filters::FilterLine,
    query::{ArchiveQuery, PATH},
};
use crate::{
    domain::{memory::MemoryCard, page::Page},
    ui::{
        components::{Heard, Icon, IconName, Loaded, Pagination, ScentFlower, follow_saved, use_memory_events, with_status},
        layout::SignedIn,
    },
};

/// The page of all memories.
#[component]
pub fn Archive() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(ArchiveQuery::read));
    let memories = Resource::new_blocking(move || query.get(), |query| async { with_status(query.load().await) });
    let field = NodeRef::<html::Input>::new();
    let asked = move || query.with(|query| query.q.clone());
    follow_saved(asked, move |words| field.get_untracked().into_iter().for_each(|field| field.set_value(words)));
    let is_unfinished = RwSignal::new(false);
    use_memory_events(Memo::new(move |_| is_unfinished.get()), move |event| match event {
        Heard::Stage(event) if !event.stage.is_final() => {}
        Heard::Stage(_) | Heard::Connected => memories.refetch(),
    });
    view! {
        <Title text="Memories"/>
        <SignedIn>
            <div class="page archive">
                <header class="page-head">
                    <h1>"Your memories"</h1>
                    <div class="actions">
                        <a class="button primary" href="/memories/new">
                            <Icon name=IconName::Add/>
                            <span>"Add a memory"</span>
                        </a>
                        <a class="button quiet" href="/memories/unfinished">"What is being read"</a>
                    </div>
                </header>
                <Loaded resource=memories render=move |(query, page)| view! { <Found query page field is_unfinished/> }/>
            </div>
        </SignedIn>
    }
}

#[component]
fn Found(
    query: ArchiveQuery,
    page: Page<MemoryCard>,
    /// The search field.
    field: NodeRef<html::Input>,
    /// Told whether a memory shown is still being understood.
    is_unfinished: RwSignal<bool>,
) -> impl IntoView {
    let Page { items: cards, next_cursor: next } = page;
    let unfinished = cards.iter().any(|card| !card.status.is_final());
    Effect::new(move |_| is_unfinished.set(unfinished));
    if !cards.is_empty() {
        let sheets = match query.timeline {
            true => Either::Left(view! { <Years cards=cards.clone()/> }),
            false => Either::Right(view! {
                <h2 class="visually-hidden">"The sheets"</h2>
                <Herbarium cards=cards.clone()/>
            }),
        };
        return EitherOf3::A(view! {
            <div class="stack">
                <Finder query=query.clone() field/>
                <FilterLine query=query.clone() cards/>
            </div>
            {sheets}
            <Pagination path=PATH query=query.kept() cursor=query.cursor.clone() next/>
        });
    }
    if query.filters().is_empty() {
        return EitherOf3::B(view! { <FirstMemory/> });
    }
    EitherOf3::C(view! {
        <div class="stack">
            <Finder query=query.clone() field/>
            <FilterLine query=query.clone() cards/>
        </div>
        <div class="empty">
            <p>"No memory of yours fits that."</p>
            <a class="button" href=query.everything()>"Show all memories"</a>
        </div>
    })
}

/// The search field, and the choice between the sheets and the years.
#[component]
fn Finder(query: ArchiveQuery, field: NodeRef<html::Input>) -> impl IntoView {
    let (other_view, words) = if query.timeline { ("", "Side by side") } else { ("timeline", "By year") };
    let beside = query.with("view", other_view);
    let kept = query
        .kept()
        .into_iter()
        .filter(|(name, _)| *name != "q")
        .map(|(name, value)| view! { <input r#type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <div class="row between">
            <Form action=PATH attr:class="search" attr:role="search">
                {kept}
                <label class="visually-hidden" for="q">"Search your memories"</label>
                <input
                    r#type="search"
                    id="q"
                    name="q"
                    value=query.q
                    placeholder="Search your memories"
                    maxlength="2000"
                    node_ref=field
                />
                <button class="button" r#type="submit">"Search"</button>
            </Form>
            <a class="button quiet" href=beside>{words}</a>
        </div>
    }
}

/// An archive without memories.
#[component]
fn FirstMemory() -> impl IntoView {
    view! {
        <div class="empty">
            <ScentFlower flower=Default::default() decorative=true/>
            <p>"The first sheet is still blank. Think of a kitchen you knew as a child: what was on the stove, and what came in through the window?"</p>
            <a class="button primary" href="/memories/new">"Write your first memory"</a>
        </div>
    }
}
