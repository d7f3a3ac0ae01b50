//! Ten thousand requests in words, each with laws of which the generator knows what they refuse: whatever the interpretation
//! makes of the words, nothing refused is left, by facts that are looked up without it.
//!
//! Each opens by asking: a long text that never asks is a description, and rules nothing out.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;

use super::*;
use crate::{
    advisor::{
        fixture::snapshot,
        interpret::{Understood, interpret},
    },
    domain::fragrance::Currency,
};

/// What a part of a request refuses.
#[derive(Clone, Debug)]
enum Refusal {
    Notes(Vec<String>),
    House(String),
    /// In euros.
    Above(f64),
}

/// Notes that at least so many perfumes of the seed hold, so that refusing them changes something.
static NOTES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for fragrance in snapshot().fragrances() {
        fragrance.notes.notes().for_each(|(_, note)| *counts.entry(note).or_default() += 1);
    }
    counts.into_iter().filter(|(_, count)| *count >= 4).map(|(note, _)| note.to_owned()).collect()
});

static HOUSES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut houses: Vec<String> = snapshot().fragrances().iter().map(|f| f.brand.clone()).collect();
    houses.sort();
    houses.dedup();
    houses
});

const OPENINGS: &[&str] = &[
    "Something for a winter evening",
    "I would love a fresh perfume for the office",
    "I am looking for a soft scent for spring",
    "Recommend me a woody perfume",
    "What would suit a wedding in June",
    "I want to smell like clean laundry",
    "Show me something warm and spicy",
    "a summer scent that lasts",
];

const REFUSALS: &[&str] = &[
    "no {}",
    "without {}",
    "but never {}",
    "please no {}",
    "I hate {}",
    "I can't stand {}",
    "anything but {}",
    "leave out {}",
    "not a trace of {}",
    "free of {}",
];

fn notes() -> impl Strategy<Value = (String, Refusal)> {
    let names = prop::collection::vec(prop::sample::select(NOTES.as_slice()), 1..4);
    (names, prop::sample::select(REFUSALS)).prop_map(|(names, way)| {
        let listed = match names.as_slice() {
            [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
            names => names.join(""),
        };
        (way.replace("{}", &listed), Refusal::Notes(names))
    })
}

fn houses() -> impl Strategy<Value = (String, Refusal)> {
    let ways = ["not {}", "nothing by {}", "no {}", "nothing from {}"];
    (prop::sample::select(HOUSES.as_slice()), prop::sample::select(ways.to_vec()))
        .prop_map(|(house, way)| (way.replace("{}", &house), Refusal::House(house)))
}

fn prices() -> impl Strategy<Value = (String, Refusal)> {
    let ways = [
        ("under {} €", Currency::Eur),
        ("for less than {} euros", Currency::Eur),
        ("max. {} EUR", Currency::Eur),
        ("up to ${}", Currency::Usd),
        ("below £{}", Currency::Gbp),
        ("not more than {} dollars", Currency::Usd),
    ];
    (20u32..300, prop::sample::select(ways.to_vec())).prop_map(|(amount, (way, currency))| {
        (way.replace("{}", &amount.to_string()), Refusal::Above(f64::from(amount) * currency.in_euros()))
    })
}

fn requests() -> impl Strategy<Value = (String, Vec<Refusal>)> {
    let laws = prop::collection::vec(prop_oneof![4 => notes(), 1 => houses(), 2 => prices()], 1..4);
    let glue = prop::sample::select(&[", ", "; ", ". "][..]);
    (prop::sample::select(OPENINGS), laws, glue).prop_map(|(opening, laws, glue)| {
        let (words, refusals): (Vec<String>, Vec<Refusal>) = laws.into_iter().unzip();
        // Of two limits, nobody can say which one is meant.
        let mut limits = 0;
        let kept = words.into_iter().zip(refusals).filter(|(_, refusal)| {
            limits += usize::from(matches!(refusal, Refusal::Above(_)));
            !matches!(refusal, Refusal::Above(_)) || limits == 1
        });
        let (words, refusals): (Vec<String>, Vec<Refusal>) = kept.unzip();
        (format!("{opening}{glue}{}.", words.join(glue)), refusals)
    })
}

/// What of a perfume was refused.
fn refused(fragrance: &Fragrance, refusal: &Refusal) -> Option<String> {
    let taxonomy = snapshot().taxonomy();
    let is_kind = |note: &str, of: &str| {
        let kinds = taxonomy.index_of(of).map(|at| taxonomy.kinds_of(at)).unwrap_or_default();
        note == of || kinds.iter().any(|kind| taxonomy.notes()[*kind].name == note)
    };
    match refusal {
        Refusal::Notes(names) => fragrance
            .notes
            .notes()
            .find(|(_, note)| names.iter().any(|name| is_kind(note, name)))
            .map(|(_, note)| note.to_owned()),
        Refusal::House(house) => (fragrance.brand == *house).then(|| house.clone()),
        Refusal::Above(limit) => {
            let price = fragrance.price.map(|price| price.euros())?;
            (price > limit + 0.01).then(|| format!("{price} €"))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_refused_in_words_is_left((text, refusals) in requests(), from in 0usize..8) {
        let Understood { intent, .. } = interpret(snapshot(), &text);
        let person = Person::default();
        let laws = Laws::new(snapshot(), &intent, &person);
        // An eighth of the catalog each time: ten thousand requests meet all of it over a thousand times.
        for (at, fragrance) in snapshot().fragrances().iter().enumerate().skip(from).step_by(8) {
            if laws.breaches(at).is_empty() {
                for refusal in &refusals {
                    prop_assert_eq!(refused(fragrance, refusal), None, "{}: {} ({:?})", text, fragrance.full_name(), intent);
                }
            }
        }
    }
}
