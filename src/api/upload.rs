//! Files in and out: plain routes, because they stream.

use axum::{
    Extension,
    body::Body,
    extract::{Multipart, Query, multipart::MultipartRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use futures::{StreamExt, stream};
use http_range_header::parse_range_header;
use serde::Deserialize;

use super::{
    form_data::{broken, chosen, form, is_from_page, is_yes, page_with, words},
    house::{CurrentCaller, House},
    memories::Add,
    set_aside::{cookie, token},
    stream::{Refusal, user_of},
};
use crate::{
    domain::{
        AppError, AppResult,
        ids::{MemoryId, UserId},
        memory::{MemoryReceipt, RawMemoryDraft},
        typed::{FormName, Typed},
    },
    memories::{Incoming, Size},
};

/// What tells everybody on the way, our own compression too, to leave a body as it is.
pub const NO_TRANSFORM: &str = "no-transform";

/// `POST /api/memories/upload`: a file with the words that go with it. A page without JavaScript is sent on to the memory, or
/// back to its form with what went wrong and what was written.
pub async fn upload(
    Extension(house): Extension<House>,
    Extension(caller): Extension<CurrentCaller>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Response {
    let from_page = is_from_page(&headers);
    let mut draft = RawMemoryDraft::default();
    let kept = async {
        let user = user_of(caller)?;
        keep(&house, &user, form(parts)?, &mut draft, from_page).await
    };
    match kept.await {
        Ok(receipt) if from_page => {
            if let Some(token) = token(cookies(&headers)) {
                house.set_aside.remove(token, FormName::Memory);
            }
            let told = if receipt.already_kept { "?already=kept" } else { "" };
            Redirect::to(&format!("/memories/{}{told}", receipt.id)).into_response()
        }
        Ok(receipt) => axum::Json(receipt).into_response(),
        Err(error) if from_page => back_to_form(&house, &headers, &draft, error),
        Err(error) => Refusal::from(error).into_response(),
    }
}

fn cookies(headers: &HeaderMap) -> &str {
    headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Sends a page to the form for a memory, which shows these words.
pub(super) fn to_form(house: &House, headers: &HeaderMap, draft: &RawMemoryDraft, address: &str) -> Response {
    let typed = Typed::default()
        .with("title", Some(&draft.title))
        .with("content", Some(&draft.content))
        .with("occasion", draft.occasion.as_deref())
        .with("emotion", draft.emotion.as_deref())
        .with("location", draft.location.as_deref())
        .with("season", draft.season.as_deref())
        .with("happened_at", draft.happened_at.as_deref());
    let mut response = Redirect::to(address).into_response();
    if let Some(value) = cookie(&house.set_aside, cookies(headers), house.secure_cookies, FormName::Memory, typed) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The same with what went wrong: the form of the page is that of `add`, which shows its errors.
pub(super) fn back_to_form(house: &House, headers: &HeaderMap, draft: &RawMemoryDraft, error: AppError) -> Response {
    match page_with(<Add as server_fn::ServerFn>::PATH, "/memories/new", &error) {
        Some(address) => to_form(house, headers, draft, &address),
        None => Refusal::from(error).into_response(),
    }
}

/// A page has one form for everything: from there, words without a file are a memory, too. What is wrong with a file does not
/// keep the words behind it from being read into the draft.
async fn keep(
    house: &House,
    user: &UserId,
    mut parts: Multipart,
    draft: &mut RawMemoryDraft,
    from_page: bool,
) -> AppResult<MemoryReceipt> {
    let (mut incoming, mut place, mut again): (Option<AppResult<Incoming>>, bool, bool) = (None, false, false);
    loop {
        let mut part = match parts.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) => return Err(incoming.and_then(Result::err).unwrap_or_else(|| broken(&error))),
        };
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => {
                let called = part.file_name().unwrap_or_default().to_owned();
                let Some(bytes) = chosen(&mut part, &called).await? else { continue };
                let taken = match incoming {
                    Some(_) => Err(AppError::bad_input("file", "Please send one file at a time.")),
                    None => house.memories.receive(&called, stream::iter([Ok(bytes)]).chain(part)).await,
                };
                match taken {
                    Err(error) if !from_page => return Err(error),
                    taken => incoming = Some(taken),
                }
            }
            "title" => draft.title = words(part).await?,
            "content" => draft.content = words(part).await?,
            "occasion" => draft.occasion = Some(words(part).await?),
            "emotion" => draft.emotion = Some(words(part).await?),
            "location" => draft.location = Some(words(part).await?),
            "season" => draft.season = Some(words(part).await?),
            "happened_at" => draft.happened_at = Some(words(part).await?),
            "use_place" => place = is_yes(&words(part).await?),
            "again" => again = is_yes(&words(part).await?),
            // Of fields that nobody knows, nothing is kept.
            _ => {}
        }
    }
    match incoming.transpose()? {
        Some(incoming) => house.memories.add_file(user, incoming, draft.clone(), (place, again)).await,
        None if from_page => house.memories.add(user, draft.clone().check()?).await,
        None => Err(AppError::bad_input("file", "Please choose a file.")),
    }
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    id: String,
    #[serde(default)]
    size: String,
}

/// `GET /api/memories/original`: the file of a memory as it was given, or (`size=display|thumbnail`) a picture of it. Only to its
/// owner, and so that nothing in it can run as a page of this site.
pub async fn original(
    Extension(house): Extension<House>,
    Extension(caller): Extension<CurrentCaller>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let user = user_of(caller)?;
    let id: MemoryId = wanted.id.parse()?;
    let size = Size::from_word(&wanted.size)
        .ok_or_else(|| AppError::bad_input("size", "A size is one of original, display or thumbnail."))?;
    let file = house.memories.original(&user, &id, size).await?;
    let (total, tag) = (file.bytes, format!("\"{}\"", file.version));
    let told = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if told(header::IF_NONE_MATCH).is_some_and(|known| is_among(known, &tag)) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        set_freshness(&mut response, tag);
        return Ok(response);
    }
    // A part of another version would not fit to what is there already.
    let fits = told(header::IF_RANGE).is_none_or(|version| version == tag);
    let range = match told(header::RANGE).filter(|_| fits).map(parse_range_header) {
        // What is no range is as good as none.
        None | Some(Err(_)) => None,
        Some(Ok(ranges)) => match ranges.validate(total).as_deref() {
            Ok([one]) => Some(one.clone()),
            // Several at once: the whole is a right answer, too.
            Ok(_) => None,
            Err(_) => {
                let unsatisfied = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
                return Ok((StatusCode::RANGE_NOT_SATISFIABLE, unsatisfied).into_response());
            }
        },
    };
    let bounds = range.clone().map(|range| *range.start()..range.end() + 1);
    let sent = house.memories.send(&file, bounds).await?;
    let mut response = Body::from_stream(sent.bytes).into_response();
    let length = range.as_ref().map_or(total, |range| range.end() - range.start() + 1);
    if let Some(range) = &range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        set(&mut response, header::CONTENT_RANGE, format!("bytes {}-{}/{total}", range.start(), range.end()));
    }
    set(&mut response, header::CONTENT_TYPE, file.media_type.clone());
    set(&mut response, header::CONTENT_LENGTH, length.to_string());
    set(&mut response, header::ACCEPT_RANGES, "bytes".to_owned());
    set(&mut response, header::CONTENT_DISPOSITION, disposition(&file.name, &file.media_type));
    set_freshness(&mut response, tag);
    set(&mut response, header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned());
    Ok(response)
}

/// Whoever has it asks each time whether they still may: after a sign-out on a shared computer, or a deletion, the answer is
/// another. It is sent as it is, since a tag and a range are those of these very bytes.
fn set_freshness(response: &mut Response, tag: String) {
    set(response, header::CACHE_CONTROL, format!("private, no-cache, {NO_TRANSFORM}"));
    set(response, header::ETAG, tag);
}

/// Whether a tag is one of those in `If-None-Match`.
fn is_among(known: &str, tag: &str) -> bool {
    known.split(',').map(|known| known.trim().trim_start_matches("W/")).any(|known| known == "*" || known == tag)
}

fn set(response: &mut Response, name: header::HeaderName, value: String) {
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(name, value);
    }
}

/// Pictures and sounds are shown; what a browser might run is saved.
fn disposition(name: &str, media_type: &str) -> String {
    let how = if media_type.starts_with("image/") || media_type.starts_with("audio/") { "inline" } else { "attachment" };
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"._-".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_header() {
        let header = disposition("a\"; x=\r\n\u{1F339}.pdf", "application/pdf");
        assert!(header.starts_with("attachment; filename=\"a__ x"), "{header}");
        assert!(HeaderValue::from_str(&header).is_ok() && header.ends_with("%F0%9F%8C%B9.pdf"));
        assert!(disposition("a.png", "image/png").starts_with("inline"));
    }
}
