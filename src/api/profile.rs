//! `/api/profile`: a person's taste.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use super::codec::{Given, PostAny, WordList};
#[cfg(feature = "ssr")]
use super::house::{house, user};
use crate::domain::{AppError, answer::FeedbackReceipt, page::Page, profile::Profile, taste::TasteEvent};
#[cfg(feature = "ssr")]
use crate::{
    domain::{
        fragrance::{Currency, Family, Intensity},
        intent::Budget,
        page::Cursor,
    },
    learning::ProfileUpdate,
};

/// The person's taste, with what led there counted.
#[server(prefix = "/api", endpoint = "profile/get", input = GetUrl)]
pub async fn get() -> Result<Profile, AppError> {
    let user = user()?;
    house().learning.profile(&user).await
}

/// The story of the taste, newest first.
#[server(prefix = "/api", endpoint = "profile/history", input = GetUrl)]
pub async fn history(cursor: Option<String>) -> Result<Page<TasteEvent>, AppError> {
    let user = user()?;
    house().learning.history(&user, Cursor::parse(cursor.as_deref())?).await
}

/// States parts of the profile. What is left out stays; an empty list or intensity, and a blank upper end of the budget, is taken
/// back.
#[server(prefix = "/api", endpoint = "profile/update", input = PostAny)]
pub async fn update(
    preferred_families: Option<WordList>,
    disliked_notes: Option<WordList>,
    intensity_preference: Option<String>,
    #[server(default)] budget_min: Given<f64>,
    #[server(default)] budget_max: Given<f64>,
    currency: Option<String>,
    budget: Option<crate::domain::intent::Budget>,
    clear_budget: Option<bool>,
) -> Result<Profile, AppError> {
    let user = user()?;
    let update = ProfileUpdate {
        preferred_families: preferred_families.map(families).transpose()?,
        disliked_notes: disliked_notes.map(|words| words.0),
        intensity_preference: intensity_preference.map(|word| intensity(&word)).transpose()?,
        budget: match (budget, clear_budget.unwrap_or(false)) {
            (_, true) => Some(None),
            (Some(budget), _) => Some(Some(plausible(budget)?)),
            (None, _) => budget_of(budget_min, budget_max, currency)?,
        },
    };
    house().learning.update_profile(&user, update).await
}

/// Takes back one thing that moved the taste.
#[server(prefix = "/api", endpoint = "profile/undo", input = PostAny)]
pub async fn undo(event_id: String) -> Result<FeedbackReceipt, AppError> {
    let user = user()?;
    house().learning.undo(&user, &event_id.parse()?).await
}

#[cfg(feature = "ssr")]
fn families(words: WordList) -> Result<Vec<Family>, AppError> {
    let known = || Family::ALL.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ");
    words
        .0
        .iter()
        .map(|word| {
            Family::from_word(&word.to_lowercase()).ok_or_else(|| {
                AppError::bad_input("preferred_families", format!("“{word}” is not a family; the families are {}.", known()))
            })
        })
        .collect()
}

#[cfg(feature = "ssr")]
fn intensity(word: &str) -> Result<Option<Intensity>, AppError> {
    match word.trim() {
        "" => Ok(None),
        word => Intensity::from_word(word)
            .map(Some)
            .ok_or_else(|| AppError::bad_input("intensity_preference", "An intensity is one of soft, moderate or strong.")),
    }
}

#[cfg(feature = "ssr")]
fn currency_of(word: Option<String>) -> Result<Currency, AppError> {
    match word.as_deref().map(str::trim).unwrap_or_default() {
        "" => Ok(Currency::Eur),
        word => Currency::from_word(&word.to_uppercase())
            .ok_or_else(|| AppError::bad_input("currency", "A currency is one of EUR, USD, GBP or CHF.")),
    }
}

/// What a budget becomes by its two ends; none if they say nothing of it.
#[cfg(feature = "ssr")]
fn budget_of(min: Given<f64>, max: Given<f64>, currency: Option<String>) -> Result<Option<Option<Budget>>, AppError> {
    match (min, max) {
        (Given::Value(_), Given::Nothing | Given::Blank) => {
            Err(AppError::bad_input("budget_max", "Please say up to which price: a lower end alone is no budget."))
        }
        (min, Given::Value(max)) => {
            let min = min.change().flatten();
            Ok(Some(Some(plausible(Budget { min, max, currency: currency_of(currency)? })?)))
        }
        (_, Given::Blank) => Ok(Some(None)),
        (_, Given::Nothing) => Ok(None),
    }
}

#[cfg(feature = "ssr")]
fn plausible(budget: Budget) -> Result<Budget, AppError> {
    let amount = |x: f64| x.is_finite() && (0.0..=100_000.0).contains(&x);
    if amount(budget.max) && budget.max > 0.0 && budget.min.is_none_or(|min| amount(min) && min <= budget.max) {
        Ok(budget)
    } else {
        Err(AppError::bad_input("budget", "A budget is an amount above zero, its lower end not above its upper end."))
    }
}
