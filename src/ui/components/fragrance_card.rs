//! A perfume in a list.

use leptos::prelude::*;

use super::{FlowerSize, ScentFlower};
use crate::{api::catalog::FragranceView, domain::fragrance::Fragrance};

/// The card of a perfume: its flower, house, name, and what one asks first.
#[component]
pub fn FragranceCard(
    view: FragranceView,
    /// A line of its own, instead of the price.
    #[prop(optional, into)]
    line: Option<String>,
) -> impl IntoView {
    let FragranceView { fragrance, flower } = view;
    let made = in_short(&fragrance);
    let line = line.or_else(|| fragrance.price.map(|price| price.text()));
    view! {
        <article class="sheet fragrance-card">
            <div class="specimen">
                <ScentFlower flower size=FlowerSize::Medium still=true label=fragrance.full_name()/>
            </div>
            <p class="house">{fragrance.brand}</p>
            <h3><a href=format!("/catalog/{}", fragrance.id)>{fragrance.name}</a></h3>
            {(!made.is_empty()).then(|| view! { <p class="faded small">{made}</p> })}
            {line.map(|line| view! { <p class="faded small numeral">{line}</p> })}
        </article>
    }
}

/// `Eau de Parfum, 1989`, as far as it is known.
pub fn in_short(fragrance: &Fragrance) -> String {
    let known = [fragrance.concentration.map(|c| c.label().to_owned()), fragrance.year.map(|year| year.to_string())];
    known.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// How a perfume wears, as a phrase.
pub fn wears(fragrance: &Fragrance) -> Option<String> {
    let parts = [fragrance.longevity.map(|l| l.label()), fragrance.sillage.map(|s| s.label())];
    let said: Vec<&str> = parts.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}
