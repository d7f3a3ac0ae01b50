//! Words of mood as accords: what a perfume that feels so mostly smells of. From general knowledge of the craft.

/// Moods with the accords that carry them, 0 to 1.
pub(crate) const MOODS: &[(&str, &[(&str, f64)])] = &[
    (
        "cozy",
        &[
            ("vanilla", 0.8),
            ("amber", 0.8),
            ("warm spicy", 0.6),
            ("sweet", 0.5),
            ("musky", 0.5),
            ("powdery", 0.4),
            ("lactonic", 0.4),
            ("almond", 0.3),
        ],
    ),
    ("warm", &[("amber", 1.0), ("warm spicy", 1.0), ("vanilla", 0.6), ("balsamic", 0.6), ("woody", 0.4)]),
    ("clean", &[("soapy", 1.0), ("musky", 0.8), ("aldehydic", 0.6), ("fresh", 0.6), ("ozonic", 0.4), ("lavender", 0.3)]),
    (
        "dark",
        &[
            ("smoky", 0.9),
            ("oud", 0.8),
            ("leather", 0.8),
            ("incense", 0.7),
            ("patchouli", 0.6),
            ("tobacco", 0.5),
            ("animalic", 0.4),
            ("earthy", 0.4),
            ("balsamic", 0.4),
        ],
    ),
    (
        "mysterious",
        &[
            ("incense", 1.0),
            ("smoky", 0.7),
            ("balsamic", 0.6),
            ("amber", 0.6),
            ("oud", 0.6),
            ("patchouli", 0.5),
            ("leather", 0.4),
        ],
    ),
    ("romantic", &[("rose", 1.0), ("floral", 0.7), ("powdery", 0.6), ("white floral", 0.5), ("vanilla", 0.3), ("musky", 0.3)]),
    (
        "sensual",
        &[
            ("amber", 0.8),
            ("vanilla", 0.7),
            ("musky", 0.7),
            ("white floral", 0.5),
            ("tuberose", 0.4),
            ("leather", 0.5),
            ("animalic", 0.5),
            ("warm spicy", 0.5),
        ],
    ),
    (
        "elegant",
        &[("iris", 0.9), ("powdery", 0.7), ("aldehydic", 0.6), ("mossy", 0.5), ("woody", 0.4), ("leather", 0.4), ("rose", 0.3)],
    ),
    (
        "calm",
        &[
            ("lavender", 0.8),
            ("sandalwood", 0.7),
            ("incense", 0.6),
            ("woody", 0.4),
            ("musky", 0.4),
            ("herbal", 0.4),
            ("green", 0.3),
        ],
    ),
    ("energizing", &[("citrus", 1.0), ("fresh", 1.0), ("fresh spicy", 0.7), ("aromatic", 0.5), ("green", 0.4)]),
    ("joyful", &[("citrus", 0.8), ("fruity", 0.7), ("tropical", 0.6), ("floral", 0.5), ("coconut", 0.4), ("sweet", 0.3)]),
    (
        "nostalgic",
        &[("powdery", 0.8), ("aldehydic", 0.8), ("violet", 0.7), ("iris", 0.6), ("mossy", 0.6), ("soapy", 0.5), ("rose", 0.3)],
    ),
    ("airy", &[("fresh", 0.8), ("ozonic", 0.7), ("aquatic", 0.5), ("citrus", 0.5), ("musky", 0.4), ("floral", 0.3)]),
    (
        "rich",
        &[("amber", 0.8), ("vanilla", 0.6), ("balsamic", 0.6), ("boozy", 0.5), ("honey", 0.5), ("oud", 0.5), ("chocolate", 0.4)],
    ),
    ("creamy", &[("lactonic", 1.0), ("sandalwood", 0.7), ("vanilla", 0.6), ("coconut", 0.5), ("almond", 0.5), ("tuberose", 0.3)]),
    ("natural", &[("green", 0.8), ("woody", 0.8), ("earthy", 0.8), ("mossy", 0.6), ("aromatic", 0.5), ("herbal", 0.5)]),
    (
        "melancholic",
        &[("earthy", 0.7), ("incense", 0.6), ("iris", 0.6), ("violet", 0.5), ("mineral", 0.5), ("ozonic", 0.4), ("mossy", 0.4)],
    ),
    ("tender", &[("powdery", 0.7), ("musky", 0.7), ("floral", 0.6), ("soapy", 0.3), ("violet", 0.3)]),
    (
        "unusual",
        &[
            ("metallic", 1.0),
            ("mineral", 0.8),
            ("smoky", 0.6),
            ("animalic", 0.6),
            ("ozonic", 0.5),
            ("earthy", 0.5),
            ("salty", 0.5),
            ("incense", 0.4),
        ],
    ),
    (
        "modern",
        &[("musky", 0.9), ("woody", 0.6), ("mineral", 0.6), ("ozonic", 0.5), ("fresh", 0.5), ("metallic", 0.4), ("salty", 0.4)],
    ),
    (
        "beachy",
        &[
            ("coconut", 0.8),
            ("salty", 0.8),
            ("marine", 0.7),
            ("aquatic", 0.6),
            ("tropical", 0.6),
            ("white floral", 0.4),
            ("citrus", 0.3),
        ],
    ),
];

/// The accords of a mood.
pub(crate) fn accords_of(mood: &str) -> &'static [(&'static str, f64)] {
    MOODS.iter().find(|(name, _)| *name == mood).map_or(&[], |(_, accords)| accords)
}
