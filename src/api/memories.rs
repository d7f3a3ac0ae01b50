//! `/api/memories`: what a person remembers.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use super::codec::PostAny;
#[cfg(feature = "ssr")]
use super::house::{house, redirect, user};
use crate::domain::{
    AppError,
    answer::FeedbackReceipt,
    memory::{FileRoom, Memory, MemoryCard, MemoryReceipt},
    page::Page,
};
#[cfg(feature = "ssr")]
use crate::domain::{
    memory::{MemoryFilter, MemoryType, RawMemoryDraft, first_words, parse_season},
    page::Cursor,
    text::{limits, optional},
};
#[cfg(feature = "ssr")]
use crate::memories::check_transcript;

/// Keeps a memory and starts to understand it.
#[server(prefix = "/api", endpoint = "memories/add", input = PostAny)]
pub async fn add(
    title: Option<String>,
    content: String,
    occasion: Option<String>,
    emotion: Option<String>,
    location: Option<String>,
    season: Option<String>,
    happened_at: Option<String>,
) -> Result<MemoryReceipt, AppError> {
    let user = user()?;
    let title = title.unwrap_or_default();
    let draft = RawMemoryDraft { title, content, occasion, emotion, location, season, happened_at }.check()?;
    let receipt = house().memories.add(&user, draft).await?;
    redirect(&format!("/memories/{}", receipt.id));
    Ok(receipt)
}

/// How large the file of a memory may be, by its kind.
#[server(prefix = "/api", endpoint = "memories/limits", input = GetUrl)]
pub async fn limits_of_files() -> Result<FileRoom, AppError> {
    user()?;
    Ok(house().memories.room())
}

/// The person's memories, newest first, narrowed by what is given.
#[server(prefix = "/api", endpoint = "memories/list", input = GetUrl)]
pub async fn list(
    cursor: Option<String>,
    q: Option<String>,
    r#type: Option<String>,
    emotion: Option<String>,
    season: Option<String>,
    note: Option<String>,
    place: Option<String>,
    unfinished: Option<bool>,
) -> Result<Page<MemoryCard>, AppError> {
    let user = user()?;
    let filter = MemoryFilter {
        q: optional("q", "The search", q, limits::QUERY)?,
        memory_type: match optional("type", "The type", r#type, limits::SHORT)? {
            None => None,
            Some(word) => Some(
                MemoryType::from_word(&word)
                    .ok_or_else(|| AppError::bad_input("type", "A type is one of text, image, pdf or audio."))?,
            ),
        },
        emotion: optional("emotion", "The emotion", emotion, limits::SHORT)?,
        season: parse_season(season.as_deref())?,
        place: optional("place", "The place", place, limits::SHORT)?,
        note: optional("note", "The note", note, limits::SHORT)?,
        unfinished: unfinished.unwrap_or(false),
    };
    house().memories.list(&user, filter, Cursor::parse(cursor.as_deref())?).await
}

/// One memory with everything that was understood of it.
#[server(prefix = "/api", endpoint = "memories/get", input = GetUrl)]
pub async fn get(id: String) -> Result<Memory, AppError> {
    let user = user()?;
    house().memories.get(&user, &id.parse()?).await
}

/// Rewrites a memory, and puts right what was heard in a recording. What is left out stays as it is; what is blank becomes empty. A form cannot tell the two apart: with
/// `whole` it says that it holds every field, and what is left out becomes empty, too.
#[server(prefix = "/api", endpoint = "memories/update", input = PostAny)]
pub async fn update(
    id: String,
    title: Option<String>,
    content: Option<String>,
    occasion: Option<String>,
    emotion: Option<String>,
    location: Option<String>,
    season: Option<String>,
    happened_at: Option<String>,
    transcript: Option<String>,
    whole: Option<bool>,
) -> Result<MemoryReceipt, AppError> {
    let user = user()?;
    let id = id.parse()?;
    let house = house();
    let before = house.memories.get(&user, &id).await?;
    let whole = whole.unwrap_or(false);
    // Forms end their lines as typewriters do, which would move every mark behind them.
    let transcript = transcript.map(|said| said.replace("\r\n", "\n"));
    let heard_otherwise = transcript.filter(|said| before.transcript.as_ref().is_some_and(|heard| heard != said));
    let file = before.file.as_ref().map(|file| file.name.clone());
    // A title that was made of the old words is made anew of the new ones.
    let was_made = before.title == first_words(&before.content);
    let title = or_made(title, &before.title, was_made);
    let or = |given: Option<String>, before: Option<String>| given.or(before.filter(|_| !whole));
    let draft = RawMemoryDraft {
        title: or(title, Some(before.title)).unwrap_or_default(),
        content: or(content, Some(before.content)).unwrap_or_default(),
        occasion: or(occasion, before.occasion),
        emotion: or(emotion, before.emotion),
        location: or(location, before.location),
        season: or(season, before.season.map(|s| s.as_str().to_owned())),
        happened_at: or(happened_at, before.happened_at.map(|t| t.to_rfc3339())),
    };
    let draft = match file {
        Some(name) => draft.check_beside(&name)?,
        None => draft.check()?,
    };
    // All that was sent is checked before anything of it is kept.
    let heard_otherwise = heard_otherwise.map(check_transcript).transpose()?;
    let mut receipt = house.memories.update(&user, &id, draft).await?;
    if let Some(transcript) = heard_otherwise {
        receipt = house.memories.correct_transcript(&user, &id, transcript).await?;
    }
    redirect(&format!("/memories/{id}"));
    Ok(receipt)
}

/// The title that was given, or a blank one where the title before was made of the content and is not changed by hand.
#[cfg(feature = "ssr")]
fn or_made(given: Option<String>, before: &str, was_made: bool) -> Option<String> {
    if was_made && given.as_deref().is_none_or(|title| title == before) { Some(String::new()) } else { given }
}

/// Puts a note right: it is there, or it is not.
#[server(prefix = "/api", endpoint = "memories/correct", input = PostAny)]
pub async fn correct(id: String, note: String, present: bool) -> Result<FeedbackReceipt, AppError> {
    let user = user()?;
    house().memories.correct(&user, &id.parse()?, &note, present).await
}

/// Tries a failed memory again.
#[server(prefix = "/api", endpoint = "memories/retry", input = PostAny)]
pub async fn retry(id: String) -> Result<MemoryReceipt, AppError> {
    let user = user()?;
    house().memories.retry(&user, &id.parse()?).await
}

/// Stops what is being done with a memory.
#[server(prefix = "/api", endpoint = "memories/cancel", input = PostAny)]
pub async fn cancel(id: String) -> Result<MemoryReceipt, AppError> {
    let user = user()?;
    house().memories.cancel(&user, &id.parse()?).await
}

/// Deletes a memory with everything that was learned from it.
#[server(prefix = "/api", endpoint = "memories/delete", input = PostAny)]
pub async fn delete(id: String) -> Result<FeedbackReceipt, AppError> {
    let user = user()?;
    let receipt = house().memories.delete(&user, &id.parse()?).await?;
    redirect("/memories");
    Ok(receipt)
}
