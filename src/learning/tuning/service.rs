//! Which language model serves: the decision about a tuned one, and what an operator decides.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{Line, Trouble, Tuning, measure};
use crate::{
    ai::{ModelError, Prompt, Writer},
    domain::{
        AppError, AppResult,
        ids::UserId,
        operation::TuningStatus,
        training::{Actor, DeployAction, TuningKind},
    },
    learning::form,
    store::{
        fine_tuning_job::{self, FineTuningRow, Patch},
        served_model::{self, Deployment},
    },
};

/// How long a model may write at one example.
const WRITING: Duration = Duration::from_secs(120);

impl Tuning {
    /// The name of what serves with the model of these settings.
    async fn in_service(&self) -> AppResult<String> {
        Ok(served_model::in_service(&self.store, TuningKind::OpenAi, &self.base_model()).await?)
    }

    /// Takes up what is in service, here or in another process of the house.
    pub async fn load(&self) -> AppResult<()> {
        let name = self.in_service().await?;
        if name != self.writer.model() {
            tracing::info!(model.name = name, "this language model serves now");
            self.writer.switch_to(self.tuner.writer(&name));
        }
        Ok(())
    }

    /// Measures the tuned model against the one in service, and deploys it if it is better by the margin.
    pub(super) async fn judge(&self, row: &FineTuningRow) -> Result<(), Trouble> {
        let Some(name) = &row.tuned_model else { return Err(Trouble::Lasting("The tuned model is not known.".into())) };
        let serving = self.writer.model();
        let mut decision = row.decision.clone();
        let mut better = row.metrics.as_ref().and_then(|metrics| metrics["better"].as_bool());
        if better.is_none() && self.is_withdrawn(row).await? {
            return self.give_up(row).await;
        }
        // It is there, and paid: an operator may want it even if it cannot be measured.
        served_model::insert_tuned(&self.store, name, &row.id).await?;
        if better.is_none() {
            let held_out = self.material().await?.held_out;
            let measuring = async {
                let before = self.scores(&self.tuner.writer(&serving), &held_out).await?;
                let after = self.scores(&self.tuner.writer(name), &held_out).await?;
                Ok::<_, ModelError>((before, after))
            };
            let (scores, spent) = self.meter.booked_of_house("measuring", row.id.as_str(), measuring).await;
            let (before, after) = scores?;
            let (mut is_better, mut told) = measure::decide(&before, &after);
            if is_better && !self.meter.holds_for(name) {
                is_better = false;
                told = format!(
                    "Not deployed by itself: {name} has no price in [flowery.prices], so no budget would hold for it. {told}"
                );
            }
            let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len().max(1) as f64;
            let patch = Patch {
                metrics: Some(json!({
                    "against": serving, "before": mean(&before), "after": mean(&after), "measured_on": after.len(),
                    "better": is_better,
                })),
                cost: Some(row.cost + spent.cost),
                decision: Some(told.clone()),
                ..Patch::default()
            };
            // Kept before anything follows from it: it is not measured, and paid, twice.
            if !fine_tuning_job::advance(&self.store, &row.id, row.status, row.status, patch).await? {
                return Ok(());
            }
            (better, decision) = (Some(is_better), Some(told));
        }
        let better = better == Some(true);
        // A crash right after this finds it in service.
        if better && self.in_service().await? != *name {
            let reason = decision.unwrap_or_default();
            self.put(name, DeployAction::Deploy, &reason, row.actor, row.user.as_ref()).await?;
        }
        let patch = Patch { deployed_model: better.then(|| name.clone()), ..Patch::default() };
        if !fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Ended, patch).await? && better {
            // It was cancelled at the last moment: what was in service comes back.
            self.roll_back(Actor::Schedule, None).await?;
        }
        Ok(())
    }

    async fn scores(&self, writer: &Arc<dyn Writer>, held_out: &[Line]) -> Result<Vec<f64>, ModelError> {
        let mut scores = Vec::new();
        for line in held_out.iter().take(measure::MOST) {
            let example: Value = serde_json::from_str(&line.text).unwrap_or_default();
            let told = |at: usize| example["messages"][at]["content"].as_str().unwrap_or_default();
            let (material, wanted): (Value, _) = (serde_json::from_str(told(1)).unwrap_or_default(), told(2));
            let prompt = Prompt {
                instructions: self.options.instructions.to_owned(),
                material: material.clone(),
                schema: Some(form::schema(&material)),
                max_tokens: form::LONGEST,
                temperature: 0.0,
            };
            scores.push(match writer.write(&prompt, Instant::now() + WRITING).await {
                Ok(answer) => measure::score(&material, wanted, &answer),
                // An answer that makes no sense is an answer; silence says nothing of the model.
                Err(ModelError::Unreadable(_) | ModelError::Declined) => 0.0,
                Err(error) => return Err(error),
            });
        }
        Ok(scores)
    }

    /// Puts a kept model into service.
    pub async fn deploy(&self, name: &str, reason: &str, actor: Actor, user: Option<&UserId>) -> AppResult<()> {
        self.put(name, DeployAction::Deploy, reason, actor, user).await
    }

    /// Brings back what was in service before the present model.
    pub async fn roll_back(&self, actor: Actor, user: Option<&UserId>) -> AppResult<()> {
        let present = self.in_service().await?;
        let before = served_model::before(&self.store, TuningKind::OpenAi, &present).await?;
        let name = before.ok_or_else(|| AppError::conflict("No other model was in service before this one."))?;
        let reason = format!("{present} was taken out of service.");
        self.put(&name, DeployAction::Rollback, &reason, actor, user).await
    }

    async fn put(&self, name: &str, action: DeployAction, reason: &str, actor: Actor, user: Option<&UserId>) -> AppResult<()> {
        let is_kept = served_model::find(&self.store, TuningKind::OpenAi, name).await?.is_some();
        if !is_kept && name != self.base_model() && action == DeployAction::Deploy {
            return Err(AppError::not_found("model"));
        }
        let deployment = Deployment {
            kind: TuningKind::OpenAi,
            name: name.to_owned(),
            default_name: self.base_model(),
            action,
            actor,
            user: user.cloned(),
            reason: reason.to_owned(),
        };
        if !served_model::deploy(&self.store, deployment).await? {
            return Err(AppError::conflict(format!("{name} is in service already.")));
        }
        self.load().await
    }
}
