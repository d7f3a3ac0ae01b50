//! `/api/usage`: what the provider's models used and cost.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::house::{house, user};
use crate::domain::{AppError, usage::UsageReport};

/// What the caller has used this month.
#[server(prefix = "/api", name = GetUsage, endpoint = "usage/get", input = GetUrl)]
pub async fn get() -> Result<UsageReport, AppError> {
    let user = user()?;
    house().meter.report(&user).await
}
