//! What perfume suits an occasion: the impressions that people choose there, and how loud one may be.

use crate::domain::fragrance::{Fragrance, Intensity};

/// An occasion, the accords that suit it, 0 to 1, and how loud one may be there.
type Occasion = (&'static str, &'static [(&'static str, f64)], Option<Intensity>);

const OCCASIONS: &[Occasion] = &[
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

/// How well a perfume suits an occasion, 0 to 1; none for one that is not known.
pub fn occasion_fit(fragrance: &Fragrance, occasion: &str) -> Option<f64> {
    let (_, accords, loudness) = OCCASIONS.iter().find(|(name, ..)| *name == occasion)?;
    let fit = super::features::blend(&fragrance.accords, accords);
    let loud = match (loudness, fragrance.intensity) {
        (Some(wanted), Some(is)) if *wanted == is => 0.15,
        (Some(Intensity::Soft), Some(Intensity::Strong)) | (Some(Intensity::Strong), Some(Intensity::Soft)) => -0.25,
        _ => 0.0,
    };
    Some((fit + loud).clamp(0.0, 1.0))
}
