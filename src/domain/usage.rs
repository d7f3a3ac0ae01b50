//! What the models of a provider used and cost.

use serde::{Deserialize, Serialize};

use super::answer::TokenUsage;

/// The currency of prices, budgets and costs.
pub const CURRENCY: &str = "USD";

/// What was used for one purpose with one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageLine {
    pub purpose: String,
    pub model: String,
    pub calls: u64,
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
    /// Of the calls whose price is known.
    pub cost: f64,
    /// Calls whose price is not known.
    #[serde(default)]
    pub unpriced: u64,
}

/// What was used in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthOfUse {
    /// `2026-11`.
    pub month: String,
    pub currency: String,
    #[serde(flatten)]
    pub total: TokenUsage,
    pub lines: Vec<UsageLine>,
    /// What may be spent in a month, where that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// How many tokens may be used in a month, where that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_budget: Option<u64>,
}

/// What a person has used this month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageReport {
    #[serde(flatten)]
    pub used: MonthOfUse,
    /// That little is left, or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Whether a provider is set at all; without one nothing costs anything.
    pub has_provider: bool,
}

impl MonthOfUse {
    pub fn total_of(lines: &[UsageLine]) -> TokenUsage {
        TokenUsage {
            prompt_tokens: lines.iter().map(|line| line.prompt_tokens).sum(),
            completion_tokens: lines.iter().map(|line| line.completion_tokens).sum(),
            cost: lines.iter().map(|line| line.cost).sum(),
            unpriced: lines.iter().any(|line| line.unpriced > 0),
        }
    }
}
