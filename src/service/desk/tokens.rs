//! Random tokens, of sessions and of invitations. Only their digests are stored.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest, Sha256};

use crate::service::codes::keys::NoRandomness;

/// A new token. It is not `Debug`, so that no log shows it.
pub struct Token(String);

impl Token {
    /// Makes a token of 256 random bits.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut random = [0; 32];
        SysRng.try_fill_bytes(&mut random)?;
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(random)))
    }

    /// Returns the text, which can stand in an address and in a cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what is stored.
    pub fn digest(&self) -> [u8; 32] {
        digest(&self.0)
    }
}

/// Returns the digest under which a token is stored. The time that a look-up takes tells nothing about stored tokens:
/// nobody can choose a digest.
pub fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
