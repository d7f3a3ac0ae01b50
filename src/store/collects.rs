//! What people own or want.

use surrealdb::types::SurrealValue;

use super::{Store, StoreResult, statement::statement};
use crate::domain::{
    collection::{Holding, Shelf},
    ids::{FragranceId, UserId},
    page::{Cursor, PAGE_SIZE},
    time::Timestamp,
};

#[derive(SurrealValue)]
struct HoldingRow {
    owned: bool,
    wishlist: bool,
    rating: Option<u8>,
    personal_notes: Option<String>,
}

impl From<HoldingRow> for Holding {
    fn from(row: HoldingRow) -> Self {
        Self { owned: row.owned, wishlist: row.wishlist, rating: row.rating, personal_notes: row.personal_notes }
    }
}

#[derive(SurrealValue)]
struct CollectsRow {
    out: FragranceId,
    owned: bool,
    wishlist: bool,
    rating: Option<u8>,
    personal_notes: Option<String>,
    updated_at: Timestamp,
}

/// One perfume of a person.
pub struct Held {
    pub fragrance: FragranceId,
    pub holding: Holding,
    pub updated_at: Timestamp,
}

impl From<CollectsRow> for Held {
    fn from(row: CollectsRow) -> Self {
        Self {
            fragrance: row.out,
            holding: Holding { owned: row.owned, wishlist: row.wishlist, rating: row.rating, personal_notes: row.personal_notes },
            updated_at: row.updated_at,
        }
    }
}

/// What is to change about a holding. `None` leaves a part as it is.
pub struct Change {
    pub owned: Option<bool>,
    pub wishlist: Option<bool>,
    pub rating: Option<Option<u8>>,
    pub personal_notes: Option<Option<String>>,
}

/// Changes what a person has to do with a perfume; see [`of`] for how it is then. A holding that says nothing is not kept.
pub async fn change(store: &Store, user: &UserId, fragrance: &FragranceId, change: Change) -> StoreResult<()> {
    statement(
        "BEGIN TRANSACTION;
         LET $edge = type::record('collects', [$user, $fragrance]);
         LET $old = (SELECT owned, wishlist, rating, rated_at, personal_notes FROM ONLY $edge) ?? { owned: false, wishlist: false };
         LET $new = {
             owned: $owned ?? $old.owned,
             wishlist: $wishlist ?? $old.wishlist,
             rating: IF $sets_rating { $rating } ELSE { $old.rating },
             rated_at: IF !$sets_rating { $old.rated_at } ELSE IF $rating = NONE { NONE } ELSE { time::now() },
             personal_notes: IF $sets_notes { $personal_notes } ELSE { $old.personal_notes }
         };
         DELETE $edge;
         IF $new.owned OR $new.wishlist OR $new.rating != NONE OR $new.personal_notes != NONE {
             INSERT RELATION INTO collects {
                 id: $edge, in: $user, out: $fragrance, owned: $new.owned, wishlist: $new.wishlist,
                 rating: $new.rating, rated_at: $new.rated_at, personal_notes: $new.personal_notes
             }
         };
         COMMIT TRANSACTION;",
    )
    .bind("user", user.clone())
    .bind("fragrance", fragrance.clone())
    .bind("owned", change.owned)
    .bind("wishlist", change.wishlist)
    .bind("sets_rating", change.rating.is_some())
    .bind("rating", change.rating.flatten())
    .bind("sets_notes", change.personal_notes.is_some())
    .bind("personal_notes", change.personal_notes.flatten())
    .execute(store)
    .await
}

/// What a person has to do with a perfume.
pub async fn of(store: &Store, user: &UserId, fragrance: &FragranceId) -> StoreResult<Holding> {
    let row: Option<HoldingRow> =
        statement("SELECT owned, wishlist, rating, personal_notes FROM type::record('collects', [$user, $fragrance])")
            .bind("user", user.clone())
            .bind("fragrance", fragrance.clone())
            .row(store)
            .await?;
    Ok(row.map(Holding::from).unwrap_or_default())
}

/// A page of a person's collection or of one shelf (with one row more, if there is more), what changed last first.
pub async fn page(store: &Store, user: &UserId, shelf: Option<Shelf>, cursor: Cursor) -> StoreResult<Vec<Held>> {
    let rows: Vec<CollectsRow> = statement(
        "SELECT * FROM $user->collects
         WHERE $shelf = NONE OR ($shelf = 'owned' AND owned) OR ($shelf = 'wished' AND wishlist)
             OR ($shelf = 'rated' AND (rating != NONE OR !(owned OR wishlist)))
         ORDER BY updated_at DESC, out LIMIT $count START $start",
    )
    .bind("user", user.clone())
    .bind("shelf", shelf.map(|shelf| shelf.as_str().to_owned()))
    .bind("count", PAGE_SIZE + 1)
    .bind("start", cursor.0)
    .rows(store)
    .await?;
    Ok(rows.into_iter().map(Held::from).collect())
}

/// All of a person's collection.
pub async fn all(store: &Store, user: &UserId) -> StoreResult<Vec<Held>> {
    let rows: Vec<CollectsRow> = statement("SELECT * FROM $user->collects").bind("user", user.clone()).rows(store).await?;
    Ok(rows.into_iter().map(Held::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::user;

    const NOTHING: Change = Change { owned: None, wishlist: None, rating: None, personal_notes: None };

    #[tokio::test]
    async fn a_holding_changes_part_by_part_and_goes_when_it_says_nothing() {
        let store = Store::in_memory().await.unwrap();
        let ada = user::insert(&store, "ada@example.org", "Ada", "").await.unwrap().id;
        let bob = user::insert(&store, "bob@example.org", "Bob", "").await.unwrap().id;
        statement(
            "CREATE fragrance:one SET brand = 'B', name = 'One', perfumers = [], family = 'woody', accords = [],
             discontinued = false, popularity = 0.5, fact_hash = ''",
        )
        .execute(&store)
        .await
        .unwrap();
        let one = FragranceId::from_key("one");
        let set = |change| change_of(&store, &ada, &one, change);
        assert_eq!(set(NOTHING).await, Holding::default());
        assert!(all(&store, &ada).await.unwrap().is_empty());

        set(Change { owned: Some(true), rating: Some(Some(4)), ..NOTHING }).await;
        let notes = Some("rain; it's <b>lovely</b>".to_owned());
        let held = set(Change { wishlist: Some(false), personal_notes: Some(notes.clone()), ..NOTHING }).await;
        assert_eq!(held, Holding { owned: true, wishlist: false, rating: Some(4), personal_notes: notes });
        let listed = all(&store, &ada).await.unwrap();
        assert_eq!((listed.len(), &listed[0].fragrance, &listed[0].holding), (1, &one, &held));
        let on = async |shelf| page(&store, &ada, shelf, Cursor(0)).await.unwrap().len();
        assert_eq!([on(None).await, on(Some(Shelf::Owned)).await, on(Some(Shelf::Wished)).await], [1, 1, 0]);
        assert_eq!(on(Some(Shelf::Rated)).await, 1);
        assert!(all(&store, &bob).await.unwrap().is_empty());

        set(Change { owned: Some(false), rating: Some(None), ..NOTHING }).await;
        assert_eq!([on(Some(Shelf::Owned)).await, on(Some(Shelf::Rated)).await], [0, 1], "only notes are left");
        let gone = Change { owned: Some(false), rating: Some(None), personal_notes: Some(None), ..NOTHING };
        assert_eq!(set(gone).await, Holding::default());
        assert!(all(&store, &ada).await.unwrap().is_empty());
    }

    async fn change_of(store: &Store, user: &UserId, fragrance: &FragranceId, change: Change) -> Holding {
        super::change(store, user, fragrance, change).await.unwrap();
        of(store, user, fragrance).await.unwrap()
    }
}
