//! What a training uses and costs, and whether there is room for it.

use super::{Exported, Line, Tuning, measure};
use crate::{
    ai::{Job, Usage, Writer},
    domain::{AppResult, operation::TuningTerms, usage::CURRENCY},
    learning::form,
};

/// About so much. Amounts are in the currency of the prices.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Estimate {
    pub tokens: u64,
    /// Without what has no price.
    pub cost: f64,
}

/// A token is about four bytes.
fn tokens<'a>(lines: impl Iterator<Item = &'a Line>) -> u64 {
    lines.map(|line| line.text.len().div_ceil(4) as u64).sum()
}

impl Tuning {
    /// What a training of a model on these examples will use, with the measuring that follows. None if nobody said what training
    /// costs.
    pub(super) fn estimate(&self, base: &str, material: &Exported) -> Option<Estimate> {
        let tokens = tokens(material.training.iter()) * u64::from(self.options.epochs);
        let cost = tokens as f64 * self.options.price? / 1e6;
        // What it will be called is not known before.
        let measuring = self.measuring(&material.held_out, &format!("ft:{base}:"));
        Some(Estimate { tokens: tokens + measuring.tokens, cost: cost + measuring.cost })
    }

    /// What it will use at most to measure a tuned model against the one in service.
    pub(super) fn measuring(&self, held_out: &[Line], tuned: &str) -> Estimate {
        let calls = held_out.len().min(measure::MOST) as u64;
        let usage = |model: &str| Usage {
            job: Job::Chat,
            model: model.to_owned(),
            prompt_tokens: tokens(held_out.iter().take(measure::MOST)),
            completion_tokens: calls * u64::from(form::LONGEST),
            seconds: 0,
            estimated: true,
        };
        let serving = self.serving.as_ref().map(|serving| serving.writer.model());
        let each = [serving.as_deref(), Some(tuned)].into_iter().flatten().map(usage);
        each.fold(Estimate::default(), |sum, usage| Estimate {
            tokens: sum.tokens + usage.prompt_tokens + usage.completion_tokens,
            cost: sum.cost + self.meter.cost(&usage).unwrap_or_default(),
        })
    }

    /// Why there is no room for what is still to come of a training that has cost so much already, as a sentence.
    pub(super) async fn lacks_room(&self, to_come: Estimate, paid: f64) -> AppResult<Option<String>> {
        let Estimate { tokens, cost } = to_come;
        let cap = self.options.cap;
        if paid + cost > cap {
            return Ok(Some(format!(
                "It would cost about {:.2} {CURRENCY}, and a training may cost {cap:.2} (FLOWERY_TUNING_CAP).",
                paid + cost
            )));
        }
        let left = self.meter.left_of_house().await?;
        Ok(match (left.money, left.tokens) {
            (Some(left), _) if cost > left => {
                Some(format!("It would cost about {cost:.2} {CURRENCY}, and {left:.2} are left of this month's budget."))
            }
            (_, Some(left)) if tokens > left => {
                Some(format!("It would use about {tokens} tokens, and {left} are left of this month's budget."))
            }
            _ => None,
        })
    }

    /// What holds of every training; none where no language model can be tuned.
    pub fn terms(&self, material: &Exported) -> Option<TuningTerms> {
        let base = self.base_model()?;
        Some(TuningTerms {
            price: self.options.price,
            cap: self.options.cap,
            estimate: self.estimate(base, material).map(|estimate| estimate.cost),
            margin: measure::MARGIN,
            standard_errors: measure::STANDARD_ERRORS,
        })
    }
}
