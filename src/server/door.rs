//! The door of the house: it answers from the first moment, and lets people in once the house is open.

use std::sync::{Arc, OnceLock};

use axum::{
    Json, Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::json;
use tower::ServiceExt;

use crate::{api::stream::Refusal, domain::AppError};

/// Seconds after which somebody who came too early may try again.
const AGAIN_S: u16 = 3;

const WAKING: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3"><title>Flowery is waking up</title>
<link rel="stylesheet" href="/pkg/flowery.css"></head>
<body><main class="page"><h1>Flowery is waking up</h1><p>The catalog is being laid out. This page opens by itself in a moment.</p></main></body></html>
"#;

/// Answers for the site before it is there.
#[derive(Clone, Default)]
pub(super) struct Door {
    site: Arc<OnceLock<Router>>,
}

impl Door {
    /// From now on, the site answers.
    pub fn open(&self, site: Router) {
        // A door that is open already stays as it is.
        let _ = self.site.set(site);
    }

    pub fn router(&self) -> Router {
        let site = Arc::clone(&self.site);
        Router::new().fallback(move |request: Request| {
            let site = site.get().cloned();
            async move {
                match site {
                    Some(site) => site.oneshot(request).await.into_response(),
                    None => waking(request.uri().path()),
                }
            }
        })
    }
}

fn waking(path: &str) -> Response {
    let mut response = match path {
        "/health/live" => return Json(json!({ "status": "live" })).into_response(),
        "/health/ready" => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "the catalog is being loaded" }))).into_response()
        }
        path if path.starts_with("/api/") => {
            Refusal::from(AppError::unavailable("Flowery is waking up. Please try again in a moment.")).into_response()
        }
        _ => (StatusCode::SERVICE_UNAVAILABLE, Html(WAKING)).into_response(),
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(AGAIN_S));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};

    use super::*;

    async fn status(door: &Door, path: &str) -> StatusCode {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        door.router().oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn it_lives_before_it_is_ready() {
        let door = Door::default();
        assert_eq!(status(&door, "/health/live").await, StatusCode::OK);
        for path in ["/health/ready", "/", "/api/catalog/search"] {
            assert_eq!(status(&door, path).await, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        }
        door.open(Router::new().route("/", get(|| async { "home" })));
        assert_eq!(status(&door, "/").await, StatusCode::OK);
        assert_eq!(status(&door, "/nowhere").await, StatusCode::NOT_FOUND);
    }
}
