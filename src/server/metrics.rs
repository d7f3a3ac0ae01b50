//! `GET /metrics`: how much is asked, how long it takes, and what waits. In the text format of Prometheus.
//!
//! Nothing here is about a person: addresses are counted by area, and nobody's words or ids are labels.

use std::{sync::LazyLock, time::Instant};

use axum::{
    Extension,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::{
    api::{
        house::{ClientAddress, CurrentCaller, House},
        stream::Refusal,
    },
    domain::{AppError, account::Role},
    store::{Store, job},
};

/// In seconds.
const BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// One recorder a process; another one that is installed already (as by a test) stays.
static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(|| {
    let builder = PrometheusBuilder::new();
    let builder = match builder.set_buckets_for_metric(Matcher::Suffix("_seconds".into()), BUCKETS) {
        Ok(builder) => builder,
        Err(_) => PrometheusBuilder::new(),
    };
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    let _ = metrics::set_global_recorder(recorder);
    handle
});

/// Counts a request and times it.
pub(super) async fn count(request: Request, next: Next) -> Response {
    LazyLock::force(&RECORDER);
    let area = area(request.uri().path());
    let started = Instant::now();
    let response = next.run(request).await;
    let status = format!("{}xx", response.status().as_u16() / 100);
    counter!("flowery_requests_total", "area" => area, "status" => status).increment(1);
    histogram!("flowery_request_seconds", "area" => area).record(started.elapsed().as_secs_f64());
    response
}

/// The part of the site that an address belongs to.
fn area(path: &str) -> &'static str {
    const AREAS: &[&str] = &["accounts", "memories", "ask", "feedback", "profile", "catalog", "collection", "events"];
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        (Some("api"), Some(of)) => AREAS.iter().find(|area| **area == of).copied().unwrap_or("other"),
        (Some("pkg" | "fonts" | "icons"), _) => "files",
        (Some("health" | "metrics"), _) => "health",
        _ => "pages",
    }
}

/// The figures, for who stands at the machine itself and for operators.
pub(super) async fn show(
    Extension(house): Extension<House>,
    Extension(store): Extension<Store>,
    Extension(CurrentCaller(caller)): Extension<CurrentCaller>,
    Extension(address): Extension<ClientAddress>,
) -> Response {
    let is_admin = caller.is_some_and(|caller| caller.user.role == Role::Admin);
    if !address.is_local && !is_admin {
        return Refusal::from(AppError::unauthenticated()).into_response();
    }
    match job::counts(&store).await {
        Ok(counts) => {
            for (state, count) in counts {
                gauge!("flowery_jobs", "state" => state).set(count as f64);
            }
        }
        Err(error) => tracing::warn!(error = %error, "the jobs could not be counted"),
    }
    gauge!("flowery_perfumes").set(house.catalog.snapshot().fragrances().len() as f64);
    ([("content-type", "text/plain; version=0.0.4")], RECORDER.render()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_counted_by_area() {
        assert_eq!(area("/api/memories/get"), "memories");
        assert_eq!(area("/api/nonsense/of/strangers"), "other");
        assert_eq!(area("/memory/abc"), "pages");
        assert_eq!(area("/"), "pages");
        assert_eq!(area("/pkg/flowery.css"), "files");
    }
}
