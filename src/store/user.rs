//! People: their accounts, and the end of everything that is theirs.

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult, new_key,
    statement::{rows_at, statement},
};
use crate::domain::{
    account::{Role, User},
    ids::UserId,
    time::Timestamp,
};

/// An account as others may see it: without the password's hash.
#[derive(SurrealValue)]
pub(super) struct UserRow {
    id: UserId,
    email: String,
    name: String,
    #[surreal(wrap)]
    role: Role,
    consent_training: bool,
    created_at: Timestamp,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            role: row.role,
            consent_training: row.consent_training,
            created_at: row.created_at,
        }
    }
}

#[derive(SurrealValue)]
struct SecretRow {
    id: UserId,
    password_hash: String,
}

/// Makes an account with an empty profile. A taken email is [`StoreError::Taken`](super::StoreError::Taken).
pub async fn insert(store: &Store, email: &str, name: &str, password_hash: &str) -> StoreResult<User> {
    let user = UserId::from_key(new_key());
    statement(
        "BEGIN TRANSACTION;
         CREATE $user SET email = $email, name = $name, password_hash = $password_hash, role = 'member';
         CREATE type::record('scent_profile', $key) SET user = $user;
         COMMIT TRANSACTION;",
    )
    .bind("key", user.as_str().to_owned())
    .bind("user", user.clone())
    .bind("email", email.to_owned())
    .bind("name", name.to_owned())
    .bind("password_hash", password_hash.to_owned())
    .execute(store)
    .await?;
    find(store, &user).await?.ok_or_else(|| super::StoreError::Database("a new account is not there".into()))
}

pub async fn find(store: &Store, user: &UserId) -> StoreResult<Option<User>> {
    let row: Option<UserRow> = statement("SELECT * OMIT password_hash FROM $user").bind("user", user.clone()).row(store).await?;
    Ok(row.map(User::from))
}

/// Who has this email, and the hash of their password.
pub async fn secret_by_email(store: &Store, email: &str) -> StoreResult<Option<(UserId, String)>> {
    let row: Option<SecretRow> =
        statement("SELECT id, password_hash FROM user WHERE email = $email").bind("email", email.to_owned()).row(store).await?;
    Ok(row.map(|r| (r.id, r.password_hash)))
}

/// The hash of a person's password.
pub async fn secret(store: &Store, user: &UserId) -> StoreResult<Option<String>> {
    let row: Option<SecretRow> = statement("SELECT id, password_hash FROM $user").bind("user", user.clone()).row(store).await?;
    Ok(row.map(|r| r.password_hash))
}

/// Gives or withdraws the consent to training examples. What there is of them goes with it; that the person
/// removed some for good stays known, so that a second consent does not bring them back.
pub async fn set_consent(store: &Store, user: &UserId, training: bool) -> StoreResult<Option<User>> {
    statement(
        "BEGIN TRANSACTION;
         UPDATE $user SET consent_training = $training RETURN NONE;
         IF !$training { DELETE training_example WHERE user = $user AND removed = false RETURN NONE };
         COMMIT TRANSACTION;",
    )
    .bind("user", user.clone())
    .bind("training", training)
    .execute(store)
    .await?;
    find(store, user).await
}

pub async fn set_role(store: &Store, email: &str, role: Role) -> StoreResult<Option<User>> {
    let mut results = statement(
        "UPDATE user SET role = $role WHERE email = $email;
         SELECT * OMIT password_hash FROM user WHERE email = $email",
    )
    .bind("role", role.as_str().to_owned())
    .bind("email", email.to_owned())
    .run(store)
    .await?;
    Ok(rows_at::<UserRow>(&mut results, 1)?.into_iter().next().map(User::from))
}

/// Deletes a person with every row and edge of theirs, at once or not at all.
///
/// The schema would let most of it follow the account by itself; it is spelled out so that it does not depend on that.
/// Edges go with the row they start from.
pub async fn erase(store: &Store, user: &UserId) -> StoreResult<()> {
    statement(
        "BEGIN TRANSACTION;
         LET $memories = SELECT VALUE id FROM scent_memory WHERE user = $user;
         DELETE job WHERE payload.user = $key OR subject INSIDE $memories.map(|$m| record::id($m));
         DELETE memory_chunk_embedding WHERE user = $user;
         DELETE memory_chunk_vector WHERE user = $user;
         DELETE memory_chunk WHERE user = $user;
         DELETE extracted_scent WHERE user = $user;
         DELETE file_reading WHERE user = $user;
         DELETE image_analysis WHERE user = $user;
         DELETE $memories;
         DELETE training_example WHERE user = $user;
         DELETE recommends WHERE user = $user;
         DELETE query_log WHERE user = $user;
         DELETE taste_event WHERE user = $user;
         DELETE $user->prefers;
         DELETE $user->collects;
         DELETE $user->remembers;
         DELETE type::record('scent_profile', $key);
         -- What was spent was spent: the sums of each month stay, nobody's.
         INSERT INTO model_usage (SELECT 'erased' AS purpose, job, model, time::group(at, 'month') AS at,
             math::sum(prompt_tokens) AS prompt_tokens, math::sum(completion_tokens) AS completion_tokens,
             math::sum(seconds) AS seconds, math::sum(cost) AS cost, priced
             FROM model_usage WHERE user = $user GROUP BY job, model, at, priced);
         DELETE model_usage WHERE user = $user;
         DELETE session WHERE user = $user;
         UPDATE deployment SET user = NONE WHERE user = $user RETURN NONE;
         UPDATE fine_tuning_job SET user = NONE WHERE user = $user RETURN NONE;
         DELETE $user;
         COMMIT TRANSACTION;",
    )
    .bind("key", user.as_str().to_owned())
    .bind("user", user.clone())
    .execute(store)
    .await
}
