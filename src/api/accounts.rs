//! `/api/accounts`: who a person is.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::codec::PostAny;
#[cfg(feature = "ssr")]
use super::house::{caller, current_caller, house, limit_credentials, redirect, request_header, set_session_cookie, user};
#[cfg(feature = "ssr")]
use super::set_aside::{set_aside, take_all_away, take_away};
#[cfg(feature = "ssr")]
use crate::domain::typed::{FormName, Typed};
use crate::domain::{
    AppError,
    account::{SessionInfo, User},
};

/// Makes an account and signs in.
#[server(prefix = "/api", endpoint = "accounts/sign_up", input = PostAny)]
pub async fn sign_up(email: String, password: String, name: String, next: Option<String>) -> Result<User, AppError> {
    limit_credentials(&email)?;
    let agent = request_header(axum::http::header::USER_AGENT);
    let made = house().accounts.sign_up(&email, &password, &name, &agent).await;
    let (user, token) = made.inspect_err(|_| {
        set_aside(FormName::Account, Typed::default().with("name", Some(&name)).with("email", Some(&email)));
    })?;
    take_away(FormName::Account);
    set_session_cookie(Some(&token));
    redirect(next.as_deref().unwrap_or("/memories"));
    Ok(user)
}

/// Signs in.
#[server(prefix = "/api", endpoint = "accounts/sign_in", input = PostAny)]
pub async fn sign_in(email: String, password: String, next: Option<String>) -> Result<User, AppError> {
    limit_credentials(&email)?;
    let agent = request_header(axum::http::header::USER_AGENT);
    let found = house().accounts.sign_in(&email, &password, &agent).await;
    let (user, token) = found.inspect_err(|_| set_aside(FormName::Account, Typed::default().with("email", Some(&email))))?;
    take_away(FormName::Account);
    set_session_cookie(Some(&token));
    redirect(next.as_deref().unwrap_or("/memories"));
    Ok(user)
}

/// Ends this browser's session. Being signed out already is no error.
#[server(prefix = "/api", endpoint = "accounts/sign_out", input = PostAny)]
pub async fn sign_out() -> Result<(), AppError> {
    let cookies = request_header(axum::http::header::COOKIE);
    if let Some(token) = super::house::session_token(&cookies) {
        house().accounts.sign_out(token).await?;
    }
    set_session_cookie(None);
    take_all_away();
    redirect("/");
    Ok(())
}

/// The signed-in person.
#[server(prefix = "/api", endpoint = "accounts/me", input = server_fn::codec::GetUrl)]
pub async fn me() -> Result<User, AppError> {
    Ok(caller()?.user)
}

/// The signed-in person, or nobody: what the pages ask.
pub async fn who() -> Option<User> {
    #[cfg(feature = "ssr")]
    return current_caller().map(|c| c.user);
    #[cfg(not(feature = "ssr"))]
    me().await.ok()
}

/// The browsers in which the person is signed in.
#[server(prefix = "/api", endpoint = "accounts/sessions", input = server_fn::codec::GetUrl)]
pub async fn sessions() -> Result<Vec<SessionInfo>, AppError> {
    house().accounts.sessions(&caller()?).await
}

/// Signs one of them out.
#[server(prefix = "/api", endpoint = "accounts/revoke_session", input = PostAny)]
pub async fn revoke_session(id: String) -> Result<(), AppError> {
    let user = user()?;
    house().accounts.revoke_session(&user, &id.parse()?).await
}

/// Gives or withdraws the consent to make training examples.
#[server(prefix = "/api", endpoint = "accounts/consent", input = PostAny)]
pub async fn consent(training: bool) -> Result<User, AppError> {
    let user = user()?;
    let person = house().accounts.set_consent(&user, training).await?;
    if training {
        house().learning.exemplify_all(&user).await?;
    }
    Ok(person)
}

/// Everything that is kept of the person.
#[server(prefix = "/api", endpoint = "accounts/export", input = PostAny)]
pub async fn export() -> Result<serde_json::Value, AppError> {
    let user = user()?;
    house().accounts.export(&user).await
}

/// What is left of an account that was deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeletionReceipt {
    pub deleted: bool,
    pub message: String,
}

/// Deletes the person and everything of theirs.
#[server(prefix = "/api", endpoint = "accounts/delete", input = PostAny)]
pub async fn delete(password: String) -> Result<DeletionReceipt, AppError> {
    let User { id: user, email, .. } = caller()?.user;
    limit_credentials(&email)?;
    house().accounts.delete(&user, &password).await?;
    house().memories.erase_person(&user).await;
    set_session_cookie(None);
    take_all_away();
    redirect("/");
    Ok(DeletionReceipt { deleted: true, message: "Your account and everything in it is gone.".into() })
}
