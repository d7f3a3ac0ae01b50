//! What the operator of a house sees: counts, states and decisions, and nothing that people wrote.

use serde::{Deserialize, Serialize};

use super::{
    ids::{FineTuningJobId, JobId, UserId},
    notes::vocabulary,
    time::Timestamp,
    training::{Actor, DeployAction, TuningKind, WeightMove},
    usage::MonthOfUse,
};

vocabulary! {
    /// Where a job stands.
    JobState {
        Queued => "queued", "waiting";
        Running => "running", "running";
        Done => "done", "done";
        Failed => "failed", "failed";
        Cancelled => "cancelled", "cancelled";
    }
}

/// How many jobs of a kind are in a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobCount {
    pub kind: String,
    pub state: JobState,
    pub count: u64,
    /// Seconds since the oldest of them came in.
    pub oldest_s: u64,
}

/// A job. Of what it is about only the key is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobItem {
    pub id: JobId,
    pub kind: String,
    pub subject: String,
    pub state: JobState,
    pub attempts: u32,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it has to tell of its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Not before this.
    pub run_at: Timestamp,
    /// A later job of its kind is about the same: to try this one again is of no use.
    pub superseded: bool,
}

impl JobItem {
    /// It is over: nothing is left to be stopped.
    pub const fn is_over(&self) -> bool {
        !matches!(self.state, JobState::Queued | JobState::Running)
    }
}

/// The queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobsReport {
    pub counts: Vec<JobCount>,
    /// Seconds for which the job that is due longest has waited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_waiting_s: Option<u64>,
    pub items: Vec<JobItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A model that can serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelItem {
    pub name: String,
    pub in_service: bool,
    /// None of what the house brings along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// What its training came to, with the figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// Of a ranker: what differs from the hand-set weights, the most first.
    pub moved: Vec<WeightMove>,
}

/// A change of what is in service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeploymentItem {
    pub name: String,
    pub previous: String,
    pub action: DeployAction,
    pub actor: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    pub reason: String,
    pub at: Timestamp,
}

/// The models of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelsOfKind {
    pub kind: TuningKind,
    pub in_service: String,
    /// What a rollback would bring back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    pub models: Vec<ModelItem>,
    /// The newest first.
    pub deployments: Vec<DeploymentItem>,
}

vocabulary! {
    /// Where a training stands.
    TuningStatus {
        Preparing => "preparing", "being prepared";
        Uploaded => "uploaded", "uploaded";
        Submitted => "submitted", "in training at the provider";
        Tuned => "tuned", "being measured";
        Ended => "ended", "ended";
        Failed => "failed", "failed";
        Cancelled => "cancelled", "cancelled";
    }
}

impl TuningStatus {
    /// Nothing more will happen.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Ended | Self::Failed | Self::Cancelled)
    }
}

/// A training, here or at the provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningItem {
    pub id: FineTuningJobId,
    pub kind: TuningKind,
    pub base_model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_job_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tuned_model: Option<String>,
    pub status: TuningStatus,
    pub metrics: serde_json::Value,
    pub cost: f64,
    /// How it was decided and why, or why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployed_model: Option<String>,
    pub actor: Actor,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What holds of every training at the provider. Amounts are in the currency of the prices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningTerms {
    /// What a million trained tokens cost, where somebody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// What one training may cost.
    pub cap: f64,
    /// What one would cost now, about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<f64>,
    /// By how much the mean score (0 to 1) on held-out examples must rise, and by how many of its standard errors.
    pub margin: f64,
    pub standard_errors: f64,
}

/// The trainings, and what may be started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningReport {
    pub items: Vec<TuningItem>,
    /// How many examples a language model could learn from, and how many of other people it would be measured on.
    pub examples: usize,
    pub held_out_examples: usize,
    /// None where no language model of a provider is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<TuningTerms>,
    /// Why no language model can be tuned, as a sentence; none if one can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<String>,
}

/// What was asked and used in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HouseUsage {
    #[serde(flatten)]
    pub used: MonthOfUse,
    pub questions: u64,
    /// Of the month's answers, in milliseconds.
    pub median_ms: f64,
    pub p95_ms: f64,
}

/// What the operator knows of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonState {
    pub id: UserId,
    pub role: super::account::Role,
    pub consents: bool,
    pub since: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    pub memories: u64,
    pub failed_memories: u64,
    pub questions: u64,
    pub reactions: u64,
}

/// The people of the house, counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Census {
    pub people: u64,
    pub operators: u64,
    pub consenting: u64,
    /// Seen in the last seven and thirty days.
    pub seen_7d: u64,
    pub seen_30d: u64,
    pub memories: u64,
    pub failed_memories: u64,
    pub questions: u64,
    pub examples: u64,
    /// The newest first.
    pub items: Vec<PersonState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
