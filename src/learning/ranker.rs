//! The ranking model: what it is made of, how it is learned from what people made of their answers, and which one serves.
//!
//! *For all*, the weights are learned from the reactions of those who consented, and held near to the hand-set ones. One
//! person in five is held out, by a hash of their id: on these the new model is measured against the one in service, and it
//! takes its place only if it is better by a margin (see [`measure`]). *For each person*, the weights of all are moved a little
//! by their own reactions alone.

mod feedback;
mod fit;
pub mod measure;
mod model;
pub mod personal;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use crate::{
    domain::{
        AppError, AppResult,
        ids::{FineTuningJobId, UserId},
        training::{Actor, DeployAction, RankerReport, TuningKind, WeightMove},
    },
    jobs::{JobError, JobHandler},
    parallel,
    store::{
        Store, feedback as kept_feedback, fine_tuning_job, new_key,
        scent_profile::{self, Ranking},
        served_model::{self, Deployment},
    },
};
use feedback::{Answered, answers, pairs_of};
use fit::{Prior, fit};
use measure::{Amount, decide, measure};

pub use model::{Model, STANDARD, TRAITS, Trait, Values, by_name};

/// How far a weight for all goes by itself, against the square root of the hand-set one.
const SPREAD: f64 = 0.6;
/// The least and the most that training makes of a hand-set weight.
const BOUNDS: (f64, f64) = (0.2, 3.0);
/// One person in so many is held out.
const HELD_OUT: u8 = 5;
/// How often a person's weights are learned anew because they reacted meanwhile. Whoever reacts learns, too.
const TRIES: usize = 5;

/// Where the weights for all come from.
fn prior_for_all() -> Prior {
    let mean = *Model::standard().weights();
    Prior {
        mean,
        spread: mean.map(|weight| SPREAD * weight.abs().max(0.1).sqrt()),
        bounds: mean.map(|weight| (BOUNDS.0 * weight, BOUNDS.1 * weight)),
    }
}

/// Whether a person is held out of what is learned, always the same.
pub fn is_held_out(user: &UserId) -> bool {
    Sha256::digest(user.as_str()).first().is_some_and(|byte| byte % HELD_OUT == 0)
}

/// Learns weights from answers and measures them against the model in service.
fn learn(base: &Model, answers: &[Answered]) -> (RankerReport, Model) {
    let (held_out, training): (Vec<&Answered>, Vec<&Answered>) = answers.iter().partition(|a| is_held_out(&a.user));
    let people = |answers: &[&Answered]| answers.iter().map(|a| &a.user).collect::<std::collections::BTreeSet<_>>().len();
    let pairs = pairs_of(&training);
    let weights = fit(&prior_for_all(), &pairs);
    let candidate = Model::new("candidate", weights);
    let (before, after) = (measure(base, &held_out), measure(&candidate, &held_out));
    let amount = Amount {
        pairs: pairs.len(),
        held_out_pairs: held_out.iter().map(|answered| answered.pairs().len()).sum(),
        held_out_people: people(&held_out),
    };
    let (better, decision) = decide(amount, &before, &after);
    let report = RankerReport {
        base: base.name.clone(),
        people: people(&training),
        pairs: amount.pairs,
        held_out_people: amount.held_out_people,
        held_out_pairs: amount.held_out_pairs,
        before: before.figures,
        after: after.figures,
        enough: amount.is_enough(),
        better,
        decision,
        moved: moved(&candidate),
        model: None,
    };
    (report, candidate)
}

/// What differs from the hand-set weights by a hundredth or more, the most first.
pub fn moved(model: &Model) -> Vec<WeightMove> {
    let standard = Model::standard();
    let mut moved: Vec<WeightMove> = Trait::ALL
        .iter()
        .map(|feature| WeightMove {
            feature: feature.as_str().to_owned(),
            from: standard.weights()[*feature as usize],
            to: model.weights()[*feature as usize],
        })
        .filter(|moved| (moved.to - moved.from).abs() >= 0.01)
        .collect();
    moved.sort_by(|a, b| (b.to - b.from).abs().total_cmp(&(a.to - a.from).abs()));
    moved
}

/// The kind of the job that trains the ranking.
pub const TRAIN: &str = "train_ranker";

/// Trains the ranking as a job.
#[async_trait]
impl JobHandler for Ranker {
    fn kind(&self) -> &'static str {
        TRAIN
    }

    async fn run(&self, _: serde_json::Value) -> Result<(), JobError> {
        match self.train(false, Actor::Schedule, None).await {
            Ok(_) => Ok(()),
            Err(error) => Err(JobError::Retry(error.message().to_owned())),
        }
    }

    async fn failed(&self, _: serde_json::Value, reason: &str) {
        tracing::error!(reason, "the ranking could not be trained");
    }
}

/// The ranking model in service.
pub struct Ranker {
    store: Store,
    current: RwLock<Arc<Model>>,
}

impl Ranker {
    /// With the hand-set weights, until [`Self::load`] finds what is in service.
    pub fn new(store: Store) -> Self {
        Self { store, current: RwLock::new(Arc::new(Model::standard())) }
    }

    /// The model in service.
    pub fn current(&self) -> Arc<Model> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn serve(&self, model: Model) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if **current != model {
            tracing::info!(model.name, "this ranking model serves now");
            *current = Arc::new(model);
        }
    }

    /// Takes up what is in service, here or in another process of the house.
    pub async fn load(&self) -> AppResult<()> {
        let name = served_model::in_service(&self.store, TuningKind::Ranker, STANDARD).await?;
        self.serve(self.named(&name).await?);
        Ok(())
    }

    /// A kept model, or the hand-set one. The hand-set weights of an earlier version are those of today.
    async fn named(&self, name: &str) -> AppResult<Model> {
        if name.starts_with("linear-") {
            return Ok(Model::standard());
        }
        let row = served_model::find(&self.store, TuningKind::Ranker, name).await?;
        let weights = row.and_then(|row| row.weights).ok_or_else(|| AppError::not_found("model"))?;
        Ok(Model::kept(name, &weights))
    }

    /// Learns from the reactions so far, and puts the new model into service if it is better. With `dry_run`, only tells.
    pub async fn train(&self, dry_run: bool, actor: Actor, user: Option<&UserId>) -> AppResult<RankerReport> {
        self.load().await?;
        let base = self.current();
        let given = kept_feedback::consented(&self.store).await?;
        let (mut report, candidate) =
            tokio::task::spawn_blocking(move || learn(&base, &answers(given))).await.map_err(|error| {
                tracing::error!(%error, "the training stopped");
                AppError::internal()
            })?;
        let is_held = report.better && self.is_held(actor).await?;
        // What the schedule finds too little for, or is not to deploy, day after day is worth a line in the log and no row.
        if dry_run || is_held || (actor == Actor::Schedule && !report.enough) {
            tracing::info!(
                training.pairs = report.pairs,
                training.enough = report.enough,
                training.held = is_held,
                "the ranking stays as it is"
            );
            return Ok(report);
        }
        let job = FineTuningJobId::from_key(new_key());
        fine_tuning_job::insert_ranking(&self.store, &job, &report, (actor, user)).await?;
        if report.better {
            let name = served_model::insert_ranker(&self.store, candidate.to_keep(), &job).await?;
            self.deploy(&name, &report.decision, actor, user).await?;
            fine_tuning_job::set_deployed(&self.store, &job, &name).await?;
            report.model = Some(name);
        }
        tracing::info!(training.pairs = report.pairs, training.better = report.better, "the ranking was trained");
        Ok(report)
    }

    /// After a rollback the schedule deploys nothing: it would learn the same from the same, and undo what a person decided.
    async fn is_held(&self, actor: Actor) -> AppResult<bool> {
        let last = served_model::deployments(&self.store, TuningKind::Ranker, 1).await?;
        Ok(actor == Actor::Schedule && last.first().is_some_and(|deployment| deployment.action == DeployAction::Rollback))
    }

    /// Puts a kept model into service.
    pub async fn deploy(&self, name: &str, reason: &str, actor: Actor, user: Option<&UserId>) -> AppResult<()> {
        self.put(name, DeployAction::Deploy, reason, actor, user).await
    }

    /// Brings back what was in service before the present model. Returns its name.
    pub async fn roll_back(&self, actor: Actor, user: Option<&UserId>) -> AppResult<String> {
        let present = served_model::in_service(&self.store, TuningKind::Ranker, STANDARD).await?;
        let before = served_model::before(&self.store, TuningKind::Ranker, &present).await?;
        let name = before.ok_or_else(|| AppError::conflict("No other model was in service before this one."))?;
        let reason = format!("{present} was taken out of service.");
        self.put(&name, DeployAction::Rollback, &reason, actor, user).await?;
        Ok(name)
    }

    async fn put(&self, name: &str, action: DeployAction, reason: &str, actor: Actor, user: Option<&UserId>) -> AppResult<()> {
        let model = self.named(name).await?;
        let deployment = Deployment {
            kind: TuningKind::Ranker,
            name: model.name.clone(),
            default_name: STANDARD.to_owned(),
            action,
            actor,
            user: user.cloned(),
            reason: reason.to_owned(),
        };
        if !served_model::deploy(&self.store, deployment).await? {
            return Err(AppError::conflict(format!("{name} is in service already.")));
        }
        self.serve(model);
        Ok(())
    }

    /// Learns a person's own weights anew from all their reactions, and keeps them.
    pub async fn learn_of(&self, user: &UserId) -> AppResult<Ranking> {
        let model = self.current();
        let mut ranking = Ranking { model: model.name.clone(), offsets: Default::default() };
        for _ in 0..TRIES {
            let revision = scent_profile::revision(&self.store, user).await?;
            let answers = answers(kept_feedback::of(&self.store, user).await?);
            let learned = || personal::offsets(&model, &pairs_of(&answers.iter().collect::<Vec<_>>()));
            let mut offsets = by_name(&parallel::aside(learned));
            offsets.retain(|_, offset| *offset != 0.0);
            ranking.offsets = offsets;
            if scent_profile::set_ranking(&self.store, user, revision, ranking.clone()).await? {
                break;
            }
        }
        Ok(ranking)
    }

    /// The same after a reaction, which is kept, whatever comes of this: the next one learns from both.
    pub async fn try_to_learn_of(&self, user: &UserId) {
        if let Err(error) = self.learn_of(user).await {
            tracing::warn!(error = %error, "nothing was learned from a reaction");
        }
    }

    /// The model for a person, by what was last learned of them. Where that belongs to another model, it is learned anew.
    pub async fn model_for(&self, user: &UserId, kept: Option<&Ranking>) -> Arc<Model> {
        let model = self.current();
        let learned;
        let ranking = match kept {
            Some(ranking) if ranking.model == model.name => ranking,
            Some(_) => match self.learn_of(user).await {
                Ok(ranking) => {
                    learned = ranking;
                    &learned
                }
                Err(error) => {
                    tracing::warn!(%error, "a person's weights could not be learned anew");
                    return model;
                }
            },
            None => return model,
        };
        if ranking.offsets.is_empty() {
            return model;
        }
        let mut offsets = [0.0; TRAITS];
        for feature in Trait::ALL {
            let offset = ranking.offsets.get(feature.as_str()).copied().unwrap_or_default();
            let most = personal::FURTHEST * model.weights()[*feature as usize].abs();
            offsets[*feature as usize] = offset.clamp(-most, most);
        }
        Arc::new(model.offset_by(&offsets))
    }
}
