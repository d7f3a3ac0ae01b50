//! A row of a stranger's table as a perfume of this catalog: names cleaned, facts in our own words.

use sha2::{Digest, Sha256};

use super::{columns::Field, resolve::Resolver, table::Row};
use crate::{
    catalog::{Taxonomy, accords::family_of, fame, houses::Houses, phrases::key},
    domain::{
        fragrance::{Concentration, Currency, Family, Fragrance, Gender, Price, Pyramid, Rating},
        ids::FragranceId,
        text::slug,
    },
};

/// Years that a perfume can be from: the oldest that are still sold are of the 14th century.
const YEARS: std::ops::RangeInclusive<i32> = 1_300..=2_100;

/// How concentrations are written at the end of a name, folded, the longest first.
const CONCENTRATIONS: &[(&str, Concentration)] = &[
    ("extrait de parfum", Concentration::Extrait),
    ("parfum extrait", Concentration::Extrait),
    ("eau de toilette", Concentration::EauDeToilette),
    ("eau de cologne", Concentration::EauDeCologne),
    ("eau de parfum", Concentration::EauDeParfum),
    ("perfume extract", Concentration::Extrait),
    ("extrait", Concentration::Extrait),
    ("cologne", Concentration::EauDeCologne),
    ("parfum", Concentration::Parfum),
    ("edt", Concentration::EauDeToilette),
    ("edc", Concentration::EauDeCologne),
    ("edp", Concentration::EauDeParfum),
];

/// Why a row is no perfume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Reject {
    #[error("it is a blank line")]
    Blank,
    #[error("it has no brand")]
    NoBrand,
    #[error("it has no name")]
    NoName,
}

/// A perfume as a file tells of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// In the file, the header being line 1.
    pub line: u64,
    /// What the file itself calls it: its own key, brand and name, as they stand there.
    pub key: String,
    pub brand: String,
    pub name: String,
    pub fragrance: Fragrance,
    /// The notes that the taxonomy does not know; they stand in the pyramid as they are written.
    pub unknown: Vec<String>,
    /// How many mentions of notes there are.
    pub mentions: usize,
}

impl Entry {
    pub(super) fn read(row: &Row, resolver: &Resolver, houses: &Houses) -> Result<Self, Reject> {
        let written = row.title(Field::Brand);
        let brand = houses.canonical(&written).map_or_else(|| written.clone(), str::to_owned);
        let name = full_name(row);
        match (key(&brand).is_empty(), key(&name).is_empty()) {
            (true, true) => return Err(Reject::Blank),
            (true, false) => return Err(Reject::NoBrand),
            (false, true) => return Err(Reject::NoName),
            (false, false) => {}
        }
        let year = row.number(Field::Year).map(|year| year as i32).filter(|year| YEARS.contains(year));
        let title = Title::of(&name, &[&brand, &written]);
        let concentration = title.concentration.or_else(|| concentration(&key(row.text(Field::Concentration))));
        let mut unknown = Vec::new();
        let notes = Pyramid {
            top: resolved(row.list(Field::Top), resolver, &mut unknown),
            middle: resolved(row.list(Field::Middle), resolver, &mut unknown),
            base: resolved(row.list(Field::Base), resolver, &mut unknown),
            other: resolved(row.list(Field::Notes), resolver, &mut unknown),
        };
        let mut accords: Vec<String> = Vec::new();
        for accord in row.list(Field::Accords).map(|accord| accord_of(&key(accord))) {
            if !accords.contains(&accord) {
                accords.push(accord);
            }
        }
        let votes = row.number(Field::Votes).unwrap_or(0.0).max(0.0);
        let price = row.number(Field::PriceEur).filter(|amount| *amount > 0.0).map(|amount| Price {
            amount,
            currency: Currency::Eur,
            ml: row.number(Field::PriceMl).filter(|ml| *ml > 0.0).unwrap_or(50.0),
        });
        let description = row.text(Field::Description);
        let fragrance = Fragrance {
            id: FragranceId::from_key(record_key(&format!(
                "{brand} {} {}",
                title.name,
                concentration.map_or("", Concentration::as_str)
            ))),
            concentration,
            year: year.or(title.year),
            perfumers: perfumers(row),
            family: family(row.text(Field::Family)).unwrap_or_else(|| family_of(&accords, notes.notes(), resolver.taxonomy())),
            accords,
            notes,
            intensity: None,
            longevity: None,
            sillage: None,
            gender: gender(&key(row.text(Field::Gender))),
            price,
            discontinued: matches!(key(row.text(Field::Discontinued)).as_str(), "true" | "yes" | "1"),
            description: (!description.is_empty()).then(|| description.to_owned()),
            popularity: fame::popularity(votes),
            rating: row.rating().map(|mean| Rating { mean, count: votes as u32 }),
            brand,
            name: title.name,
        };
        let mentions = fragrance.notes.notes().count();
        Ok(Self {
            line: row.line,
            key: row.text(Field::Key).to_owned(),
            brand: row.text(Field::Brand).to_owned(),
            name: row.text(Field::Name).to_owned(),
            fragrance,
            unknown,
            mentions,
        })
    }
}

/// A perfume of which only its notes (top, middle, base and unplaced) and accords are known, in whatever words.
pub fn facts(taxonomy: &Taxonomy, brand: &str, name: &str, notes: [&[String]; 4], accords: &[String]) -> Fragrance {
    let (resolver, mut unknown) = (Resolver::new(taxonomy), Vec::new());
    let [top, middle, base, other] = notes.map(|layer| resolved(layer.iter().map(String::as_str), &resolver, &mut unknown));
    let notes = Pyramid { top, middle, base, other };
    let accords: Vec<String> = accords.iter().map(|accord| accord_of(&key(accord))).collect();
    Fragrance {
        id: FragranceId::from_key(record_key(&format!("{brand} {name}"))),
        concentration: None,
        year: None,
        perfumers: Vec::new(),
        family: family_of(&accords, notes.notes(), taxonomy),
        accords,
        notes,
        intensity: None,
        longevity: None,
        sillage: None,
        gender: None,
        price: None,
        discontinued: false,
        description: None,
        popularity: 0.0,
        rating: None,
        brand: brand.to_owned(),
        name: name.to_owned(),
    }
}

/// The key under which something of this name is kept: ASCII letters and digits. A name that is more than those has a hash in
/// its key, so that names in other scripts stay apart.
pub(super) fn record_key(name: &str) -> String {
    let folded = key(name);
    if folded.is_ascii() {
        return folded.replace(' ', "_");
    }
    let hash = hex::encode(&Sha256::digest(&folded)[..6]);
    [slug(&folded), hash].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// The name with the number that was split off its beginning: `1` and `Million`.
fn full_name(row: &Row) -> String {
    let (number, name) = (row.text(Field::Number), row.title(Field::Name));
    let number = number.strip_suffix(".0").unwrap_or(number);
    if number.is_empty() || name.starts_with(number) { name } else { format!("{number} {name}").trim().to_owned() }
}

/// A name without what is glued to it.
struct Title {
    name: String,
    year: Option<i32>,
    concentration: Option<Concentration>,
}

impl Title {
    /// `Million Paco Rabanne 2008 Eau de Toilette` of Paco Rabanne is `Million`. A year or a concentration that stands alone
    /// at the end belongs to the name: `Dior Homme 2020`, `Bleu de Chanel Parfum`; but it is told, too.
    fn of(name: &str, brands: &[&str]) -> Self {
        let words: Vec<&str> = name.split_whitespace().collect();
        let folded = |words: &[&str]| key(&words.join(" "));
        let ends_with =
            |words: &[&str], tail: &str| (0..words.len()).find(|&from| folded(&words[from..]) == tail).filter(|&from| from > 0);
        let (mut end, mut concentration, mut year) = (words.len(), None, None);
        if let Some((from, is)) = CONCENTRATIONS.iter().find_map(|(tail, is)| Some((ends_with(&words, tail)?, *is))) {
            (end, concentration) = (from, Some(is));
        }
        let before = end;
        if end > 1
            && let Some(found) = words[end - 1].parse().ok().filter(|year| words[end - 1].len() == 4 && YEARS.contains(year))
        {
            (end, year) = (end - 1, Some(found));
        }
        let glued = brands.iter().find_map(|brand| ends_with(&words[..end], &key(brand)));
        let kept = match glued {
            Some(from) => &words[..from],
            // Only the longer forms are no part of a name.
            None if concentration.is_some() && words.len() - before > 1 => &words[..before],
            None => &words[..],
        };
        Self { name: kept.join(" "), year, concentration }
    }
}

fn concentration(text: &str) -> Option<Concentration> {
    CONCENTRATIONS.iter().find(|(name, _)| text.starts_with(name)).map(|(_, is)| *is)
}

/// The canonical names of notes; what the taxonomy does not know stays as it is written, and is told.
fn resolved<'a>(written: impl Iterator<Item = &'a str>, resolver: &Resolver, unknown: &mut Vec<String>) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for written in written {
        let written = written.to_lowercase().replace(['™', '®', '©'], "");
        let name = match resolver.resolve(&written) {
            Some(name) => name,
            None if key(&written).is_empty() => continue,
            None => {
                unknown.push(written.trim().to_owned());
                written.trim().to_owned()
            }
        };
        if !notes.contains(&name) {
            notes.push(name);
        }
    }
    notes
}

/// Some write a name in two scripts: `Valery Sokolov / Валерий Соколов`.
fn perfumers(row: &Row) -> Vec<String> {
    let names = row.list(Field::Perfumers).map(|name| name.split(" / ").next().unwrap_or(name).trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// Our word for an accord; what is none of ours stays as it is.
fn accord_of(folded: &str) -> String {
    match folded {
        "oriental" => "amber",
        "creamy" => "lactonic",
        "synthetic" => "metallic",
        "spicy fresh" => "fresh spicy",
        "resin" => "resinous",
        "animal" => "animalic",
        "musk" => "musky",
        "salt" => "salty",
        "smoke" => "smoky",
        "agarwood" => "oud",
        other => other,
    }
    .to_owned()
}

fn gender(folded: &str) -> Option<Gender> {
    let has = |words: &[&str]| folded.split(' ').any(|word| words.contains(&word));
    let women = has(&["women", "woman", "female", "feminine", "damen", "ladies", "f"]);
    let men = has(&["men", "man", "male", "masculine", "herren", "m"]);
    match (women, men) {
        _ if has(&["unisex", "u", "all", "everyone"]) => Some(Gender::Unisex),
        (true, true) => Some(Gender::Unisex),
        (true, false) => Some(Gender::Women),
        (false, true) => Some(Gender::Men),
        (false, false) => None,
    }
}

/// The family that a description such as `Citrus Aromatic` begins with.
fn family(text: &str) -> Option<Family> {
    let folded = key(text);
    folded.split(' ').find_map(|word| match word {
        "oriental" => Some(Family::Amber),
        "marine" | "water" => Some(Family::Aquatic),
        "fougere" => Some(Family::Fougere),
        "sweet" => Some(Family::Gourmand),
        word => Family::from_word(word),
    })
}
