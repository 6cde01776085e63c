//! Seals secrets that the database keeps (encrypts and authenticates them) with the server's secret.

use cookie::{Cookie, CookieJar, Key};

/// Seals with the current secret of the server.
pub struct Seal {
    key: Key,
    /// The key of the previous secret. What it sealed can be opened.
    previous: Option<Key>,
}

/// What was sealed.
pub struct Opened {
    /// The secret itself.
    pub value: Vec<u8>,
    /// Whether it was sealed with the current secret.
    pub is_current: bool,
}

impl Seal {
    /// Derives the sealing keys from secrets of at least 32 bytes each.
    pub fn new(secret: &[u8], previous: Option<&[u8]>) -> Self {
        Self { key: Key::derive_from(secret), previous: previous.map(Key::derive_from) }
    }

    /// Seals a value with the current secret. The value of a private cookie is exactly what is needed: encrypted with
    /// AES-256-GCM, and bound to its name.
    pub fn seal(&self, name: &str, value: &[u8]) -> String {
        let mut jar = CookieJar::new();
        jar.private_mut(&self.key).add(Cookie::new(name.to_owned(), hex::encode(value)));
        jar.get(name).map(|cookie| cookie.value().to_owned()).unwrap_or_default()
    }

    /// Opens what was sealed under this name. Returns `None` if neither secret sealed it.
    pub fn open(&self, name: &str, sealed: &str) -> Option<Opened> {
        let keys = [(Some(&self.key), true), (self.previous.as_ref(), false)];
        keys.into_iter().find_map(|(key, is_current)| {
            let sealed = Cookie::new(name.to_owned(), sealed.to_owned());
            let opened = CookieJar::new().private(key?).decrypt(sealed)?;
            Some(Opened { value: hex::decode(opened.value()).ok()?, is_current })
        })
    }
}
