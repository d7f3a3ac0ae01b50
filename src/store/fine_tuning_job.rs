//! Trainings, here and at a provider.

use std::collections::BTreeMap;

use surrealdb::types::{SerdeWrapper, SurrealValue};

use super::{
    Store, StoreResult,
    statement::{rows_at, statement},
};
use crate::domain::{
    ids::{FineTuningJobId, UserId},
    operation::{TuningItem, TuningStatus},
    time::Timestamp,
    training::{Actor, RankerReport, TuningKind},
};

/// A training as it is kept.
#[derive(Clone, Debug, SurrealValue)]
pub struct FineTuningRow {
    pub id: FineTuningJobId,
    #[surreal(wrap)]
    pub kind: TuningKind,
    pub base_model: String,
    pub provider_file_id: Option<String>,
    pub provider_job_id: Option<String>,
    pub tuned_model: Option<String>,
    #[surreal(wrap)]
    pub status: TuningStatus,
    pub metrics: Option<serde_json::Value>,
    pub cost: f64,
    pub decision: Option<String>,
    pub deployed_model: Option<String>,
    #[surreal(wrap)]
    pub actor: Actor,
    pub user: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The fields of a row. A cost that is a whole number is one of the store's integers.
const ROW: &str = "id, kind, base_model, provider_file_id, provider_job_id, tuned_model, status, metrics, <float> cost AS cost, \
     decision, deployed_model, actor, user, created_at, updated_at";

impl From<FineTuningRow> for TuningItem {
    fn from(row: FineTuningRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            base_model: row.base_model,
            provider_job_id: row.provider_job_id,
            tuned_model: row.tuned_model,
            status: row.status,
            metrics: row.metrics.unwrap_or_default(),
            cost: row.cost,
            decision: row.decision,
            deployed_model: row.deployed_model,
            actor: row.actor,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What changes with a step of a training; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    pub provider_file_id: Option<String>,
    pub provider_job_id: Option<String>,
    pub tuned_model: Option<String>,
    /// Figures that are added to those there are.
    pub metrics: Option<serde_json::Value>,
    pub cost: Option<f64>,
    pub decision: Option<String>,
    pub deployed_model: Option<String>,
}

/// Notes a training of the ranker that has come to its end.
pub async fn insert_ranking(
    store: &Store,
    id: &FineTuningJobId,
    report: &RankerReport,
    (actor, user): (Actor, Option<&UserId>),
) -> StoreResult<()> {
    statement(
        "CREATE $job SET kind = 'ranker', base_model = $base, status = 'ended', metrics = $metrics, decision = $decision,
             actor = $actor, user = $user RETURN NONE",
    )
    .bind("job", id.clone())
    .bind("base", report.base.clone())
    .bind("metrics", SerdeWrapper(report.clone()))
    .bind("decision", report.decision.clone())
    .bind("actor", actor.as_str().to_owned())
    .bind("user", user.cloned())
    .execute(store)
    .await
}

/// Begins a training at the provider, on so many examples. False, and nothing happens, while another one has not ended.
pub async fn insert_remote(
    store: &Store,
    id: &FineTuningJobId,
    (base, examples): (&str, usize),
    (actor, user): (Actor, Option<&UserId>),
) -> StoreResult<bool> {
    let mut results = statement(
        "BEGIN TRANSACTION;
         LET $busy = (SELECT VALUE id FROM fine_tuning_job
            WHERE kind = 'openai' AND status NOT IN ['ended', 'failed', 'cancelled']) != [];
         -- Two that begin at once meet here.
         UPSERT in_service:tuning SET name = 'one at a time', since = time::now() RETURN NONE;
         IF !$busy {
             CREATE $job SET kind = 'openai', base_model = $base, status = 'preparing', metrics = { examples: $examples },
                 actor = $actor, user = $user RETURN NONE
         };
         RETURN $busy;
         COMMIT TRANSACTION;",
    )
    .bind("job", id.clone())
    .bind("base", base.to_owned())
    .bind("examples", examples)
    .bind("actor", actor.as_str().to_owned())
    .bind("user", user.cloned())
    .run(store)
    .await?;
    let last = results.num_statements().saturating_sub(2);
    Ok(rows_at::<bool>(&mut results, last)? == [false])
}

pub async fn find(store: &Store, id: &FineTuningJobId) -> StoreResult<Option<FineTuningRow>> {
    statement(format!("SELECT {ROW} FROM $job")).bind("job", id.clone()).row(store).await
}

/// Takes a training from one status to another, if it still is where it was. Whether it was.
pub async fn advance(
    store: &Store,
    id: &FineTuningJobId,
    from: TuningStatus,
    to: TuningStatus,
    patch: Patch,
) -> StoreResult<bool> {
    let moved: Option<FineTuningJobId> = statement(
        "UPDATE $job SET status = $to, updated_at = time::now(),
             provider_file_id = $file ?? provider_file_id, provider_job_id = $provider_job ?? provider_job_id,
             tuned_model = $tuned ?? tuned_model, metrics = object::extend(metrics ?? {}, $metrics ?? {}), cost = $cost ?? cost,
             decision = $decision ?? decision, deployed_model = $deployed ?? deployed_model
         WHERE status = $from RETURN VALUE id",
    )
    .bind("job", id.clone())
    .bind("from", from.as_str().to_owned())
    .bind("to", to.as_str().to_owned())
    .bind("file", patch.provider_file_id)
    .bind("provider_job", patch.provider_job_id)
    .bind("tuned", patch.tuned_model)
    .bind("metrics", patch.metrics)
    .bind("cost", patch.cost)
    .bind("decision", patch.decision)
    .bind("deployed", patch.deployed_model)
    .row(store)
    .await?;
    Ok(moved.is_some())
}

/// Trainings that the provider has something to do with: those that have not ended, and those that were not cleared up since.
pub async fn open(store: &Store) -> StoreResult<Vec<FineTuningJobId>> {
    statement(
        "SELECT VALUE id FROM fine_tuning_job
         WHERE kind = 'openai' AND (status NOT IN ['ended', 'failed', 'cancelled'] OR cleared_at = NONE)",
    )
    .rows(store)
    .await
}

/// Notes that nothing of a training is left at the provider.
pub async fn cleared(store: &Store, id: &FineTuningJobId) -> StoreResult<()> {
    statement("UPDATE $job SET cleared_at = time::now() RETURN NONE").bind("job", id.clone()).execute(store).await
}

/// Notes what a step has made at the provider for a training that was ended meanwhile: it is to be cleared up.
pub async fn left_behind(store: &Store, id: &FineTuningJobId, made: Patch) -> StoreResult<()> {
    statement(
        "UPDATE $job SET cleared_at = NONE, provider_file_id = $file ?? provider_file_id,
             provider_job_id = $provider_job ?? provider_job_id RETURN NONE",
    )
    .bind("job", id.clone())
    .bind("file", made.provider_file_id)
    .bind("provider_job", made.provider_job_id)
    .execute(store)
    .await
}

/// How many examples the last training at the provider learned from that says something of them: one that came to its end, one
/// that the provider was paid for, however it ended, and one that an operator did not want. One that failed before the provider
/// began, or was stopped then because an example was withdrawn, says nothing.
pub async fn last_learned(store: &Store) -> StoreResult<Option<usize>> {
    #[derive(SurrealValue)]
    struct Row {
        examples: Option<u64>,
    }
    let row: Option<Row> = statement(
        "SELECT metrics.examples AS examples, created_at FROM fine_tuning_job
         WHERE kind = 'openai' AND (status = 'ended' OR provider_job_id != NONE OR metrics.stopped_by = 'operator')
         ORDER BY created_at DESC LIMIT 1",
    )
    .row(store)
    .await?;
    Ok(row.and_then(|row| row.examples).and_then(|count| usize::try_from(count).ok()))
}

/// What trainings came to, by their ids.
pub async fn decisions(store: &Store, ids: Vec<FineTuningJobId>) -> StoreResult<BTreeMap<FineTuningJobId, String>> {
    #[derive(SurrealValue)]
    struct Row {
        id: FineTuningJobId,
        decision: String,
    }
    let rows: Vec<Row> = statement("SELECT id, decision FROM $ids WHERE decision != NONE").bind("ids", ids).rows(store).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.decision)).collect())
}

/// Notes which model came of a training of the ranker and was put into service.
pub async fn set_deployed(store: &Store, id: &FineTuningJobId, name: &str) -> StoreResult<()> {
    statement("UPDATE $job SET deployed_model = $name, tuned_model = $name, updated_at = time::now() RETURN NONE")
        .bind("job", id.clone())
        .bind("name", name.to_owned())
        .execute(store)
        .await
}

/// The latest trainings, the newest first.
pub async fn latest(store: &Store, most: usize) -> StoreResult<Vec<FineTuningRow>> {
    statement(format!("SELECT {ROW} FROM fine_tuning_job ORDER BY created_at DESC LIMIT $most"))
        .bind("most", most)
        .rows(store)
        .await
}
