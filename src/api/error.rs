//! How an error of the house crosses the wire of a server function.

use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

use crate::domain::{AppError, ErrorCode};

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as Cause;
        match error {
            Cause::MissingArg(name) => Self::bad_input(&name, format!("The argument {name} is missing.")),
            Cause::Args(detail) => argument(&detail),
            // On the server this is a body that could not be read; in the browser, an answer that could not.
            Cause::Deserialization(detail) if cfg!(feature = "ssr") => argument(&detail),
            Cause::Request(_) => Self::unavailable("Flowery cannot be reached just now. What you wrote is still here."),
            Cause::Deserialization(_) | Cause::Serialization(_) | Cause::UnsupportedRequestMethod(_) | Cause::Response(_) => {
                Self::new(ErrorCode::Internal, "The answer could not be read. Please load the page again.")
            }
            Cause::Registration(_) | Cause::ServerError(_) | Cause::MiddlewareError(_) => Self::internal(),
        }
    }
}

/// Says which argument was wrong, where that can be told, and nothing of how it was read.
fn argument(detail: &str) -> AppError {
    if detail.contains("length limit exceeded") {
        return AppError::new(ErrorCode::TooLarge, "That is more than can be sent at once.");
    }
    match detail.split_once("missing field `").and_then(|(_, rest)| rest.split_once('`')) {
        Some((field, _)) => AppError::bad_input(field, format!("The argument {field} is missing.")),
        None => AppError::new(ErrorCode::BadInput, "The arguments could not be read: please check their names and forms."),
    }
}
