//! The sixth stage: what a memory says about taste. A bad memory pushes its scents away.

use std::collections::BTreeMap;

use crate::{
    domain::{
        fragrance::{Family, Fragrance},
        memory::first_words,
        notes::Category,
        taste::{Target, TargetKind, TasteKind},
    },
    learning::NewTasteEvent,
};

/// A worse feeling than this turns the sign.
pub(crate) const BAD: f64 = -0.25;

/// What a neutral memory is worth: people keep what is dear to them.
const KEPT: f64 = 0.45;

/// What the best memory adds to that.
const FOND: f64 = 0.35;

/// What a bad memory is worth at least: of those who dislike a smell for what happened, most avoid it for good.
const PUSHED_AWAY: f64 = 0.55;

const PERFUME: f64 = 0.6;
const FAMILY: f64 = 0.35;
const ACCORD: f64 = 0.25;

/// A weaker event is not worth a line in the story.
const FAINTEST: f64 = 0.03;

/// A note that is taken out was half believed before.
const TAKEN_OUT: f64 = -0.15;

/// A note of a memory.
#[derive(Clone, Debug)]
pub(crate) struct Lesson {
    pub name: String,
    pub category: Category,
    pub literal: bool,
    pub confidence: f64,
    pub valence: f64,
}

/// What a feeling of −1 to 1 is worth, −1 to 1.
fn worth(valence: f64) -> f64 {
    if valence <= BAD { -(PUSHED_AWAY + (1.0 - PUSHED_AWAY) * -valence) } else { KEPT + FOND * valence.max(0.0) }
}

/// The taste events of a memory. Notes that the person has put right are left out: their corrections speak for themselves.
pub(crate) fn lessons(title: &str, notes: &[Lesson], perfumes: &[(&Fragrance, f64)]) -> Vec<NewTasteEvent> {
    let memory = called(title);
    let evoked = |target, weight: f64, reason: String| NewTasteEvent { target, kind: TasteKind::Evoked, weight, reason };
    let mut events = Vec::new();
    let mut groups: BTreeMap<Category, f64> = BTreeMap::new();
    for note in notes {
        let weight = note.confidence * worth(note.valence);
        *groups.entry(note.category).or_default() += weight;
        let reason = match (note.literal, weight < 0.0) {
            (true, false) => format!("{memory} speaks of {}.", note.name),
            (false, false) => format!("{memory} brings {} to mind.", note.name),
            (true, true) => format!("{memory} speaks badly of {}.", note.name),
            (false, true) => format!("{memory} brings {} to mind, and it is a bad one.", note.name),
        };
        events.push(evoked(Target::note(&note.name), weight, reason));
    }
    for (perfume, valence) in perfumes {
        let target = Target::new(TargetKind::Fragrance, perfume.id.as_str());
        events.push(evoked(target, PERFUME * worth(*valence), format!("{memory} names {}.", perfume.full_name())));
    }
    let mut families: BTreeMap<Family, f64> = BTreeMap::new();
    for (category, weight) in &groups {
        if let Some(family) = family(*category) {
            *families.entry(family).or_default() += weight;
        }
        let reason = format!("The scents of {} are {}.", memory_of(title), accord(*category));
        events.push(evoked(Target::new(TargetKind::Accord, accord(*category)), ACCORD * weight.tanh(), reason));
    }
    for (family, weight) in families {
        let reason = format!("The scents of {} belong to the {family} family.", memory_of(title));
        events.push(evoked(Target::new(TargetKind::Family, family.as_str()), FAMILY * weight.tanh(), reason));
    }
    events.retain(|event| event.weight.abs() >= FAINTEST);
    events
}

/// The taste event of a correction: a note is there, or it is not.
pub(crate) fn correction(title: &str, note: &str, present: bool, valence: f64) -> NewTasteEvent {
    let (kind, weight, says) = if present {
        (TasteKind::Confirmed, worth(valence), "smells of")
    } else {
        (TasteKind::Rejected, TAKEN_OUT * worth(valence), "does not smell of")
    };
    let reason = format!("You said that {} {says} {note}.", memory_of(title));
    NewTasteEvent { target: Target::note(note), kind, weight, reason }
}

fn called(title: &str) -> String {
    format!("Your memory “{}”", first_words(title))
}

fn memory_of(title: &str) -> String {
    format!("your memory “{}”", first_words(title))
}

/// The family under which perfumes of such notes are shelved; none where there is no such family.
fn family(category: Category) -> Option<Family> {
    Some(match category {
        Category::Citrus => Family::Citrus,
        Category::Fruit => Family::Fruity,
        Category::Green => Family::Green,
        Category::Flower | Category::WhiteFlower => Family::Floral,
        Category::Spice => Family::Spicy,
        Category::Herb => Family::Aromatic,
        Category::Wood | Category::Earth => Family::Woody,
        Category::Resin => Family::Amber,
        Category::Gourmand => Family::Gourmand,
        Category::Musk => Family::Musk,
        Category::Marine => Family::Aquatic,
        Category::Leather => Family::Leather,
        Category::Powder => Family::Powdery,
        Category::Animal | Category::Smoke | Category::Tobacco => return None,
    })
}

fn accord(category: Category) -> &'static str {
    match category {
        Category::Citrus => "citrus",
        Category::Fruit => "fruity",
        Category::Green => "green",
        Category::Flower => "floral",
        Category::WhiteFlower => "white floral",
        Category::Spice => "spicy",
        Category::Herb => "aromatic",
        Category::Wood => "woody",
        Category::Earth => "earthy",
        Category::Resin => "resinous",
        Category::Gourmand => "gourmand",
        Category::Musk => "musky",
        Category::Animal => "animalic",
        Category::Marine => "marine",
        Category::Leather => "leather",
        Category::Smoke => "smoky",
        Category::Tobacco => "tobacco",
        Category::Powder => "powdery",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::ACCORDS;

    fn lesson(name: &str, category: Category, literal: bool, confidence: f64, valence: f64) -> Lesson {
        Lesson { name: name.into(), category, literal, confidence, valence }
    }

    fn weight(events: &[NewTasteEvent], target: &Target) -> f64 {
        events.iter().find(|e| e.target == *target).map_or(0.0, |e| e.weight)
    }

    #[test]
    fn a_bad_memory_pushes_away_and_says_so() {
        let notes = [lesson("cinnamon", Category::Spice, true, 0.9, 0.8), lesson("lily", Category::WhiteFlower, true, 0.9, -0.8)];
        let events = lessons("Nonna's kitchen", &notes, &[]);
        assert!(weight(&events, &Target::note("cinnamon")) > 0.5);
        assert!(weight(&events, &Target::note("lily")) < -0.7);
        assert!(weight(&events, &Target::new(TargetKind::Family, "floral")) < -0.1);
        assert_eq!(events[0].reason, "Your memory “Nonna's kitchen” speaks of cinnamon.");
    }

    #[test]
    fn what_is_implied_weighs_less_than_what_is_said() {
        let notes = [lesson("hay", Category::Green, true, 0.9, 0.0), lesson("soap", Category::Musk, false, 0.3, 0.0)];
        let events = lessons("t", &notes, &[]);
        assert!(weight(&events, &Target::note("hay")) > 2.0 * weight(&events, &Target::note("soap")));
    }

    #[test]
    fn corrections_speak_for_the_feeling_of_the_memory() {
        assert!(correction("t", "rose", true, 0.5).weight > 0.5);
        assert!(correction("t", "rose", true, -0.8).weight < -0.5);
        let taken_out = correction("t", "rose", false, 0.5).weight;
        assert!(taken_out < 0.0 && taken_out > -0.2);
    }

    #[test]
    fn every_category_has_an_accord_of_the_catalog() {
        for category in Category::ALL {
            assert!(ACCORDS.contains(&accord(*category)), "{category}");
        }
    }

    proptest! {
        #[test]
        fn better_feelings_are_worth_more_on_either_side(a in -1.0..1.0_f64, b in -1.0..1.0_f64) {
            prop_assert!(worth(a).abs() <= 1.0 && worth(a) != 0.0);
            if a < b {
                prop_assert!(worth(a) <= worth(b) );
            }
        }
    }
}
