//! The front page.

use leptos::{either::Either, prelude::*};
use leptos_meta::{Meta, Title};

use crate::{
    api::{ask::Submit, memories},
    domain::{
        flower::{Flower, Petal},
        memory::MemoryCard,
        notes::{Category, Layer},
    },
    ui::{
        components::{FlowerSize, FormError, PostForm, ScentFlower, failure},
        layout::{CurrentUser, current_user},
    },
};

/// How many of the last memories are named.
const LAST: usize = 3;

/// One sentence, one field, and how it works.
#[component]
pub fn Landing() -> impl IntoView {
    let CurrentUser(user) = current_user();
    let ask = ServerAction::<Submit>::new();
    let last = Resource::new(
        || (),
        move |()| async move {
            match user.await {
                None => Vec::new(),
                Some(_) => memories::list(None, None, None, None, None, None, None, None)
                    .await
                    .map(|page| page.items)
                    .unwrap_or_default(),
            }
        },
    );
    let description = "Keep your scent memories, ask in your own words, and find perfumes that remember with you.";
    view! {
        <Title text=""/>
        <Meta name="description" content=description/>
        <div class="page landing">
            <section class="opening">
                <div class="opening-words">
                    <h1>"What does your memory smell of?"</h1>
                    <p class="lede">
                        "Tell us of a kitchen, a coat, a summer. We find what it smells of, and the perfumes that remember with you."
                    </p>
                    <Suspense fallback=|| view! { <AskSignedOut/> }>
                        {move || Suspend::new(async move {
                            match user.await {
                                Some(_) => Either::Left(view! { <AskSignedIn ask/> }),
                                None => Either::Right(view! { <AskSignedOut/> }),
                            }
                        })}
                    </Suspense>
                    <Transition>
                        {move || Suspend::new(async move { last_memories(last.await) })}
                    </Transition>
                </div>
                <div class="opening-flower">
                    <ScentFlower flower=example() size=FlowerSize::Large interactive=true label="The flower of a memory of a kitchen in December"/>
                </div>
            </section>
            <HowItWorks/>
        </div>
    }
}

/// The field before signing in: the question travels in the address, through sign-up and back.
#[component]
fn AskSignedOut() -> impl IntoView {
    view! {
        <form class="ask-form" method="get" action="/ask">
            <AskField name="q"/>
        </form>
    }
}

#[component]
fn AskSignedIn(ask: ServerAction<Submit>) -> impl IntoView {
    view! {
        <PostForm action=ask class="ask-form">
            <FormError error=failure(ask)/>
            <AskField name="query"/>
        </PostForm>
    }
}

#[component]
fn AskField(name: &'static str) -> impl IntoView {
    view! {
        <label for="query">"Describe a memory, a mood, or a perfume you look for"</label>
        <textarea
            class="letter"
            id="query"
            name=name
            rows="2"
            maxlength="2000"
            required
            placeholder="The oranges on the stove at my grandmother’s, in winter"
        ></textarea>
        <div class="actions">
            <button class="button primary" r#type="submit">"Find its perfumes"</button>
            <a class="button quiet" href="/memories/new">"Keep a memory first"</a>
        </div>
    }
}

fn last_memories(cards: Vec<MemoryCard>) -> impl IntoView {
    if cards.is_empty() {
        return None;
    }
    let links = cards
        .into_iter()
        .take(LAST)
        .map(|card| {
            view! {
                <li>
                    <ScentFlower flower=card.flower.clone() size=FlowerSize::Tiny still=true decorative=true/>
                    <a class="name" dir="auto" href=format!("/memories/{}", card.id)>{card.title.clone()}</a>
                </li>
            }
        })
        .collect_view();
    Some(view! {
        <nav class="stack tight last-memories" aria-label="Your last memories">
            <ul class="register">{links}</ul>
            <p><a href="/memories">"All your memories"</a></p>
        </nav>
    })
}

#[component]
fn HowItWorks() -> impl IntoView {
    view! {
        <section class="how" aria-labelledby="how-heading">
            <h2 id="how-heading">"How it works"</h2>
            <ol class="steps">
                <li>
                    <h3>"You remember"</h3>
                    <p>"Write down where you were, who was there, what hung in the air. No questionnaire, no pyramid to fill in."</p>
                </li>
                <li>
                    <h3>"We read"</h3>
                    <p>"Each scent is found in your own words, said or implied, and drawn as a petal. You put right what we got wrong."</p>
                </li>
                <li>
                    <h3>"You ask"</h3>
                    <p>"Five perfumes answer, each with its reason: the sentence of yours that it came from. What you like or not teaches us."</p>
                </li>
            </ol>
        </section>
    }
}

/// A memory as an example: oranges on the stove, cloves, the waxed table, the fir in the corner.
fn example() -> Flower {
    let said = |note: &str, category, layer, weight, evocation: &str| Petal {
        note: note.into(),
        category,
        layer,
        weight,
        literal: true,
        evocation: evocation.into(),
    };
    let implied = |petal: Petal| Petal { literal: false, ..petal };
    use Category as C;
    use Layer::{Base, Middle, Top};
    Flower {
        petals: vec![
            said("orange", C::Citrus, Top, 1.0, "peel torn open by the stove"),
            said("mandarin", C::Citrus, Top, 0.7, "the bowl on the table, in December"),
            implied(said("bergamot", C::Citrus, Top, 0.4, "the tea that stood beside it")),
            said("apple", C::Fruit, Top, 0.6, "left on the oven to bake"),
            said("fir", C::Green, Top, 0.8, "the tree in the corner, still cold"),
            implied(said("ginger", C::Spice, Top, 0.5, "a warmth at the back of the throat")),
            said("clove", C::Spice, Middle, 0.9, "pressed into the oranges, one by one"),
            said("cinnamon", C::Spice, Middle, 0.8, "sugar and bark, from the tin with the ship"),
            said("honey", C::Gourmand, Middle, 0.7, "a spoon left in the jar"),
            implied(said("rose", C::Flower, Middle, 0.5, "her hand cream")),
            said("candle wax", C::Resin, Middle, 0.6, "just blown out"),
            said("tobacco", C::Tobacco, Base, 0.5, "his coat on the hook"),
            said("vanilla", C::Gourmand, Base, 0.9, "the drawer where the sugar was kept"),
            said("waxed wood", C::Wood, Base, 0.8, "the table, rubbed every Saturday"),
            implied(said("smoke", C::Smoke, Base, 0.6, "somebody else’s chimney, through the window")),
        ],
        thorns: Vec::new(),
    }
}
