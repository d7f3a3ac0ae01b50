//! `/api/feedback`: what a person makes of an answer.

use leptos::prelude::*;

use super::codec::{PostAny, WordList};
#[cfg(feature = "ssr")]
use super::house::{house, user};
use crate::domain::{AppError, answer::FeedbackReceipt};
#[cfg(feature = "ssr")]
use crate::domain::{
    answer::Reaction,
    text::{limits, optional},
};

/// A reaction to a recommendation, or taking one back.
#[server(prefix = "/api", endpoint = "feedback/react", input = PostAny)]
pub async fn react(recommendation_id: String, reaction: String, undo: Option<bool>) -> Result<FeedbackReceipt, AppError> {
    let user = user()?;
    let reaction = Reaction::from_word(&reaction)
        .ok_or_else(|| AppError::bad_input("reaction", "A reaction is one of clicked, liked, disliked or purchased."))?;
    house().learning.react(&user, &recommendation_id.parse()?, reaction, undo.unwrap_or(false)).await
}

/// How good an answer was.
#[server(prefix = "/api", endpoint = "feedback/rate", input = PostAny)]
pub async fn rate(
    query_id: String,
    rating: i64,
    text: Option<String>,
    disliked_notes: Option<WordList>,
) -> Result<FeedbackReceipt, AppError> {
    let user = user()?;
    let id = query_id.parse()?;
    let rating = u8::try_from(rating)
        .ok()
        .filter(|r| (1..=5).contains(r))
        .ok_or_else(|| AppError::bad_input("rating", "A rating is a whole number from 1 to 5."))?;
    let text = optional("text", "The remark", text, limits::NOTES)?;
    house().learning.rate(&user, &id, rating, text, disliked_notes.unwrap_or_default().0).await
}
