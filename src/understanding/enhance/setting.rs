//! Season, place, occasion and people, as far as the words name them.

use crate::domain::{memory::Season, time::Timestamp};

use super::super::words::Word;

/// Named seasons and months count most, then what one meets in a season.
const SEASONS: &[(Season, &str, &str)] = &[
    (
        Season::Spring,
        "spring springtime april march may easter",
        "blossoming thaw daffodils tulips crocus snowdrops hyacinths lambs budding",
    ),
    (
        Season::Summer,
        "summer summers summertime midsummer june july august",
        "beach heatwave sunscreen sunburn sunburnt swimsuit seaside barbecue sunbathing cicadas lemonade hay \
     haymaking",
    ),
    (
        Season::Fall,
        "autumn autumns fall september october november halloween thanksgiving",
        "pumpkin pumpkins harvest mushrooms chestnuts acorns bonfire bonfires conkers foliage",
    ),
    (
        Season::Winter,
        "winter winters wintertime midwinter december january february christmas hanukkah",
        "snow snowing snowy snowfall frost frosty icicles sledding sleigh mittens skiing blizzard",
    ),
];

/// Words that name a season only right after one of these.
const ONLY_AFTER: &[(&str, &str)] = &[
    ("fall", "in the last every each this that one early late of during next"),
    ("spring", "in the last every each this that one early late of during next a"),
    ("may", "in last every each early late of this mid"),
    ("march", "in last every each early late of this mid"),
];

/// Words after which "spring" and "fall" are something else.
const NOT_BEFORE: &[(&str, &str)] = &[("spring", "water onion onions of roll rolls"), ("fall", "asleep apart down of in from")];

/// The season that the words speak of; none if none leads.
pub(super) fn season(sentences: &[Vec<Word>]) -> Option<Season> {
    let mut scores = [0_u32; 4];
    for (words, at) in places(sentences) {
        for (score, (_, names, signs)) in scores.iter_mut().zip(SEASONS) {
            *score += if words[at].is_one_of(names) && is_name(words, at) { 3 } else { u32::from(words[at].is_one_of(signs)) };
        }
    }
    let best = *scores.iter().max()?;
    let mut leaders = scores.iter().zip(SEASONS).filter(|(score, _)| **score == best && best > 0);
    let (_, (season, ..)) = leaders.next()?;
    leaders.next().is_none().then_some(*season)
}

fn is_name(words: &[Word], at: usize) -> bool {
    let allowed = ONLY_AFTER
        .iter()
        .find(|(name, _)| words[at].is(name))
        .is_none_or(|(_, before)| at.checked_sub(1).is_some_and(|b| words[b].is_one_of(before)));
    let barred =
        NOT_BEFORE.iter().any(|(name, after)| words[at].is(name) && words.get(at + 1).is_some_and(|next| next.is_one_of(after)));
    allowed && !barred
}

/// The season of a day: the meteorological seasons of the northern hemisphere.
pub(super) fn season_of(day: Timestamp) -> Season {
    match day.month() {
        3..=5 => Season::Spring,
        6..=8 => Season::Summer,
        9..=11 => Season::Fall,
        _ => Season::Winter,
    }
}

const OCCASIONS: &[(&str, &str)] = &[
    ("wedding", "wedding weddings bride bridal"),
    ("funeral", "funeral burial wake"),
    ("birthday", "birthday birthdays"),
    ("Christmas", "christmas"),
    ("Easter", "easter"),
    ("Thanksgiving", "thanksgiving"),
    ("Hanukkah", "hanukkah chanukah"),
    ("Diwali", "diwali"),
    ("Eid", "eid"),
    ("graduation", "graduation prom"),
    ("anniversary", "anniversary"),
    ("honeymoon", "honeymoon"),
    ("holiday", "holiday holidays vacation vacations"),
    ("party", "party parties"),
    ("picnic", "picnic picnics"),
    ("camping", "camping campfire tent"),
    ("Mass", "mass church"),
    ("dinner", "dinner dinners supper"),
    ("travel", "trip travel travels traveling travelling journey"),
    ("school", "school classroom"),
    ("work", "office workshop"),
];

/// The first occasion of the list that the words name: rare ones stand first.
pub(super) fn occasion(sentences: &[Vec<Word>]) -> Option<&'static str> {
    OCCASIONS.iter().find(|(_, names)| places(sentences).any(|(words, at)| words[at].is_one_of(names))).map(|(name, _)| *name)
}

const PEOPLE: &[(&str, &str)] = &[
    ("grandmother", "grandmother grandma grandmom granny gran nana nonna oma abuela babushka yaya mormor nan"),
    ("grandfather", "grandfather grandpa granddad grandad nonno opa abuelo dedushka gramps"),
    ("mother", "mother mom mum mama mamma mommy mummy"),
    ("father", "father dad papa daddy"),
    ("sister", "sister sisters"),
    ("brother", "brother brothers"),
    ("aunt", "aunt auntie aunts zia tante"),
    ("uncle", "uncle uncles zio"),
    ("cousin", "cousin cousins"),
    ("husband", "husband"),
    ("wife", "wife"),
    ("daughter", "daughter daughters"),
    ("son", "son sons"),
    ("friend", "friend friends"),
    ("girlfriend", "girlfriend"),
    ("boyfriend", "boyfriend"),
    ("teacher", "teacher teachers"),
    ("neighbor", "neighbor neighbour neighbors neighbours"),
    ("baby", "baby newborn"),
];

/// Who is in the memory, in the order in which they come.
pub(super) fn people(sentences: &[Vec<Word>]) -> Vec<String> {
    let mut found: Vec<&str> = Vec::new();
    for (words, at) in places(sentences) {
        let name = words[at].form.strip_suffix("'s").unwrap_or(&words[at].form);
        if let Some((person, _)) = PEOPLE.iter().find(|(_, names)| names.split_ascii_whitespace().any(|n| n == name))
            && !found.contains(person)
        {
            found.push(person);
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

const PLACES: &str = "kitchen garden beach forest church attic barn library hospital school market station bakery workshop garage \
     cellar balcony terrace orchard meadow lake river seaside harbor harbour mountains village hotel airport \
     cabin cottage farm greenhouse bathroom bedroom café cafe bookshop bookstore theater theatre temple monastery \
     stable stables vineyard island desert woods park porch courtyard classroom office pharmacy souk bazaar \
     chapel";

const BEFORE_A_PLACE: &str = "in at near from to around outside inside through of";

/// Capitalized words after "in" or "at" that are no places.
const NO_PLACES: &str = "january february march april may june july august september october november december monday tuesday \
     wednesday thursday friday saturday sunday sundays saturdays christmas easter english french italian german \
     spanish god i mass thanksgiving halloween spring summer autumn fall winter mom mum dad mother father grandma \
     grandpa nonna granny";

/// Where it was: a name after "in" or "at" first ("in Porto", "at Lake Como"), then a kind of place ("Nonna's kitchen").
pub(super) fn location(text: &str, sentences: &[Vec<Word>]) -> Option<String> {
    places(sentences)
        .find_map(|(words, at)| named_place(text, words, at))
        .or_else(|| places(sentences).find_map(|(words, at)| kind_of_place(text, words, at)))
}

fn named_place(text: &str, words: &[Word], at: usize) -> Option<String> {
    if !words[at].is_one_of("in at near") {
        return None;
    }
    let start = at + 1 + usize::from(words.get(at + 1).is_some_and(|w| w.is("the")));
    let names = words.get(start..)?.iter().take_while(|w| w.capital && !w.form.ends_with("'s")).take(3).count();
    let possessed = words.get(start + names).is_some_and(|w| w.capital);
    let touching = |a: &Word, b: &Word| text.get(a.bytes.end..b.bytes.start).is_some_and(|gap| gap.trim().is_empty());
    let together = (1..names).take_while(|n| touching(&words[start + n - 1], &words[start + n])).count() + usize::from(names > 0);
    if together == 0 || words[start].is_one_of(NO_PLACES) || (possessed && together == names) {
        return None;
    }
    text.get(words[start].bytes.start..words[start + together - 1].bytes.end).map(str::to_owned)
}

fn kind_of_place(text: &str, words: &[Word], at: usize) -> Option<String> {
    if !words[at].is_one_of(PLACES) {
        return None;
    }
    let before = &words[at.saturating_sub(4)..at];
    let owner = before.last().filter(|w| w.form.ends_with("'s")).map(|w| w.bytes.start);
    let placed = before.iter().any(|w| w.is_one_of(BEFORE_A_PLACE));
    if owner.is_none() && !placed {
        return None;
    }
    text.get(owner.unwrap_or(words[at].bytes.start)..words[at].bytes.end).map(str::to_owned)
}

fn places(sentences: &[Vec<Word>]) -> impl Iterator<Item = (&[Word], usize)> {
    sentences.iter().flat_map(|words| (0..words.len()).map(move |at| (words.as_slice(), at)))
}

/// An occasion of the list, by its name or one of its words.
pub(crate) fn known_occasion(word: &str) -> Option<&'static str> {
    listed(OCCASIONS, word)
}

/// A person of the list, by name or one of the words for them.
pub(crate) fn known_people(word: &str) -> Option<&'static str> {
    listed(PEOPLE, word)
}

fn listed(list: &[(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    let word = word.trim().to_lowercase();
    let is_meant = |(name, words): &&(&'static str, &'static str)| {
        name.to_lowercase() == word || words.split_ascii_whitespace().any(|known| known == word)
    };
    list.iter().find(is_meant).map(|(name, _)| *name)
}

/// Whether somebody's idea of a place stands in the text as one: a few words of it, after "in", "at" or the like.
pub(crate) fn may_be_place(text: &str, place: &str) -> bool {
    const LONGEST: usize = 60;
    const MOST_WORDS: usize = 5;
    let short = !place.is_empty() && place.chars().count() <= LONGEST && place.split_whitespace().count() <= MOST_WORDS;
    let plain = place.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '-'));
    let placed = text.match_indices(place).any(|(at, _)| {
        let mut before = text[..at].split_whitespace().rev();
        let word = before.next().map(str::to_lowercase);
        let word = match word.as_deref() {
            Some("the" | "a" | "an" | "my" | "our" | "her" | "his" | "their") => before.next().map(str::to_lowercase),
            _ => word,
        };
        word.is_some_and(|word| BEFORE_A_PLACE.split_ascii_whitespace().any(|known| known == word))
    });
    short && plain && placed
}
