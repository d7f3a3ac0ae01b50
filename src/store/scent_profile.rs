//! Profiles: what a person stated, the projection of their taste, and what their memories add up to.

use std::collections::BTreeMap;

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult,
    statement::{rows_at, statement},
};
use crate::domain::{
    fragrance::{Currency, Family, Intensity},
    ids::{NoteId, UserId},
    intent::Budget,
    taste::Leaning,
};

#[derive(SurrealValue)]
struct BudgetRow {
    min: Option<f64>,
    max: f64,
    #[surreal(wrap)]
    currency: Currency,
}

#[derive(SurrealValue)]
struct ProfileRow {
    preferred_families: Vec<String>,
    disliked_notes: Vec<String>,
    intensity_preference: Option<String>,
    budget: Option<BudgetRow>,
    ranking: Option<Ranking>,
}

/// How a person's ranking weights differ from those of a model.
#[derive(Clone, Debug, PartialEq, SurrealValue)]
pub struct Ranking {
    /// The name of the model.
    pub model: String,
    /// By the name of the feature; what is not there does not differ.
    pub offsets: BTreeMap<String, f64>,
}

/// The kept part of a profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    pub preferred_families: Vec<Family>,
    pub disliked_notes: Vec<String>,
    pub intensity_preference: Option<Intensity>,
    pub budget: Option<Budget>,
    pub ranking: Option<Ranking>,
}

pub async fn find(store: &Store, user: &UserId) -> StoreResult<Kept> {
    let row: Option<ProfileRow> =
        statement("SELECT * FROM type::record('scent_profile', $key)").bind("key", user.as_str().to_owned()).row(store).await?;
    Ok(row.map_or_else(Kept::default, |row| Kept {
        preferred_families: row.preferred_families.iter().filter_map(|word| Family::from_word(word)).collect(),
        disliked_notes: row.disliked_notes,
        intensity_preference: row.intensity_preference.as_deref().and_then(Intensity::from_word),
        budget: row.budget.map(|b| Budget { min: b.min, max: b.max, currency: b.currency }),
        ranking: row.ranking,
    }))
}

/// Keeps the ranking weights that were learned from what the person had done up to `revision`. Whether it still was so.
pub async fn set_ranking(store: &Store, user: &UserId, revision: i64, ranking: Ranking) -> StoreResult<bool> {
    let written: Option<i64> = statement(
        "UPDATE type::record('scent_profile', $key) SET ranking = $ranking
         WHERE taste_revision = $revision RETURN VALUE taste_revision",
    )
    .bind("key", user.as_str().to_owned())
    .bind("revision", revision)
    .bind("ranking", ranking)
    .row(store)
    .await?;
    Ok(written.is_some())
}

/// Sets how loud and how dear a perfume may be. `None` leaves a part as it is.
pub async fn set_limits(
    store: &Store,
    user: &UserId,
    intensity: Option<Option<Intensity>>,
    budget: Option<Option<Budget>>,
) -> StoreResult<()> {
    statement(
        "UPDATE type::record('scent_profile', $key) SET
             intensity_preference = IF $sets_intensity { $intensity } ELSE { intensity_preference },
             budget = IF $sets_budget { $budget } ELSE { budget },
             updated_at = time::now()",
    )
    .bind("key", user.as_str().to_owned())
    .bind("sets_intensity", intensity.is_some())
    .bind("intensity", intensity.flatten().map(|i| i.as_str().to_owned()))
    .bind("sets_budget", budget.is_some())
    .bind("budget", budget.flatten().map(|b| BudgetRow { min: b.min, max: b.max, currency: b.currency }))
    .execute(store)
    .await
}

/// How often the events of a person have changed.
pub async fn revision(store: &Store, user: &UserId) -> StoreResult<i64> {
    let revision: Option<i64> = statement("SELECT VALUE taste_revision FROM type::record('scent_profile', $key)")
        .bind("key", user.as_str().to_owned())
        .row(store)
        .await?;
    Ok(revision.unwrap_or_default())
}

/// Notes that what is understood of the memories of `$user` has changed.
pub(super) const MEMORIES_CHANGED: &str = "UPSERT type::record('scent_profile', record::id($user)) SET user = $user,
     memories_revision = (memories_revision ?? 0) + 1 RETURN NONE;";

/// How often what is understood of a person's memories has changed.
pub async fn memories_revision(store: &Store, user: &UserId) -> StoreResult<i64> {
    let revision: Option<i64> = statement("SELECT VALUE memories_revision ?? 0 FROM type::record('scent_profile', $key)")
        .bind("key", user.as_str().to_owned())
        .row(store)
        .await?;
    Ok(revision.unwrap_or_default())
}

/// What the events of a person come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    pub preferred_families: Vec<Family>,
    pub disliked_notes: Vec<String>,
    pub notes: Vec<(NoteId, Leaning)>,
}

#[derive(SurrealValue)]
struct PrefersRow {
    r#in: UserId,
    out: NoteId,
    weight: f64,
    confidence: f64,
}

/// Writes a projection made from the events as they were at `revision`. Whether they still were.
///
/// Notes that the taxonomy does not have (any more) get no edge.
pub async fn project(store: &Store, user: &UserId, revision: i64, projection: &Projection) -> StoreResult<bool> {
    let edges: Vec<PrefersRow> = projection
        .notes
        .iter()
        .map(|(note, leaning)| PrefersRow {
            r#in: user.clone(),
            out: note.clone(),
            weight: leaning.weight,
            confidence: leaning.confidence,
        })
        .collect();
    let mut results = statement(
        "BEGIN TRANSACTION;
         UPDATE type::record('scent_profile', $key) SET
             preferred_families = $families, disliked_notes = $disliked, updated_at = time::now()
             WHERE taste_revision = $revision RETURN VALUE taste_revision;
         IF record::exists($user) AND (SELECT VALUE taste_revision FROM ONLY type::record('scent_profile', $key)) = $revision {
             DELETE $user->prefers;
             INSERT RELATION INTO prefers $edges.filter(|$edge| record::exists($edge.out));
         };
         COMMIT TRANSACTION;",
    )
    .bind("key", user.as_str().to_owned())
    .bind("user", user.clone())
    .bind("revision", revision)
    .bind("families", projection.preferred_families.iter().map(|f| f.as_str().to_owned()).collect::<Vec<_>>())
    .bind("disliked", projection.disliked_notes.clone())
    .bind("edges", edges)
    .run(store)
    .await?;
    let written: Vec<i64> = rows_at(&mut results, 1)?;
    Ok(!written.is_empty())
}

/// The notes that a person's profile is linked to, for tests.
#[cfg(test)]
pub(crate) async fn prefers(store: &Store, user: &UserId) -> StoreResult<Vec<(NoteId, Leaning)>> {
    let rows: Vec<PrefersRow> =
        statement("SELECT * FROM $user->prefers ORDER BY out").bind("user", user.clone()).rows(store).await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.out, Leaning { weight: r.weight, confidence: r.confidence, vetoed: r.weight <= -1.0 }))
        .collect())
}

/// A taxonomy of bare names, for tests.
#[cfg(test)]
pub(crate) async fn plant_notes(store: &Store, names: &[&str]) {
    for name in names {
        statement("CREATE $id SET name = $name, category = 'wood', synonyms = [], evocation = '', color = '#000000'")
            .bind("id", NoteId::from_key(crate::domain::text::slug(name)))
            .bind("name", (*name).to_owned())
            .execute(store)
            .await
            .unwrap();
    }
}

/// What counts of one memory.
#[derive(SurrealValue)]
pub struct MemoryFacts {
    pub emotion: Option<String>,
    pub season: Option<String>,
    /// The canonical names of the notes it evokes.
    pub notes: Vec<String>,
}

/// What there is to count in a person's memories: what they said, or else what was understood.
pub async fn memory_facts(store: &Store, user: &UserId) -> StoreResult<Vec<MemoryFacts>> {
    statement(
        "SELECT emotion ?? suggested.emotion AS emotion, season ?? suggested.season AS season,
             array::distinct(->evokes->fragrance_note.name) AS notes
         FROM scent_memory WHERE user = $user",
    )
    .bind("user", user.clone())
    .rows(store)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::user;

    #[tokio::test]
    async fn limits_are_set_one_by_one_and_taken_away() {
        let store = Store::in_memory().await.unwrap();
        let ada = user::insert(&store, "ada@example.org", "Ada", "").await.unwrap().id;
        assert_eq!(find(&store, &ada).await.unwrap(), Kept::default());
        let budget = Budget { min: Some(20.0), max: 80.5, currency: Currency::Usd };
        set_limits(&store, &ada, Some(Some(Intensity::Soft)), None).await.unwrap();
        set_limits(&store, &ada, None, Some(Some(budget))).await.unwrap();
        let kept = find(&store, &ada).await.unwrap();
        assert_eq!((kept.intensity_preference, kept.budget), (Some(Intensity::Soft), Some(budget)));
        let without_min = Budget { min: None, max: 90.0, ..budget };
        set_limits(&store, &ada, Some(None), Some(Some(without_min))).await.unwrap();
        let kept = find(&store, &ada).await.unwrap();
        assert_eq!((kept.intensity_preference, kept.budget), (None, Some(without_min)));
        set_limits(&store, &ada, None, Some(None)).await.unwrap();
        assert_eq!(find(&store, &ada).await.unwrap(), Kept::default());
    }

    #[tokio::test]
    async fn memories_are_counted_by_what_was_said_before_what_was_understood() {
        let store = Store::in_memory().await.unwrap();
        let ada = user::insert(&store, "ada@example.org", "Ada", "").await.unwrap().id;
        let bob = user::insert(&store, "bob@example.org", "Bob", "").await.unwrap().id;
        plant_notes(&store, &["cedar", "rose"]).await;
        statement(
            "CREATE scent_memory:one SET user = $user, title = 't', content = 'c', memory_type = 'text', status = 'ready',
                 emotion = 'calm', suggested = { emotion: 'joy', season: 'winter' };
             CREATE scent_memory:two SET user = $user, title = 't', content = 'c', memory_type = 'text', status = 'ready';
             RELATE scent_memory:one->evokes->fragrance_note:cedar SET weight = 0.5, source = 'text';
             RELATE scent_memory:one->evokes->fragrance_note:cedar SET weight = 0.7, source = 'text';
             RELATE scent_memory:one->evokes->fragrance_note:rose SET weight = 0.7, source = 'text';",
        )
        .bind("user", ada.clone())
        .execute(&store)
        .await
        .unwrap();
        let mut facts = memory_facts(&store, &ada).await.unwrap();
        facts.sort_by_key(|f| f.notes.len());
        assert_eq!((facts[0].emotion.as_deref(), facts[0].season.as_deref(), facts[0].notes.len()), (None, None, 0));
        assert_eq!((facts[1].emotion.as_deref(), facts[1].season.as_deref()), (Some("calm"), Some("winter")));
        let mut notes = facts[1].notes.clone();
        notes.sort();
        assert_eq!(notes, ["cedar", "rose"]);
        assert!(memory_facts(&store, &bob).await.unwrap().is_empty());
    }
}
