//! What was counted, as small drawings.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::{
    domain::{
        memory::Season,
        notes::Category,
        profile::{Analytics, NamedCount, Profile},
    },
    ui::components::{Bar, Bars},
};

/// How many of a kind are drawn.
const DRAWN: usize = 6;

#[component]
pub fn Counted(taste: Profile) -> impl IntoView {
    let Profile { analytics, flower, .. } = taste;
    let categories: BTreeMap<String, Category> =
        flower.petals.into_iter().chain(flower.thorns).map(|petal| (petal.note, petal.category)).collect();
    let Analytics { memories, queries, likes, top_notes, middle_notes, base_notes, emotions, seasons } = analytics;
    let seasons = seasons
        .into_iter()
        .map(|s| NamedCount {
            name: Season::from_word(&s.name).map_or(s.name, |season| season.label().to_owned()),
            count: s.count,
        })
        .collect();
    let groups = [
        ("Top notes in your memories", top_notes),
        ("Heart notes", middle_notes),
        ("Base notes", base_notes),
        ("Emotions", emotions),
        ("Seasons", seasons),
    ];
    let drawings = groups
        .into_iter()
        .filter(|(_, counts)| !counts.is_empty())
        .map(|(title, counts)| {
            let bars = bars(counts, &categories);
            view! {
                <div class="stack">
                    <h3>{title}</h3>
                    <Bars bars/>
                </div>
            }
        })
        .collect_view();
    let count = |n: u64, term: &'static str| view! { <div><dt>{term}</dt><dd>{n}</dd></div> };
    view! {
        <div class="stack loose">
            <dl class="facts">
                {count(memories, "Memories")}
                {count(queries, "Questions")}
                {count(likes, "Likes")}
            </dl>
            <div class="grid counted">{drawings}</div>
        </div>
    }
}

fn bars(mut counts: Vec<NamedCount>, categories: &BTreeMap<String, Category>) -> Vec<Bar> {
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    counts.truncate(DRAWN);
    counts
        .into_iter()
        .map(|c| Bar {
            category: categories.get(&c.name).copied(),
            amount: c.count as f64,
            value: c.count.to_string(),
            label: c.name,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_are_drawn_first() {
        let counts = (0..9).map(|n| NamedCount { name: format!("n{n}"), count: n % 3 }).collect();
        let drawn = bars(counts, &BTreeMap::from([("n2".to_owned(), Category::Wood)]));
        assert_eq!(drawn.iter().map(|b| b.label.as_str()).collect::<Vec<_>>(), ["n2", "n5", "n8", "n1", "n4", "n7"]);
        assert_eq!(drawn[0].category, Some(Category::Wood));
    }
}
