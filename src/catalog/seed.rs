//! The catalog that comes with the house: notes and perfumes written down in `seed/`.

use anyhow::{Context, Result, anyhow, ensure};
use serde::{Deserialize, de::DeserializeOwned};

use super::{accords::ACCORDS, taxonomy::Taxonomy};
use crate::domain::{
    fragrance::{Concentration, Currency, Family, Fragrance, Gender, Intensity, Longevity, Price, Pyramid, Sillage},
    ids::{FragranceId, NoteId},
    notes::{Category, Note},
    text::slug,
};

macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$((concat!($folder, "/", $name, ".toml"), include_str!(concat!("seed/", $folder, "/", $name, ".toml")))),*]
    };
}

const NOTES: &[(&str, &str)] = files!("notes":
    "animal" "citrus" "earth" "flower" "fruit" "gourmand" "green" "herb" "leather" "marine" "musk" "powder" "resin" "smoke" "spice"
    "tobacco" "white_flower" "wood");

const FRAGRANCES: &[(&str, &str)] = files!("fragrances":
    "american_houses" "british_houses" "french_houses" "italian_houses" "niche_a_l" "niche_m_z" "other_houses");

/// What the seed holds, ready to be stored.
pub struct Seed {
    pub notes: Vec<Note>,
    /// Their notes are canonical.
    pub fragrances: Vec<Fragrance>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteFile {
    category: Category,
    note: Vec<NoteEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteEntry {
    name: String,
    synonyms: Vec<String>,
    evocation: String,
    color: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FragranceFile {
    fragrance: Vec<FragranceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FragranceEntry {
    brand: String,
    name: String,
    concentration: Option<Concentration>,
    year: Option<i32>,
    perfumers: Vec<String>,
    family: Family,
    accords: Vec<String>,
    top: Vec<String>,
    middle: Vec<String>,
    base: Vec<String>,
    other: Vec<String>,
    intensity: Intensity,
    longevity: Longevity,
    sillage: Sillage,
    gender: Gender,
    price: Option<PriceEntry>,
    discontinued: bool,
    /// 1 (known to lovers) to 5 (known to everybody).
    fame: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceEntry {
    eur: f64,
    ml: f64,
}

impl Seed {
    /// Reads the files that were built in. An error names the file and the entry.
    pub fn read() -> Result<Self> {
        let mut notes = Vec::new();
        for (file, text) in NOTES {
            let NoteFile { category, note } = parse(file, text)?;
            notes.extend(note.into_iter().map(|entry| entry.into_note(category)));
        }
        let taxonomy = Taxonomy::new(notes.clone());
        let mut fragrances = Vec::new();
        for (file, text) in FRAGRANCES {
            for entry in parse::<FragranceFile>(file, text)?.fragrance {
                let title = format!("{} {}", entry.brand, entry.name);
                fragrances.push(entry.into_fragrance(&taxonomy).with_context(|| format!("{file}: {title}"))?);
            }
        }
        Ok(Self { notes, fragrances })
    }
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).with_context(|| format!("{file} is not a seed file"))
}

impl NoteEntry {
    fn into_note(self, category: Category) -> Note {
        Note {
            id: NoteId::from_key(slug(&self.name)),
            name: self.name,
            category,
            synonyms: self.synonyms,
            evocation: self.evocation,
            color: self.color,
            flagged: false,
        }
    }
}

impl FragranceEntry {
    fn into_fragrance(self, taxonomy: &Taxonomy) -> Result<Fragrance> {
        let canonical = |names: Vec<String>| -> Result<Vec<String>> {
            let known = |name: &String| {
                taxonomy.resolve(name).map(|note| note.name.clone()).ok_or_else(|| anyhow!("{name:?} is no note of the taxonomy"))
            };
            names.iter().map(known).collect()
        };
        if let Some(accord) = self.accords.iter().find(|accord| !ACCORDS.contains(&accord.as_str())) {
            return Err(anyhow!("{accord:?} is no accord"));
        }
        ensure!((1..=5).contains(&self.fame), "its fame is {}, not 1 to 5", self.fame);
        let concentration = self.concentration.map_or("", Concentration::as_str);
        Ok(Fragrance {
            id: FragranceId::from_key(slug(&format!("{} {} {concentration}", self.brand, self.name))),
            notes: Pyramid {
                top: canonical(self.top)?,
                middle: canonical(self.middle)?,
                base: canonical(self.base)?,
                other: canonical(self.other)?,
            },
            brand: self.brand,
            name: self.name,
            concentration: self.concentration,
            year: self.year,
            perfumers: self.perfumers,
            family: self.family,
            accords: self.accords,
            intensity: Some(self.intensity),
            longevity: Some(self.longevity),
            sillage: Some(self.sillage),
            gender: Some(self.gender),
            price: self.price.map(|price| Price { amount: price.eur, currency: Currency::Eur, ml: price.ml }),
            discontinued: self.discontinued,
            description: None,
            popularity: f64::from(self.fame) / 5.0,
            rating: None,
        })
    }
}

#[cfg(test)]
mod tests;
