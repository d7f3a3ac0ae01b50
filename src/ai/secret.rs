//! What must not be seen.

use std::fmt;

use serde::Deserialize;

/// A text that neither `Debug` nor `Display` shows, and that is never written out.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// None for a blank one.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The secret itself, to be sent to whom it is for.
    pub(in crate::ai) fn expose(&self) -> &str {
        &self.0
    }

    /// A stranger's text without the secret, should it repeat it.
    pub fn blot_out(&self, text: &str) -> String {
        text.replace(&self.0, "…")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_shows_it() {
        let key = Secret::new(" sk-abc ").unwrap();
        assert!(!format!("{key} {key:?} {:?}", Some(&key)).contains("abc"));
        assert_eq!(key.blot_out("wrong key sk-abc!"), "wrong key …!");
        assert_eq!(Secret::new("  "), None);
    }
}
