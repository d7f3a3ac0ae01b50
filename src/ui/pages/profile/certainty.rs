//! How sure each leaning is: a single click moves the taste, too, but it says little.

use std::{cmp::Reverse, collections::BTreeMap};

use leptos::prelude::*;

use crate::{
    domain::{
        fragrance::Family,
        notes::Category,
        profile::{NamedLeaning, Profile},
    },
    ui::components::{Bar, Bars},
};

/// How many of a kind are drawn.
const DRAWN: usize = 8;

/// The leanings with how sure they are, the surest first. Nothing before there is one.
#[component]
pub fn Certainty(taste: Profile) -> impl IntoView {
    let Profile { notes, families, accords, flower, .. } = taste;
    let categories: BTreeMap<String, Category> =
        flower.petals.into_iter().chain(flower.thorns).map(|petal| (petal.note, petal.category)).collect();
    let families = families.into_iter().map(|family| NamedLeaning { name: family_label(&family.name), ..family }).collect();
    let plain = BTreeMap::new();
    let groups = [("Notes", notes, categories), ("Families", families, plain.clone()), ("Accords", accords, plain)]
        .map(|(title, leanings, categories)| (title, surest(leanings), categories));
    groups.iter().any(|(_, leanings, _)| !leanings.is_empty()).then(|| {
        let drawn = groups.into_iter().filter(|(_, leanings, _)| !leanings.is_empty()).map(|(title, leanings, categories)| {
            let bars = leanings.iter().map(|leaning| bar(leaning, &categories)).collect();
            view! {
                <div class="stack">
                    <h3>{title}</h3>
                    <Bars bars/>
                </div>
            }
        });
        view! {
            <section class="section">
                <h2>"How sure this is"</h2>
                <p class="hint">"The longer the bar, the more you have told and done that speaks of it."</p>
                <div class="grid counted certainty">{drawn.collect_view()}</div>
            </section>
        }
    })
}

fn family_label(word: &str) -> String {
    Family::from_word(word).map_or_else(|| word.to_owned(), |family| family.label().to_owned())
}

fn surest(mut leanings: Vec<NamedLeaning>) -> Vec<NamedLeaning> {
    let percent = |leaning: &NamedLeaning| (leaning.leaning.confidence * 100.0).round() as u64;
    leanings.retain(|leaning| percent(leaning) > 0);
    leanings.sort_by_cached_key(|leaning| (Reverse(percent(leaning)), leaning.name.clone()));
    leanings.truncate(DRAWN);
    leanings
}

fn bar(NamedLeaning { name, leaning }: &NamedLeaning, categories: &BTreeMap<String, Category>) -> Bar {
    let percent = format!("{:.0} %", leaning.confidence * 100.0);
    Bar {
        label: name.clone(),
        amount: leaning.confidence,
        value: if leaning.vetoed {
            "ruled out".to_owned()
        } else if leaning.weight < 0.0 {
            format!("away, {percent}")
        } else {
            percent
        },
        category: categories.get(name).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::taste::Leaning;

    #[test]
    fn the_surest_come_first_with_their_direction() {
        let leaning = |name: &str, weight, confidence, vetoed| NamedLeaning {
            name: name.into(),
            leaning: Leaning { weight, confidence, vetoed },
        };
        let told = vec![
            leaning("fig", 0.9, 0.4, false),
            leaning("oud", -0.3, 0.8, false),
            leaning("rose", -1.0, 1.0, true),
            leaning("iris", 0.001, 0.001, false),
        ];
        let read: Vec<String> =
            surest(told).iter().map(|l| bar(l, &BTreeMap::new())).map(|bar| format!("{}: {}", bar.label, bar.value)).collect();
        assert_eq!(read, ["rose: ruled out", "oud: away, 80 %", "fig: 40 %"]);
    }
}
