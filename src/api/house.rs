//! The rooms together, and how a request finds them, the caller, and the response's headers.

use std::{net::IpAddr, ops::Deref, sync::Arc};

use axum::http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use super::set_aside::Shelf;
use crate::{
    accounts::{Accounts, Caller, SessionToken},
    advisor::Advisor,
    catalog::{Catalog, import::job::CatalogImport},
    domain::{AppError, AppResult, ErrorCode, account::normalize_email, ids::UserId, privacy::Promise},
    jobs::Queue,
    learning::Learning,
    memories::Memories,
    understanding::Understanding,
    usage::Meter,
};

/// All rooms of the house, as the door sees them.
pub struct Rooms {
    pub accounts: Accounts,
    pub memories: Memories,
    pub understanding: Arc<Understanding>,
    pub catalog: Arc<Catalog>,
    pub advisor: Arc<Advisor>,
    pub learning: Arc<Learning>,
    pub queue: Queue,
    pub imports: Arc<CatalogImport>,
    pub promise: Promise,
    pub meter: Meter,
    /// Cookies are marked `Secure`.
    pub secure_cookies: bool,
    pub limits: Limits,
    /// What was typed into forms that were refused.
    pub set_aside: Shelf,
}

/// A shared handle on the rooms.
#[derive(Clone)]
pub struct House(Arc<Rooms>);

impl House {
    pub fn new(rooms: Rooms) -> Self {
        Self(Arc::new(rooms))
    }
}

impl Deref for House {
    type Target = Rooms;

    fn deref(&self) -> &Rooms {
        &self.0
    }
}

/// How often something may be done; see [`Limits::check`].
type Limiter = governor::DefaultKeyedRateLimiter<String>;

/// Limits on what can be abused: guessing passwords, making accounts, and questions, which cost time.
pub struct Limits {
    on: bool,
    credentials: Limiter,
    questions: Limiter,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug)]
pub enum Limited {
    /// Attempts with a password, by address and by account.
    Credentials,
    /// Questions, by person.
    Questions,
}

impl Limits {
    pub fn new(on: bool) -> Self {
        let per_minute = |n: u32, burst: u32| {
            let one = std::num::NonZeroU32::MIN;
            let quota = governor::Quota::per_minute(std::num::NonZeroU32::new(n).unwrap_or(one));
            Limiter::keyed(quota.allow_burst(std::num::NonZeroU32::new(burst).unwrap_or(one)))
        };
        Self { on, credentials: per_minute(20, 30), questions: per_minute(60, 60) }
    }

    /// Counts one use by `who`; too many are a 429 that says when to come back.
    pub fn check(&self, what: Limited, who: &str) -> AppResult<()> {
        use governor::clock::{Clock, DefaultClock};
        if !self.on {
            return Ok(());
        }
        let limiter = match what {
            Limited::Credentials => &self.credentials,
            Limited::Questions => &self.questions,
        };
        limiter
            .check_key(&who.to_owned())
            .map_err(|not_until| AppError::rate_limited(not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1))
    }
}

/// Who sends a request, put into its extensions before anything else looks at it.
#[derive(Clone, Debug, Default)]
pub struct CurrentCaller(pub Option<Caller>);

/// Where a request came from.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress {
    /// `None` if it came over no network.
    pub ip: Option<IpAddr>,
    /// Somebody at the machine itself sent it, with no proxy in between.
    pub is_local: bool,
}

impl ClientAddress {
    /// What limits count by: an address, or of IPv6 the network (/64), of which one household has all addresses.
    pub fn key(&self) -> String {
        match self.ip {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(ip)) => ip.to_string(),
            Some(IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

/// The name of the session cookie.
pub const SESSION_COOKIE: &str = "flowery_session";

/// The rooms of the running house.
pub fn house() -> House {
    expect_context::<House>()
}

/// The signed-in caller, if there is one.
pub fn current_caller() -> Option<Caller> {
    use_context::<Parts>()?.extensions.get::<CurrentCaller>()?.0.clone()
}

/// The signed-in caller, or 401.
pub fn caller() -> AppResult<Caller> {
    current_caller().ok_or_else(AppError::unauthenticated)
}

/// The id of the signed-in caller, or 401.
pub fn user() -> AppResult<UserId> {
    caller().map(|c| c.user.id)
}

/// Counts an attempt with a password against the address it comes from, and against the account it is for: many addresses guess
/// no faster than one.
pub fn limit_credentials(email: &str) -> AppResult<()> {
    let address = use_context::<Parts>().and_then(|p| p.extensions.get::<ClientAddress>().copied());
    let limits = &house().limits;
    limits.check(Limited::Credentials, &address.map_or_else(|| "unknown".to_owned(), |address| address.key()))?;
    // What is no email has no account.
    match normalize_email(email) {
        Ok(email) => limits.check(Limited::Credentials, &email),
        Err(_) => Ok(()),
    }
}

/// A header of the current request, as text.
pub fn request_header(name: HeaderName) -> String {
    use_context::<Parts>().and_then(|p| p.headers.get(name)?.to_str().ok().map(str::to_owned)).unwrap_or_default()
}

/// The value of the session cookie in a `Cookie` header.
pub fn session_token(cookies: &str) -> Option<&str> {
    cookies.split(';').filter_map(|c| c.trim().split_once('=')).find(|(name, _)| *name == SESSION_COOKIE).map(|(_, value)| value)
}

/// Hands the browser its session, or takes it away.
pub fn set_session_cookie(token: Option<&SessionToken>) {
    let secure = if house().secure_cookies { "; Secure" } else { "" };
    let cookie = match token {
        Some(token) => format!("{SESSION_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000{secure}", token.0),
        None => format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"),
    };
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        expect_context::<ResponseOptions>().append_header(header::SET_COOKIE, value);
    }
}

/// Sets the status of the page that is being rendered.
pub fn set_status(code: ErrorCode) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(code.status())) {
        response.set_status(status);
    }
}

/// Sends a page on to another path of this site.
pub fn redirect(path: &str) {
    leptos_axum::redirect(local_path(path));
}

/// Only a path of this site: anything else (another host, a scheme, a control character) becomes the front page.
fn local_path(path: &str) -> &str {
    let local =
        path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && path.chars().all(|c| c.is_ascii_graphic());
    if local { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_this_site() {
        assert_eq!(local_path("/ask?q=rose"), "/ask?q=rose");
        for bad in ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)", "", "/a\r\nSet-Cookie: x"] {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn the_session_cookie_is_found_among_others() {
        assert_eq!(session_token("a=b; flowery_session=tok; c=d"), Some("tok"));
        assert_eq!(session_token("xflowery_session=tok"), None);
    }

    #[test]
    fn limits_say_when_to_come_back() {
        let limits = Limits::new(true);
        let refused = (0..100).find_map(|_| limits.check(Limited::Credentials, "1.2.3.4").err()).unwrap();
        assert_eq!(refused.code(), ErrorCode::RateLimited);
        assert!(refused.retry_after_s().unwrap() >= 1);
        assert!(limits.check(Limited::Credentials, "5.6.7.8").is_ok());
        assert!((0..1000).all(|_| Limits::new(false).check(Limited::Questions, "x").is_ok()));
    }
}
