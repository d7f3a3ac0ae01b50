//! Why one perfume: one to three sentences, each resting on evidence.

use std::collections::BTreeMap;

use super::{
    kindred::{by_kin, by_mood},
    phrases::{fill, list, pick},
    recall::{place_of, remembered},
};
use crate::{
    advisor::{
        diversify::Choice,
        rank::{Trait, features::evoked, kinship::kinship, missing},
        retrieve::Found,
    },
    catalog::Snapshot,
    domain::{
        answer::Evidence,
        fragrance::{Fragrance, Intensity},
        intent::Intent,
        memory::ScentSource,
        notes::Layer,
        taste::TargetKind,
        text::{article, capital},
    },
    store::extracted_scent::RememberedNote,
};

/// A leaning that is worth a word.
const LEANING: f64 = 0.25;

/// What the writer knows.
pub struct Facts<'a> {
    pub snapshot: &'a Snapshot,
    pub intent: &'a Intent,
    pub found: &'a Found,
    /// A price limit holds.
    pub limited: bool,
    /// What the memories hold, by the name of the note.
    pub(super) remembered: BTreeMap<&'a str, Smelled<'a>>,
}

/// A note as the memories know it.
#[derive(Default)]
pub(super) struct Smelled<'a> {
    /// What it comes to over all memories: a note that is bad on the whole is below nothing.
    pub net: f64,
    pub places: Vec<&'a RememberedNote>,
}

impl<'a> Facts<'a> {
    pub fn new(snapshot: &'a Snapshot, intent: &'a Intent, found: &'a Found, limited: bool) -> Self {
        let mut remembered: BTreeMap<&str, Smelled> = BTreeMap::new();
        for note in found.recalled.notes.iter() {
            remembered.entry(&note.name).or_default().places.push(note);
        }
        for (note, net) in evoked(&found.recalled) {
            remembered.entry(note).or_default().net = net;
        }
        Self { snapshot, intent, found, limited, remembered }
    }
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What it smells of.
    Smell,
    /// What it has to do with the person.
    Person,
    /// What to know before choosing it.
    Practice,
}

/// Why one perfume: sentences, each with what it rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reason {
    pub claims: Vec<(Part, Claim)>,
}

impl Reason {
    /// The sentences in one.
    pub fn text(&self) -> String {
        let sentences: Vec<&str> = self.claims.iter().map(|(_, (sentence, _))| sentence.as_str()).collect();
        sentences.join(" ")
    }

    pub fn evidence(&self) -> Vec<Evidence> {
        self.claims.iter().map(|(_, (_, evidence))| evidence.clone()).collect()
    }
}

/// A sentence with what it rests on.
pub type Claim = (String, Evidence);

/// Why this perfume, after what was `told` of those before it.
pub fn reason(facts: &Facts, choice: &Choice, rank: usize, told: &[Evidence]) -> Reason {
    let fragrance: &Fragrance = &facts.snapshot.fragrances()[choice.scored.index];
    let smell = by_anchor(facts, fragrance, rank)
        .or_else(|| by_note(facts, fragrance, rank))
        .or_else(|| by_next_best(facts, fragrance, rank))
        .unwrap_or_else(|| by_course(facts, fragrance, rank));
    let person = by_memory(facts, fragrance, rank, told)
        .or_else(|| by_kin(facts, fragrance, rank))
        .or_else(|| by_mood(facts))
        .or_else(|| by_taste(facts, fragrance, rank));
    let practice = in_practice(facts, fragrance, choice, rank);
    let parts = [(Part::Smell, Some(smell)), (Part::Person, person), (Part::Practice, practice)];
    Reason { claims: parts.into_iter().filter_map(|(part, claim)| Some((part, claim?))).collect() }
}

fn fact(text: String, note: Option<&str>) -> Evidence {
    Evidence { fact: Some(text), note: note.map(str::to_owned), ..Evidence::default() }
}

/// What it shares with the perfume that was named, and in what it differs as asked.
fn by_anchor(facts: &Facts, fragrance: &Fragrance, rank: usize) -> Option<Claim> {
    let anchor = facts.snapshot.get(&facts.intent.like.as_ref()?.fragrance_id)?;
    let (name, other) = (fragrance.full_name(), anchor.full_name());
    let mut shared: Vec<&str> = Vec::new();
    for (_, note) in fragrance.notes.notes() {
        if anchor.notes.contains(note) && !shared.contains(&note) {
            shared.push(note);
        }
    }
    shared.sort_by(|a, b| facts.snapshot.rarity(b).total_cmp(&facts.snapshot.rarity(a)));
    shared.truncate(3);
    let turn = turn(facts, fragrance, anchor);
    if shared.is_empty() {
        let accords: Vec<&String> = fragrance.accords.iter().filter(|a| anchor.accords.contains(a)).take(3).collect();
        let sentence = if accords.is_empty() {
            format!("Of all that fits your conditions, it stands near {other}{turn}.")
        } else {
            format!("It has the {} character of {other}{turn}.", list(&accords))
        };
        return Some((sentence, fact(format!("The accords of {name} are {}.", list(&fragrance.accords)), None)));
    }
    let notes = list(&shared);
    let ways = [
        "It shares {notes} with {other}{turn}.",
        "Like {other}, it is built on {notes}{turn}.",
        "With {other} it has {notes} in common{turn}.",
        "The way from {other} to this one leads over {notes}{turn}.",
    ];
    let way = pick(fragrance.id.as_str(), rank, &ways);
    let sentence = fill(way, &[("notes", &notes), ("other", &other), ("turn", &turn)]);
    Some((sentence, fact(format!("{name} and {other} both have {notes}."), shared.first().copied())))
}

/// In what it differs from the perfume that was named, as asked: `, but is softer`.
fn turn(facts: &Facts, fragrance: &Fragrance, anchor: &Fragrance) -> String {
    let mut turns = Vec::new();
    if let Some(note) = facts.intent.unwanted_notes.iter().find(|note| anchor.notes.contains(note)) {
        turns.push(format!("does without the {note}"));
    }
    match (facts.intent.intensity, fragrance.intensity, anchor.intensity) {
        (Some(Intensity::Soft), Some(is), Some(was)) if is < was => turns.push("is softer".into()),
        (Some(Intensity::Strong), Some(is), Some(was)) if is > was => turns.push("is stronger".into()),
        _ => {}
    }
    if let (true, Some(price), Some(dear)) = (facts.limited, &fragrance.price, &anchor.price)
        && price.euros() < dear.euros()
    {
        turns.push("costs less".into());
    }
    if turns.is_empty() { String::new() } else { format!(", but {}", list(&turns)) }
}

/// A note that was asked for, where it stands, and beside what.
fn by_note(facts: &Facts, fragrance: &Fragrance, rank: usize) -> Option<Claim> {
    let wanted = |note: &str| facts.intent.wanted_notes.iter().any(|w| w == note);
    let (layer, note) = fragrance.notes.notes().find(|(_, note)| wanted(note))?;
    let others = || fragrance.notes.notes().filter(|(_, n)| *n != note);
    let mut beside: Vec<&str> = others().map(|(_, n)| n).filter(|n| wanted(n)).collect();
    if beside.is_empty() {
        beside = others().filter(|(l, _)| *l == layer).map(|(_, n)| n).take(2).collect();
    }
    if beside.is_empty() {
        beside = others().map(|(_, n)| n).take(2).collect();
    }
    beside.dedup();
    let ways: &[&str] = if beside.is_empty() {
        &["The {note} you asked for stands {place}.", "You asked for {note}, and it is {place}."]
    } else {
        &[
            "The {note} you asked for stands {place}, with {beside} close by.",
            "{Note} is {place}, and {beside} with it.",
            "You asked for {note}: it is {place}, in the company of {beside}.",
            "Here the {note} keeps company with {beside}.",
        ]
    };
    let (place, upper, beside) = (place_of(layer), capital(note), list(&beside));
    let values = [("note", note), ("Note", upper.as_str()), ("place", place), ("beside", beside.as_str())];
    let sentence = fill(pick(fragrance.id.as_str(), rank, ways), &values);
    Some((sentence, fact(format!("{} has {note} {place}.", fragrance.full_name()), Some(note))))
}

/// What comes nearest to a note that was asked for and that nothing here carries.
fn by_next_best(facts: &Facts, fragrance: &Fragrance, rank: usize) -> Option<Claim> {
    let missing = missing(facts.snapshot, &facts.intent.wanted_notes);
    let (wanted, note, layer) = missing.iter().find_map(|(wanted, nearest)| {
        let carried = |note: &&str| fragrance.notes.notes().find(|(_, n)| n == note);
        nearest.iter().find_map(carried).map(|(layer, note)| (*wanted, note, layer))
    })?;
    let ways = [
        "Its {note}, {place}, comes near to the {wanted} you asked for.",
        "You asked for {wanted}: what is nearest to that here is the {note} {place}.",
    ];
    let values = [("note", note), ("place", place_of(layer)), ("wanted", wanted)];
    let sentence = fill(pick(fragrance.id.as_str(), rank, &ways), &values);
    Some((sentence, fact(format!("{} has {note} {}.", fragrance.full_name(), place_of(layer)), Some(note))))
}

/// Its impression and its course from the first minutes to the last hours.
fn by_course(facts: &Facts, fragrance: &Fragrance, rank: usize) -> Claim {
    let first = |layer: Layer| list(&fragrance.notes.layer(layer).iter().take(2).collect::<Vec<_>>());
    let (top, middle, base) = (first(Layer::Top), first(Layer::Middle), first(Layer::Base));
    let wanted = |accord: &&String| facts.intent.wanted_accords.iter().any(|w| kinship(w, accord) >= 0.6);
    let accords: Vec<&String> = fragrance.accords.iter().filter(wanted).take(2).collect();
    let character = if accords.is_empty() { fragrance.family.label().to_owned() } else { list(&accords) };
    let notes = list(&fragrance.notes.notes().map(|(_, note)| note).take(3).collect::<Vec<_>>());
    let name = fragrance.full_name();
    let (ways, evidence): (&[&str], String) = if top.is_empty() || base.is_empty() {
        (
            &["{An} {character} perfume of {notes}.", "{Character}, with {notes}.", "Its {character} side is made of {notes}."],
            format!("The accords of {name} are {}, and it has {notes}.", list(&fragrance.accords)),
        )
    } else {
        (
            &[
                "{Character} from {top} down to {base}.",
                "{An} {character} perfume that opens on {top} and settles on {base}.",
                "It opens on {top}, and what stays is {base}: {character} throughout.",
                "{An} {character} perfume: {top} first, {middle} at heart, {base} in the end.",
                "What is {character} in it rests on {middle}, over {base}.",
            ],
            format!("The accords of {name} are {}; it has {top} on top and {base} in the base.", list(&fragrance.accords)),
        )
    };
    // A way that needs a heart is not for a perfume without one.
    let ways: Vec<&str> = ways.iter().copied().filter(|way| !middle.is_empty() || !way.contains("{middle}")).collect();
    let values = [
        ("An", capital(article(&character))),
        ("Character", capital(&character)),
        ("character", character),
        ("top", top),
        ("middle", middle),
        ("base", base),
        ("notes", notes),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (fill(pick(fragrance.id.as_str(), rank, &ways), &values), fact(evidence, None))
}

/// One of its notes in the person's own words.
fn by_memory(facts: &Facts, fragrance: &Fragrance, rank: usize, told: &[Evidence]) -> Option<Claim> {
    let (note, layer, quote) = remembered(facts, fragrance, told)?;
    let ways = ways_of_telling(quote.source, note.literal);
    let way = pick(fragrance.id.as_str(), rank + 1, ways);
    let sentence = fill(
        way,
        &[
            ("note", note.name.as_str()),
            ("quote", quote.text.as_str()),
            ("title", quote.title.as_str()),
            ("place", place_of(layer)),
        ],
    );
    Some((sentence, quote.evidence(Some(&note.name))))
}

/// How a memory is told of: written, spoken, seen and printed words are introduced as what they are.
fn ways_of_telling(source: ScentSource, literal: bool) -> &'static [&'static str] {
    match (source, literal) {
        (ScentSource::Text | ScentSource::Person, true) => &[
            "Its {note} is the one you wrote of: “{quote}”.",
            "You wrote “{quote}”, and the {note} is here {place}.",
            "“{quote}”: that {note} comes back {place}.",
            "The {note} {place} goes back to your words, “{quote}”.",
        ],
        (ScentSource::Text | ScentSource::Person, false) => &[
            "By way of its {note}, it may lead back to “{quote}”.",
            "Its {note} may belong to what you wrote: “{quote}”.",
            "“{quote}”, you wrote, and {note} may be what that smelled of.",
            "There is {note} {place}, as there may have been where you wrote “{quote}”.",
        ],
        (ScentSource::Audio, true) => {
            &["You said “{quote}”, and the {note} is here {place}.", "Its {note} is the one you spoke of: “{quote}”."]
        }
        (ScentSource::Audio, false) => &[
            "“{quote}”, you said, and {note} may be what that smelled of.",
            "By way of its {note}, it may lead back to what you said: “{quote}”.",
        ],
        (ScentSource::Pdf, true) => {
            &["Your document says “{quote}”, and the {note} is here {place}.", "Its {note} is the one in your pages: “{quote}”."]
        }
        (ScentSource::Pdf, false) => &[
            "“{quote}”, your document says, and {note} may be what that smelled of.",
            "By way of its {note}, it may lead back to your pages: “{quote}”.",
        ],
        (ScentSource::Image, _) => &[
            "Your photo “{title}” may well smell of {note}, and that is here {place}.",
            "There is {note} {place}, as there may have been where you took the photo “{title}”.",
        ],
    }
}

/// What the person leans to and it has.
fn by_taste(facts: &Facts, fragrance: &Fragrance, rank: usize) -> Option<Claim> {
    let taste = &facts.found.person.taste;
    let asked = &facts.intent.wanted_notes;
    let note = fragrance
        .notes
        .notes()
        .map(|(_, note)| (note, taste.leaning(TargetKind::Note, note).weight))
        .filter(|(note, weight)| *weight >= LEANING && !asked.iter().any(|a| a == note))
        .max_by(|a, b| a.1.total_cmp(&b.1))?
        .0;
    let ways = [
        "You have leaned to {note} before, and it is here.",
        "It has {note}, which your profile leans to.",
        "{Note} is among what you lean to.",
    ];
    let sentence = fill(pick(fragrance.id.as_str(), rank + 2, &ways), &[("note", note), ("Note", &capital(note))]);
    Some((sentence, fact(format!("{} has {note}, to which your profile leans.", fragrance.full_name()), Some(note))))
}

/// What to know before choosing it: its price under a limit, the wishlist, when to wear it, how loud it is.
fn in_practice(facts: &Facts, fragrance: &Fragrance, choice: &Choice, rank: usize) -> Option<Claim> {
    let name = fragrance.full_name();
    let way = |ways: &[&'static str]| pick(fragrance.id.as_str(), rank, ways);
    if facts.limited {
        let Some(price) = fragrance.price.map(|price| price.text()) else {
            let sentence = way(&["Its price is not known here, so look before you decide.", "What it costs is not known here."]);
            return Some((sentence.to_owned(), fact(format!("The price of {name} is not known here."), None)));
        };
        let way = way(&[
            "At about {price} it stays within your limit.",
            "It costs about {price}.",
            "With about {price} it keeps to your limit.",
        ]);
        return Some((fill(way, &[("price", &price)]), fact(format!("{name} costs about {price}."), None)));
    }
    if facts.found.person.wishes_for(&fragrance.id) {
        return Some(("It is on your wishlist.".into(), fact(format!("{name} is on your wishlist."), None)));
    }
    if choice.exploratory {
        let sentence = way(&[
            "It is here to widen the choice: it fits, and is the least like the others.",
            "A step aside from the other four, on purpose.",
        ]);
        return Some((sentence.to_owned(), fact(format!("{name} is the least like the other four."), None)));
    }
    if let (Some(season), true) = (facts.intent.seasons.first(), choice.scored.contribution(Trait::Season) > 0.1) {
        let accords = list(&fragrance.accords.iter().take(2).collect::<Vec<_>>());
        let way = way(&["Its {accords} side suits {season}.", "{Accords} as it is, it suits {season}."]);
        let values = [("accords", accords.as_str()), ("Accords", &capital(&accords)), ("season", season.label())];
        return Some((fill(way, &values), fact(format!("The first accords of {name} are {accords}."), None)));
    }
    let (intensity, sillage) = (fragrance.intensity?, fragrance.sillage?);
    if facts.intent.intensity != Some(intensity) {
        return None;
    }
    let said = format!("{intensity} and {}", sillage.label());
    Some((format!("It is {said}."), fact(format!("{name} is {said}."), None)))
}
