//! When a perfume is worn: read from its accords, in the way people vote on it.
//!
//! Each accord leans to seasons and to day or night; a perfume is the mean of its accords, the strongest counting most.
//! The leanings are general knowledge (citrus and water in the heat; amber, spice, smoke and sweetness in the cold and at
//! night), not fitted to anybody's votes.

use crate::domain::{fragrance::Fragrance, fragrance::Intensity, intent::TimeOfDay, memory::Season};

/// How well a perfume fits each season and the night, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    pub spring: f64,
    pub summer: f64,
    pub fall: f64,
    pub winter: f64,
    pub night: f64,
}

impl Setting {
    pub fn season(&self, season: Season) -> f64 {
        match season {
            Season::Spring => self.spring,
            Season::Summer => self.summer,
            Season::Fall => self.fall,
            Season::Winter => self.winter,
        }
    }

    pub fn time(&self, time: TimeOfDay) -> f64 {
        match time {
            TimeOfDay::Day => 1.0 - self.night,
            TimeOfDay::Night => self.night,
        }
    }
}

/// Accord, then its fit to spring, summer, fall, winter, and to the night.
const LEANINGS: &[(&str, [f64; 5])] = &[
    ("citrus", [0.7, 1.0, 0.2, 0.1, 0.1]),
    ("fresh", [0.8, 1.0, 0.2, 0.1, 0.1]),
    ("aquatic", [0.6, 1.0, 0.2, 0.05, 0.15]),
    ("marine", [0.5, 1.0, 0.2, 0.05, 0.15]),
    ("ozonic", [0.7, 1.0, 0.2, 0.1, 0.15]),
    ("salty", [0.5, 0.95, 0.25, 0.1, 0.25]),
    ("green", [0.9, 0.8, 0.3, 0.15, 0.15]),
    ("herbal", [0.7, 0.7, 0.4, 0.25, 0.2]),
    ("aromatic", [0.65, 0.6, 0.5, 0.35, 0.3]),
    ("lavender", [0.7, 0.55, 0.5, 0.4, 0.3]),
    ("fresh spicy", [0.65, 0.7, 0.45, 0.3, 0.3]),
    ("tropical", [0.5, 1.0, 0.15, 0.05, 0.25]),
    ("coconut", [0.4, 0.9, 0.25, 0.2, 0.35]),
    ("fruity", [0.75, 0.75, 0.4, 0.3, 0.4]),
    ("cherry", [0.5, 0.4, 0.6, 0.6, 0.65]),
    ("floral", [0.95, 0.65, 0.4, 0.3, 0.35]),
    ("white floral", [0.85, 0.65, 0.4, 0.35, 0.45]),
    ("yellow floral", [0.8, 0.7, 0.4, 0.3, 0.4]),
    ("tuberose", [0.7, 0.5, 0.45, 0.45, 0.65]),
    ("rose", [0.85, 0.45, 0.55, 0.45, 0.45]),
    ("violet", [0.8, 0.4, 0.55, 0.45, 0.35]),
    ("iris", [0.75, 0.35, 0.6, 0.5, 0.4]),
    ("powdery", [0.65, 0.35, 0.6, 0.6, 0.45]),
    ("soapy", [0.8, 0.7, 0.4, 0.3, 0.15]),
    ("aldehydic", [0.65, 0.4, 0.5, 0.5, 0.45]),
    ("musky", [0.65, 0.55, 0.5, 0.45, 0.4]),
    ("mineral", [0.6, 0.8, 0.4, 0.2, 0.2]),
    ("metallic", [0.5, 0.6, 0.45, 0.35, 0.35]),
    ("lactonic", [0.5, 0.4, 0.55, 0.55, 0.45]),
    ("woody", [0.5, 0.35, 0.7, 0.6, 0.45]),
    ("sandalwood", [0.5, 0.4, 0.65, 0.6, 0.5]),
    ("mossy", [0.6, 0.4, 0.7, 0.5, 0.4]),
    ("earthy", [0.5, 0.3, 0.8, 0.6, 0.45]),
    ("patchouli", [0.35, 0.2, 0.8, 0.75, 0.65]),
    ("sweet", [0.4, 0.3, 0.65, 0.75, 0.65]),
    ("vanilla", [0.3, 0.2, 0.7, 0.9, 0.7]),
    ("gourmand", [0.25, 0.15, 0.75, 0.95, 0.7]),
    ("caramel", [0.25, 0.15, 0.7, 0.9, 0.7]),
    ("chocolate", [0.15, 0.05, 0.7, 1.0, 0.75]),
    ("coffee", [0.2, 0.1, 0.75, 0.95, 0.7]),
    ("almond", [0.4, 0.25, 0.65, 0.75, 0.55]),
    ("nutty", [0.25, 0.15, 0.8, 0.85, 0.55]),
    ("honey", [0.45, 0.3, 0.65, 0.7, 0.6]),
    ("boozy", [0.15, 0.1, 0.75, 0.95, 0.85]),
    ("amber", [0.25, 0.15, 0.75, 0.9, 0.75]),
    ("balsamic", [0.2, 0.1, 0.75, 0.9, 0.7]),
    ("resinous", [0.25, 0.15, 0.75, 0.85, 0.65]),
    ("spicy", [0.3, 0.2, 0.75, 0.85, 0.65]),
    ("warm spicy", [0.25, 0.1, 0.8, 0.95, 0.75]),
    ("cinnamon", [0.15, 0.05, 0.8, 1.0, 0.75]),
    ("tobacco", [0.15, 0.1, 0.8, 0.95, 0.8]),
    ("leather", [0.3, 0.15, 0.8, 0.85, 0.75]),
    ("suede", [0.45, 0.25, 0.75, 0.7, 0.6]),
    ("smoky", [0.2, 0.1, 0.8, 0.9, 0.75]),
    ("incense", [0.25, 0.15, 0.8, 0.85, 0.65]),
    ("oud", [0.15, 0.1, 0.7, 0.9, 0.85]),
    ("animalic", [0.25, 0.15, 0.7, 0.8, 0.8]),
];

/// Where nothing is known, any time is as good as another.
const UNKNOWN: [f64; 5] = [0.5; 5];

/// When a perfume is worn.
pub fn setting(fragrance: &Fragrance) -> Setting {
    let mut sum = [0.0; 5];
    let mut mass = 0.0;
    for (position, accord) in fragrance.accords.iter().enumerate() {
        if let Some((_, leaning)) = LEANINGS.iter().find(|(name, _)| name == accord) {
            let weight = 1.0 / (1.0 + 0.3 * position as f64);
            mass += weight;
            for (total, part) in sum.iter_mut().zip(leaning) {
                *total += weight * part;
            }
        }
    }
    let mean = if mass > 0.0 { sum.map(|x| x / mass) } else { UNKNOWN };
    // A loud perfume is for cold air and late hours, a quiet one for close rooms and daylight.
    let loud = match fragrance.intensity {
        Some(Intensity::Soft) => -0.08,
        Some(Intensity::Strong) => 0.08,
        Some(Intensity::Moderate) | None => 0.0,
    };
    let fit = |x: f64, tilt: f64| (x + tilt * loud).clamp(0.0, 1.0);
    let [spring, summer, fall, winter, night] = mean;
    Setting {
        spring: fit(spring, -0.5),
        summer: fit(summer, -1.0),
        fall: fit(fall, 0.5),
        winter: fit(winter, 1.0),
        night: fit(night, 1.0),
    }
}

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
