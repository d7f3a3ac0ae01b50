//! `/api/ask`: questions and answers.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use super::codec::PostAny;
#[cfg(feature = "ssr")]
use super::house::{Limited, house, redirect, user};
use crate::domain::{
    AppError,
    answer::{Answer, AskedQuestion, LoggedAnswer, WhyNot},
    intent::Intent,
    page::Page,
};
#[cfg(feature = "ssr")]
use crate::domain::{
    ids::{QueryId, UserId},
    page::Cursor,
    text::{limits, required},
};

/// Checks a question and counts it.
#[cfg(feature = "ssr")]
pub(super) fn question(user: &UserId, query: String) -> Result<String, AppError> {
    let query = required("query", "The question", query, limits::QUERY)?;
    house().limits.check(Limited::Questions, user.as_str())?;
    Ok(query)
}

/// Answers a question.
#[server(prefix = "/api", endpoint = "ask/submit", input = PostAny)]
pub async fn submit(query: String) -> Result<Answer, AppError> {
    let user = user()?;
    let query = question(&user, query)?;
    let answer = house().advisor.ask(&user, &query).await?;
    redirect(&format!("/ask/{}", answer.query_id));
    Ok(answer)
}

/// Answers an earlier question again: with a corrected intent, without one of its chips, or closer to or further from a perfume.
#[server(prefix = "/api", endpoint = "ask/refine", input = PostAny)]
pub async fn refine(
    query_id: String,
    intent: Option<Intent>,
    remove_kind: Option<String>,
    remove_value: Option<String>,
    /// A perfume's id, as in `less_like`.
    more_like: Option<String>,
    less_like: Option<String>,
) -> Result<Answer, AppError> {
    let user = user()?;
    let id: QueryId = query_id.parse()?;
    let house = house();
    house.limits.check(Limited::Questions, user.as_str())?;
    let before = async || Ok::<_, AppError>(house.advisor.get(&user, &id).await?.answer.intent);
    let intent = match (intent, remove_kind, more_like, less_like) {
        (Some(intent), ..) => intent,
        (None, Some(kind), ..) => before().await?.without(&kind, remove_value.as_deref().unwrap_or_default()),
        (None, None, Some(perfume), _) => before().await?.closer_to(house.catalog.fragrance(&perfume.parse()?)?.as_ref()),
        (None, None, None, Some(perfume)) => before().await?.further_from(&perfume.parse()?),
        (None, None, None, None) => {
            return Err(AppError::bad_input("intent", "Please say what the question should mean instead."));
        }
    };
    let answer = house.advisor.refine(&user, &id, intent).await?;
    redirect(&format!("/ask/{}", answer.query_id));
    Ok(answer)
}

/// Why a perfume is not among the answers. As much work as a question, and counted as one.
#[server(prefix = "/api", name = ExplainAbsence, endpoint = "ask/why_not", input = GetUrl)]
pub async fn why_not(query_id: String, fragrance_id: String) -> Result<WhyNot, AppError> {
    let user = user()?;
    house().limits.check(Limited::Questions, user.as_str())?;
    house().advisor.why_not(&user, &query_id.parse()?, &fragrance_id.parse()?).await
}

/// The person's questions, newest first.
#[server(prefix = "/api", endpoint = "ask/history", input = GetUrl)]
pub async fn history(cursor: Option<String>) -> Result<Page<AskedQuestion>, AppError> {
    let user = user()?;
    house().advisor.history(&user, Cursor::parse(cursor.as_deref())?).await
}

/// One question with its answer, as it was given.
#[server(prefix = "/api", endpoint = "ask/get", input = GetUrl)]
pub async fn get(id: String) -> Result<LoggedAnswer, AppError> {
    let user = user()?;
    house().advisor.get(&user, &id.parse()?).await
}
