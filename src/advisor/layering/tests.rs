use proptest::prelude::*;

use super::*;
use crate::{
    advisor::fixture::{disliking, snapshot},
    domain::{collection::Holding, memory::ScentSource},
};

fn owner(bottles: impl IntoIterator<Item = usize>) -> Person {
    let all = snapshot().fragrances();
    let held = bottles.into_iter().map(|at| (all[at % all.len()].id.clone(), Holding { owned: true, ..Holding::default() }));
    Person { holdings: held.collect(), ..Person::default() }
}

fn remembered(memory: &str, note: &str) -> RememberedNote {
    RememberedNote {
        memory: MemoryId::from_key(memory),
        memory_title: format!("The day of {memory}"),
        name: note.into(),
        literal: true,
        confidence: 0.9,
        source: ScentSource::Text,
        span: None,
        valence: 0.5,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn only_what_is_owned_is_suggested_and_what_is_said_is_true(
        owned in prop::collection::btree_set(0usize..2_000, 0..30),
        notes in prop::collection::vec((0usize..4, 0usize..1_000), 0..30),
    ) {
        let person = owner(owned);
        let taxonomy = snapshot().taxonomy().notes();
        let notes: Vec<RememberedNote> =
            notes.into_iter().map(|(day, at)| remembered(&format!("m{day}"), &taxonomy[at % taxonomy.len()].name)).collect();
        let pairs = layerings(snapshot(), &person, &notes);
        prop_assert!(pairs.len() <= PAIRS);
        let mut used = BTreeSet::new();
        for Layering { base, over, meets, memory, reason } in &pairs {
            let (base_of, over_of) = (&base.fragrance, &over.fragrance);
            prop_assert!(person.owns(&base_of.id) && person.owns(&over_of.id));
            prop_assert!(used.insert(base_of.id.clone()) && used.insert(over_of.id.clone()));
            prop_assert!(!meets.is_empty() && meets.iter().all(|n| base_of.notes.contains(n) && over_of.notes.contains(n)));
            prop_assert!(base.brings.iter().all(|n| base_of.notes.contains(n) && !over_of.notes.contains(n)));
            prop_assert!(over.brings.iter().all(|n| over_of.notes.contains(n) && !base_of.notes.contains(n)));
            prop_assert!(base_of.intensity >= over_of.intensity);
            if let Some(memory) = memory {
                let of_memory = |note: &String| notes.iter().any(|n| n.memory == memory.id && n.name == *note);
                prop_assert!(memory.notes.iter().all(of_memory) && reason.contains(&memory.title));
            }
        }
    }
}

/// The places of two bottles that are suggested together.
fn a_pair() -> (Person, Layering) {
    let person = owner(0..40);
    let pair = layerings(snapshot(), &person, &[]).into_iter().next().unwrap();
    (person, pair)
}

#[test]
fn neither_two_of_a_kind_nor_what_is_refused_nor_what_is_disliked_is_suggested() {
    let all = snapshot().fragrances();
    let line = |at: usize| (at + 1..all.len()).find(|&other| snapshot().is_same_line(at, other));
    let (one, other) = (0..all.len()).find_map(|at| Some((at, line(at)?))).unwrap();
    assert!(layerings(snapshot(), &owner([one, other]), &[]).is_empty(), "two concentrations of one perfume");
    assert!(layerings(snapshot(), &owner([one]), &[]).is_empty(), "one bottle");

    let (mut person, pair) = a_pair();
    let holds =
        |pairs: &[Layering]| pairs.iter().any(|p| [&p.base, &p.over].map(|b| &b.fragrance.id).contains(&&pair.base.fragrance.id));
    person.disliked.insert(pair.base.fragrance.id.clone());
    assert!(!holds(&layerings(snapshot(), &person, &[])), "disliked");

    let (mut person, pair) = a_pair();
    let refused = &pair.meets[0];
    person.taste = disliking(refused);
    for pair in layerings(snapshot(), &person, &[]) {
        assert!([&pair.base, &pair.over].iter().all(|bottle| !bottle.fragrance.notes.contains(refused)), "{}", pair.reason);
    }
}

#[test]
fn a_memory_that_needs_both_brings_them_together() {
    let (person, pair) = a_pair();
    let (Some(one), Some(other)) = (pair.base.brings.first(), pair.over.brings.first()) else { panic!("both bring something") };
    let notes = [remembered("fair", one), remembered("fair", other), remembered("sad", one)];
    let found =
        layerings(snapshot(), &person, &notes).into_iter().find(|p| p.base.fragrance.id == pair.base.fragrance.id).unwrap();
    let memory = found.memory.unwrap();
    assert_eq!((memory.id.as_str(), memory.notes.as_slice()), ("fair", &[one.clone(), other.clone()][..]));
    assert!(found.reason.contains("“The day of fair”"), "{}", found.reason);

    // What was no pleasure is no reason to smell of it.
    let bad: Vec<RememberedNote> = notes.iter().map(|note| RememberedNote { valence: -0.5, ..note.clone() }).collect();
    assert!(layerings(snapshot(), &person, &bad).iter().all(|pair| pair.memory.is_none()));
}
