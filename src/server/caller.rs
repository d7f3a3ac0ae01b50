//! Who sends a request: looked up once, before anything else sees it.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::api::{
    house::{ClientAddress, CurrentCaller, House, session_token},
    stream::Refusal,
};

/// Puts the caller and the address into the request's extensions. Files are served to anybody and need neither.
pub(super) async fn identify(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let is_file = ["/pkg/", "/fonts/", "/icons/"].iter().any(|folder| request.uri().path().starts_with(folder));
    let address =
        request.extensions().get::<ConnectInfo<SocketAddr>>().map_or_else(|| "unknown".to_owned(), |c| c.0.ip().to_string());
    let token = request.headers().get(header::COOKIE).and_then(|c| c.to_str().ok()).and_then(session_token).map(str::to_owned);
    let caller = match token {
        Some(token) if !is_file => match house.accounts.authenticate(&token).await {
            Ok(caller) => caller,
            Err(error) => return Refusal::from(error).into_response(),
        },
        _ => None,
    };
    request.extensions_mut().insert(CurrentCaller(caller));
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}
