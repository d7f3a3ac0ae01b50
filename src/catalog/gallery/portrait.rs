//! What a text is held against, of one perfume.

use crate::{
    catalog::fame,
    domain::{
        fragrance::{Fragrance, Gender},
        notes::{Category, Layer},
    },
};

/// How many eras there are.
pub(super) const ERAS: usize = 4;
/// The year of a perfume of which it is not known.
const USUAL_YEAR: i32 = 2010;

/// One perfume as texts are held against it.
pub(crate) struct Portrait {
    /// By layer; a note that stands in two layers stands here twice.
    pub notes: Vec<(u32, Layer)>,
    /// How many notes it has, each once, and what they weigh together by their rarity.
    pub note_count: f32,
    pub note_weight: f32,
    /// Accords with their strength, 0.3 to 1, and the length of the vector that they make.
    pub accords: Vec<(u32, f32)>,
    pub accord_length: f32,
    /// The length of the vector of its notes' rarities.
    pub note_length: f32,
    /// How much of its notes is of each category. They add up to 1.
    pub categories: [f32; Category::ALL.len()],
    pub gender: Option<Gender>,
    pub year: Option<i32>,
    /// Before 1990, the nineties and just after, until 2012, since then.
    pub era: usize,
    /// Decades after 2010, −4 to 1.5; 0 if unknown.
    pub age: f32,
    /// How widely it is known, and how it is rated, in standard deviations from the mean of the catalog.
    pub fame: f32,
    pub rating: Option<f32>,
    /// The place of its house in the list of houses.
    pub house: usize,
}

impl Portrait {
    /// Without notes and accords.
    pub fn new(fragrance: &Fragrance, categories: [f32; Category::ALL.len()], house: usize) -> Self {
        let year = fragrance.year.unwrap_or(USUAL_YEAR);
        let votes = fame::votes(fragrance.popularity);
        Self {
            notes: Vec::new(),
            note_count: 0.0,
            note_weight: 0.0,
            accords: Vec::new(),
            accord_length: 0.0,
            note_length: 0.0,
            categories,
            gender: fragrance.gender,
            year: fragrance.year,
            era: era_of(year),
            age: ((year - USUAL_YEAR) as f32 / 10.0).clamp(-4.0, 1.5),
            fame: (votes + 10.0).log10() as f32,
            rating: fragrance.rating.map(|rating| rating.mean as f32),
            house,
        }
    }

    /// 1 if it is marketed so, else 0.
    pub fn is(&self, gender: Gender) -> f32 {
        f32::from(u8::from(self.gender == Some(gender)))
    }

    /// Its notes, each once.
    pub fn distinct_notes(&self) -> Vec<usize> {
        let mut notes: Vec<usize> = self.notes.iter().map(|(note, _)| *note as usize).collect();
        notes.sort_unstable();
        notes.dedup();
        notes
    }

    /// Sums up what its notes and accords weigh.
    pub fn weigh(&mut self, rarities: &[f32]) {
        let notes = self.distinct_notes();
        self.note_count = notes.len() as f32;
        self.note_weight = notes.iter().map(|&note| rarities[note]).sum();
        self.note_length = notes.iter().map(|&note| rarities[note].powi(2)).sum::<f32>().sqrt();
        self.accord_length = self.accords.iter().map(|(_, strength)| strength.powi(2)).sum::<f32>().sqrt();
    }
}

/// The strength of an accord by its rank among a perfume's accords.
pub(super) fn strength(rank: usize) -> f32 {
    (1.0 - 0.12 * rank as f32).max(0.3)
}

/// One of [`ERAS`].
fn era_of(year: i32) -> usize {
    match year {
        ..1990 => 0,
        1990..2003 => 1,
        2003..2012 => 2,
        2012.. => 3,
    }
}
