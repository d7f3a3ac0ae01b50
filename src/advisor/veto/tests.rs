use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{smells::covers, *};
use crate::{
    advisor::{
        diversify::{ANSWERS, Choice, diversify},
        fixture::{disliking, snapshot},
        rank::{Model, Scoring},
        retrieve::Found,
        verdict::{Verdict, decide},
    },
    domain::{
        collection::Holding,
        fragrance::Currency,
        ids::FragranceId,
        intent::{Anchor, Budget},
    },
};

fn id(at: usize) -> FragranceId {
    let all = snapshot().fragrances();
    all[at % all.len()].id.clone()
}

fn note(at: usize) -> String {
    let notes: Vec<&str> =
        ["rose", "musk", "bergamot", "vanilla", "cedar", "patchouli", "iris", "oud", "leather", "incense", "jasmine"].into();
    notes[at % notes.len()].to_owned()
}

prop_compose! {
    fn intents()(
        wanted in prop::collection::vec(0usize..50, 0..2),
        unwanted in prop::collection::vec(0usize..50, 0..3),
        kinds in prop::collection::vec(prop::sample::select(Category::ALL), 0..2),
        accords in prop::collection::vec(prop::sample::select(vec!["sweet", "woody", "floral", "spicy", "fresh", "smoky"]), 0..2),
        families in prop::collection::vec(prop::sample::select(Family::ALL), 0..2),
        houses in prop::collection::vec(0usize..2_000, 0..2),
        perfume in prop::option::of(0usize..2_000),
        budget in prop::option::of((10.0f64..300.0, prop::sample::select(Currency::ALL))),
        gender in prop::option::of(prop::sample::select(Gender::ALL)),
        like in prop::option::of((0usize..2_000, any::<bool>())),
        obtainable in any::<bool>(),
        from_wishlist in any::<bool>(),
    ) -> Intent {
        let all = snapshot().fragrances();
        let unwanted_notes: Vec<String> = unwanted.into_iter().map(note).collect();
        Intent {
            wanted_notes: wanted.into_iter().map(note).filter(|n| !unwanted_notes.contains(n)).collect(),
            unwanted_notes,
            unwanted_categories: kinds,
            unwanted_accords: accords.into_iter().map(str::to_owned).collect(),
            unwanted_families: families,
            unwanted_brands: houses.into_iter().map(|at| all[at % all.len()].brand.clone()).collect(),
            unwanted_fragrances: perfume.into_iter().map(id).collect(),
            budget: budget.map(|(max, currency)| Budget { min: None, max, currency }),
            gender,
            like: like.map(|(at, cheaper)| {
                let fragrance = &all[at % all.len()];
                let (brand, name) = (fragrance.brand.clone(), fragrance.name.clone());
                Anchor { fragrance_id: fragrance.id.clone(), brand, name, cheaper }
            }),
            obtainable,
            from_wishlist,
            ..Intent::default()
        }
    }
}

prop_compose! {
    fn people()(
        owned in prop::collection::btree_set(0usize..2_000, 0..8),
        wished in prop::collection::btree_set(0usize..2_000, 0..8),
        disliked in prop::collection::btree_set(0usize..2_000, 0..8),
    ) -> Person {
        let mut person = Person { disliked: disliked.into_iter().map(id).collect(), ..Person::default() };
        for at in wished {
            person.holdings.insert(id(at), Holding { wishlist: true, ..Holding::default() });
        }
        for at in owned {
            person.holdings.insert(id(at), Holding { owned: true, ..Holding::default() });
        }
        person
    }
}

/// The laws once more, written down independently of how they are applied.
fn violates(fragrance: &Fragrance, intent: &Intent, person: &Person) -> Option<String> {
    let notes: Vec<&str> = fragrance.notes.notes().map(|(_, n)| n).collect();
    let taxonomy = snapshot().taxonomy();
    let holding = person.holdings.get(&fragrance.id).cloned().unwrap_or_default();
    let price = fragrance.price.map(|p| p.euros());
    let wrong = [
        ("note", intent.unwanted_notes.iter().any(|r| notes.iter().any(|n| covers(r, n)))),
        ("accord of the note", intent.unwanted_notes.iter().any(|r| fragrance.accords.contains(r))),
        (
            "kind",
            notes
                .iter()
                .filter(|n| !intent.wanted_notes.iter().any(|w| w == *n))
                .any(|n| taxonomy.get(n).is_some_and(|note| intent.unwanted_categories.contains(&note.category))),
        ),
        ("accord", intent.unwanted_accords.iter().any(|r| fragrance.accords.contains(r))),
        ("family", intent.unwanted_families.contains(&fragrance.family)),
        ("house", intent.unwanted_brands.contains(&fragrance.brand)),
        ("perfume", intent.unwanted_fragrances.iter().chain(&intent.unlike).any(|id| *id == fragrance.id)),
        ("price", price.zip(intent.budget).is_some_and(|(price, budget)| price > budget.max_euros())),
        ("owned", holding.owned),
        ("wishlist", holding.wishlist && !intent.from_wishlist),
        ("disliked", person.disliked.contains(&fragrance.id)),
        ("discontinued", intent.obtainable && fragrance.discontinued),
        (
            "gender",
            intent.gender.is_some_and(|g| {
                fragrance.gender != Some(g) && (g == Gender::Unisex || fragrance.gender != Some(Gender::Unisex))
            }),
        ),
        (
            "anchor",
            intent
                .like
                .as_ref()
                .is_some_and(|a| a.fragrance_id == fragrance.id || (a.brand == fragrance.brand && a.name == fragrance.name)),
        ),
        (
            "cheaper",
            intent.like.as_ref().filter(|a| a.cheaper).is_some_and(|a| {
                let dear = snapshot().get(&a.fragrance_id).and_then(|f| f.price).map(|p| p.euros());
                dear.zip(price).is_some_and(|(dear, price)| price >= dear)
            }),
        ),
    ];
    wrong.into_iter().find(|(_, wrong)| *wrong).map(|(law, _)| law.to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_law_is_ever_broken(intent in intents(), person in people()) {
        let laws = Laws::new(snapshot(), &intent, &person);
        for (at, fragrance) in snapshot().fragrances().iter().enumerate() {
            if laws.breaches(at).is_empty() {
                prop_assert_eq!(violates(fragrance, &intent, &person), None, "{} under {:?}", fragrance.full_name(), intent);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_shown_keeps_the_laws_and_differs(intent in intents(), person in people()) {
        let found = Found { person, ..Found::default() };
        let model = Model::standard();
        let scoring = Scoring::new(&model, snapshot(), &intent, &found);
        let verdict = decide(&scoring, usize::MAX);
        let first = decide(&scoring, 10);
        prop_assert!(first.ranked.iter().map(|r| r.index).eq(verdict.ranked.iter().take(10).map(|r| r.index)));
        prop_assert_eq!((first.sure, &first.alone), (verdict.sure, &verdict.alone));
        let choices = diversify(&scoring, &verdict);
        for choice in &choices {
            prop_assert_eq!(violates(&snapshot().fragrances()[choice.scored.index], &intent, &found.person), None);
        }
        prop_assert!(choices.len() == ANSWERS.min(verdict.ranked.len()) || near_duplicates_only(&verdict, choices.len()));
        let different: BTreeSet<usize> = choices.iter().map(|c| c.scored.index).collect();
        prop_assert_eq!(different.len(), choices.len());
        prop_assert!(choices.windows(2).all(|pair| pair[0].scored.score >= pair[1].scored.score));
        prop_assert!(choices.iter().rev().skip(1).all(|c| !c.exploratory));
        let unpriced = |c: &Choice| snapshot().fragrances()[c.scored.index].price.is_none();
        if intent.budget.is_some() {
            prop_assert!(choices.windows(2).all(|pair| !unpriced(&pair[0]) || unpriced(&pair[1])));
        }
    }
}

/// Fewer than five may be shown when what is left is too much alike.
fn near_duplicates_only(verdict: &Verdict, shown: usize) -> bool {
    shown > 0 && verdict.ranked.len() < 40
}

#[test]
fn each_law_says_why() {
    let all = snapshot().fragrances();
    let at = all.iter().position(|f| f.name == "Shalimar").unwrap();
    let shalimar = &all[at];
    let sentences = |intent: Intent, person: &Person| -> Vec<String> {
        let laws = Laws::new(snapshot(), &intent, person);
        laws.breaches(at).iter().map(|b| b.sentence(shalimar)).collect()
    };
    let nobody = Person::default();
    let said = sentences(Intent { unwanted_notes: vec!["vanilla".into()], ..Intent::default() }, &nobody);
    assert!(said[0].contains("Shalimar has vanilla in its base, and you asked for no vanilla."), "{said:?}");
    let budget = Budget { min: None, max: 20.0, currency: Currency::Eur };
    let said = sentences(Intent { budget: Some(budget), ..Intent::default() }, &nobody);
    assert!(said[0].contains("more than the limit of 20 €"), "{said:?}");
    let said = sentences(Intent { unwanted_brands: vec!["Guerlain".into()], ..Intent::default() }, &nobody);
    assert!(said[0].contains("a house that you left out"), "{said:?}");
    let mut owner = Person::default();
    owner.holdings.insert(shalimar.id.clone(), Holding { owned: true, ..Holding::default() });
    assert_eq!(sentences(Intent::default(), &owner), ["You own Guerlain Shalimar already."]);
    assert!(sentences(Intent::default(), &nobody).is_empty());
}

#[test]
fn a_wanted_note_is_exempt_from_its_refused_kind() {
    let intent = Intent { unwanted_categories: vec![Category::Flower], wanted_notes: vec!["rose".into()], ..Intent::default() };
    let person = Person::default();
    let laws = Laws::new(snapshot(), &intent, &person);
    let left: Vec<&Fragrance> = snapshot()
        .fragrances()
        .iter()
        .enumerate()
        .filter(|(at, _)| laws.breaches(*at).is_empty())
        .map(|(_, f)| f.as_ref())
        .collect();
    assert!(left.iter().any(|f| f.notes.contains("rose")));
    assert!(left.iter().all(|f| !f.notes.contains("violet") && !f.notes.contains("peony")));
}

#[test]
fn a_note_and_its_accord_are_refused_by_one_law() {
    let intent = Intent { unwanted_notes: vec!["rose".into()], ..Intent::default() };
    let person = Person::default();
    let laws = Laws::new(snapshot(), &intent, &person);
    let has_both = |f: &Fragrance| f.notes.contains("rose") && f.accords.iter().any(|accord| accord == "rose");
    let roses: Vec<usize> = snapshot().fragrances().iter().enumerate().filter(|(_, f)| has_both(f)).map(|(at, _)| at).collect();
    assert!(!roses.is_empty());
    for at in roses {
        assert_eq!(laws.standing(at), Standing::OutBy(Law::NoNote("rose", Source::Question)));
    }
}

/// The laws that a perfume breaks, each once.
fn laws_on(at: usize, intent: &Intent, person: &Person) -> BTreeSet<String> {
    let laws = Laws::new(snapshot(), intent, person);
    laws.breaches(at).iter().filter_map(Breach::law).map(|law| law.to_string()).collect()
}

#[test]
fn what_two_laws_keep_out_no_one_of_them_brings_back() {
    let all = snapshot().fragrances();
    let at = all.iter().position(|f| f.name == "Shalimar").unwrap();
    let nobody = Person::default();
    let stated = Person { taste: disliking("vanilla"), ..Person::default() };

    let asked = Intent { unwanted_notes: vec!["vanilla".into()], ..Intent::default() };
    assert_eq!(laws_on(at, &asked, &stated), ["no vanilla", "your dislike of vanilla"].map(String::from).into());

    let kind = all[at].notes.notes().find_map(|(_, n)| Some(snapshot().taxonomy().get(n).filter(|_| n == "vanilla")?.category));
    let asked = Intent { unwanted_categories: kind.into_iter().collect(), ..asked };
    assert!(laws_on(at, &asked, &nobody).len() > 1, "the note and its kind are two laws");

    let accords: Vec<String> = all[at].accords.iter().take(2).cloned().collect();
    let said: BTreeSet<String> = accords.iter().map(|accord| format!("nothing {accord}")).collect();
    assert_eq!(said.len(), 2);
    let asked = Intent { unwanted_accords: accords, ..Intent::default() };
    assert!(laws_on(at, &asked, &nobody).is_superset(&said));

    let budget = Some(Budget { min: None, max: 20.0, currency: Currency::Eur });
    let (brand, name) = (all[at].brand.clone(), all[at].name.clone());
    let like = Some(Anchor { fragrance_id: all[at].id.clone(), brand, name, cheaper: true });
    let asked = Intent { budget, like, ..Intent::default() };
    assert!(laws_on(at, &asked, &nobody).is_superset(&["the limit of 20 €", "being cheaper"].map(String::from).into()));
}
