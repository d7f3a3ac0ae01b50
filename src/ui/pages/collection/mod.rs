//! What a person owns, wishes for, and has rated.

mod card;

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::card::HeldCard;
use crate::{
    api::collection::{Set, list},
    domain::{
        AppResult,
        collection::{CollectionItem, Holding},
        page::{PAGE_SIZE, Page},
    },
    ui::{
        components::{FormError, Loaded, Pagination, TasteMoved, failure},
        layout::SignedIn,
    },
};

/// The shelves of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shelf {
    Owned,
    Wished,
    Rated,
}

impl Shelf {
    const ALL: [Self; 3] = [Self::Owned, Self::Wished, Self::Rated];

    fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|shelf| shelf.word() == word).unwrap_or(Self::Owned)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Wished => "wished",
            Self::Rated => "rated",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Owned => "Owned",
            Self::Wished => "Wished for",
            Self::Rated => "Rated",
        }
    }

    fn invitation(self) -> &'static str {
        match self {
            Self::Owned => "Nothing stands here yet. What you have is never suggested to you again.",
            Self::Wished => "You have not wished for anything yet.",
            Self::Rated => "You have not rated a perfume yet. Those you have or wish for can be rated.",
        }
    }

    fn holds(self, holding: &Holding) -> bool {
        match self {
            Self::Owned => holding.owned,
            Self::Wished => holding.wishlist,
            // Also what is neither owned nor wished for any more, but has personal notes.
            Self::Rated => holding.rating.is_some() || !(holding.owned || holding.wishlist),
        }
    }
}

/// What stands on a shelf: as many pages of the collection as make one page of it.
async fn browse(shelf: Shelf, cursor: String) -> AppResult<Page<CollectionItem>> {
    let mut found = Page { items: Vec::new(), next_cursor: Some(cursor) };
    while let (Some(cursor), true) = (found.next_cursor.take(), found.items.len() < PAGE_SIZE) {
        let page = list(Some(cursor)).await?;
        found.items.extend(page.items.into_iter().filter(|item| shelf.holds(&item.holding)));
        found.next_cursor = page.next_cursor;
    }
    Ok(found)
}

/// The page of the collection.
#[component]
pub fn Collection() -> impl IntoView {
    let set = ServerAction::<Set>::new();
    let query = use_query_map();
    let place = Memo::new(move |_| {
        query.with(|q| (Shelf::from_word(q.get_str("tab").unwrap_or_default()), q.get("cursor").unwrap_or_default()))
    });
    let items = Resource::new_blocking(move || (place.get(), set.version().get()), |((shelf, cursor), _)| browse(shelf, cursor));
    let error = failure(set);
    let outcome = Signal::derive(move || set.value().get().filter(Result::is_ok));
    let tabs = move || {
        Shelf::ALL.map(|shelf| {
            let current = (place.get().0 == shelf).then_some("page");
            view! { <a href=format!("/collection?tab={}", shelf.word()) aria-current=current>{shelf.label()}</a> }
        })
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
                        view! { <OnShelf page shelf cursor set/> }
                    }
                />
            </div>
        </SignedIn>
    }
}

#[component]
fn OnShelf(page: Page<CollectionItem>, shelf: Shelf, cursor: String, set: ServerAction<Set>) -> impl IntoView {
    if page.items.is_empty() && cursor.is_empty() {
        return Either::Left(view! {
            <div class="empty">
                <p>{shelf.invitation()}</p>
                <a class="button primary" href="/catalog">"Browse the catalog"</a>
            </div>
        });
    }
    let next = page.next_cursor;
    let cards = page.items.into_iter().map(|item| view! { <li><HeldCard item shelf set/></li> }).collect_view();
    let query = vec![("tab", shelf.word().to_owned())];
    Either::Right(view! {
        <h2 class="visually-hidden">{shelf.label()}</h2>
        <ul class="grid">{cards}</ul>
        <Pagination path="/collection" query cursor next forth="More"/>
    })
}
