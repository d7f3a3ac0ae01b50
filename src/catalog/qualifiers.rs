//! Words around a note's name that change where it comes from or how it is made, and hardly how it smells.

/// Where it grew and how it looked.
const BEFORE: &[&str] = &[
    "absolute",
    "african",
    "algerian",
    "american",
    "arabian",
    "argentinian",
    "asian",
    "australian",
    "black",
    "blond",
    "blonde",
    "blue",
    "bourbon",
    "brazilian",
    "bulgarian",
    "burmese",
    "calabrian",
    "california",
    "canadian",
    "chinese",
    "clean",
    "comorian",
    "corsican",
    "crisp",
    "cuban",
    "dark",
    "dried",
    "dry",
    "egyptian",
    "essence",
    "ethiopian",
    "florentine",
    "french",
    "fresh",
    "frozen",
    "german",
    "golden",
    "greek",
    "grasse",
    "haitian",
    "himalayan",
    "icy",
    "indian",
    "indonesian",
    "iranian",
    "italian",
    "japanese",
    "java",
    "juicy",
    "lebanese",
    "madagascan",
    "madagascar",
    "mediterranean",
    "mexican",
    "moroccan",
    "mysore",
    "natural",
    "nepalese",
    "oil",
    "omani",
    "organic",
    "paraguayan",
    "persian",
    "pink",
    "provence",
    "pure",
    "purple",
    "red",
    "ripe",
    "russian",
    "sicilian",
    "smoky",
    "soft",
    "somali",
    "spanish",
    "sparkling",
    "spanish",
    "sweet",
    "tahitian",
    "toasted",
    "tunisian",
    "turkish",
    "tuscan",
    "venezuelan",
    "vietnamese",
    "virginian",
    "warm",
    "white",
    "wild",
    "yellow",
    "young",
];

/// How it was won, and that it is one.
const AFTER: &[&str] = &[
    "absolu",
    "absolue",
    "absolute",
    "accord",
    "attar",
    "berry",
    "blossom",
    "bud",
    "buds",
    "butter",
    "co2",
    "concrete",
    "essence",
    "essential",
    "extract",
    "extraction",
    "flower",
    "fruit",
    "infusion",
    "juice",
    "leaf",
    "leaves",
    "nectar",
    "needle",
    "needles",
    "note",
    "notes",
    "oil",
    "orpur",
    "peel",
    "petal",
    "petals",
    "powder",
    "pulp",
    "resin",
    "resinoid",
    "root",
    "scent",
    "seed",
    "seeds",
    "syrup",
    "tincture",
    "tree",
    "water",
    "wood",
    "zest",
];

/// Shorter names for a folded name, the most faithful first.
pub(super) fn without(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let first = words.iter().take_while(|word| BEFORE.contains(word)).count().min(words.len() - 1);
    let last = words.iter().rev().take_while(|word| AFTER.contains(word)).count().min(words.len() - 1);
    let mut shorter = Vec::new();
    for dropped in 1..=first + last {
        for before in (0..=dropped.min(first)).rev() {
            let after = dropped - before;
            if after <= last && before + after < words.len() {
                shorter.push(words[before..words.len() - after].join(" "));
            }
        }
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualifiers_fall_away_one_by_one() {
        assert_eq!(
            without("italian red mandarin oil"),
            ["red mandarin oil", "italian red mandarin", "mandarin oil", "red mandarin", "mandarin"]
        );
        assert!(without("rose").is_empty());
        assert!(without("oil").is_empty());
    }
}
