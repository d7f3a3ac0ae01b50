use super::*;
use crate::decode::image::{Exif, Light, PictureFacts, Swatch as Color, TakenAt};

fn facts(colors: &[(&str, f32)], light: Light, exif: Exif) -> PictureFacts {
    let palette = colors.iter().map(|(color, share)| Color { color: (*color).into(), share: *share }).collect();
    PictureFacts { palette, light, exif }
}

const PLAIN: Light = Light { brightness: 0.55, contrast: 0.5, warmth: 0.0, saturation: 0.2 };
const GRAYISH: &[(&str, f32)] = &[("#777a80", 0.7), ("#302c2a", 0.3)];

fn labels(told: &[(&str, f32)]) -> Vec<Label> {
    told.iter().map(|(name, probability)| Label { name: (*name).into(), probability: *probability }).collect()
}

fn looked(labels: &[Label]) -> Looked<'_> {
    Looked { labels, words: &[], perfume: None, model: "a classifier", opinion: None }
}

fn sight(told: &[(&str, f32)], colors: &[(&str, f32)]) -> Sight {
    analyze(&facts(colors, PLAIN, Exif::default()), looked(&labels(told)), CameraNotes::Ignored)
}

fn names(sight: &Sight) -> Vec<&str> {
    sight.scents.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_seashore_smells_of_the_sea() {
    let seen = sight(&[("beach", 0.5), ("sandbar", 0.2), ("lakeshore", 0.05)], GRAYISH);
    assert!(names(&seen).starts_with(&["sea breeze", "sea salt"]), "{:?}", seen.scents);
    assert_eq!(seen.analysis.setting.as_deref(), Some("the seaside"));
    assert_eq!(seen.analysis.caption, "A beach, at the seaside.");
    assert_eq!(seen.analysis.objects, ["beach", "sandbar"]);
    assert!((seen.analysis.confidence - 0.7).abs() < 0.01);
}

#[test]
fn a_bakery_smells_of_bread_and_a_library_of_paper() {
    assert!(names(&sight(&[("bakery", 0.6), ("dough", 0.1)], GRAYISH)).starts_with(&["bread", "bakery"]));
    let library = sight(&[("library", 0.4), ("bookstore", 0.3)], GRAYISH);
    assert!(names(&library).contains(&"leather") && names(&library).contains(&"old books"));
}

#[test]
fn labels_that_waver_within_a_scene_add_up() {
    let seen = sight(&[("daisy", 0.14), ("bee", 0.12), ("monarch butterfly", 0.06)], GRAYISH);
    assert!(seen.analysis.caption.starts_with("Perhaps flowers"), "{}", seen.analysis.caption);
    assert!(names(&seen).contains(&"pollen"));
}

#[test]
fn what_is_not_sure_is_not_said() {
    let seen = sight(&[("bakery", 0.1), ("crossword", 0.06)], GRAYISH);
    assert_eq!(seen.scents, []);
    assert_eq!(seen.analysis.setting, None);
    assert_eq!(seen.analysis.caption, "A picture in gray.");
    assert!(seen.analysis.confidence <= 0.1);
}

#[test]
fn a_thing_that_has_no_scent_is_named_and_smells_of_nothing() {
    let seen = sight(&[("tripod", 0.7)], GRAYISH);
    assert_eq!((seen.analysis.caption.as_str(), seen.scents.len()), ("A tripod.", 0));
    assert_eq!(seen.analysis.objects, ["tripod"]);
}

#[test]
fn creatures_of_the_grass_need_grass_around_them() {
    let green: &[(&str, f32)] = &[("#4f8f2f", 0.6), ("#8fbf4f", 0.3), ("#f0f0e0", 0.1)];
    let told = [("ladybug", 0.5), ("leaf beetle", 0.1)];
    assert!(names(&sight(&told, green)).contains(&"green leaf"));
    assert_eq!(sight(&told, GRAYISH).scents, []);
    // A meadow that the classifier has no word for.
    let meadow = sight(&[("golf ball", 0.04)], green);
    assert!(names(&meadow).contains(&"green leaf") && meadow.analysis.confidence < 0.5, "{meadow:?}");
}

#[test]
fn without_a_classifier_colors_and_light_still_speak() {
    let dusk = Light { brightness: 0.3, contrast: 0.4, warmth: 0.6, saturation: 0.3 };
    let seen = analyze(&facts(&[("#5a3b1f", 0.8), ("#e8832a", 0.2)], dusk, Exif::default()), looked(&[]), CameraNotes::Used);
    assert_eq!(seen.analysis.caption, "A picture in brown and orange in warm, low light.");
    assert_eq!(seen.analysis.mood, ["intimate"]);
    assert_eq!(seen.analysis.model, "colors and light");
}

#[test]
fn time_and_place_are_told_only_if_they_may_be() {
    let taken = TakenAt { year: 2016, month: 1, day: 31, hour: 18, minute: 20, second: 7, offset_minutes: Some(660) };
    let exif = Exif { taken_at: Some(taken), latitude: Some(-33.8688), longitude: Some(151.2093) };
    let told = labels(&[("beach", 0.8)]);
    let seen = analyze(&facts(GRAYISH, PLAIN, exif.clone()), looked(&told), CameraNotes::Used);
    assert_eq!(seen.season, Some(Season::Summer));
    assert_eq!(seen.taken_at.unwrap().to_rfc3339(), "2016-01-31T18:20:07Z", "by the clock of whoever was there");
    assert!(seen.place.as_deref().unwrap().ends_with(", Australia"), "{:?}", seen.place);
    assert!(seen.analysis.caption.contains("in the evening in summer, "), "{}", seen.analysis.caption);
    let seen = analyze(&facts(GRAYISH, PLAIN, exif.clone()), looked(&told), CameraNotes::Ignored);
    assert_eq!((seen.place, seen.taken_at, seen.season), (None, None, None));
    for word in ["Australia", "evening", "summer", "winter"] {
        assert!(!seen.analysis.caption.contains(word), "{}", seen.analysis.caption);
    }
    let placeless = Exif { latitude: None, longitude: None, ..exif };
    let seen = analyze(&facts(GRAYISH, PLAIN, placeless), looked(&told), CameraNotes::Used);
    assert_eq!(seen.season, Some(Season::Winter), "without its latitude a picture is taken for northern");
}

#[test]
fn scents_are_probabilities_and_few() {
    let everything: Vec<(&str, f32)> = crate::ai::local::efficientnet::EfficientNet::classes().map(|name| (name, 0.9)).collect();
    let seen = sight(&everything, GRAYISH);
    assert!(seen.scents.len() <= 8 && seen.scents.iter().all(|(_, sure)| (0.0..=1.0).contains(sure)));
    assert!(seen.scents.windows(2).all(|pair| pair[0].1 >= pair[1].1));
    assert!((0.0..=1.0).contains(&seen.analysis.confidence));
}

#[test]
fn the_largest_words_are_cited() {
    let line = |text: &str, height| TextLine { text: text.into(), confidence: 0.95, height };
    let words = [line("SHALIMAR", 0.1), line("GUERLAIN", 0.07), line("EAU DE PARFUM 50 ml", 0.03)];
    let told = labels(&[("perfume", 0.6)]);
    let looked = Looked { labels: &told, words: &words, perfume: None, model: "a classifier", opinion: None };
    let seen = analyze(&facts(GRAYISH, PLAIN, Exif::default()), looked, CameraNotes::Ignored);
    assert_eq!(seen.analysis.caption, "A bottle of perfume. It says “SHALIMAR · GUERLAIN”.");
    assert_eq!(seen.words.len(), 3);
    let named = Looked { perfume: Some("Shalimar by Guerlain"), ..looked };
    let seen = analyze(&facts(GRAYISH, PLAIN, Exif::default()), named, CameraNotes::Ignored);
    assert_eq!(seen.analysis.caption, "A bottle of perfume. It says “SHALIMAR · GUERLAIN”: Shalimar by Guerlain.");
}
