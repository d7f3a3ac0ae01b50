//! The price table.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::ai::Usage;

/// What a million tokens of a model cost, or a minute of sound. An empty one is that of a model that costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    #[serde(default)]
    pub prompt: f64,
    #[serde(default)]
    pub completion: f64,
    /// Instead of the tokens, where it is sound by the minute that is paid for.
    pub minute: Option<f64>,
}

/// How the names of models begin that the provider tuned: `ft:BASE:…`.
const TUNED: &str = "ft:";

/// Prices by model. The longest name that a model's name begins with counts, so that a dated version has its family's price.
/// A tuned model has a price of its own where one is given under `ft:…`, and else that of the model it was tuned from.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Prices(BTreeMap<String, Price>);

impl Prices {
    /// None if the table does not know the model.
    pub fn of(&self, model: &str) -> Option<Price> {
        let base = model.strip_prefix(TUNED).map(|rest| rest.split(':').next().unwrap_or_default());
        let is_named = |name: &str| model.starts_with(name) || base.is_some_and(|base| base.starts_with(name));
        let named = self.0.iter().filter(|(name, _)| is_named(name));
        named.max_by_key(|(name, _)| (name.starts_with(TUNED), name.len())).map(|(_, price)| *price)
    }

    /// What a call cost; none if the table does not know the model, which is not the same as nothing.
    pub fn cost(&self, usage: &Usage) -> Option<f64> {
        let price = self.of(&usage.model)?;
        Some(match price.minute {
            Some(minute) if usage.seconds > 0 => minute * f64::from(usage.seconds) / 60.0,
            _ => (price.prompt * usage.prompt_tokens as f64 + price.completion * usage.completion_tokens as f64) / 1e6,
        })
    }

    /// A price that is no price, if there is one.
    pub fn nonsense(&self) -> Option<&str> {
        let is_price = |amount: f64| amount.is_finite() && amount >= 0.0;
        let is_odd =
            |price: &Price| ![price.prompt, price.completion, price.minute.unwrap_or_default()].into_iter().all(is_price);
        let odd = self.0.iter().find(|(_, price)| is_odd(price));
        odd.map(|(model, _)| model.as_str())
    }
}

impl FromIterator<(String, Price)> for Prices {
    fn from_iter<I: IntoIterator<Item = (String, Price)>>(prices: I) -> Self {
        Self(prices.into_iter().collect())
    }
}
