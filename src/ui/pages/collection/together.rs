//! Bottles of the shelf that go well together.

use leptos::prelude::*;

use crate::{
    api::collection::{Set, layerings},
    domain::collection::{LayeredBottle, Layering},
    ui::components::{FlowerSize, Loaded, ScentFlower},
};

/// The pairs to wear together; nothing where no two bottles go together.
#[component]
pub fn Together(set: ServerAction<Set>) -> impl IntoView {
    let pairs = Resource::new(move || set.version().get(), |_| layerings());
    view! { <Loaded resource=pairs render=|pairs| view! { <Pairs pairs/> }/> }
}

#[component]
fn Pairs(pairs: Vec<Layering>) -> impl IntoView {
    (!pairs.is_empty()).then(|| {
        view! {
            <section class="together" aria-labelledby="together">
                <h2 id="together">"Worn together"</h2>
                <ul class="grid">{pairs.into_iter().map(|pair| view! { <li><PairCard pair/></li> }).collect_view()}</ul>
            </section>
        }
    })
}

#[component]
fn PairCard(pair: Layering) -> impl IntoView {
    let Layering { base, over, memory, reason, .. } = pair;
    let source = memory.map(|memory| {
        view! {
            <p class="small">
                <a href=format!("/memories/{}", memory.id)>{memory.title}</a>
            </p>
        }
    });
    let names = [&base, &over].map(|bottle| {
        let LayeredBottle { fragrance, .. } = bottle;
        view! { <a href=format!("/catalog/{}", fragrance.id)>{fragrance.full_name()}</a> }
    });
    let [under, above] = names;
    let flowers = [base, over].map(|bottle| {
        let label = bottle.fragrance.full_name();
        view! { <ScentFlower flower=bottle.flower size=FlowerSize::Medium still=true label/> }
    });
    view! {
        <article class="sheet pair">
            <div class="pair-flowers">{flowers.into_iter().collect_view()}</div>
            <h3>{under} <span class="faded">" under "</span> {above}</h3>
            <p>{reason}</p>
            {source}
        </article>
    }
}
