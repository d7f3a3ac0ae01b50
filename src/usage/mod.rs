//! The books: what calls of a provider's models used, what that cost, and whether more may be spent.

mod prices;
#[cfg(test)]
mod tests;

use std::{future::Future, sync::Arc};

use time::OffsetDateTime;
use tokio::{runtime::Handle, task::JoinHandle};

pub use prices::{Price, Prices};

use crate::{
    ai::{Tally, Usage},
    domain::{
        AppResult,
        answer::TokenUsage,
        ids::{FineTuningJobId, MemoryId, QueryId, UserId},
        operation::HouseUsage,
        time::Timestamp,
        usage::{CURRENCY, MonthOfUse, UsageReport},
    },
    store::{
        Store, census,
        model_usage::{self, UsageRow},
    },
};

/// From this part of a budget on, it is told that little is left.
const NEAR: f64 = 0.8;

/// What may be spent in a calendar month (UTC): in the currency of the prices, and in tokens, which also holds for models whose
/// price is not known. None is without limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budgets {
    pub of_person: Option<f64>,
    pub of_house: Option<f64>,
    pub tokens_of_person: Option<u64>,
    pub tokens_of_house: Option<u64>,
}

impl Budgets {
    fn limit_money(&self) -> bool {
        self.of_person.or(self.of_house).is_some()
    }

    /// Whether money alone is limited: what has no price is then not limited at all.
    pub fn need_prices(&self) -> bool {
        self.limit_money() && self.tokens_of_person.or(self.tokens_of_house).is_none()
    }
}

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Answer(QueryId),
    Memory(MemoryId),
    /// How well a model writes that was tuned.
    Measuring(FineTuningJobId),
}

impl Purpose {
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Answer(id) => ("answer", id.as_str()),
            Self::Memory(id) => ("memory", id.as_str()),
            Self::Measuring(id) => ("measuring", id.as_str()),
        }
    }
}

/// Whether more may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Fine,
    /// Little is left, of the person's budget or the house's.
    Near,
    /// Nothing is left: the local models serve until the month ends.
    Spent,
}

fn total_of(rows: &[UsageRow]) -> TokenUsage {
    TokenUsage {
        prompt_tokens: rows.iter().map(|row| row.prompt_tokens).sum(),
        completion_tokens: rows.iter().map(|row| row.completion_tokens).sum(),
        cost: rows.iter().map(|row| row.cost).sum(),
        unpriced: rows.iter().any(|row| !row.priced),
    }
}

/// What a training is booked under.
const TRAINING: &str = "training";

/// What is left of budgets; none is without limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Left {
    pub money: Option<f64>,
    pub tokens: Option<u64>,
}

/// Some work under way, and what is used for it. It is booked when the work ends, and when it is broken off.
struct Tab {
    meter: Meter,
    user: Option<UserId>,
    purpose: Purpose,
    tally: Tally,
}

impl Tab {
    /// What was used, and the task that books it: once begun, nobody has to wait for it.
    fn close(&self) -> (TokenUsage, Option<JoinHandle<()>>) {
        let row = |usage: &Usage| self.meter.row(self.user.as_ref(), self.purpose.parts(), usage);
        let rows: Vec<UsageRow> = self.tally.take().iter().map(row).collect();
        let total = total_of(&rows);
        if rows.is_empty() {
            return (total, None);
        }
        let meter = self.meter.clone();
        match Handle::try_current() {
            Ok(runtime) => (total, Some(runtime.spawn(async move { meter.book(rows, total.cost).await }))),
            Err(error) => {
                tracing::error!(%error, usage.cost = total.cost, "what a model cost could not be booked: the process ends");
                (total, None)
            }
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.close();
    }
}

/// Keeps the books.
#[derive(Clone)]
pub struct Meter {
    store: Store,
    prices: Arc<Prices>,
    budgets: Budgets,
    has_provider: bool,
}

impl Meter {
    pub fn new(store: Store, prices: Prices, budgets: Budgets) -> Self {
        Self { store, prices: Arc::new(prices), budgets, has_provider: true }
    }

    /// Of a house without a provider.
    pub fn idle(store: Store) -> Self {
        Self { store, prices: Arc::default(), budgets: Budgets::default(), has_provider: false }
    }

    /// Runs some work for a person (or for the house itself, where none is given), and books what the provider's models used
    /// meanwhile, also when nobody waits for its end. Work that is moved to another task is not counted.
    pub async fn booked<F: Future>(&self, user: Option<&UserId>, purpose: &Purpose, work: F) -> (F::Output, TokenUsage) {
        let tab = Tab { meter: self.clone(), user: user.cloned(), purpose: purpose.clone(), tally: Tally::default() };
        let output = tab.tally.counting(work).await;
        let (total, booking) = tab.close();
        if let Some(booking) = booking
            && let Err(error) = booking.await
        {
            tracing::error!(%error, "what a model used could not be booked");
        }
        (output, total)
    }

    /// `user` is none for what the house does for itself.
    fn row(&self, user: Option<&UserId>, (purpose, subject): (&str, &str), usage: &Usage) -> UsageRow {
        let cost = self.prices.cost(usage);
        if cost.is_none() {
            metrics::counter!("flowery_model_calls_unpriced_total", "job" => usage.job.as_str()).increment(1);
        }
        UsageRow {
            user: user.cloned(),
            purpose: purpose.to_owned(),
            subject: Some(subject.to_owned()),
            job: usage.job.as_str().to_owned(),
            model: usage.model.clone(),
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            cost: cost.unwrap_or_default(),
            priced: cost.is_some(),
            seconds: usage.seconds,
            estimated: usage.estimated,
        }
    }

    /// Whether more may be spent for a person.
    pub async fn standing(&self, user: &UserId) -> AppResult<Standing> {
        let since = month_start(OffsetDateTime::now_utc());
        let Budgets { of_person, of_house, tokens_of_person, tokens_of_house } = self.budgets;
        let mut standing = Standing::Fine;
        for (money, tokens, whose) in [(of_person, tokens_of_person, Some(user)), (of_house, tokens_of_house, None)] {
            if money.is_none() && tokens.is_none() {
                continue;
            }
            let spent = model_usage::spent(&self.store, whose, since).await?;
            let of_tokens = tokens.map(|budget| (spent.tokens as f64, budget as f64));
            for (spent, budget) in money.map(|budget| (spent.cost, budget)).into_iter().chain(of_tokens) {
                if spent >= budget {
                    return Ok(Standing::Spent);
                }
                if spent >= NEAR * budget {
                    tracing::warn!(
                        usage.spent = spent,
                        usage.budget = budget,
                        usage.of_house = whose.is_none(),
                        "a budget is nearly spent"
                    );
                    standing = Standing::Near;
                }
            }
        }
        Ok(standing)
    }

    /// Books a training: tokens that were learned from, and what they cost. Booked again, after a crash, it counts once.
    pub async fn book_training(&self, id: &FineTuningJobId, model: &str, tokens: u64, cost: f64) -> AppResult<()> {
        let row = UsageRow {
            user: None,
            purpose: TRAINING.to_owned(),
            subject: Some(id.to_string()),
            job: TRAINING.to_owned(),
            model: model.to_owned(),
            prompt_tokens: tokens,
            completion_tokens: 0,
            cost,
            priced: true,
            seconds: 0,
            estimated: false,
        };
        metrics::gauge!("flowery_model_cost").increment(cost);
        Ok(model_usage::insert_once(&self.store, &format!("{TRAINING}_{id}"), row).await?)
    }

    async fn book(&self, rows: Vec<UsageRow>, cost: f64) {
        metrics::gauge!("flowery_model_cost").increment(cost);
        if let Err(error) = model_usage::insert(&self.store, rows).await {
            // The work is done and paid: it is not thrown away because the book is stuck.
            tracing::error!(error = %error, usage.cost = cost, "what a model cost could not be booked");
        }
    }

    /// Whether the budgets hold for a model: not where money is limited and its price is not known.
    pub fn holds_for(&self, model: &str) -> bool {
        !self.budgets.limit_money() || self.prices.of(model).is_some()
    }

    /// What a call costs; none if the price of its model is not known.
    pub fn cost(&self, usage: &Usage) -> Option<f64> {
        self.prices.cost(usage)
    }

    /// What is left of the house's budgets this month.
    pub async fn left_of_house(&self) -> AppResult<Left> {
        let Budgets { of_house, tokens_of_house, .. } = self.budgets;
        if of_house.is_none() && tokens_of_house.is_none() {
            return Ok(Left::default());
        }
        let spent = model_usage::spent(&self.store, None, month_start(OffsetDateTime::now_utc())).await?;
        Ok(Left {
            money: of_house.map(|budget| (budget - spent.cost).max(0.0)),
            tokens: tokens_of_house.map(|budget| budget.saturating_sub(spent.tokens)),
        })
    }

    /// What the whole house has used this month, and how long its answers took.
    pub async fn of_house(&self) -> AppResult<HouseUsage> {
        let now = OffsetDateTime::now_utc();
        let used = self.month(now, None).await?;
        let since = month_start(now);
        let mut latencies = census::latencies(&self.store, since).await?;
        latencies.sort_by(f64::total_cmp);
        let quantile = |part: f64| {
            let at = (part * latencies.len().saturating_sub(1) as f64).round() as usize;
            latencies.get(at).copied().unwrap_or_default()
        };
        Ok(HouseUsage { used, questions: latencies.len() as u64, median_ms: quantile(0.5), p95_ms: quantile(0.95) })
    }

    /// What a person has used this month.
    pub async fn report(&self, user: &UserId) -> AppResult<UsageReport> {
        let used = self.month(OffsetDateTime::now_utc(), Some(user)).await?;
        let notice = match self.standing(user).await? {
            Standing::Spent => Some("This month's budget is spent: the local models answer until it begins anew.".to_owned()),
            Standing::Near => Some("Little is left of this month's budget.".to_owned()),
            Standing::Fine if used.total.unpriced && self.budgets.need_prices() => {
                Some("The price of a model is not known here, so the budget does not hold for it.".to_owned())
            }
            Standing::Fine => None,
        };
        Ok(UsageReport { used, notice, has_provider: self.has_provider })
    }

    /// What was used in the month of a moment, by a person or by all.
    async fn month(&self, of: OffsetDateTime, user: Option<&UserId>) -> AppResult<MonthOfUse> {
        let lines = model_usage::lines(&self.store, user, month_start(of)).await?;
        let (budget, token_budget) = match user {
            Some(_) => (self.budgets.of_person, self.budgets.tokens_of_person),
            None => (self.budgets.of_house, self.budgets.tokens_of_house),
        };
        Ok(MonthOfUse {
            month: format!("{:04}-{:02}", of.year(), u8::from(of.month())),
            currency: CURRENCY.to_owned(),
            total: MonthOfUse::total_of(&lines),
            lines,
            budget,
            token_budget,
        })
    }
}

fn month_start(now: OffsetDateTime) -> Timestamp {
    let first = now.replace_day(1).unwrap_or(now).replace_time(time::Time::MIDNIGHT);
    Timestamp::from_unix_nanos(first.unix_timestamp_nanos())
}
