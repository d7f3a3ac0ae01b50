//! The one place where errors under `/api` get the contract's status and body.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    api::stream::Refusal,
    domain::{AppError, ErrorCode},
};

/// An error body is small; anything larger is none of ours.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Gives every error under `/api` its status and shape. Form posts from pages keep their redirect.
pub(super) async fn shape(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let response = next.run(request).await;
    let status = response.status();
    // A range that a file does not have is an answer of the protocol, not an error for a person.
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || status == StatusCode::RANGE_NOT_SATISFIABLE {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_ERROR_BYTES).await.unwrap_or_default();
    let error = serde_json::from_slice::<AppError>(&bytes).unwrap_or_else(|_| plain(status));
    let shaped = Refusal::from(error).into_response();
    let (shaped_parts, shaped_body) = shaped.into_parts();
    parts.status = shaped_parts.status;
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.extend(shaped_parts.headers);
    Response::from_parts(parts, Body::new(shaped_body))
}

/// What a bare status, as the router and its layers give it, says in the contract's words.
fn plain(status: StatusCode) -> AppError {
    match status {
        StatusCode::NOT_FOUND => AppError::not_found("address"),
        StatusCode::METHOD_NOT_ALLOWED => AppError::new(ErrorCode::MethodNotAllowed, "That address does not take this method."),
        StatusCode::PAYLOAD_TOO_LARGE => AppError::new(ErrorCode::TooLarge, "That is more than can be sent at once."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            AppError::new(ErrorCode::UnsupportedMedia, "That kind of content is not understood here.")
        }
        StatusCode::UNAUTHORIZED => AppError::unauthenticated(),
        StatusCode::SERVICE_UNAVAILABLE => AppError::unavailable("Flowery is busy just now. Please try again in a moment."),
        status if status.is_client_error() => AppError::new(ErrorCode::BadInput, "The request could not be read."),
        _ => AppError::internal(),
    }
}
