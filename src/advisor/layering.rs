//! Two bottles of one collection worn together: which ones go, which goes on first, and why.
//!
//! There is no record of what people wear together to learn from. The rules are those of the craft: something shared holds two
//! perfumes together, the rest must be company that perfumes keep (as the catalog shows), and two of a kind add nothing.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use super::{
    explain::list,
    person::Person,
    veto::{Breach, Laws, covers},
};
use crate::{
    catalog::{Likeness, Snapshot},
    domain::{
        collection::{LayeredBottle, LayeredMemory, Layering},
        fragrance::{Fragrance, Intensity, Longevity},
        ids::MemoryId,
        intent::Intent,
        notes::Layer,
    },
    store::extracted_scent::RememberedNote,
};

/// How many pairs are suggested at most.
const PAIRS: usize = 3;
/// How many of the pairs that go together are held against the memories.
const SHORTLIST: usize = 40;

/// What each side of a pair counts. They add up to 1. Set by hand.
const BRIDGE: f64 = 0.4;
const COMPANY: f64 = 0.3;
const MEMORY: f64 = 0.3;
/// The likeness of notes, and the part of a memory, that count in full.
const WELL_BRIDGED: f64 = 0.2;
const WELL_REMEMBERED: f64 = 0.2;
/// What a pair loses that is too much: two loud perfumes, or more notes than a nose tells apart.
const TOO_MUCH: f64 = 0.15;
const MANY_NOTES: usize = 22;

/// From this likeness on, the second bottle adds nothing to the first.
const SAME_AGAIN: f64 = 0.55;
/// The score from which a pair is worth suggesting.
const WORTH_IT: f64 = 0.35;

/// How many bottles are looked at, those with most stars first: every two of them are compared.
const BOTTLES: usize = 120;

/// How many notes are named of what a pair shares, and of what each brings.
const NAMED: usize = 2;

/// The pairs of a person's bottles that go together best, each bottle in one pair at most.
pub fn layerings(snapshot: &Snapshot, person: &Person, remembered: &[RememberedNote]) -> Vec<Layering> {
    let bottles = bottles(snapshot, person);
    if bottles.len() < 2 {
        return Vec::new();
    }
    let company = Company::of(snapshot, &bottles);
    let mut pairs: Vec<Pair> = Vec::new();
    for (at, &one) in bottles.iter().enumerate() {
        pairs.extend(bottles[at + 1..].iter().filter_map(|&other| Pair::of(snapshot, &company, one, other)));
    }
    best_first(&mut pairs);
    pairs.truncate(SHORTLIST);
    let memories = Memories::of(snapshot, remembered);
    pairs.iter_mut().for_each(|pair| pair.remember(snapshot, &memories));
    best_first(&mut pairs);

    let mut used: BTreeSet<usize> = BTreeSet::new();
    pairs.retain(|pair| {
        pair.score() >= WORTH_IT && !used.contains(&pair.base) && !used.contains(&pair.over) && {
            used.extend([pair.base, pair.over]);
            true
        }
    });
    pairs.iter().take(PAIRS).map(|pair| pair.layering(snapshot)).collect()
}

/// The places of the bottles that may be suggested: what is owned, is not disliked, and smells of nothing that is refused.
fn bottles(snapshot: &Snapshot, person: &Person) -> Vec<usize> {
    let anything = Intent::default();
    let laws = Laws::new(snapshot, &anything, person);
    let mut owned: Vec<_> = person.holdings.iter().filter(|(_, holding)| holding.owned).collect();
    owned.sort_by_key(|(id, holding)| (Reverse(holding.rating), *id));
    let places = owned.into_iter().filter_map(|(id, _)| snapshot.index_of(id));
    places.filter(|&at| laws.breaches(at).iter().all(|breach| matches!(breach, Breach::Owned))).take(BOTTLES).collect()
}

fn best_first(pairs: &mut [Pair]) {
    pairs.sort_by(|a, b| b.score().total_cmp(&a.score()).then((a.base, a.over).cmp(&(b.base, b.over))));
}

/// Two bottles that go together.
struct Pair {
    /// Goes on first: the heavier one.
    base: usize,
    over: usize,
    /// How well they hold together and suit each other, 0 to 1 without the memories' share.
    fit: f64,
    /// A memory that they come nearer to together than alone, with how much nearer, 0 to 1.
    memory: Option<(LayeredMemory, f64)>,
}

impl Pair {
    fn of(snapshot: &Snapshot, company: &Company, one: usize, other: usize) -> Option<Self> {
        let likeness = Likeness::between(snapshot, one, other);
        if snapshot.is_same_line(one, other) || likeness.overall() >= SAME_AGAIN || likeness.notes <= 0.0 {
            return None;
        }
        let fragrances = snapshot.fragrances();
        let is_loud = |at: usize| fragrances[at].intensity == Some(Intensity::Strong);
        let is_crowded = snapshot.composition(one).len() + snapshot.composition(other).len() > MANY_NOTES;
        let too_much = [is_loud(one) && is_loud(other), is_crowded].into_iter().filter(|much| *much).count() as f64;
        let fit = BRIDGE * (likeness.notes / WELL_BRIDGED).min(1.0) + COMPANY * company.between(snapshot, one, other)
            - TOO_MUCH * too_much;
        let heavier = heaviness(snapshot, one) >= heaviness(snapshot, other);
        let (base, over) = if heavier { (one, other) } else { (other, one) };
        Some(Self { base, over, fit, memory: None })
    }

    fn score(&self) -> f64 {
        self.fit + MEMORY * self.memory.as_ref().map_or(0.0, |(_, nearer)| *nearer)
    }

    fn remember(&mut self, snapshot: &Snapshot, memories: &Memories) {
        self.memory = memories.nearer(&snapshot.fragrances()[self.base], &snapshot.fragrances()[self.over]);
    }

    fn layering(&self, snapshot: &Snapshot) -> Layering {
        let (base, over) = (&snapshot.fragrances()[self.base], &snapshot.fragrances()[self.over]);
        let bottle = |at: usize, other: &Fragrance| LayeredBottle {
            fragrance: snapshot.fragrances()[at].as_ref().clone(),
            flower: snapshot.flower(&snapshot.fragrances()[at]),
            brings: telling(snapshot, at, |note| !smells_of(other, note)),
        };
        let (base, over) = (bottle(self.base, over), bottle(self.over, base));
        let meets = telling(snapshot, self.base, |note| over.fragrance.notes.contains(note));
        let memory = self.memory.as_ref().map(|(memory, _)| memory.clone());
        let reason = reason(&base, &over, &meets, memory.as_ref());
        Layering { base, over, meets, memory, reason }
    }
}

/// What goes on first: the loud before the soft, what lasts before what fades, what is mostly base before what is mostly top.
fn heaviness(snapshot: &Snapshot, at: usize) -> (Option<Intensity>, Option<Longevity>, usize) {
    let fragrance = &snapshot.fragrances()[at];
    let base = fragrance.notes.layer(Layer::Base).len() * 100 / fragrance.notes.notes().count().max(1);
    (fragrance.intensity, fragrance.longevity, base)
}

/// Whether a perfume has a note, a kind of it, or what it is a kind of.
fn smells_of(fragrance: &Fragrance, note: &str) -> bool {
    fragrance.notes.notes().any(|(_, met)| covers(met, note) || covers(note, met))
}

/// The notes of a perfume that tell most of it, of those that are asked for: strong in it, and rare.
fn telling(snapshot: &Snapshot, at: usize, asked: impl Fn(&str) -> bool) -> Vec<String> {
    let notes = snapshot.taxonomy().notes();
    let mut parts: Vec<(f64, &str)> = (snapshot.composition(at).iter())
        .map(|part| (part.weight * snapshot.rarity(&notes[part.note].name), notes[part.note].name.as_str()))
        .filter(|(_, note)| asked(note))
        .collect();
    parts.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    // A note may stand in two layers.
    let mut told = BTreeSet::new();
    parts.retain(|(_, note)| told.insert(*note));
    parts.into_iter().take(NAMED).map(|(_, note)| note.to_owned()).collect()
}

fn reason(base: &LayeredBottle, over: &LayeredBottle, meets: &[String], memory: Option<&LayeredMemory>) -> String {
    let (under, above) = (&base.fragrance.name, &over.fragrance.name);
    let mut reason = format!("Put {under} on first and {above} over it: they meet in {}.", list(meets));
    let brings = |bottle: &LayeredBottle| list(&bottle.brings);
    match (base.brings.is_empty(), over.brings.is_empty()) {
        (false, false) => reason += &format!(" {under} brings {}, {above} {}.", brings(base), brings(over)),
        (false, true) => reason += &format!(" {under} brings {}.", brings(base)),
        (true, false) => reason += &format!(" {above} brings {}.", brings(over)),
        (true, true) => {}
    }
    if let Some(memory) = memory {
        reason += &format!(" Only together they hold the {} of “{}”.", list(&memory.notes), memory.title);
    }
    reason
}

/// Which of the accords of some bottles perfumes put together.
struct Company {
    /// By accord: the perfumes that have it.
    having: HashMap<u16, f64>,
    /// By two accords: the perfumes that have both.
    together: HashMap<(u16, u16), f64>,
    perfumes: f64,
}

impl Company {
    fn of(snapshot: &Snapshot, bottles: &[usize]) -> Self {
        let asked: BTreeSet<u16> = bottles.iter().flat_map(|&at| snapshot.accords_of(at)).copied().collect();
        let (mut having, mut together) = (HashMap::new(), HashMap::new());
        for at in 0..snapshot.fragrances().len() {
            let felt = || snapshot.accords_of(at).iter().filter(|accord| asked.contains(accord));
            for &one in felt() {
                *having.entry(one).or_default() += 1.0;
                felt().for_each(|&other| *together.entry((one, other)).or_default() += 1.0);
            }
        }
        Self { having, together, perfumes: snapshot.fragrances().len() as f64 }
    }

    /// How far perfumes have two accords together rather than apart, 0 to 1, by chance ½: the normalised pointwise mutual
    /// information (Bouma 2009), moved into that range.
    fn affinity(&self, one: u16, other: u16) -> f64 {
        let (Some(together), Some(one), Some(other)) =
            (self.together.get(&(one, other)), self.having.get(&one), self.having.get(&other))
        else {
            return 0.0;
        };
        let [both, one, other] = [together, one, other].map(|count| count / self.perfumes);
        let information = (both / (one * other)).ln();
        let most = -both.ln();
        if most > 0.0 { f64::midpoint((information / most).clamp(-1.0, 1.0), 1.0) } else { 1.0 }
    }

    /// How far what only one of two perfumes is suits what only the other is, 0 to 1.
    fn between(&self, snapshot: &Snapshot, one: usize, other: usize) -> f64 {
        let (a, b) = (snapshot.accords_of(one), snapshot.accords_of(other));
        let own = |of: &[u16], not: &[u16]| -> Vec<u16> { of.iter().filter(|accord| !not.contains(accord)).copied().collect() };
        let (of_one, of_other) = (own(a, b), own(b, a));
        let affinities: Vec<f64> =
            of_one.iter().flat_map(|&x| of_other.iter().map(move |&y| (x, y))).map(|(x, y)| self.affinity(x, y)).collect();
        if affinities.is_empty() { 0.5 } else { affinities.iter().sum::<f64>() / affinities.len() as f64 }
    }
}

/// The pleasant notes of each memory, each with what it counts in it.
struct Memories<'a>(BTreeMap<&'a MemoryId, (&'a str, BTreeMap<&'a str, f64>)>);

impl<'a> Memories<'a> {
    fn of(snapshot: &Snapshot, remembered: &'a [RememberedNote]) -> Self {
        let mut memories: BTreeMap<&MemoryId, (&str, BTreeMap<&str, f64>)> = BTreeMap::new();
        for note in remembered.iter().filter(|note| note.valence >= 0.0) {
            let (_, notes) = memories.entry(&note.memory).or_insert_with(|| (&note.memory_title, BTreeMap::new()));
            let counts = notes.entry(&note.name).or_default();
            *counts = counts.max(note.confidence * snapshot.rarity(&note.name));
        }
        Self(memories)
    }

    /// The memory that two perfumes come nearer to together than the nearer of them does alone, with how much, 0 to 1.
    fn nearer(&self, one: &Fragrance, other: &Fragrance) -> Option<(LayeredMemory, f64)> {
        let nearer = |(id, (title, notes)): (&&MemoryId, &(&str, BTreeMap<&str, f64>))| {
            let all: f64 = notes.values().sum();
            let strongest = |of: &Fragrance, not: &Fragrance| -> (f64, Option<String>) {
                let own = notes.iter().filter(|(note, _)| of.notes.contains(note) && !smells_of(not, note));
                let sum = own.clone().map(|(_, counts)| counts).sum();
                (sum, own.max_by(|a, b| a.1.total_cmp(b.1)).map(|(note, _)| (*note).to_owned()))
            };
            let ((by_one, of_one), (by_other, of_other)) = (strongest(one, other), strongest(other, one));
            // What the lesser of the two adds to the greater.
            let gain = by_one.min(by_other) / all.max(f64::MIN_POSITIVE);
            let memory = LayeredMemory { id: (*id).clone(), title: (*title).to_owned(), notes: vec![of_one?, of_other?] };
            Some((memory, (gain / WELL_REMEMBERED).min(1.0)))
        };
        self.0.iter().filter_map(nearer).max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.id.cmp(&a.0.id)))
    }
}

#[cfg(test)]
mod tests;
