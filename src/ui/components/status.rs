//! The status of a page that could not load what it is about.

use crate::domain::AppResult;

/// Gives the response the status of an error, before the page is sent. Done where the page's own content is loaded: once it is
/// drawn, the head of the response may be gone. Signed-out visitors are sent to sign in instead.
pub fn with_status<T>(result: AppResult<T>) -> AppResult<T> {
    #[cfg(feature = "ssr")]
    if let Err(error) = &result
        && error.code() != crate::domain::ErrorCode::Unauthenticated
    {
        crate::api::house::set_status(error.code());
    }
    result
}
