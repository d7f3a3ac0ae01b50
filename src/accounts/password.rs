//! Passwords: which are refused, and how they are hashed and checked.

use std::sync::{Arc, LazyLock};

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{self, SaltString},
};
use tokio::sync::Semaphore;
use zxcvbn::{matching::patterns::MatchPattern, zxcvbn};

use crate::domain::{AppError, AppResult, account::check_password_length, text::fold};

/// A password that is found within this many guesses is refused.
///
/// That is what a throttled sign-in lets through in a long time, and what zxcvbn's lists of leaked passwords, names, key
/// rows and dates cover.
const FEWEST_GUESSES: u64 = 100_000;

/// The hash that a password is compared with when nobody has the email: it belongs to no password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash(&hex::encode(rand::random::<[u8; 32]>())).unwrap_or_default());

/// Hashes and checks passwords with argon2id.
///
/// Each takes 19 MiB while it runs. So only as many run at once as there are processors; the others wait.
#[derive(Clone)]
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
}

impl Passwords {
    pub(super) fn new() -> Self {
        LazyLock::force(&NOBODY);
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { turns: Arc::new(Semaphore::new(processors)) }
    }

    /// The hash of a new password, if it is one that may be chosen.
    pub(super) async fn choose(&self, password: &str, email: &str, name: &str) -> AppResult<String> {
        check_password_length(password)?;
        let (password, email, name) = (password.to_owned(), email.to_owned(), name.to_owned());
        self.take_turn(move || {
            refuse_guessable(&password, &email, &name)?;
            hash(&password).map_err(broken)
        })
        .await?
    }

    /// Whether this is the password with that hash. Without a hash it never is, and takes as long to say so.
    pub(super) async fn verify(&self, password: &str, hash: Option<String>) -> AppResult<bool> {
        let password = password.to_owned();
        self.take_turn(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.clone());
            let hash = PasswordHash::new(&hash).map_err(broken)?;
            let right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
            Ok(known && right)
        })
        .await?
    }

    async fn take_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> AppResult<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| AppError::internal())?;
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        })
        .await
        .map_err(|error| {
            tracing::error!(error = %error, "hashing a password did not end");
            AppError::internal()
        })
    }
}

fn hash(password: &str) -> Result<String, password_hash::Error> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

fn broken(error: password_hash::Error) -> AppError {
    tracing::error!(error = %error, "a password could not be hashed");
    AppError::internal()
}

/// Refuses the person's own name or email, the most common passwords, single words, and what is as easy to guess.
fn refuse_guessable(password: &str, email: &str, name: &str) -> AppResult<()> {
    let local = email.split('@').next().unwrap_or_default();
    let own = [email, local, name];
    let bare = |text: &str| fold(text).replace(' ', "");
    if own.iter().any(|text| *text == password || (!bare(text).is_empty() && bare(text) == bare(password))) {
        return Err(AppError::bad_input("password", "Please choose a password that is not your name or your email."));
    }
    let estimate = zxcvbn(password, &own);
    let is_one_word = matches!(estimate.sequence(), [only] if matches!(only.pattern, MatchPattern::Dictionary(_)));
    if is_one_word || estimate.guesses() < FEWEST_GUESSES {
        return Err(AppError::bad_input(
            "password",
            "This password is among the first that anybody would try. Please choose another; a few words in a row are good.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_refused() {
        let refused = [
            "1234567890",
            "password123",
            "Password123",
            "qwertyuiop",
            "1q2w3e4r5t",
            "aaaaaaaaaaaa",
            "abcdefghijkl",
            "ADA@example.org",
            "Ada Lovelace",
            "adalovelace",
            "basketball",
            "elizabeth1",
        ];
        for password in refused {
            let error = refuse_guessable(password, "ada@example.org", "Ada Lovelace").unwrap_err();
            assert_eq!(error.field(), Some("password"), "{password}");
        }
    }

    #[test]
    fn what_people_would_not_guess_is_accepted() {
        for password in ["rain on warm stone", "correct horse battery", "x7#kQp!2vRz", "дождь на камнях", "🌸🌿🌸🌿🪵🔥🌊🌙☔🍂"]
        {
            assert!(refuse_guessable(password, "ada@example.org", "Ada Lovelace").is_ok(), "{password}");
        }
    }

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let passwords = Passwords::new();
        let hash = passwords.choose("rain on warm stone", "ada@example.org", "Ada").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify("rain on warm stone", Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("rain on warm stones", Some(hash)).await.unwrap());
        assert!(!passwords.verify("rain on warm stone", None).await.unwrap());
    }
}
