//! What people made of what they were shown: `recommends` with its `query_log` and `collects`, as the ranking learns from them.

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult,
    statement::{Statement, rows_at, statement},
};
use crate::domain::{
    answer::Feature,
    ids::{FragranceId, QueryId, UserId},
    time::Timestamp,
};

/// How many answers are looked back upon: of everybody, and of one person.
const ANSWERS_OF_ALL: usize = 50_000;
const ANSWERS_OF_ONE: usize = 100;

/// A perfume that was shown in an answer to which somebody reacted.
#[derive(Clone, Debug, SurrealValue)]
pub struct ShownRow {
    pub user: UserId,
    pub query: QueryId,
    pub fragrance: FragranceId,
    pub rank: usize,
    #[surreal(wrap)]
    pub features: Vec<Feature>,
    pub clicked: bool,
    pub liked: bool,
    pub disliked: bool,
    pub purchased: bool,
    pub asked_at: Timestamp,
    pub model_version: String,
}

/// Stars that a person gave to a perfume.
#[derive(Clone, Debug, SurrealValue)]
pub struct StarsRow {
    pub user: UserId,
    pub fragrance: FragranceId,
    pub rating: u8,
    pub at: Timestamp,
}

/// Everything that was shown beside what people reacted to, and the stars they gave.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub shown: Vec<ShownRow>,
    pub stars: Vec<StarsRow>,
}

/// Reads the answers in `$reacted` (the newest `$most`) and the stars of `$people`.
const READ: &str = "
    LET $answers = (SELECT VALUE id FROM query_log WHERE id IN $reacted ORDER BY created_at DESC LIMIT $most);
    SELECT user, in AS query, out AS fragrance, rank, features, clicked, liked, disliked, purchased,
        in.created_at AS asked_at, in.model_version AS model_version
        FROM recommends WHERE user IN $people AND in IN $answers ORDER BY query, rank;
    SELECT in AS user, out AS fragrance, rating, rated_at AS at FROM collects WHERE in IN $people AND rating != NONE;";

/// Of all who consented to their answers teaching the models.
pub async fn consented(store: &Store) -> StoreResult<Given> {
    let text = format!(
        "LET $people = (SELECT VALUE id FROM user WHERE consent_training = true);
         LET $reacted = array::distinct((SELECT VALUE in FROM recommends
            WHERE user IN $people AND (clicked OR liked OR disliked OR purchased
                OR out IN (SELECT VALUE out FROM collects WHERE in = $parent.user AND rating != NONE))));
         {READ}"
    );
    read(statement(text).bind("most", ANSWERS_OF_ALL), store, 3).await
}

/// Of one person, for that person's own ranking.
pub async fn of(store: &Store, user: &UserId) -> StoreResult<Given> {
    let text = format!(
        "LET $people = [$user];
         LET $rated = (SELECT VALUE out FROM collects WHERE in = $user AND rating != NONE);
         LET $reacted = array::distinct((SELECT VALUE in FROM recommends
            WHERE user = $user AND (clicked OR liked OR disliked OR purchased OR out IN $rated)));
         {READ}"
    );
    read(statement(text).bind("user", user.clone()).bind("most", ANSWERS_OF_ONE), store, 4).await
}

async fn read(statement: Statement, store: &Store, at: usize) -> StoreResult<Given> {
    let mut results = statement.run(store).await?;
    Ok(Given { shown: rows_at(&mut results, at)?, stars: rows_at(&mut results, at + 1)? })
}
