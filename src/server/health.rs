//! Whether the process lives, and whether it can serve.

use axum::{Extension, Json, http::StatusCode, response::IntoResponse};
use serde_json::json;

use crate::store::Store;

/// `GET /health/live`: the process answers.
pub(super) async fn live() -> impl IntoResponse {
    Json(json!({ "status": "live" }))
}

/// `GET /health/ready`: the database answers, too.
pub(super) async fn ready(Extension(store): Extension<Store>) -> impl IntoResponse {
    if store.ping().await {
        (StatusCode::OK, Json(json!({ "status": "ready" })))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "the database does not answer" })))
    }
}
