//! Who: sign-up, sign-in, sessions, consent, export, erasure.

use crate::{
    domain::{
        AppResult,
        account::{Role, SessionInfo, User},
        ids::{SessionId, UserId},
    },
    store::Store,
};

/// A person with the session they came through.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: User,
    pub session: SessionId,
}

/// The secret that a browser holds. Only its hash is stored.
pub struct SessionToken(pub String);

#[derive(Clone)]
pub struct Accounts {/* … */}

impl Accounts {
    pub fn new(_store: Store) -> Self {
        todo!()
    }
    pub async fn sign_up(
        &self,
        _email: &str,
        _password: &str,
        _name: &str,
        _user_agent: &str,
    ) -> AppResult<(User, SessionToken)> {
        todo!()
    }
    pub async fn sign_in(&self, _email: &str, _password: &str, _user_agent: &str) -> AppResult<(User, SessionToken)> {
        todo!()
    }
    pub async fn sign_out(&self, _token: &str) -> AppResult<()> {
        todo!()
    }
    /// The person whose session token this is.
    pub async fn authenticate(&self, _token: &str) -> AppResult<Option<Caller>> {
        todo!()
    }
    pub async fn sessions(&self, _caller: &Caller) -> AppResult<Vec<SessionInfo>> {
        todo!()
    }
    pub async fn revoke_session(&self, _user: &UserId, _id: &SessionId) -> AppResult<()> {
        todo!()
    }
    pub async fn set_consent(&self, _user: &UserId, _training: bool) -> AppResult<User> {
        todo!()
    }
    /// Everything that is kept of a person, as one JSON document.
    pub async fn export(&self, _user: &UserId) -> AppResult<serde_json::Value> {
        todo!()
    }
    /// Deletes the person and everything of theirs, after checking the password.
    pub async fn delete(&self, _user: &UserId, _password: &str) -> AppResult<()> {
        todo!()
    }
    pub async fn set_role(&self, _email: &str, _role: Role) -> AppResult<User> {
        todo!()
    }
}
