//! Signed-in browsers. A session lives for 30 days from when it was last used.

use surrealdb::types::SurrealValue;

use super::{Store, StoreResult, new_key, statement::statement, user::UserRow};
use crate::domain::{
    account::{SessionInfo, User},
    ids::{SessionId, UserId},
    time::Timestamp,
};

#[derive(SurrealValue)]
struct SessionRow {
    id: SessionId,
    created_at: Timestamp,
    last_seen: Timestamp,
    expires_at: Timestamp,
    user_agent: String,
}

#[derive(SurrealValue)]
struct FoundRow {
    id: SessionId,
    user: UserRow,
    stale: bool,
}

/// A session that was found by its token.
pub struct Found {
    pub id: SessionId,
    pub user: User,
    /// It was last marked as used more than a minute ago.
    pub stale: bool,
}

#[derive(SurrealValue)]
struct IdRow {
    id: SessionId,
}

/// Starts a session, and clears away those of the same person that have run out.
pub async fn insert(store: &Store, user: &UserId, token_hash: &str, user_agent: &str) -> StoreResult<SessionId> {
    let session = SessionId::from_key(new_key());
    statement(
        "BEGIN TRANSACTION;
         DELETE session WHERE user = $user AND expires_at <= time::now();
         CREATE $id SET user = $user, token_hash = $token_hash, user_agent = $user_agent,
             last_seen = time::now(), expires_at = time::now() + 30d;
         COMMIT TRANSACTION;",
    )
    .bind("id", session.clone())
    .bind("user", user.clone())
    .bind("token_hash", token_hash.to_owned())
    .bind("user_agent", user_agent.to_owned())
    .execute(store)
    .await?;
    Ok(session)
}

/// The living session with this token, and whose it is.
pub async fn find(store: &Store, token_hash: &str) -> StoreResult<Option<Found>> {
    let row: Option<FoundRow> = statement(
        "SELECT id, user.{ id, email, name, role, consent_training, created_at } AS user, last_seen < time::now() - 1m AS stale
         FROM session WHERE token_hash = $token_hash AND expires_at > time::now()",
    )
    .bind("token_hash", token_hash.to_owned())
    .row(store)
    .await?;
    Ok(row.map(|r| Found { id: r.id, user: r.user.into(), stale: r.stale }))
}

/// Whether a session has neither been ended nor run out.
pub async fn is_living(store: &Store, session: &SessionId) -> StoreResult<bool> {
    let row: Option<IdRow> =
        statement("SELECT id FROM $id WHERE expires_at > time::now()").bind("id", session.clone()).row(store).await?;
    Ok(row.is_some())
}

/// Marks a session as used and moves its end. Of several that do so at once, only the first writes.
pub async fn touch(store: &Store, session: &SessionId) -> StoreResult<()> {
    statement("UPDATE $id SET last_seen = time::now(), expires_at = time::now() + 30d WHERE last_seen < time::now() - 1m")
        .bind("id", session.clone())
        .execute(store)
        .await
}

/// A person's living sessions, the one used last first.
pub async fn list(store: &Store, user: &UserId, current: &SessionId) -> StoreResult<Vec<SessionInfo>> {
    let rows: Vec<SessionRow> = statement(
        "SELECT * OMIT token_hash FROM session WHERE user = $user AND expires_at > time::now() ORDER BY last_seen DESC",
    )
    .bind("user", user.clone())
    .rows(store)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionInfo {
            current: row.id == *current,
            id: row.id,
            created_at: row.created_at,
            last_seen: row.last_seen,
            expires_at: row.expires_at,
            user_agent: row.user_agent,
        })
        .collect())
}

/// Ends one of a person's sessions. Whether there was one.
pub async fn delete(store: &Store, user: &UserId, session: &SessionId) -> StoreResult<bool> {
    let gone: Vec<IdRow> = statement("DELETE $id WHERE user = $user RETURN BEFORE")
        .bind("id", session.clone())
        .bind("user", user.clone())
        .rows(store)
        .await?;
    Ok(!gone.is_empty())
}

/// Ends the session with this token, if there is one.
pub async fn delete_by_token(store: &Store, token_hash: &str) -> StoreResult<()> {
    statement("DELETE session WHERE token_hash = $token_hash").bind("token_hash", token_hash.to_owned()).execute(store).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::user;

    async fn at(store: &Store, session: &SessionId, last_seen: &'static str, expires_at: &'static str) {
        statement(format!("UPDATE $id SET last_seen = time::now() {last_seen}, expires_at = time::now() {expires_at}"))
            .bind("id", session.clone())
            .execute(store)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_session_runs_out_unless_it_is_used() {
        let store = Store::in_memory().await.unwrap();
        let ada = user::insert(&store, "ada@example.org", "Ada", "").await.unwrap().id;
        let id = insert(&store, &ada, "t", "").await.unwrap();
        assert!(!find(&store, "t").await.unwrap().unwrap().stale && is_living(&store, &id).await.unwrap());

        at(&store, &id, "- 2m", "+ 1h").await;
        assert!(find(&store, "t").await.unwrap().unwrap().stale);
        touch(&store, &id).await.unwrap();
        assert!(!find(&store, "t").await.unwrap().unwrap().stale);
        let touched = &list(&store, &ada, &id).await.unwrap()[0];
        assert!(touched.current && touched.expires_at.days_since(touched.last_seen) > 29.9);

        at(&store, &id, "- 30d", "- 1s").await;
        assert!(find(&store, "t").await.unwrap().is_none() && !is_living(&store, &id).await.unwrap());
        assert!(list(&store, &ada, &id).await.unwrap().is_empty());
        insert(&store, &ada, "t2", "").await.unwrap();
        let left: Vec<IdRow> = statement("SELECT id FROM session").rows(&store).await.unwrap();
        assert_eq!(left.len(), 1, "a session that ran out is cleared away by the next sign-in");
    }
}
