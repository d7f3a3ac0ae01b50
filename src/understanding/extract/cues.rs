//! Words from which facts of a perfume can be told: its accords, whom it is for, its year.

/// Accords and the words that speak of them.
pub(super) const ACCORDS: &[(&str, &str)] = &[
    ("aldehydic", "aldehydes aldehydic sparkling"),
    ("almond", "almond"),
    ("amber", "amber ambery oriental"),
    ("animalic", "animalic animal sensual"),
    ("aquatic", "aquatic water watery sea ocean"),
    ("aromatic", "aromatic herbs herbal fougere"),
    ("balsamic", "balsamic balsam resins"),
    ("boozy", "boozy rum cognac whiskey whisky liquor"),
    ("caramel", "caramel"),
    ("cherry", "cherry cherries"),
    ("chocolate", "chocolate"),
    ("cinnamon", "cinnamon"),
    ("citrus", "citrus citruses citrusy hesperidic zesty"),
    ("coconut", "coconut tropical"),
    ("coffee", "coffee"),
    ("earthy", "earthy earth soil roots"),
    ("floral", "floral florals flower flowers bouquet blossoms"),
    ("fresh", "fresh freshness refreshing crisp clean"),
    ("fresh spicy", "pepper peppery"),
    ("fruity", "fruity fruit fruits fruitiness"),
    ("gourmand", "gourmand delicious edible dessert candy"),
    ("green", "green greens leafy leaves grassy"),
    ("herbal", "herbal herbs herbaceous"),
    ("honey", "honey honeyed"),
    ("incense", "incense smoky church"),
    ("iris", "iris orris"),
    ("lactonic", "milk milky creamy"),
    ("lavender", "lavender"),
    ("leather", "leather leathery"),
    ("marine", "marine sea ocean"),
    ("metallic", "metallic"),
    ("mineral", "mineral"),
    ("mossy", "mossy moss chypre"),
    ("musky", "musky musk musks"),
    ("nutty", "nutty"),
    ("oud", "oud"),
    ("ozonic", "ozonic airy air"),
    ("patchouli", "patchouli"),
    ("powdery", "powdery powder powdered"),
    ("resinous", "resinous resin resins"),
    ("rose", "rose roses"),
    ("salty", "salty salt"),
    ("sandalwood", "sandalwood creamy"),
    ("smoky", "smoky smoke smoked"),
    ("soapy", "soapy soap clean"),
    ("spicy", "spicy spices"),
    ("suede", "suede"),
    ("sweet", "sweet sweetness sugary"),
    ("tobacco", "tobacco"),
    ("tropical", "tropical exotic"),
    ("tuberose", "tuberose"),
    ("vanilla", "vanilla"),
    ("violet", "violet"),
    ("warm spicy", "spicy spices spice spiced warm"),
    ("white floral", "white heady"),
    ("woody", "woody wood woods woodsy"),
    ("yellow floral", "ylang mimosa"),
];

const WOMEN: &str = "women woman feminine femininity lady girl she her femme";
const MEN: &str = "men man masculine masculinity gentleman he him homme";

/// For each accord, whether some words speak of it.
pub(super) fn accords(forms: &[String]) -> Vec<bool> {
    ACCORDS.iter().map(|(_, words)| words.split(' ').any(|word| forms.iter().any(|form| form == word))).collect()
}

/// Whom some words are about: 1 women, −1 men, nearer to 0 the less they say.
pub(super) fn gender(forms: &[String]) -> f64 {
    let count = |words: &str| forms.iter().filter(|form| words.split(' ').any(|word| word == *form)).count() as f64;
    let (women, men) = (count(WOMEN), count(MEN));
    (women - men) / (women + men + 1.0)
}

/// The first year that some words name.
pub(super) fn year(forms: &[String]) -> Option<f64> {
    let years = forms.iter().filter(|form| form.len() == 4).filter_map(|form| form.parse::<u16>().ok());
    years.into_iter().find(|year| (1800..2030).contains(year)).map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ACCORDS as KNOWN;

    #[test]
    fn accords_are_those_of_the_catalog() {
        let known: Vec<&str> = ACCORDS.iter().map(|(accord, _)| *accord).collect();
        assert_eq!(known, KNOWN);
    }

    #[test]
    fn words_tell_facts() {
        let forms: Vec<String> = "a gentleman wore it in 1976 , he said".split(' ').map(str::to_owned).collect();
        assert_eq!(gender(&forms), -2.0 / 3.0);
        assert_eq!(year(&forms), Some(1976.0));
        assert!(accords(&["creamy".to_owned()]).iter().filter(|felt| **felt).count() == 2);
    }
}
