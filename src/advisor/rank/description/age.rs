//! How long ago a text speaks of: who has worn a perfume for thirty years wears an old one.

use super::Text;

/// Beginnings of words and phrases that speak of long ago.
const LONG_AGO: &[&str] = &[
    "all my life",
    "as a child",
    "back in the day",
    "can t find",
    "cant find",
    "classic",
    "discontinued",
    "for years",
    "grandm",
    "hard to find",
    "many years",
    "my mom",
    "my mother",
    "my signature",
    "old lady",
    "old school",
    "over the years",
    "since college",
    "since high school",
    "since i was",
    "since the",
    "still make",
    "teenager",
    "timeless",
    "vintage",
    "when i was",
    "years ago",
];
/// The year from which a decade is counted back, and the years that count as one measure of age.
const NOW: i32 = 2012;
const MEASURE: f32 = 20.0;
/// More years than these are not of a perfume, and more than those count no more.
const IMPLAUSIBLE: i32 = 80;
const MOST: i32 = 40;

/// The years that a text names.
pub(super) fn years(text: &Text) -> Vec<i32> {
    let year = |word: &str| word.parse().ok().filter(|year| word.len() == 4 && (1800..2100).contains(year));
    text.words.iter().filter_map(|word| year(&word.folded)).collect()
}

/// 0 (not at all), 1 (long ago), 2 and more (decades).
pub(super) fn spoken_of(text: &Text) -> f32 {
    let word = |at: usize| text.words.get(at).map_or("", |word| word.folded.as_str());
    let mut age = if LONG_AGO.iter().any(|phrase| text.begins(phrase)) { 1.0 } else { 0.0_f32 };
    for at in 0..text.words.len() {
        let (number, rest) = split(word(at));
        let Ok(number) = number.parse::<i32>() else { continue };
        let unit =
            if !rest.is_empty() { rest } else { Some(word(at + 1)).filter(|next| *next != "plus").unwrap_or(word(at + 2)) };
        if (unit.starts_with("years") || unit.starts_with("yrs")) && number < IMPLAUSIBLE {
            age = age.max(number.min(MOST) as f32 / MEASURE);
        }
        let decade = if (1950..2000).contains(&number) { number - 1900 } else { number };
        if unit == "s" && (50..100).contains(&decade) && decade % 10 == 0 {
            age = age.max((NOW - 1900 - decade) as f32 / MEASURE);
        }
    }
    age
}

/// The digits that a word begins with, and the rest of it.
fn split(word: &str) -> (&str, &str) {
    word.split_at(word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len()))
}
