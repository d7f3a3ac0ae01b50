//! What is known of a memory beside its scents: what the person said, what was read out of the words, perfumes it names.

use leptos::prelude::*;

use super::deed::Deed;
use crate::{
    api::memories::Update,
    domain::{
        answer::TokenUsage,
        memory::{Memory, NamedFragrance},
        usage::CURRENCY,
    },
    ui::{
        components::{FormError, PostForm},
        pages::settings::usage::cost,
    },
};

/// What the person said of when and where, and how the memory feels.
#[component]
pub fn Facts(memory: Memory) -> impl IntoView {
    let facts = [
        ("Where", memory.location),
        ("Season", memory.season.map(|season| season.label().to_owned())),
        ("When", memory.happened_at.map(|at| at.date_text())),
        ("Occasion", memory.occasion),
        ("Felt like", memory.emotion),
        ("Counts as", feeling(memory.valence).map(str::to_owned)),
        ("Written on", Some(memory.created_at.date_text())),
        ("Read with", memory.token_usage.map(used)),
    ];
    let rows = facts
        .into_iter()
        .filter_map(|(name, fact)| Some((name, fact?)))
        .map(|(name, fact)| view! { <div><dt>{name}</dt><dd dir="auto">{fact}</dd></div> })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}

/// What the provider's models used.
fn used(usage: TokenUsage) -> String {
    let TokenUsage { prompt_tokens, completion_tokens, cost: known, unpriced } = usage;
    format!("{} tokens of the provider's models, {}", prompt_tokens + completion_tokens, cost(known, unpriced, CURRENCY))
}

/// What a valence of −1 to 1 means for the taste, where it means anything.
fn feeling(valence: f64) -> Option<&'static str> {
    match valence {
        v if v >= 0.25 => Some("a good memory"),
        v if v <= -0.25 => Some("a bad memory: its notes count against"),
        _ => None,
    }
}

/// What was read out of the words, and out of a photo, where the person said nothing; each can be kept with one button.
#[component]
pub fn Suggestions(memory: Memory, keep: Deed<Update>) -> impl IntoView {
    let read = memory.suggested;
    let season = read.season.map(|season| (season.as_str().to_owned(), season.label().to_owned()));
    let day = read.happened_at.map(|day| (day.date_iso(), day.date_text()));
    let as_it_is = |words: Option<String>| words.map(|words| (words.clone(), words));
    // Beside what a form would send, what a person reads.
    let rows = [
        ("emotion", "Felt like", memory.emotion.is_none(), as_it_is(read.emotion)),
        ("season", "Season", memory.season.is_none(), season),
        ("happened_at", "When", memory.happened_at.is_none(), day),
        ("location", "Where", memory.location.is_none(), as_it_is(read.location)),
        ("occasion", "Occasion", memory.occasion.is_none(), as_it_is(read.occasion)),
    ];
    let unsaid = rows.into_iter().filter(|(.., is_unsaid, _)| *is_unsaid);
    let rows: Vec<_> = unsaid.filter_map(|(field, name, _, words)| Some((field, name, words?))).collect();
    let people = (!read.people.is_empty()).then(|| read.people.join(", "));
    if rows.is_empty() && people.is_none() {
        return None;
    }
    let id = memory.id.to_string();
    let rows = rows
        .into_iter()
        .map(|(field, name, (words, shown))| {
            let id = id.clone();
            let label = format!("Keep: {name}, {shown}");
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd dir="auto">
                        <em>{shown}</em>
                        <PostForm action=keep.action>
                            <input r#type="hidden" name="id" value=id/>
                            <input r#type="hidden" name=field value=words/>
                            <button class="link small" r#type="submit" aria-label=label>"Keep"</button>
                        </PostForm>
                    </dd>
                </div>
            }
        })
        .collect_view();
    Some(view! {
        <section class="stack tight" aria-labelledby="suggested-heading">
            <h2 id="suggested-heading">"Read between your words"</h2>
            <p class="faded small">"Suggestions. They help us to understand, and never replace what you wrote."</p>
            <FormError error=keep.error/>
            <dl class="facts suggested">
                {rows}
                {people.map(|people| view! { <div><dt>"With"</dt><dd dir="auto"><em>{people}</em></dd></div> })}
            </dl>
        </section>
    })
}

/// The perfumes that the memory names.
#[component]
pub fn Perfumes(named: Vec<NamedFragrance>) -> impl IntoView {
    let mut seen: Vec<NamedFragrance> = Vec::new();
    for perfume in named {
        if !seen.iter().any(|other| other.fragrance_id == perfume.fragrance_id) {
            seen.push(perfume);
        }
    }
    if seen.is_empty() {
        return None;
    }
    let items = seen
        .into_iter()
        .map(|perfume| {
            view! {
                <li>
                    <a class="chip" href=format!("/catalog/{}", perfume.fragrance_id)>
                        {perfume.name}
                        <span class="faded">{perfume.brand}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    Some(view! {
        <section class="stack tight" aria-labelledby="perfumes-heading">
            <h2 id="perfumes-heading">"Perfumes it names"</h2>
            <ul class="chips">{items}</ul>
        </section>
    })
}
