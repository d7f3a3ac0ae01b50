//! Which language model serves: the decision about a tuned one, and what an operator decides.

use std::{
    collections::BTreeMap,
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

/// So many held-out examples are put to both models before what they scored is kept: it is not paid twice.
const PORTION: usize = 5;

/// What the model in service and the tuned one scored, by the held-out example.
type Scores = BTreeMap<String, [f64; 2]>;

/// How far the measuring is.
enum Measured {
    Partly { told: String },
    Wholly(Finding),
}

/// What is found of a tuned model: whether it is better, why, as a sentence, and the figures.
struct Finding {
    better: bool,
    told: String,
    metrics: Value,
}

impl Finding {
    fn unmeasured(why: &str) -> Measured {
        let told = format!("Not deployed by itself: it was not measured. {why} An operator can deploy it.");
        Measured::Wholly(Self { better: false, told, metrics: json!({ "better": false }) })
    }
}

/// What was scored before, against the same model.
fn kept_scores(row: &FineTuningRow, against: &str) -> Scores {
    let metrics = row.metrics.as_ref().filter(|metrics| metrics["against"] == against);
    metrics.and_then(|metrics| serde_json::from_value(metrics["scores"].clone()).ok()).unwrap_or_default()
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

    /// Measures the tuned model against the one in service, portion by portion, and deploys it if it is better by the margin. What
    /// there is to tell while it is not measured wholly, and nothing when it is decided.
    pub(super) async fn judge(&self, row: &FineTuningRow) -> Result<Option<String>, Trouble> {
        let Some(name) = &row.tuned_model else { return Err(Trouble::Lasting("The tuned model is not known.".into())) };
        let known = row.metrics.as_ref().and_then(|metrics| metrics["better"].as_bool());
        if known.is_none() && self.is_withdrawn(row).await? {
            return self.give_up(row).await.map(|()| None);
        }
        // It is there, and paid: an operator may want it even if it cannot be measured.
        served_model::insert_tuned(&self.store, name, &row.id).await?;
        let (better, told) = match known {
            Some(better) => (better, row.decision.clone().unwrap_or_default()),
            None => {
                let Finding { better, told, metrics } = match self.measured(row, name).await? {
                    Measured::Partly { told } => return Ok(Some(told)),
                    Measured::Wholly(finding) => finding,
                };
                let patch = Patch { metrics: Some(metrics), decision: Some(told.clone()), ..Patch::default() };
                // Kept before anything follows from it.
                if !fine_tuning_job::advance(&self.store, &row.id, row.status, row.status, patch).await? {
                    return Ok(None);
                }
                (better, told)
            }
        };
        let better = better && self.serving.is_some();
        // A crash right after this finds it in service.
        if better && self.in_service().await? != *name {
            self.put(name, DeployAction::Deploy, &told, row.actor, row.user.as_ref()).await?;
        }
        let serves = self.serving.is_some() && self.in_service().await? == *name;
        let patch = Patch { deployed_model: serves.then(|| name.clone()), ..Patch::default() };
        if !fine_tuning_job::advance(&self.store, &row.id, row.status, TuningStatus::Ended, patch).await? && better {
            // It was cancelled at the last moment: what was in service comes back.
            self.roll_back(Actor::Schedule, None).await?;
        }
        Ok(None)
    }

    /// Puts the next held-out examples to both models, where there is something to measure against and room for it; decides when
    /// none is left.
    async fn measured(&self, row: &FineTuningRow, name: &str) -> Result<Measured, Trouble> {
        let Some(serving) = &self.serving else {
            return Ok(Finding::unmeasured("No language model is set (FLOWERY_CHAT_MODEL) to measure it against."));
        };
        let mut held_out = self.material().await?.held_out;
        held_out.truncate(measure::MOST);
        let against = serving.writer.model();
        if against == name {
            return Ok(Finding::unmeasured("It was put into service before it had been measured."));
        }
        let mut scores = kept_scores(row, &against);
        let rest: Vec<Line> = held_out.iter().filter(|line| !scores.contains_key(line.id.as_str())).cloned().collect();
        if rest.is_empty() {
            return Ok(Measured::Wholly(self.decided(
                name,
                &against,
                held_out.iter().filter_map(|line| scores.get(line.id.as_str())),
            )));
        }
        if let Some(why) = self.lacks_room(self.measuring(&rest, name), row.cost).await? {
            return Ok(Finding::unmeasured(&why));
        }
        let writers = [self.tuner.writer(&against), self.tuner.writer(name)];
        let measuring = async {
            for line in rest.iter().take(PORTION) {
                let both = [self.score(&writers[0], line).await?, self.score(&writers[1], line).await?];
                scores.insert(line.id.to_string(), both);
            }
            Ok::<_, ModelError>(())
        };
        let (outcome, spent) = self.meter.booked(None, &Purpose::Measuring(row.id.clone()), measuring).await;
        let told = format!("Measured on {} of {} held-out examples.", scores.len(), held_out.len());
        let metrics = Some(json!({ "against": against, "scores": scores }));
        let patch = Patch { metrics, cost: Some(row.cost + spent.cost), ..Patch::default() };
        fine_tuning_job::advance(&self.store, &row.id, row.status, row.status, patch).await?;
        outcome?;
        Ok(Measured::Partly { told })
    }

    fn decided<'a>(&self, name: &str, against: &str, scores: impl Iterator<Item = &'a [f64; 2]>) -> Finding {
        let (before, after): (Vec<f64>, Vec<f64>) = scores.map(|[before, after]| (*before, *after)).unzip();
        let (mut better, mut told) = measure::decide(&before, &after);
        if better && !self.meter.holds_for(name) {
            better = false;
            told = format!(
                "Not deployed by itself: {name} has no price in [flowery.prices], so no budget would hold for it. {told}"
            );
        }
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len().max(1) as f64;
        let metrics = json!({
            "against": against, "before": mean(&before), "after": mean(&after), "measured_on": after.len(), "better": better,
        });
        Finding { better, told, metrics }
    }

    /// What a model's answer to a held-out example is worth.
    async fn score(&self, writer: &Arc<dyn Writer>, line: &Line) -> Result<f64, ModelError> {
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
        match writer.write(&prompt, Instant::now() + WRITING).await {
            Ok(answer) => Ok(measure::score(&material, wanted, &answer)),
            // An answer that makes no sense is an answer; silence says nothing of the model.
            Err(ModelError::Unreadable(_) | ModelError::Declined) => Ok(0.0),
            Err(error) => Err(error),
        }
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
