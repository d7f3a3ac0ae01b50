//! Session tokens: random, opaque, and stored only as a hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Random bytes in a token.
const BYTES: usize = 32;

/// The secret that a browser holds. Only its hash is stored.
pub struct SessionToken(pub String);

impl SessionToken {
    pub(super) fn new() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; BYTES]>()))
    }
}

/// Whether this can be a token at all: what cannot is not looked up.
pub(super) fn is_well_formed(token: &str) -> bool {
    URL_SAFE_NO_PAD.decode(token).is_ok_and(|bytes| bytes.len() == BYTES)
}

/// What is stored of a token. It is random and long, so that a plain hash is enough.
pub(super) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_well_formed_and_differ() {
        let (one, other) = (SessionToken::new().0, SessionToken::new().0);
        assert!(is_well_formed(&one) && one != other);
        for bad in ["", "abc", "'; DELETE session", &one[1..], &format!("{one}x")] {
            assert!(!is_well_formed(bad), "{bad:?}");
        }
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
