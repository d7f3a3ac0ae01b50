//! What perfume suits an occasion: the impressions that people choose there, and how loud one may be.

use super::impressions::Impressions;
use crate::{
    catalog::Snapshot,
    domain::fragrance::{Fragrance, Intensity},
};

/// An occasion's name, the accords that suit it, 0 to 1, and how loud one may be there.
type Known = (&'static str, &'static [(&'static str, f64)], Option<Intensity>);

const OCCASIONS: &[Known] = &[
    (
        "the office",
        &[
            ("fresh", 0.8),
            ("citrus", 0.7),
            ("musky", 0.6),
            ("soapy", 0.7),
            ("woody", 0.5),
            ("iris", 0.6),
            ("aromatic", 0.5),
            ("green", 0.5),
            ("floral", 0.4),
        ],
        Some(Intensity::Soft),
    ),
    (
        "a date",
        &[
            ("vanilla", 0.8),
            ("amber", 0.8),
            ("musky", 0.6),
            ("warm spicy", 0.6),
            ("white floral", 0.5),
            ("rose", 0.6),
            ("leather", 0.4),
            ("sweet", 0.5),
        ],
        None,
    ),
    (
        "a wedding",
        &[
            ("white floral", 0.9),
            ("floral", 0.8),
            ("rose", 0.8),
            ("musky", 0.6),
            ("powdery", 0.6),
            ("iris", 0.5),
            ("citrus", 0.4),
        ],
        None,
    ),
    (
        "a night out",
        &[
            ("amber", 0.8),
            ("sweet", 0.7),
            ("vanilla", 0.7),
            ("warm spicy", 0.7),
            ("leather", 0.5),
            ("boozy", 0.6),
            ("tobacco", 0.5),
        ],
        Some(Intensity::Strong),
    ),
    (
        "every day",
        &[("fresh", 0.7), ("musky", 0.7), ("citrus", 0.6), ("woody", 0.6), ("floral", 0.5), ("soapy", 0.6), ("aromatic", 0.5)],
        Some(Intensity::Moderate),
    ),
    (
        "sport",
        &[("citrus", 1.0), ("fresh", 1.0), ("aquatic", 0.8), ("ozonic", 0.7), ("green", 0.5), ("aromatic", 0.5)],
        Some(Intensity::Soft),
    ),
    (
        "the beach",
        &[("coconut", 0.9), ("salty", 0.9), ("marine", 0.9), ("aquatic", 0.8), ("tropical", 0.8), ("citrus", 0.6)],
        None,
    ),
    (
        "a formal evening",
        &[("iris", 0.7), ("leather", 0.7), ("aldehydic", 0.6), ("amber", 0.6), ("woody", 0.6), ("incense", 0.5), ("mossy", 0.5)],
        None,
    ),
    (
        "bedtime",
        &[("lavender", 1.0), ("powdery", 0.7), ("musky", 0.7), ("sandalwood", 0.6), ("vanilla", 0.5), ("soapy", 0.4)],
        Some(Intensity::Soft),
    ),
];

/// An occasion as perfumes are held against it.
pub(super) struct Occasion {
    impressions: Impressions,
    loudness: Option<Intensity>,
}

impl Occasion {
    /// None for one that is not known.
    pub fn of(snapshot: &Snapshot, name: &str) -> Option<Self> {
        let (_, accords, loudness) = OCCASIONS.iter().find(|(known, ..)| *known == name)?;
        Some(Self { impressions: Impressions::mixture(snapshot, accords), loudness: *loudness })
    }

    /// How well a perfume suits it, 0 to 1.
    pub fn fit(&self, fragrance: &Fragrance, accords: &[u16]) -> f64 {
        let loud = match (self.loudness, fragrance.intensity) {
            (Some(wanted), Some(is)) if wanted == is => 0.15,
            (Some(Intensity::Soft), Some(Intensity::Strong)) | (Some(Intensity::Strong), Some(Intensity::Soft)) => -0.25,
            _ => 0.0,
        };
        (self.impressions.blend(accords) + loud).clamp(0.0, 1.0)
    }
}
