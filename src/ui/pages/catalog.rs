//! The catalog: perfumes by text, note, family, house and price.

use leptos::{either::Either, ev::SubmitEvent, form::FromFormData, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde::Deserialize;

use crate::{
    api::catalog::{FragranceView, search},
    domain::{fragrance::Family, page::Page},
    ui::components::{FragranceCard, Loaded, Pagination, address},
};

/// What the address asks for; blank fields do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(default)]
struct Wanted {
    q: String,
    note: String,
    family: String,
    brand: String,
    max_price: String,
    cursor: String,
}

impl Wanted {
    fn filters(&self) -> [(&'static str, &str); 5] {
        [("q", &self.q), ("note", &self.note), ("family", &self.family), ("brand", &self.brand), ("max_price", &self.max_price)]
    }

    /// The address of the same search in a family, or in all of them.
    fn in_family(&self, family: &str) -> String {
        let query: Vec<(&str, &str)> =
            self.filters().into_iter().map(|(name, value)| (name, if name == "family" { family } else { value })).collect();
        address("/catalog", &query)
    }

    fn is_everything(&self) -> bool {
        self.filters().iter().all(|(_, value)| value.is_empty())
    }
}

/// The page of the catalog, for everybody.
#[component]
pub fn Catalog() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        query.with(|q| {
            let field = |name: &str| q.get_str(name).map(str::trim).unwrap_or_default().to_owned();
            Wanted {
                q: field("q"),
                note: field("note"),
                family: field("family"),
                brand: field("brand"),
                max_price: field("max_price"),
                cursor: field("cursor"),
            }
        })
    });
    let found = Resource::new_blocking(
        move || wanted.get(),
        |w| search(Some(w.q), Some(w.note), Some(w.family), Some(w.brand), Some(w.max_price), Some(w.cursor)),
    );
    view! {
        <Title text="Catalog"/>
        <div class="page catalog">
            <header class="page-head">
                <h1>"Catalog"</h1>
                <p class="lede">"Perfumes with their notes, as far as they are known."</p>
            </header>
            // Made anew for each search, so that the fields say what was searched for.
            <For each=move || [wanted.get()] key=Wanted::clone children=|wanted| view! { <Filters wanted/> }/>
            <Loaded resource=found render=move |page| view! { <Found page wanted=wanted.get_untracked()/> }/>
        </div>
    }
}

#[component]
fn Filters(wanted: Wanted) -> impl IntoView {
    let families = std::iter::once(("", "all"))
        .chain(Family::ALL.iter().map(|family| (family.as_str(), family.label())))
        .map(|(word, label)| {
            let current = (wanted.family == word).then_some("true");
            view! { <a href=wanted.in_family(word) aria-current=current>{label}</a> }
        })
        .collect_view();
    let navigate = use_navigate();
    // As the browser does it, but without loading the page anew, and without blank fields in the address.
    let search = move |event: SubmitEvent| {
        if let Ok(wanted) = Wanted::from_event(&event) {
            event.prevent_default();
            navigate(&address("/catalog", &wanted.filters()), Default::default());
        }
    };
    let is_narrowed = !(wanted.note.is_empty() && wanted.brand.is_empty() && wanted.max_price.is_empty());
    let Wanted { q, note, family, brand, max_price, .. } = wanted.clone();
    view! {
        <div class="stack" role="search">
            <form class="form" method="get" action="/catalog" on:submit=search aria-label="Search the catalog">
                <div class="search">
                    <label class="visually-hidden" for="q">"Search by name, house, note or perfumer"</label>
                    <input r#type="search" id="q" name="q" value=q placeholder="A name, a house, a note…"/>
                    <button class="button" r#type="submit">"Search"</button>
                </div>
                <details open=is_narrowed>
                    <summary>"Narrow it down"</summary>
                    <div class="field-row">
                        <div class="field">
                            <label for="note">"Note"</label>
                            <input id="note" name="note" value=note autocomplete="off"/>
                        </div>
                        <div class="field">
                            <label for="brand">"House"</label>
                            <input id="brand" name="brand" value=brand autocomplete="off"/>
                        </div>
                        <div class="field">
                            <label for="max_price">"Up to, in €"</label>
                            <input id="max_price" name="max_price" value=max_price inputmode="decimal" autocomplete="off"/>
                        </div>
                    </div>
                </details>
                <input r#type="hidden" name="family" value=family/>
            </form>
            <nav class="filter-line" aria-label="Family">{families}</nav>
        </div>
    }
}

#[component]
fn Found(page: Page<FragranceView>, wanted: Wanted) -> impl IntoView {
    if page.items.is_empty() {
        let (sentence, way_out) = if wanted.is_everything() {
            ("The catalog is empty.", "Back to the beginning")
        } else {
            ("No perfume in the catalog fits all of that.", "See the whole catalog")
        };
        let path = if wanted.is_everything() { "/" } else { "/catalog" };
        return Either::Left(view! {
            <div class="empty">
                <p>{sentence}</p>
                <a class="button primary" href=path>{way_out}</a>
            </div>
        });
    }
    let next = page.next_cursor;
    let query = wanted.filters().map(|(name, value)| (name, value.to_owned())).to_vec();
    let cards = page.items.into_iter().map(|view| view! { <li><FragranceCard view/></li> }).collect_view();
    Either::Right(view! {
        <h2 class="visually-hidden">"Perfumes"</h2>
        <ul class="grid dense">{cards}</ul>
        <Pagination path="/catalog" query cursor=wanted.cursor next forth="More"/>
    })
}
