//! One perfume.

use leptos::{either::Either, prelude::*};
use leptos_meta::{Meta, Title};
use leptos_router::hooks::{use_location, use_params_map};

use crate::{
    api::{
        catalog::{self, FragranceView, SimilarFragrance},
        collection,
    },
    domain::{
        AppResult, ErrorCode, answer::FeedbackReceipt, collection::Holding, fragrance::Fragrance as Perfume, ids::FragranceId,
    },
    ui::components::{
        FlowerSize, FormError, FragranceCard, HoldingButtons, LoadedPage, Pyramid, ScentFlower, TasteMoved, address,
        category_class, failure, wears,
    },
};

/// The page of a perfume, for everybody.
#[component]
pub fn Fragrance() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id")).unwrap_or_default());
    let fragrance = Resource::new_blocking(move || id.get(), catalog::fragrance);
    let holding = Resource::new(move || id.get(), collection::get);
    let similar = Resource::new(move || id.get(), catalog::similar);
    view! {
        <div class="page fragrance">
            <LoadedPage resource=fragrance what="Perfume" render=move |view| view! { <Portrait view holding similar/> }/>
        </div>
    }
}

#[component]
fn Portrait(
    view: FragranceView,
    holding: Resource<AppResult<Holding>>,
    similar: Resource<AppResult<Vec<SimilarFragrance>>>,
) -> impl IntoView {
    let FragranceView { fragrance, flower } = view;
    let (full_name, discontinued) = (fragrance.full_name(), fragrance.discontinued);
    let mut petals = flower.petals.clone();
    petals.sort_by(|a, b| a.layer.cmp(&b.layer).then(b.weight.total_cmp(&a.weight)).then_with(|| a.note.cmp(&b.note)));
    let notes = petals
        .into_iter()
        .map(|petal| {
            let href = address("/catalog", &[("note", &petal.note)]);
            view! {
                <li class=category_class(petal.category)>
                    <a href=href>{petal.note}</a>
                    <span class="evocation">{petal.evocation}</span>
                </li>
            }
        })
        .collect_view();
    let refused = failure(ServerAction::<collection::Set>::new());
    view! {
        <Title text=full_name.clone()/>
        <Meta name="description" content=format!("{full_name}. {}", flower.describe())/>
        <section class="portrait">
            <div class="portrait-flower">
                <ScentFlower flower=flower.clone() size=FlowerSize::Large interactive=true label=full_name/>
            </div>
            <div class="portrait-words">
                <header class="page-head">
                    <p class="eyebrow">
                        <a href=address("/catalog", &[("brand", &fragrance.brand)])>{fragrance.brand.clone()}</a>
                    </p>
                    <h1>{fragrance.name.clone()}</h1>
                    {fragrance.description.clone().map(|words| view! { <p class="lede">{words}</p> })}
                </header>
                <Pyramid flower/>
                <FormError error=refused/>
                <Kept id=fragrance.id.clone() holding/>
            </div>
        </section>
        <div class="columns">
            <section class="section">
                <h2>"What is known"</h2>
                <Facts fragrance/>
            </section>
            <section class="section">
                <h2>"Its notes"</h2>
                <ul class="notes">{notes}</ul>
            </section>
        </div>
        <Similar similar discontinued/>
    }
}

/// Own and wish buttons for the signed-in, the way in for everybody else.
#[component]
fn Kept(id: FragranceId, holding: Resource<AppResult<Holding>>) -> impl IntoView {
    let path = use_location().pathname;
    let outcome = RwSignal::new(None::<AppResult<FeedbackReceipt>>);
    view! {
        <Transition fallback=|| ()>
            {move || {
                let id = id.clone();
                Suspend::new(async move {
                    match holding.await {
                        Ok(Holding { owned, wishlist, .. }) => view! {
                            <div class="reactions" role="group" aria-label="Your collection">
                                <HoldingButtons id owned wishlist outcome/>
                            </div>
                            <TasteMoved outcome/>
                        }
                        .into_any(),
                        Err(error) if error.code() == ErrorCode::Unauthenticated => {
                            let sign_in = address("/sign-in", &[("next", &path.get_untracked())]);
                            view! { <p class="small"><a href=sign_in>"Sign in"</a> " to keep it in your collection."</p> }.into_any()
                        }
                        Err(error) => view! { <p class="notice warn">{error.message().to_owned()}</p> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Facts(fragrance: Perfume) -> impl IntoView {
    let family = fragrance.family;
    let plain = [
        ("Concentration", fragrance.concentration.map(|c| c.label().to_owned())),
        ("Since", fragrance.year.map(|year| year.to_string())),
        ("Perfumer", Some(fragrance.perfumers.join(", ")).filter(|names| !names.is_empty())),
        ("Accords", Some(fragrance.accords.join(", ")).filter(|names| !names.is_empty())),
        ("Wears", wears(&fragrance)),
        ("Loudness", fragrance.intensity.map(|i| i.label().to_owned())),
        ("Price", fragrance.price.map(|price| price.text())),
        ("As marketed", fragrance.gender.map(|g| g.label().to_owned())),
        ("Sold", Some(if fragrance.discontinued { "no longer made" } else { "still made" }.to_owned())),
    ];
    let plain =
        plain.into_iter().filter_map(|(term, fact)| Some(view! { <div><dt>{term}</dt><dd>{fact?}</dd></div> })).collect_view();
    view! {
        <dl class="facts">
            <div>
                <dt>"Family"</dt>
                <dd><a href=address("/catalog", &[("family", family.as_str())])>{family.label()}</a></dd>
            </div>
            {plain}
        </dl>
    }
}

/// What is like it. For one that is no longer made, first what can still be bought.
#[component]
fn Similar(similar: Resource<AppResult<Vec<SimilarFragrance>>>, discontinued: bool) -> impl IntoView {
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match similar.await {
                    Ok(found) => {
                        let (sold, others): (Vec<_>, Vec<_>) =
                            found.into_iter().partition(|alike| discontinued && !alike.view.fragrance.discontinued);
                        let has_others = !others.is_empty() || sold.is_empty();
                        Either::Left(view! {
                            {(!sold.is_empty()).then(|| view! { <Alike heading="Closest still sold" found=sold/> })}
                            {has_others.then(|| view! { <Alike heading="Others like it" found=others/> })}
                        })
                    }
                    Err(error) => Either::Right(view! { <p class="notice warn">{error.message().to_owned()}</p> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Alike(heading: &'static str, found: Vec<SimilarFragrance>) -> impl IntoView {
    let list = if found.is_empty() {
        Either::Left(view! { <p class="faded">"Nothing in the catalog is much like it."</p> })
    } else {
        let cards = found
            .into_iter()
            .map(|SimilarFragrance { view, score }| {
                view! { <li><FragranceCard view line=format!("{:.0} of 100 alike", score * 100.0)/></li> }
            })
            .collect_view();
        Either::Right(view! { <ul class="grid dense">{cards}</ul> })
    };
    view! {
        <section class="section">
            <h2>{heading}</h2>
            {list}
        </section>
    }
}
