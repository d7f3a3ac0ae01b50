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
    usage::Purpose,
};

/// How long a model may write at one example.
const WRITING: Duration = Duration::from_secs(120);

/// Held-out scores, in the same order.
struct Scores {
    against: String,
    before: Vec<f64>,
    after: Vec<f64>,
}

/// What is found of a tuned model, as a sentence too.
#[derive(Default)]
struct Finding {
    better: bool,
    told: String,
    scores: Option<Scores>,
    cost: f64,
}

impl Finding {
    fn unmeasured(why: &str) -> Self {
        let told = format!("Not deployed by itself: it was not measured. {why} An operator can deploy it.");
        Self { told, ..Self::default() }
    }

    fn metrics(&self) -> Value {
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len().max(1) as f64;
        match &self.scores {
            Some(Scores { against, before, after }) => json!({
                "against": against, "before": mean(before), "after": mean(after), "measured_on": after.len(),
                "better": self.better,
            }),
            None => json!({ "better": self.better }),
        }
    }
}

impl Tuning {
    /// The name of what serves with the model of these settings.
    async fn in_service(&self) -> AppResult<String> {
        Ok(served_model::in_service(&self.store, TuningKind::OpenAi, &self.serving()?.base_model).await?)
    }

    /// Takes up what is in service, here or in another process of the house.
    pub async fn load(&self) -> AppResult<()> {
        let Some(serving) = &self.serving else { return Ok(()) };
        let name = self.in_service().await?;
        if name != serving.writer.model() {
            tracing::info!(model.name = name, "this language model serves now");
            serving.writer.switch_to(self.tuner.writer(&name));
        }
        Ok(())
    }

    /// Measures the tuned model against the one in service, and deploys it if it is better by the margin.
    pub(super) async fn judge(&self, row: &FineTuningRow) -> Result<(), Trouble> {
        let Some(name) = &row.tuned_model else { return Err(Trouble::Lasting("The tuned model is not known.".into())) };
        let known = row.metrics.as_ref().and_then(|metrics| metrics["better"].as_bool());
        if known.is_none() && self.is_withdrawn(row).await? {
            return self.give_up(row).await;
        }
        // It is there, and paid: an operator may want it even if it cannot be measured.
        served_model::insert_tuned(&self.store, name, &row.id).await?;
        let finding = match known {
            Some(better) => Finding { better, told: row.decision.clone().unwrap_or_default(), ..Finding::default() },
            None => {
                let finding = self.found(row, name).await?;
                let patch = Patch {
                    metrics: Some(finding.metrics()),
                    cost: Some(row.cost + finding.cost),
                    decision: Some(finding.told.clone()),
                    ..Patch::default()
                };
                // Kept before anything follows from it: it is not measured, and paid, twice.
                if !fine_tuning_job::advance(&self.store, &row.id, row.status, row.status, patch).await? {
                    return Ok(());
                }
                finding
            }
        };
        let better = finding.better && self.serving.is_some();
        // A crash right after this finds it in service.
        if better && self.in_service().await? != *name {
            self.put(name, DeployAction::Deploy, &finding.told, row.actor, row.user.as_ref()).await?;
        }
        let patch = Patch { deployed_model: better.then(|| name.clone()), ..Patch::default() };
        if !fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Ended, patch).await? && better {
            // It was cancelled at the last moment: what was in service comes back.
            self.roll_back(Actor::Schedule, None).await?;
        }
        Ok(())
    }

    /// What is found of a tuned model: by measuring it, where there is something to measure it against and room for that.
    async fn found(&self, row: &FineTuningRow, name: &str) -> Result<Finding, Trouble> {
        let Some(serving) = &self.serving else {
            return Ok(Finding::unmeasured("No language model is set (FLOWERY_CHAT_MODEL) to measure it against."));
        };
        let held_out = self.material().await?.held_out;
        if let Some(why) = self.lacks_room(self.measuring(&held_out, name), row.cost).await? {
            return Ok(Finding::unmeasured(&why));
        }
        let against = serving.writer.model();
        let measuring = async {
            let before = self.scores(&self.tuner.writer(&against), &held_out).await?;
            let after = self.scores(&self.tuner.writer(name), &held_out).await?;
            Ok::<_, ModelError>((before, after))
        };
        let (scores, spent) = self.meter.booked(None, &Purpose::Measuring(row.id.clone()), measuring).await;
        let (before, after) = scores?;
        let (mut better, mut told) = measure::decide(&before, &after);
        if better && !self.meter.holds_for(name) {
            better = false;
            told = format!(
                "Not deployed by itself: {name} has no price in [flowery.prices], so no budget would hold for it. {told}"
            );
        }
        let scores = Some(Scores { against, before, after });
        Ok(Finding { better, told, scores, cost: spent.cost })
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
        let base = &self.serving()?.base_model;
        let is_kept = served_model::find(&self.store, TuningKind::OpenAi, name).await?.is_some();
        if !is_kept && name != base && action == DeployAction::Deploy {
            return Err(AppError::not_found("model"));
        }
        let deployment = Deployment {
            kind: TuningKind::OpenAi,
            name: name.to_owned(),
            default_name: base.clone(),
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
