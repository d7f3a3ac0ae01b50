//! From the words that others use for notes to the notes of the taxonomy.

use std::{cell::RefCell, collections::HashMap};

use strsim::osa_distance;

use crate::catalog::{Taxonomy, phrases::key};

/// Shorter names have too many neighbors for one of them to be meant.
const SHORTEST_MISSPELLED: usize = 6;

/// Words that catalogs list as notes, folded, with the nearest note. In prose they say too little to be a note's synonyms.
const OF_CATALOGS: &[(&str, &str)] = &[
    ("exotic notes", "tropical fruit"),
    ("floral fruity", "fruit"),
    ("floral fruity notes", "fruit"),
    ("fresh notes", "air"),
    ("tropical notes", "tropical fruit"),
];

/// What bears such a word smells of that, whatever it was before: a rotten egg is no egg.
const SPOILED: &[&str] = &["decaying", "decomposing", "moldy", "mouldy", "rancid", "rotted", "rotten", "rotting", "spoiled"];

/// Resolves the notes of a whole file: most mentions are of the same few hundred words.
pub(super) struct Resolver<'a> {
    taxonomy: &'a Taxonomy,
    seen: RefCell<HashMap<String, Option<String>>>,
}

impl<'a> Resolver<'a> {
    pub fn new(taxonomy: &'a Taxonomy) -> Self {
        Self { taxonomy, seen: RefCell::default() }
    }

    pub fn taxonomy(&self) -> &Taxonomy {
        self.taxonomy
    }

    /// The canonical name of a note, however it is written: accented, inflected, qualified, explained in brackets, as an
    /// adjective, called by the name of a kind, or misspelled by one letter.
    pub fn resolve(&self, written: &str) -> Option<String> {
        if let Some(known) = self.seen.borrow().get(written) {
            return known.clone();
        }
        let resolved = self.look_up(written);
        self.seen.borrow_mut().insert(written.to_owned(), resolved.clone());
        resolved
    }

    fn look_up(&self, written: &str) -> Option<String> {
        let (outside, inside) = brackets(written);
        let named = |text: &str| self.taxonomy.resolve(text).map(|note| note.name.clone());
        named(written)
            .or_else(|| named(&outside))
            .or_else(|| inside.as_deref().and_then(named))
            .or_else(|| of_catalogs(&key(&outside)).and_then(named))
            // "balsamic" are balsamic notes.
            .or_else(|| named(&format!("{outside} notes")))
            .or_else(|| self.kind_of(&outside))
            .or_else(|| self.misspelled(&key(&outside)))
    }

    /// `candied rose` is a rose: the last words of an English name say what the thing is.
    fn kind_of(&self, text: &str) -> Option<String> {
        let key = key(text);
        if key.split(' ').any(|word| SPOILED.contains(&word)) {
            return None;
        }
        let tails = key.match_indices(' ').map(|(at, _)| &key[at + 1..]);
        let mut tails = tails.filter(|tail| tail.len() > 2);
        tails.find_map(|tail| self.taxonomy.resolve(tail).map(|note| note.name.clone()))
    }

    /// The only name one letter away.
    fn misspelled(&self, key: &str) -> Option<String> {
        let length = key.chars().count();
        if length < SHORTEST_MISSPELLED {
            return None;
        }
        let near = |name: &str| {
            name.starts_with(&key[..key.chars().next().map_or(0, char::len_utf8)])
                && name.chars().count().abs_diff(length) <= 1
                && osa_distance(name, key) == 1
        };
        let mut found: Vec<&str> =
            self.taxonomy.names().filter(|(name, _)| near(name)).map(|(_, note)| note.name.as_str()).collect();
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [only] => Some((*only).to_owned()),
            _ => None,
        }
    }
}

fn of_catalogs(key: &str) -> Option<&'static str> {
    OF_CATALOGS.iter().find(|(words, _)| *words == key).map(|(_, note)| *note)
}

/// `lime (linden) blossom`: what stands outside the brackets, and what stands inside.
fn brackets(text: &str) -> (String, Option<String>) {
    match (text.find('('), text.find(')')) {
        (Some(open), Some(close)) if open < close => {
            (format!("{}{}", text[..open].trim_end(), &text[close + 1..]), Some(text[open + 1..close].to_owned()))
        }
        _ => (text.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Seed;

    #[test]
    fn notes_in_the_words_of_others() {
        let taxonomy = Taxonomy::new(Seed::read().unwrap().notes);
        let resolver = Resolver::new(&taxonomy);
        for (written, name) in [
            ("Vanila", "vanilla"),
            ("sandalowood", "sandalwood"),
            ("Agarwood (Oud)", "oud"),
            ("lime (linden) blossom", "linden blossom"),
            ("Calabrian Bergamot", "bergamot"),
            ("artisanal rose", "rose"),
            ("balsamic", "balsamic notes"),
            ("Fresh Notes", "air"),
            ("myrhh", "myrrh"),
            ("Cascalone®", "cascalone"),
            ("Sicilian Lemon Orpur®", "lemon"),
            ("pine tree needles", "pine needle"),
        ] {
            assert_eq!(resolver.resolve(written).as_deref(), Some(name), "{written}");
        }
        for unknown in ["foulness", "rotten egg", "qwertz", "notes", "", "()"] {
            assert_eq!(resolver.resolve(unknown), None, "{unknown}");
        }
    }
}
