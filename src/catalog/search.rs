//! Browsing the catalog: perfumes by text, note, family, house and price; notes by text.

use std::collections::HashSet;

use super::{Snapshot, phrases::key, snapshot::FoldedName};
use crate::domain::{
    AppError, AppResult,
    fragrance::{CatalogFilter, Family, Fragrance},
    notes::Note,
    page::{Cursor, PAGE_SIZE, Page},
};

/// What a match of the name is worth beside BM25, whose scores stay below 20 here.
const NAME_IS: f32 = 60.0;
const NAME_STARTS: f32 = 40.0;
const WORDS_START: f32 = 20.0;

/// The perfumes that a filter lets pass: with a text the best match first, otherwise the best known; then by name. Under a
/// price limit, perfumes of unknown price are left out.
pub(super) fn fragrances(snapshot: &Snapshot, filter: &CatalogFilter, cursor: Cursor) -> AppResult<Page<Fragrance>> {
    let filters = Filters::of(snapshot, filter)?;
    let scores = filter.q.as_deref().map(|q| text_scores(snapshot, q));
    let mut found: Vec<(usize, f32)> = (0..snapshot.fragrances().len())
        .map(|at| (at, scores.as_ref().map_or(0.0, |scores| scores[at])))
        .filter(|&(at, score)| (scores.is_none() || score > 0.0) && filters.pass(snapshot, at))
        .collect();
    let all = snapshot.fragrances();
    found.sort_by(|(a, x), (b, y)| {
        let (a, b) = (&all[*a], &all[*b]);
        y.total_cmp(x)
            .then(b.popularity.total_cmp(&a.popularity))
            .then_with(|| (&a.name, &a.brand, &a.id).cmp(&(&b.name, &b.brand, &b.id)))
    });
    let page = found.into_iter().skip(cursor.0).take(PAGE_SIZE + 1).map(|(at, _)| (*all[at]).clone()).collect();
    Ok(Page::from_overfetch(page, cursor))
}

struct Filters {
    /// Any of these: the note and its kinds. Empty if nothing goes by that name.
    notes: Option<HashSet<usize>>,
    family: Option<Family>,
    /// The canonical house, or what a house's name must contain.
    brand: Option<Result<String, String>>,
    max_price: Option<f64>,
}

impl Filters {
    fn of(snapshot: &Snapshot, filter: &CatalogFilter) -> AppResult<Self> {
        let taxonomy = snapshot.taxonomy();
        let with_kinds = |name: &str| {
            let note = taxonomy.resolve(name).and_then(|note| taxonomy.index_of(&note.name));
            note.into_iter().flat_map(|note| taxonomy.kinds_of(note).iter().copied().chain([note])).collect()
        };
        let family = filter.family.as_deref().map(|word| {
            let word = key(word);
            Family::from_word(&word).ok_or_else(|| {
                let words: Vec<&str> = Family::ALL.iter().map(|family| family.as_str()).collect();
                AppError::bad_input("family", format!("A family is one of {}.", words.join(", ")))
            })
        });
        Ok(Self {
            notes: filter.note.as_deref().map(with_kinds),
            family: family.transpose()?,
            brand: filter.brand.as_deref().map(|name| snapshot.brand(name).map(str::to_owned).ok_or_else(|| key(name))),
            max_price: filter.max_price,
        })
    }

    fn pass(&self, snapshot: &Snapshot, at: usize) -> bool {
        let fragrance = &snapshot.fragrances()[at];
        self.notes.as_ref().is_none_or(|notes| snapshot.composition(at).iter().any(|part| notes.contains(&part.note)))
            && self.family.is_none_or(|family| fragrance.family == family)
            && self.max_price.is_none_or(|max| fragrance.price.is_some_and(|price| price.euros() <= max))
            && match &self.brand {
                None => true,
                Some(Ok(house)) => fragrance.brand == *house,
                Some(Err(part)) => key(&fragrance.brand).contains(part.as_str()),
            }
    }
}

/// BM25, and what has been typed of the name so far.
fn text_scores(snapshot: &Snapshot, q: &str) -> Vec<f32> {
    let typed = key(q);
    let words: Vec<&str> = typed.split(' ').filter(|word| !word.is_empty()).collect();
    let mut scores = snapshot.bm25(q);
    if words.is_empty() {
        return scores;
    }
    for (score, FoldedName { name, full }) in scores.iter_mut().zip(snapshot.folded_names()) {
        *score += if **name == *typed || **full == *typed {
            NAME_IS
        } else if name.starts_with(&typed) || full.starts_with(&typed) {
            NAME_STARTS
        } else if words.iter().all(|word| full.split(' ').any(|part| part.starts_with(word))) {
            WORDS_START
        } else {
            0.0
        };
    }
    scores
}

/// The notes that a text fits: their name first, then a synonym, then category and evocation; all of them without a text.
pub(super) fn notes(snapshot: &Snapshot, q: Option<&str>) -> Vec<Note> {
    let typed = key(q.unwrap_or_default());
    let rank = |note: &Note| {
        let name = key(&note.name);
        let begins = |text: &str| text.starts_with(&typed) || text.contains(&format!(" {typed}"));
        if name == typed {
            Some(0)
        } else if begins(&name) {
            Some(1)
        } else if note.synonyms.iter().any(|synonym| begins(&key(synonym))) {
            Some(2)
        } else {
            (begins(&key(note.category.label())) || begins(&key(&note.evocation))).then_some(3)
        }
    };
    let mut found: Vec<(i32, &Note)> = snapshot.taxonomy().notes().iter().filter_map(|note| Some((rank(note)?, note))).collect();
    found.sort_by(|(a, x), (b, y)| (a, &x.name).cmp(&(b, &y.name)));
    found.into_iter().map(|(_, note)| note.clone()).collect()
}
