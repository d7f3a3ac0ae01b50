//! Which address is answered by what, and what stands around every request.

use axum::{
    Extension, Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes, file_and_error_handler_with_context, generate_route_list, handle_server_fns_with_context};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, CompressionLevel,
        predicate::{DefaultPredicate, Predicate},
    },
    limit::RequestBodyLimitLayer,
    trace::TraceLayer,
};

use super::{
    caller::{self, Callers},
    errors, headers, health, metrics, origin, private,
    settings::Settings,
    worker_script::{SiteRoot, service_worker},
};
use crate::{
    api::{
        catalog_import,
        house::House,
        share,
        stream::{self, Refusal},
        take_along, upload,
    },
    app::{App, shell},
    catalog::import::job::LARGEST_MB,
    domain::AppError,
    store::Store,
};

/// The largest body of a call; longer texts are refused by their own limits before that.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// The whole site.
pub fn router(settings: &Settings, house: House, store: Store) -> Router {
    let options = settings.leptos.clone();
    let context = {
        let house = house.clone();
        move || provide_context(house.clone())
    };
    let site_root = SiteRoot(options.site_root.as_ref().into());
    // A file is as large as its kind allows, and streams through: only these routes take more than a call may have.
    let largest = usize::try_from(house.memories.largest_upload()).unwrap_or(usize::MAX);
    let files = Router::<LeptosOptions>::new()
        .route("/api/memories/upload", post(upload::upload))
        .route(share::PATH, get(share::shared_before).post(share::share))
        .layer(DefaultBodyLimit::max(largest))
        .layer(RequestBodyLimitLayer::new(largest));
    let largest = usize::try_from((LARGEST_MB + 1) * 1024 * 1024).unwrap_or(usize::MAX);
    let catalogs = Router::<LeptosOptions>::new()
        .route("/api/admin/import", post(catalog_import::import))
        .layer(DefaultBodyLimit::max(largest))
        .layer(RequestBodyLimitLayer::new(largest));
    let callers = Callers { house: house.clone(), trusted_proxy: settings.trusted_proxy };
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    Router::<LeptosOptions>::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::show))
        .route("/api/events", get(stream::events))
        .route("/api/ask/stream", post(stream::ask))
        .route("/api/memories/original", get(upload::original))
        .route(take_along::PATH, get(take_along::archive))
        .route("/api/{*path}", any(server_function))
        .route("/sw.js", get(service_worker))
        .leptos_routes_with_context(&options, generate_route_list(App), context.clone(), page)
        .fallback(file_and_error_handler_with_context::<LeptosOptions, _>(context, shell))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .merge(files)
        .merge(catalogs)
        .with_state(options)
        .layer(from_fn(private::check))
        .layer(from_fn_with_state(callers, caller::identify))
        .layer(from_fn_with_state(settings.public_url.clone(), origin::check))
        .layer(Extension(house))
        .layer(Extension(store))
        .layer(Extension(site_root))
        .layer(CatchPanicLayer::custom(|_| Refusal::from(AppError::internal()).into_response()))
        .layer(from_fn(errors::shape))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(DefaultPredicate::new().and(may_be_transformed)),
        )
        .layer(from_fn(headers::add))
        .layer(from_fn(metrics::count))
        // The query of an address can hold a person's words: only the path is logged.
        .layer(TraceLayer::new_for_http().make_span_with(
            |request: &Request| tracing::info_span!("request", http.method = %request.method(), http.path = request.uri().path()),
        ))
}

fn may_be_transformed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let says_no = |value: &HeaderValue| value.to_str().is_ok_and(|value| value.contains(upload::NO_TRANSFORM));
    !headers.get_all(header::CACHE_CONTROL).iter().any(says_no)
}

/// Runs the server function at an address; an address without one is a 404.
async fn server_function(Extension(house): Extension<House>, request: Request<Body>) -> Response {
    let known =
        server_fn::axum::server_fn_paths().any(|(path, method)| path == request.uri().path() && method == *request.method());
    if !known {
        let elsewhere = server_fn::axum::server_fn_paths().any(|(path, _)| path == request.uri().path());
        return if elsewhere { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::NOT_FOUND }.into_response();
    }
    handle_server_fns_with_context(move || provide_context(house.clone()), request).await.into_response()
}
