//! The names that people use for houses.

use std::{collections::HashSet, ops::Range};

use super::phrases::{Phrases, Word, bytes_of, words};

/// Houses and what they are also called. A house that is not in the catalog has no alias there.
const ALIASES: &[(&str, &[&str])] = &[
    ("Abercrombie & Fitch", &["abercrombie"]),
    ("Acqua di Parma", &["adp"]),
    ("Alexander McQueen", &["mcqueen"]),
    ("Annick Goutal", &["goutal", "goutal paris"]),
    ("Bond No. 9", &["bond number nine", "bond no9", "bond 9"]),
    ("Bvlgari", &["bulgari"]),
    ("Buly 1803", &["buly", "officine universelle buly"]),
    ("Calvin Klein", &["ck"]),
    ("Carolina Herrera", &["herrera"]),
    ("Comme des Garçons", &["cdg", "comme des garcons parfums"]),
    ("D.S. & Durga", &["ds durga", "ds and durga"]),
    ("Dior", &["christian dior", "cd"]),
    ("Dolce & Gabbana", &["d g", "dg", "d and g", "dolce gabbana", "dolce"]),
    ("Donna Karan", &["karan"]),
    ("Escentric Molecules", &["escentric"]),
    ("Estée Lauder", &["lauder"]),
    ("Etat Libre d'Orange", &["eldo", "état libre"]),
    ("Frédéric Malle", &["malle", "editions de parfums", "editions de parfums frederic malle", "frederick malle"]),
    ("Giorgio Armani", &["armani", "emporio armani", "armani prive"]),
    ("Houbigant", &["houbigant paris"]),
    ("Hugo Boss", &["hugo boss", "boss"]),
    ("Jean Paul Gaultier", &["jpg", "gaultier"]),
    ("Jean Patou", &["patou"]),
    ("Jo Malone London", &["jo malone", "malone"]),
    ("Juliette Has a Gun", &["jhag"]),
    ("Kilian", &["by kilian", "kilian paris"]),
    ("L'Artisan Parfumeur", &["l artisan", "artisan parfumeur"]),
    ("L'Occitane", &["l occitane en provence", "loccitane"]),
    ("Maison Francis Kurkdjian", &["mfk", "francis kurkdjian", "kurkdjian"]),
    ("Maison Margiela", &["margiela", "martin margiela", "mmm", "maison martin margiela"]),
    ("Marc Jacobs", &["jacobs"]),
    ("Memo", &["memo paris"]),
    ("Narciso Rodriguez", &["narciso"]),
    ("Paco Rabanne", &["rabanne", "paco"]),
    ("Parfums de Marly", &["pdm", "marly"]),
    ("Penhaligon's", &["penhaligons"]),
    ("Ralph Lauren", &["polo ralph lauren"]),
    ("Robert Piguet", &["piguet"]),
    ("Roja Parfums", &["roja", "roja dove"]),
    ("Salvatore Ferragamo", &["ferragamo"]),
    ("Santa Maria Novella", &["smn"]),
    ("Serge Lutens", &["lutens", "sl"]),
    ("Sisley", &["sisley paris"]),
    ("Tauer Perfumes", &["tauer", "andy tauer"]),
    ("The Body Shop", &["body shop"]),
    ("Thierry Mugler", &["mugler"]),
    ("Tom Ford", &["tf", "tom ford private blend"]),
    ("Van Cleef & Arpels", &["van cleef", "vca"]),
    ("Viktor & Rolf", &["viktor rolf", "viktor"]),
    ("Vilhelm Parfumerie", &["vilhelm"]),
    ("Vivienne Westwood", &["westwood"]),
    ("Yves Saint Laurent", &["ysl", "saint laurent", "yves saint lauren"]),
];

/// Words that are in everybody's mouth: a title made of nothing else needs its house, and a house with such a name a sign that
/// it is meant.
pub(super) fn common() -> HashSet<&'static str> {
    include_str!("words/common.txt").split_whitespace().collect()
}

/// More words that are names of houses.
const WORDS: &[&str] = &[
    "avon",
    "bentley",
    "boss",
    "cd",
    "clean",
    "coach",
    "commodity",
    "creed",
    "dana",
    "diesel",
    "dolce",
    "dunhill",
    "jaguar",
    "jacobs",
    "lush",
    "malone",
    "marly",
    "memo",
    "nautica",
    "paco",
    "papillon",
    "philosophy",
    "roja",
    "sl",
    "stetson",
    "tabac",
    "tf",
    "viktor",
];

const CUES: &[&str] = &["brand", "by", "from", "house"];

/// The houses of a catalog.
#[derive(Default)]
pub(super) struct Houses {
    names: Vec<String>,
    phrases: Phrases<usize>,
    /// Names that are words: they count with a capital inside a sentence, or after one of [`CUES`].
    words: HashSet<&'static str>,
}

impl Houses {
    pub fn new<'a>(brands: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<String> = brands.map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        let mut phrases = Phrases::default();
        for (at, name) in names.iter().enumerate() {
            phrases.entry(name, || at);
        }
        for (at, name) in names.iter().enumerate() {
            for alias in other_names(name) {
                phrases.entry(&alias, || at);
            }
        }
        let words = common().into_iter().chain(WORDS.iter().copied()).collect();
        Self { names, phrases, words }
    }

    /// The canonical name of a house.
    pub fn canonical(&self, name: &str) -> Option<&str> {
        self.phrases.get(&super::phrases::key(name)).map(|&at| self.names[at].as_str())
    }

    /// The houses that a text names, in order.
    pub fn mentions(&self, text: &str) -> Vec<(String, Range<usize>)> {
        let words = words(text);
        let found = self.phrases.find(&words, |phrase, _, range| !self.words.contains(phrase) || is_meant(&words, &range));
        found.into_iter().map(|(&at, range)| (self.names[at].clone(), bytes_of(&words, &range))).collect()
    }
}

/// What a house is also called.
pub(super) fn other_names(house: &str) -> Vec<String> {
    let known = ALIASES.iter().find(|(name, _)| *name == house).map_or(&[][..], |(_, aliases)| aliases);
    let spelled = house.contains('&').then(|| house.replace('&', "and"));
    known.iter().map(|&alias| alias.to_owned()).chain(spelled).collect()
}

fn is_meant(words: &[Word], range: &Range<usize>) -> bool {
    let first = &words[range.start];
    let cue = range.start.checked_sub(1).is_some_and(|at| CUES.contains(&words[at].folded.as_str()));
    cue || words.len() == range.len() || first.capital && !first.starts_sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn houses_by_other_names() {
        let houses = Houses::new(["Yves Saint Laurent", "Hermès", "Clean", "Dolce & Gabbana"].into_iter());
        assert_eq!(houses.canonical("YSL"), Some("Yves Saint Laurent"));
        assert_eq!(houses.canonical("hermes"), Some("Hermès"));
        assert_eq!(houses.canonical("Dolce and Gabbana"), Some("Dolce & Gabbana"));
        assert_eq!(houses.canonical("Nobody"), None);
        let named = |text: &str| houses.mentions(text).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(named("anything but ysl or Hermès"), ["Yves Saint Laurent", "Hermès"]);
        assert_eq!(named("Clean sheets, a clean kitchen"), Vec::<String>::new());
        assert_eq!(named("something by clean"), ["Clean"]);
    }
}
