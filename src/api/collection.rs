//! `/api/collection`: what a person owns or wants.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use super::codec::PostAny;
#[cfg(feature = "ssr")]
use super::house::{house, user};
use crate::domain::{
    AppError,
    answer::FeedbackReceipt,
    collection::{CollectionItem, Holding},
    page::Page,
};
#[cfg(feature = "ssr")]
use crate::{
    domain::{
        page::Cursor,
        text::{limits, optional},
    },
    learning::HoldingUpdate,
};

/// Says what a perfume is to the person. What is left out stays as it is; a rating of 0 and blank notes are taken back.
#[server(prefix = "/api", endpoint = "collection/set", input = PostAny)]
pub async fn set(
    fragrance_id: String,
    owned: Option<bool>,
    wishlist: Option<bool>,
    rating: Option<i64>,
    personal_notes: Option<String>,
) -> Result<FeedbackReceipt, AppError> {
    let user = user()?;
    let id = fragrance_id.parse()?;
    let rating = match rating {
        None => None,
        Some(0) => Some(None),
        Some(n) => Some(Some(
            u8::try_from(n)
                .ok()
                .filter(|r| (1..=5).contains(r))
                .ok_or_else(|| AppError::bad_input("rating", "A rating is a whole number from 1 to 5."))?,
        )),
    };
    let personal_notes = match personal_notes {
        None => None,
        Some(text) => Some(optional("personal_notes", "Your notes", Some(text), limits::NOTES)?),
    };
    house().learning.set_holding(&user, &id, HoldingUpdate { owned, wishlist, rating, personal_notes }).await
}

/// The person's collection, last changed first.
#[server(prefix = "/api", endpoint = "collection/list", input = GetUrl)]
pub async fn list(cursor: Option<String>) -> Result<Page<CollectionItem>, AppError> {
    let user = user()?;
    house().learning.collection(&user, Cursor::parse(cursor.as_deref())?).await
}

/// What one perfume is to the person.
#[server(prefix = "/api", endpoint = "collection/get", input = GetUrl)]
pub async fn get(fragrance_id: String) -> Result<Holding, AppError> {
    let user = user()?;
    let id = fragrance_id.parse()?;
    Ok(house().learning.holdings(&user).await?.remove(&id).unwrap_or_default())
}
