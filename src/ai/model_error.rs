//! Why a model gave no answer.

use std::time::Duration;

/// Why a provider's model gave no answer that can be used. `Display` is for the log and holds no secret; people are told
/// [`ModelError::clause`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("no answer in time")]
    Slow,
    #[error("out of reach: {0}")]
    Unreachable(String),
    #[error("busy (429), to be asked again after {retry_after:?}")]
    Busy { retry_after: Option<Duration> },
    #[error("out of credit")]
    OutOfCredit,
    #[error("the key is not accepted ({0})")]
    Unauthorized(u16),
    #[error("the request is refused ({status}): {message}")]
    Refused { status: u16, message: String },
    #[error("failing ({0})")]
    Failing(u16),
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    #[error("the answer broke off")]
    BrokenOff,
    /// The model or its filter would not answer.
    #[error("the model declined")]
    Declined,
    /// It has failed so often that it is left alone for a while.
    #[error("left alone after failures")]
    Resting,
    #[error("no budget is left")]
    OverBudget,
}

impl ModelError {
    /// What happened, for a person: goes on after "the language model".
    pub fn clause(&self) -> &'static str {
        match self {
            Self::Slow => "did not answer in time",
            Self::Unreachable(_) => "cannot be reached",
            Self::Busy { .. } => "is busy",
            Self::OutOfCredit => "is out of credit",
            Self::Unauthorized(_) => "does not accept this house's key",
            Self::Refused { .. } => "refused the question",
            Self::Failing(_) => "is out of order",
            Self::Unreadable(_) => "gave an answer that makes no sense",
            Self::BrokenOff => "broke off in the middle",
            Self::Declined => "declined to answer",
            Self::OverBudget => "has no budget left this month",
            Self::Resting => "is being left alone after failures",
        }
    }
}
