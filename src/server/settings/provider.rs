//! The settings of the provider of models.

use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{Table, env_text, without_credentials};
use crate::{
    ai::{Secret, openai},
    domain::usage::CURRENCY,
    usage::{Budgets, Prices},
};

/// Seconds.
const ASK_DEADLINE_S: f64 = 20.0;
/// In the currency of the prices.
const TUNING_CAP: f64 = 10.0;

/// The provider of models, where one is set, what it costs, and how long it is waited for.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    pub options: openai::Options,
    /// How long an answer may take with a language model; then the local writer answers.
    pub ask_deadline: Duration,
    pub prices: Prices,
    pub budgets: Budgets,
    /// What training on a million tokens costs; none if nobody said.
    pub tuning_price: Option<f64>,
    /// What one training may cost.
    pub tuning_cap: f64,
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self {
            options: openai::Options::default(),
            ask_deadline: Duration::from_secs_f64(ASK_DEADLINE_S),
            prices: Prices::default(),
            budgets: Budgets::default(),
            tuning_price: None,
            tuning_cap: TUNING_CAP,
        }
    }
}

impl ProviderSettings {
    /// The models in use that have no price, where money alone limits what may be used: the limit does not hold for them.
    pub fn unlimited(&self) -> Vec<&str> {
        let options = &self.options;
        let models = [&options.chat_model, &options.embedding_model, &options.vision_model, &options.transcription_model];
        let unpriced = models.into_iter().flatten().map(String::as_str).filter(|model| self.prices.of(model).is_none());
        if self.budgets.need_prices() { unpriced.collect() } else { Vec::new() }
    }

    /// The settings as lines for a person, without secrets.
    pub fn describe(&self) -> Vec<(&'static str, String)> {
        let none = || "none".to_owned();
        let amount = |amount: Option<f64>| amount.map_or_else(none, |amount| format!("{amount} {CURRENCY}"));
        let tokens = |tokens: Option<u64>| tokens.map_or_else(none, |tokens| tokens.to_string());
        let model = |name: &Option<String>| name.clone().unwrap_or_else(none);
        let options = &self.options;
        vec![
            ("FLOWERY_OPENAI_BASE_URL", options.base_url.as_deref().map_or_else(none, without_credentials)),
            ("FLOWERY_OPENAI_API_KEY", options.key.as_ref().map_or_else(none, |_| "set".into())),
            ("FLOWERY_CHAT_MODEL", model(&options.chat_model)),
            ("FLOWERY_EMBEDDING_MODEL", model(&options.embedding_model)),
            ("FLOWERY_VISION_MODEL", model(&options.vision_model)),
            ("FLOWERY_TRANSCRIPTION_MODEL", model(&options.transcription_model)),
            ("FLOWERY_ASK_DEADLINE_S", self.ask_deadline.as_secs_f64().to_string()),
            ("FLOWERY_MONTHLY_BUDGET", amount(self.budgets.of_house)),
            ("FLOWERY_MONTHLY_BUDGET_PER_PERSON", amount(self.budgets.of_person)),
            ("FLOWERY_MONTHLY_TOKENS", tokens(self.budgets.tokens_of_house)),
            ("FLOWERY_MONTHLY_TOKENS_PER_PERSON", tokens(self.budgets.tokens_of_person)),
            ("FLOWERY_TUNING_PRICE", amount(self.tuning_price)),
            ("FLOWERY_TUNING_CAP", amount(Some(self.tuning_cap))),
        ]
    }
}

/// From the environment, and else from the table.
pub(super) fn read(table: &mut Table) -> Result<ProviderSettings> {
    let text = |names: &[&str], kept: &mut Option<String>| {
        let kept = kept.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        names.iter().find_map(|name| env_text(name)).or(kept)
    };
    let key = env_text("FLOWERY_OPENAI_API_KEY").or_else(|| env_text("OPENAI_API_KEY"));
    let options = openai::Options {
        base_url: text(&["FLOWERY_OPENAI_BASE_URL", "OPENAI_BASE_URL"], &mut table.openai_base_url),
        key: key.and_then(|key| Secret::new(&key)).or(table.openai_api_key.take()),
        chat_model: text(&["FLOWERY_CHAT_MODEL"], &mut table.chat_model),
        embedding_model: text(&["FLOWERY_EMBEDDING_MODEL"], &mut table.embedding_model),
        vision_model: text(&["FLOWERY_VISION_MODEL"], &mut table.vision_model),
        transcription_model: text(&["FLOWERY_TRANSCRIPTION_MODEL"], &mut table.transcription_model),
    };
    let seconds = match env_text("FLOWERY_ASK_DEADLINE_S") {
        Some(text) => text.parse().ok(),
        None => Some(table.ask_deadline_s.unwrap_or(ASK_DEADLINE_S)),
    };
    let seconds = seconds.filter(|s| (0.1..=600.0).contains(s));
    let prices = std::mem::take(&mut table.prices);
    if let Some(model) = prices.nonsense() {
        bail!("the price of {model:?} in [flowery.prices] is no price");
    }
    Ok(ProviderSettings {
        options,
        ask_deadline: Duration::from_secs_f64(
            seconds.context("FLOWERY_ASK_DEADLINE_S is a number of seconds between 0.1 and 600")?,
        ),
        prices,
        budgets: Budgets {
            of_person: amount("FLOWERY_MONTHLY_BUDGET_PER_PERSON", table.monthly_budget_per_person)?,
            of_house: amount("FLOWERY_MONTHLY_BUDGET", table.monthly_budget)?,
            tokens_of_person: tokens("FLOWERY_MONTHLY_TOKENS_PER_PERSON", table.monthly_tokens_per_person)?,
            tokens_of_house: tokens("FLOWERY_MONTHLY_TOKENS", table.monthly_tokens)?,
        },
        tuning_price: amount("FLOWERY_TUNING_PRICE", table.tuning_price)?,
        tuning_cap: amount("FLOWERY_TUNING_CAP", table.tuning_cap)?.unwrap_or(TUNING_CAP),
    })
}

fn amount(name: &str, kept: Option<f64>) -> Result<Option<f64>> {
    let amount = match env_text(name) {
        Some(text) => Some(text.parse().ok().with_context(|| format!("{name} is {text:?}; it is an amount"))?),
        None => kept,
    };
    match amount {
        Some(amount) if !(0.0..=1e9).contains(&amount) => bail!("{name} is {amount}; it is an amount of zero or more"),
        amount => Ok(amount),
    }
}

fn tokens(name: &str, kept: Option<u64>) -> Result<Option<u64>> {
    match env_text(name) {
        Some(text) => Ok(Some(text.parse().ok().with_context(|| format!("{name} is {text:?}; it is a whole number of tokens"))?)),
        None => Ok(kept),
    }
}
