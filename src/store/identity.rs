//! Which database this is: what lies outside of it can tell whether it belongs to it. A backup keeps the identity.

use super::{Store, StoreResult, statement::statement};

/// Gives a database its identity; runs once.
pub(super) const GIVE: &str = "DEFINE TABLE IF NOT EXISTS house SCHEMAFULL;
     DEFINE FIELD IF NOT EXISTS key ON house TYPE string;
     UPSERT house:this SET key = rand::string(24);";

/// The identity of the database.
pub async fn of(store: &Store) -> StoreResult<String> {
    let key: Option<String> = statement("SELECT VALUE key FROM ONLY house:this").row(store).await?;
    Ok(key.unwrap_or_default())
}
