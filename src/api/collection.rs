//! `/api/collection`: what a person owns or wants.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use super::codec::{Given, PostAny};
#[cfg(feature = "ssr")]
use super::house::{house, user};
use crate::domain::{
    AppError,
    answer::FeedbackReceipt,
    collection::{CollectionItem, Holding, Layering},
    page::Page,
};
#[cfg(feature = "ssr")]
use crate::{
    domain::{collection::Shelf, page::Cursor},
    learning::HoldingUpdate,
};

/// Says what a perfume is to the person. What is left out stays as it is; a rating of 0 and blank notes are taken back.
#[server(prefix = "/api", endpoint = "collection/set", input = PostAny)]
pub async fn set(
    fragrance_id: String,
    owned: Option<bool>,
    wishlist: Option<bool>,
    rating: Option<i64>,
    #[server(default)] personal_notes: Given<String>,
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
    let update = HoldingUpdate { owned, wishlist, rating, personal_notes: personal_notes.change() };
    house().learning.set_holding(&user, &id, update).await
}

/// The person's collection, last changed first; all of it, or what stands on one shelf.
#[server(prefix = "/api", endpoint = "collection/list", input = GetUrl)]
pub async fn list(cursor: Option<String>, shelf: Option<String>) -> Result<Page<CollectionItem>, AppError> {
    let user = user()?;
    let unknown = || AppError::bad_input("shelf", "A shelf is one of owned, wished or rated.");
    let shelf = shelf.map(|word| Shelf::from_word(&word).ok_or_else(unknown)).transpose()?;
    house().learning.collection(&user, shelf, Cursor::parse(cursor.as_deref())?).await
}

/// The pairs of the person's bottles that go together best, at most three.
#[server(prefix = "/api", endpoint = "collection/layerings", input = GetUrl)]
pub async fn layerings() -> Result<Vec<Layering>, AppError> {
    let user = user()?;
    house().advisor.layerings(&user).await
}

/// What one perfume is to the person.
#[server(prefix = "/api", endpoint = "collection/get", input = GetUrl)]
pub async fn get(fragrance_id: String) -> Result<Holding, AppError> {
    let user = user()?;
    let id = fragrance_id.parse()?;
    Ok(house().learning.holdings(&user).await?.remove(&id).unwrap_or_default())
}
