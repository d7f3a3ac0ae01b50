//! The filter line: what the memories shown have in common, in words.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::query::ArchiveQuery;
use crate::{
    domain::memory::{MemoryCard, MemoryType, Season},
    ui::components::{Icon, IconName},
};

/// How many emotions, places and notes are offered.
const EMOTIONS: usize = 4;
const PLACES: usize = 4;
const NOTES: usize = 6;

/// One word of the line: the argument, its value, and the value in words.
type Choice = (&'static str, String, String);

/// The way to all memories, to parts of them, and back out of each filter.
#[component]
pub fn FilterLine(query: ArchiveQuery, cards: Vec<MemoryCard>) -> impl IntoView {
    let filters = query.filters();
    let is_all = filters.is_empty();
    let chosen = filters
        .iter()
        .map(|(name, words)| {
            view! {
                <a href=query.with(name, "") aria-current="true" title="Take this filter away">
                    {words.clone()}
                    <Icon name=IconName::Close/>
                    <span class="visually-hidden">", take this filter away"</span>
                </a>
            }
        })
        .collect_view();
    let offered = choices(&cards)
        .into_iter()
        .filter(|(name, ..)| !filters.iter().any(|(other, _)| other == name))
        .map(|(name, value, words)| view! { <a href=query.with(name, &value)>{words}</a> })
        .collect_view();
    view! {
        <nav class="filter-line" aria-label="Filter">
            <a href=query.everything() aria-current=is_all.then_some("true")>"all"</a>
            {chosen}
            {offered}
        </nav>
    }
}

/// What these memories can be told apart by.
fn choices(cards: &[MemoryCard]) -> Vec<Choice> {
    let types: Vec<MemoryType> = MemoryType::ALL.iter().copied().filter(|t| cards.iter().any(|c| c.memory_type == *t)).collect();
    let types = types.iter().filter(|_| types.len() > 1).map(|t| ("type", t.as_str().to_owned(), t.label().to_owned()));
    let seasons = Season::ALL
        .iter()
        .filter(|season| cards.iter().any(|card| card.season == Some(**season)))
        .map(|season| ("season", season.as_str().to_owned(), season.label().to_owned()));
    let emotions = most_common(cards.iter().filter_map(|card| card.emotion.clone()), EMOTIONS);
    let places = most_common(cards.iter().filter_map(|card| card.location.clone()), PLACES);
    let notes = most_common(cards.iter().flat_map(|card| card.flower.petals.iter().map(|p| p.note.clone())), NOTES);
    let as_they_are = |name: &'static str, words: Vec<String>| words.into_iter().map(move |word| (name, word.clone(), word));
    let as_they_are = as_they_are("place", places).chain(as_they_are("emotion", emotions)).chain(as_they_are("note", notes));
    types.chain(seasons).chain(as_they_are).collect()
}

/// The most common words, the most common first, then by the alphabet.
fn most_common(words: impl Iterator<Item = String>, limit: usize) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    let mut counted: Vec<(String, usize)> = counts.into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counted.into_iter().take(limit).map(|(word, _)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_common_words_come_first() {
        let words = ["smoke", "rose", "smoke", "amber", "rose", "smoke"].map(str::to_owned);
        assert_eq!(most_common(words.into_iter(), 2), ["smoke", "rose"]);
    }
}
