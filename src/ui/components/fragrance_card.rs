//! A perfume in a list.

use leptos::prelude::*;

use super::{FlowerSize, ScentFlower};
use crate::{api::catalog::FragranceView, domain::fragrance::Fragrance};

/// The card of a perfume: its flower, house, name, and what one asks first.
#[component]
pub fn FragranceCard(
    view: FragranceView,
    /// A line of its own, instead of what one asks first.
    #[prop(optional, into)]
    line: Option<String>,
) -> impl IntoView {
    let FragranceView { fragrance, flower } = view;
    let line = line.unwrap_or_else(|| in_short(&fragrance));
    view! {
        <article class="sheet fragrance-card">
            <div class="specimen">
                <ScentFlower flower size=FlowerSize::Medium still=true label=fragrance.full_name()/>
            </div>
            <p class="house">{fragrance.brand}</p>
            <h3><a href=format!("/catalog/{}", fragrance.id)>{fragrance.name}</a></h3>
            <p class="faded small">{line}</p>
        </article>
    }
}

/// `1989 · Eau de Parfum · 98 € for 50 ml`, as far as it is known.
pub fn in_short(fragrance: &Fragrance) -> String {
    let known = [
        fragrance.year.map(|year| year.to_string()),
        fragrance.concentration.map(|c| c.label().to_owned()),
        fragrance.price.map(|price| price.text()),
    ];
    known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// How a perfume wears, as a phrase.
pub fn wears(fragrance: &Fragrance) -> Option<String> {
    let parts = [fragrance.longevity.map(|l| l.label()), fragrance.sillage.map(|s| s.label())];
    let said: Vec<&str> = parts.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}
