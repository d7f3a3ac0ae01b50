//! Notes that the words name.

use std::ops::Range;

use super::{
    clause::{Sentence, reaching},
    figure::is_figurative,
    negation::is_negated,
};
use crate::{catalog::Taxonomy, domain::text::fold};

/// A note that a text names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    pub note: usize,
    pub bytes: Range<usize>,
    /// It is said not to be there.
    pub negated: bool,
}

/// How sure it is that a note is meant that is named.
const SURE: f64 = 0.9;

/// How sure it is of words that name a whole group of scents ("flowers", "spices") or a quality ("creamy", "smoky"): texts
/// that use them are mostly not about that note.
const VAGUE: f64 = 0.45;

/// Notes that are groups.
const GROUPS: &[&str] = &[
    "citrus",
    "fruit",
    "spice",
    "white flower",
    "pink flower",
    "purple flower",
    "tropical flower",
    "green leaf",
    "garden",
    "air",
    "water",
    "dried flower",
    "berry",
];

/// The notes that a text names; a figure of speech names none, nor does what lies in one of `taken` (names of perfumes).
pub(super) fn named(taxonomy: &Taxonomy, text: &str, sentences: &[Sentence], taken: &[Range<usize>]) -> Vec<Named> {
    let overlaps = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
    let mut found = Vec::new();
    for mention in taxonomy.mentions(text) {
        if taken.iter().any(|t| overlaps(t, &mention.bytes)) {
            continue;
        }
        let Some(sentence) = reaching(sentences, &mention.bytes).map(|at| &sentences[at]) else { continue };
        let Some(words) = sentence.range_of(&mention.bytes) else { continue };
        if !is_figurative(sentence, &words) {
            let negated = is_negated(sentence, &words);
            found.push(Named { note: mention.note, bytes: mention.bytes, negated });
        }
    }
    found
}

/// How sure it is that a note of this name is meant, that is named by these `forms`.
pub(super) fn confidence(name: &str, forms: &[&str]) -> f64 {
    let base = if is_group(name) || forms.iter().all(|form| is_quality(name, form)) { VAGUE } else { SURE };
    // What is said again is meant.
    f64::min(base + 0.03 * forms.len().saturating_sub(1) as f64, 0.98)
}

/// Whether a name is that of a whole group of scents.
pub(super) fn is_group(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or(name);
    ["note", "notes", "accord"].contains(&last) || GROUPS.contains(&name)
}

/// Whether a form is an adjective made of the name: `creamy` of `cream`, `peppery` of `black pepper`.
pub(super) fn is_quality(name: &str, form: &str) -> bool {
    let form = fold(form);
    let of_name = |root: &str| root.len() > 2 && name.split(' ').any(|word| word != form && word.starts_with(root));
    form.strip_suffix('y').is_some_and(of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_qualities_are_vague() {
        for (name, form, vague) in [
            ("cream", "creamy", true),
            ("smoke", "Smoky", true),
            ("pepper", "peppery", true),
            ("citrus", "citrus", true),
            ("floral note", "flowers", true),
            ("honey", "honey", false),
            ("cherry", "cherry", false),
            ("rose", "roses", false),
        ] {
            assert_eq!(confidence(name, &[form]) < 0.5, vague, "{form}");
        }
        assert!(confidence("rose", &["rose", "roses"]) > confidence("rose", &["rose"]));
    }
}
