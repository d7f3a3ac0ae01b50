//! Who a person is to the house.

use serde::{Deserialize, Serialize};

use super::{
    error::AppError,
    ids::{SessionId, UserId},
    notes::vocabulary,
    time::Timestamp,
};

vocabulary! {
    /// What an account may do. Granted from the command line only.
    Role { Member => "member", "member"; Admin => "admin", "operator"; }
}

/// A person's account, as they may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Whether good answers may become training examples. Off until given.
    pub consent_training: bool,
    pub created_at: Timestamp,
}

/// One signed-in browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionInfo {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub last_seen: Timestamp,
    pub expires_at: Timestamp,
    pub user_agent: String,
    /// This is the session that asks.
    pub current: bool,
}

pub const MIN_PASSWORD: usize = 10;
/// Long enough for any passphrase; a bound, because hashing takes time.
pub const MAX_PASSWORD: usize = 256;

/// The one form in which an email is stored and looked up: trimmed, lower case, with something on both sides of the `@`.
pub fn normalize_email(email: &str) -> Result<String, AppError> {
    let email = email.trim().to_lowercase();
    let wrong = || AppError::bad_input("email", "Please give an email address like name@example.org.");
    let (local, domain) = email.rsplit_once('@').ok_or_else(wrong)?;
    let plausible = !local.is_empty()
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | ',' | ';'));
    if plausible && !local.contains('@') { Ok(email) } else { Err(wrong()) }
}

/// The length rule for passwords; there are no composition rules.
pub fn check_password_length(password: &str) -> Result<(), AppError> {
    match password.chars().count() {
        n if n < MIN_PASSWORD => {
            Err(AppError::bad_input("password", format!("A password needs at least {MIN_PASSWORD} characters; this has {n}.")))
        }
        n if n > MAX_PASSWORD => {
            Err(AppError::bad_input("password", format!("A password may have up to {MAX_PASSWORD} characters.")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_have_one_form() {
        assert_eq!(normalize_email("  Ada@Example.ORG ").unwrap(), "ada@example.org");
        for bad in ["", "ada", "@x.org", "ada@", "ada@localhost", "a b@x.org", "a@b@x.org", "ada@x..org"] {
            assert!(normalize_email(bad).is_err(), "{bad}");
        }
    }
}
