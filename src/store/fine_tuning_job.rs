//! Trainings, here and at a provider.

use surrealdb::types::SurrealValue;

use super::{Store, StoreResult, statement::statement};
use crate::domain::{
    ids::{FineTuningJobId, UserId},
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
    pub status: String,
    pub metrics: Option<serde_json::Value>,
    pub cost: f64,
    pub decision: Option<String>,
    pub deployed_model: Option<String>,
    #[surreal(wrap)]
    pub actor: Actor,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
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
    .bind("metrics", surrealdb::types::SerdeWrapper(report.clone()))
    .bind("decision", report.decision.clone())
    .bind("actor", actor.as_str().to_owned())
    .bind("user", user.cloned())
    .execute(store)
    .await
}

/// Notes which model came of a training and was put into service.
pub async fn set_deployed(store: &Store, id: &FineTuningJobId, name: &str) -> StoreResult<()> {
    statement("UPDATE $job SET deployed_model = $name, tuned_model = $name, updated_at = time::now() RETURN NONE")
        .bind("job", id.clone())
        .bind("name", name.to_owned())
        .execute(store)
        .await
}

/// The latest trainings, the newest first.
pub async fn latest(store: &Store, most: usize) -> StoreResult<Vec<FineTuningRow>> {
    statement("SELECT * FROM fine_tuning_job ORDER BY created_at DESC LIMIT $most").bind("most", most).rows(store).await
}
