//! The laws: what was refused is never suggested, whatever the ranking would say. Each can say why.

mod breach;
mod smells;

#[cfg(test)]
mod requests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use breach::{Breach, Law, Source, Standing};
use smells::{accord_covers, accords_of_category, reach};
pub use smells::{accords_of_note, covers, in_category};

use super::person::Person;
use crate::{
    catalog::Snapshot,
    domain::{
        collection::Holding,
        fragrance::{Family, Fragrance, Gender, Price},
        ids::FragranceId,
        intent::{Budget, Intent},
        notes::{Category, Note},
        taste::TargetKind,
    },
};

/// Places of perfumes, by perfume: every perfume of the catalog is looked up in them. Nothing where there are none.
struct Places(Vec<bool>);

impl Places {
    fn of<'i>(snapshot: &Snapshot, ids: impl IntoIterator<Item = &'i FragranceId>) -> Self {
        let mut places = Vec::new();
        for at in ids.into_iter().filter_map(|id| snapshot.index_of(id)) {
            places.resize(snapshot.fragrances().len(), false);
            places[at] = true;
        }
        Self(places)
    }

    /// Perfumes with their other concentrations and flankers.
    fn of_lines<'i>(snapshot: &Snapshot, ids: impl IntoIterator<Item = &'i FragranceId>) -> Self {
        let named: Vec<usize> = ids.into_iter().filter_map(|id| snapshot.index_of(id)).collect();
        let is_of_line = |at: usize| named.iter().any(|&other| other == at || snapshot.is_same_line(other, at));
        let all = 0..snapshot.fragrances().len();
        Self(if named.is_empty() { Vec::new() } else { all.map(is_of_line).collect() })
    }

    fn have(&self, index: usize) -> bool {
        self.0.get(index).copied().unwrap_or_default()
    }
}

/// An accord that is refused.
struct RefusedAccord<'a> {
    name: &'a str,
    /// By accord of the catalog: it is refused with it.
    covers: Vec<bool>,
    /// The family that is refused with it: the one of its name, if the question refuses that.
    family: Option<Family>,
    /// What takes it along.
    law: Law<'a>,
}

/// The laws of one question for one person.
pub struct Laws<'a> {
    snapshot: &'a Snapshot,
    intent: &'a Intent,
    refused_notes: BTreeMap<&'a str, Vec<(String, Source)>>,
    refused_kinds: BTreeMap<&'a str, Category>,
    refused_accords: Vec<RefusedAccord<'a>>,
    /// By note of the taxonomy, by accord of the catalog, by family: some law speaks of it. Most perfumes have none of these, and need
    /// no closer look.
    suspect_notes: Vec<bool>,
    suspect_accords: Vec<bool>,
    suspect_families: Vec<bool>,
    families: Vec<(Family, Source)>,
    /// By their places in the snapshot.
    houses: Vec<(usize, Source)>,
    /// What was left out, with all of its line.
    perfumes: Places,
    /// The perfume to be like, with all of its line, and its full name.
    anchor: Option<(Places, String)>,
    owned: Places,
    wished: Places,
    disliked: Places,
    /// In euros; the price of the perfume to be cheaper than.
    anchor_price: Option<f64>,
}

impl<'a> Laws<'a> {
    pub fn new(snapshot: &'a Snapshot, intent: &'a Intent, person: &'a Person) -> Self {
        let taste = &person.taste;
        let vetoed = |kind| -> Vec<String> { taste.vetoed(kind).into_iter().map(str::to_owned).collect() };

        let refused_kinds: BTreeMap<&str, Category> = snapshot
            .taxonomy()
            .notes()
            .iter()
            .filter(|note| !intent.wanted_notes.contains(&note.name))
            .filter_map(|note| {
                let category = intent.unwanted_categories.iter().find(|category| in_category(**category, note))?;
                Some((note.name.as_str(), *category))
            })
            .collect();

        let mut refused_accords: Vec<(&str, Law)> = Vec::new();
        refused_accords.extend(intent.unwanted_accords.iter().map(|a| (a.as_str(), Law::NoAccord(a, Source::Question))));
        for note in &intent.unwanted_notes {
            refused_accords.extend(accords_of_note(note).map(|accord| (accord, Law::NoNote(note, Source::Question))));
        }
        for category in &intent.unwanted_categories {
            let wanted = |accord: &str| intent.wanted_notes.iter().any(|note| note == accord);
            let accords = accords_of_category(*category).iter().filter(|accord| !wanted(accord));
            refused_accords.extend(accords.map(|accord| (*accord, Law::NoKind(*category))));
        }
        for note in taste.vetoed(TargetKind::Note) {
            refused_accords.extend(accords_of_note(note).map(|accord| (accord, Law::NoNote(note, Source::Profile))));
        }
        for accord in taste.vetoed(TargetKind::Accord) {
            refused_accords.push((accord, Law::NoAccord(accord, Source::Profile)));
        }

        let held = |is: fn(&Holding) -> bool| person.holdings.iter().filter(move |(_, holding)| is(holding)).map(|(id, _)| id);
        let stated = vetoed(TargetKind::Family).into_iter().filter_map(|family| Family::from_word(&family));
        let families = intent.unwanted_families.iter().map(|f| (*f, Source::Question));
        let houses = intent.unwanted_brands.iter().map(|brand| (brand.as_str(), Source::Question));
        let houses = houses.chain(taste.vetoed(TargetKind::Brand).into_iter().map(|brand| (brand, Source::Profile)));
        let anchor = intent.like.as_ref().and_then(|anchor| snapshot.index_of(&anchor.fragrance_id));
        let refusals = intent.unwanted_notes.iter().map(|note| (note.as_str(), Source::Question));
        let dislikes = taste.vetoed(TargetKind::Note).into_iter().map(|note| (note, Source::Profile));
        let refused_notes = reach(snapshot, &refusals.chain(dislikes).collect::<Vec<_>>());
        let notes = snapshot.taxonomy().notes();
        let is_suspect = |note: &Note| refused_notes.contains_key(&*note.name) || refused_kinds.contains_key(&*note.name);
        let refused_accords: Vec<RefusedAccord> = (refused_accords.into_iter())
            .map(|(refused, law)| RefusedAccord {
                name: refused,
                covers: snapshot.accords().iter().map(|accord| accord_covers(refused, accord)).collect(),
                family: intent.unwanted_accords.iter().find(|accord| *accord == refused).and_then(|a| Family::from_word(a)),
                law,
            })
            .collect();
        Self {
            suspect_notes: notes.iter().map(is_suspect).collect(),
            suspect_accords: (0..snapshot.accords().len()).map(|at| refused_accords.iter().any(|r| r.covers[at])).collect(),
            suspect_families: Family::ALL.iter().map(|f| refused_accords.iter().any(|r| r.family == Some(*f))).collect(),
            refused_notes,
            refused_kinds,
            refused_accords,
            families: families.chain(stated.map(|f| (f, Source::Profile))).collect(),
            houses: houses.filter_map(|(brand, source)| Some((snapshot.house_at(brand)?, source))).collect(),
            perfumes: Places::of_lines(snapshot, intent.unwanted_fragrances.iter().chain(&intent.unlike)),
            owned: Places::of(snapshot, held(|holding| holding.owned)),
            wished: Places::of(snapshot, held(|holding| holding.wishlist)),
            disliked: Places::of(snapshot, person.disliked.iter()),
            anchor_price: anchor
                .filter(|_| intent.like.as_ref().is_some_and(|anchor| anchor.cheaper))
                .and_then(|index| snapshot.fragrances()[index].price.as_ref().map(|price| price.euros())),
            anchor: anchor.map(|index| {
                let fragrance = &snapshot.fragrances()[index];
                (Places::of_lines(snapshot, [&fragrance.id]), fragrance.full_name())
            }),
            snapshot,
            intent,
        }
    }

    /// Every note that is refused, for whichever reason.
    pub fn refused_notes(&self) -> impl Iterator<Item = &str> {
        self.refused_notes.keys().chain(self.refused_kinds.keys()).copied()
    }

    /// Whether a price limit holds, so that a perfume of unknown price comes after those whose price is known.
    pub fn limits_price(&self) -> bool {
        self.intent.budget.is_some() || self.anchor_price.is_some()
    }

    /// Whether it must be cheaper than a perfume whose price is not known.
    pub fn lacks_anchor_price(&self) -> bool {
        self.anchor_price.is_none() && self.intent.like.as_ref().is_some_and(|anchor| anchor.cheaper)
    }

    /// Whether a perfume may be suggested, and if not, whether one law alone keeps it out.
    pub fn standing(&self, index: usize) -> Standing<'_> {
        let breaches = self.breaches(index);
        let mut laws = breaches.iter().map(Breach::law);
        match laws.next() {
            None => Standing::Kept,
            Some(Some(first)) if laws.all(|law| law == Some(first)) => Standing::OutBy(first),
            Some(_) => Standing::Out,
        }
    }

    /// Every law that a perfume breaks; each once, except that every refused note is told of.
    pub fn breaches(&self, index: usize) -> Vec<Breach<'_>> {
        let fragrance: &Fragrance = &self.snapshot.fragrances()[index];
        let mut breaches = if self.is_beyond_suspicion(index) { Vec::new() } else { self.smells(index) };
        let families = self.families.iter().filter(|(family, _)| self.is_of_family(index, *family));
        breaches.extend(families.map(|(family, source)| Breach::Family { family: *family, source: *source }));
        let houses = self.houses.iter().filter(|(house, _)| *house == self.snapshot.house_of(index));
        breaches.extend(houses.map(|(_, source)| Breach::House { source: *source }));
        if self.perfumes.have(index) {
            breaches.push(Breach::Perfume);
        }
        if let Some((_, name)) = self.anchor.as_ref().filter(|(line, _)| line.have(index)) {
            breaches.push(Breach::TheAnchor { name });
        }
        if self.limits_price() {
            breaches.extend(self.price(fragrance).into_iter().flatten());
        }
        if let Some(asked) = self.intent.gender
            && fragrance.gender != Some(asked)
            && (asked == Gender::Unisex || fragrance.gender != Some(Gender::Unisex))
        {
            breaches.push(Breach::Gender { asked });
        }
        if self.owned.have(index) {
            breaches.push(Breach::Owned);
        } else if self.wished.have(index) && !self.intent.from_wishlist {
            breaches.push(Breach::OnWishlist);
        }
        if self.disliked.have(index) {
            breaches.push(Breach::DislikedBefore);
        }
        let is_known = !self.snapshot.composition(index).is_empty() || !self.snapshot.accords_of(index).is_empty();
        if !is_known && fragrance.notes.is_empty() {
            breaches.push(Breach::NothingKnown);
        }
        if self.intent.obtainable && fragrance.discontinued {
            breaches.push(Breach::Discontinued);
        }
        breaches
    }

    /// Whether no law about notes and accords can concern a perfume. One with a note that the taxonomy does not know is looked at.
    fn is_beyond_suspicion(&self, index: usize) -> bool {
        self.snapshot.is_plain(index)
            && !self.suspect_families[self.snapshot.family_of(index) as usize]
            && !self.snapshot.composition(index).iter().any(|part| self.suspect_notes[part.note])
            && !self.snapshot.accords_of(index).iter().any(|accord| self.suspect_accords[usize::from(*accord)])
    }

    /// Notes in all four layers, and accords.
    fn smells(&self, index: usize) -> Vec<Breach<'_>> {
        let fragrance: &Fragrance = &self.snapshot.fragrances()[index];
        let mut breaches = Vec::new();
        let is_suspect = |note: &str| self.snapshot.taxonomy().index_of(note).is_none_or(|at| self.suspect_notes[at]);
        for (layer, note) in fragrance.notes.notes().filter(|(_, note)| is_suspect(note)) {
            let refused = self.refused_notes.get(note).into_iter().flatten();
            breaches.extend(refused.map(|(refused, source)| Breach::Note { refused, note, layer, source: *source }));
            if let Some(category) = self.refused_kinds.get(note) {
                breaches.push(Breach::Kind { category: *category, note });
            }
        }
        let family = self.snapshot.family_of(index);
        for RefusedAccord { name, covers, family: refused, law } in &self.refused_accords {
            let felt = self.snapshot.accords_of(index).iter().find(|accord| covers[usize::from(**accord)]);
            let accord = felt.map(|accord| self.snapshot.accords()[usize::from(*accord)].as_str());
            // More accords than are counted come with strange catalogs only.
            let uncounted = || fragrance.accords.iter().find(|accord| accord_covers(name, accord)).map(String::as_str);
            let accord = accord.or_else(uncounted).or_else(|| (*refused == Some(family)).then(|| family.as_str()));
            // Whoever hears of the note need not hear of its accord, too.
            if let Some(accord) = accord.filter(|_| !breaches.iter().any(|breach| breach.law() == Some(*law))) {
                breaches.push(Breach::Accord { accord, law: *law });
            }
        }
        breaches
    }

    /// A family is refused with the accord of its name, too, where that is the family's own.
    fn is_of_family(&self, index: usize, family: Family) -> bool {
        let has_accord =
            || self.snapshot.accords_of(index).iter().any(|at| self.snapshot.accords()[usize::from(*at)] == "gourmand");
        self.snapshot.family_of(index) == family || (family == Family::Gourmand && has_accord())
    }

    /// What a known price breaks. An unknown one breaks no law; it only comes last.
    fn price(&self, fragrance: &Fragrance) -> [Option<Breach<'static>>; 3] {
        let price = fragrance.price.as_ref().map(Price::euros);
        let budget = self.intent.budget.as_ref();
        let most = budget.map(Budget::max_euros);
        let least = budget.and_then(|budget| Some(budget.min? * budget.currency.in_euros()));
        let over = price.zip(most).filter(|(price, limit)| price > limit);
        let under = price.zip(least).filter(|(price, limit)| price < limit);
        let dear = price.zip(self.anchor_price).filter(|(price, anchor)| price >= anchor);
        [
            over.map(|(price, limit)| Breach::OverBudget { price, limit }),
            under.map(|(price, limit)| Breach::UnderBudget { price, limit }),
            dear.map(|(price, anchor)| Breach::NotCheaper { price, anchor }),
        ]
    }
}
