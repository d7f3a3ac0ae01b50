//! The one error of the boundary: a code that a program reads and a sentence that a person reads.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of thing went wrong. Each code has exactly one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    BadInput,
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    TooLarge,
    UnsupportedMedia,
    Unprocessable,
    RateLimited,
    Unavailable,
    Internal,
}

impl ErrorCode {
    /// The HTTP status that stands for this code.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadInput => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::Unprocessable => 422,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

/// What the body of an error says: `{"error": {"code", "message", "field"?}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: ErrorCode,
    /// A sentence for a person. Never anything internal.
    pub message: String,
    /// The argument that was wrong, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Seconds after which a rate-limited caller may come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

/// The error that every public function of the house returns. Boxed, so that a `Result` stays small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    error: Box<Problem>,
}

/// A result whose error can be shown to a person.
pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { error: Box::new(Problem { code, message: message.into(), field: None, retry_after_s: None }) }
    }

    /// An argument is missing, malformed or over its limit.
    pub fn bad_input(field: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorCode::BadInput, message);
        error.error.field = Some(field.to_owned());
        error
    }

    /// The same error, blaming an argument.
    #[must_use]
    pub fn on(mut self, field: &str) -> Self {
        self.error.field = Some(field.to_owned());
        self
    }

    /// The caller is not signed in.
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "Please sign in first.")
    }

    /// Nothing of that kind exists, or it belongs to somebody else: the two are told apart for nobody.
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no such {what}."))
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Conflict, message)
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Forbidden, message)
    }

    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unavailable, message)
    }

    pub fn rate_limited(retry_after_s: u64) -> Self {
        let mut error = Self::new(ErrorCode::RateLimited, "That was a lot at once. Please wait a moment and try again.");
        error.error.retry_after_s = Some(retry_after_s);
        error
    }

    /// A fault of ours. The cause belongs in the log, not here.
    pub fn internal() -> Self {
        Self::new(ErrorCode::Internal, "Something went wrong on our side. Nothing you saved is lost; please try again.")
    }

    pub fn code(&self) -> ErrorCode {
        self.error.code
    }

    pub fn message(&self) -> &str {
        &self.error.message
    }

    pub fn field(&self) -> Option<&str> {
        self.error.field.as_deref()
    }

    pub fn retry_after_s(&self) -> Option<u64> {
        self.error.retry_after_s
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.message)
    }
}

impl std::error::Error for AppError {}
