//! What a person owns, wishes for, and has rated.

mod card;
mod together;

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{card::HeldCard, together::Together};
use crate::{
    api::collection::{Set, list},
    domain::{
        AppResult,
        collection::{CollectionItem, Shelf},
        page::Page,
    },
    ui::{
        components::{FormError, Loaded, Pagination, TasteMoved, failure},
        layout::SignedIn,
    },
};

/// What is said of a shelf on which nothing stands.
fn invitation(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Owned => "Nothing stands here yet. What you have is never suggested to you again.",
        Shelf::Wished => "You have not wished for anything yet.",
        Shelf::Rated => "You have not rated a perfume yet. Those you have or wish for can be rated.",
    }
}

/// The page of the collection.
#[component]
pub fn Collection() -> impl IntoView {
    let set = ServerAction::<Set>::new();
    let query = use_query_map();
    let place = Memo::new(move |_| {
        query.with(|q| {
            let shelf = q.get_str("tab").and_then(Shelf::from_word).unwrap_or(Shelf::Owned);
            (shelf, q.get("cursor").unwrap_or_default())
        })
    });
    let items = Resource::new_blocking(move || place.get(), |(shelf, cursor)| on_shelf(shelf, cursor));
    let error = failure(set);
    let outcome = Signal::derive(move || set.value().get().filter(Result::is_ok));
    let tabs = move || {
        let link = |shelf: &Shelf| {
            let current = (place.get().0 == *shelf).then_some("page");
            view! { <a href=format!("/collection?tab={}", shelf.as_str()) aria-current=current>{shelf.label()}</a> }
        };
        Shelf::ALL.iter().map(link).collect_view()
    };
    view! {
        <Title text="Collection"/>
        <SignedIn>
            <div class="page collection">
                <header class="page-head">
                    <h1>"Collection"</h1>
                </header>
                <nav class="tabs" aria-label="Shelves">{tabs}</nav>
                <FormError error/>
                <TasteMoved outcome/>
                <Loaded
                    resource=items
                    render=move |page| {
                        let (shelf, cursor) = place.get_untracked();
                        let is_first_of_owned = shelf == Shelf::Owned && cursor.is_empty();
                        view! {
                            <OnShelf page shelf cursor set/>
                            {is_first_of_owned.then(|| view! { <Together set/> })}
                        }
                    }
                />
            </div>
        </SignedIn>
    }
}

/// A page of what stands on a shelf.
async fn on_shelf(shelf: Shelf, cursor: String) -> AppResult<Page<CollectionItem>> {
    list(Some(cursor), Some(shelf.as_str().to_owned())).await
}

/// The cards of a shelf. They stay what they are and where they are while one of them changes: what is typed on the others
/// stays with its perfume.
#[component]
fn OnShelf(page: Page<CollectionItem>, shelf: Shelf, cursor: String, set: ServerAction<Set>) -> impl IntoView {
    let page = RwSignal::new(page);
    let here = StoredValue::new(cursor.clone());
    Effect::new(move |seen: Option<usize>| {
        let version = set.version().get();
        if seen.is_some_and(|seen| seen != version) {
            spawn_local(async move {
                let Ok(now) = on_shelf(shelf, here.get_value()).await else { return };
                // Where something has been changed again meanwhile, that asks for itself; and the page may have been left.
                if set.version().try_get_untracked() == Some(version) {
                    page.try_update(|page| *page = in_place(page, now));
                }
            });
        }
        version
    });
    let items = Memo::new(move |_| page.with(|page| page.items.clone()));
    let is_empty = Memo::new(move |_| items.with(Vec::is_empty));
    let is_first = cursor.is_empty();
    let empty = move || {
        (is_first && is_empty.get()).then(|| {
            view! {
                <div class="empty">
                    <p>{invitation(shelf)}</p>
                    <a class="button primary" href="/catalog">"Browse the catalog"</a>
                </div>
            }
        })
    };
    let card = move |item: CollectionItem| {
        let (id, first) = (item.fragrance.id.clone(), item.holding.clone());
        let holding = Memo::new(move |_| {
            let found = |items: &Vec<CollectionItem>| items.iter().find(|i| i.fragrance.id == id).map(|i| i.holding.clone());
            items.with(found).unwrap_or_else(|| first.clone())
        });
        view! { <li><HeldCard item holding shelf set/></li> }
    };
    let next = Memo::new(move |_| page.with(|page| page.next_cursor.clone()));
    let way_on = move || {
        let query = vec![("tab", shelf.as_str().to_owned())];
        view! { <Pagination path="/collection" query cursor=cursor.clone() next=next.get() forth="More"/> }
    };
    view! {
        <h2 class="visually-hidden">{shelf.label()}</h2>
        {empty}
        <ul class="grid" hidden=move || is_empty.get()>
            <For each=move || items.get() key=|item| item.fragrance.id.clone() children=card/>
        </ul>
        {way_on}
    }
}

/// What stands on the page now, in the order in which it is shown already.
fn in_place(shown: &Page<CollectionItem>, mut now: Page<CollectionItem>) -> Page<CollectionItem> {
    let place = |item: &CollectionItem| shown.items.iter().position(|other| other.fragrance.id == item.fragrance.id);
    now.items.sort_by_key(|item| place(item).unwrap_or(usize::MAX));
    now
}
