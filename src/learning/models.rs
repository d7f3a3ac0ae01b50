//! What serves and what could: the models of both kinds, for the operator.

use super::{
    Learning,
    ranker::{Model, STANDARD, moved},
    tuning::{Tuning, has_ended},
};
use crate::{
    domain::{
        AppError, AppResult,
        ids::{FineTuningJobId, UserId},
        operation::{DeploymentItem, ModelItem, ModelsOfKind, TuningItem, TuningReport},
        training::{Actor, TuningKind, WeightMove},
    },
    store::{
        fine_tuning_job,
        served_model::{self, DeploymentRow, ModelRow},
    },
};

/// How many deployments and trainings are shown.
const LATEST: usize = 50;

impl Learning {
    fn needed_tuning(&self) -> AppResult<&Tuning> {
        self.tuning.as_deref().ok_or_else(|| {
            AppError::conflict(
                "No language model of a provider is set (FLOWERY_OPENAI_BASE_URL or FLOWERY_OPENAI_API_KEY, and FLOWERY_CHAT_MODEL), \
                 so none can be tuned.",
            )
        })
    }

    /// The models of each kind, with their history.
    pub async fn models(&self) -> AppResult<Vec<ModelsOfKind>> {
        let mut kinds = vec![self.models_of(TuningKind::Ranker, STANDARD.to_owned()).await?];
        if let Some(base) = self.tuning.as_ref().and_then(|tuning| tuning.base_model()) {
            kinds.push(self.models_of(TuningKind::OpenAi, base.to_owned()).await?);
        }
        Ok(kinds)
    }

    async fn models_of(&self, kind: TuningKind, default: String) -> AppResult<ModelsOfKind> {
        let in_service = served_model::in_service(&self.store, kind, &default).await?;
        let before = served_model::before(&self.store, kind, &in_service).await?;
        let kept = served_model::all(&self.store, kind).await?;
        let decisions = fine_tuning_job::decisions(&self.store, kept.iter().filter_map(|row| row.job.clone()).collect()).await?;
        let item = |row: ModelRow| ModelItem {
            in_service: row.name == in_service,
            decision: row.job.and_then(|job| decisions.get(&job).cloned()),
            moved: row.weights.map(|weights| moves(&Model::kept(&row.name, &weights))).unwrap_or_default(),
            created_at: Some(row.created_at),
            name: row.name,
        };
        let mut models: Vec<ModelItem> = kept.into_iter().map(item).collect();
        if models.iter().all(|model| model.name != default) {
            let in_service = in_service == default;
            models.push(ModelItem { name: default, in_service, created_at: None, decision: None, moved: Vec::new() });
        }
        let change = |row: DeploymentRow| DeploymentItem {
            name: row.name,
            previous: row.previous,
            action: row.action,
            actor: row.actor,
            operator: row.operator,
            reason: row.reason,
            at: row.at,
        };
        let deployments = served_model::deployments(&self.store, kind, LATEST).await?.into_iter().map(change).collect();
        Ok(ModelsOfKind { kind, in_service, before, models, deployments })
    }

    /// Takes up what other processes of the house have put into service.
    pub async fn load_models(&self) -> AppResult<()> {
        self.ranker.load().await?;
        match &self.tuning {
            Some(tuning) => tuning.load().await,
            None => Ok(()),
        }
    }

    /// Puts a kept model into service.
    pub async fn deploy(&self, kind: TuningKind, name: &str, reason: &str, actor: Actor, user: Option<&UserId>) -> AppResult<()> {
        match kind {
            TuningKind::Ranker => self.ranker.deploy(name, reason, actor, user).await,
            TuningKind::OpenAi => self.needed_tuning()?.deploy(name, reason, actor, user).await,
        }
    }

    /// Brings back what was in service before.
    pub async fn roll_back(&self, kind: TuningKind, actor: Actor, user: Option<&UserId>) -> AppResult<()> {
        match kind {
            TuningKind::Ranker => self.ranker.roll_back(actor, user).await.map(drop),
            TuningKind::OpenAi => self.needed_tuning()?.roll_back(actor, user).await,
        }
    }

    /// The trainings, newest first, and whether a language model can be tuned.
    pub async fn tunings(&self) -> AppResult<TuningReport> {
        let items = fine_tuning_job::latest(&self.store, LATEST).await?.into_iter().map(TuningItem::from).collect();
        let (mut examples, mut held_out_examples, mut terms) = (0, 0, None);
        let obstacle = match self.needed_tuning() {
            Ok(tuning) => {
                let material = tuning.material().await?;
                (examples, held_out_examples) = (material.training.len(), material.held_out.len());
                terms = tuning.terms(&material);
                tuning.obstacle(&material).await?
            }
            Err(error) => Some(error.message().to_owned()),
        };
        Ok(TuningReport { items, examples, held_out_examples, terms, obstacle })
    }

    /// Starts a training. That of the ranking has ended when this returns.
    pub async fn start_tuning(&self, kind: TuningKind, operator: &UserId) -> AppResult<TuningItem> {
        match kind {
            TuningKind::Ranker => {
                self.ranker.train(false, Actor::Operator, Some(operator)).await?;
                let latest = fine_tuning_job::latest(&self.store, LATEST).await?;
                let ours = latest.into_iter().find(|row| row.kind == TuningKind::Ranker);
                ours.map(TuningItem::from).ok_or_else(AppError::internal)
            }
            TuningKind::OpenAi => self.needed_tuning()?.start(Actor::Operator, Some(operator)).await,
        }
    }

    /// Stops a training at the provider.
    pub async fn cancel_tuning(&self, id: &FineTuningJobId) -> AppResult<()> {
        let row = fine_tuning_job::find(&self.store, id).await?.ok_or_else(|| AppError::not_found("training"))?;
        match &self.tuning {
            Some(tuning) => tuning.cancel(id).await,
            None if row.status.is_final() => Err(has_ended()),
            None => Err(out_of_reach(row.provider_job_id.as_deref())),
        }
    }
}

/// Why a training cannot be stopped where no provider is set.
fn out_of_reach(job: Option<&str>) -> AppError {
    let there = job.map_or_else(String::new, |job| format!(", or stop {job} there"));
    AppError::conflict(format!(
        "No provider is set, so nothing can be stopped at one. Set the one that trains again (FLOWERY_OPENAI_BASE_URL or \
         FLOWERY_OPENAI_API_KEY){there}."
    ))
}

fn moves(model: &Model) -> Vec<WeightMove> {
    moved(model).into_iter().take(12).collect()
}
