//! Who: sign-up, sign-in, sessions, consent, export, erasure.

mod password;
mod token;

use crate::{
    domain::{
        AppError, AppResult, ErrorCode,
        account::{Role, SessionInfo, User, normalize_email},
        ids::{SessionId, UserId},
        operation::Census,
        page::{Cursor, Page},
        text::{limits, required},
    },
    store::{Store, StoreError, census, export, session, user},
};

use password::Passwords;
pub use token::SessionToken;

/// The longest name of a browser that is kept, in Unicode scalar values.
const MAX_USER_AGENT: usize = 200;

/// A person with the session they came through.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: User,
    pub session: SessionId,
}

/// The door to people's accounts.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    passwords: Passwords,
}

impl Accounts {
    pub fn new(store: Store) -> Self {
        Self { store, passwords: Passwords::new() }
    }

    /// Makes an account and signs in. A taken email is a conflict on `email`.
    pub async fn sign_up(&self, email: &str, password: &str, name: &str, user_agent: &str) -> AppResult<(User, SessionToken)> {
        let email = normalize_email(email)?;
        let name = required("name", "Your name", name.to_owned(), limits::SHORT)?;
        let hash = self.passwords.choose(password, &email, &name).await?;
        let person = match user::insert(&self.store, &email, &name, &hash).await {
            Err(StoreError::Taken(_)) => {
                return Err(
                    AppError::conflict("There is already an account with this email. Please sign in instead.").on("email")
                );
            }
            outcome => outcome?,
        };
        let token = self.start_session(&person.id, user_agent).await?;
        tracing::info!(user.id = %person.id, "an account was made");
        Ok((person, token))
    }

    /// Signs in. An unknown email and a wrong password cannot be told apart, neither by the answer nor by its time.
    pub async fn sign_in(&self, email: &str, password: &str, user_agent: &str) -> AppResult<(User, SessionToken)> {
        let secret = match normalize_email(email) {
            Ok(email) => user::secret_by_email(&self.store, &email).await?,
            Err(_) => None,
        };
        let (id, hash) = secret.unzip();
        let right = self.passwords.verify(password, hash).await?;
        let person = match id {
            Some(id) if right => user::find(&self.store, &id).await?,
            _ => None,
        };
        let person = person
            .ok_or_else(|| AppError::new(ErrorCode::Unauthenticated, "This email and this password do not belong together."))?;
        let token = self.start_session(&person.id, user_agent).await?;
        Ok((person, token))
    }

    /// Ends the session with this token. That there is none is no error.
    pub async fn sign_out(&self, token: &str) -> AppResult<()> {
        Ok(session::delete_by_token(&self.store, &token::hash(token)).await?)
    }

    /// The person whose session token this is.
    pub async fn authenticate(&self, token: &str) -> AppResult<Option<Caller>> {
        if !token::is_well_formed(token) {
            return Ok(None);
        }
        let Some(found) = session::find(&self.store, &token::hash(token)).await? else { return Ok(None) };
        if found.stale
            && let Err(error) = session::touch(&self.store, &found.id).await
        {
            tracing::warn!(error = %error, "a session could not be marked as used");
        }
        Ok(Some(Caller { user: found.user, session: found.id }))
    }

    /// Whether the caller is signed in still: for what outlasts a single request.
    pub async fn is_signed_in(&self, caller: &Caller) -> AppResult<bool> {
        Ok(session::is_living(&self.store, &caller.session).await?)
    }

    /// The browsers in which the person is signed in, the one used last first.
    pub async fn sessions(&self, caller: &Caller) -> AppResult<Vec<SessionInfo>> {
        Ok(session::list(&self.store, &caller.user.id, &caller.session).await?)
    }

    /// Signs one of the person's browsers out.
    pub async fn revoke_session(&self, user: &UserId, id: &SessionId) -> AppResult<()> {
        if session::delete(&self.store, user, id).await? { Ok(()) } else { Err(AppError::not_found("session")) }
    }

    /// Gives or withdraws the consent to make training examples of good answers.
    pub async fn set_consent(&self, user: &UserId, training: bool) -> AppResult<User> {
        user::set_consent(&self.store, user, training).await?.ok_or_else(AppError::unauthenticated)
    }

    /// The account with this email: for the command line.
    pub async fn id_by_email(&self, email: &str) -> AppResult<UserId> {
        let found = user::secret_by_email(&self.store, &normalize_email(email)?).await?;
        found.map(|(user, _)| user).ok_or_else(|| AppError::not_found("account"))
    }

    /// Everything that is kept of the person with this email: for the command line.
    pub async fn export_by_email(&self, email: &str) -> AppResult<serde_json::Value> {
        self.export(&self.id_by_email(email).await?).await
    }

    /// Everything that is kept of a person, as one JSON document.
    pub async fn export(&self, user: &UserId) -> AppResult<serde_json::Value> {
        Ok(export::archive(&self.store, user).await?.into())
    }

    /// Deletes the person and everything of theirs, after checking the password.
    pub async fn delete(&self, user: &UserId, password: &str) -> AppResult<()> {
        let hash = user::secret(&self.store, user).await?;
        if !self.passwords.verify(password, hash).await? {
            return Err(AppError::forbidden("This is not your password. Nothing was deleted.").on("password"));
        }
        user::erase(&self.store, user).await?;
        tracing::info!(user.id = %user, "an account was deleted");
        Ok(())
    }

    /// The people of the house, counted: for the operator.
    pub async fn census(&self, cursor: Cursor) -> AppResult<Census> {
        let totals = census::totals(&self.store).await?;
        let page = Page::from_overfetch(census::people(&self.store, cursor).await?, cursor);
        Ok(Census {
            people: totals.people,
            operators: totals.operators,
            consenting: totals.consenting,
            seen_7d: totals.seen_7d,
            seen_30d: totals.seen_30d,
            memories: totals.memories,
            failed_memories: totals.failed_memories,
            questions: totals.questions,
            examples: totals.examples,
            items: page.items,
            next_cursor: page.next_cursor,
        })
    }

    /// Gives an account a role: for the command line.
    pub async fn set_role(&self, email: &str, role: Role) -> AppResult<User> {
        let email = normalize_email(email)?;
        user::set_role(&self.store, &email, role).await?.ok_or_else(|| AppError::not_found("account"))
    }

    async fn start_session(&self, user: &UserId, user_agent: &str) -> AppResult<SessionToken> {
        let token = SessionToken::new();
        let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect();
        session::insert(&self.store, user, &token::hash(&token.0), &user_agent).await?;
        Ok(token)
    }
}

#[cfg(test)]
mod tests;
