//! Everything of a person, to be taken along: a plain route, because it streams.

/// `GET`: one archive of the signed-in person's data and files.
pub const PATH: &str = "/api/accounts/archive";

/// What the archive is called where it is saved.
pub const NAME: &str = "flowery.tar";

#[cfg(feature = "ssr")]
pub use server::archive;

#[cfg(feature = "ssr")]
mod server {
    use axum::{
        Extension,
        body::Body,
        http::header,
        response::{IntoResponse, Response},
    };

    use super::NAME;
    use crate::{
        api::{
            house::{CurrentCaller, House},
            stream::{Refusal, user_of},
        },
        domain::AppError,
    };

    /// What `POST /api/accounts/export` answers, and beside it the files as they were given. Works without JavaScript.
    pub async fn archive(
        Extension(house): Extension<House>,
        Extension(caller): Extension<CurrentCaller>,
    ) -> Result<Response, Refusal> {
        let user = user_of(caller)?;
        let document = house.accounts.export(&user).await?;
        let document = serde_json::to_vec_pretty(&document).map_err(|_| AppError::internal())?;
        let bytes = house.memories.take_along(&user, "flowery.json", document).await?;
        let headers = [
            (header::CONTENT_TYPE, "application/x-tar".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{NAME}\"")),
        ];
        Ok((headers, Body::from_stream(bytes)).into_response())
    }
}
