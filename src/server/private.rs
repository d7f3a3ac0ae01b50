//! Calls that are for those who are signed in: nobody else's arguments are looked at.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use server_fn::ServerFn;

use crate::{
    api::{
        accounts::{SignIn, SignOut, SignUp},
        catalog::{GetFragrance, Notes, Search, Similar},
        form_data::is_from_page,
        house::CurrentCaller,
        stream::Refusal,
    },
    domain::AppError,
};

/// The server functions that are for everybody. What is not here wants a sign-in.
const OPEN: [&str; 7] = [SignUp::PATH, SignIn::PATH, SignOut::PATH, Search::PATH, GetFragrance::PATH, Notes::PATH, Similar::PATH];

/// Routes that are no server functions and read arguments before they ask who calls.
const STREAMS: [(&str, &str); 2] = [("POST", "/api/ask/stream"), ("GET", "/api/memories/original")];

/// Refuses private calls of somebody who is signed out. A form of a page goes on: the function sends it back to its page, which
/// sends it to sign in.
pub(super) async fn check(request: Request, next: Next) -> Response {
    let is_signed_in = request.extensions().get::<CurrentCaller>().is_some_and(|CurrentCaller(caller)| caller.is_some());
    if !is_signed_in && !is_from_page(request.headers()) && is_private(request.method().as_str(), request.uri().path()) {
        return Refusal::from(AppError::unauthenticated()).into_response();
    }
    next.run(request).await
}

fn is_private(method: &str, path: &str) -> bool {
    // Whoever wants only the head of an answer runs the same function.
    let method = if method == "HEAD" { "GET" } else { method };
    let is_function = || server_fn::axum::server_fn_paths().any(|(known, by)| known == path && by.as_str() == method);
    path.starts_with("/api/") && !OPEN.contains(&path) && (STREAMS.contains(&(method, path)) || is_function())
}
