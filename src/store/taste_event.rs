//! Taste events: the story of a person's taste.
//!
//! Every change raises the `taste_revision` of the person's profile in the same transaction. So changes of one person
//! never run beside each other unnoticed, and a projection can tell whether it was made from the latest events.

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult, new_key,
    statement::{rows_at, statement},
};
use crate::domain::{
    ids::{TasteEventId, UserId},
    page::{Cursor, PAGE_SIZE},
    taste::{Target, TargetKind, TasteEvent, TasteKind, TasteSource},
    time::Timestamp,
};

#[derive(SurrealValue)]
struct TargetRow {
    #[surreal(wrap)]
    kind: TargetKind,
    id: String,
}

#[derive(SurrealValue)]
struct EventRow {
    id: TasteEventId,
    target: TargetRow,
    #[surreal(wrap)]
    kind: TasteKind,
    weight: f64,
    #[surreal(wrap)]
    source: TasteSource,
    source_id: String,
    reason: String,
    at: Timestamp,
    undone: bool,
}

impl From<EventRow> for TasteEvent {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id,
            target: Target::new(row.target.kind, row.target.id),
            kind: row.kind,
            weight: row.weight,
            source: row.source,
            source_id: row.source_id,
            reason: row.reason,
            at: row.at,
            undone: row.undone,
        }
    }
}

/// An event to be written. Without `kept` it is new and happens now.
pub struct EventDraft {
    pub source_id: String,
    pub target: Target,
    pub kind: TasteKind,
    pub weight: f64,
    pub reason: String,
    /// The event that it continues, and when that was.
    pub kept: Option<(TasteEventId, Timestamp)>,
    pub undone: bool,
}

#[derive(SurrealValue)]
struct DraftRow {
    id: TasteEventId,
    user: UserId,
    target: TargetRow,
    #[surreal(wrap)]
    kind: TasteKind,
    weight: f64,
    #[surreal(wrap)]
    source: TasteSource,
    source_id: String,
    reason: String,
    at: Option<Timestamp>,
    undone: bool,
}

/// All events of a person, also the undone ones.
pub async fn all(store: &Store, user: &UserId) -> StoreResult<Vec<TasteEvent>> {
    let rows: Vec<EventRow> =
        statement("SELECT * OMIT user FROM taste_event WHERE user = $user").bind("user", user.clone()).rows(store).await?;
    Ok(rows.into_iter().map(TasteEvent::from).collect())
}

/// The events of one source, also the undone ones, with the revision of the taste that they belong to or an older one.
pub async fn of_source(
    store: &Store,
    user: &UserId,
    source: TasteSource,
    source_id: &str,
) -> StoreResult<(i64, Vec<TasteEvent>)> {
    let mut results = statement(
        "RETURN (SELECT VALUE taste_revision FROM ONLY type::record('scent_profile', $key)) ?? 0;
         SELECT * OMIT user FROM taste_event WHERE user = $user AND source = $source AND source_id = $source_id;",
    )
    .bind("key", user.as_str().to_owned())
    .bind("user", user.clone())
    .bind("source", source.as_str().to_owned())
    .bind("source_id", source_id.to_owned())
    .run(store)
    .await?;
    let revision = rows_at(&mut results, 0)?.pop().unwrap_or_default();
    let rows: Vec<EventRow> = rows_at(&mut results, 1)?;
    Ok((revision, rows.into_iter().map(TasteEvent::from).collect()))
}

/// A page of a person's events (with one more, if there is more): newest first, and what moved most before what followed.
pub async fn page(store: &Store, user: &UserId, cursor: Cursor) -> StoreResult<Vec<TasteEvent>> {
    let rows: Vec<EventRow> = statement(
        "SELECT *, math::abs(weight) AS strength OMIT user FROM taste_event WHERE user = $user
         ORDER BY at DESC, strength DESC, id LIMIT $count START $start",
    )
    .bind("user", user.clone())
    .bind("count", PAGE_SIZE + 1)
    .bind("start", cursor.0)
    .rows(store)
    .await?;
    Ok(rows.into_iter().map(TasteEvent::from).collect())
}

/// Adds events of a source that has none yet. The new revision of the taste with the events as they were written; none for a
/// person who is gone.
pub async fn add(
    store: &Store,
    user: &UserId,
    source: TasteSource,
    drafts: Vec<EventDraft>,
) -> StoreResult<Option<(i64, Vec<TasteEvent>)>> {
    #[derive(SurrealValue)]
    struct Added {
        revision: i64,
        events: Vec<EventRow>,
    }
    let mut results = statement(
        "BEGIN TRANSACTION;
         LET $now = time::now();
         LET $known = record::exists($user);
         LET $revision = IF $known {
             (UPSERT ONLY type::record('scent_profile', $key) SET user = $user, taste_revision = (taste_revision ?? 0) + 1
                 RETURN VALUE taste_revision)
         };
         LET $events = IF $known {
             (INSERT INTO taste_event $rows.map(|$row| object::extend($row, { at: $row.at ?? $now })))
         };
         IF $known { [{ revision: $revision, events: $events }] } ELSE { [] };
         COMMIT TRANSACTION;",
    )
    .bind("key", user.as_str().to_owned())
    .bind("user", user.clone())
    .bind("rows", rows_of(user, source, drafts))
    .run(store)
    .await?;
    let added: Option<Added> = rows_at(&mut results, 5)?.into_iter().next();
    Ok(added.map(|added| (added.revision, added.events.into_iter().map(TasteEvent::from).collect())))
}

fn rows_of(user: &UserId, source: TasteSource, drafts: Vec<EventDraft>) -> Vec<DraftRow> {
    let row = |draft: EventDraft| {
        let (id, at) = match draft.kept {
            Some((id, at)) => (id, Some(at)),
            None => (TasteEventId::from_key(new_key()), None),
        };
        DraftRow {
            id,
            user: user.clone(),
            target: TargetRow { kind: draft.target.kind, id: draft.target.id },
            kind: draft.kind,
            weight: draft.weight,
            source,
            source_id: draft.source_id,
            reason: draft.reason,
            at,
            undone: draft.undone,
        }
    };
    drafts.into_iter().map(row).collect()
}

/// What takes the place of all events of some sources.
pub struct NewStory {
    pub source: TasteSource,
    pub source_ids: Vec<String>,
    pub drafts: Vec<EventDraft>,
    /// Events of other sources that are marked as undone with it.
    pub withdrawn: Vec<TasteEventId>,
}

/// Writes a story that was made from the events as they were at `revision`. False, and nothing is written, if they are not
/// any more. Nothing is written for a person who is gone, either: there is nothing to be made anew.
pub async fn rewrite(store: &Store, user: &UserId, revision: i64, story: NewStory) -> StoreResult<bool> {
    let mut results = statement(
        "BEGIN TRANSACTION;
         LET $now = time::now();
         LET $known = record::exists($user);
         LET $fresh = ((SELECT VALUE taste_revision FROM ONLY type::record('scent_profile', $key)) ?? 0) = $revision;
         IF $known AND $fresh {
             UPSERT type::record('scent_profile', $key) SET user = $user, taste_revision = (taste_revision ?? 0) + 1 RETURN NONE;
             DELETE taste_event WHERE user = $user AND source = $source AND source_id INSIDE $source_ids;
             INSERT INTO taste_event $rows.map(|$row| object::extend($row, { at: $row.at ?? $now })) RETURN NONE;
             UPDATE $withdrawn SET undone = true WHERE user = $user RETURN NONE;
         };
         RETURN $fresh OR !$known;
         COMMIT TRANSACTION;",
    )
    .bind("key", user.as_str().to_owned())
    .bind("user", user.clone())
    .bind("revision", revision)
    .bind("source", story.source.as_str().to_owned())
    .bind("source_ids", story.source_ids)
    .bind("rows", rows_of(user, story.source, story.drafts))
    .bind("withdrawn", story.withdrawn)
    .run(store)
    .await?;
    let last = results.num_statements().saturating_sub(2);
    Ok(rows_at::<bool>(&mut results, last)? == [true])
}

/// Marks one event of a person as undone. Whether it was not already.
pub async fn undo(store: &Store, user: &UserId, id: &TasteEventId) -> StoreResult<bool> {
    let mut results = statement(
        "BEGIN TRANSACTION;
         UPDATE $event SET undone = true WHERE user = $user AND undone = false RETURN VALUE id;
         UPDATE type::record('scent_profile', $key) SET taste_revision += 1;
         COMMIT TRANSACTION;",
    )
    .bind("key", user.as_str().to_owned())
    .bind("user", user.clone())
    .bind("event", id.clone())
    .run(store)
    .await?;
    let changed: Vec<TasteEventId> = rows_at(&mut results, 1)?;
    Ok(!changed.is_empty())
}
