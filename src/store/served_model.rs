//! Models that training made, what is in service, and who put it there.

use std::collections::BTreeMap;

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult,
    statement::{rows_at, statement},
};
use crate::domain::{
    ids::{FineTuningJobId, UserId},
    time::Timestamp,
    training::{Actor, DeployAction, TuningKind},
};

/// A model as it is kept.
#[derive(Clone, Debug, SurrealValue)]
pub struct ModelRow {
    pub name: String,
    /// Of a ranker, by the name of the feature.
    pub weights: Option<BTreeMap<String, f64>>,
    pub job: Option<FineTuningJobId>,
    pub created_at: Timestamp,
}

/// A change of what is in service.
#[derive(Clone, Debug, PartialEq, SurrealValue)]
pub struct DeploymentRow {
    pub name: String,
    /// What was in service until then.
    pub previous: String,
    #[surreal(wrap)]
    pub action: DeployAction,
    #[surreal(wrap)]
    pub actor: Actor,
    /// The operator's name, while they have an account.
    pub operator: Option<String>,
    pub reason: String,
    pub at: Timestamp,
}

/// What is to be put into service.
#[derive(Clone, Debug)]
pub struct Deployment {
    pub kind: TuningKind,
    pub name: String,
    /// What serves when nothing was ever put into service: of a language model, that of the settings.
    pub default_name: String,
    pub action: DeployAction,
    pub actor: Actor,
    pub user: Option<UserId>,
    pub reason: String,
}

/// Keeps a ranker under the next free name, `ranker-1`, `ranker-2`, …, which is returned.
pub async fn insert_ranker(store: &Store, weights: BTreeMap<String, f64>, job: &FineTuningJobId) -> StoreResult<String> {
    let mut results = statement(
        "BEGIN TRANSACTION;
         LET $number = count(SELECT VALUE id FROM served_model WHERE kind = 'ranker') + 1;
         LET $name = 'ranker-' + <string> $number;
         CREATE type::record('served_model', 'ranker_' + <string> $number)
             SET kind = 'ranker', name = $name, weights = $weights, job = $job RETURN NONE;
         RETURN $name;
         COMMIT TRANSACTION;",
    )
    .bind("weights", weights)
    .bind("job", job.clone())
    .run(store)
    .await?;
    let last = results.num_statements().saturating_sub(2);
    let name: Vec<String> = rows_at(&mut results, last)?;
    name.into_iter().next().ok_or_else(|| super::StoreError::Shape("a new ranker has no name".into()))
}

/// Keeps a language model that a provider tuned. One that is kept already stays as it is.
pub async fn insert_tuned(store: &Store, name: &str, job: &FineTuningJobId) -> StoreResult<()> {
    statement(
        "IF (SELECT VALUE id FROM served_model WHERE kind = 'openai' AND name = $name) = [] {
             CREATE served_model SET kind = 'openai', name = $name, job = $job RETURN NONE
         }",
    )
    .bind("name", name.to_owned())
    .bind("job", job.clone())
    .execute(store)
    .await
}

/// All kept models of a kind, the newest first.
pub async fn all(store: &Store, kind: TuningKind) -> StoreResult<Vec<ModelRow>> {
    statement("SELECT name, weights, job, created_at FROM served_model WHERE kind = $kind ORDER BY created_at DESC, name DESC")
        .bind("kind", kind.as_str().to_owned())
        .rows(store)
        .await
}

pub async fn find(store: &Store, kind: TuningKind, name: &str) -> StoreResult<Option<ModelRow>> {
    statement("SELECT name, weights, job, created_at FROM served_model WHERE kind = $kind AND name = $name")
        .bind("kind", kind.as_str().to_owned())
        .bind("name", name.to_owned())
        .row(store)
        .await
}

/// The name of what serves: what was last put into service, or the default if nothing ever was. A language model serves only
/// under the default with which it was put into service: whoever changes the model in the settings means it.
pub async fn in_service(store: &Store, kind: TuningKind, default: &str) -> StoreResult<String> {
    let name = statement("SELECT VALUE name FROM type::record('in_service', $kind) WHERE base = NONE OR base = $default")
        .bind("kind", kind.as_str().to_owned())
        .bind("default", default.to_owned())
        .row(store)
        .await?;
    Ok(name.unwrap_or_else(|| default.to_owned()))
}

/// Puts a model into service and notes who did it. False, and nothing happens, if it is in service already.
pub async fn deploy(store: &Store, deployment: Deployment) -> StoreResult<bool> {
    let mut results = statement(
        "BEGIN TRANSACTION;
         LET $service = type::record('in_service', $kind);
         LET $previous = (SELECT VALUE name FROM $service WHERE base = NONE OR base = $default_name)[0] ?? $default_name;
         IF $previous != $name {
             UPSERT $service SET name = $name, base = $base, since = time::now() RETURN NONE;
             CREATE deployment SET kind = $kind, name = $name, previous = $previous, action = $action, actor = $actor,
                 user = $user, reason = $reason RETURN NONE;
         };
         RETURN $previous;
         COMMIT TRANSACTION;",
    )
    .bind("kind", deployment.kind.as_str().to_owned())
    .bind("name", deployment.name.clone())
    .bind("base", (deployment.kind == TuningKind::OpenAi).then(|| deployment.default_name.clone()))
    .bind("default_name", deployment.default_name)
    .bind("action", deployment.action.as_str().to_owned())
    .bind("actor", deployment.actor.as_str().to_owned())
    .bind("user", deployment.user)
    .bind("reason", deployment.reason)
    .run(store)
    .await?;
    let last = results.num_statements().saturating_sub(2);
    let previous: Vec<String> = rows_at(&mut results, last)?;
    Ok(previous.first() != Some(&deployment.name))
}

/// What was in service before the model that is now: before it was last deployed, leaving rollbacks aside.
pub async fn before(store: &Store, kind: TuningKind, name: &str) -> StoreResult<Option<String>> {
    statement(
        "SELECT previous, at FROM deployment WHERE kind = $kind AND name = $name AND action = 'deploy' ORDER BY at DESC LIMIT 1",
    )
    .bind("kind", kind.as_str().to_owned())
    .bind("name", name.to_owned())
    .row::<Previous>(store)
    .await
    .map(|row| row.map(|row| row.previous))
}

#[derive(SurrealValue)]
struct Previous {
    previous: String,
}

/// The latest changes, the newest first.
pub async fn deployments(store: &Store, kind: TuningKind, most: usize) -> StoreResult<Vec<DeploymentRow>> {
    statement(
        "SELECT name, previous, action, actor, user.name AS operator, reason, at FROM deployment WHERE kind = $kind
         ORDER BY at DESC LIMIT $most",
    )
    .bind("kind", kind.as_str().to_owned())
    .bind("most", most)
    .rows(store)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_in_service_before_comes_back() {
        let store = Store::in_memory().await.unwrap();
        let job = FineTuningJobId::from_key("one");
        let weights = BTreeMap::from([("season".to_owned(), 1.0)]);
        let deploy = |name: &str, action| {
            let deployment = Deployment {
                kind: TuningKind::Ranker,
                name: name.to_owned(),
                default_name: "linear-2".into(),
                action,
                actor: Actor::CommandLine,
                user: None,
                reason: "Because.".into(),
            };
            let store = store.clone();
            async move { super::deploy(&store, deployment).await.unwrap() }
        };
        for number in 1..=2 {
            let name = insert_ranker(&store, weights.clone(), &job).await.unwrap();
            assert_eq!(name, format!("ranker-{number}"));
            assert!(deploy(&name, DeployAction::Deploy).await);
            assert!(!deploy(&name, DeployAction::Deploy).await, "it serves already");
        }
        let before = |name: &'static str| before(&store, TuningKind::Ranker, name);
        assert_eq!(before("ranker-2").await.unwrap().as_deref(), Some("ranker-1"));
        assert!(deploy("ranker-1", DeployAction::Rollback).await);
        assert_eq!(in_service(&store, TuningKind::Ranker, "linear-2").await.unwrap(), "ranker-1");
        assert_eq!(before("ranker-1").await.unwrap().as_deref(), Some("linear-2"));
        assert_eq!(before("linear-2").await.unwrap(), None);
        let log = deployments(&store, TuningKind::Ranker, 10).await.unwrap();
        assert_eq!(log.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["ranker-1", "ranker-2", "ranker-1"]);
        assert_eq!((log[0].action, log[0].actor), (DeployAction::Rollback, Actor::CommandLine));
        assert_eq!(all(&store, TuningKind::Ranker).await.unwrap().len(), 2);
        assert_eq!(find(&store, TuningKind::Ranker, "ranker-2").await.unwrap().unwrap().weights, Some(weights));
    }
}
