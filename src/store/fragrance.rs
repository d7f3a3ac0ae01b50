//! Perfumes and their `has_note` edges.

use std::collections::HashMap;

use surrealdb::types::SurrealValue;

use super::{Store, StoreError, StoreResult, statement::rows_at, statement::statement};
use crate::domain::{
    fragrance::{Concentration, Currency, Family, Fragrance, Gender, Intensity, Longevity, Price, Pyramid, Rating, Sillage},
    ids::{FragranceId, NoteId},
    notes::Layer,
};

/// Perfumes a transaction: large enough to be quick, small enough not to hold others up.
const BATCH: usize = 25;

/// A perfume as it is written: with the note under each of its notes' names, and the hash of the facts it was made of.
pub struct FragranceFacts {
    pub fragrance: Fragrance,
    /// Layer, place in the layer, note.
    pub notes: Vec<(Layer, usize, NoteId)>,
    pub fact_hash: String,
}

#[derive(SurrealValue)]
struct Row {
    id: FragranceId,
    brand: String,
    name: String,
    concentration: Option<String>,
    year: Option<i64>,
    perfumers: Vec<String>,
    family: String,
    accords: Vec<String>,
    intensity: Option<String>,
    longevity: Option<String>,
    sillage: Option<String>,
    gender: Option<String>,
    price: Option<PriceRow>,
    discontinued: bool,
    description: Option<String>,
    popularity: f64,
    rating: Option<RatingRow>,
    fact_hash: String,
}

#[derive(SurrealValue)]
struct RatingRow {
    mean: f64,
    count: i64,
}

#[derive(SurrealValue)]
struct PriceRow {
    amount: f64,
    currency: String,
    ml: f64,
}

#[derive(SurrealValue)]
struct Edge {
    #[surreal(rename = "in")]
    fragrance: FragranceId,
    out: NoteId,
    layer: String,
    position: i64,
}

#[derive(SurrealValue)]
struct HashRow {
    id: FragranceId,
    hash: String,
}

/// The hash of the facts of every perfume.
pub async fn fact_hashes(store: &Store) -> StoreResult<HashMap<FragranceId, String>> {
    let rows: Vec<HashRow> = statement("SELECT id, fact_hash AS hash FROM fragrance").rows(store).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.hash)).collect())
}

/// Writes perfumes with their edges; what was known of them before is replaced. Their notes must exist.
pub async fn put_all(store: &Store, facts: Vec<FragranceFacts>) -> StoreResult<()> {
    let mut facts = facts.into_iter().peekable();
    while facts.peek().is_some() {
        let mut edges = Vec::new();
        let mut rows = Vec::new();
        for facts in facts.by_ref().take(BATCH) {
            edges.extend(facts.notes.into_iter().map(|(layer, position, note)| Edge {
                fragrance: facts.fragrance.id.clone(),
                out: note,
                layer: layer.as_str().to_owned(),
                position: i64::try_from(position).unwrap_or(i64::MAX),
            }));
            rows.push(Row::of(facts.fragrance, facts.fact_hash));
        }
        statement(
            "BEGIN TRANSACTION;
            FOR $row IN $rows { DELETE $row.id->has_note; UPSERT $row.id CONTENT $row; };
            INSERT RELATION INTO has_note $edges RETURN NONE;
            COMMIT TRANSACTION;",
        )
        .bind("rows", rows)
        .bind("edges", edges)
        .execute(store)
        .await?;
    }
    Ok(())
}

/// All perfumes, by id. `names` are the canonical names of the notes.
pub async fn all(store: &Store, names: &HashMap<NoteId, String>) -> StoreResult<Vec<Fragrance>> {
    let mut results =
        statement("SELECT * FROM fragrance ORDER BY id; SELECT in, out, layer, position FROM has_note").run(store).await?;
    let rows: Vec<Row> = rows_at(&mut results, 0)?;
    let mut edges: Vec<Edge> = rows_at(&mut results, 1)?;
    edges.sort_by_key(|edge| edge.position);
    let mut pyramids: HashMap<FragranceId, Pyramid> = HashMap::with_capacity(rows.len());
    for edge in edges {
        let layer = word("layer", &edge.layer, Layer::from_word)?;
        if let Some(name) = names.get(&edge.out) {
            pyramids.entry(edge.fragrance).or_default().layer_mut(layer).push(name.clone());
        }
    }
    rows.into_iter()
        .map(|row| {
            let notes = pyramids.remove(&row.id).unwrap_or_default();
            row.into_fragrance(notes)
        })
        .collect()
}

fn word<T>(field: &str, word: &str, read: impl Fn(&str) -> Option<T>) -> StoreResult<T> {
    read(word).ok_or_else(|| StoreError::Shape(format!("{word:?} is no {field}")))
}

fn optional<T>(field: &str, text: Option<String>, read: impl Fn(&str) -> Option<T>) -> StoreResult<Option<T>> {
    text.map(|text| word(field, &text, read)).transpose()
}

impl Row {
    fn of(fragrance: Fragrance, fact_hash: String) -> Self {
        Self {
            id: fragrance.id,
            brand: fragrance.brand,
            name: fragrance.name,
            concentration: fragrance.concentration.map(|c| c.as_str().to_owned()),
            year: fragrance.year.map(i64::from),
            perfumers: fragrance.perfumers,
            family: fragrance.family.as_str().to_owned(),
            accords: fragrance.accords,
            intensity: fragrance.intensity.map(|i| i.as_str().to_owned()),
            longevity: fragrance.longevity.map(|l| l.as_str().to_owned()),
            sillage: fragrance.sillage.map(|s| s.as_str().to_owned()),
            gender: fragrance.gender.map(|g| g.as_str().to_owned()),
            price: fragrance.price.map(|p| PriceRow { amount: p.amount, currency: p.currency.as_str().to_owned(), ml: p.ml }),
            discontinued: fragrance.discontinued,
            description: fragrance.description,
            popularity: fragrance.popularity,
            rating: fragrance.rating.map(|r| RatingRow { mean: r.mean, count: i64::from(r.count) }),
            fact_hash,
        }
    }

    fn into_fragrance(self, notes: Pyramid) -> StoreResult<Fragrance> {
        let price = self.price.map(|p| {
            Ok::<_, StoreError>(Price {
                amount: p.amount,
                currency: word("currency", &p.currency, Currency::from_word)?,
                ml: p.ml,
            })
        });
        Ok(Fragrance {
            id: self.id,
            brand: self.brand,
            name: self.name,
            concentration: optional("concentration", self.concentration, Concentration::from_word)?,
            year: self.year.and_then(|year| i32::try_from(year).ok()),
            perfumers: self.perfumers,
            family: word("family", &self.family, Family::from_word)?,
            accords: self.accords,
            notes,
            intensity: optional("intensity", self.intensity, Intensity::from_word)?,
            longevity: optional("longevity", self.longevity, Longevity::from_word)?,
            sillage: optional("sillage", self.sillage, Sillage::from_word)?,
            gender: optional("gender", self.gender, Gender::from_word)?,
            price: price.transpose()?,
            discontinued: self.discontinued,
            description: self.description,
            popularity: self.popularity,
            rating: self.rating.map(|r| Rating { mean: r.mean, count: u32::try_from(r.count).unwrap_or(0) }),
        })
    }
}

/// A perfume with nothing but its key, for tests.
#[cfg(test)]
pub(crate) async fn bare(store: &Store, key: &str) {
    statement(
        "CREATE type::record('fragrance', $key) SET brand = 'B', name = $key, perfumers = [], family = 'woody', accords = [],
         discontinued = false, popularity = 0.5, fact_hash = ''",
    )
    .bind("key", key.to_owned())
    .execute(store)
    .await
    .unwrap();
}
