//! State changes come from this site's own pages, or from clients that are no browsers.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    api::{share, stream::Refusal},
    domain::AppError,
};

/// Refuses a state change that another site's page sends in a person's name.
pub(super) async fn check(State(public_url): State<String>, request: Request, next: Next) -> Response {
    let is_shared = request.uri().path() == share::PATH && is_by_hand(request.headers());
    if !request.method().is_safe() && !is_shared && !is_ours(request.headers(), &public_url) {
        return Refusal::from(AppError::forbidden("This request came from another site, so it was not carried out."))
            .into_response();
    }
    next.run(request).await
}

/// The browser itself sends what a person shares with the installed app. It has no page that it could name as the origin, and says
/// so; no page of another site can make it say so.
fn is_by_hand(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|v| v.as_bytes() == value.as_bytes());
    is("sec-fetch-site", "none") && (is(header::ORIGIN.as_str(), "null") || !headers.contains_key(header::ORIGIN))
}

fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("unreadable"));
    match (text(header::ORIGIN.as_str()), text("sec-fetch-site")) {
        (Some(origin), _) => {
            let authority = origin.split_once("://").map(|(_, a)| a);
            origin == public_url || (authority.is_some() && authority == text(header::HOST.as_str()))
        }
        (None, Some(site)) => matches!(site, "same-origin" | "none"),
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_the_browser_itself_shares() {
        assert!(is_by_hand(&headers(&[("origin", "null"), ("sec-fetch-site", "none")])));
        assert!(is_by_hand(&headers(&[("sec-fetch-site", "none")])));
        assert!(!is_by_hand(&headers(&[("origin", "null"), ("sec-fetch-site", "cross-site")])));
        assert!(!is_by_hand(&headers(&[("origin", "https://evil.example"), ("sec-fetch-site", "none")])));
        assert!(!is_by_hand(&headers(&[("origin", "null")])));
    }

    #[test]
    fn only_this_site_and_plain_clients_change_state() {
        let ours = |pairs: &[(&'static str, &str)]| is_ours(&headers(pairs), "https://flowery.example");
        assert!(ours(&[]));
        assert!(ours(&[("origin", "https://flowery.example"), ("host", "10.0.0.1:3000")]));
        assert!(ours(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(!ours(&[("origin", "null"), ("host", "127.0.0.1:3000")]));
        assert!(!ours(&[("origin", "https://evil.example"), ("host", "flowery.example")]));
        assert!(!ours(&[("origin", "https://flowery.example.evil.example"), ("host", "flowery.example")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site")]));
    }
}
