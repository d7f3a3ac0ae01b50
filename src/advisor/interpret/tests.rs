use proptest::prelude::*;

use super::*;
use crate::{
    advisor::fixture::snapshot,
    domain::{
        fragrance::{Family, Gender},
        intent::TimeOfDay,
        memory::Season,
        notes::Category,
    },
};

fn read(text: &str) -> Intent {
    interpret(snapshot(), text).intent
}

/// Reads `wanted; unwanted` notes.
fn notes(text: &str) -> (Vec<String>, Vec<String>) {
    let intent = read(text);
    (intent.wanted_notes, intent.unwanted_notes)
}

#[test]
fn every_way_of_refusing_refuses() {
    for text in [
        "no patchouli",
        "Something green, not patchouli",
        "without patchouli",
        "without any patchouli please",
        "nothing with patchouli",
        "never patchouli",
        "please avoid patchouli",
        "I hate patchouli",
        "I can't stand patchouli",
        "I can’t wear patchouli",
        "I'm allergic to patchouli",
        "free of patchouli",
        "patchouli-free",
        "something floral minus the patchouli",
        "all flowers except patchouli",
        "anything but patchouli",
        "I don't like patchouli",
        "I do not want patchouli",
        "patchouli gives me a headache",
        "I like it fresh - patchouli makes me sick, so leave it out",
        "I used to wear patchouli but now I can't stand it",
        "sick of patchouli",
        "something without too much patchouli",
        "instead of patchouli, something green",
        "less patchouli",
    ] {
        let (wanted, unwanted) = notes(text);
        assert_eq!(unwanted, ["patchouli"], "{text}");
        assert!(!wanted.contains(&"patchouli".to_owned()), "{text}");
    }
}

#[test]
fn a_refusal_ends_where_it_should() {
    let lists = |wanted: &[&str], unwanted: &[&str]| {
        (wanted.iter().map(|s| (*s).to_owned()).collect(), unwanted.iter().map(|s| (*s).to_owned()).collect())
    };
    for (text, wanted, unwanted) in [
        ("no rose, jasmine or patchouli", &[][..], &["rose", "jasmine", "patchouli"][..]),
        ("with neither rose nor jasmine", &[], &["rose", "jasmine"]),
        ("no rose but plenty of jasmine", &["jasmine"], &["rose"]),
        ("no rose; jasmine", &["jasmine"], &["rose"]),
        ("no rose. I love jasmine", &["jasmine"], &["rose"]),
        ("no rose, I love jasmine", &["jasmine"], &["rose"]),
        ("no rose, with jasmine", &["jasmine"], &["rose"]),
        ("jasmine without rose", &["jasmine"], &["rose"]),
        ("not rose but jasmine", &["jasmine"], &["rose"]),
        ("I can't get enough of jasmine", &["jasmine"], &[]),
        ("nothing but jasmine", &["jasmine"], &[]),
        ("never without jasmine", &["jasmine"], &[]),
        ("I don't mind jasmine, but no rose", &[], &["rose"]),
        ("Not only jasmine: I like everything green. Just no rose.", &[], &["rose"]),
        ("I'm not sure, maybe jasmine", &["jasmine"], &[]),
        ("more jasmine, less rose", &["jasmine"], &["rose"]),
        ("I already have plenty of jasmine; rose please", &["rose"], &[]),
    ] {
        assert_eq!(notes(text), lists(wanted, unwanted), "{text}");
    }
}

#[test]
fn kinds_accords_and_families() {
    let intent = read("No citrus, please. Something sweet.");
    assert_eq!((intent.unwanted_categories, intent.wanted_accords), (vec![Category::Citrus], vec!["sweet".to_owned()]));
    let intent = read("Citrus but never lemon.");
    assert_eq!((intent.wanted_accords, intent.unwanted_notes), (vec!["citrus".to_owned()], vec!["lemon".to_owned()]));
    let intent = read("No geranium, aromatic, and not more than 100 euros.");
    assert_eq!(intent.wanted_accords, ["aromatic"]);
    assert_eq!(intent.unwanted_notes, ["geranium"]);
    assert_eq!(intent.budget.unwrap().max, 100.0);
    assert_eq!(read("I want warm and spicy, no peach").wanted_accords, ["warm spicy"]);
    assert_eq!(read("nothing too sweet or powdery").unwanted_accords, ["sweet", "powdery"]);
    assert_eq!(read("a chypre, not a gourmand").wanted_families, [Family::Chypre]);
    assert_eq!(read("a chypre, not a gourmand").unwanted_families, [Family::Gourmand]);
    let intent = read("no flowers except rose");
    assert_eq!((intent.unwanted_categories, intent.wanted_notes), (vec![Category::Flower], vec!["rose".to_owned()]));
    assert_eq!(read("something cozy and mysterious").moods, ["cozy", "mysterious"]);
}

#[test]
fn circumstances() {
    let intent = read("Something aquatic for a romantic evening in summer, no vanilla");
    assert_eq!((intent.time, intent.occasion.as_deref()), (Some(TimeOfDay::Night), Some("a date")));
    assert_eq!((intent.seasons, intent.unwanted_notes), (vec![Season::Summer], vec!["vanilla".to_owned()]));
    assert_eq!(read("no vanilla for winter").seasons, [Season::Winter]);
    assert_eq!(read("not for winter").seasons, []);
    assert_eq!(read("for the office").time, Some(TimeOfDay::Day));
    assert_eq!(read("soft and quiet").intensity, Some(Intensity::Soft));
    assert_eq!(read("not too strong").intensity, Some(Intensity::Soft));
    assert_eq!(read("nothing overpowering").intensity, Some(Intensity::Soft));
    assert_eq!(read("beast mode").intensity, Some(Intensity::Strong));
    assert_eq!(read("a long-lasting rose").longevity, Some(Longevity::Long));
    assert_eq!(read("a fresh perfume that is not gendered").gender, Some(Gender::Unisex));
    assert_eq!(read("Gender-free and aquatic").gender, Some(Gender::Unisex));
    assert_eq!(read("no rose for men").gender, Some(Gender::Men));
    assert_eq!(read("something for my mother").gender, None);
    assert!(read("something that is not discontinued").obtainable);
    assert!(read("a rose that is still sold").obtainable);
    assert!(read("what should I buy from my wishlist?").from_wishlist);
    assert_eq!(read("something woody and cheap").budget.map(|b| b.max), Some(CHEAP));
}

#[test]
fn perfumes_and_houses() {
    let name = |intent: &Intent| intent.like.as_ref().map(|a| a.name.clone());
    let intent = read("like Terre d'Hermès but softer");
    assert_eq!(name(&intent).as_deref(), Some("Terre d'Hermès"));
    assert_eq!(intent.intensity, Some(Intensity::Soft));
    assert!(intent.wanted_brands.is_empty());
    let intent = read("Something like Shalimar by Guerlain, but not from Guerlain");
    assert_eq!(name(&intent).as_deref(), Some("Shalimar"));
    assert_eq!(intent.unwanted_brands, ["Guerlain"]);
    let intent = read("Similar to Shalimar by Guerlain, from another house, without vanilla");
    assert_eq!(
        (intent.unwanted_brands.clone(), intent.unwanted_notes.clone()),
        (vec!["Guerlain".to_owned()], vec!["vanilla".to_owned()])
    );
    let intent = read("I like Shalimar, but it is too expensive. What is similar and costs less?");
    assert!(intent.like.unwrap().cheaper && intent.budget.is_none());
    assert!(read("cheaper than Shalimar").like.unwrap().cheaper);
    assert_eq!(read("woody, but not Guerlain or Chanel").unwanted_brands, ["Guerlain", "Chanel"]);
    assert_eq!(read("something smoky, but not Carolina Herrera").unwanted_brands, ["Carolina Herrera"]);
    assert_eq!(read("similar to Nosuchname by Guerlain, from another house").unwanted_brands, ["Guerlain"]);
    assert_eq!(read("something woody by Guerlain").wanted_brands, ["Guerlain"]);
    assert_eq!(read("I own Shalimar. Something fresh, please.").like, None);
    assert_eq!(name(&read("I wear Shalimar every day and want something similar")).as_deref(), Some("Shalimar"));
    let intent = read("nothing like Shalimar");
    assert!(intent.like.is_none() && intent.unwanted_fragrances.len() == 1);
}

#[test]
fn what_is_refused_is_not_searched_for() {
    let understood = interpret(snapshot(), "A smoky tea by Guerlain, without patchouli, under 80 €, like Shalimar");
    let search = understood.search.to_lowercase();
    assert!(search.contains("smoky") && search.contains("tea"), "{search}");
    for word in ["patchouli", "guerlain", "shalimar", "80", "without"] {
        assert!(!search.contains(word), "{search}");
    }
}

#[test]
fn a_wish_that_was_taken_out_is_not_searched_for() {
    let text = "A smoky rose with vanilla for the winter";
    let intent = read(text);
    let same = put_right(snapshot(), text, intent.clone());
    assert_eq!(same, interpret(snapshot(), text));
    for (kind, value, word) in
        [("wanted_notes", "rose", "rose"), ("wanted_accords", "smoky", "smoky"), ("seasons", "winter", "winter")]
    {
        let less = intent.without(kind, value);
        assert_ne!(less, intent, "{kind} was understood");
        let Understood { search, description, .. } = put_right(snapshot(), text, less);
        assert!(!search.contains(word) && !description.contains(word), "{search}");
        assert!(search.contains("vanilla"), "{search}");
    }
}

/// A refused note is covered by what was understood: as a note, as its whole kind, or as its accord or family.
fn refuses(intent: &Intent, note: &crate::domain::notes::Note) -> bool {
    intent.unwanted_notes.contains(&note.name)
        || intent.unwanted_categories.contains(&note.category)
        || intent.unwanted_families.iter().any(|f| note.name.contains(f.label()))
        || intent.unwanted_accords.iter().any(|a| note.name.contains(a.as_str()))
}

#[test]
fn every_note_of_the_taxonomy_can_be_refused() {
    let accepted =
        |note: &&crate::domain::notes::Note| !refuses(&read(&format!("Something pleasant, no {}, please", note.name)), note);
    let accepted: Vec<&str> = snapshot().taxonomy().notes().iter().filter(accepted).map(|note| note.name.as_str()).collect();
    assert!(accepted.is_empty(), "{accepted:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_refused_note_is_refused(
        at in 0usize..100_000,
        way in prop::sample::select(vec![
            "no {}", "without {}", "Something fresh, no {} please.", "I can't stand {}", "I love everything but not {}",
            "please avoid {}, and make it woody", "nothing with {}", "allergic to {}", "anything except {}", "a rose, never {}",
        ]),
    ) {
        let notes = snapshot().taxonomy().notes();
        let note = &notes[at % notes.len()];
        let intent = read(&way.replace("{}", &note.name));
        prop_assert!(refuses(&intent, note), "{way}: {} → {intent:?}", note.name);
        prop_assert!(!intent.wanted_notes.contains(&note.name));
    }

    #[test]
    fn a_removed_chip_is_gone(text in "[a-z ,.]{0,40}(no rose|woody|under 80 euros|for winter|not Dior|cozy|soft|like Shalimar)[a-z ,.]{0,40}") {
        let intent = read(&text);
        for chip in intent.chips() {
            let without = intent.without(&chip.kind, &chip.value);
            prop_assert!(!without.chips().contains(&chip));
            prop_assert_eq!(without.chips().len(), intent.chips().len() - 1);
        }
    }

    #[test]
    fn nothing_makes_it_panic(text in "\\PC{0,200}") {
        let understood = interpret(snapshot(), &text);
        prop_assert!(check::check(snapshot(), understood.intent).is_ok());
    }

    #[test]
    fn no_question_makes_it_panic(words in prop::collection::vec(prop::sample::select(vec![
        "no", "not", "without", "but", "except", "rose", "citrus", ",", ".", "-", "sweet", "Dior", "Shalimar", "80", "€", "under", "between",
        "and", "or", "too", "free", "like", "cheaper", "than", "winter", "for", "men", "gives me a headache", "leave it out", "’", "ylang-ylang",
    ]), 0..25)) {
        let understood = interpret(snapshot(), &words.join(" "));
        let intent = &understood.intent;
        prop_assert!(intent.wanted_notes.iter().all(|n| !intent.unwanted_notes.contains(n)));
        prop_assert!(check::check(snapshot(), understood.intent.clone()).is_ok());
    }
}

#[test]
fn a_description_rules_nothing_out() {
    let story = "It opens with lemon and a sea breeze, nothing sweet about it, and then the heart of jasmine and fig leaf comes \
        through, not at all like the Dior that my aunt wore; for men and women who walk along the shore in the evening.";
    let intent = interpret(snapshot(), story).intent;
    assert!(intent.chips().iter().all(|chip| !chip.excludes), "{:?}", intent.chips());
    assert!(intent.wanted_notes.contains(&"lemon".to_owned()), "{intent:?}");
    let asked = interpret(snapshot(), &format!("{story} I'm looking for something like that, but without jasmine.")).intent;
    assert!(asked.unwanted_notes.contains(&"jasmine".to_owned()), "{asked:?}");
}

#[test]
fn other_ways_to_refuse() {
    let refused = |text: &str| interpret(snapshot(), text).intent.unwanted_notes;
    for text in [
        "Hates: tonka bean. Loves: tobacco.",
        "Aromatic, but hold the tonka bean.",
        "Something tobacco that leaves out the tonka bean.",
        "I like tobacco; spare me tonka bean.",
        "Tobacco, and keep tonka bean out of it.",
    ] {
        assert_eq!(refused(text), ["tonka bean"], "{text}");
    }
    assert!(refused("It doesn't have to be cedar, just something dry.").is_empty());
}

#[test]
fn an_allergy_and_a_limit_hold_in_a_long_story() {
    let intent = read(
        "My husband turns forty in October and we are going to Lisbon, where we met; he wears linen and old leather, works with \
         wood, and is allergic to oakmoss, so nothing with it, and at most 80 euros.",
    );
    assert!(intent.unwanted_notes.contains(&"oakmoss".to_owned()), "{intent:?}");
    assert_eq!(intent.budget.map(|budget| budget.max), Some(80.0));
}

#[test]
fn where_and_when_a_memory_was_is_not_asked_for() {
    for text in [
        "What would go with my memory of Shalimar?",
        "something from my memories of a wedding in winter",
        "it reminds me of my wedding",
    ] {
        let intent = read(text);
        assert_eq!((intent.like, intent.occasion, intent.seasons), (None, None, vec![]), "{text}");
    }
    for text in ["something that reminds me of Shalimar", "something that reminds me of my mother's Shalimar"] {
        assert!(read(text).like.is_some(), "{text}");
    }
    assert_eq!(read("memories of fig and cedar, for a wedding").occasion.as_deref(), Some("a wedding"));
    assert_eq!(notes("my memory of fig trees, but no cedar").1, ["cedar"]);
}
