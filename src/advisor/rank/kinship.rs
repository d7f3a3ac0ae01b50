//! Which accords are near to each other, so that who asks for one is half served by the other. From general knowledge.

const KIN: &[(&str, &str, f64)] = &[
    ("woody", "sandalwood", 0.7),
    ("woody", "oud", 0.5),
    ("woody", "mossy", 0.3),
    ("woody", "earthy", 0.3),
    ("fresh", "citrus", 0.95),
    ("fresh", "fresh spicy", 0.95),
    ("fresh", "aquatic", 0.95),
    ("fresh", "ozonic", 0.6),
    ("fresh", "green", 0.4),
    ("fresh", "marine", 0.6),
    ("fresh", "soapy", 0.3),
    ("aquatic", "marine", 0.9),
    ("aquatic", "ozonic", 0.7),
    ("aquatic", "salty", 0.6),
    ("marine", "salty", 0.7),
    ("marine", "ozonic", 0.5),
    ("green", "herbal", 0.6),
    ("green", "aromatic", 0.3),
    ("green", "mossy", 0.3),
    ("herbal", "aromatic", 0.7),
    ("aromatic", "lavender", 0.7),
    ("aromatic", "fresh spicy", 0.4),
    ("floral", "white floral", 0.7),
    ("floral", "yellow floral", 0.7),
    ("floral", "rose", 0.7),
    ("floral", "violet", 0.5),
    ("floral", "tuberose", 0.6),
    ("floral", "iris", 0.4),
    ("white floral", "tuberose", 0.8),
    ("white floral", "yellow floral", 0.4),
    ("fruity", "tropical", 0.8),
    ("fruity", "cherry", 0.7),
    ("fruity", "coconut", 0.3),
    ("fruity", "citrus", 0.2),
    ("tropical", "coconut", 0.6),
    ("sweet", "vanilla", 0.7),
    ("sweet", "caramel", 0.8),
    ("sweet", "honey", 0.7),
    ("sweet", "chocolate", 0.7),
    ("sweet", "gourmand", 0.7),
    ("sweet", "fruity", 0.3),
    ("sweet", "almond", 0.4),
    ("sweet", "lactonic", 0.3),
    ("gourmand", "caramel", 0.8),
    ("gourmand", "chocolate", 0.8),
    ("gourmand", "vanilla", 0.6),
    ("gourmand", "coffee", 0.6),
    ("gourmand", "honey", 0.5),
    ("gourmand", "almond", 0.5),
    ("gourmand", "nutty", 0.6),
    ("gourmand", "lactonic", 0.5),
    ("spicy", "warm spicy", 0.95),
    ("spicy", "fresh spicy", 0.8),
    ("spicy", "cinnamon", 0.8),
    ("warm spicy", "cinnamon", 0.8),
    ("warm spicy", "amber", 0.3),
    ("amber", "balsamic", 0.6),
    ("amber", "resinous", 0.6),
    ("amber", "vanilla", 0.3),
    ("balsamic", "resinous", 0.8),
    ("balsamic", "vanilla", 0.3),
    ("balsamic", "incense", 0.4),
    ("resinous", "incense", 0.6),
    ("smoky", "incense", 0.7),
    ("smoky", "tobacco", 0.5),
    ("smoky", "leather", 0.5),
    ("smoky", "oud", 0.4),
    ("leather", "suede", 0.9),
    ("leather", "animalic", 0.4),
    ("leather", "tobacco", 0.3),
    ("animalic", "musky", 0.3),
    ("animalic", "oud", 0.3),
    ("powdery", "iris", 0.7),
    ("powdery", "violet", 0.6),
    ("powdery", "musky", 0.4),
    ("powdery", "soapy", 0.3),
    ("earthy", "mossy", 0.8),
    ("earthy", "patchouli", 0.8),
    ("earthy", "mineral", 0.4),
    ("mossy", "patchouli", 0.4),
    ("soapy", "aldehydic", 0.6),
    ("soapy", "musky", 0.4),
    ("boozy", "sweet", 0.3),
    ("lactonic", "coconut", 0.5),
    ("nutty", "almond", 0.7),
    ("coffee", "chocolate", 0.5),
    ("mineral", "metallic", 0.5),
    ("mineral", "salty", 0.4),
];

/// How far one accord stands for another, 0 to 1; 1 for itself.
pub(crate) fn kinship(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    KIN.iter().find(|(x, y, _)| (*x == a && *y == b) || (*x == b && *y == a)).map_or(0.0, |(_, _, near)| *near)
}

/// How much of an accord a perfume has, 0 to 1: its own accords (strongest first), near ones for their part.
pub(crate) fn presence(accords: &[String], wanted: &str) -> f64 {
    accords
        .iter()
        .enumerate()
        .map(|(position, accord)| {
            let near = kinship(wanted, accord);
            let part = if near < 1.0 { 0.6 * near } else { 1.0 };
            part * (1.0 - 0.08 * position.min(6) as f64)
        })
        .fold(0.0, f64::max)
}
