use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::catalog::Seed;

static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| Taxonomy::new(Seed::read().unwrap().notes));

fn named(text: &str) -> Vec<&'static str> {
    TAXONOMY.mentions(text).into_iter().map(|mention| TAXONOMY.notes()[mention.note].name.as_str()).collect()
}

#[test]
fn notes_go_by_many_names() {
    for (name, note) in [
        ("Olibanum", "frankincense"),
        ("cassis", "black currant"),
        ("Oak Moss", "oakmoss"),
        ("VANILLE", "vanilla"),
        ("agarwood (oud)", "oud"),
        ("Ambroxan™", "ambroxan"),
        ("Ylang-Ylang", "ylang-ylang"),
        ("ylang ylang", "ylang-ylang"),
        ("figs", "fig"),
        ("lilies of the valley", "lily of the valley"),
        ("Calabrian bergamot", "bergamot"),
        ("Indonesian patchouli leaf", "patchouli"),
        ("muguet", "lily of the valley"),
        ("Maiglöckchen", "lily of the valley"),
        ("Virginia-Zeder", "virginia cedar"),
        ("pomarose", "pomarose"),
        ("bleach", "bleach"),
        ("barn", "barn"),
    ] {
        assert_eq!(TAXONOMY.resolve(name).map(|n| n.name.as_str()), Some(note), "{name}");
    }
    for nothing in ["", "  ", "foulness", "oil", "balmy", "spirit", "🌹"] {
        assert_eq!(TAXONOMY.resolve(nothing), None, "{nothing:?}");
    }
}

#[test]
fn texts_name_notes() {
    for (text, notes) in [
        ("Roses and figs, a peppery tea, lilies of the valley", &["rose", "fig", "pepper", "tea", "lily of the valley"][..]),
        ("Orange blossom, not orange.", &["orange blossom", "orange"]),
        ("L’odeur de l'encens", &["incense"]),
        ("The warm, lemony soap of my grandmother", &["lemon", "soap"]),
        ("Vanilla. Bean soup.", &["vanilla"]),
    ] {
        assert_eq!(named(text), notes, "{text}");
    }
}

#[test]
fn everyday_words_need_smelling() {
    for text in [
        "The sun rose over the hills.",
        "We went to the station to save the date",
        "Our first date was in May, and he gave me sage advice.",
        "He parked in the rock quarry beside the limestone wall.",
        "My hair was wet and the air was cold.",
        "Aunt Rose said so.",
        "It is current knowledge in mint condition.",
        "A match of two equal mates",
        "Shares rose from ten to twelve; they are in stock.",
    ] {
        assert_eq!(named(text), Vec::<&str>::new(), "{text}");
    }
    for (text, notes) in [
        ("Her hair smelled of wet stone and wool.", &["wet stone", "wool"][..]),
        ("it smells like hair and skin", &["hair", "skin"]),
        ("figs, dates and honey", &["fig", "date", "honey"]),
        ("a rose in the garden", &["rose"]),
        ("We walked through the pine forest.", &["pine", "forest floor"]),
        ("with a hint of air", &["air"]),
        ("date", &["date"]),
    ] {
        assert_eq!(named(text), notes, "{text}");
    }
}

#[test]
fn a_kind_of_a_note_is_named_after_it() {
    let kinds = |note: &str| -> Vec<&str> {
        let kinds = TAXONOMY.kinds_of(TAXONOMY.index_of(note).unwrap());
        kinds.iter().map(|&kind| TAXONOMY.notes()[kind].name.as_str()).collect()
    };
    assert!(kinds("musk").contains(&"white musk"));
    assert!(kinds("rose").contains(&"wild rose"));
    assert!(!kinds("rose").contains(&"rosewood"));
}

#[test]
fn mentions_point_into_the_original() {
    let text = "Ein Hauch von GARDÉNIA — und Rosé? Crème brûlée!";
    for mention in TAXONOMY.mentions(text) {
        let quote = &text[mention.bytes.clone()];
        assert_eq!(TAXONOMY.resolve(quote).map(|n| &n.name), Some(&TAXONOMY.notes()[mention.note].name), "{quote}");
    }
    assert_eq!(TAXONOMY.mentions(text).len(), 3);
}

proptest! {
    #[test]
    fn mentions_are_in_order_and_in_bounds(
        parts in prop::collection::vec(prop_oneof!["\\PC{0,12}", Just("crème brûlée ".to_owned()), Just("rose, date ".to_owned()), Just("smells of air ".to_owned())], 0..12)
    ) {
        let text = parts.concat();
        let mut last = 0;
        for mention in TAXONOMY.mentions(&text) {
            prop_assert!(mention.note < TAXONOMY.notes().len());
            prop_assert!(mention.bytes.start >= last && mention.bytes.end > mention.bytes.start);
            prop_assert!(text.get(mention.bytes.clone()).is_some());
            last = mention.bytes.end;
        }
    }

    #[test]
    fn every_name_resolves_however_it_is_written(at in 0usize..1600, upper in any::<bool>()) {
        let note = &TAXONOMY.notes()[at % TAXONOMY.notes().len()];
        for name in std::iter::once(&note.name).chain(&note.synonyms) {
            let written = if upper { name.to_uppercase() } else { format!(" {name}. ") };
            prop_assert_eq!(TAXONOMY.resolve(&written).map(|n| n.name.as_str()), Some(note.name.as_str()));
        }
    }
}
