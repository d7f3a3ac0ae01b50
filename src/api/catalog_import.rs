//! Catalogs that the operator brings in: a plain route, because it streams.

use axum::{
    Extension,
    extract::{Multipart, multipart::MultipartRejection},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    admin::check_operator,
    form_data::{broken, form, is_from_page, is_yes, page_with, words},
    house::{CurrentCaller, House},
    stream::Refusal,
};
use crate::{
    catalog::import::{Source, job::source_of},
    domain::{AppError, AppResult, ErrorCode, ids::JobId},
};

/// `POST /api/admin/import`: a catalog as CSV, imported as a job. A page without JavaScript is sent back to where it stood.
pub async fn import(
    Extension(house): Extension<House>,
    Extension(caller): Extension<CurrentCaller>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Response {
    let from_page = is_from_page(&headers);
    let taken = async {
        let caller = caller.0.ok_or_else(AppError::unauthenticated)?;
        check_operator(&caller.user)?;
        take_catalog(&house, form(parts)?).await
    };
    match taken.await {
        Ok(_) if from_page => Redirect::to("/admin/import").into_response(),
        Ok(id) => axum::Json(serde_json::json!({ "job_id": id })).into_response(),
        Err(error) if from_page && error.code() != ErrorCode::Forbidden && error.code() != ErrorCode::Unauthenticated => {
            match page_with("/api/admin/import", "/admin/import", &error) {
                Some(address) => Redirect::to(&address).into_response(),
                None => Refusal::from(error).into_response(),
            }
        }
        Err(error) => Refusal::from(error).into_response(),
    }
}

/// Reads `file`, `source` and `dry_run`, in whatever order they come: before the last of them is there, nothing is decided.
async fn take_catalog(house: &House, mut parts: Multipart) -> AppResult<JobId> {
    let (mut source, mut dry_run, mut received) = (Source::Auto, false, None);
    while let Some(part) = parts.next_field().await.map_err(|error| broken(&error))? {
        match part.name().unwrap_or_default() {
            "source" => {
                let word = words(part).await?;
                source = source_of(word.trim())
                    .ok_or_else(|| AppError::bad_input("source", "A source is auto, parfumo or fragrantica."))?;
            }
            "dry_run" => dry_run = is_yes(words(part).await?.trim()),
            "file" if received.is_some() => return Err(AppError::bad_input("file", "Please send one file at a time.")),
            "file" => received = Some(house.imports.receive(part).await?),
            _ => {}
        }
    }
    let received = received.ok_or_else(|| AppError::bad_input("file", "Please choose a file."))?;
    house.imports.queue(received, source, dry_run).await
}
